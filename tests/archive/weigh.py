"""Prints the megabytes by which a process grows that works with one long record.

python -m tests.archive.weigh 2048
"""

import os
import resource
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from archive.exchange import Exchange
from archive.foreign import walk_foreign
from archive.records import response_record
from archive.rest import TakenBody
from archive.seals import seal_of
from archive.segment import OpenSegment
from archive.segment_reading import read_record, walk_records

_MB = 1 << 20


def grown_mb(megabytes: int) -> int:
    """Write, seal, walk, read and take in a record of so many MB; the growth of the peak in MB."""
    began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    at = datetime(2026, 2, 14, tzinfo=UTC)
    noise = os.urandom(_MB)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        taken = TakenBody(folder, 16_000_000)
        for number in range(megabytes):
            taken.append(number.to_bytes(4) + noise[4:])
        body, rest = taken.parts()
        exchange = Exchange(
            url="https://nazirlik.example/film.mp4",
            captured_at=at,
            response_headers=(("Content-Type", "video/mp4"),),
            body=body,
        )
        record = response_record(replace(exchange, rest=rest))
        with OpenSegment.create(folder, "salname-long", at=at) as segment:
            location = segment.append(record)
            sealed = segment.seal()
        seal_of(sealed.path)
        assert len(list(walk_records(sealed.path))) == len(list(walk_foreign(sealed.path))) == 2
        found = read_record(folder, location).rest
        assert found is not None
        assert found.pieces is not None
        assert sum(map(len, found.pieces())) + _MB >= megabytes * _MB
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - began) // 1024


if __name__ == "__main__":
    sys.stdout.write(f"{grown_mb(int(sys.argv[1]))}\n")
