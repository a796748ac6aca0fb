"""Content codings are undone, and neither lies nor bombs do harm."""

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from archive.content import Content, content_of
from tests.archive.exchanges import PAGE


def bare_deflate(body: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-15)
    return deflater.compress(body) + deflater.flush()


CODERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("X-GZIP", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", bare_deflate),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstandard.compress),
}
every_coder = pytest.mark.parametrize(("coding", "code"), CODERS.values(), ids=CODERS)


def coded(coding: str) -> tuple[tuple[str, str], ...]:
    return (("content-encoding", coding),)


@every_coder
def test_each_coding_is_undone(coding: str, code: Callable[[bytes], bytes]) -> None:
    plain = PAGE * 3000

    assert content_of(coded(coding), code(plain)) == Content(plain)


@every_coder
def test_a_bomb_is_cut_at_the_limit_without_unfolding(
    coding: str, code: Callable[[bytes], bytes]
) -> None:
    bomb = code(bytes(60_000_000))

    tracemalloc.start()
    content = content_of(coded(coding), bomb, limit_bytes=100_000)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert content == Content(bytes(100_000), is_cut=True)
    assert peak_bytes < 20_000_000


@pytest.mark.parametrize(("coding", "code"), [CODERS[each] for each in ("gzip", "deflate", "br")])
def test_a_cut_body_gives_what_can_be_had_and_says_so(
    coding: str, code: Callable[[bytes], bytes]
) -> None:
    plain = b"".join(b"%d, " % number for number in range(30_000))
    whole = code(plain)

    content = content_of(coded(coding), whole[: len(whole) // 2])

    assert content.trouble == f"{coding}: ends too early"
    assert content.body
    assert plain.startswith(content.body)


@every_coder
def test_a_body_that_does_not_have_its_coding_stays_as_it_is(
    coding: str, code: Callable[[bytes], bytes]
) -> None:
    content = content_of(coded(coding), PAGE)

    assert content.body == PAGE
    assert content.trouble is not None


def test_codings_are_undone_from_the_last_to_the_first() -> None:
    body = gzip.compress(brotli.compress(PAGE))

    assert content_of((("Content-Encoding", "br, gzip"),), body).body == PAGE
    assert content_of((*coded("br"), *coded("gzip")), body).body == PAGE


def test_all_members_of_a_gzip_body_are_read_and_what_follows_is_left() -> None:
    body = gzip.compress(b"ASAN ") + gzip.compress(b"xidm") + b"\0\0padding"

    assert content_of(coded("gzip"), body) == Content(b"ASAN xidm")


def test_a_broken_gzip_body_gives_what_came_before() -> None:
    plain = bytes(range(256)) * 400
    whole = bytearray(gzip.compress(plain))
    whole[-8] ^= 1

    content = content_of(coded("gzip"), bytes(whole))

    assert content.trouble == "gzip: broken"


@pytest.mark.parametrize("coding", ["identity", "none", ""])
def test_no_coding_is_no_trouble(coding: str) -> None:
    assert content_of(coded(coding), PAGE) == Content(PAGE)
    assert content_of((), PAGE) == Content(PAGE)


def test_an_unknown_coding_is_named() -> None:
    assert content_of(coded("utf-8"), PAGE) == Content(PAGE, trouble="unknown coding 'utf-8'")


@given(coding=st.sampled_from(["gzip", "deflate", "br", "zstd"]), body=st.binary())
def test_no_body_whatever_makes_it_fail(coding: str, body: bytes) -> None:
    assert len(content_of(coded(coding), body, limit_bytes=1000).body) <= 1000
