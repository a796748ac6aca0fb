"""Gzip members are proved to their end, whoever made them."""

import gzip
import io
import zlib
from collections.abc import Callable

import pytest

from archive import members
from archive.members import Member, Tear, isal_member, plain_of, walk_members, zlib_member

PLAIN = [b"ASAN", b"", bytes(300_000), bytes(range(256)) * 900]
every_maker = pytest.mark.parametrize("make", [isal_member, zlib_member])


@every_maker
def test_members_are_walked_one_by_one(make: Callable[[bytes], bytes]) -> None:
    made = [make(plain) for plain in PLAIN]

    walked = list(walk_members(io.BytesIO(b"".join(made)), 0))

    offsets = [len(b"".join(made[:number])) for number in range(len(made))]
    assert walked == [
        Member(offset, len(member), plain)
        for offset, member, plain in zip(offsets, made, PLAIN, strict=True)
    ]


@every_maker
def test_a_member_is_deterministic_and_any_tool_reads_it(make: Callable[[bytes], bytes]) -> None:
    assert make(PLAIN[3]) == make(PLAIN[3])
    assert make(b"ASAN")[4:8] == b"\0\0\0\0"  # the time in the header
    assert gzip.decompress(make(PLAIN[3])) == plain_of(make(PLAIN[3])) == PLAIN[3]


@pytest.mark.parametrize("position", [-8, -1], ids=["crc", "length"])
def test_a_member_with_a_wrong_trailer_is_a_tear(position: int) -> None:
    broken = bytearray(zlib_member(b"ASAN"))
    broken[position] ^= 1

    walked = list(walk_members(io.BytesIO(zlib_member(b"whole") + bytes(broken)), 0))

    assert isinstance(walked[0], Member)
    assert isinstance(walked[1], Tear)
    assert walked[1].offset == walked[0].length
    assert "no whole gzip member" in walked[1].why


def test_a_walk_begins_where_it_is_told() -> None:
    first, second = zlib_member(b"a"), zlib_member(b"b")

    assert list(walk_members(io.BytesIO(first + second), len(first))) == [
        Member(len(first), len(second), b"b")
    ]


def test_a_bomb_is_not_unfolded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "MAX_PLAIN_BYTES", 1000)

    walked = list(walk_members(io.BytesIO(zlib_member(bytes(1001))), 0))

    assert walked == [Tear(0, "no whole gzip member (it holds more than 1000 bytes)")]


@pytest.mark.parametrize("wrong", [b"", zlib_member(b"a")[:-1], zlib_member(b"a") * 2], ids=len)
def test_only_one_whole_member_is_taken(wrong: bytes) -> None:
    with pytest.raises(zlib.error):
        plain_of(wrong)
