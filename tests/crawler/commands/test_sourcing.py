"""Sources are listed, drafted and checked."""

import json
import re
from importlib.resources import files
from pathlib import Path

import httpx
import pytest

from crawler.source_schema import source_schema
from tests.crawler.conftest import Days
from tests.crawler.crawling import SOURCES, ask
from tests.web.server import MadeUpWeb


def test_sources_are_listed_with_what_the_archive_holds_of_them(days: Days) -> None:
    rows = days.third.archive.ask("sources", "--sources", str(SOURCES), "--json").json
    listed = days.third.archive.ask("sources", "--sources", str(SOURCES)).out

    held = {row["name"]: row["articles"] for row in rows}
    assert held == {
        site.host: len(site.on(1)) + new_on(site.host, days) for site in days.truth.sites
    }
    assert all(row["last_run_at"] for row in rows)
    assert [line.split()[0] for line in listed.splitlines()] == ["NAME", *sorted(held)]


def new_on(host: str, days: Days) -> int:
    return sum(change.kind == "appeared" and change.host == host for change in days.truth.changes)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A saved article of the made-up web, and its address."""
    path = tmp_path_factory.mktemp("pages") / "page.html"
    with MadeUpWeb() as web, httpx.Client(proxy=web.proxy_url) as client:
        url = web.truth.article("olke.example", 84131, 1).url
        path.write_bytes(client.get(url).content)
    return path, url


def test_a_check_shows_what_the_rules_find_field_by_field(page: tuple[Path, str]) -> None:
    path, url = page

    done = ask(
        *("sources", "--sources", str(SOURCES)),
        *("check", "olke.example", "--file", str(path), "--url", url),
    )

    assert done.code == 0
    assert re.search(r"(?m)^headline +rule:headline +“ASAN xidmət” Şəkidə", done.out)
    assert re.search(r"(?m)^section +rule:section +SOSİUM", done.out)


def test_a_check_without_a_page_says_what_it_needs() -> None:
    done = ask("sources", "--sources", str(SOURCES), "check", "olke.example")

    assert done.code == 2
    assert "--file PAGE, or --url URL" in done.err


def test_the_packaged_sources_agree_with_themselves_and_each_other() -> None:
    done = ask("sources", "check", "--all")

    assert (done.code, done.out.splitlines()[:-1]) == (0, [])
    assert "all is well" in done.out


FAMILIES = files("crawler") / "sources" / "families"
OWN = """\
host: {host}
publisher: Sayt
kind: news
language: az
articles: '^/xeber/(?P<id>\\d+)'
examples: https://{host}/{example}
discovery: {{listing: /}}
seen: {{by: markup}}
"""


def test_what_does_not_hold_is_told_finding_by_finding(tmp_path: Path) -> None:
    for name, example in (("bir.example", "xeber/41"), ("iki.example", "meqale/7")):
        text = OWN.format(host=name, example=example)
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "uc.example.yaml").write_text("host: uc.example\nhots: a\n", encoding="utf-8")
    (tmp_path / "dord.example.yaml").write_text(
        OWN.format(host="dord.example", example="xeber/41").replace("dord", "bir"), encoding="utf-8"
    )

    done = ask("sources", "--sources", str(tmp_path), "check", "--all")
    told = ask("sources", "--sources", str(tmp_path), "check", "--all", "--json").json["findings"]

    assert done.code == 1
    assert re.search(r"(?m)^uc\.example\.yaml: file: 2: hots: unknown key", done.out)
    assert (
        "iki.example: examples: no pattern of articles matches https://iki.example/meqale/7"
        in done.out
    )
    assert "bir.example: examples: dord.example claims https://bir.example/xeber/41 too" in done.out
    assert len(told) == len(done.out.splitlines()) - 1


def test_a_rule_that_finds_nothing_on_its_familys_pages_is_told(tmp_path: Path) -> None:
    families = Path(str(FAMILIES))
    for page in (families / "pages" / "yii").iterdir():
        (tmp_path / "families" / "pages" / "yii").mkdir(parents=True, exist_ok=True)
        (tmp_path / "families" / "pages" / "yii" / page.name).write_bytes(page.read_bytes())
    text = (families / "yii.yaml").read_text(encoding="utf-8")
    (tmp_path / "families" / "yii.yaml").write_text(
        text.replace("headline: h1.news_in_ttl", "headline: h1.yeni"), encoding="utf-8"
    )

    done = ask("sources", "--sources", str(tmp_path), "check", "--all")

    assert done.code == 1
    assert "families/yii: rules.headline: 'h1.yeni' finds nothing on any saved page" in done.out


def test_the_schema_of_source_files_is_printed() -> None:
    assert json.loads(ask("sources", "schema").out) == source_schema()
