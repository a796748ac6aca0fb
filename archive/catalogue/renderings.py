"""The documents that browsers made of answers, by the capture of the answer."""

from sqlite_utils import Database

from archive.rendering import RenderedRecord

# The segment is the capture's own: both were appended together.
RENDERING_TABLE = """
CREATE TABLE rendering (
    capture_id INTEGER PRIMARY KEY REFERENCES capture (id),
    record_id  TEXT    NOT NULL UNIQUE,
    dom_sha256 TEXT    NOT NULL CHECK (length(dom_sha256) = 64),
    "offset"   INTEGER NOT NULL CHECK ("offset" >= 0),           -- bytes, of the gzip member
    length     INTEGER NOT NULL CHECK (length > 0)
) STRICT"""


def insert_rendering(db: Database, capture_id: int, rendered: RenderedRecord) -> None:
    """Note where the document of a capture lies; call it within the writer's transaction."""
    db.execute(
        _INSERT,
        {
            "capture": capture_id,
            "record": rendered.record_id,
            "sha256": rendered.sha256,
            "offset": rendered.location.offset,
            "length": rendered.location.length,
        },
    )


_INSERT = """
INSERT INTO rendering (capture_id, record_id, dom_sha256, "offset", length)
VALUES (:capture, :record, :sha256, :offset, :length)
"""
