"""Gzip members are proved to their end, whoever made them."""

import gzip
import io
from collections.abc import Callable, Iterable, Iterator

import pytest

from archive import members
from archive.members import (
    Member,
    Tear,
    isal_member,
    isal_member_pieces,
    walk_members,
    zlib_member,
    zlib_member_pieces,
)

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
    assert gzip.decompress(make(PLAIN[3])) == PLAIN[3]


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


@pytest.mark.parametrize("make", [isal_member_pieces, zlib_member_pieces])
def test_a_member_made_in_pieces_is_one_member(
    make: Callable[[Iterable[bytes]], Iterator[bytes]],
) -> None:
    member = b"".join(make(PLAIN))

    assert list(walk_members(io.BytesIO(member), 0)) == [Member(0, len(member), b"".join(PLAIN))]


class Counted:
    def __init__(self) -> None:
        self.size = 0

    def update(self, piece: bytes) -> None:
        self.size += len(piece)


def test_a_member_too_long_to_be_held_goes_to_who_follows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(members, "HELD_BYTES", 100_000)
    counted, begun = Counted(), []
    long, short = zlib_member(bytes(9_000_000)), zlib_member(bytes(100_000))

    def follow(first: bytes) -> Counted:
        begun.append(len(first))
        return counted

    walked = list(walk_members(io.BytesIO(short + long + short), 0, follow))

    assert walked == [
        Member(0, len(short), bytes(100_000)),
        Member(len(short), len(long), b"", counted),
        Member(len(short) + len(long), len(short), bytes(100_000)),
    ]
    assert sum(begun) + counted.size == 9_000_000


def test_a_member_that_nobody_follows_is_held_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "HELD_BYTES", 100_000)

    (walked,) = walk_members(io.BytesIO(zlib_member(bytes(9_000_000))), 0, lambda _: None)

    assert isinstance(walked, Member)
    assert walked.plain == bytes(9_000_000)
