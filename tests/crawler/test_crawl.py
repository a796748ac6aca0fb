"""Two days of the made-up web, crawled: what the archive then holds is what the truth says."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest

from archive.article import Article
from archive.catalogue.rows import ArticleRow, ChangeKind, ChangeRow, VersionRow
from archive.content import content_of
from archive.http_message import http_of
from archive.segment_reading import read_record
from tests.crawler.conftest import Crawl, Days
from tests.crawler.crawling import complaints_in
from tests.web.test_reading import CASES, FIELDS, HOSTS
from tests.web.truth import TrueArticle

Told = tuple[ChangeKind, str, str]


def articles_in(crawl: Crawl) -> dict[tuple[str, str], tuple[ArticleRow, VersionRow]]:
    """Every article of an archive with its last version, by source and number."""
    with crawl.archive.reader() as reader:
        rows = [row for source in reader.sources() for row in reader.articles_of(source.name)]
        versions = [reader.version_of(row.id, row.versions) for row in rows]
    return {
        (row.source, version.article.article_id or ""): (row, version)
        for row, version in zip(rows, versions, strict=True)
        if version is not None
    }


def changes_of(crawl: Crawl, behind: Crawl | None = None) -> dict[Told, ChangeRow]:
    """What a crawl told, by kind, source and number of the article."""
    with crawl.archive.reader() as reader:
        known = {
            row.id: (row.source, row.key.rpartition("#")[2])
            for source in reader.sources()
            for row in reader.articles_of(source.name)
        }
        since = 0
        if behind is not None:
            with behind.archive.reader() as earlier:
                since = earlier.last_change_id()
        changes = reader.changes_after(since, 1000)
    assert len(changes) < 1000
    return {(change.kind, *known[change.article_id]): change for change in changes}


def by_place(articles: Iterable[TrueArticle]) -> dict[tuple[str, str], TrueArticle]:
    return {(article.host, article.article_id): article for article in articles}


def test_the_first_crawl_finds_every_article_and_takes_nothing_else_for_one(days: Days) -> None:
    assert articles_in(days.first).keys() == by_place(days.truth.articles(1)).keys()


@pytest.mark.parametrize(("host", "field"), CASES)
@pytest.mark.parametrize("day", [1, 2])
def test_a_field_of_every_archived_article_is_as_the_truth_says(
    days: Days, day: int, host: str, field: str
) -> None:
    of_reading, of_truth = FIELDS[field]
    found = articles_in(days.first if day == 1 else days.second)

    truth = by_place(each for each in days.truth.articles(day) if each.host == host)
    read = {place: of_reading(article_of(*found[place])) for place in truth}

    assert read == {place: of_truth(article) for place, article in truth.items()}


def article_of(row: ArticleRow, version: VersionRow) -> Article:
    """The article as it stands: a move alone makes no version, its address is the row's."""
    return replace(version.article, canonical_url=row.canonical_url)


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("day", [1, 2])
def test_the_bytes_of_every_photo_are_in_the_archive(days: Days, day: int, host: str) -> None:
    crawl = days.first if day == 1 else days.second
    truth = by_place(each for each in days.truth.articles(day) if each.host == host)
    found = articles_in(crawl)

    with crawl.archive.reader() as reader:
        held = {
            place: [
                (photo.sha256, photo.width_px, photo.height_px, photo.size_bytes)
                for photo in reader.photos_of(found[place][1].id)
            ]
            for place in truth
        }

    assert held == {
        place: [(photo.sha256, *photo.size, len(photo.data)) for photo in article.photos]
        for place, article in truth.items()
    }


def test_a_photo_leads_back_to_its_bytes_in_the_segment(days: Days) -> None:
    photo = days.truth.article("olke.example", 84131, 2).photos[-1]

    with days.second.archive.reader() as reader:
        capture = reader.photo_capture(photo.sha256)
    assert capture is not None
    message = http_of(read_record(days.second.archive.folder.segments_path, capture.location))

    assert content_of(message.headers, message.body).body == photo.data


