"""Applying the segments' log to the catalogue, one entry after the other.

The crawl, the recovery after a kill and `salname rebuild` call the same `apply`, so that they
come to the same rows. Nothing here looks at a clock: every time comes from the log.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from sqlite_utils import Database

from archive.article import PageKind
from archive.capture import Capture
from archive.catalogue.articles import ArticleTables
from archive.catalogue.calls import CallTable
from archive.catalogue.change_log import ChangeLog
from archive.catalogue.connection import atomic
from archive.catalogue.hidden import HiddenTable
from archive.catalogue.hosts import HostTable
from archive.catalogue.identities import IdentityTables
from archive.catalogue.look import LedgerRow, Look
from archive.catalogue.offers import LedgerTable
from archive.catalogue.photos import photo_due
from archive.catalogue.prominence import ProminenceTable
from archive.catalogue.renderings import insert_rendering
from archive.catalogue.rows import ChangeKind
from archive.catalogue.runs import RunTable
from archive.catalogue.sightings import SightingTable
from archive.catalogue.wakes import WakeTable, may_pass
from archive.catalogue.ways import WayTable
from archive.ledger import AddressKind, LedgerState
from archive.moments import moment_of, stamp
from archive.reading import Entry, PictureVerdict, Reading, RunEnd, RunStart, Verdict, VisitedSource

_ASK_AGAIN = timedelta(days=7)  # robots.txt may have changed its mind
_DOUBTED = timedelta(days=3)  # so long an address that was offered may yet become an article


class Schedule(Protocol):
    """When to look again: the rules of `crawler/schedule.py`, handed in."""

    def after_look(
        self, *, first_seen: datetime, last_change: datetime, at: datetime, ladder: tuple[int, ...]
    ) -> datetime | None:
        """When the article is due again, after a look at `at`."""

    def after_absence(
        self, *, missing_since: datetime, at: datetime, ladder: tuple[int, ...]
    ) -> datetime | None:
        """When an article is due again that a look at `at` did not find."""

    def after_failure(self, *, tries: int, retry_after_s: int | None, at: datetime) -> datetime:
        """When an address that failed `tries` times in a row is tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """An entry of the log, with the capture that its response record made, if there was one."""

    entry: Entry
    capture: Capture | None = None


