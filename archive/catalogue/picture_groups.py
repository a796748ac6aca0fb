"""Photos that show one picture: joined by their hashes or by a person, and parted again.

Of photos that are joined the first one's number stands for the picture. What a person said of two
photos goes before what their hashes say, for these two and for all that is joined to them.
"""

from collections.abc import Iterable
from itertools import chain

from sqlite_utils import Database

from archive.photo_hash import sure_bits
from archive.reading import PictureVerdict

_TIME = "GLOB '????-??-??T??:??:??.??????Z'"

VERDICT_TABLE = f"""
CREATE TABLE picture_verdict (
    one_id    INTEGER NOT NULL REFERENCES photo (id),            -- the smaller number
    other_id  INTEGER NOT NULL REFERENCES photo (id),
    is_one    INTEGER NOT NULL CHECK (is_one IN (0, 1)),         -- a person says so
    why       TEXT    NOT NULL,
    judged_at TEXT    NOT NULL CHECK (judged_at {_TIME}),
    PRIMARY KEY (one_id, other_id),
    CHECK (one_id < other_id)
) STRICT, WITHOUT ROWID
"""


def is_joining(one_id: int, other_id: int, bits: int) -> bool:
    """Whether two photos are surely the same picture, among those that there were then."""
    return bits <= sure_bits(max(one_id, other_id))


class PictureGroups:
    """Which photo stands for which, within the writer's transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def first_of(self, photo_id: int) -> int | None:
        """The photo that stands for the picture; None where nobody has looked at this one."""
        row = self._db.execute(
            "SELECT first_id FROM picture WHERE photo_id = :id", {"id": photo_id}
        ).fetchone()
        return row[0] if row else None

    def is_stock(self, first_id: int) -> bool:
        """Whether a picture is stock."""
        row = self._db.execute(
            "SELECT is_stock FROM picture WHERE photo_id = :id", {"id": first_id}
        ).fetchone()
        return bool(row and row[0])

    def join(self, photo_id: int, others: Iterable[int]) -> None:
        """Join a photo to those of its picture, the nearest first; not to what a person parted."""
        for other_id in others:
            one, other = self.first_of(photo_id), self.first_of(other_id)
            if one and other and one != other and not self._are_apart(one, other):
                self._unite(one, other)

    def judge(self, verdict: PictureVerdict) -> tuple[int, ...]:
        """Apply what a person says; the photos whose picture may be another one now."""
        ids = sorted(filter(None, map(self._id_of, (verdict.sha256, verdict.other_sha256))))
        if len(set(ids)) < 2:
            return ()
        one, other = ids
        self._db.execute(
            _JUDGE,
            {
                "one": one,
                "other": other,
                "is_one": verdict.is_one,
                "why": verdict.why,
                "at": verdict.at,
            },
        )
        firsts = sorted({self.first_of(one) or one, self.first_of(other) or other})
        if verdict.is_one == (len(firsts) == 1):
            return ()
        members = tuple(chain.from_iterable(map(self._members_of, firsts)))
        if verdict.is_one:
            self.join(one, (other,))
        else:
            self._part(members)
        return members

    def _id_of(self, sha256: str) -> int | None:
        """The photo with this digest; None where it is not known, or nobody has looked at it."""
        row = self._db.execute(
            "SELECT id FROM photo JOIN picture ON photo_id = id WHERE sha256 = :sha256",
            {"sha256": sha256},
        ).fetchone()
        return row[0] if row else None

    def _unite(self, one: int, other: int) -> None:
        first, later = min(one, other), max(one, other)
        was_stock = self.is_stock(one) or self.is_stock(other)
        self._db.execute(
            "UPDATE picture SET first_id = :first, is_stock = 0 WHERE first_id = :later",
            {"first": first, "later": later},
        )
        if was_stock:
            self._db.execute(
                "UPDATE picture SET is_stock = 1 WHERE photo_id = :first", {"first": first}
            )

    def _part(self, members: tuple[int, ...]) -> None:
        """Join these photos anew, the strongest links first, but for what a person parted."""
        for photo_id in members:
            self._db.execute(
                "UPDATE picture SET first_id = photo_id, is_stock = 0 WHERE photo_id = :id",
                {"id": photo_id},
            )
        known = set(members)
        links = [
            link
            for photo_id in members
            for link in self._db.execute(_LINKS, {"photo": photo_id})
            if link[2] in known and is_joining(photo_id, link[2], link[0])
        ]
        for _, photo_id, other_id in sorted(links):
            self.join(photo_id, (other_id,))

    def _members_of(self, first_id: int) -> tuple[int, ...]:
        rows = self._db.execute(
            "SELECT photo_id FROM picture WHERE first_id = :first ORDER BY photo_id",
            {"first": first_id},
        )
        return tuple(photo_id for (photo_id,) in rows)

    def _are_apart(self, one: int, other: int) -> bool:
        row = self._db.execute(_ARE_APART, {"one": one, "other": other}).fetchone()
        return row is not None


_JUDGE = """
INSERT INTO picture_verdict (one_id, other_id, is_one, why, judged_at)
VALUES (:one, :other, :is_one, :why, :at)
ON CONFLICT (one_id, other_id) DO UPDATE SET is_one = excluded.is_one, why = excluded.why,
    judged_at = excluded.judged_at
"""

# What joins a photo to others: a person's word before the bits that differ.
_LINKS = """
SELECT bits, photo_id, other_id FROM picture_link WHERE photo_id = :photo
UNION ALL
SELECT -1, one_id, other_id FROM picture_verdict WHERE one_id = :photo AND is_one
"""

_ARE_APART = """
SELECT 1 FROM picture_verdict AS verdict
JOIN picture AS one ON one.photo_id = verdict.one_id
JOIN picture AS other ON other.photo_id = verdict.other_id
WHERE NOT verdict.is_one AND (one.first_id, other.first_id) IN ((:one, :other), (:other, :one))
LIMIT 1
"""