def test_the_second_crawl_tells_what_the_second_day_brought_and_no_more(days: Days) -> None:
    told = changes_of(days.second, behind=days.first)

    assert told.keys() == {
        (change.kind, change.host, change.article_id) for change in days.truth.changes
    }


def test_an_edited_article_says_which_of_its_fields_differ(days: Days) -> None:
    told = changes_of(days.second, behind=days.first)

    landslide = told[ChangeKind.EDITED, "olke.example", "84128"].detail
    avtobus = told[ChangeKind.EDITED, "olke.example", "84131"].detail
    zolaq = told[ChangeKind.MARKED, "xezer-xeber.example", "552803"].detail

    assert set(landslide["fields"]) == {"title", "markers", "text"}
    assert avtobus["fields"] == ["photos"]
    assert zolaq["fields"] == ["markers"]


def test_a_moved_article_is_one_article_with_both_of_its_addresses(days: Days) -> None:
    moved = [change for change in days.truth.changes if change.kind is ChangeKind.MOVED]
    found = articles_in(days.second)
    addresses = {}

    with days.second.archive.reader() as reader:
        for change in moved:
            row, _ = found[change.host, change.article_id]
            addresses[row.canonical_url] = {each.url for each in reader.addresses_of(row.id)}

    assert len(moved) == 2
    assert addresses == {
        change.after.url: set(change.after.addresses) for change in moved if change.after
    }


def test_a_removed_article_is_missing_first_and_gone_when_a_later_crawl_confirms_it(
    days: Days,
) -> None:
    place = ("xezer-xeber.example", "552774")

    third = changes_of(days.third, behind=days.second)

    assert articles_in(days.second)[place][0].state == "missing"
    assert third.keys() == {(ChangeKind.DISAPPEARED, *place)}
    assert articles_in(days.third)[place][0].state == "gone"


def test_a_removed_article_keeps_its_last_version(days: Days) -> None:
    removed = days.truth.article("xezer-xeber.example", 552774, 1)

    _, version = articles_in(days.third)[removed.host, removed.article_id]

    assert (version.number, version.article.text) == (1, removed.text)


@pytest.mark.parametrize(
    ("original", "reprint"),
    [
        (("agentlik.example", "913417"), ("olke.example", "84136")),
        (("agentlik.example", "913411"), ("xezer-xeber.example", "552811")),
    ],
    ids=lambda place: place[0],
)
def test_a_reprint_is_told_as_the_agencys_text_although_its_opener_was_swapped(
    days: Days, original: tuple[str, str], reprint: tuple[str, str]
) -> None:
    told = changes_of(days.second)
    first, second = (told[ChangeKind.APPEARED, *place] for place in (original, reprint))

    if "same_text_as" in first.detail:  # whichever came first is what the other repeats
        first, second = second, first

    assert second.detail["same_text_as"] == first.article_id


def test_a_crawl_says_nothing_on_standard_error_but_what_a_person_should_read(days: Days) -> None:
    crawls = (days.first.done, days.second.done, days.third.done)

    assert complaints_in(crawls) == []
    assert [done.err for done in crawls] == [""] * 3
    assert [done.code for done in crawls] == [0, 0, 0]


def test_the_summary_counts_the_changes(days: Days) -> None:
    summary = days.second.done.json
    told = Counter(change.kind.value for change in days.truth.changes)

    assert {kind: number for kind, number in summary["changes"].items() if number} == told


def test_the_summary_counts_what_found_each_field_of_a_source(days: Days) -> None:
    """A rule that stops matching shows in the next run: others find its field, or nothing does."""
    for counts in days.first.done.json["sources"].values():
        found_by = counts["found_by"]
        assert set(found_by) == {"headline", "text", "published", "section", "authors", "lead", "tags", "photos"}  # fmt: skip
        assert {sum(found.values()) for found in found_by.values()} == {counts["articles"]}
        assert found_by["headline"] == found_by["text"] == {"rule": counts["articles"]}


def test_the_summary_counts_the_articles_of_each_source(days: Days) -> None:
    sources = days.first.done.json["sources"]

    assert {name: counts["articles"] for name, counts in sources.items()} == {
        site.host: len(site.on(1)) for site in days.truth.sites
    }
