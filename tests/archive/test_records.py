"""What the records of a capture say."""

from dataclasses import replace

import pytest

from archive.exchange import Exchange
from archive.http_message import http_of
from archive.records import (
    Original,
    metadata_record,
    not_modified_record,
    request_record,
    response_record,
    revisit_record,
    warcinfo_record,
)
from tests.archive.exchanges import STARTED_AT, exchange, record_id


def original_of(answered: Exchange) -> Original:
    return Original(
        record_id=record_id(10),
        target_uri=answered.url,
        captured_at=answered.captured_at,
        payload_sha256=answered.payload_sha256,
    )


def test_the_same_exchange_and_id_give_the_same_record() -> None:
    assert response_record(exchange(), record_id=record_id(1)) == response_record(
        exchange(), record_id=record_id(1)
    )
    assert response_record(exchange()).record_id != response_record(exchange()).record_id


def test_a_response_keeps_order_case_and_duplicates_of_headers() -> None:
    response = response_record(exchange())

    assert http_of(response).headers == exchange().response_headers
    assert response.block.startswith(b"HTTP/1.1 200 OK\r\nContent-Type: ")
    assert response.fields == (
        ("WARC-IP-Address", "192.0.2.7"),
        ("WARC-Protocol", "http/1.1"),
        ("WARC-Protocol", "tls/1.3"),
        ("WARC-Cipher-Suite", "TLS_AES_128_GCM_SHA256"),
        ("WARC-Payload-Digest", f"sha256:{exchange().payload_sha256}"),
    )
    assert response.find_payload_sha256() == exchange().payload_sha256


def test_a_body_without_chunks_does_not_claim_to_have_some() -> None:
    chunked = replace(exchange(), response_headers=(("transfer-encoding", "chunked"),))

    block = response_record(chunked).block

    assert b"\r\nX-Archive-Orig-transfer-encoding: chunked\r\n" in block
    assert b"\r\ntransfer-encoding:" not in block


@pytest.mark.parametrize(("protocol", "version"), [("h2", "1.1"), ("http/1.0", "1.0")])
def test_the_status_line_is_one_that_readers_know(protocol: str, version: str) -> None:
    response = response_record(replace(exchange(), protocol=protocol))

    assert response.block.startswith(f"HTTP/{version} 200 OK\r\n".encode())
    assert response.find_field("WARC-Protocol") == protocol


def test_a_cut_body_says_why() -> None:
    response = response_record(replace(exchange(), truncated="length"))

    assert response.find_field("WARC-Truncated") == "length"


def test_a_folded_header_stays_one_header() -> None:
    folded = replace(exchange(), reason="OK\r\nX: y", response_headers=(("A", "b\r\n c\nd"),))

    message = http_of(response_record(folded))

    assert (message.reason, message.headers) == ("OK X: y", (("A", "b c d"),))


def test_a_request_is_as_it_went_out_but_tells_no_proxy_secret() -> None:
    headers = (("Host", "olke.example"), ("Accept", "*/*"), ("Proxy-Authorization", "Basic x"))
    asked = replace(exchange(), request_headers=headers)

    request = request_record(asked, concurrent_to=record_id(1))

    assert request.block == (
        b"GET /az/cemiyyet/1/yeni-merkez/?q=1 HTTP/1.1\r\nHost: olke.example\r\nAccept: */*\r\n\r\n"
    )
    assert request.fields == (("WARC-Concurrent-To", f"<{record_id(1)}>"),)


def test_a_revisit_says_of_what_and_holds_only_the_headers() -> None:
    first, again = exchange(1), replace(exchange(2), body=exchange(1).body)

    revisit = revisit_record(again, original=original_of(first))

    assert revisit.fields[:4] == (
        ("WARC-Profile", "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"),
        ("WARC-Refers-To", f"<{record_id(10)}>"),
        ("WARC-Refers-To-Target-URI", first.url),
        ("WARC-Refers-To-Date", "2026-11-24T03:14:18.123456Z"),
    )
    assert revisit.find_payload_sha256() == first.payload_sha256
    assert http_of(revisit).headers == again.response_headers
    assert http_of(revisit).body == b""


def test_a_revisit_of_another_payload_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="does not have the payload"):
        revisit_record(exchange(2), original=original_of(exchange(1)))


def test_a_304_points_to_what_the_server_would_send() -> None:
    unchanged = replace(exchange(2), status=304, reason="Not Modified", body=b"")

    record = not_modified_record(unchanged, original=original_of(exchange(1)))

    assert record.find_field("WARC-Profile") == (
        "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    )
    assert record.find_payload_sha256() == exchange(1).payload_sha256
    assert http_of(record).status == 304


def test_metadata_speaks_of_its_capture_or_of_an_earlier_one() -> None:
    record = metadata_record(
        b"{}", url="https://olke.example/", at=STARTED_AT, refers_to=record_id(3)
    )

    assert record.fields == (("WARC-Refers-To", f"<{record_id(3)}>"),)
    assert (record.content_type, record.block) == ("application/json", b"{}")


def test_a_warcinfo_says_who_wrote_the_segment() -> None:
    record = warcinfo_record(
        filename="a.warc.gz", at=STARTED_AT, about=(("software", "salname/0.1\n"),)
    )

    assert record.block.startswith(b"software: salname/0.1 \r\nformat: WARC File Format 1.1\r\n")
    assert record.find_field("WARC-Filename") == "a.warc.gz"
