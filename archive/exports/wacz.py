"""WACZ: captures with their index and a list of pages in one file, which ReplayWeb.page opens.

The file is a zip that stores its parts as they are: `archive/data.warc.gz` with the answers, copied
member by member as they lie in the segments; `indexes/index.cdx.gz` in blocks that `index.idx`
finds; `pages/pages.jsonl` with a line for each version; and `datapackage.json` with the digests.
A capture whose page asks archives to show no copies of it is left out.

Source: WACZ 1.1.1 and CDXJ of Webrecorder's specifications (https://specs.webrecorder.net).
"""

import gzip
import hashlib
import io
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import IO, Any, BinaryIO
from zipfile import ZIP64_LIMIT, ZipFile, ZipInfo

from archive.catalogue.picked import (
    Picked,
    PickedPage,
    Selection,
    find_pages,
    find_picked,
    picked_bytes,
)
from archive.catalogue.reader import CatalogueReader
from archive.cdxj import cdxj_of
from archive.errors import IntegrityError, WrongUse
from archive.folder import ArchiveFolder
from archive.holdings import Holdings
from archive.members import member_of
from archive.records import warcinfo_record
from archive.segment_reading import record_at
from archive.warc import Location, Record, record_bytes

WACZ_VERSION = "1.1.1"
_WARC = "data.warc.gz"
_BLOCK_LINES = 3000  # of the index, as cdxj-indexer makes them
_CHUNK_BYTES = 1 << 20
_HELD_BYTES = 32 << 20  # of a file whose length is not known beforehand


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What a WACZ holds: `captures` are records of answers, `pages` lines of its list."""

    captures: int
    pages: int


def write_wacz(
    file: BinaryIO,
    folder: ArchiveFolder,
    reader: CatalogueReader,
    selection: Selection,
    *,
    software: str,
    at: datetime,
) -> Packed:
    """Write the captures that a selection picks, in the order in which they were recorded.

    The index is held in memory, about 400 bytes a capture; the records are not.

    at  when it is made

    Raises:
        WrongUse: the selection picks no capture.
        IntegrityError: a record is not there, or is damaged.
        StoreError: a segment is in the store alone, which does not answer.
    """
    with ZipFile(file, "w") as packed:
        parts = _Parts(packed, at)
        first = _warcinfo(software, at)
        size_bytes = len(first) + picked_bytes(reader.db, selection)
        with parts.added(f"archive/{_WARC}", size_bytes) as warc:
            warc.write(first)
            index = cdxj_of(_copied(warc, folder, reader, selection), _WARC)
        lines = index.splitlines(keepends=True)
        if not lines:
            raise WrongUse("The archive has no capture of that source and time to export.")
        _write_index(parts, lines)
        pages = _write_pages(parts, reader, selection)
        _write_package(parts, software, at)
    return Packed(captures=len(lines), pages=pages)


class _Part:
    """One file of the zip while it is written: digested, and counted in bytes."""

    def __init__(self, out: IO[bytes]) -> None:
        self.size_bytes = 0
        self.digest = hashlib.sha256()
        self._out = out

    def write(self, piece: bytes) -> None:
        self._out.write(piece)
        self.digest.update(piece)
        self.size_bytes += len(piece)


class _Parts:
    """The files of the zip, and what `datapackage.json` says of them."""

    def __init__(self, packed: ZipFile, at: datetime) -> None:
        self.resources: list[dict[str, Any]] = []
        self._packed = packed
        self._at = at.timetuple()[:6]

    @contextmanager
    def added(self, path: str, size_bytes: int | None = None) -> Iterator[_Part]:
        """A file to be written; `size_bytes` where they are known, else it waits until they are.

        ReplayWeb.page takes it that a file without an extra field in the zip's directory has none
        before its bytes either, so that those of zip64 may stand only where they must.
        """
        if size_bytes is None:
            with tempfile.SpooledTemporaryFile(_HELD_BYTES) as waiting:
                yield _Part(waiting)
                size_bytes = waiting.tell()
                waiting.seek(0)
                with self.added(path, size_bytes) as part:
                    while piece := waiting.read(_CHUNK_BYTES):
                        part.write(piece)
            return
        is_long = size_bytes > ZIP64_LIMIT
        with self._packed.open(ZipInfo(path, self._at), "w", force_zip64=is_long) as out:
            part = _Part(out)
            yield part
        self.resources.append(
            {
                "name": path.rpartition("/")[2],
                "path": path,
                "hash": f"sha256:{part.digest.hexdigest()}",
                "bytes": part.size_bytes,
            }
        )


def _warcinfo(software: str, at: datetime) -> bytes:
    about = (("software", software), ("description", "copied from the segments of an archive"))
    return member_of(record_bytes(warcinfo_record(filename=_WARC, at=at, about=about)))


def _copied(
    warc: _Part,
    folder: ArchiveFolder,
    reader: CatalogueReader,
    selection: Selection,
) -> Iterator[tuple[Location, Record]]:
    """Copy each record's member, proved; where it lies now, and the record."""
    holdings = Holdings(folder)
    for segment, picked in groupby(find_picked(reader.db, selection), Picked.segment_of):
        held = holdings.find(segment)
        if held is None:
            raise IntegrityError(f"Segment {segment} is not there. Take it from another copy.")
        with held.opened() as file:
            for each in picked:
                begin = warc.size_bytes
                record = _copy(file, each.location, warc)
                yield Location(segment=_WARC, offset=begin, length=each.location.length), record


