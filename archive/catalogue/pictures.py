"""Pictures: which photos show the same one, where it was used first, and what stock is.

A photo is bytes, a picture is what they show. Of photos that are surely the same picture, the
first one's number stands for it; photos that may be the same stay apart, with the bits that differ.
"""

from typing import TYPE_CHECKING

import orjson
from sqlite_utils import Database

from archive.catalogue.picture_groups import PictureGroups, is_joining
from archive.edits import EditKind
from archive.photo_hash import HASH_BYTES, LEAST_CONTRAST, MAYBE_BITS
from archive.photo_looks import hash_of
from archive.reading import PhotoLook, PictureVerdict

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
        self._groups = PictureGroups(db)
        self._index: PhotoIndex | None = None
        self._last: tuple[int, bytes] = (0, b"")  # that the index was given

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
        self._last = (photo_id, found.views)
        for alike in near:
            self._db.execute(
                "INSERT INTO picture_link (photo_id, other_id, bits)"
                " VALUES (:photo, :other, :bits)",
                {
                    "photo": max(photo_id, alike.photo_id),
                    "other": min(photo_id, alike.photo_id),
                    "bits": alike.bits,
                },
            )
        same = [each for each in near if is_joining(photo_id, each.photo_id, each.bits)]
        self._groups.join(photo_id, [each.photo_id for each in same])

    def note_use(self, photo_id: int) -> None:
        """A version shows a photo: its picture may have become stock."""
        first = self._groups.first_of(photo_id)
        if first is None or self._groups.is_stock(first):
            return
        stories, days = self._db.execute(_SPREAD, {"first": first}).fetchone()
        if stories > STOCK_STORIES and days > STOCK_DAYS:
            self._db.execute(
                "UPDATE picture SET is_stock = 1 WHERE photo_id = :first", {"first": first}
            )

    def place_late(self, photo_id: int, look: PhotoLook) -> None:
        """Note what a photo looks like that versions have shown for long."""
        self.place(photo_id, look)
        self._review((photo_id,))

    def judge(self, verdict: PictureVerdict) -> None:
        """Join or part the pictures of two photos, as a person says."""
        self._review(self._groups.judge(verdict))

    def are_one(self, one_id: int, other_id: int) -> bool:
        """Whether two photos show the same picture, as far as is known."""
        first = self._groups.first_of(one_id)
        return first is not None and first == self._groups.first_of(other_id)

    def _review(self, photo_ids: tuple[int, ...]) -> None:
        """Tell again what depends on the pictures of these photos."""
        for photo_id in photo_ids:
            self.note_use(photo_id)
            for (version_id,) in self._db.execute(_EDITED, {"photo": photo_id}).fetchall():
                self.review_edit(version_id)

    def review_edit(self, version_id: int) -> None:
        """A photo that was replaced by another cut of its picture was recropped, no more.

        Its bytes may come after the version was told; the change log says what was known then.
        """
        rows = self._db.execute(_REPLACED, {"version": version_id}).fetchall()
        gone = {first for side, first in rows if side == "old"}
        come = {first for side, first in rows if side == "new"}
        if None in gone | come or not rows:
            return
        kinds = [EditKind.PHOTO_REPLACED] if gone != come else []
        if gone & come:
            kinds.append(EditKind.PHOTO_RECROPPED)
        self._db.execute(
            "DELETE FROM version_edit WHERE version_id = :version"
            " AND kind IN ('photo-replaced', 'photo-recropped')",
            {"version": version_id},
        )
        for kind in kinds:
            self._db.execute(
                "INSERT INTO version_edit (kind, version_id) VALUES (:kind, :version)",
                {"kind": kind, "version": version_id},
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

    def _filled_index(self, but_id: int) -> "PhotoIndex":
        """The index of the other photos; what a transaction took back is not in it."""
        last_id, views = self._last
        if self._index is None or last_id == but_id or self._views_of(last_id) != views:
            from archive.photo_index import PhotoIndex

            self._index = PhotoIndex(self._views_of)
            self._index.fill(self._db.execute(_OTHERS, {"least": LEAST_CONTRAST, "photo": but_id}))
        return self._index

    def _views_of(self, photo_id: int) -> bytes:
        row = self._db.execute(
            "SELECT views FROM picture WHERE photo_id = :id", {"id": photo_id}
        ).fetchone()
        return bytes(row[0]) if row else b""


_INSERT_PICTURE = """
INSERT INTO picture (photo_id, first_id, views, contrast, not_hashed, caption, credit)
VALUES (:photo, :photo, :views, :contrast, :not_hashed, :caption, :credit)
"""

_OTHERS = """
SELECT photo_id, views FROM picture WHERE contrast >= :least AND photo_id <> :photo
ORDER BY photo_id
"""

_SPREAD = """
WITH same AS (SELECT photo_id FROM picture WHERE first_id = :first),
shown AS (
    SELECT version_id FROM same JOIN version_photo USING (photo_id)
    UNION
    SELECT version_id FROM same JOIN version_swap USING (photo_id)
)
SELECT count(DISTINCT coalesce(article.story_id, article.id)),
       count(DISTINCT substr(article.first_seen_at, 1, 10))
FROM shown
JOIN version ON version.id = shown.version_id
JOIN article ON article.id = version.article_id
"""

# Photos that only one of a version and the one before it shows, by their pictures.
_REPLACED = """
WITH pair (new_id, old_id) AS (
    SELECT version.id, (SELECT old.id FROM version AS old
                        WHERE old.article_id = version.article_id AND old.number < version.number
                        ORDER BY old.number DESC LIMIT 1)
    FROM version_edit JOIN version ON version.id = version_edit.version_id
    WHERE version_edit.kind IN ('photo-replaced', 'photo-recropped')
        AND version_edit.version_id = :version
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

# Versions that show a photo, and those after them, whose edit speaks of photos that were replaced.
_EDITED = """
SELECT edited.id FROM version_photo AS shown
JOIN version ON version.id = shown.version_id
JOIN version AS edited ON edited.article_id = version.article_id
    AND edited.number IN (version.number, version.number + 1)
JOIN version_edit ON version_edit.version_id = edited.id
    AND version_edit.kind IN ('photo-replaced', 'photo-recropped')
WHERE shown.photo_id = :photo
GROUP BY edited.id
"""
