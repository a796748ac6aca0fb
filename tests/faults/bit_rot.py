"""Flips one bit of an archive at a time: `python -m tests.faults.bit_rot FLIPS SEED FOLDER`.

Each flip is looked for by a deep verification, then repaired, and the archive is put back as it
was. One JSON object a flip is printed: which file, whether what it says was touched, what was
found, whether it was repaired.
"""

import json
import random
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive.catalogue.reader import CatalogueReader
from archive.errors import SalnameError
from archive.folder import ArchiveFolder, create_archive
from archive.integrity import Verification, verify
from archive.members import Member, walk_members
from archive.mending import mend
from archive.seals import seal_of, without_seal
from archive.search.index import SearchIndex
from archive.stores import find_store
from archive.upload import send_sealed
from crawler.configuration import read_settings, settings_template
from crawler.schedule import LookAgain
from tests.archive.histories import Visitor, article

KINDS = ("segment", "index", "catalogue", "search", "settings", "stored")


def make(home: Path) -> ArchiveFolder:
    """A small archive: a sealed segment here and in a store, and one that is open."""
    (home / "disk").mkdir(parents=True)
    settings = settings_template().replace('kind = ""', 'kind = "folder"', 1)
    folder = create_archive(home / "archive", settings.replace('path = ""', 'path = "../disk"', 1))
    visitor = Visitor(folder)
    visitor.start_run()
    for number in range(4):
        visitor.see(article(number))
        visitor.see_photo(number)
    visitor.see(article(1, lead="Yenilənib"))
    visitor.end_run()
    visitor.store.close(seal_from_bytes=0)
    for path in without_seal(folder.segments_path):
        seal_of(path)
    store = find_store(folder)
    assert store is not None
    keep, now = timedelta(days=9999), datetime.now(UTC)
    send_sealed(folder, store, visitor.catalogue, keep=keep, clock=lambda: now)
    visitor.start_run()
    visitor.see(article(2, lead="Yenilənib"))
    visitor.end_run()
    visitor.store.close()
    visitor.catalogue.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    visitor.catalogue.db.close()
    with (
        CatalogueReader.open(folder.catalogue_path) as reader,
        SearchIndex.open(folder.search_path) as index,
    ):
        index.catch_up(reader)
    return folder


def files_of(folder: ArchiveFolder, kind: str) -> list[Path]:
    """The files in which a bit may rot."""
    found = {
        "segment": folder.segments_path.glob("*.warc.gz*"),
        "index": (
            path for path in folder.segments_path.iterdir() if path.suffix in (".cdxj", ".sha256")
        ),
        "catalogue": iter([folder.catalogue_path]),
        "search": (path for path in folder.search_path.iterdir() if path.stat().st_size),
        "settings": iter([folder.settings_path]),
        "stored": (path for path in folder.path.parent.glob("disk/segments/*")),
    }[kind]
    return sorted(found)


def content_of(folder: ArchiveFolder, kind: str, path: Path) -> object:
    """What a file says, without what it only fills its pages with; None where that is unreadable."""
    if kind == "settings":
        return _is_readable(path)  # another value than before may be what the operator wrote
    if kind == "search" and path.name == "meta.json":
        return _meta_of(path)
    if kind == "search":  # what no commit names any more, and tantivy's list of that, say nothing
        named = str(_meta_of(path.with_name("meta.json"))).replace("-", "")
        return path.read_bytes() if (path.name.partition(".")[0] or "-") in named else b""
    if kind == "catalogue":
        return _rows_of(path)
    if kind == "segment" and path.name.endswith(".open"):
        return _members_of(path)
    return path.read_bytes()


def _is_readable(path: Path) -> bool:
    try:
        read_settings(path)
    except SalnameError:
        return False
    return True


def _meta_of(path: Path) -> object:
    """The files of the index; the rest is tantivy's own count of what it did."""
    try:
        meta = json.loads(path.read_bytes())
        return [(each["segment_id"].lower(), each["max_doc"]) for each in meta["segments"]]
    except (AttributeError, ValueError, KeyError, TypeError):
        return None


def _rows_of(path: Path) -> object:
    db = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    db.text_factory = bytes
    try:
        tables = sorted(
            name.decode()
            for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type='table'")
        )
        rows = {name: db.execute(f"SELECT * FROM [{name}]").fetchall() for name in tables}  # noqa: S608
        made = rows.get("_sqlite_migrations", [])
        return {**rows, "_sqlite_migrations": [each[:-1] for each in made]}  # not when it was made
    except (sqlite3.Error, UnicodeDecodeError):
        return None
    finally:
        db.close()


def _members_of(path: Path) -> object:
    with path.open("rb") as file:
        return [step.plain if isinstance(step, Member) else None for step in walk_members(file, 0)]


def checked(folder: ArchiveFolder) -> Verification:
    return verify(folder, deep=True, schedule=LookAgain())


def found_in(folder: ArchiveFolder, seen: Verification) -> list[str]:
    """The damages that `salname verify --deep` tells of."""
    found = [str(finding.damage) for finding in seen.findings]
    if not _is_readable(folder.settings_path):
        found.append("settings")
    return sorted(set(found))


def flips(folder: ArchiveFolder, number: int, seed: int) -> Iterator[dict[str, Any]]:
    """Flip one random bit after the other; each in the archive as it was made."""
    rng = random.Random(seed)  # noqa: S311  no secret
    kept = folder.path.parent.with_name("kept")
    shutil.copytree(folder.path.parent, kept)
    for count in range(number):
        kind = KINDS[count % len(KINDS)]
        path = rng.choice(files_of(folder, kind))
        held, before = bytearray(path.read_bytes()), content_of(folder, kind, path)
        # SQLite's pages are mostly empty, where a bit says nothing.
        bit = 8 * rng.choice([at for at, byte in enumerate(held) if byte]) + rng.randrange(8)
        held[bit // 8] ^= 1 << bit % 8
        path.chmod(0o644)
        path.write_bytes(held)
        told: dict[str, Any] = {"kind": kind, "file": path.name, "bit": bit}
        told["is_touched"] = content_of(folder, kind, path) != before
        seen = checked(folder)
        told["found"] = found_in(folder, seen)
        if told["found"]:
            told["said"] = mend(folder, LookAgain(), seen)
            told["left"] = found_in(folder, checked(folder))
        yield told
        shutil.rmtree(folder.path.parent)
        shutil.copytree(kept, folder.path.parent)


if __name__ == "__main__":
    for each in flips(make(Path(sys.argv[3]) / "home"), int(sys.argv[1]), int(sys.argv[2])):
        sys.stdout.write(json.dumps(each) + "\n")
