"""Pictures: which photos show the same one, where it was used first, and what stock is.

A photo is bytes, a picture is what they show. Of photos that are surely the same picture, the
first one's number stands for it; photos that may be the same stay apart, with the bits that differ.
"""

from typing import TYPE_CHECKING

import orjson
from sqlite_utils import Database

from archive.edits import EditKind
from archive.photo_hash import HASH_BYTES, LEAST_CONTRAST, MAYBE_BITS, SURE_BITS
from archive.photo_looks import hash_of
from archive.reading import PhotoLook

if TYPE_CHECKING:  # it imports numpy
    from archive.photo_index import PhotoIndex

STOCK_STORIES = 20  # a picture in more stories than that, over more days than
STOCK_DAYS = 4  # that, is stock: it says nothing about two articles that show it

PICTURE_TABLES = f"""
CREATE TABLE picture (
    photo_id   INTEGER PRIMARY KEY REFERENCES photo (id),
    first_id   INTEGER NOT NULL REFERENCES photo (id),           -- the picture's first photo
    views      BLOB CHECK (length(views) = {HASH_BYTES}),        -- null: not hashed
    contrast   REAL,                                             -- null: the same
    not_hashed TEXT,                                             -- null: hashed
    caption    TEXT,                                             -- these two: what the file says
    credit     TEXT,
    is_stock   INTEGER NOT NULL DEFAULT 0 CHECK (is_stock IN (0, 1))  -- told of the first alone
) STRICT;
CREATE INDEX picture_first ON picture (first_id);
CREATE TABLE picture_link (
    photo_id INTEGER NOT NULL REFERENCES photo (id),             -- the one that came later
    other_id INTEGER NOT NULL REFERENCES photo (id),
    bits     INTEGER NOT NULL CHECK (bits BETWEEN 0 AND {MAYBE_BITS}),  -- of 256 that differ
    PRIMARY KEY (photo_id, other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX picture_link_other ON picture_link (other_id);
"""


