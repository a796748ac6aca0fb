"""The HTTP message in a record is the one that was received."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import IntegrityError
from archive.exchange import Exchange
from archive.http_message import http_of
from archive.records import response_record
from tests.archive.exchanges import PAGE, STARTED_AT, exchange

NAMES = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_!", min_size=1)
VALUES = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n")).map(
    lambda text: text.strip(" \t")
)
EXCHANGES = st.builds(
    Exchange,
    url=st.just("https://olke.example/"),
    captured_at=st.just(STARTED_AT),
    status=st.integers(100, 999),
    reason=VALUES,
    response_headers=st.lists(
        st.tuples(NAMES.filter(lambda name: name.lower() != "transfer-encoding"), VALUES)
    ).map(tuple),
    body=st.binary(),
)


@given(answered=EXCHANGES)
def test_any_answer_is_read_back_as_it_was_received(answered: Exchange) -> None:
    message = http_of(response_record(answered))

    assert (message.status, message.reason) == (answered.status, answered.reason)
    assert message.headers == answered.response_headers
    assert message.body == answered.body


def test_headers_are_found_in_any_case() -> None:
    message = http_of(response_record(exchange()))

    assert message.find_header("set-cookie") == "a=1"
    assert message.find_header("etag") is None


def test_the_content_is_the_body_without_its_coding() -> None:
    message = http_of(response_record(exchange(body=PAGE, coding="gzip")))

    assert message.content().body == PAGE
    assert message.content(limit_bytes=9).body == PAGE[:9]


def test_answers_of_careless_servers_are_read_too() -> None:
    block = b"HTTP/1.1 200\nA: b\n c\nno colon\n\nbody"

    message = http_of(replace(response_record(exchange()), block=block))

    assert (message.status, message.headers, message.body) == (200, (("A", "b c"),), b"body")


@pytest.mark.parametrize("block", [b"", b"220 ftp.example\r\n\r\n"])
def test_a_block_without_status_line_is_refused(block: bytes) -> None:
    record = replace(response_record(exchange()), block=block)

    with pytest.raises(IntegrityError, match="holds no HTTP answer"):
        http_of(record)
