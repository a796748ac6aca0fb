"""The JSON shapes that leave the archive: one for the command line, the exports and the API."""

from dataclasses import asdict
from typing import Any

from archive.article import article_to_dict
from archive.catalogue.prominence import places_of
from archive.catalogue.reader import CatalogueReader
from archive.catalogue.rows import ArticleRow, CaptureRow, ChangeRow, VersionRow
from archive.catalogue.sighted import sightings_of
from archive.feed_titles import unseen_titles
from archive.picture_view import PictureView, pictures_of
from archive.rendering import RenderedRecord

SCHEMA_VERSION = 1


def version_shape(reader: CatalogueReader, row: ArticleRow, version: VersionRow) -> dict[str, Any]:
    """A version as JSON: the article as extracted, and under `archive` what the archive knows.

    `archive.capture` leads to the bytes: segment, offset and length of the WARC record, and the
    SHA-256 of its payload. `archive.photos` says which of the photos' bytes are here, and
    `archive.url` where the article is now: a move alone makes no version.
    """
    capture = reader.capture_by_id(version.first_capture_id)
    return {
        **article_to_dict(version.article),
        "archive": {
            "id": row.id,
            "key": row.key,
            "source": row.source,
            "url": row.canonical_url,
            "state": row.state,
            "version": version.number,
            "versions": row.versions,
            "version_sha256": version.version_sha256,
            "first_seen_at": version.first_seen_at,
            "last_seen_at": version.last_seen_at,
            "missing_since": row.missing_since,
            "hidden_since": row.hidden_since,
            "capture": None if capture is None else capture_shape(capture),
            "photos": [photo.sha256 for photo in reader.photos_of(version.id)],
        },
    }


def article_shape(reader: CatalogueReader, row: ArticleRow, version: VersionRow) -> dict[str, Any]:
    """A version as JSON, and under `archive` what changes without the article.

    `pictures` says where its pictures were used besides, `places` where it stood on the lists of
    its site, `sightings` what looks found in its place, `feed_titles` what feeds called it and its page never did. The exports leave them out:
    they change with every other article, and each line would ask for them.
    """
    shape = version_shape(reader, row, version)
    shape["archive"]["pictures"] = [
        _picture_shape(each) for each in pictures_of(reader, version.id)
    ]
    shape["archive"]["places"] = [asdict(each) for each in places_of(reader.db, row.id)]
    shape["archive"]["sightings"] = [asdict(each) for each in sightings_of(reader.db, row.id)]
    shape["archive"]["feed_titles"] = [asdict(each) for each in unseen_titles(reader, row.id)]
    return shape


def _picture_shape(picture: PictureView) -> dict[str, Any]:
    """A picture as JSON: in how many articles it is, which was the first, and what its files say."""
    first = picture.first_use
    return {
        "sha256": picture.sha256,
        "used_in": picture.used_in,
        "first_use": None
        if first is None
        else {"id": first.article_id, "source": first.source, "at": first.at},
        "is_stock": picture.is_stock,
        "maybe": [each.sha256 for each in picture.maybe],
        "caption": picture.file_caption,
        "credit": picture.file_credit,
        "not_hashed": picture.not_hashed,
    }


def capture_shape(capture: CaptureRow) -> dict[str, Any]:
    """A capture as JSON: when, what answered, and where its record lies."""
    return {
        "url": capture.url,
        "captured_at": capture.captured_at,
        "status": capture.status,
        "record_id": capture.record_id,
        "segment": capture.location.segment,
        "offset": capture.location.offset,
        "length": capture.location.length,
        "payload_sha256": capture.payload_sha256,
        "revisit_of": capture.revisit_of,
        "truncated": capture.truncated,
        "noarchive": capture.is_noarchive or capture.is_noarchive_in_page,
        "document": None if capture.document is None else _document_shape(capture.document),
    }


def _document_shape(document: RenderedRecord) -> dict[str, Any]:
    """Where the document lies that a browser made; in the segment of its capture."""
    return {
        "record_id": document.record_id,
        "offset": document.location.offset,
        "length": document.location.length,
        "sha256": document.sha256,
    }


def change_shape(reader: CatalogueReader, change: ChangeRow) -> dict[str, Any]:
    """A change as JSON, with the version that it made, or else the article's last one.

    `cursor` is the change's number: an export from there goes on behind it.
    """
    row = reader.article_by_id(change.article_id)
    assert row is not None  # a foreign key holds it
    version = (
        reader.version_by_id(change.version_id)
        if change.version_id is not None
        else reader.version_of(row.id, row.versions)
    )
    assert version is not None
    return {
        "schema": SCHEMA_VERSION,
        "cursor": change.id,
        "change": change.kind,
        "at": change.at,
        "detail": change.detail,
        "article": version_shape(reader, row, version),
    }
