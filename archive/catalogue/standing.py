"""How an archive stands: what it holds, how its sources do, what went wrong."""

import json
from dataclasses import dataclass

from sqlite_utils import Database

from archive.catalogue.hosts import HostTrouble, host_troubles
from archive.catalogue.silences import silence_in
from archive.catalogue.sureness import Sureness, sureness_of
from archive.catalogue.ways import Mark, marks_of
from archive.folder import Holder
from archive.silence import Silence

_RUNS_SHOWN = 5
_TROUBLES_SHOWN = 5
_FIELDS_OF_ALL = ("headline", "text", "published")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStanding:
    """One run; it has no end and no outcome while it goes on, or when it was killed."""

    name: str
    started_at: str
    finished_at: str | None
    outcome: str | None

    def goes_on_under(self, writer: Holder | None) -> bool:
        """Whether it is the run of who writes to the archive now."""
        return self.outcome is None and writer is not None and writer.since <= self.started_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """An address that did not give what was expected, and why."""

    url: str
    state: str
    reason: str | None
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStanding:
    """One source: its addresses by state, and its newest troubles.

    troubled  addresses that did not give what was expected, all of them
    sureness  what speaks for its articles being all here
    ways      how far each of its ways has been read, the best first
    silence   how long nothing new has come, against its own rate; None where that is not known
    found_by  by field, on how many articles of its newest run that had any what found it in: `rule`,
              `json-ld`, `nothing`; empty where no run counted them
    short     in what its newest run gave less than its file expects, in words
    """

    name: str
    articles: int
    last_run_at: str
    ledger: dict[str, int]
    troubled: int
    troubles: tuple[Trouble, ...]
    sureness: Sureness
    ways: tuple[Mark, ...]
    silence: Silence | None
    found_by: dict[str, dict[str, int]]
    short: tuple[str, ...]

    @property
    def unruled(self) -> str | None:
        """On how many articles the rules found what every article has, unless it was on all."""
        words = [
            f"{name} by rule on {found.get('rule', 0)} of {articles}"
            for name, found in self.found_by.items()
            if name in _FIELDS_OF_ALL and found.get("rule", 0) < (articles := sum(found.values()))
        ]
        return f"in the last run with articles: {', '.join(words)}" if words else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The whole archive in numbers.

    unhashed               photos that a release without pictures took, and nobody has looked at
    revisits, saved_bytes  captures that repeat a payload, and the bytes not stored twice for it
    sealed, stored         segments that are not, and that are in the store; others are open
    truncated              captures that were cut, at the limit or by the server
    hosts                  those that failed when they were last asked, or are left alone
    """

    articles: int
    missing: int
    gone: int
    versions: int
    photos: int
    unhashed: int
    captures: int
    revisits: int
    saved_bytes: int
    truncated: int
    segments: int
    sealed: int
    stored: int
    changes: int
    last_runs: tuple[RunStanding, ...]
    sources: tuple[SourceStanding, ...]
    hosts: tuple[HostTrouble, ...]


def standing_of(db: Database) -> Standing:
    """How the catalogue in `db` stands."""
    counts = db.execute(_COUNTS).fetchone()
    names = [name for name in Standing.__slots__ if name not in ("last_runs", "sources", "hosts")]
    runs = db.execute(_RUNS, {"limit": _RUNS_SHOWN})
    sources = db.execute(_SOURCES).fetchall()
    return Standing(
        **dict(zip(names, counts, strict=True)),
        last_runs=tuple(
            RunStanding(**dict(zip(RunStanding.__slots__, row, strict=True))) for row in runs
        ),
        sources=tuple(_source_standing(db, *row) for row in sources),
        hosts=host_troubles(db),
    )


def _source_standing(
    db: Database, source_id: int, name: str, articles: int, last_run_at: str
) -> SourceStanding:
    states = db.execute(_STATES, {"source": source_id})
    troubles = db.execute(_TROUBLES, {"source": source_id, "limit": _TROUBLES_SHOWN}).fetchall()
    return SourceStanding(
        name=name,
        articles=articles,
        last_run_at=last_run_at,
        ledger=dict(states.fetchall()),
        troubled=troubles[0][-1] if troubles else 0,
        troubles=tuple(
            Trouble(**dict(zip(Trouble.__slots__, row, strict=False))) for row in troubles
        ),
        sureness=sureness_of(db, source_id),
        ways=marks_of(db, name),
        silence=silence_in(db, source_id, last_run_at),
        found_by=_found_by(db, name),
        short=shortfalls_of(db, name),
    )


def shortfalls_of(db: Database, source: str) -> tuple[str, ...]:
    """In what the newest run of a source gave less than its file expects, in words."""
    row = db.execute(_SHORT, {"short": f'$.sources."{source}".short'}).fetchone()
    return tuple(json.loads(row[0])) if row else ()


def _found_by(db: Database, source: str) -> dict[str, dict[str, int]]:
    row = db.execute(_FOUND_BY, {"counts": f'$.sources."{source}"'}).fetchone()
    found: dict[str, dict[str, int]] = json.loads(row[0]) if row and row[0] else {}
    return found


_COUNTS = """
SELECT (SELECT count(*) FROM article),
       (SELECT count(*) FROM article WHERE state = 'missing'),
       (SELECT count(*) FROM article WHERE state = 'gone'),
       (SELECT count(*) FROM version),
       (SELECT count(*) FROM photo),
       (SELECT count(*) FROM photo) - (SELECT count(*) FROM picture),
       (SELECT count(*) FROM capture),
       (SELECT count(*) FROM capture WHERE revisit_of IS NOT NULL),
       (SELECT coalesce(sum(payload_bytes), 0) FROM capture WHERE revisit_of IS NOT NULL),
       (SELECT count(*) FROM capture WHERE truncated IS NOT NULL),
       (SELECT count(*) FROM segment),
       (SELECT count(*) FROM segment WHERE state = 'sealed'),
       (SELECT count(*) FROM segment WHERE state = 'stored'),
       (SELECT count(*) FROM change)
"""

_RUNS = "SELECT name, started_at, finished_at, outcome FROM run ORDER BY id DESC LIMIT :limit"

_FOUND_BY = """
SELECT json_extract(summary, :counts || '.found_by') FROM run
WHERE json_extract(summary, :counts || '.articles') > 0 ORDER BY id DESC LIMIT 1
"""

_SHORT = """
SELECT json_extract(summary, :short) FROM run
WHERE json_extract(summary, :short) IS NOT NULL ORDER BY id DESC LIMIT 1
"""

_SOURCES = """
SELECT id, name, (SELECT count(*) FROM article WHERE source_id = source.id), last_run_at
FROM source ORDER BY name
"""

_STATES = (
    "SELECT state, count(*) FROM ledger WHERE source_id = :source GROUP BY state ORDER BY state"
)

# The page behind the last one of a list is no trouble: one must ask for it to know. Nor is a host
# without a robots.txt, which allows everything, nor a number that was tried and is no article.
_TROUBLES = """
SELECT url, state, reason, state_at, count(*) OVER () FROM ledger
WHERE source_id = :source AND state IN ('refused', 'blocked', 'failed', 'gone')
    AND NOT (kind = 'listing' AND depth > 0 AND state = 'gone')
    AND NOT (kind = 'robots' AND state = 'gone')
    AND NOT (kind = 'page' AND found_on IS NULL AND article_id IS NULL AND state = 'gone')
ORDER BY state_at DESC, id LIMIT :limit
"""
