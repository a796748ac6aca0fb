"""The articles of versions as JSON, compressed: the first of an article and every 32nd by itself, the
others against the one before them that is. A live article's thousand versions differ in some words.

Measured on made-up pages: 8.6 kB of JSON are 1.7 kB by itself, and an edited version some 100 bytes;
packing takes 30 µs of CPU, less than SQLite takes for writing what is saved.
"""

from collections.abc import Iterable

import orjson
import zstandard
from sqlite_utils import Database

from archive.article import Article, article_from_dict, article_to_json
from archive.errors import IntegrityError

_LEVEL = 3
_VERSIONS_A_BASE = 32  # so that two frames are read for any version

CONTENT_TABLE = """
CREATE TABLE version_content (
    version_id INTEGER PRIMARY KEY REFERENCES version (id),
    base_id    INTEGER REFERENCES version_content (version_id),  -- its JSON is the dictionary; null: none
    packed     BLOB    NOT NULL                                  -- the article's JSON, as one zstd frame
) STRICT;
CREATE INDEX version_content_base ON version_content (base_id) WHERE base_id IS NOT NULL;
"""

_PACKED = """
SELECT text.packed, base.packed FROM version_content AS text
LEFT JOIN version_content AS base ON base.version_id = text.base_id
"""


def pack(content: bytes, base: bytes | None = None) -> bytes:
    """A version's JSON as it is stored; `base` is the JSON that it is held against."""
    compressor = zstandard.ZstdCompressor(
        level=_LEVEL, write_checksum=True, dict_data=_dictionary_of(base)
    )
    return compressor.compress(content)


def unpack(packed: bytes, base: bytes | None = None) -> bytes:
    """The JSON that was packed; `base` is the packed one that it was held against.

    Raises:
        IntegrityError: the bytes are not what was packed.
    """
    held = None if base is None else unpack(base)
    try:
        return zstandard.ZstdDecompressor(dict_data=_dictionary_of(held)).decompress(packed)
    except zstandard.ZstdError as error:
        raise IntegrityError(
            f"The text of a version cannot be read in the catalogue ({error}). "
            "The segments hold everything: run `salname rebuild`."
        ) from error


def article_of(packed: bytes, base: bytes | None) -> Article:
    """The article of a version, from its own and its base's packed bytes."""
    return article_from_dict(orjson.loads(unpack(packed, base)))


def _dictionary_of(content: bytes | None) -> zstandard.ZstdCompressionDict | None:
    if content is None:
        return None
    return zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


class ContentTable:
    """The table of articles' JSON, within the writer's transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, version_id: int, article_id: int, number: int, article: Article) -> None:
        """Keep the article of a new version, which is the one with this number of its article."""
        base_id = base = None
        if (number - 1) % _VERSIONS_A_BASE:
            base_id = self._base_of(article_id, number)
            base = self._json_of(base_id)
        self._insert(version_id, base_id, pack(article_to_json(article), base))

    def correct(self, version_id: int, article: Article) -> None:
        """Put another reading in the place of a version's; what is held against it, held anew."""
        held = self._db.execute(
            "SELECT version_id FROM version_content WHERE base_id = :id", {"id": version_id}
        ).fetchall()
        others = [(other, self._json_of(other)) for (other,) in held]
        (base_id,) = self._db.execute(
            "SELECT base_id FROM version_content WHERE version_id = :id", {"id": version_id}
        ).fetchone()
        base = None if base_id is None else self._json_of(base_id)
        content = article_to_json(article)
        self._replace(version_id, pack(content, base))
        for other, of_other in others:
            self._replace(other, pack(of_other, content))

    def article(self, version_id: int) -> Article:
        """The article of a version."""
        return article_from_dict(orjson.loads(self._json_of(version_id)))

    def newest(self, article_id: int) -> Article | None:
        """The article of the last version; None where there is none."""
        row = self._db.execute(_NEWEST, {"id": article_id}).fetchone()
        return article_of(*row) if row else None

    def pack_all(self, rows: Iterable[tuple[int, int, str]]) -> None:
        """Keep what an older release had as text: version, number and JSON, an
        article's together and in their order."""
        base_id = base = None
        for version_id, number, text in rows:
            content = text.encode()
            if (number - 1) % _VERSIONS_A_BASE == 0:
                self._insert(version_id, None, pack(content))
                base_id, base = version_id, content
            else:
                self._insert(version_id, base_id, pack(content, base))

    def _base_of(self, article_id: int, number: int) -> int:
        (base_id,) = self._db.execute(
            "SELECT id FROM version WHERE article_id = :article AND number = :number",
            {"article": article_id, "number": number - (number - 1) % _VERSIONS_A_BASE},
        ).fetchone()
        return int(base_id)

    def _json_of(self, version_id: int) -> bytes:
        row = self._db.execute(_OF_VERSION, {"id": version_id}).fetchone()
        return unpack(*row)

    def _insert(self, version_id: int, base_id: int | None, packed: bytes) -> None:
        self._db.execute(
            "INSERT INTO version_content (version_id, base_id, packed) VALUES (:id, :base, :packed)",
            {"id": version_id, "base": base_id, "packed": packed},
        )

    def _replace(self, version_id: int, packed: bytes) -> None:
        self._db.execute(
            "UPDATE version_content SET packed = :packed WHERE version_id = :id",
            {"id": version_id, "packed": packed},
        )


_OF_VERSION = _PACKED + "WHERE text.version_id = :id"

_NEWEST = f"{_PACKED}WHERE text.version_id = (SELECT last_version_id FROM article WHERE id = :id)"  # noqa: S608 (no values)
