"""Show, versions, diff, search and status on an archive that three crawls have filled."""

import re
import shutil
from pathlib import Path

import pytest

from archive.article import article_from_dict
from tests.crawler.conftest import Days
from tests.crawler.crawling import Archive, ask
from tests.test_schemas import ARTICLE, validator
from tests.web.truth import TrueArticle

EDITED = ("olke.example", 84128)
MOVED = ("agentlik.example", 913398)
GONE = ("xezer-xeber.example", 552774)


@pytest.fixture
def archive(days: Days) -> Archive:
    return days.third.archive


def true(days: Days, place: tuple[str, int], day: int = 2) -> TrueArticle:
    return days.truth.article(*place, day)


def test_an_article_is_shown_with_its_text_photos_and_the_way_to_its_bytes(
    days: Days, archive: Archive
) -> None:
    article = true(days, ("olke.example", 84131))

    shown = archive.ask("show", article.url).out

    lines = shown.splitlines()
    assert lines[0] == article.headline
    assert "olke.example  SOSİUM" in lines[1]
    assert lines[2] == article.url
    assert " ".join(article.paragraphs[0].split()) in " ".join(shown.split())
    assert (
        f"Photo 4: {article.photos[3].url}  1200×800  Avtobus Oxud kəndində / Ölkə.Example" in shown
    )
    assert "Version 2 of 2, seen " in shown
    assert "Proof: segment salname-" in lines[-1]


def test_an_article_is_found_by_number_key_and_any_address_that_led_to_it(
    days: Days, archive: Archive
) -> None:
    article = true(days, MOVED)
    number = archive.ask("show", article.url, "--json").json["archive"]["id"]

    references = (str(number), f"{MOVED[0]}#{MOVED[1]}", *article.addresses)
    shown = [archive.ask("show", reference, "--json").json for reference in references]

    assert len(article.addresses) == 2
    assert [each["archive"]["id"] for each in shown] == [number] * 4


def test_a_shown_version_is_what_the_schema_says(days: Days, archive: Archive) -> None:
    first = archive.ask("show", true(days, EDITED).url, "--version", "1", "--json").json

    assert [error.message for error in validator(ARTICLE).iter_errors(first)] == []
    assert article_from_dict(first).text == true(days, EDITED, day=1).text
    assert (first["archive"]["version"], first["archive"]["versions"]) == (1, 2)


def test_versions_are_listed_with_what_happened(days: Days, archive: Archive) -> None:
    edited = archive.ask("versions", true(days, EDITED).url).out
    gone = archive.ask("versions", f"{GONE[0]}#{GONE[1]}").out

    assert true(days, EDITED, day=1).headline in edited
    assert true(days, EDITED).headline in edited
    assert "edited: version 2, title" in edited
    assert "fields title, markers, text" in edited
    assert "missing: reason status 404" in gone
    assert "disappeared: reason status 404, missing_since 20" in gone


def test_versions_as_json_say_the_same(days: Days, archive: Archive) -> None:
    told = archive.ask("versions", true(days, EDITED).url, "--json").json

    assert [each["number"] for each in told["versions"]] == [1, 2]
    assert [each["kind"] for each in told["changes"]] == ["appeared", "edited"]


def test_a_difference_is_shown_word_by_word(days: Days, archive: Archive) -> None:
    shown = archive.ask("diff", true(days, EDITED).url).out

    assert "version 1 (" in shown.splitlines()[0]
    assert "300" in shown
    assert "450" in shown


def test_a_difference_as_json_parses(days: Days, archive: Archive) -> None:
    told = archive.ask("diff", true(days, EDITED).url, "1", "2", "--json").json

    assert (told["old"], told["new"]) == (1, 2)
    assert {field["name"] for field in told["comparison"]["fields"]} >= {"headline"}


@pytest.mark.parametrize("command", ["show", "versions", "diff"])
def test_an_article_that_is_not_known_is_told_with_the_way_to_find_one(
    archive: Archive, command: str
) -> None:
    done = archive.ask(command, "http://olke.example/az/yoxdur/1/")

    assert done.code == 2
    assert "No article is known as http://olke.example/az/yoxdur/1/" in done.err
    assert "salname search" in done.err


def test_a_version_that_is_not_there_is_told(days: Days, archive: Archive) -> None:
    done = archive.ask("show", true(days, EDITED).url, "--version", "7")

    assert done.code == 2
    assert "has 2 versions; there is no 7." in done.err


def test_an_article_with_one_version_has_no_difference(days: Days, archive: Archive) -> None:
    done = archive.ask("diff", f"{GONE[0]}#{GONE[1]}")

    assert done.code == 2
    assert "has one version" in done.err


def test_a_search_shows_headline_source_and_how_to_go_on(archive: Archive) -> None:
    shown = archive.ask("search", "asan", "xidmət").out

    first = shown.splitlines()[0]
    assert first.split(maxsplit=1)[1] == "“ASAN xidmət” Şəkidə səyyar qəbula başlayıb - FOTO"
    assert f"salname show {first.split()[0]}" in shown.splitlines()[-1]


def test_a_search_that_finds_nothing_says_so(archive: Archive) -> None:
    done = archive.ask("search", "kvantkompüteri")

    assert (done.code, done.out) == (0, "Nothing was found.\n")


def test_a_search_says_what_its_index_has_not_read(archive: Archive, tmp_path: Path) -> None:
    copy = shutil.copytree(archive.path, tmp_path / "archive")
    shutil.rmtree(copy / "search")
    (copy / "search").write_text("no folder, so that no index can be made")

    done = ask("search", "asan", "--archive", str(copy))

    assert done.out == "Nothing was found.\n"
    assert re.match(r"The newest \d+ changes cannot be found by a search yet\. The ", done.err)


def test_a_search_gives_the_oldest_first_where_that_is_asked(archive: Archive) -> None:
    hits = archive.ask("search", "xidmət", "--order", "oldest", "--json").json["hits"]

    days = [hit["published"][:10] for hit in hits]
    assert len(days) > 2
    assert days == sorted(days)


def test_a_query_that_cannot_be_read_is_told(archive: Archive) -> None:
    done = archive.ask("search", "from:dünən su")

    assert done.code == 2
    assert "is not a day" in done.err


def test_status_tells_how_the_archive_stands(days: Days, archive: Archive) -> None:
    told = archive.ask("status").out
    standing = archive.ask("status", "--json").json

    articles = len(days.truth.articles(1)) + sum(c.kind == "appeared" for c in days.truth.changes)
    assert told.startswith(f"{articles} articles, ")
    assert " in 1 segment; 0 missing, 1 gone." in told
    assert [run["outcome"] for run in standing["last_runs"]] == ["success"] * 3
    assert (standing["articles"], standing["gone"]) == (articles, 1)
    trouble = f"http://{GONE[0]}/news/iqtisadiyyat/{GONE[1]}.html"
    assert told.count("    gone: ") == 1
    assert f"    gone: {trouble}  (status 404)" in told
