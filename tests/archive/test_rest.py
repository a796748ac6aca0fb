"""A long body is held in part, and nothing of the rest is lost or left behind."""

from hashlib import sha256
from pathlib import Path

import pytest

from archive import rest
from archive.rest import TakenBody

PIECES = [bytes([number]) * 3_000 for number in range(40)]


def test_a_body_that_fits_is_held_whole(tmp_path: Path) -> None:
    taken = TakenBody(tmp_path, 120_000)

    for piece in PIECES:
        taken.append(piece)

    assert taken.parts() == (b"".join(PIECES), None)


def test_of_a_long_body_the_begin_is_held_and_the_rest_is_read_as_often_as_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest, "FIRST_BYTES", 5_000)
    taken, whole = TakenBody(tmp_path, 20_000), b"".join(PIECES)

    for piece in PIECES:
        taken.append(piece)
    held, found = taken.parts()

    assert held == whole[:5_000]
    assert found is not None
    assert found.pieces is not None
    assert [b"".join(found.pieces()) for _ in range(2)] == [whole[5_000:]] * 2
    assert (found.size_bytes, taken.size_bytes) == (115_000, 120_000)
    assert found.payload_sha256 == sha256(whole).hexdigest()


def test_the_file_has_no_name_that_a_kill_could_leave(tmp_path: Path) -> None:
    taken = TakenBody(tmp_path, 10)

    taken.append(bytes(1_000))

    assert list(tmp_path.iterdir()) == []
