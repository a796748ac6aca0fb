"""What a host's trouble has put off, and that it wakes when the host answers well again.

An address that finds nothing is tried again later and later, by itself. Where nothing else of its
host was found either, that says nothing of the address: the first that is found again wakes the
others. A trouble is of one kind of address, for a wall before the pages lets photos through.
"""

from datetime import timedelta

from sqlite_utils import Database

from archive.article import PageKind
from archive.catalogue.calls import look_sooner
from archive.catalogue.hosts import netloc_of
from archive.catalogue.look import Look
from archive.ledger import AddressKind, LedgerState
from archive.moments import moment_of, stamp
from archive.reading import Reading

_PAUSE = timedelta(minutes=10)  # between two tries of one address, as after its first failure
_PROBES_LOOKED_AT = 20  # newest articles of a source among which one of the host is sought
_UNANSWERED = (LedgerState.FAILED, LedgerState.BLOCKED)
_EMPTY = (LedgerState.GONE, LedgerState.NOT_ARTICLE)
_TROUBLED = (*_UNANSWERED, *_EMPTY)

WAKE_TABLES = """
CREATE TABLE host_doubt (
    host  TEXT NOT NULL,                                         -- with its port, where it has one
    kind  TEXT NOT NULL,                                         -- of the ledger's rows
    since TEXT NOT NULL CHECK (since GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (host, kind)                                     -- since then none was found
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_doubtful ON ledger (source_id, kind, state_at)
    WHERE state IN ('failed', 'blocked', 'gone', 'not-article');
"""


def may_pass(reading: Reading) -> bool:
    """Whether a page was found empty in a way that its server's trouble may have made."""
    return reading.expected is AddressKind.PAGE and (
        reading.state is LedgerState.GONE
        or (
            reading.state is LedgerState.NOT_ARTICLE
            and reading.kind in (PageKind.ERROR, PageKind.MOVED)
        )
    )


class WakeTable:
    """The hosts in doubt within the writer's transaction; a look at any other costs no query."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._since = {
            (host, kind): since
            for host, kind, since in db.execute("SELECT host, kind, since FROM host_doubt")
        }

    def probe(self, source_id: int, at: str) -> None:
        """A run begins: of each of its source's hosts in doubt a known article is due.

        Else a quiet site would be found well again when the first of its addresses is tried anew.
        """
        for host, kind in self._since:
            if kind == AddressKind.PAGE.value:
                known = {"host": host, "source": source_id, "limit": _PROBES_LOOKED_AT}
                row = self._db.execute(_PROBE, known).fetchone()
                if row is not None:
                    look_sooner(self._db, row[0], at)

    def note(self, look: Look) -> None:
        """Note what one look says of the host of its address; wake what it has put off.

        Only an address that was well before puts its host in doubt, so that one that is dead for
        good wakes no other, and is itself not woken twice.
        """
        reading = look.reading
        if reading.state is LedgerState.FETCHED:
            if self._since:
                self._wake(look)
        elif reading.expected is AddressKind.ROBOTS or look.row.state in _TROUBLED:
            return
        elif reading.state in _UNANSWERED or may_pass(reading):
            key = netloc_of(reading.url), reading.expected.value
            if key not in self._since:
                self._since[key] = reading.at
                known = {"host": key[0], "kind": key[1], "since": reading.at}
                self._db.execute("INSERT INTO host_doubt VALUES (:host, :kind, :since)", known)

    def _wake(self, look: Look) -> None:
        host, kind, at = netloc_of(look.reading.url), look.reading.expected.value, look.reading.at
        since = self._since.pop((host, kind), None)
        if since is None:
            return
        known = {"host": host, "kind": kind, "since": since, "at": at}
        self._db.execute("DELETE FROM host_doubt WHERE host = :host AND kind = :kind", known)
        for id_, state, state_at in self._db.execute(_PUT_OFF, known).fetchall():
            rested_at = stamp(moment_of(state_at) + _PAUSE)
            if rested_at <= at or state in _UNANSWERED:
                # What was missing a moment ago beside what is there is missing by itself.
                look_sooner(self._db, id_, max(at, rested_at))


# An offered page that found nothing for days has left the ladder, and is worth one more look.
_PUT_OFF = """
SELECT id, state, state_at FROM ledger
WHERE source_id IN (SELECT id FROM source) AND kind = :kind
    AND state IN ('failed', 'blocked', 'gone', 'not-article') AND state_at >= :since
    AND (due_at > :at OR (
        due_at IS NULL AND kind = 'page' AND found_on IS NOT NULL AND article_id IS NULL
        AND state IN ('gone', 'not-article')))
    AND substr(url, instr(url, '//') + 2, length(:host) + 1) = :host || '/'
ORDER BY id
"""

# Of the same three as long as the trouble lasts: it makes them look as if they were missing.
_PROBE = """
SELECT id FROM (
    SELECT id, state_at FROM (
        SELECT ledger.id, ledger.url, ledger.state_at, article.last_seen_at
        FROM article JOIN ledger ON ledger.url = article.canonical_url
        WHERE article.source_id = :source
        ORDER BY article.last_seen_at DESC, article.id DESC LIMIT :limit
    )
    WHERE substr(url, instr(url, '//') + 2, length(:host) + 1) = :host || '/'
    ORDER BY last_seen_at DESC, id DESC LIMIT 3
)
ORDER BY state_at, id LIMIT 1
"""