class PictureTables:
    """The tables of pictures, within the writer's transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._index: PhotoIndex | None = None

    def place(self, photo_id: int, look: PhotoLook) -> None:
        """Note what a new photo looks like, and join it to the earlier ones of its picture."""
        found = hash_of(look)
        self._db.execute(
            _INSERT_PICTURE,
            {
                "photo": photo_id,
                "views": found.views if found else None,
                "contrast": found.contrast if found else None,
                "not_hashed": look.not_hashed,
                "caption": look.caption,
                "credit": look.credit,
            },
        )
        if found is None or found.is_flat:
            return
        index = self._filled_index(photo_id)
        near = index.find(found.views)
        index.add(photo_id, found.views)
        for alike in near:
            self._db.execute(
                "INSERT INTO picture_link (photo_id, other_id, bits)"
                " VALUES (:photo, :other, :bits)",
                {"photo": photo_id, "other": alike.photo_id, "bits": alike.bits},
            )
        self._join(photo_id, [each.photo_id for each in near if each.bits <= SURE_BITS])

    def note_use(self, photo_id: int) -> None:
        """A version shows a photo: its picture may have become stock."""
        first = self._first_of(photo_id)
        if first is None or self._is_stock(first):
            return
        stories, days = self._db.execute(_SPREAD, {"first": first}).fetchone()
        if stories > STOCK_STORIES and days > STOCK_DAYS:
            self._db.execute(
                "UPDATE picture SET is_stock = 1 WHERE photo_id = :first", {"first": first}
            )

    def review_edit(self, version_id: int) -> None:
        """A photo that was replaced by another cut of its picture was recropped, no more.

        Its bytes may come after the version was told; the change log says what was known then.
        """
        rows = self._db.execute(
            _REPLACED, {"version": version_id, "kind": EditKind.PHOTO_REPLACED}
        ).fetchall()
        gone = {first for side, first in rows if side == "old"}
        come = {first for side, first in rows if side == "new"}
        if None in gone | come or not gone & come:
            return
        kinds = [EditKind.PHOTO_RECROPPED]
        if gone - come or come - gone:
            kinds.insert(0, EditKind.PHOTO_REPLACED)
        else:
            self._db.execute(
                "DELETE FROM version_edit WHERE version_id = :version AND kind = :kind",
                {"version": version_id, "kind": EditKind.PHOTO_REPLACED},
            )
        self._db.execute(
            "INSERT OR IGNORE INTO version_edit (kind, version_id) VALUES (:kind, :version)",
            {"kind": EditKind.PHOTO_RECROPPED, "version": version_id},
        )
        self._rewrite_kinds(version_id, kinds)

    def _rewrite_kinds(self, version_id: int, kinds: list[EditKind]) -> None:
        (written,) = self._db.execute(
            "SELECT edit FROM version WHERE id = :id", {"id": version_id}
        ).fetchone()
        edit = orjson.loads(written)
        of_photos = (EditKind.PHOTO_REPLACED, EditKind.PHOTO_RECROPPED)
        held = {kind for kind in edit["kinds"] if kind not in of_photos} | set(kinds)
        edit["kinds"] = [kind for kind in EditKind if kind in held]
        self._db.execute(
            "UPDATE version SET edit = :edit WHERE id = :id",
            {"edit": orjson.dumps(edit).decode(), "id": version_id},
        )

    def _join(self, photo_id: int, others: list[int]) -> None:
        firsts = {first for each in (photo_id, *others) if (first := self._first_of(each))}
        first = min(firsts)
        was_stock = any(self._is_stock(each) for each in firsts)
        for each in firsts - {first}:
            self._db.execute(
                "UPDATE picture SET first_id = :first, is_stock = 0 WHERE first_id = :old",
                {"first": first, "old": each},
            )
        if was_stock:
            self._db.execute(
                "UPDATE picture SET is_stock = 1 WHERE photo_id = :first", {"first": first}
            )

    def _first_of(self, photo_id: int) -> int | None:
        row = self._db.execute(
            "SELECT first_id FROM picture WHERE photo_id = :id", {"id": photo_id}
        ).fetchone()
        return row[0] if row else None

    def _is_stock(self, first_id: int) -> bool:
        row = self._db.execute(
            "SELECT is_stock FROM picture WHERE photo_id = :id", {"id": first_id}
        ).fetchone()
        return bool(row and row[0])

    def _filled_index(self, before_id: int) -> "PhotoIndex":
        """The index of the earlier photos; what a transaction took back is not in it."""
        (count,) = self._db.execute(_COUNT, {"least": LEAST_CONTRAST}).fetchone()
        if self._index is None or len(self._index) != count - 1:
            from archive.photo_index import PhotoIndex

            self._index = PhotoIndex(self._views_of)
            self._index.fill(
                self._db.execute(_EARLIER, {"least": LEAST_CONTRAST, "before": before_id})
            )
        return self._index

    def _views_of(self, photo_id: int) -> bytes:
        (views,) = self._db.execute(
            "SELECT views FROM picture WHERE photo_id = :id", {"id": photo_id}
        ).fetchone()
        return bytes(views)


_INSERT_PICTURE = """
INSERT INTO picture (photo_id, first_id, views, contrast, not_hashed, caption, credit)
VALUES (:photo, :photo, :views, :contrast, :not_hashed, :caption, :credit)
"""

_COUNT = "SELECT count(*) FROM picture WHERE contrast >= :least"

_EARLIER = """
SELECT photo_id, views FROM picture WHERE contrast >= :least AND photo_id < :before
ORDER BY photo_id
"""

_SPREAD = """
SELECT count(DISTINCT coalesce(article.story_id, article.id)),
       count(DISTINCT substr(article.first_seen_at, 1, 10))
FROM picture
JOIN version_photo ON version_photo.photo_id = picture.photo_id
JOIN version ON version.id = version_photo.version_id
JOIN article ON article.id = version.article_id
WHERE picture.first_id = :first
"""

# Photos that only one of a version and the one before it shows, by their pictures.
_REPLACED = """
WITH pair (new_id, old_id) AS (
    SELECT version.id, (SELECT old.id FROM version AS old
                        WHERE old.article_id = version.article_id AND old.number < version.number
                        ORDER BY old.number DESC LIMIT 1)
    FROM version_edit JOIN version ON version.id = version_edit.version_id
    WHERE version_edit.kind = :kind AND version_edit.version_id = :version
)
SELECT 'new', picture.first_id FROM pair
JOIN version_photo AS shown ON shown.version_id = pair.new_id
LEFT JOIN picture ON picture.photo_id = shown.photo_id
WHERE shown.ledger_id NOT IN (SELECT ledger_id FROM version_photo WHERE version_id = pair.old_id)
UNION ALL
SELECT 'old', picture.first_id FROM pair
JOIN version_photo AS shown ON shown.version_id = pair.old_id
LEFT JOIN picture ON picture.photo_id = shown.photo_id
WHERE shown.ledger_id NOT IN (SELECT ledger_id FROM version_photo WHERE version_id = pair.new_id)
"""
