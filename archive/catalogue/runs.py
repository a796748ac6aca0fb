"""Runs: when each began and ended, and the rules that were in force."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from archive.reading import RunEnd, RunStart


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run as what it reads is applied.

    ladder       seconds after its first sight at which an article is looked at again
    walks_since  lists that were read since then are not walked again
    gone_after_s  how much must speak for an article being gone, before it is told so
    """

    id: int
    name: str
    started_at: str
    ladder: tuple[int, ...]
    is_backfill: bool
    walks_since: str
    gone_after_s: int


class RunTable:
    """The table of runs within the writer's transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def last(self) -> Run | None:
        """The run that began last, or None."""
        row = self._db.execute(_RUN + "ORDER BY id DESC LIMIT 1").fetchone()
        return self._from(row) if row else None

    def named(self, name: str) -> Run:
        """The run of that name, which began."""
        return self._from(self._db.execute(_RUN + "WHERE name = :name", {"name": name}).fetchone())

    def begin(self, start: RunStart) -> Run:
        """A run begins."""
        self._db.execute(
            "INSERT INTO run (name, extractor, started_at, look_again, is_backfill, summary,"
            " gone_after_s)"
            " VALUES (:name, :extractor, :at, :ladder, :backfill, :summary, :gone_after)",
            {
                "name": start.run,
                "extractor": start.extractor,
                "at": start.started_at,
                "ladder": json.dumps(start.look_again_s),
                "backfill": start.is_backfill,
                "gone_after": start.gone_after_s,
                "summary": json.dumps({"backfill": start.backfilled} if start.backfilled else {}),
            },
        )
        return self.named(start.run)

    def end(self, end: RunEnd) -> None:
        """A run ends."""
        self._db.execute(
            "UPDATE run SET finished_at = :at, outcome = :outcome, summary = :summary"
            " WHERE name = :name",
            {
                "at": end.finished_at,
                "outcome": end.outcome,
                "summary": json.dumps(self._with_days(end), ensure_ascii=False),
                "name": end.run,
            },
        )
        if end.is_offline:
            self._db.execute(_ASK_AT_ONCE, {"name": end.run})

    def _from(self, row: tuple[int, str, str, str, int, int]) -> Run:
        id_, name, started_at, ladder, is_backfill, gone_after_s = row
        return Run(
            id=id_,
            name=name,
            started_at=started_at,
            ladder=tuple(json.loads(ladder)),
            is_backfill=bool(is_backfill),
            gone_after_s=gone_after_s,
            walks_since=self._walks_since(id_) if is_backfill else started_at,
        )

    def _walks_since(self, id_: int) -> str:
        """A backfill goes on where those of the same days before it were cut off."""
        (_, days, since), *earlier = self._db.execute(_BACKFILLS, {"id": id_}).fetchall()
        for outcome, earlier_days, earlier_at in earlier:
            if outcome == "success" or days is None or earlier_days != days:
                break
            since = earlier_at
        return str(since)

    def _with_days(self, end: RunEnd) -> Mapping[str, object]:
        """The summary, with the days that the run's start noted."""
        (noted,) = self._db.execute(
            "SELECT summary FROM run WHERE name = :name", {"name": end.run}
        ).fetchone()
        return {**json.loads(noted), **end.summary}


_RUN = "SELECT id, name, started_at, look_again, is_backfill, gone_after_s FROM run "

# Nobody was asked: a source is as due, and as silent, as it was before.
_ASK_AT_ONCE = """
UPDATE source SET last_run_at = walked_at
WHERE walked_at IS NOT NULL
    AND last_run_at >= (SELECT started_at FROM run WHERE name = :name)
"""

_BACKFILLS = """
SELECT outcome, json_extract(summary, '$.backfill'), started_at FROM run
WHERE is_backfill AND id <= :id ORDER BY id DESC
"""
