"""The WARC 1.1 record: a value, its bytes, and the way back.

A record is written as its head, its block and two line ends; `Content-Length` and
`WARC-Block-Digest` are made here from the block, so they cannot be wrong. What the records of a
capture say is `archive/records.py`; how they lie in a file is `archive/segment.py`.

Source: ISO 28500:2017 (WARC 1.1), sections 4 to 6.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from archive.errors import IntegrityError, TornSegment
from archive.moments import stamp
from archive.rest import Rest

_END_OF_HEAD = b"\r\n\r\n"
_LINE_BREAK_OR_NUL = re.compile("[\r\n\0]")
_OWN_FIELDS = frozenset(
    {
        "warc-type",
        "warc-record-id",
        "warc-date",
        "warc-target-uri",
        "warc-block-digest",
        "content-type",
        "content-length",
    }
)
_CHECKED_ALGORITHMS = ("sha256", "sha1", "sha512", "md5")


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where one record lies: its gzip member in a segment file, offset and length in bytes."""

    segment: str
    offset: int
    length: int


class RecordType(StrEnum):
    """The record types of WARC 1.1."""

    WARCINFO = "warcinfo"
    RESPONSE = "response"
    RESOURCE = "resource"
    REQUEST = "request"
    METADATA = "metadata"
    REVISIT = "revisit"
    CONVERSION = "conversion"
    CONTINUATION = "continuation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One WARC record.

    record_id     `urn:uuid:…`, without the angle brackets that the file has around it
    date          aware; written in UTC with microseconds
    target_uri    what was fetched, or None where the type has none (warcinfo)
    content_type  of the block, or None
    fields        all other named fields, in order; duplicates are allowed
    block         the bytes as they are, never decoded; of a long one the first
    rest          what follows them in a long one, or None
    """

    type: RecordType
    record_id: str
    date: datetime
    target_uri: str | None = None
    content_type: str | None = None
    fields: tuple[tuple[str, str], ...] = ()
    block: bytes = b""
    rest: Rest | None = None

    def __post_init__(self) -> None:
        if self.date.tzinfo is None:
            raise ValueError("the date of a record must know its time zone")
        _require_single_line(self.record_id, self.target_uri or "", self.content_type or "")
        for name, value in self.fields:
            _require_single_line(name, value)
            if ":" in name or not name or name.lower() in _OWN_FIELDS:
                raise ValueError(f"{name!r} cannot be a further field of a record")

    def find_field(self, name: str) -> str | None:
        """The value of the first further field of that name (any case), or None."""
        wanted = name.lower()
        return next((value for name, value in self.fields if name.lower() == wanted), None)

    def find_reference(self, name: str) -> str | None:
        """The record id in a field such as `WARC-Refers-To`, without angle brackets, or None."""
        value = self.find_field(name)
        return None if value is None else value.strip("<>")

    def find_payload_sha256(self) -> str | None:
        """The payload's SHA-256 as the record states it, in lower-case hex, or None."""
        algorithm, digest = read_digest(self.find_field("WARC-Payload-Digest") or "")
        return digest.hex() if algorithm == "sha256" and digest else None


@dataclass(frozen=True, slots=True)
class Head:
    """What the first lines of a record say.

    named   its fields in order
    start   where its block begins, in bytes behind the first of the record
    length  of the block, as stated
    """

    named: list[tuple[str, str]]
    first: dict[str, str]
    start: int
    length: int

    @property
    def type(self) -> str:
        """The record's type in lower case, or the empty string."""
        return self.first.get("warc-type", "").lower()

    @property
    def block_digest(self) -> str:
        """The block's digest as stated, or the empty string."""
        return self.first.get("warc-block-digest", "")


def record_bytes(record: Record) -> bytes:
    """The record as it lies in a file, before compression; only of one without a rest."""
    digest = hashlib.sha256(record.block).hexdigest()
    return b"".join((_head_bytes(record, digest), record.block, _END_OF_HEAD))


def record_pieces(record: Record) -> Iterator[bytes]:
    """The same of a record with a rest, which is read twice: for its digest, and for its bytes."""
    digest = hashlib.sha256(record.block)
    for piece in _pieces_of(record.rest):
        digest.update(piece)
    yield _head_bytes(record, digest.hexdigest()) + record.block
    yield from _pieces_of(record.rest)
    yield _END_OF_HEAD


def record_from(plain: bytes) -> Record:
    """The record that these bytes, and no byte more, are.

    Raises:
        TornSegment: they are not one whole record; the text says what is wrong.
    """
    return _split(plain)[0]


