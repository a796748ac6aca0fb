"""Makes the broken segments of this museum again: `python -m tests.faults.make`.

Each is one fault, named for it, behind two whole records. The bytes are our own.
"""

from pathlib import Path

from archive.members import zlib_member
from archive.records import warcinfo_record
from archive.warc import record_bytes
from tests.archive.exchanges import NAME, STARTED_AT, capture, record_id

HERE = Path(__file__).parent


def broken_segments() -> dict[str, bytes]:
    """File name → bytes; the whole part is the same in all."""
    response, request, metadata = (record_bytes(record) for record in capture(1))
    last = zlib_member(metadata)
    long = metadata.replace(b"Content-Length: 41", b"Content-Length: 42")
    short = metadata.replace(b"Content-Length: 41", b"Content-Length: 40")
    return {
        "cut-gzip-member": last[:-20],
        "cut-gzip-header": last[:5],
        "cut-gzip-trailer": last[:-4],
        "wrong-crc": last[:-8] + bytes([last[-8] ^ 1]) + last[-7:],
        "zeros": bytes(4096),
        "length-too-long": zlib_member(long),
        "length-too-short": zlib_member(short),
        "two-records-in-one-member": zlib_member(request + metadata),
        "record-cut-before-compression": zlib_member(response[:-100]),
        "plain-record": metadata,
        "whole-record-behind-a-hole": bytes(512) + last,
    }


def whole_part() -> bytes:
    """A warcinfo and a response record, whole."""
    warcinfo = warcinfo_record(filename=f"{NAME}.warc.gz", at=STARTED_AT, record_id=record_id(1))
    return b"".join(zlib_member(record_bytes(each)) for each in (warcinfo, capture(1)[0]))


if __name__ == "__main__":
    for fault, broken in broken_segments().items():
        (HERE / f"{fault}.warc.gz").write_bytes(whole_part() + broken)
