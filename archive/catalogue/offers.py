"""The ledger's rows: addresses are offered, visited, and always in exactly one state."""

from sqlite_utils import Database

from archive.catalogue.hosts import HostTable
from archive.catalogue.look import LedgerRow, Look
from archive.ledger import AddressKind, Candidate, LedgerState
from archive.reading import Reading


class LedgerTable:
    """The ledger within the writer's transaction."""

    def __init__(self, db: Database, hosts: HostTable) -> None:
        self._db = db
        self._hosts = hosts

    def enter(self, entry: Candidate, source_id: int, at: str) -> None:
        """A run enters a source here: the list is due, whenever it was last read."""
        self._db.execute(
            _ENTER,
            {
                "url": entry.url,
                "source": source_id,
                "kind": entry.kind,
                "at": at,
            },
        )

    def hold(self, entry: Candidate, source_id: int, at: str) -> None:
        """A run knows a list, and reads it only if it must."""
        self._db.execute(
            _HOLD, {"url": entry.url, "source": source_id, "kind": entry.kind, "at": at}
        )

    def row_of(self, reading: Reading, source_id: int) -> LedgerRow:
        """The row of the address that was visited; made where nothing had offered it."""
        found = self._db.execute(_ROW_OF, {"url": reading.url}).fetchone()
        if found is None:
            self._insert(
                Candidate(url=reading.url, kind=reading.expected), source_id, reading, None
            )
            found = self._db.execute(_ROW_OF, {"url": reading.url}).fetchone()
        id_, kind, state, tries, depth, article_id, found_at, is_offered = found
        return LedgerRow(
            id=id_,
            kind=AddressKind(kind),
            state=LedgerState(state),
            tries=tries,
            depth=depth,
            article_id=article_id,
            found_at=found_at,
            is_offered=bool(is_offered),
        )

    def offer(self, look: Look) -> tuple[bool, int]:
        """Offer a page's candidates; whether one of them is news, and how many are new here.

        What another list has offered since the source was last walked to its end is news still: a
        feed and a list that show the same newest articles must both be walked back until they meet
        what was known, also where a run was killed between the two. A list that a run enters and
        that could not be read the last time is behind in any case.
        """
        reading = look.reading
        is_news = reading.depth == 0 and look.row.state is not LedgerState.FETCHED
        added = 0
        for each in reading.candidates:
            if self._insert(each, look.source_id, reading, reading.at):
                is_news, added = True, added + 1
            elif reading.more and not is_news:
                is_news = self._was_found_since(look.walked_at or "", each.url)
        return is_news, added

    def _was_found_since(self, moment: str, url: str) -> bool:
        row = self._db.execute(
            "SELECT found_at > :moment FROM ledger WHERE url = :url",
            {"moment": moment, "url": url},
        ).fetchone()
        return bool(row[0])

    def lead_on(self, look: Look) -> None:
        """Make the lists due that a list leads to, known or not, unless this run was there."""
        reading = look.reading
        for each in reading.more:
            self._insert(each, look.source_id, reading, reading.at)
            self._db.execute(
                _REOPEN,
                {
                    "url": each.url,
                    "at": reading.at,
                    "run_started_at": look.run_started_at,
                    "walks_since": look.walks_since,
                },
            )

    def lead_on_from_unchanged(self, look: Look) -> None:
        """An index of sitemaps is as it was, which does not say that they are."""
        self._db.execute(
            _REOPEN_SITEMAPS,
            {
                "index": look.reading.url,
                "at": look.reading.at,
                "run_started_at": look.run_started_at,
            },
        )

    def redirect(self, look: Look) -> None:
        """An address answered with a redirect: its target is due, unless this run was there."""
        reading, target = look.reading, look.reading.moved_to or ""
        self._insert(Candidate(url=target, kind=look.row.kind), look.source_id, reading, reading.at)
        self._db.execute(
            _FOLLOW,
            {
                "url": target,
                "at": reading.at,
                "run_started_at": look.run_started_at,
                "depth": reading.depth + 1,
            },
        )

    def show(self, url: str, source_id: int, reading: Reading) -> tuple[int, int | None]:
        """A version shows a photo here: its ledger row, and the photo if its bytes are known."""
        due_at = self._hosts.due_at(url, reading.at)
        self._insert(Candidate(url=url, kind=AddressKind.PHOTO), source_id, reading, due_at)
        id_, photo_id = self._db.execute(
            "SELECT id, photo_id FROM ledger WHERE url = :url", {"url": url}
        ).fetchone()
        return id_, photo_id

    def rest(self, article_id: int, but_url: str) -> None:
        """Look again at one address of an article only: at its canonical one."""
        self._db.execute(
            "UPDATE ledger SET due_at = NULL WHERE article_id = :article AND url <> :url",
            {"article": article_id, "url": but_url},
        )

    def settle(self, look: Look, article_id: int | None, due_at: str | None) -> None:
        """Put the row of the visited address into the state that the look has found."""
        reading = look.reading
        is_failure = reading.state in (LedgerState.FAILED, LedgerState.BLOCKED)
        self._db.execute(
            _SETTLE,
            {
                "id": look.row.id,
                "state": reading.state,
                "reason": reading.reason,
                "at": reading.at,
                "due": due_at,
                "tries": look.row.tries + 1 if is_failure else 0,
                "looked": look.capture_id is not None,
                "etag": reading.etag,
                "last_modified": reading.last_modified,
                "good_capture": look.capture_id if reading.state is LedgerState.FETCHED else None,
                "article": article_id,
                "moved_to": reading.moved_to,
            },
        )

    def _insert(
        self, candidate: Candidate, source_id: int, reading: Reading, due_at: str | None
    ) -> bool:
        is_list = candidate.kind in (
            AddressKind.FEED,
            AddressKind.SITEMAP,
            AddressKind.LISTING,
        )
        cursor = self._db.execute(
            _OFFER,
            {
                "url": candidate.url,
                "source": source_id,
                "kind": candidate.kind,
                "at": reading.at,
                "on": reading.url if candidate.url != reading.url else None,
                "title": candidate.title,
                "published": candidate.published,
                "photo": candidate.photo_url,
                "due": due_at,
                "depth": reading.depth + 1 if is_list or reading.moved_to else 0,
            },
        )
        return cursor.rowcount == 1