def proven_record_from(plain: bytes) -> Record:
    """The record that these bytes are, once its block has been found to match its digest.

    Raises:
        TornSegment: they are not one whole record.
        IntegrityError: the block is not the one that the record's own digest was made of.
    """
    record, stated = _split(plain)
    algorithm, digest = read_digest(stated)
    if digest and hashlib.new(algorithm, record.block, usedforsecurity=False).digest() != digest:
        raise IntegrityError(
            f"The block of record {record.record_id} does not match its {stated}. "
            "Take the segment from another copy."
        )
    return record


def head_of(plain: bytes) -> Head:
    """The head of the record that begins with these bytes.

    Raises:
        TornSegment: none does, or it does not say its length.
    """
    end = plain.find(_END_OF_HEAD)
    if not plain.startswith(b"WARC/1.") or end < 0:
        raise TornSegment("no head of a WARC record is there")
    named = _fields_of(plain[:end])
    first = {name.lower(): value for name, value in reversed(named)}
    length = first.get("content-length", "")
    if not (length.isascii() and length.isdigit()):
        raise TornSegment("the record does not say its length")
    return Head(named, first, end + len(_END_OF_HEAD), int(length))


def record_of(head: Head, block: bytes, rest: Rest | None = None) -> Record:
    """The record with this head.

    Raises:
        TornSegment: the head is not usable.
    """
    first = head.first
    try:
        return Record(
            type=RecordType(first["warc-type"].lower()),
            record_id=first["warc-record-id"].strip("<>"),
            date=_read_date(first["warc-date"]),
            target_uri=first.get("warc-target-uri"),
            content_type=first.get("content-type"),
            fields=tuple(pair for pair in head.named if pair[0].lower() not in _OWN_FIELDS),
            block=block,
            rest=rest,
        )
    except (KeyError, ValueError) as error:
        raise TornSegment(f"the head of the record is not usable ({error})") from error


def read_digest(text: str) -> tuple[str, bytes]:
    """Algorithm and digest of `sha256:…`, in hex or base32; two empty values for any other."""
    algorithm, _, value = text.partition(":")
    algorithm = algorithm.lower().replace("-", "")
    if algorithm not in _CHECKED_ALGORITHMS:
        return "", b""
    try:
        is_hex = len(value) == 2 * hashlib.new(algorithm, usedforsecurity=False).digest_size
        return algorithm, bytes.fromhex(value) if is_hex else base64.b32decode(value.upper())
    except (ValueError, binascii.Error):
        return "", b""


def _head_bytes(record: Record, block_sha256: str) -> bytes:
    lines = [
        "WARC/1.1",
        f"WARC-Type: {record.type.value}",
        f"WARC-Record-ID: <{record.record_id}>",
        f"WARC-Date: {stamp(record.date)}",
    ]
    if record.target_uri is not None:
        lines.append(f"WARC-Target-URI: {record.target_uri}")
    lines += [f"{name}: {value}" for name, value in record.fields]
    lines.append(f"WARC-Block-Digest: sha256:{block_sha256}")
    if record.content_type is not None:
        lines.append(f"Content-Type: {record.content_type}")
    length = len(record.block) + (record.rest.size_bytes if record.rest else 0)
    lines.append(f"Content-Length: {length}\r\n\r\n")
    return "\r\n".join(lines).encode()


def _pieces_of(rest: Rest | None) -> Iterator[bytes]:
    if rest is not None:
        if rest.pieces is None:
            raise ValueError("the rest of the record was not kept")
        yield from rest.pieces()


def _split(plain: bytes) -> tuple[Record, str]:
    """The record and the block digest that it states."""
    head = head_of(plain)
    stop = head.start + head.length
    if plain[stop:] != _END_OF_HEAD:
        there = len(plain) - head.start - len(_END_OF_HEAD)
        raise TornSegment(f"the record says {head.length} bytes, but {there} are there")
    return record_of(head, plain[head.start : stop]), head.block_digest


def _fields_of(head: bytes) -> list[tuple[str, str]]:
    lines = head.decode("utf-8", "replace").split("\r\n")[1:]
    parted = (line.partition(":") for line in lines)
    return [(name.strip(" \t"), value.strip(" \t")) for name, colon, value in parted if colon]


def _read_date(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _require_single_line(*values: str) -> None:
    for value in values:
        if _LINE_BREAK_OR_NUL.search(value) or value != value.strip(" \t"):
            raise ValueError(f"a field of a record is one line without spaces around: {value!r}")
