"""WARC files in zstd are read as FastWARC reads them, with a dictionary or without, and damaged."""

import struct
from pathlib import Path

import pytest
import zstandard
from fastwarc.warc import ArchiveIterator, WarcRecordType

from archive.foreign import Unread, walk_foreign
from archive.records import response_record
from archive.warc import Record, record_bytes
from tests.archive.exchanges import exchange

RECORDS = [response_record(exchange(number)) for number in range(60)]
PLAINS = [record_bytes(record) for record in RECORDS]
DICTIONARY = zstandard.train_dictionary(8_192, [*PLAINS])


def skippable(held: bytes) -> bytes:
    return struct.pack("<II", 0x184D2A5D, len(held)) + held


def frames(dictionary: zstandard.ZstdCompressionDict | None = None) -> list[bytes]:
    maker = zstandard.ZstdCompressor(dict_data=dictionary, write_checksum=True)
    return [maker.compress(plain) for plain in PLAINS]


@pytest.mark.parametrize(
    "parts",
    [
        frames(),
        [skippable(DICTIONARY.as_bytes()), *frames(DICTIONARY)],
        [skippable(zstandard.compress(DICTIONARY.as_bytes())), *frames(DICTIONARY)],
    ],
    ids=["frames alone", "with a dictionary", "with a compressed dictionary"],
)
def test_every_record_is_read_as_fastwarc_reads_it(parts: list[bytes], tmp_path: Path) -> None:
    path = tmp_path / "theirs.warc.zst"
    path.write_bytes(b"".join(parts))

    found = [each.record_id for each in walk_foreign(path) if isinstance(each, Record)]

    with path.open("rb") as file:
        theirs = ArchiveIterator(file, parse_http=False, record_types=WarcRecordType.any_type)
        assert [(each.record_id or "").strip("<>") for each in theirs] == found
    assert found == [record.record_id for record in RECORDS]


def test_damage_costs_the_frames_that_it_touches(tmp_path: Path) -> None:
    parts = frames()
    broken = bytearray(parts[7])
    broken[len(broken) // 2] ^= 0xFF
    path = tmp_path / "theirs.warc.zst"
    path.write_bytes(b"".join((*parts[:7], bytes(broken), *parts[8:-1], parts[-1][:-3])))

    found = list(walk_foreign(path))

    assert [each.record_id for each in found if isinstance(each, Record)] == [
        record.record_id for number, record in enumerate(RECORDS) if number not in (7, 59)
    ]
    assert [each.why.partition(": ")[2][:20] for each in found if isinstance(each, Unread)] == [
        "no whole zstd frame ",
        "the file ends inside",
    ]


def test_a_dictionary_that_is_none_is_told(tmp_path: Path) -> None:
    path = tmp_path / "theirs.warc.zst"
    path.write_bytes(skippable(zstandard.compress(b"x" * 99)[:-2]) + frames()[0])

    assert [type(each) for each in walk_foreign(path)][:1] == [Unread]
