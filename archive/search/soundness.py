"""Whether a search index is whole: the checksum of each of its files, and what it says it holds.

tantivy ends each of its data files with a footer that has the CRC-32 of what is before it, and
checks it only where it is told to, which its Python binding does not offer. The footer, which no
checksum covers, names the release too; one release writes all files of a segment.

Source: tantivy's `directory/footer.rs`: payload, JSON, the JSON's length and a magic number, both
little-endian and of 32 bits.
"""

import json
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from archive.catalogue.reader import CatalogueReader
from archive.search.files import committed_files
from archive.search.index import SearchIndex

_MAGIC = 1337
_TAIL = struct.Struct("<II")
_CHUNK_BYTES = 1 << 20


def check_index(folder: Path, catalogue: CatalogueReader) -> tuple[str, ...]:
    """What is wrong with the index in a folder, in sentences; nothing where there is none yet.

    Before its first commit an index has no `meta.json`: a kill leaves it so, and the next feed
    begins it anew.
    """
    if not (folder / "meta.json").exists():
        return ()
    releases: dict[str, set[str]] = {}
    wrong = []
    try:
        files = committed_files(folder)
    except (OSError, ValueError):
        files = []  # then it cannot be opened either
    for path in files:
        if (release := _release_of(path)) is None:
            wrong.append(f"{path} is damaged")
        elif path.suffix != ".del":  # which a later release may add
            releases.setdefault(path.stem, set()).add(release)
    wrong += [
        f"{folder / segment}.* is damaged: its files name several releases of tantivy"
        for segment, named in releases.items()
        if len(named) > 1
    ]
    if not wrong:
        wrong = list(_check_content(folder, catalogue))
    return tuple(f"{each}. `salname verify --repair` makes the index anew." for each in wrong)


def _check_content(folder: Path, catalogue: CatalogueReader) -> Iterator[str]:
    try:
        with SearchIndex.open(folder) as index:
            cursor, found = index.cursor, index.searcher()
            held = 0 if found is None else found[0].num_docs
    except (ValueError, OSError) as error:
        yield f"{folder} cannot be read ({error})"
        return
    if found is None:
        yield f"{folder} cannot be read"
        return
    last = catalogue.last_change_id()
    (versions,) = catalogue.db.execute(_TOLD, {"cursor": cursor}).fetchone()
    if cursor > last:
        yield f"{folder} has read {cursor} changes, of which the catalogue has {last}"
    elif held != versions + (cursor > 0):  # the mark is a document too
        yield f"{folder} holds {max(0, held - 1)} versions where the catalogue has told {versions}"


def _release_of(path: Path) -> str | None:
    """Which release wrote a file, as its footer says; None where its checksum is another."""
    size_bytes = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size_bytes - _TAIL.size))
        tail = file.read()
        if len(tail) < _TAIL.size:
            return None
        length, magic = _TAIL.unpack(tail)
        left = size_bytes - _TAIL.size - length
        if magic != _MAGIC or left < 0:
            return None
        file.seek(left)
        try:
            footer = json.loads(file.read(length))
            stated, release = footer["crc"], json.dumps(footer["version"], sort_keys=True)
        except (ValueError, KeyError, TypeError):
            return None
        file.seek(0)
        crc = 0
        while left and (chunk := file.read(min(_CHUNK_BYTES, left))):
            crc, left = zlib.crc32(chunk, crc), left - len(chunk)
    return release if crc == stated else None


# Of merged articles nothing is held.
_TOLD = """
SELECT count(DISTINCT version_id) FROM change
WHERE id <= :cursor AND article_id NOT IN (
    SELECT article_id FROM change WHERE id <= :cursor AND kind IN ('merged', 'parted')
    GROUP BY article_id HAVING max(id) = max(CASE kind WHEN 'merged' THEN id END))
"""
