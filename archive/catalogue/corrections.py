"""Corrections: a better extractor reads the same bytes differently.

A correction takes the place of the reading in its version; the version stays the publisher's, with
its number and its times. What was read before stands in the segments.
"""

import json
from dataclasses import replace

import orjson
from sqlite_utils import Database

from archive.article import Article
from archive.catalogue.change_log import ChangeLog
from archive.catalogue.contents import ContentTable
from archive.catalogue.doubts import DoubtTables
from archive.catalogue.look import Look
from archive.catalogue.photos import PhotoTables
from archive.catalogue.rows import ChangeKind
from archive.catalogue.stories import StoryTables
from archive.versions import changed_fields, folded_sha256, text_sha256, version_sha256


class CorrectionTables:
    """The tables that a correction touches, within the writer's transaction."""

    def __init__(
        self, db: Database, photos: PhotoTables, stories: StoryTables, changes: ChangeLog
    ) -> None:
        self._db = db
        self._photos = photos
        self._stories = stories
        self._changes = changes
        self._contents = ContentTable(db)
        self._doubts = DoubtTables(db)

    def is_of_same_bytes(self, look: Look, version_id: int) -> bool:
        """Whether the answer is one that was read as this version before."""
        row = self._db.execute(_SAME_BYTES, {"capture": look.capture_id, "version": version_id})
        return row.fetchone() is not None

    def apply(self, look: Look) -> None:
        """Apply a reading of an earlier answer."""
        article = look.reading.article
        row = self._db.execute(
            _VERSION_OF, {"key": look.reading.article_key, "record": look.reading.reread}
        ).fetchone()
        if row is not None and article is not None:
            self.correct(look, row[0], article)

    def correct(self, look: Look, version_id: int, article: Article) -> None:
        """Put what is read now in the place of what a version says."""
        article_id, number, extractor, capture_id = self._db.execute(
            "SELECT article_id, number, extractor, first_capture_id FROM version WHERE id = :id",
            {"id": version_id},
        ).fetchone()
        changed = changed_fields(self._contents.article(version_id), article)
        if not changed:
            return
        self._db.execute(
            _CORRECT,
            {
                "id": version_id,
                "sha256": version_sha256(article),
                "folded": folded_sha256(article),
                "text_sha256": text_sha256(article),
                "headline": article.headline,
                "title": article.title,
                "published": article.published.at if article.published else None,
                "extractor": look.reading.extractor,
            },
        )
        self._contents.correct(version_id, article)
        if "photos" in changed:
            self._db.execute("DELETE FROM version_photo WHERE version_id = :id", {"id": version_id})
            self._photos.show(look, version_id, article)
        for each in (number, number + 1):
            self._compare_again(article_id, each)
        self._stories.forget(article_id)
        detail = {
            "version": number,
            "title": article.title,
            "fields": changed,
            "extractor": {"before": extractor, "now": look.reading.extractor},
        }
        occasion = replace(look.occasion, capture_id=look.capture_id or capture_id)
        self._changes.tell(occasion, ChangeKind.CORRECTED, article_id, detail, version_id)

    def _compare_again(self, article_id: int, number: int) -> None:
        """The edit that leads to a version, between the two texts as they are read now."""
        rows = self._db.execute(
            "SELECT id FROM version"
            " WHERE article_id = :article AND number IN (:number - 1, :number) ORDER BY number",
            {"article": article_id, "number": number},
        ).fetchall()
        if len(rows) < 2:
            return
        (old_id,), (version_id,) = rows
        old, new = self._contents.article(old_id), self._contents.article(version_id)
        is_closed = self._doubts.is_closed(version_id)
        edit = self._doubts.edit_between(old_id, old, new, is_closed=is_closed)
        self._db.execute(
            "UPDATE version SET changed = :changed, edit = :edit WHERE id = :id",
            {
                "changed": json.dumps(changed_fields(old, new)),
                "edit": orjson.dumps(edit).decode(),
                "id": version_id,
            },
        )
        self._db.execute("DELETE FROM version_edit WHERE version_id = :id", {"id": version_id})
        self._db.conn.executemany(
            "INSERT INTO version_edit (kind, version_id) VALUES (?, ?)",
            [(kind, version_id) for kind in edit.kinds],
        )


_SAME_BYTES = """
SELECT 1 FROM observation
JOIN capture AS seen ON seen.id = observation.capture_id
JOIN capture AS now ON now.id = :capture
LEFT JOIN rendering AS seen_document ON seen_document.capture_id = seen.id
LEFT JOIN rendering AS document ON document.capture_id = now.id
WHERE observation.version_id = :version AND seen.payload_sha256 = now.payload_sha256
    AND seen_document.dom_sha256 IS document.dom_sha256  -- none of both, or the same
LIMIT 1
"""

_VERSION_OF = """
SELECT version.id FROM version
JOIN article ON article.id = version.article_id
JOIN capture ON capture.id = version.first_capture_id
WHERE article.key = :key AND capture.record_id = :record
"""

_CORRECT = """
UPDATE version SET version_sha256 = :sha256, folded_sha256 = :folded, text_sha256 = :text_sha256,
    headline = :headline, title = :title, published_at = :published,
    extractor = :extractor
WHERE id = :id
"""
