"""The index of pictures: what is near is found, what is not stays away."""

import random

from archive.photo_hash import HASH_BYTES
from archive.photo_index import PhotoIndex

CHANCE = random.Random(1)  # noqa: S311 (made-up hashes)
HASHES = [CHANCE.randbytes(HASH_BYTES) for _ in range(5000)]


def filled() -> PhotoIndex:
    index = PhotoIndex(HASHES.__getitem__)
    index.fill(enumerate(HASHES))
    return index


def test_a_hash_with_some_bits_turned_finds_its_picture() -> None:
    turned = bytearray(HASHES[4321])
    for at in range(0, HASH_BYTES, 2):
        turned[at] ^= 1

    found = filled().find(bytes(turned))

    assert [(each.photo_id, each.bits) for each in found] == [(4321, 16)]


def test_a_strange_hash_finds_nothing() -> None:
    assert filled().find(CHANCE.randbytes(HASH_BYTES)) == ()


def test_an_index_grows_beyond_its_first_block() -> None:
    index = filled()

    assert len(index) == 5000
    assert index.size_bytes >= 5000 * HASH_BYTES // 4
    assert index.find(HASHES[0])[0].bits == 0
