"""Photos that were swapped under their address, while the page that shows them stayed as it was."""

from enum import StrEnum

from sqlite_utils import Database

from archive.catalogue.change_log import ChangeLog
from archive.catalogue.look import Look
from archive.catalogue.pictures import PictureTables
from archive.catalogue.rows import ChangeKind
from archive.photo_hash import LEAST_CONTRAST, VIEW_BYTES

_SAME_BITS = 24  # of 256 between the two whole pictures: written again, in another size or quality
_SAME_SHAPE = 0.03  # by which the ratio of the sides may differ then

_TIME = "GLOB '????-??-??T??:??:??.??????Z'"

SWAP_TABLES = f"""
CREATE TABLE version_swap (
    version_id INTEGER NOT NULL REFERENCES version (id),         -- the article's last one then
    position   INTEGER NOT NULL CHECK (position >= 0),           -- of the photo in it
    capture_id INTEGER NOT NULL REFERENCES capture (id),         -- that found other bytes
    photo_id   INTEGER NOT NULL REFERENCES photo (id),           -- that is shown from then on
    at         TEXT    NOT NULL CHECK (at {_TIME}),
    PRIMARY KEY (version_id, position, capture_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX version_swap_photo ON version_swap (photo_id);
CREATE INDEX version_photo_ledger ON version_photo (ledger_id);

CREATE TABLE change_new (
    id         INTEGER PRIMARY KEY,                              -- the cursor; only grows
    at         TEXT    NOT NULL CHECK (at {_TIME}),
    kind       TEXT    NOT NULL CHECK (kind IN
               ('appeared', 'edited', 'marked', 'shortened', 'moved', 'missing', 'disappeared',
                'returned', 'swapped', 'corrected', 'merged', 'parted', 'joined', 'left')),
    article_id INTEGER NOT NULL REFERENCES article (id),
    version_id INTEGER REFERENCES version (id),                  -- null: none belongs to it
    capture_id INTEGER REFERENCES capture (id),
    run_id     INTEGER NOT NULL REFERENCES run (id),
    detail     TEXT    NOT NULL CHECK (json_valid(detail))
) STRICT;
INSERT INTO change_new SELECT * FROM change;
DROP TABLE change;
ALTER TABLE change_new RENAME TO change;
CREATE INDEX change_article ON change (article_id);
CREATE INDEX change_version ON change (version_id) WHERE version_id IS NOT NULL;
"""  # noqa: S608 (no values)


class Likeness(StrEnum):
    """What the new photo under an old address is to the one that was there."""

    RECROPPED = "recropped"  # another cut of the same picture, or with something laid over it
    REPLACED = "replaced"
    UNKNOWN = "unknown"  # one of them is not hashed, or shows too little


class SwapTable:
    """The table of swapped photos, within the writer's transaction."""

    def __init__(self, db: Database, pictures: PictureTables, changes: ChangeLog) -> None:
        self._db = db
        self._pictures = pictures
        self._changes = changes

    def note(self, look: Look, photo_id: int) -> None:
        """Note what an address shows now, where it showed another photo before.

        It is told of each article whose last version shows the address. The same picture written
        anew, in another size or quality, is not told: a delivery network does that by itself.
        """
        (old_id,) = self._db.execute(
            "SELECT photo_id FROM ledger WHERE id = :ledger", {"ledger": look.row.id}
        ).fetchone()
        if old_id is None or old_id == photo_id:
            return
        likeness = self._likeness(old_id, photo_id)
        if likeness is None:
            return
        shown = self._db.execute(_SHOWN, {"ledger": look.row.id}).fetchall()
        for version_id, position, *_ in shown:
            self._db.execute(
                _INSERT_SWAP,
                {
                    "version": version_id,
                    "position": position,
                    "capture": look.capture_id,
                    "photo": photo_id,
                    "at": look.reading.at,
                },
            )
        before, now = (self._sha256_of(each) for each in (old_id, photo_id))
        told = {"url": look.reading.url, "before": before, "now": now, "picture": likeness}
        for version_id, (article_id, number) in {row[0]: row[2:] for row in shown}.items():
            detail = {"version": number, **told}
            self._changes.tell(look.occasion, ChangeKind.SWAPPED, article_id, detail, version_id)
        if shown:
            self._pictures.note_use(photo_id)

    def _likeness(self, old_id: int, new_id: int) -> Likeness | None:
        """None where it is the same picture, written anew."""
        rows = [
            self._db.execute(_PICTURE, {"photo": photo_id}).fetchone()
            for photo_id in (old_id, new_id)
        ]
        if any(views is None or is_flat for views, is_flat, *_ in rows):
            return Likeness.UNKNOWN
        whole = [int.from_bytes(views[:VIEW_BYTES], "big") for views, *_ in rows]
        shapes = [width / height for *_, width, height in rows]
        is_same_shape = abs(shapes[0] / shapes[1] - 1) <= _SAME_SHAPE
        if is_same_shape and (whole[0] ^ whole[1]).bit_count() <= _SAME_BITS:
            return None
        is_one = self._pictures.are_one(old_id, new_id)
        return Likeness.RECROPPED if is_one else Likeness.REPLACED

    def _sha256_of(self, photo_id: int) -> str:
        row = self._db.execute("SELECT sha256 FROM photo WHERE id = :id", {"id": photo_id})
        return str(row.fetchone()[0])


_SHOWN = """
SELECT version.id, shown.position, article.id, version.number
FROM version_photo AS shown
JOIN version ON version.id = shown.version_id
JOIN article ON article.id = version.article_id AND article.last_version_id = version.id
WHERE shown.ledger_id = :ledger ORDER BY version.id, shown.position
"""

_INSERT_SWAP = """
INSERT INTO version_swap (version_id, position, capture_id, photo_id, at)
VALUES (:version, :position, :capture, :photo, :at)
"""

_PICTURE = f"""
SELECT picture.views, picture.contrast < {LEAST_CONTRAST}, photo.width_px, photo.height_px
FROM photo LEFT JOIN picture ON picture.photo_id = photo.id WHERE photo.id = :photo
"""  # noqa: S608 (our own number)
