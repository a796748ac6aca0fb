"""The source of a new site is drafted from a few of its pages, and nothing is written over."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml
from jsonschema import Draft202012Validator

from crawler.draft_files import draft_text
from crawler.drafting import draft_source
from crawler.exploring import explore_files
from crawler.source import load_sources
from crawler.source_schema import source_schema
from tests.crawler.crawling import Done, ask
from tests.web.server import MadeUpWeb

SENTENCES = (
    "Şəki şəhərində yeni xidmət mərkəzi istifadəyə verilib və ilk gündən sakinləri qəbul edir.",
    "Mərkəzdə vətəndaşlara 120 növ xidmət göstəriləcək, növbələr əvvəlcədən götürülə biləcək.",
    "Mərkəz hər gün saat 09:00-dan 18:00-dək işləyəcək, bazar günü isə növbətçi qrup olacaq.",
)
PAGE = """<html lang="az"><head><meta charset="utf-8"><title>{title} | Nümunə</title>
<link rel="canonical" href="https://numune.example/meqale/{number}/{slug}">
<link rel="amphtml" href="https://amp.numune.example/meqale/{number}">
<link rel="alternate" type="application/rss+xml" href="/lent.xml"></head>
<body><div class="menyu"><a href="/elan">Elanlar</a> <a href="/butun">Bütün xəbərlər</a>
<a href="/meqale/40/kohne-bina">Köhnə bina təmir olunur</a></div>
<div class="yazi"><b class="bolme">{section}</b> <i class="vaxt">{day} fevral 2026</i>
<h1>{title}</h1><div class="metn">{body}</div></div></body></html>"""


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[MadeUpWeb]:
    with MadeUpWeb() as made_up:
        monkeypatch.setenv("http_proxy", made_up.proxy_url)
        yield made_up


@pytest.fixture
def pages(tmp_path: Path) -> list[Path]:
    told = (
        (41, "Yeni xidmət mərkəzi açılıb", "yeni-merkez", "Cəmiyyət", 13),
        (42, "Mərkəzin iş vaxtı uzadılıb", "is-vaxti", "Region", 14),
    )
    files = []
    for number, title, slug, section, day in told:
        body = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
        values = {"number": number, "title": title, "slug": slug, "section": section, "day": day}
        file = tmp_path / f"{slug}.html"
        file.write_text(PAGE.format(body=body, **values), encoding="utf-8")
        files.append(file)
    return files


def new(url: str, output: Path, *more: str) -> Done:
    return ask("sources", "new", url, "--output", str(output), "--pause", "0", *more)


@pytest.mark.parametrize(
    ("url", "family"),
    [
        ("http://olke.example/", "modern"),
        ("http://agentlik.example/", "apa"),
        ("http://nazirlik.example/", "gov_ih"),
        ("http://xezer-xeber.example/", "axar"),
    ],
)
def test_a_site_is_drafted_from_what_it_shows(
    web: MadeUpWeb, tmp_path: Path, url: str, family: str
) -> None:
    done = new(url, tmp_path / "own", "--json")

    host = url.split("/")[2]
    asked = [each.url for each in web.log]
    source = load_sources(tmp_path / "own")[host]
    assert (done.code, done.json["family"], done.json["pages"]) == (0, family, 3)
    assert asked[0] == f"{url}robots.txt"
    assert len(asked) == 1 + 1 + 3
    assert (source.extends, source.language.value, source.scheme) == (family, "az", "http")
    assert ask("sources", "--sources", str(tmp_path / "own"), "check", host).code == 0
    assert ask("sources", "--sources", str(tmp_path / "own"), "check", "--all").code == 0


def test_a_draft_finds_what_is_true(web: MadeUpWeb, tmp_path: Path) -> None:
    done = new("http://olke.example/", tmp_path, "--json")

    for path in done.json["to_confirm"]:
        expected = json.loads(Path(path).read_text(encoding="utf-8"))
        true = web.truth.article("olke.example", int(expected["article_id"]), 1)
        assert expected["headline"] == true.headline
        assert expected["section"] == true.section
        assert expected["text"].split("\n\n") == list(true.paragraphs)
        assert [photo["url"] for photo in expected["photos"]] == [each.url for each in true.photos]


def test_a_site_without_a_family_gets_patterns_and_rules_of_its_own(
    pages: list[Path], tmp_path: Path
) -> None:
    files = [part for page in pages for part in ("--file", str(page))]

    done = new("https://numune.example/", tmp_path / "own", *files)

    source = load_sources(tmp_path / "own")["numune.example"]
    (layout,) = source.rules
    assert (done.code, source.extends, source.publisher) == (0, None, "Nümunə")
    assert source.articles == (r"^/meqale/(?P<id>\d+)/[^/]*$",)
    assert source.hosts == ("amp.numune.example",)
    assert [way.url for way in source.discovery] == [
        "https://numune.example/lent.xml",
        "https://numune.example/butun",
    ]
    assert (layout.headline, layout.body) == (("h1",), ("div.metn",))
    assert (layout.date, layout.section) == (("i.vaxt",), ("b.bolme",))
    assert "Sections seen: Cəmiyyət, Region" in done.out


def test_a_draft_is_yaml_that_the_schema_accepts(pages: list[Path]) -> None:
    text = draft_text(
        draft_source(explore_files("https://numune.example/", pages)), today="2026-02-15"
    )

    assert text.startswith("# yaml-language-server: $schema=source.schema.json\n")
    values = json.loads(json.dumps(yaml.safe_load(text), default=str))
    assert list(Draft202012Validator(source_schema()).iter_errors(values)) == []


def test_a_page_that_is_read_otherwise_than_confirmed_is_told_until_it_is_confirmed(
    pages: list[Path], tmp_path: Path
) -> None:
    own = tmp_path / "own"
    new("https://numune.example/meqale/41/yeni-merkez", own, "--file", str(pages[0]))
    file = own / "numune.example.yaml"
    check = ("sources", "--sources", str(own), "check", "numune.example")
    changed = file.read_text(encoding="utf-8").replace("section: b.bolme", "section: div.menyu a")
    file.write_text(changed, encoding="utf-8")

    before, told = ask(*check), ask(*check, "--json").json
    confirmed, after = ask(*check, "--confirm"), ask(*check)

    assert before.code == 1
    assert 'expected "Cəmiyyət", found "Elanlar"' in before.out
    assert list(told[0]["differs"]) == ["section"]
    assert (confirmed.code, after.code) == (0, 0)
    assert "All fields are as expected." in after.out


def test_nothing_that_exists_is_written_over(pages: list[Path], tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "numune.example.yaml").write_text("host: numune.example\n", encoding="utf-8")

    done = new("https://numune.example/meqale/41/yeni-merkez", own, "--file", str(pages[0]))

    assert done.code == 2
    assert "numune.example.yaml is there already; nothing was written" in done.err
    assert [path.name for path in own.iterdir()] == ["numune.example.yaml"]


def test_a_source_that_exists_for_the_host_is_told(pages: list[Path], tmp_path: Path) -> None:
    done = new("https://www.fins.az/meqale/41/yeni-merkez", tmp_path, "--file", str(pages[0]))

    assert done.code == 0
    assert (tmp_path / "fins.az.yaml").is_file()
    assert "www.fins.az is the host of fins.az already." in done.err


def test_of_several_pages_each_must_say_its_address(pages: list[Path], tmp_path: Path) -> None:
    bare = tmp_path / "bare.html"
    bare.write_text("<html><body><h1>Başlıq</h1></body></html>", encoding="utf-8")

    done = new("https://numune.example/", tmp_path, "--file", str(pages[0]), "--file", str(bare))

    assert done.code == 2
    assert "bare.html does not say its address" in done.err


def test_a_page_that_is_no_article_is_told(web: MadeUpWeb, tmp_path: Path) -> None:
    page = tmp_path / "front.html"
    page.write_bytes(httpx.get("http://olke.example/", proxy=web.proxy_url).content)

    done = new("http://olke.example/", tmp_path / "own", "--file", str(page))

    assert done.code == 2
    assert "No article was found from http://olke.example/" in done.err
    assert not (tmp_path / "own").exists()


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    done = new("olke.example", tmp_path)

    assert done.code == 2
    assert "olke.example is no address such as https://" in done.err
