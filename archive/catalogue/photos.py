"""Photos: their bytes by digest, and which version shows them."""

from sqlite_utils import Database

from archive.article import Article
from archive.catalogue.look import Look
from archive.catalogue.offers import LedgerTable


class PhotoTables:
    """The tables of photos, within the writer's transaction."""

    def __init__(self, db: Database, ledger: LedgerTable) -> None:
        self._db = db
        self._ledger = ledger

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

    def apply(self, look: Look) -> None:
        """Note a photo's bytes, and join it to the versions that wait for it."""
        photo = look.reading.photo
        if photo is None:
            return
        self._db.execute(
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
        self._db.execute(
            "UPDATE ledger SET photo_id = (SELECT id FROM photo WHERE sha256 = :sha256)"
            " WHERE id = :ledger",
            {"sha256": photo.sha256, "ledger": look.row.id},
        )
        self._db.execute(
            "UPDATE version_photo SET photo_id = (SELECT id FROM photo WHERE sha256 = :sha256)"
            " WHERE ledger_id = :ledger AND photo_id IS NULL",
            {"sha256": photo.sha256, "ledger": look.row.id},
        )


_INSERT_PHOTO = """
INSERT INTO photo (sha256, mime, size_bytes, width_px, height_px, capture_id)
VALUES (:sha256, :mime, :bytes, :width, :height, :capture)
ON CONFLICT (sha256) DO NOTHING
"""

_SHOW_PHOTO = """
INSERT INTO version_photo (version_id, position, ledger_id, photo_id, url, caption, credit, alt)
VALUES (:version, :position, :ledger, :photo, :url, :caption, :credit, :alt)
"""
