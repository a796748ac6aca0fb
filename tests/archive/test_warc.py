"""The record: what is written is read back, and nothing else is taken for a record."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import IntegrityError, TornSegment
from archive.warc import Record, RecordType, proven_record_from, record_bytes, record_from
from tests.archive.exchanges import STARTED_AT, capture

TOKENS = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-", min_size=1, max_size=20)
LINES = st.text(st.characters(exclude_characters="\r\n\0", codec="utf-8")).map(
    lambda text: text.strip(" \t")
)
RECORDS = st.builds(
    Record,
    type=st.sampled_from(RecordType),
    record_id=st.uuids().map(lambda each: each.urn),
    date=st.datetimes(
        min_value=datetime(1000, 1, 2),  # noqa: DTZ001  # hypothesis wants naive limits
        timezones=st.sampled_from((UTC, timezone(timedelta(hours=4)))),
    ),
    target_uri=st.none() | LINES,
    content_type=st.none() | LINES,
    fields=st.lists(st.tuples(TOKENS.map("X-{}".format), LINES)).map(tuple),
    block=st.binary(),
)


@given(record=RECORDS)
def test_a_record_is_read_back_as_it_was_written(record: Record) -> None:
    plain = record_bytes(record)

    assert record_from(plain) == record
    assert proven_record_from(plain) == record


@given(record=RECORDS, data=st.data())
def test_a_cut_record_is_never_taken_for_a_whole_one(record: Record, data: st.DataObject) -> None:
    plain = record_bytes(record)
    cut = data.draw(st.integers(0, len(plain) - 1))

    with pytest.raises(TornSegment):
        record_from(plain[:cut])


def test_a_record_says_its_length_and_the_digest_of_its_block() -> None:
    response = capture(1)[0]

    head = record_bytes(response).partition(b"\r\n\r\n")[0].decode()

    assert head.splitlines()[:5] == [
        "WARC/1.1",
        "WARC-Type: response",
        "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000010>",
        "WARC-Date: 2026-11-24T03:14:18.123456Z",
        "WARC-Target-URI: https://olke.example/az/cemiyyet/1/yeni-merkez/?q=1",
    ]
    assert f"WARC-Block-Digest: sha256:{hashlib.sha256(response.block).hexdigest()}" in head
    assert head.endswith(f"Content-Length: {len(response.block)}")


def test_a_block_that_was_changed_is_noticed_by_its_digest() -> None:
    plain = record_bytes(capture(1)[0]).replace("mərkəzi".encode(), "Mərkəzi".encode())

    with pytest.raises(IntegrityError, match=r"does not match its sha256:.*another copy"):
        proven_record_from(plain)


@pytest.mark.parametrize(
    "digest",
    [
        "sha1:" + hashlib.sha1(b"abc", usedforsecurity=False).hexdigest(),
        "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5",  # the base32 that most tools write
        "blake9:abc",  # not known, so not checked
        "sha256:not-a-digest",
    ],
)
def test_digests_of_other_tools_are_checked_where_they_are_known(digest: str) -> None:
    plain = record_bytes(_resource(b"abc")).replace(_digest_of(b"abc"), digest.encode())

    assert proven_record_from(plain).block == b"abc"


def test_a_base32_digest_of_another_block_is_refused() -> None:
    digest = b"sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5"
    plain = record_bytes(_resource(b"abd")).replace(_digest_of(b"abd"), digest)

    with pytest.raises(IntegrityError):
        proven_record_from(plain)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"WARC/1.1", b"WURC/1.1", "no head"),
        (b"Content-Length: 3", b"Content-Length: 4", "says 4 bytes, but 3"),
        (b"Content-Length: 3", b"Content-Length: x", "does not say its length"),
        (b"Content-Length: 3", b"X-Length: 3", "does not say its length"),
        (b"WARC-Type: resource", b"WARC-Type: nothing", "not usable"),
        (b"WARC-Date: 2026", b"WARC-Date: x026", "not usable"),
        (b"WARC-Record-ID", b"WARC-Other-ID", "not usable"),
    ],
)
def test_what_is_no_whole_record_is_refused_with_the_reason(
    old: bytes, new: bytes, why: str
) -> None:
    plain = record_bytes(_resource(b"abc"))

    with pytest.raises(TornSegment, match=why):
        record_from(plain.replace(old, new))


@pytest.mark.parametrize(
    "wrong",
    [
        {"date": datetime(2026, 1, 1)},  # noqa: DTZ001  # the point of the test
        {"target_uri": "https://olke.example/\r\nX: y"},
        {"record_id": "urn:uuid:\n"},
        {"fields": (("Content-Length", "7"),)},
        {"fields": (("X: y", "7"),)},
        {"fields": (("", "7"),)},
        {"fields": (("X", " 7"),)},
    ],
    ids=str,
)
def test_a_record_that_could_not_be_read_back_cannot_be_made(wrong: dict[str, object]) -> None:
    right: dict[str, object] = {
        "type": RecordType.RESOURCE,
        "record_id": "urn:uuid:1",
        "date": STARTED_AT,
    }

    with pytest.raises(ValueError):  # noqa: PT011  # each has its own sentence
        Record(**(right | wrong))  # type: ignore[arg-type]  # wrong on purpose


def test_fields_are_found_in_any_case_and_references_without_brackets() -> None:
    response, request, _ = capture(1)

    assert response.find_field("warc-ip-address") == "192.0.2.7"
    assert response.find_field("WARC-Truncated") is None
    assert request.find_reference("WARC-Concurrent-To") == response.record_id
    assert request.find_reference("WARC-Refers-To") is None
    assert request.find_payload_sha256() is None


def _resource(block: bytes) -> Record:
    return Record(type=RecordType.RESOURCE, record_id="urn:uuid:1", date=STARTED_AT, block=block)


def _digest_of(block: bytes) -> bytes:
    return f"sha256:{hashlib.sha256(block).hexdigest()}".encode()
