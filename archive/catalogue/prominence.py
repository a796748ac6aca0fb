"""Where articles stood on the lists that were read anyway, from when to when; and what feeds
called them.

Written when a list is read: a page of an article costs nothing here, and a list that is as it was
costs nothing either, since what stands there stands there up to the list's last good answer.
"""

import json
from dataclasses import dataclass

from sqlite_utils import Database

from archive.catalogue.look import Look
from archive.hiding import Listed, is_telling, left_early
from archive.ledger import AddressKind

_MOST_PLACES = 200  # of a list; what stands further down is no place to speak of

PROMINENCE_TABLES = """
CREATE TABLE prominence (
    page_id          INTEGER NOT NULL REFERENCES ledger (id),    -- the address that was shown
    list_id          INTEGER NOT NULL REFERENCES ledger (id),
    first_capture_id INTEGER NOT NULL REFERENCES capture (id),   -- of the list: found here first
    last_capture_id  INTEGER REFERENCES capture (id),            -- null: the list's last good one
    position         INTEGER CHECK (position >= 0),              -- null: a feed has none to speak of
    is_early         INTEGER NOT NULL DEFAULT 0 CHECK (is_early IN (0, 1)),  -- older ones stayed
    PRIMARY KEY (page_id, list_id, first_capture_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX prominence_now ON prominence (list_id) WHERE last_capture_id IS NULL;

CREATE TABLE feed_title (
    page_id    INTEGER NOT NULL REFERENCES ledger (id),
    title      TEXT    NOT NULL,                                 -- another than its first offer's
    capture_id INTEGER NOT NULL REFERENCES capture (id),         -- of the feed that said it first
    PRIMARY KEY (page_id, title)
) STRICT, WITHOUT ROWID;

ALTER TABLE way ADD COLUMN departures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE way ADD COLUMN early_departures INTEGER NOT NULL DEFAULT 0;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """What a reading of a list changed on it: addresses that came, and that left it."""

    came: tuple[str, ...] = ()
    left: tuple[int, ...] = ()


_NOTHING = Shift()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    position: int | None
    first_capture_id: int
    listed: Listed
    is_known: bool  # its page was read as an article's


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offer:
    url: str
    position: int | None
    listed: Listed


class ProminenceTable:
    """The places on lists within the writer's transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def read(self, look: Look) -> Shift:
        """Note the places on a list that a run enters, after its offers were put in the ledger."""
        kind = look.row.kind
        if (
            kind not in (AddressKind.FEED, AddressKind.LISTING)
            or look.reading.depth
            or look.capture_id is None
            or not look.reading.candidates
        ):
            return _NOTHING
        offers = self._offers(look, has_places=kind is AddressKind.LISTING)
        if kind is AddressKind.FEED:
            self._note_titles(look)
        return self._replace(look, self._places(look.row.id), offers)

    def repeats(self, look: Look) -> bool:
        """Whether the second page of a list shows what stands on its first, and nothing else.

        Many a site hands out its first page for any number, and would be walked back without end.
        """
        if look.row.kind is not AddressKind.LISTING or look.reading.depth != 1:
            return False
        urls = json.dumps([each.url for each in look.reading.candidates])
        found = self._db.execute(_OTHERS, {"list": look.row.id, "urls": urls}).fetchone()
        return bool(look.reading.candidates) and found is None

    def _offers(self, look: Look, *, has_places: bool) -> dict[int, _Offer]:
        urls = [each.url for each in look.reading.candidates[:_MOST_PLACES]]
        rows = self._db.execute(_OFFERS, {"urls": json.dumps(urls)})
        return {
            id_: _Offer(
                url=url,
                position=position if has_places else None,
                listed=Listed(id=id_, found_at=found_at),
            )
            for position, (id_, url, found_at) in enumerate(rows)
        }

    def _places(self, list_id: int) -> dict[int, _Place]:
        rows = self._db.execute(_PLACES, {"list": list_id})
        return {
            id_: _Place(
                position=position,
                first_capture_id=capture_id,
                listed=Listed(id=id_, found_at=found_at),
                is_known=bool(is_known),
            )
            for id_, position, capture_id, found_at, is_known in rows
        }

    def _replace(self, look: Look, places: dict[int, _Place], offers: dict[int, _Offer]) -> Shift:
        left = places.keys() - offers.keys()
        early = self._early(look, places, offers) if left else frozenset()
        ended = [
            (int(id_ in early), id_, look.row.id, place.first_capture_id)
            for id_, place in places.items()
            if id_ in left or place.position != offers[id_].position
        ]
        if ended:
            (last_id,) = self._db.execute(_LAST_GOOD, {"list": look.row.id}).fetchone()
            self._db.conn.executemany(_END, [(last_id, *each) for each in ended])
        begun = [
            (id_, look.row.id, look.capture_id, offer.position)
            for id_, offer in offers.items()
            if id_ not in places or places[id_].position != offer.position
        ]
        if begun:
            self._db.conn.executemany(_BEGIN, begun)
        came = tuple(offer.url for id_, offer in offers.items() if id_ not in places)
        return Shift(came=came, left=tuple(sorted(left)))

    def _early(
        self, look: Look, places: dict[int, _Place], offers: dict[int, _Offer]
    ) -> frozenset[int]:
        """Those that left early, where that says something; the list's habit is kept in any case."""
        # Of an address that was not read it is not known how old its article is: in a trouble of the
        # site one that has moved stands among those that were found when it was.
        early = frozenset(
            id_
            for id_ in left_early(
                [each.listed for each in places.values()],
                [each.listed for each in offers.values()],
            )
            if places[id_].is_known
        )
        habit = self._db.execute(_HABIT, {"list": look.row.id}).fetchone()
        if habit is None:
            return frozenset()
        departures, early_before = habit
        left = len(places.keys() - offers.keys())
        self._db.execute(_LEARN, {"list": look.row.id, "departures": left, "early": len(early)})
        is_said = is_telling(
            len(early), shown=len(places), departures=departures, early_before=early_before
        )
        return early if is_said else frozenset()

    def _note_titles(self, look: Look) -> None:
        """Keep what feeds say; where one says another headline than before, look at the page."""
        said = {each.url: each.title for each in look.reading.candidates if each.title}
        rows = self._db.execute(_TITLES, {"urls": json.dumps(list(said))}).fetchall()
        for id_, url, title, is_of_feed in rows:
            if is_of_feed and title == said[url]:
                continue
            noted = self._db.execute(
                _NOTE_TITLE, {"page": id_, "title": said[url], "capture": look.capture_id}
            )
            if noted.rowcount:
                self._db.execute(
                    _LOOK_NOW, {"page": id_, "at": look.reading.at, "is_another": is_of_feed}
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """An article's place on a list page, from 1: from the first to the last answer that had it there.

    is_now  the last good answer still did
    """

    list_url: str
    position: int
    first_seen_at: str
    last_seen_at: str
    is_now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedTitle:
    """What a feed called an article, first at that moment."""

    title: str
    feed_url: str
    at: str


def places_of(db: Database, article_id: int) -> tuple[PlaceRow, ...]:
    """The places of an article on the list pages of its site, list by list, in order of time."""
    return tuple(
        PlaceRow(
            list_url=url,
            position=position + 1,
            first_seen_at=first,
            last_seen_at=last,
            is_now=bool(is_now),
        )
        for url, position, first, last, is_now in db.execute(_PLACES_OF, {"id": article_id})
    )


def feed_titles_of(db: Database, article_id: int) -> tuple[FeedTitle, ...]:
    """Every title that a feed gave an article, each once, the first said first."""
    found: dict[str, FeedTitle] = {}
    for title, url, at in db.execute(_TITLES_OF, {"id": article_id}):
        found.setdefault(title, FeedTitle(title=title, feed_url=url, at=at))
    return tuple(found.values())


_OFFERS = """
SELECT ledger.id, ledger.url, coalesce(
    (SELECT min(found_at) FROM ledger AS same WHERE same.article_id = ledger.article_id),
    ledger.found_at)  -- a list keeps a moved article in its place
FROM json_each(:urls) CROSS JOIN ledger ON ledger.url = json_each.value
"""

_OTHERS = """
SELECT 1 FROM json_each(:urls) CROSS JOIN ledger AS page ON page.url = json_each.value
WHERE NOT EXISTS (
    SELECT 1 FROM prominence
    WHERE page_id = page.id AND last_capture_id IS NULL AND list_id = (
        SELECT first.id FROM ledger AS second JOIN ledger AS first ON first.url = second.found_on
        WHERE second.id = :list))
LIMIT 1
"""

_PLACES = """
SELECT page_id, position, first_capture_id, coalesce(
    (SELECT min(found_at) FROM ledger AS same WHERE same.article_id = ledger.article_id),
    ledger.found_at),  -- a list keeps a moved article in its place
    ledger.article_id IS NOT NULL
FROM prominence CROSS JOIN ledger ON ledger.id = page_id
WHERE list_id = :list AND last_capture_id IS NULL
"""

_LAST_GOOD = "SELECT good_capture_id FROM ledger WHERE id = :list"

_END = """
UPDATE prominence SET last_capture_id = ?, is_early = ?
WHERE page_id = ? AND list_id = ? AND first_capture_id = ?
"""

_BEGIN = """
INSERT INTO prominence (page_id, list_id, first_capture_id, position) VALUES (?, ?, ?, ?)
"""

_HABIT = "SELECT departures, early_departures FROM way WHERE ledger_id = :list"

_LEARN = """
UPDATE way SET departures = departures + :departures,
    early_departures = early_departures + :early
WHERE ledger_id = :list
"""

_TITLES = """
SELECT ledger.id, ledger.url, ledger.title, origin.kind IS 'feed'
FROM json_each(:urls) CROSS JOIN ledger ON ledger.url = json_each.value
LEFT JOIN ledger AS origin ON origin.url = ledger.found_on
"""

_NOTE_TITLE = """
INSERT OR IGNORE INTO feed_title (page_id, title, capture_id) VALUES (:page, :title, :capture)
"""

_LOOK_NOW = """
UPDATE ledger SET due_at = :at WHERE id = :page AND state = 'fetched' AND due_at > :at
    AND (:is_another OR (SELECT count(*) FROM feed_title WHERE page_id = :page) > 1)
"""

_PLACES_OF = """
SELECT list.url, position, first.captured_at, last.captured_at, last_capture_id IS NULL
FROM address
JOIN ledger AS page ON page.url = address.url
JOIN prominence ON prominence.page_id = page.id
JOIN ledger AS list ON list.id = prominence.list_id
JOIN capture AS first ON first.id = first_capture_id
JOIN capture AS last ON last.id = coalesce(last_capture_id, list.good_capture_id)
WHERE address.article_id = :id AND position IS NOT NULL
ORDER BY list.id, first.id
"""

_TITLES_OF = """
SELECT page.title, origin.url, page.found_at AS at
FROM address
JOIN ledger AS page ON page.url = address.url
JOIN ledger AS origin ON origin.url = page.found_on AND origin.kind = 'feed'
WHERE address.article_id = :id AND page.title IS NOT NULL
UNION ALL
SELECT feed_title.title, capture.url, capture.captured_at
FROM address
JOIN ledger AS page ON page.url = address.url
JOIN feed_title ON feed_title.page_id = page.id
JOIN capture ON capture.id = feed_title.capture_id
WHERE address.article_id = :id
ORDER BY at
"""
