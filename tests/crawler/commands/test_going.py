"""Init, sources and crawl: what they say when they are used right, and when they are not."""

import re
from pathlib import Path

import pytest

from archive.folder import locked
from tests.crawler.conftest import Days
from tests.crawler.crawling import Archive, ask, complaints_in, new_archive
from tests.web.server import MadeUpWeb

BROKEN = """\
publisher: Nümunə
host: numune.example
kind: nevs
language: az
articles: ['^/x/(?P<id>\\d+)$']
discovery:
  - listing: /
rules:
  hedline: h1
"""


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return new_archive(tmp_path / "archive", "http://127.0.0.1:9")


def test_init_says_what_to_do_next(tmp_path: Path) -> None:
    done = ask("init", str(tmp_path / "archive"))

    assert done.code == 0
    assert "contact" in done.out
    assert "salname crawl --archive" in done.out


def test_init_leaves_alone_what_is_there(archive: Archive) -> None:
    before = archive.folder.settings_path.read_bytes()

    done = ask("init", str(archive.path))

    assert done.code == 2
    assert "is an archive already; it was left as it is" in done.err
    assert archive.folder.settings_path.read_bytes() == before


def test_an_unknown_source_is_refused_with_the_nearest_name(archive: Archive) -> None:
    done = ask(*archive.crawl_arguments("olkee.example"))

    assert done.code == 2
    assert "No source is called olkee.example. Did you mean olke.example?" in done.err


def test_a_broken_source_is_told_by_file_line_and_field(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "numune.example.yaml").write_text(BROKEN, encoding="utf-8")

    done = ask("crawl", "--archive", str(archive.path), "--sources", str(tmp_path / "sources"))

    assert done.code == 2
    assert re.search(r"numune\.example\.yaml:3: kind: .*news.*ministry", done.err)
    assert re.search(r"numune\.example\.yaml:9: rules\.hedline: .*did you mean headline", done.err)


def test_a_folder_that_is_no_archive_is_told(tmp_path: Path) -> None:
    done = ask("crawl", "--archive", str(tmp_path))

    assert done.code == 2
    assert "is not an archive: it has no salname.toml" in done.err


def test_a_second_crawl_at_once_says_who_holds_the_lock(archive: Archive) -> None:
    with locked(archive.folder, "salname crawl"):
        done = ask(*archive.crawl_arguments())

    assert done.code == 1
    assert re.search(r"is being written by process \d+ on .*, `salname crawl`, since ", done.err)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("pause = 1", "crawler.pause: unknown key (did you mean pause_s?)"),
        ("pause_s = 'long'", "crawler.pause_s: "),
        ("pause_s = ", "not TOML: "),
    ],
)
def test_settings_that_say_what_they_may_not_are_told(
    archive: Archive, line: str, said: str
) -> None:
    archive.folder.settings_path.write_text(f"[crawler]\n{line}\n", encoding="utf-8")

    done = ask(*archive.crawl_arguments())

    assert done.code == 2
    assert f"salname.toml: {said}" in done.err


@pytest.mark.parametrize("months", ["2024", "2024-13..2024-14", "2024-03..2024-01"])
def test_months_that_are_none_are_refused(archive: Archive, months: str) -> None:
    done = ask(*archive.crawl_arguments("olke.example", "--backfill", months))

    assert done.code == 2
    assert f"--backfill {months}: " in done.err


def test_when_no_source_is_due_a_crawl_does_nothing(days: Days) -> None:
    done = ask(*days.third.archive.crawl_arguments("--due", "--json"))

    assert done.code == 0
    assert done.err == "No source is due.\n"
    assert done.json["sources"] == {}
    assert done.json.keys() == days.third.done.json.keys()


def test_a_backfill_takes_the_months_that_it_is_asked_for(tmp_path: Path) -> None:
    with MadeUpWeb() as web:
        archive = new_archive(tmp_path / "archive", web.proxy_url)
        of_olke = [each for each in web.truth.articles(1) if each.host == "olke.example"]
        old = min(of_olke, key=lambda article: article.published)
        month = f"{old.published:%Y-%m}"

        done = archive.crawl(old.host, "--backfill", f"{month}..{month}", "--json")

    assert (done.code, complaints_in([done])) == (0, [])
    dated = archive.rows("SELECT published_at FROM version")
    assert {at[:7] for (at,) in dated} == {month}
    assert archive.rows("SELECT is_backfill FROM run") == [(1,)]