_ENTER = """
INSERT INTO ledger (url, source_id, kind, state, found_at, state_at, due_at)
VALUES (:url, :source, :kind, 'waiting', :at, :at, :at)
ON CONFLICT (url) DO UPDATE SET due_at = excluded.due_at, kind = excluded.kind, depth = 0
"""

_HOLD = """
INSERT INTO ledger (url, source_id, kind, state, found_at, state_at)
VALUES (:url, :source, :kind, 'waiting', :at, :at)
ON CONFLICT (url) DO NOTHING
"""

_ROW_OF = """
SELECT id, kind, state, tries, depth, article_id, found_at,
       kind = 'page' AND found_on IS NOT NULL
FROM ledger WHERE url = :url
"""

_OFFER = """
INSERT INTO ledger (url, source_id, kind, state, found_at, found_on, title, published, photo_url,
                    state_at, due_at, depth)
VALUES (:url, :source, :kind, 'waiting', :at, :on, :title, :published, :photo, :at, :due, :depth)
ON CONFLICT (url) DO NOTHING
"""

_REOPEN = """
UPDATE ledger SET due_at = :at
WHERE url = :url AND (state = 'waiting' OR state_at < :walks_since
    OR (state NOT IN ('fetched', 'moved') AND state_at < :run_started_at))
"""

_REOPEN_SITEMAPS = """
UPDATE ledger SET due_at = :at
WHERE found_on = :index AND kind = 'sitemap' AND state_at < :run_started_at
"""

_FOLLOW = """
UPDATE ledger SET due_at = :at, depth = :depth
WHERE url = :url AND state_at < :run_started_at AND (due_at IS NULL OR due_at > :at)
"""

_SETTLE = """
UPDATE ledger SET state = :state, reason = :reason, state_at = :at, due_at = :due,
    tries = :tries, looks = looks + :looked,
    etag = coalesce(:etag, etag), last_modified = coalesce(:last_modified, last_modified),
    good_capture_id = coalesce(:good_capture, good_capture_id),
    article_id = coalesce(:article, article_id), moved_to = :moved_to
WHERE id = :id
"""