def _copy(file: BinaryIO, location: Location, warc: _Part) -> Record:
    """Copy one member of a segment that is open, and give its record, which was proved first."""
    open_file = nullcontext(file)
    record = record_at(lambda: open_file, location.offset, location)
    file.seek(location.offset)
    left = location.length
    while left and (piece := file.read(min(left, _CHUNK_BYTES))):
        warc.write(piece)
        left -= len(piece)
    return record


def _write_index(parts: _Parts, lines: list[bytes]) -> None:
    """The index in blocks of gzip, and the lines that say where each begins."""
    about = {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}
    places = io.StringIO()
    places.write(f"!meta 0 {json.dumps(about)}\n")
    with parts.added("indexes/index.cdx.gz") as out:
        for start in range(0, len(lines), _BLOCK_LINES):
            block = gzip.compress(b"".join(lines[start : start + _BLOCK_LINES]), mtime=0)
            key = lines[start].decode().partition(" {")[0]
            place = {
                "offset": out.size_bytes,
                "length": len(block),
                "digest": f"sha256:{hashlib.sha256(block).hexdigest()}",
            }
            places.write(f"{key} {json.dumps(place)}\n")
            out.write(block)
    with parts.added("indexes/index.idx") as out:
        out.write(places.getvalue().encode())


def _write_pages(parts: _Parts, reader: CatalogueReader, selection: Selection) -> int:
    count = 0
    with parts.added("pages/pages.jsonl") as out:
        head = {"format": "json-pages-1.0", "id": "pages", "title": "Məqalələr", "hasText": True}
        out.write(_line(head))
        for page in find_pages(reader.db, selection):
            out.write(_line(_shape_of(page, reader)))
            count += 1
    return count


def _shape_of(page: PickedPage, reader: CatalogueReader) -> dict[str, Any]:
    shape = {"id": str(page.version_id), "url": page.url, "ts": f"{page.captured_at[:19]}Z"}
    if (version := reader.version_by_id(page.version_id)) is not None:
        shape |= {"title": version.article.headline, "text": version.article.text}
    return shape


def _write_package(parts: _Parts, software: str, at: datetime) -> None:
    package = {
        "profile": "data-package",
        "wacz_version": WACZ_VERSION,
        "software": software,
        "created": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "resources": list(parts.resources),
    }
    with parts.added("datapackage.json") as out:
        out.write(json.dumps(package, indent=2, ensure_ascii=False).encode())
    with parts.added("datapackage-digest.json") as out:
        hashed = parts.resources[-1]["hash"]
        out.write(json.dumps({"path": "datapackage.json", "hash": hashed}).encode())


def _line(shape: dict[str, Any]) -> bytes:
    return json.dumps(shape, ensure_ascii=False).encode() + b"\n"
