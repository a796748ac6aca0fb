"""Every use of a picture: which articles showed it, in any size and cut, and which one was first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from archive.catalogue.reader import CatalogueReader
from archive.photo_hash import LEAST_CONTRAST

MOST_USES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureUse:
    """An article that shows a picture, with the first version that did.

    sha256  of the photo that it shows, which may be another size or cut
    """

    article_id: int
    source: str
    title: str
    version: int
    at: str
    sha256: str
    caption: str | None
    credit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureLike:
    """A photo that may show the same picture, by so many of 256 bits that differ."""

    sha256: str
    bits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureWord:
    """What a person said of this photo and another one: whether they show one picture, and why."""

    sha256: str
    is_one: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureView:
    """What the archive tells of the picture of one photo.

    uses                     the first one first, `MOST_USES` at most; `used_in` counts the articles
    is_stock                 shown in so many stories over so many days that it says nothing of them
    not_hashed               why the picture could not be recognised, or None
    is_flat                  it shows too little contrast to be recognised elsewhere
    maybe                    photos that may show it too, the nearest first
    verdicts                 what a person said of this photo and others
    file_caption, file_credit  what its files say of it, which the page may leave out
    """

    sha256: str
    uses: tuple[PictureUse, ...]
    used_in: int
    is_stock: bool
    not_hashed: str | None
    is_flat: bool
    maybe: tuple[PictureLike, ...]
    verdicts: tuple[PictureWord, ...]
    file_caption: str | None
    file_credit: str | None

    @property
    def first_use(self) -> PictureUse | None:
        """The use that the archive saw first."""
        return self.uses[0] if self.uses else None


def find_picture(reader: CatalogueReader, sha256: str) -> PictureView | None:
    """What is known of the picture of a photo, or None where the photo is not known."""
    row = reader.db.execute(_PICTURE, {"sha256": sha256}).fetchone()
    if row is None:
        return None
    photo_id, first_id, is_stock, not_hashed, is_flat = row
    asked = {"photo": photo_id, "first": first_id}
    (used_in,) = reader.db.execute(_COUNT, asked).fetchone()
    words = reader.db.execute(_WORDS, asked).fetchone()
    return PictureView(
        sha256=sha256,
        uses=tuple(_uses(reader, asked)),
        used_in=used_in,
        is_stock=bool(is_stock),
        not_hashed=not_hashed,
        is_flat=bool(is_flat),
        maybe=tuple(
            PictureLike(sha256=other, bits=bits) for other, bits in reader.db.execute(_MAYBE, asked)
        ),
        verdicts=tuple(
            PictureWord(sha256=other, is_one=bool(is_one), why=why)
            for other, is_one, why in reader.db.execute(_VERDICTS, asked)
        ),
        file_caption=words[0],
        file_credit=words[1],
    )


def pictures_of(reader: CatalogueReader, version_id: int) -> tuple[PictureView, ...]:
    """The pictures that a version shows, in its order, each once; those whose bytes are here."""
    shown = dict.fromkeys(photo.sha256 for photo in reader.photos_of(version_id) if photo.sha256)
    found = (find_picture(reader, sha256) for sha256 in shown)
    return tuple(picture for picture in found if picture is not None)


def _uses(reader: CatalogueReader, asked: dict[str, Any]) -> Iterator[PictureUse]:
    for row in reader.db.execute(_USES, {**asked, "limit": MOST_USES}):
        yield PictureUse(**dict(zip(PictureUse.__slots__, row, strict=True)))


# A photo that an older release took has no picture of its own until a rebuild: it stands for itself.
_PICTURE = f"""
SELECT photo.id, coalesce(picture.first_id, photo.id), coalesce(first.is_stock, 0),
       picture.not_hashed, coalesce(picture.contrast < {LEAST_CONTRAST}, 0)
FROM photo
LEFT JOIN picture ON picture.photo_id = photo.id
LEFT JOIN picture AS first ON first.photo_id = picture.first_id
WHERE photo.sha256 = :sha256
"""  # noqa: S608 (our own number)

# Where a photo was swapped, the words beside it stayed.
_SHOWN = """
WITH same AS (SELECT photo_id FROM picture WHERE first_id = :first UNION SELECT :photo),
shown AS (
    SELECT version_id, photo_id, caption, credit, NULL AS at FROM same
    JOIN version_photo USING (photo_id)
    UNION ALL
    SELECT version_id, swap.photo_id, caption, credit, swap.at FROM same
    JOIN version_swap AS swap USING (photo_id)
    JOIN version_photo USING (version_id, position)
)
"""

_COUNT = f"""
{_SHOWN} SELECT count(DISTINCT version.article_id)
FROM shown JOIN version ON version.id = shown.version_id
"""  # noqa: S608 (no values)

_USES = f"""
{_SHOWN}
SELECT article.id, source.name, version.title, version.number,
       min(coalesce(shown.at, version.first_seen_at)) AS since,
       photo.sha256, shown.caption, shown.credit
FROM shown
JOIN photo ON photo.id = shown.photo_id
JOIN version ON version.id = shown.version_id
JOIN article ON article.id = version.article_id
JOIN source ON source.id = article.source_id
GROUP BY article.id ORDER BY since, article.id LIMIT :limit
"""  # noqa: S608 (no values)

_MAYBE = """
SELECT photo.sha256, min(link.bits) FROM (
    SELECT other_id AS id, bits FROM picture_link WHERE photo_id = :photo
    UNION ALL SELECT photo_id, bits FROM picture_link WHERE other_id = :photo) AS link
JOIN photo ON photo.id = link.id
JOIN picture ON picture.photo_id = link.id
WHERE picture.first_id <> :first AND NOT EXISTS (
    SELECT 1 FROM picture_verdict AS verdict
    WHERE (one_id, verdict.other_id) IN ((:photo, link.id), (link.id, :photo)))
GROUP BY photo.sha256 ORDER BY min(link.bits), photo.id
"""

_WORDS = """
SELECT max(caption), max(credit) FROM picture WHERE first_id = :first OR photo_id = :photo
"""

_VERDICTS = """
SELECT photo.sha256, verdict.is_one, verdict.why FROM picture_verdict AS verdict
JOIN photo ON photo.id IN (one_id, other_id) AND photo.id <> :photo
WHERE :photo IN (one_id, other_id) ORDER BY judged_at, photo.id
"""
