"""The change log: what happened to which article, in one order, each entry once."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import orjson
from sqlite_utils import Database

from archive.catalogue.rows import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What led to a change: a look of a run, or a person's verdict, which has no capture."""

    source: str
    at: str
    run_id: int
    capture_id: int | None


class ChangeLog:
    """The table of changes, within the writer's transaction.

    told  how many changes of each kind were told of each source since this was made
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self.told: Counter[tuple[str, ChangeKind]] = Counter()

    def tell(
        self,
        occasion: Occasion,
        kind: ChangeKind,
        article_id: int,
        detail: dict[str, Any],
        version_id: int | None = None,
    ) -> None:
        """Append one change."""
        self.told[occasion.source, kind] += 1
        self._db.execute(
            _TELL,
            {
                "at": occasion.at,
                "kind": kind,
                "article": article_id,
                "version": version_id,
                "capture": occasion.capture_id,
                "run": occasion.run_id,
                "detail": orjson.dumps(detail).decode(),
            },
        )


_TELL = """
INSERT INTO change (at, kind, article_id, version_id, capture_id, run_id, detail)
VALUES (:at, :kind, :article, :version, :capture, :run, :detail)
"""
