"""Reading the catalogue: articles, their versions and photos, the change log, where things stand."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlite_utils import Database

from archive.catalogue.captures import CAPTURE, capture_from
from archive.catalogue.connection import catalogue_error, is_of_the_file, open_reader
from archive.catalogue.contents import article_of
from archive.catalogue.doubts import IS_IN_DOUBT
from archive.catalogue.rows import (
    AddressRow,
    ArticleRow,
    CaptureRow,
    ChangeKind,
    ChangeRow,
    SourceRow,
    VersionPhotoRow,
    VersionRow,
    VersionSummary,
)


class CatalogueReader:
    """Read-only questions to a catalogue; a context manager, cheap to open.

    Each question is a short transaction of its own, so that a reader never holds up the writer's
    checkpoints.
    """

    def __init__(self, db: Database, path: Path) -> None:
        self.db = db
        self._path = path

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the catalogue file at `path`.

        Raises:
            NotAnArchive: it is not there.
            IntegrityError: it cannot be read.
        """
        return cls(open_reader(path), path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close it; an error of SQLite's becomes the archive's, with what repairs it."""
        self.db.close()
        if error is not None and is_of_the_file(error):
            raise catalogue_error(self._path, error) from error

    # Articles

    def find_article(self, reference: str) -> ArticleRow | None:
        """The article with this number, key or URL (any address that ever led to it).

        A key or URL of an article that was merged leads to the one that goes on.
        """
        if reference.isdigit() and (found := self.article_by_id(int(reference))):
            return found
        row = self.db.execute(_FIND, {"reference": reference}).fetchone()
        return self.article_by_id(self.going_on(row[0])) if row else None

    def going_on(self, article_id: int) -> int:
        """The article that goes on for this one: itself, where it was not merged."""
        row = self.db.execute(
            "SELECT into_id FROM identity WHERE article_id = :id", {"id": article_id}
        ).fetchone()
        return int(row[0]) if row else article_id

    def article_by_id(self, article_id: int) -> ArticleRow | None:
        """The article with this number, or None."""
        row = self.db.execute(_ARTICLE + "WHERE article.id = :id", {"id": article_id}).fetchone()
        return _article_from(row) if row else None

    def articles_of(self, source: str, limit: int = 100, offset: int = 0) -> tuple[ArticleRow, ...]:
        """The articles of a source, the last seen first."""
        rows = self.db.execute(
            _ARTICLE + _OF_SOURCE, {"source": source, "limit": limit, "offset": offset}
        )
        return tuple(map(_article_from, rows))

    def addresses_of(self, article_id: int) -> tuple[AddressRow, ...]:
        """Every URL that led to an article, the first seen first."""
        rows = self.db.execute(
            "SELECT url, first_seen_at, last_seen_at FROM address WHERE article_id = :id"
            " ORDER BY first_seen_at, url",
            {"id": article_id},
        )
        return tuple(
            AddressRow(url=url, first_seen_at=first, last_seen_at=last) for url, first, last in rows
        )

    def same_text_as(self, version_id: int) -> tuple[ArticleRow, ...]:
        """Other articles that carry the same text as this version, the first seen first."""
        rows = self.db.execute(_ARTICLE + _SAME_TEXT, {"id": version_id})
        return tuple(map(_article_from, rows))

    # Stories

    def story_members(self, article_id: int, limit: int) -> tuple[int, ...]:
        """The articles of the story that an article belongs to, itself too; () where it is alone."""
        rows = self.db.execute(
            "SELECT id FROM article WHERE story_id ="
            " (SELECT story_id FROM article WHERE id = :id)"
            " AND id NOT IN (SELECT article_id FROM identity) ORDER BY id LIMIT :limit",
            {"id": article_id, "limit": limit},
        )
        return tuple(id_ for (id_,) in rows)

    def later_reprints(self, article_id: int) -> tuple[ArticleRow, ...]:
        """Articles with the same text that are too far apart in time for one story."""
        rows = self.db.execute(_ARTICLE + _LATER, {"id": article_id})
        return tuple(map(_article_from, rows))

    def story_links(self, article_ids: tuple[int, ...]) -> tuple[dict[str, Any], ...]:
        """The links that these articles had when they came, with their figures."""
        links = []
        for article_id in article_ids:
            rows = self.db.execute(
                "SELECT article_id, other_id, shared, numbers, names FROM story_link"
                " WHERE article_id = :id AND is_later = 0",
                {"id": article_id},
            )
            names = ("article", "other", "shared", "numbers", "names")
            links += [dict(zip(names, row, strict=True)) for row in rows]
        return tuple(links)

    # Versions

    def versions_of(self, article_id: int) -> tuple[VersionRow, ...]:
        """The versions of an article, from its first to its last."""
        rows = self.db.execute(
            _VERSION + "WHERE article_id = :id ORDER BY number", {"id": article_id}
        )
        return tuple(map(_version_from, rows))

    def version_list(self, article_id: int) -> tuple[VersionSummary, ...]:
        """The versions of an article without their texts, from its first to its last."""
        rows = self.db.execute(_VERSION_LIST, {"id": article_id})
        return tuple(map(_summary_from, rows))

    def version_of(self, article_id: int, number: int) -> VersionRow | None:
        """The version of this number within its article, or None."""
        row = self.db.execute(
            _VERSION + "WHERE article_id = :id AND number = :number",
            {"id": article_id, "number": number},
        ).fetchone()
        return _version_from(row) if row else None

    def version_by_id(self, version_id: int) -> VersionRow | None:
        """The version with this row id, or None."""
        row = self.db.execute(_VERSION + "WHERE id = :id", {"id": version_id}).fetchone()
        return _version_from(row) if row else None

    def captures_of(self, version_id: int) -> tuple[CaptureRow, ...]:
        """The captures that found a version, the first one first."""
        rows = self.db.execute(
            CAPTURE + "JOIN observation ON observation.capture_id = capture.id"
            " WHERE observation.version_id = :id ORDER BY capture.id",
            {"id": version_id},
        )
        return tuple(map(capture_from, rows))

    # Photos

    def photos_of(self, version_id: int) -> tuple[VersionPhotoRow, ...]:
        """The photos that a version shows, in its order."""
        rows = self.db.execute(_PHOTOS, {"id": version_id})
        return tuple(
            VersionPhotoRow(**dict(zip(VersionPhotoRow.__slots__, row, strict=True)))
            for row in rows
        )

    def photo_capture(self, sha256: str) -> CaptureRow | None:
        """The capture whose record holds a photo's bytes, or None."""
        row = self.db.execute(CAPTURE + _PHOTO_CAPTURE, {"sha256": sha256}).fetchone()
        return capture_from(row) if row else None

    def capture_by_id(self, capture_id: int) -> CaptureRow | None:
        """The capture with this row id, or None."""
        row = self.db.execute(CAPTURE + "WHERE capture.id = :id", {"id": capture_id}).fetchone()
        return capture_from(row) if row else None

    def capture_of_record(self, record_id: str) -> CaptureRow | None:
        """The capture that a WARC record made, or None."""
        row = self.db.execute(
            CAPTURE + "WHERE capture.record_id = :id", {"id": record_id}
        ).fetchone()
        return capture_from(row) if row else None

    def all_captures(self) -> Iterator[CaptureRow]:
        """Every capture, in the order of the segments."""
        for row in self.db.execute(CAPTURE + "ORDER BY capture.id"):
            yield capture_from(row)

    def segments_in_state(self, state: str) -> tuple[str, ...]:
        """The names of the segments that are `open`, `sealed` or `stored`."""
        rows = self.db.execute(
            "SELECT name FROM segment WHERE state = :state ORDER BY name", {"state": state}
        )
        return tuple(name for (name,) in rows)

    def committed_bytes(self) -> dict[str, int]:
        """How far each segment has been acknowledged, by its name, in bytes."""
        return dict(self.db.execute("SELECT name, committed_bytes FROM segment"))

    # The change log

    def changes_after(self, cursor: int, limit: int) -> tuple[ChangeRow, ...]:
        """The changes with a number above `cursor`, in their order."""
        rows = self.db.execute(
            _CHANGE + "WHERE id > :cursor ORDER BY id LIMIT :limit",
            {"cursor": cursor, "limit": limit},
        )
        return tuple(map(_change_from, rows))

    def edits_of_kind(self, kind: str, before: int, limit: int) -> tuple[ChangeRow, ...]:
        """The changes below the number `before` that made a version by an edit of that kind, the
        newest first."""
        rows = self.db.execute(_EDITS, {"kind": kind, "before": before, "limit": limit})
        return tuple(map(_change_from, rows))

    def newest_changes(self, limit: int) -> tuple[ChangeRow, ...]:
        """The newest changes, the newest first."""
        rows = self.db.execute(_CHANGE + "ORDER BY id DESC LIMIT :limit", {"limit": limit})
        return tuple(map(_change_from, rows))

    def changes_of(self, article_id: int) -> tuple[ChangeRow, ...]:
        """The changes of one article, and of those that were merged into it, in their order."""
        rows = self.db.execute(_CHANGE + _OF_ARTICLE, {"id": article_id})
        return tuple(map(_change_from, rows))

    def last_change_id(self) -> int:
        """The number of the newest change; 0 where there is none."""
        return int(self.db.execute("SELECT coalesce(max(id), 0) FROM change").fetchone()[0])

    # Sources

    def publishers(self) -> dict[str, str]:
        """The publisher of each source by the source's name, in the order of names."""
        rows = self.db.execute("SELECT name, publisher FROM source ORDER BY name").fetchall()
        return {str(name): str(publisher or name) for name, publisher in rows}

    def sources(self) -> tuple[SourceRow, ...]:
        """The sources that were ever crawled, by name."""
        rows = self.db.execute(_SOURCES)
        return tuple(SourceRow(**dict(zip(SourceRow.__slots__, row, strict=True))) for row in rows)


def _article_from(row: tuple[Any, ...]) -> ArticleRow:
    return ArticleRow(**dict(zip(ArticleRow.__slots__, row, strict=True)))


def _version_from(row: tuple[Any, ...]) -> VersionRow:
    *known, packed, base = row
    names = VersionRow.__slots__[:-1]
    return VersionRow(**dict(zip(names, known, strict=True)), article=article_of(packed, base))


def _summary_from(row: tuple[Any, ...]) -> VersionSummary:
    *known, is_in_doubt, edit = row
    names = VersionSummary.__slots__[:-2]
    return VersionSummary(
        **dict(zip(names, known, strict=True)),
        is_in_doubt=bool(is_in_doubt),
        edit=json.loads(edit) if edit else None,
    )


def _change_from(row: tuple[Any, ...]) -> ChangeRow:
    id_, at, kind, article_id, version_id, capture_id, detail = row
    return ChangeRow(
        id=id_,
        at=at,
        kind=ChangeKind(kind),
        article_id=article_id,
        version_id=version_id,
        capture_id=capture_id,
        detail=json.loads(detail),
    )


_FIND = """
SELECT id FROM article WHERE key = :reference
UNION ALL SELECT id FROM article WHERE canonical_url = :reference
UNION ALL SELECT article_id FROM address WHERE url = :reference
LIMIT 1
"""

_ARTICLE = """
SELECT article.id, source.name, article.key, article.canonical_url, version.title, article.state,
       article.first_seen_at, article.last_seen_at, article.missing_since, article.versions,
       article.hidden_since
FROM article
JOIN source ON source.id = article.source_id
JOIN version ON version.id = article.last_version_id
"""

_OF_SOURCE = """
WHERE source.name = :source AND article.id NOT IN (SELECT article_id FROM identity)
ORDER BY article.last_seen_at DESC, article.id DESC LIMIT :limit OFFSET :offset
"""

_SAME_TEXT = """
WHERE article.id IN (
    SELECT other.article_id FROM version AS this
    JOIN version AS other ON other.text_sha256 = this.text_sha256
    WHERE this.id = :id AND other.article_id <> this.article_id)
ORDER BY article.id
"""

_LATER = """
WHERE article.id IN (
    SELECT other_id FROM story_link WHERE article_id = :id AND is_later
    UNION SELECT article_id FROM story_link WHERE other_id = :id AND is_later)
ORDER BY article.id
"""

_VERSION = """
SELECT id, article_id, number, version_sha256, first_seen_at, last_seen_at, first_capture_id,
       observations, text.packed, base.packed
FROM version
JOIN version_content AS text ON text.version_id = version.id
LEFT JOIN version_content AS base ON base.version_id = text.base_id
"""

_VERSION_LIST = f"""
SELECT id, article_id, number, version_sha256, first_seen_at, last_seen_at, observations, headline,
       title, {IS_IN_DOUBT}, edit
FROM version
WHERE article_id = :id
ORDER BY number
"""  # noqa: S608 (no values)

_PHOTOS = """
SELECT position, url, shown.caption, shown.credit, alt, photo.sha256, photo.mime, photo.width_px,
       photo.height_px, photo.size_bytes, picture.caption, picture.credit
FROM version_photo AS shown
LEFT JOIN photo ON photo.id = shown.photo_id
LEFT JOIN picture ON picture.photo_id = shown.photo_id
WHERE version_id = :id
ORDER BY position
"""

_PHOTO_CAPTURE = """
WHERE capture.record_id = (
    SELECT coalesce(shown.revisit_of, shown.record_id) FROM photo
    JOIN capture AS shown ON shown.id = photo.capture_id
    WHERE photo.sha256 = :sha256)
"""

_CHANGE = "SELECT id, at, kind, article_id, version_id, capture_id, detail FROM change "

_OF_ARTICLE = """
WHERE article_id = :id
   OR article_id IN (SELECT identity.article_id FROM identity WHERE into_id = :id)
ORDER BY id
"""

_EDITS = """
SELECT change.id, at, change.kind, article_id, change.version_id, capture_id, detail
FROM version_edit
JOIN change ON change.version_id = version_edit.version_id
WHERE version_edit.kind = :kind AND change.id < :before
ORDER BY version_edit.version_id DESC LIMIT :limit
"""

_SOURCES = """
SELECT source.id, source.name, source.publisher, source.host, source.kind, source.language,
       source.last_run_at,
       (SELECT count(*) FROM article WHERE article.source_id = source.id)
FROM source
ORDER BY source.name
"""
