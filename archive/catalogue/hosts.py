"""The hosts that fail or asked to be left alone, and until when they are, from run to run.

Applied from the segments' log as everything else, so that a rebuild leaves the same hosts alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from archive.capture import Capture
from archive.exchange import Exchange
from archive.ledger import AddressKind, LedgerState
from archive.moments import moment_of, stamp
from archive.reading import Reading

FAILURES_IN_A_ROW = 3  # then a host is taken to be down
MOST_PATIENCE = timedelta(days=7)  # a Retry-After beyond it is a mistake of the server
_FIRST_REST = timedelta(minutes=10)
_LONGEST_REST = timedelta(hours=24)
_TOO_MANY = 429

HOST_TABLE = """
CREATE TABLE host_trouble (
    host       TEXT    NOT NULL PRIMARY KEY,                     -- with its port, where it has one
    failures   INTEGER NOT NULL CHECK (failures > 0),            -- in a row; an answer ends it
    since      TEXT    NOT NULL CHECK (since GLOB '????-??-??T??:??:??.??????Z'),
    last_at    TEXT    NOT NULL CHECK (last_at GLOB '????-??-??T??:??:??.??????Z'),
    left_until TEXT CHECK (left_until GLOB '????-??-??T??:??:??.??????Z'),  -- null: not left alone
    reason     TEXT    NOT NULL
) STRICT, WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostTrouble:
    """A host that gave no answer the last time it was asked, or asked for patience.

    failures    looks in a row that came to nothing; those within a rest count once
    since       when the first of them was
    left_until  the moment up to which no run asks it for anything, or None
    reason      what the last one said
    """

    host: str
    failures: int
    since: str
    last_at: str
    left_until: str | None
    reason: str

    def is_left_alone(self, now: datetime) -> bool:
        """Whether the host is not to be asked for anything now."""
        return self.left_until is not None and self.left_until > stamp(now)


class HostTroubles:
    """The troubled hosts, as far as looks have been noted; a look at any other costs next to nothing.

    troubles  what is known of them already
    """

    def __init__(self, troubles: Iterable[HostTrouble]) -> None:
        self._troubles = {each.host: each for each in troubles}

    def note(self, reading: Reading, answer: Capture | Exchange | None) -> str | None:
        """Note what one look says of the host that was asked; the host, where that changes it.

        robots.txt says nothing: many a site whose pages fail still hands out that one file.
        """
        has_answered = (
            answer is not None
            and answer.status < 500
            and answer.status != _TOO_MANY
            and answer.truncated != "time"  # each such answer costs a whole time-out
        )
        if has_answered and not self._troubles:
            return None  # as nearly always
        if reading.expected is AddressKind.ROBOTS:
            return None
        host = netloc_of(answer.url if answer else reading.asked or reading.url)
        if has_answered:
            return host if self._troubles.pop(host, None) else None
        if reading.state is LedgerState.FAILED:
            self._troubles[host] = trouble_after(self._troubles.get(host), host, reading)
            return host
        return None

    def at(self, host: str) -> HostTrouble | None:
        """The trouble with a host, or None."""
        return self._troubles.get(host)

    def of(self, url: str) -> HostTrouble | None:
        """The trouble with the host of an address, or None."""
        return self.at(netloc_of(url)) if self._troubles else None


class HostTable:
    """The troubled hosts within the writer's transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._troubles = HostTroubles(host_troubles(db))

    def note(self, reading: Reading, capture: Capture | None) -> None:
        """Note what one look says of the host that was asked."""
        host = self._troubles.note(reading, capture)
        if host is None:
            return
        found = self._troubles.at(host)
        if found is None:
            self._db.execute("DELETE FROM host_trouble WHERE host = :host", {"host": host})
            return
        self._db.execute(_NOTE, {name: getattr(found, name) for name in HostTrouble.__slots__})
        if found.left_until is not None:
            self._db.execute(_REST_PHOTOS, {"host": host, "until": found.left_until})

    def forgive(self, *, since: str) -> None:
        """Hold nothing against hosts that failed since then: nobody was asked."""
        known = {"since": since}
        self._db.execute("DELETE FROM host_trouble WHERE since >= :since", known)
        self._db.execute("UPDATE host_trouble SET left_until = NULL WHERE last_at >= :since", known)
        self._troubles = HostTroubles(host_troubles(self._db))

    def due_at(self, url: str, at: str) -> str:
        """When an address may be asked for that is offered at a moment: when its host has rested."""
        trouble = self._troubles.of(url)
        return at if trouble is None or trouble.left_until is None else max(at, trouble.left_until)


def netloc_of(url: str) -> str:
    """The host of a canonical address, with its port where it has one.

    >>> netloc_of("http://olke.example:8080/az/83954")
    'olke.example:8080'
    """
    return url.split("/", 3)[2]


def trouble_after(before: HostTrouble | None, host: str, reading: Reading) -> HostTrouble:
    """The trouble with a host after a look that failed: each one that follows doubles the rest.

    What fails while the host is left alone was sent out before it was known, and doubles nothing.

    before  the trouble until then, or None
    """
    at = moment_of(reading.at)
    is_resting = before is not None and before.is_left_alone(at)
    failures = (before.failures if before else 0) + (not is_resting)
    ends = [before.left_until] if before and before.left_until and is_resting else []
    if failures >= FAILURES_IN_A_ROW and not is_resting:
        ends.append(stamp(at + _rest_after(failures)))
    if reading.retry_after_s is not None:
        ends.append(stamp(at + patience_of(reading.retry_after_s)))
    return HostTrouble(
        host=host,
        failures=failures,
        since=before.since if before else reading.at,
        last_at=reading.at,
        left_until=max(ends, default=None),
        reason=reading.reason or reading.state.value,
    )


def patience_of(retry_after_s: int) -> timedelta:
    """How long a server that asked for so many seconds is left alone.

    >>> patience_of(10**9)
    datetime.timedelta(days=7)
    """
    return min(timedelta(seconds=retry_after_s), MOST_PATIENCE)


def host_troubles(db: Database) -> tuple[HostTrouble, ...]:
    """The hosts that failed the last time or are left alone, by name."""
    rows = db.execute(_TROUBLES).fetchall()
    return tuple(HostTrouble(**dict(zip(HostTrouble.__slots__, row, strict=True))) for row in rows)


# Of every source that shows photos of this host; asked for by the index of what is due.
_REST_PHOTOS = """
UPDATE ledger SET due_at = :until
WHERE source_id IN (SELECT id FROM source) AND priority = 2 AND due_at < :until
    AND substr(url, instr(url, '//') + 2, length(:host) + 1) = :host || '/'
"""


def _rest_after(failures: int) -> timedelta:
    doublings = min(failures - FAILURES_IN_A_ROW, 10)  # the longest rest is reached before
    return min(_FIRST_REST * (1 << doublings), _LONGEST_REST)


_TROUBLES = (
    "SELECT host, failures, since, last_at, left_until, reason FROM host_trouble ORDER BY host"
)

_NOTE = """
INSERT OR REPLACE INTO host_trouble (host, failures, since, last_at, left_until, reason)
VALUES (:host, :failures, :since, :last_at, :left_until, :reason)
"""
