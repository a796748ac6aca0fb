"""Photos: their bytes by digest, and which version shows them."""

from datetime import datetime
from typing import Protocol

from sqlite_utils import Database

from archive.article import Article, PageKind
from archive.catalogue.change_log import ChangeLog
from archive.catalogue.look import Look
from archive.catalogue.offers import LedgerTable
from archive.catalogue.pictures import PictureTables
from archive.catalogue.swaps import SwapTable
from archive.ledger import LedgerState
from archive.moments import moment_of, stamp
from archive.reading import PictureVerdict

_DAY_S = 86_400
_PHOTO_RUNGS = 2


class AfterLook(Protocol):
    """The rule of `crawler/schedule.py` that says when something is due again."""

    def after_look(
        self, *, first_seen: datetime, last_change: datetime, at: datetime, ladder: tuple[int, ...]
    ) -> datetime | None:
        """When it is due again, after a look at `at`."""


class PhotoTables:
    """The tables of photos, within the writer's transaction."""

    def __init__(self, db: Database, ledger: LedgerTable, changes: ChangeLog) -> None:
        self._db = db
        self._ledger = ledger
        self._pictures = PictureTables(db)
        self._swaps = SwapTable(db, self._pictures, changes)

    def show(self, look: Look, version_id: int, article: Article) -> None:
        """Note what a version shows; each photo is a candidate for the ledger."""
        for position, shown in enumerate(article.photos):
            ledger_id, photo_id = self._ledger.show(shown.url, look.source_id, look.reading)
            self._db.execute(
                _SHOW_PHOTO,
                {
                    "version": version_id,
                    "position": position,
                    "ledger": ledger_id,
                    "photo": photo_id,
                    "url": shown.url,
                    "caption": shown.caption,
                    "credit": shown.credit,
                    "alt": shown.alt,
                },
            )
            if photo_id is not None:
                self._pictures.note_use(photo_id)
        self._pictures.review_edit(version_id)

    def look_again(self, look: Look, version_id: int) -> None:
        """An editor was at work: the photos that stayed may be others under their old addresses."""
        self._db.execute(
            _LOOK_AGAIN,
            {
                "version": version_id,
                "at": look.reading.at,
                "run_started_at": look.run_started_at,
            },
        )

    def judge(self, verdict: PictureVerdict) -> None:
        """Join or part two pictures, and tell again of the edits that replaced one by the other."""
        self._pictures.judge(verdict)

    def apply(self, look: Look) -> None:
        """Note a photo's bytes, and join it to the versions that wait for it."""
        photo = look.reading.photo
        if photo is None:
            return
        inserted = self._db.execute(
            _INSERT_PHOTO,
            {
                "sha256": photo.sha256,
                "mime": photo.mime,
                "bytes": photo.size_bytes,
                "width": photo.width_px,
                "height": photo.height_px,
                "capture": look.capture_id,
            },
        )
        is_new = inserted.rowcount == 1
        (photo_id,) = self._db.execute(
            "SELECT id FROM photo WHERE sha256 = :sha256", {"sha256": photo.sha256}
        ).fetchone()
        if is_new and photo.look is not None:
            self._pictures.place(photo_id, photo.look)
        self._swaps.note(look, photo_id)
        self._db.execute(
            "UPDATE ledger SET photo_id = :photo WHERE id = :ledger",
            {"photo": photo_id, "ledger": look.row.id},
        )
        waiting = self._db.execute(_WAITING, {"ledger": look.row.id}).fetchall()
        if not waiting:
            return
        self._db.execute(
            "UPDATE version_photo SET photo_id = :photo"
            " WHERE ledger_id = :ledger AND photo_id IS NULL",
            {"photo": photo_id, "ledger": look.row.id},
        )
        self._pictures.note_use(photo_id)
        for version_id in dict(waiting):
            self._pictures.review_edit(version_id)


def photo_due(look: Look, schedule: AfterLook, ladder: tuple[int, ...]) -> str | None:
    """When a photo is asked for again, in case that another lies under its address by then.

    On the first two rungs of the articles' ladder that are a day and more, and only where the
    server names a state of it, so that it can answer that nothing changed.
    """
    reading = look.reading
    has_state = reading.etag or reading.last_modified or reading.kind is PageKind.UNCHANGED
    if reading.state is not LedgerState.FETCHED or not has_state:
        return None
    rungs = [rung for rung in sorted(ladder) if rung >= _DAY_S][:_PHOTO_RUNGS]
    found_at = moment_of(look.row.found_at)
    due = schedule.after_look(
        first_seen=found_at, last_change=found_at, at=moment_of(reading.at), ladder=tuple(rungs)
    )
    return stamp(due) if due else None


_INSERT_PHOTO = """
INSERT INTO photo (sha256, mime, size_bytes, width_px, height_px, capture_id)
VALUES (:sha256, :mime, :bytes, :width, :height, :capture)
ON CONFLICT (sha256) DO NOTHING
"""

_SHOW_PHOTO = """
INSERT INTO version_photo (version_id, position, ledger_id, photo_id, url, caption, credit, alt)
VALUES (:version, :position, :ledger, :photo, :url, :caption, :credit, :alt)
"""

_LOOK_AGAIN = """
UPDATE ledger SET due_at = :at
WHERE photo_id IS NOT NULL AND state_at < :run_started_at
    AND id IN (SELECT ledger_id FROM version_photo WHERE version_id = :version)
"""

# The version that waits, and the one after it, whose edit may speak of the photo too.
_WAITING = """
SELECT version.id, 0 FROM version_photo JOIN version ON version.id = version_photo.version_id
WHERE version_photo.ledger_id = :ledger AND version_photo.photo_id IS NULL
UNION
SELECT later.id, 0 FROM version_photo
JOIN version ON version.id = version_photo.version_id
JOIN version AS later ON later.article_id = version.article_id
    AND later.number = version.number + 1
WHERE version_photo.ledger_id = :ledger AND version_photo.photo_id IS NULL
"""