class CatalogueWriter:
    """The catalogue's one writer; open it with `open_writer`.

    schedule  says when addresses are due again
    """

    def __init__(self, db: Database, schedule: Schedule) -> None:
        self.db = db
        self._path = Path(db.execute("PRAGMA database_list").fetchone()[2])
        self._schedule = schedule
        self._hosts = HostTable(db)
        self._ledger = LedgerTable(db, self._hosts)
        self._wakes = WakeTable(db)
        self._ways = WayTable(db)
        self._prominence = ProminenceTable(db)
        self._changes = ChangeLog(db)
        self._identities = IdentityTables(db, self._changes)
        self._calls = CallTable(db)
        self._hidden = HiddenTable(db, SightingTable(db), self._changes)
        self._articles = ArticleTables(
            db, self._ledger, self._changes, self._identities, self._hidden
        )
        self._source_ids = {name: id_ for id_, name in db.execute("SELECT id, name FROM source")}
        self._walked_at = dict(db.execute("SELECT name, walked_at FROM source"))
        self._segment_ids = {name: id_ for id_, name in db.execute("SELECT id, name FROM segment")}
        self._runs = RunTable(db)
        self._run = self._runs.last()

    @property
    def told(self) -> Mapping[tuple[str, ChangeKind], int]:
        """How many changes of each kind were told of each source since this writer was made."""
        return self._changes.told

    @property
    def walked(self) -> frozenset[str]:
        """The sources whose lists were once walked to their end."""
        return frozenset(name for name, at in self._walked_at.items() if at is not None)

    @contextmanager
    def transaction(self, segment: str, committed_bytes: int) -> Iterator[Callable[[Logged], None]]:
        """A transaction that covers a segment's records up to `committed_bytes`.

        Yields the function that applies one entry. The segment must have been synced that far
        before; when the block ends the entries are durable in the catalogue too.

        Raises:
            SpoolFull, ArchiveError, IntegrityError: the catalogue is as it was before the block.
        """
        with atomic(self.db, self._path):
            self.note_segment(segment, "open")
            yield self.apply
            self.db.execute(
                "UPDATE segment SET committed_bytes = :bytes WHERE name = :name",
                {"bytes": committed_bytes, "name": segment},
            )

    def commit(self, logged: Iterable[Logged], segment: str, committed_bytes: int) -> None:
        """Apply a group of entries in one transaction; see `transaction`."""
        with self.transaction(segment, committed_bytes) as apply:
            for each in logged:
                apply(each)

    def note_segment(self, name: str, state: str) -> int:
        """Note that a segment is there, or its new state; its row id."""
        if name not in self._segment_ids:
            cursor = self.db.execute(
                "INSERT INTO segment (name, state) VALUES (:name, :state)",
                {"name": name, "state": state},
            )
            self._segment_ids[name] = cursor.lastrowid or 0
        elif state != "open":
            self.db.execute(
                "UPDATE segment SET state = :state WHERE name = :name",
                {"state": state, "name": name},
            )
        return int(self._segment_ids[name])

    def seal_segment(self, name: str) -> None:
        """Note that a segment has been sealed."""
        with atomic(self.db, self._path):
            self.note_segment(name, "sealed")

    def note_stored(self, name: str) -> None:
        """Note that the store has been seen to hold a segment."""
        with atomic(self.db, self._path):
            self.note_segment(name, "stored")

    def last_segment(self) -> str:
        """The name that sorts last of all segments; empty where there is none."""
        return max(self._segment_ids, default="")

    def note_segments(self, names: Iterable[str]) -> None:
        """Note that segments are there, of which nothing has been read."""
        with atomic(self.db, self._path):
            for name in names:
                self.note_segment(name, "open")

    def unread_segments(self) -> tuple[str, ...]:
        """The segments that are noted as open: being written, or not read to their end."""
        rows = self.db.execute("SELECT name FROM segment WHERE state = 'open' ORDER BY name")
        return tuple(name for (name,) in rows)

    def segment_state(self, name: str) -> str | None:
        """`open`, `sealed` or `stored`; None for a segment that is not known."""
        row = self.db.execute(
            "SELECT state FROM segment WHERE name = :name", {"name": name}
        ).fetchone()
        return str(row[0]) if row else None

    def committed_bytes(self, segment: str) -> int:
        """How far a segment has been applied, in bytes; 0 for one that is not known."""
        row = self.db.execute(
            "SELECT committed_bytes FROM segment WHERE name = :name", {"name": segment}
        ).fetchone()
        return int(row[0]) if row else 0

    def apply(self, logged: Logged) -> None:
        """Apply one entry; call it within `transaction`."""
        match logged.entry:
            case RunStart() as start:
                self._begin_run(start)
            case RunEnd() as end:
                self._end_run(end)
            case Reading() as reading:
                self._apply_reading(reading, logged.capture)
            case Verdict() as verdict:
                if self._run is not None:  # without one there is no article
                    self._identities.judge(verdict, self._run.id)
            case PictureVerdict() as verdict:
                self._articles.judge_picture(verdict)

    # Runs

    def _begin_run(self, start: RunStart) -> None:
        run = self._run = self._runs.begin(start)
        for source in start.sources:
            self._visit(source, start.started_at, run.id)

    def _visit(self, source: VisitedSource, at: str, run_id: int) -> None:
        self.db.execute(
            _VISIT_SOURCE,
            {
                "name": source.name,
                "publisher": source.publisher,
                "host": source.host,
                "kind": source.kind,
                "language": source.language,
                "sha256": source.definition_sha256,
                "at": at,
            },
        )
        named = "SELECT id FROM source WHERE name = :name"
        row = self.db.execute(named, {"name": source.name}).fetchone()
        self._source_ids[source.name] = row[0]
        for entry in source.entries:
            self._ledger.enter(entry, row[0], at)
        for entry in source.reserve:
            self._ledger.hold(entry, row[0], at)
        self._ways.know(source, row[0], run_id)
        self._wakes.probe(row[0], at)

    def _end_run(self, end: RunEnd) -> None:
        self._runs.end(end)
        if end.is_offline:
            self._hosts.forgive(since=self._runs.named(end.run).started_at)
        for name in end.walked:
            self._walked_at[name] = end.finished_at
            self.db.execute(
                "UPDATE source SET walked_at = :at WHERE name = :name",
                {"at": end.finished_at, "name": name},
            )

    # Readings

    def _apply_reading(self, reading: Reading, capture: Capture | None) -> None:
        if self._run is None or self._run.name != reading.run:
            self._run = self._runs.named(reading.run)
        source_id = self._source_ids[reading.source]
        row = self._ledger.row_of(reading, source_id)
        look = Look(
            reading=reading,
            row=row,
            source_id=source_id,
            run_id=self._run.id,
            run_started_at=self._run.started_at,
            walks_since=self._run.walks_since,
            gone_after_s=self._run.gone_after_s,
            walked_at=self._walked_at.get(reading.source),
            capture_id=self._insert_capture(capture, reading, row, source_id) if capture else None,
            is_whole=capture is None or capture.truncated is None,
        )
        mates = self._calls.story_mates(look)
        article_id, look = self._articles.apply(look)
        if reading.reread is not None:
            return
        if mates and article_id is not None and self._calls.was_edited(article_id, reading.at):
            self._call(mates, moment_of(reading.at))
        is_news, added = self._ledger.offer(look)
        self._ways.read(look, added=added)
        self._calls.heed(look)
        if not self._run.is_backfill:  # it takes of a list what it wants
            self._hidden.shifted(look, self._prominence.read(look))
        is_index = not reading.candidates  # of sitemaps: no page leads on without an article
        is_news = is_news and not self._prominence.repeats(look)
        if is_news or is_index or self._run.is_backfill:
            self._ledger.lead_on(look)
        if reading.kind is PageKind.UNCHANGED and row.kind is AddressKind.SITEMAP:
            self._ledger.lead_on_from_unchanged(look)
        if reading.moved_to is not None:
            self._ledger.redirect(look)
            self._articles.redirected(look)
        self._ledger.settle(look, article_id, self._due_after(look, article_id))
        self._hosts.note(reading, capture)
        self._wakes.note(look)

    def _insert_capture(
        self, capture: Capture, reading: Reading, row: LedgerRow, source_id: int
    ) -> int:
        sha256, size = capture.payload_sha256, capture.payload_bytes
        in_page = bool(reading.noarchive)
        if capture.revisit_of is not None:
            earlier = self.db.execute(
                "SELECT payload_sha256, payload_bytes, is_noarchive_in_page FROM capture"
                " WHERE record_id = :id",
                {"id": capture.revisit_of},
            ).fetchone()
            sha256, size, in_page = earlier
        cursor = self.db.execute(
            _INSERT_CAPTURE,
            {
                "run": self._run.id if self._run else None,
                "source": source_id,
                "ledger": row.id,
                "url": capture.url,
                "at": capture.captured_at,
                "status": capture.status,
                "kind": reading.kind,
                "mime": capture.mime,
                "sha256": sha256,
                "bytes": size,
                "record": capture.record_id,
                "segment": self._segment_ids[capture.location.segment],
                "offset": capture.location.offset,
                "length": capture.location.length,
                "revisit_of": capture.revisit_of,
                "truncated": capture.truncated,
                "noarchive": capture.is_noarchive,
                "in_page": in_page,
            },
        )
        capture_id = cursor.lastrowid or 0
        if capture.rendered is not None:
            insert_rendering(self.db, capture_id, capture.rendered)
        return capture_id

    def _call(self, mates: tuple[int, ...], at: datetime) -> None:
        """Look at these articles as if they had been edited themselves."""
        assert self._run is not None
        due = self._schedule.after_look(
            first_seen=at, last_change=at, at=at, ladder=self._run.ladder
        )
        if due:
            self._calls.call(mates, stamp(due))

    def _due_after(self, look: Look, article_id: int | None) -> str | None:
        reading, row = look.reading, look.row
        if reading.expected is AddressKind.ROBOTS:
            return None  # each run asks for it before anything else
        at = moment_of(reading.at)
        if reading.state in (LedgerState.FAILED, LedgerState.BLOCKED):
            due = self._schedule.after_failure(
                tries=row.tries + 1, retry_after_s=reading.retry_after_s, at=at
            )
            return stamp(due)
        if reading.state is LedgerState.REFUSED:
            return stamp(at + _ASK_AGAIN)
        assert self._run is not None
        if row.kind is AddressKind.PHOTO:
            is_new = not self._run.is_backfill
            return photo_due(look, self._schedule, self._run.ladder) if is_new else None
        if article_id is None:
            return self._due_after_nothing(reading, row)
        article = self._articles.standing_of(article_id)
        if article.canonical_url != reading.url:
            return None
        if article.missing_since is not None:
            due_again = self._schedule.after_absence(
                missing_since=moment_of(article.missing_since), at=at, ladder=self._run.ladder
            )
            return stamp(due_again) if due_again else None
        due_again = self._schedule.after_look(
            first_seen=moment_of(article.first_seen_at),
            last_change=moment_of(article.last_changed_at),
            at=at,
            ladder=self._run.ladder,
        )
        return stamp(due_again) if due_again else None

    def _due_after_nothing(self, reading: Reading, row: LedgerRow) -> str | None:
        """When an address that a list offered is due again where no article was: its server may
        have been in trouble. It climbs the ladder for some days, as an article would."""
        assert self._run is not None
        if not (may_pass(reading) and row.is_offered) or self._run.is_backfill:
            return None
        found_at = moment_of(row.found_at)
        due = self._schedule.after_look(
            first_seen=found_at,
            last_change=found_at,
            at=moment_of(reading.at),
            ladder=self._run.ladder,
        )
        return stamp(due) if due and due <= found_at + _DOUBTED else None


_VISIT_SOURCE = """
INSERT INTO source (name, publisher, host, kind, language, definition_sha256,
                    first_run_at, last_run_at)
VALUES (:name, :publisher, :host, :kind, :language, :sha256, :at, :at)
ON CONFLICT (name) DO UPDATE SET publisher = excluded.publisher, host = excluded.host,
    kind = excluded.kind, language = excluded.language,
    definition_sha256 = excluded.definition_sha256, last_run_at = excluded.last_run_at
"""

_INSERT_CAPTURE = """
INSERT INTO capture (run_id, source_id, ledger_id, url, captured_at, status, kind, mime,
                     payload_sha256, payload_bytes, record_id, segment_id, "offset", length,
                     revisit_of, truncated, is_noarchive, is_noarchive_in_page)
VALUES (:run, :source, :ledger, :url, :at, :status, :kind, :mime,
        :sha256, :bytes, :record, :segment, :offset, :length, :revisit_of, :truncated,
        :noarchive, :in_page)
"""
