"""How far each way of a source reaches: its high-water mark, and when a list's window overflowed."""

from dataclasses import dataclass

from sqlite_utils import Database

from archive.article import PageKind
from archive.catalogue.look import Look
from archive.ledger import AddressKind, LedgerState
from archive.reading import VisitedSource

_LISTS = (AddressKind.FEED, AddressKind.SITEMAP, AddressKind.LISTING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far one way of a source has been read.

    url            where it begins
    is_held        the last run read it only if the better ways did not reach back
    read_at        when it answered last, or None
    mark           the newest address that it offered then, or None
    met_at         when it last reached back to what was known, or None
    overflowed_at  when it last offered only what was new, so that more may have been pushed out
    overflows      how often it did
    alone_at       when it last offered something that no better way had, or None
    """

    url: str
    position: int
    is_held: bool
    read_at: str | None
    mark: str | None
    met_at: str | None
    overflowed_at: str | None
    overflows: int
    alone_at: str | None


def marks_of(db: Database, source: str) -> tuple[Mark, ...]:
    """The ways that the last run of a source knew, the best first."""
    rows = db.execute(_MARKS, {"source": source})
    return tuple(
        Mark(**{**dict(zip(Mark.__slots__, row, strict=True)), "is_held": bool(row[2])})
        for row in rows
    )


class WayTable:
    """The ways within the writer's transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def know(self, source: VisitedSource, source_id: int, run_id: int) -> None:
        """A run knows the ways that begin at these addresses of the ledger; pages are none."""
        for is_held, entries in ((False, source.entries), (True, source.reserve)):
            for entry in entries:
                if entry.kind in _LISTS:
                    self._db.execute(
                        _KNOW,
                        {
                            "url": entry.url,
                            "source": source_id,
                            "run": run_id,
                            "position": entry.position or 0,
                            "held": is_held,
                        },
                    )

    def read(self, look: Look, *, added: int) -> None:
        """A list was read that offered so many new addresses, after they were put in the ledger.

        The reserve is opened where a way does not reach back to what was known when the source
        was last walked to its end: because its window overflowed, or because it did not answer.
        """
        if look.row.kind not in _LISTS:
            return
        if added and look.walked_at is not None and not self._is_short(look):
            self._db.execute(
                _ALONE, {"source": look.source_id, "at": look.reading.at, "kind": look.row.kind}
            )
        if look.reading.depth:
            return
        if self._note(look):
            self._db.execute(
                _OPEN, {"source": look.source_id, "run": look.run_id, "at": look.reading.at}
            )

    def _note(self, look: Look) -> bool:
        """Move the mark of a way that was read; whether it fell short of what was known.

        Of a feed the last entry decides: what is pinned, or came up again when it was edited,
        stands among the new however long it has been known.
        """
        reading = look.reading
        if reading.state is LedgerState.MOVED or reading.kind is PageKind.UNCHANGED:
            has_met, is_overflow = reading.state is not LedgerState.MOVED, False
        elif reading.state is not LedgerState.FETCHED:
            return True
        else:
            pages = [each.url for each in reading.candidates]
            is_whole = look.walked_at is None or bool(reading.more and not pages)
            ends = pages[-1:] if look.row.kind is AddressKind.FEED else pages
            has_met = is_whole or any(self._was_known(url, look.walked_at or "") for url in ends)
            is_overflow = bool(pages) and not has_met and not reading.more
        self._db.execute(
            _READ,
            {
                "id": look.row.id,
                "at": reading.at,
                "mark": reading.candidates[0].url if reading.candidates else None,
                "met": reading.at if has_met else None,
                "overflowed": reading.at if is_overflow else None,
                "is_overflow": is_overflow,
            },
        )
        return not has_met and not reading.more

    def _is_short(self, look: Look) -> bool:
        """Whether the best way has fallen short in this run, or has not been read in it."""
        row = self._db.execute(_BEST, {"source": look.source_id, "run": look.run_id}).fetchone()
        return row is None or row[0] == look.row.id or (row[1] or "") < look.run_started_at

    def _was_known(self, url: str, moment: str) -> bool:
        row = self._db.execute(_KNOWN, {"url": url, "moment": moment}).fetchone()
        return row is not None


_MARKS = """
SELECT ledger.url, position, is_held, read_at, mark, met_at, overflowed_at, overflows, alone_at
FROM way JOIN ledger ON ledger.id = way.ledger_id
WHERE way.source_id = (SELECT id FROM source WHERE name = :source)
    AND run_id = (SELECT max(run_id) FROM way
        WHERE source_id = (SELECT id FROM source WHERE name = :source))
ORDER BY position
"""

_KNOW = """
INSERT INTO way (ledger_id, source_id, run_id, position, is_held)
SELECT id, :source, :run, :position, :held FROM ledger WHERE url = :url
ON CONFLICT (ledger_id) DO UPDATE SET run_id = excluded.run_id, position = excluded.position,
    is_held = excluded.is_held
"""

_READ = """
UPDATE way SET read_at = :at, mark = coalesce(:mark, mark), met_at = coalesce(:met, met_at),
    overflowed_at = coalesce(:overflowed, overflowed_at), overflows = overflows + :is_overflow
WHERE ledger_id = :id
"""

_ALONE = """
UPDATE way SET alone_at = :at
WHERE source_id = :source AND position > 0
    AND (SELECT kind FROM ledger WHERE id = ledger_id) = :kind
"""

_OPEN = """
UPDATE ledger SET due_at = :at, depth = 0
WHERE id IN (SELECT ledger_id FROM way WHERE source_id = :source AND run_id = :run AND is_held)
    AND (due_at IS NULL OR due_at > :at)
"""

_BEST = """
SELECT ledger_id, met_at FROM way WHERE source_id = :source AND run_id = :run
ORDER BY position LIMIT 1
"""

_KNOWN = "SELECT 1 FROM ledger WHERE url = :url AND found_at <= :moment"
