"""Ten thousand tiny responses are like any others, and so is a WACZ longer than 4 GB."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from archive.article import PageKind
from archive.catalogue.picked import Selection
from archive.catalogue.reader import CatalogueReader
from archive.exchange import Exchange
from archive.exports.wacz import write_wacz
from archive.integrity import verify
from archive.ledger import LedgerState
from archive.reading import Reading
from archive.rebuilding import rebuild
from archive.rest import TakenBody
from crawler.schedule import LookAgain
from tests.archive.histories import ROOT, SOURCE, Visitor, article, new_archive, rows_of
from tests.faults.conftest import Tried
from tests.foreign.test_readers import PROGRAMS, READERS, needs_readers

_TINY = 10_000


@pytest.mark.soak
def test_ten_thousand_tiny_responses_of_which_half_say_the_same_are_recorded_and_read_again(
    tmp_path: Path, tried: Tried
) -> None:
    folder, began_s = new_archive(tmp_path), time.process_time()
    visitor = Visitor(folder)
    visitor.start_run()
    for number in range(_TINY // 2):
        visitor.see_photo(number)
        visitor.see(article(number))
    visitor.end_run()
    visitor.store.close(seal_from_bytes=0)
    visitor.catalogue.db.close()
    recorded_s = time.process_time() - began_s
    before = rows_of(folder)

    rebuild(folder, LookAgain())

    rebuilt_s = time.process_time() - began_s - recorded_s
    tried(f"{_TINY} responses, {recorded_s:.1f} s CPU to record, {rebuilt_s:.1f} s to rebuild")
    assert rows_of(folder) == before
    assert len(before["capture"]) == _TINY
    assert verify(folder, deep=True, schedule=LookAgain()).findings == ()


@pytest.fixture(scope="module")
def long_wacz(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Two films of 2.3 GB between two articles, packed: longer than a zip of 32 bits can be."""
    home = tmp_path_factory.mktemp("long")
    if shutil.disk_usage(home).free < 12 << 30:
        pytest.skip("needs 12 GB of disk")
    folder, packed = new_archive(home), home / "long.wacz"
    visitor = Visitor(folder)
    visitor.start_run()
    visitor.see(article(1))
    for number in range(2):
        see_film(visitor, number, 2300)
    visitor.see(article(2))
    visitor.end_run()
    visitor.close()
    with packed.open("wb") as file, CatalogueReader.open(folder.catalogue_path) as reader:
        at = visitor.now
        write_wacz(file, folder, reader, Selection(source=SOURCE), software="salname/test", at=at)
    yield packed
    shutil.rmtree(home)


def see_film(visitor: Visitor, number: int, megabytes: int) -> None:
    """A film that no packing makes shorter."""
    taken, noise = TakenBody(visitor.folder.path, 16_000_000), os.urandom(1 << 20)
    for piece in range(megabytes):
        taken.append(piece.to_bytes(8) + noise[8:])
    body, rest = taken.parts()
    look = visitor._look(f"{ROOT}/film/{number}.mp4")
    visitor.store.record(
        Reading(**look, kind=PageKind.OTHER, state=LedgerState.FETCHED),
        Exchange(
            url=look["url"],
            captured_at=visitor.now,
            response_headers=(("Content-Type", "video/mp4"),),
            body=body,
            rest=rest,
        ),
    )


@pytest.mark.soak
def test_a_wacz_longer_than_4_gb_is_a_zip_whose_every_part_has_its_checksum(
    long_wacz: Path, tried: Tried
) -> None:
    with ZipFile(long_wacz) as packed:
        tried(f"{long_wacz.stat().st_size / 1e9:.1f} GB, {len(packed.namelist())} parts")

        assert packed.testzip() is None
        assert packed.getinfo("archive/data.warc.gz").file_size > 1 << 32


def printed(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=READERS).stdout


@pytest.mark.soak
@needs_readers
def test_a_wacz_longer_than_4_gb_is_valid_for_py_wacz_and_shown_by_replayweb_page(
    long_wacz: Path,
) -> None:
    said = printed(PROGRAMS / "wacz", "validate", "-f", long_wacz)
    shown = printed("node", "open.mjs", long_wacz)

    assert "the passed WACZ is valid" in said
    assert [json.loads(line)["url"] for line in shown.splitlines()] == [
        article(1).url,
        article(2).url,  # which lies behind the first 4 GB
    ]
