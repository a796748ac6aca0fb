"""Looking at photos that an older release took without looking: the same rows as after a rebuild.

A crawl looks at some of them at its end; `salname photos hash` at all.
"""

from archive.catalogue.connection import atomic
from archive.catalogue.pictures import PictureTables
from archive.catalogue.writer import CatalogueWriter
from archive.errors import ArchiveError
from archive.folder import ArchiveFolder
from archive.holdings import Holdings
from archive.http_message import http_of
from archive.photo_looks import looked_at
from archive.reading import PhotoFacts, PhotoLook
from archive.segment import find_segment_file
from archive.warc import Location

_GROUP = 50  # photos a transaction


def look_back(
    folder: ArchiveFolder, catalogue: CatalogueWriter, *, limit: int | None = None
) -> int:
    """Look at photos that nobody has looked at; how many were.

    limit  the newest so many below those that were looked at, of segments that lie here; None for
           all, wherever they lie
    """
    pictures, holdings = PictureTables(catalogue.db), Holdings(folder)
    rows = catalogue.db.execute(_LEFT, {"limit": limit}).fetchall()
    looked = 0
    for start in range(0, len(rows), _GROUP):
        with atomic(catalogue.db, folder.catalogue_path):
            for photo_id, sha256, name, offset, length in rows[start : start + _GROUP]:
                location = Location(segment=name, offset=offset, length=length)
                is_here = find_segment_file(folder.segments_path, location.segment) is not None
                look = _look_of(holdings, location, sha256) if is_here or limit is None else None
                if look is not None:
                    pictures.place_late(photo_id, look)
                    looked += 1
    return looked


def _look_of(holdings: Holdings, location: Location, sha256: str) -> PhotoLook | None:
    """None where its bytes cannot be read, which `salname verify` tells."""
    try:
        body = http_of(holdings.read(location)).content().body
    except ArchiveError:
        return None
    facts = PhotoFacts(sha256=sha256, mime="", width_px=0, height_px=0, size_bytes=len(body))
    return looked_at(facts, body).look


# A crawl asks for those below the lowest that was looked at: for one number, where all were.
_LEFT = """
SELECT photo.id, photo.sha256, segment.name, capture."offset", capture.length
FROM photo
JOIN capture ON capture.id = photo.capture_id
JOIN segment ON segment.id = capture.segment_id
WHERE capture.revisit_of IS NULL AND photo.id NOT IN (SELECT photo_id FROM picture)
    AND photo.id < coalesce(
        CASE WHEN :limit IS NOT NULL THEN (SELECT min(photo_id) FROM picture) END, 1 << 62)
ORDER BY photo.id DESC LIMIT coalesce(:limit, -1)
"""
