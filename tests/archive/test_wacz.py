"""A WACZ holds what was picked, byte by byte, and says where each record lies."""

import gzip
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest

from archive.catalogue.picked import Selection
from archive.catalogue.reader import CatalogueReader
from archive.errors import WrongUse
from archive.exports.wacz import Packed, write_wacz
from archive.folder import ArchiveFolder
from archive.segment_reading import record_in_member, walk_records
from archive.spool import segment_files
from archive.warc import Location, Record, RecordType
from tests.archive.histories import ROOT, SOURCE, Visitor, article, new_archive

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
NO_COPIES = (("X-Robots-Tag", "noarchive"),)


@pytest.fixture
def visitor(tmp_path: Path) -> Visitor:
    """Three pages, of which one is seen twice and one asks for no copies of it."""
    visitor = Visitor(new_archive(tmp_path))
    visitor.start_run()
    visitor.see(article(1))
    visitor.see(article(2))
    visitor.see(article(3), headers=NO_COPIES)
    visitor.see_unchanged(article(1).url)
    visitor.end_run()
    visitor.store.close()
    return visitor


def packed(folder: ArchiveFolder, selection: Selection) -> tuple[ZipFile, Packed]:
    written = io.BytesIO()
    with CatalogueReader.open(folder.catalogue_path) as reader:
        told = write_wacz(written, folder, reader, selection, software="salname/test", at=AT)
    return ZipFile(written), told


def answers_of(folder: ArchiveFolder) -> list[Record]:
    return [
        record
        for path in segment_files(folder.segments_path)
        for _, record in walk_records(path)
        if record.type in (RecordType.RESPONSE, RecordType.REVISIT)
    ]


def test_each_line_of_the_index_leads_to_its_record(visitor: Visitor) -> None:
    wacz, told = packed(visitor.folder, Selection(source=SOURCE))
    warc = wacz.read("archive/data.warc.gz")
    index = gzip.decompress(wacz.read("indexes/index.cdx.gz")).decode().splitlines()

    found = []
    for line in index:
        place = json.loads(line.split(" ", 2)[2])
        offset, length = int(place["offset"]), int(place["length"])
        location = Location(segment="data", offset=offset, length=length)
        record = record_in_member(warc[offset : offset + length], location)
        assert place["url"] == record.target_uri
        found.append(record)

    recorded = [each for each in answers_of(visitor.folder) if "/3/" not in (each.target_uri or "")]
    assert sorted(each.record_id for each in found) == sorted(each.record_id for each in recorded)
    assert told == Packed(captures=3, pages=2)


def test_the_package_says_the_digest_of_each_file_and_stores_it_as_it_is(visitor: Visitor) -> None:
    wacz, _ = packed(visitor.folder, Selection())
    package = json.loads(wacz.read("datapackage.json"))
    digest = json.loads(wacz.read("datapackage-digest.json"))

    for resource in package["resources"]:
        held = wacz.read(resource["path"])
        assert (f"sha256:{sha256(held).hexdigest()}", len(held)) == (
            resource["hash"],
            resource["bytes"],
        )
    assert digest["hash"] == f"sha256:{sha256(wacz.read('datapackage.json')).hexdigest()}"
    assert {each.compress_type for each in wacz.infolist()} == {ZIP_STORED}
    assert package["wacz_version"] == "1.1.1"


def test_the_list_of_pages_has_their_titles_and_texts(visitor: Visitor) -> None:
    wacz, _ = packed(visitor.folder, Selection())

    _, *lines = wacz.read("pages/pages.jsonl").decode().splitlines()

    pages = [json.loads(line) for line in lines]
    assert [(each["url"], each["title"], each["text"]) for each in pages] == [
        (page.url, page.headline, page.text) for page in (article(1), article(2))
    ]


def test_what_a_revisit_refers_to_comes_with_it(visitor: Visitor) -> None:
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        last = max(each.captured_at for each in reader.all_captures())

    _, told = packed(visitor.folder, replace(Selection(), since=last))

    assert told == Packed(captures=2, pages=0)


def test_nothing_to_pack_is_said(visitor: Visitor) -> None:
    with pytest.raises(WrongUse, match="no capture of that source and time"):
        packed(visitor.folder, Selection(source=f"{ROOT}/yoxdur"))
