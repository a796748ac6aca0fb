"""Whoever asks why something is not in the archive gets the reason, not a shrug."""

from dataclasses import replace

import pytest

from archive.catalogue.places import Place
from archive.ledger import LedgerState
from crawler.source import Source, source_of_text
from crawler.why_not import Answer, Cause, why_not
from tests.crawler.conftest import Days
from tests.crawler.crawling import Archive

AT = "2026-05-24T12:00:00.000000Z"
TEXT = (
    "publisher: X\nhost: xeber.example\nkind: news\nlanguage: az\n"
    "articles: '^/[a-z]+/(?P<id>\\d+)$'\nnever: '^/video/'\ndiscovery: {feed: /rss}\n"
)
SOURCE = source_of_text(TEXT, "xeber.example")
OFF = source_of_text(
    TEXT.replace("xeber", "bagli") + "enabled: false\nreason: it refuses robots\n", "bagli.example"
)
URL = "https://xeber.example/idman/7"
PLACE = Place(
    url=URL,
    source="xeber.example",
    kind="page",
    state=LedgerState.WAITING,
    reason=None,
    found_at=AT,
    found_on="https://xeber.example/rss",
    state_at=AT,
    due_at=AT,
    tries=0,
    article_id=None,
    moved_to=None,
)


def asked(url: str, *places: Place, last_run: str | None = AT) -> Answer:
    sources: dict[str, Source] = {each.name: each for each in (SOURCE, OFF)}
    known = {each.url: each for each in places}
    return why_not(url, sources, known.get, lambda name: last_run)


@pytest.mark.parametrize(
    ("url", "cause", "said"),
    [
        ("https://basqa.example/1", Cause.NO_SOURCE, "No source has the host basqa.example"),
        ("https://bagli.example/idman/7", Cause.SOURCE_OFF, "it refuses robots"),
        ("https://xeber.example/video/7", Cause.NEVER, "never an article: ^/video/"),
        ("https://xeber.example/haqqimizda", Cause.NO_ARTICLE_ADDRESS, "not the shape"),
        (f"{URL}?utm_source=rss#x", Cause.NOT_OFFERED, "has offered it up to 2026-05-24T12:00Z"),
    ],
)
def test_what_the_ledger_does_not_know_is_explained_by_the_sources(
    url: str, cause: Cause, said: str
) -> None:
    found = asked(url)

    assert found.cause is cause
    assert said in found.why


def test_a_source_that_was_never_crawled_is_told() -> None:
    assert asked(URL, last_run=None).why == "xeber.example was never crawled."


@pytest.mark.parametrize(
    ("state", "reason", "why"),
    [
        (LedgerState.WAITING, None, "It was offered and has not been fetched yet."),
        (
            LedgerState.REFUSED,
            "Forbidden by robots.txt",
            "It may not be fetched: Forbidden by robots.txt. It is tried again after 2026-05-24T12:00Z.",
        ),
        (
            LedgerState.FAILED,
            "status 500",
            "Fetching it failed 3 times in a row: status 500. It is tried again after 2026-05-24T12:00Z.",
        ),
        (
            LedgerState.NOT_ARTICLE,
            "a list",
            "It was fetched and is no article: a list. It is tried again after 2026-05-24T12:00Z.",
        ),
        (
            LedgerState.GONE,
            "status 404",
            "Its server says that it is not there: status 404. It is tried again after 2026-05-24T12:00Z.",
        ),
    ],
)
def test_each_state_of_the_ledger_is_told_with_its_reason(
    state: LedgerState, reason: str | None, why: str
) -> None:
    found = asked(URL, replace(PLACE, state=state, reason=reason, tries=3))

    assert found.cause.value == state.value
    assert found.why == why


def test_a_redirect_is_followed_to_what_became_of_it() -> None:
    target = "https://xeber.example/idman/8"
    moved = replace(PLACE, state=LedgerState.MOVED, moved_to=target)

    archived = asked(
        URL, moved, replace(PLACE, url=target, state=LedgerState.FETCHED, article_id=5)
    )
    lost = asked(URL, moved)
    endless = asked(URL, replace(moved, moved_to=URL))

    assert archived.cause is Cause.ARCHIVED
    assert archived.why == f"It redirects to {target}. It is in the archive, as article 5."
    assert lost.why == f"It redirects to {target}, which was not fetched."
    assert endless.cause is Cause.MOVED


def of(archive: Archive, url: str) -> dict[str, object]:
    found: dict[str, object] = archive.ask(
        "why-not", url, "--json", "--sources", str(archive.sources)
    ).json
    return found


def test_every_address_of_a_crawled_archive_gets_an_answer(days: Days) -> None:
    archive = days.second.archive
    addresses = archive.rows("SELECT url, state, article_id IS NOT NULL FROM ledger")

    causes = [(of(archive, url)["cause"], state, is_one) for url, state, is_one in addresses]

    assert {(cause == Cause.ARCHIVED, bool(is_one)) for cause, _, is_one in causes if is_one} == {
        (True, True)
    }
    assert {
        (cause, state) for cause, state, is_one in causes if not is_one and state != "moved"
    } == {(Cause.NO_PAGE, "fetched"), (Cause.GONE, "gone")}


def test_a_person_is_told_in_sentences(days: Days) -> None:
    article = days.truth.article("olke.example", 84131, 2)
    archive = days.second.archive

    done = archive.ask("why-not", f"{article.url}?utm_source=x", "--sources", str(archive.sources))
    wrong = archive.ask("why-not", "olke.example/1")

    assert done.out.startswith("archived: It is in the archive, as article ")
    assert f"It is kept, or would be, as {article.url}" in done.out
    assert "; as it stands since " in done.out
    assert wrong.code == 2


def test_every_address_is_counted_once_in_one_state_and_what_gave_nothing_says_why(
    days: Days,
) -> None:
    archive = days.third.archive
    rows = archive.rows("SELECT url, state, reason FROM ledger")
    counted = sum(
        sum(source["ledger"].values()) for source in archive.ask("status", "--json").json["sources"]
    )

    assert counted == len(rows) == len({url for url, _, _ in rows}) > 20
    assert {state for _, state, _ in rows} <= set(LedgerState)
    assert [
        (url, state)
        for url, state, reason in rows
        if reason is None and state not in ("waiting", "fetched", "moved")
    ] == []
