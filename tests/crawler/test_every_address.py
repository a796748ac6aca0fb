"""Whatever befalls addresses, each ends in one state with a reason, counted once, and explained."""

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from archive.article import PageKind
from archive.catalogue.places import place_of
from archive.catalogue.reader import CatalogueReader
from archive.catalogue.standing import standing_of
from archive.ledger import LedgerState
from archive.reading import Reading
from archive.rebuilding import rebuild
from crawler.schedule import LookAgain
from crawler.why_not import Cause, why_not
from tests.archive.histories import ROOT, Visitor, article, new_archive, rows_of

NUMBERS = st.integers(1, 6)
NO_REASON = ("waiting", "fetched", "moved")


def look(visitor: Visitor, url: str, kind: PageKind, state: LedgerState, reason: str) -> Reading:
    known: dict[str, Any] = visitor._look(url)
    return Reading(**known, kind=kind, state=state, reason=reason)


def edit(visitor: Visitor, one: int, other: int) -> None:
    visitor.see(article(one, title=f"Park {other}", headline=f"Park {other}"))


def see_the_same(visitor: Visitor, one: int, _: int) -> None:
    if visitor._earlier(article(one).url) is not None:
        visitor.see_unchanged(article(one).url)


def block(visitor: Visitor, one: int, _: int) -> None:
    url = article(one).url
    visitor._record(look(visitor, url, PageKind.BLOCK, LedgerState.BLOCKED, "status 403"))


def refuse(visitor: Visitor, one: int, _: int) -> None:
    reading = look(visitor, article(one).url, PageKind.ERROR, LedgerState.REFUSED, "forbidden")
    visitor.store.record(reading, None)


def be_a_list(visitor: Visitor, one: int, _: int) -> None:
    reading = look(visitor, article(one).url, PageKind.LIST, LedgerState.NOT_ARTICLE, "a list")
    visitor._record(reading, body=b"siyahi")


def move(visitor: Visitor, one: int, other: int) -> None:
    if one != other:
        visitor.be_redirected(article(one).url, article(other).url)


def see_list(visitor: Visitor, one: int, other: int) -> None:
    visitor.see_list(*range(max(one, other), min(one, other) - 1, -1))


def see_feed(visitor: Visitor, one: int, other: int) -> None:
    visitor.see_list(one, *({other} - {one}), titles={one: f"Başqa başlıq {other}"})


def begin_a_run(visitor: Visitor, _: int, __: int) -> None:
    visitor.end_run()
    visitor.start_run()


def let_a_day_go_by(visitor: Visitor, _: int, __: int) -> None:
    visitor.now += timedelta(days=1)


EVENTS: dict[str, Callable[[Visitor, int, int], None]] = {
    "see": lambda visitor, one, _: visitor.see(article(one)),
    "miss": lambda visitor, one, _: visitor.miss(article(one).url),
    "fail": lambda visitor, one, _: visitor.fail(article(one).url),
    "photo": lambda visitor, one, _: visitor.see_photo(one),
    **{
        each.__name__: each
        for each in (
            *(edit, see_the_same, block, refuse, be_a_list, move),
            *(see_list, see_feed, begin_a_run, let_a_day_go_by),
        )
    },
}
LIVES = st.lists(st.tuples(st.sampled_from(sorted(EVENTS)), NUMBERS, NUMBERS), max_size=40)


@settings(max_examples=15, deadline=None)
@given(LIVES)
def test_every_address_ends_in_one_state_with_a_reason_and_is_counted_once(
    events: list[tuple[str, int, int]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        visitor = Visitor(new_archive(Path(folder)), group=1000, gone_after_s=2 * 86400)
        visitor.start_run()
        for event, one, other in events:
            EVENTS[event](visitor, one, other)
        visitor.end_run()
        visitor.close()

        with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
            rows = reader.db.execute("SELECT url, state, reason, moved_to FROM ledger").fetchall()
            counted = sum(standing_of(reader.db).sources[0].ledger.values())
            answers = {
                url: why_not(url, {}, lambda each: place_of(reader.db, each), lambda _: None)
                for url, *_ in rows
            }
            states = reader.db.execute(_STATES).fetchall()
        visited = {article(one).url for event, one, _ in events if event in ("see", "miss", "fail")}

        assert counted == len(rows) == len({url for url, *_ in rows})
        assert {url for url, *_ in rows} >= {f"{ROOT}/rss", *visited}
        assert {state for _, state, *_ in rows} <= set(LedgerState)
        assert not [url for url, state, why, _ in rows if not why and state not in NO_REASON]
        assert not [url for url, state, _, to in rows if (state == "moved") != (to is not None)]
        assert all(each.why.endswith(".") for each in answers.values())
        assert {answers[url].cause for url, state, *_ in rows if state == "refused"} <= {
            Cause.REFUSED,
            Cause.ARCHIVED,
        }
        assert all(state == (sighted or "live") for state, sighted in states)

        held = rows_of(visitor.folder)
        visitor.folder.catalogue_path.unlink()
        rebuild(visitor.folder, LookAgain())
        assert rows_of(visitor.folder) == held


_STATES = """
SELECT article.state, (SELECT sighting.state FROM sighting WHERE article_id = article.id
    AND sighting.state IN ('missing', 'gone') AND ended_at IS NULL)
FROM article
"""
