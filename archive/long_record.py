"""A record that is too long to be held: followed to its end, digested as it goes by.

What is held of it are its head and the first bytes of its block; the rest is told by its length
and the payload's digest.
"""

import hashlib
import re
from typing import Self

from archive.errors import IntegrityError, TornSegment
from archive.rest import FIRST_BYTES, Rest
from archive.warc import Head, Record, RecordType, head_of, read_digest, record_of

# Of all others the whole is needed: a list of 50,000 addresses makes a long metadata record.
_MAY_BE_LONG = RecordType.RESPONSE.value
_END_OF_RECORD = b"\r\n\r\n"
_END_OF_HTTP_HEAD = re.compile(rb"\r?\n\r?\n")


class LongRecord:
    """One record as it goes by.

    rest_at  where the rest of its block begins, in bytes behind the first of the record
    """

    def __init__(self, head: Head, first: bytes) -> None:
        """Use `follow`."""
        self._head = head
        self._block = first[head.start : head.start + min(FIRST_BYTES, head.length)]
        self.rest_at = head.start + len(self._block)
        algorithm, self._stated = read_digest(head.block_digest)
        self._found = hashlib.new(algorithm or "sha256", usedforsecurity=False)
        self._payload = hashlib.sha256()
        self._left = head.length
        self._behind = b""
        end = _END_OF_HTTP_HEAD.search(self._block)
        payload_at = len(self._block) if end is None else end.end()
        self._take(memoryview(first)[head.start :], payload_at)

    @classmethod
    def follow(cls, first: bytes) -> Self | None:
        """The record that begins with these bytes; None where it must be held, long as it is."""
        try:
            head = head_of(first)
        except TornSegment:
            return None
        return cls(head, first) if head.type == _MAY_BE_LONG else None

    def update(self, piece: bytes) -> None:
        """Take the next bytes.

        Raises:
            TornSegment: there are more of them than the record says.
        """
        self._take(memoryview(piece), 0)

    def record(self) -> Record:
        """The record, once its last bytes have been taken.

        Raises:
            TornSegment: it is not whole, or its head is not usable.
        """
        if self._left or self._behind != _END_OF_RECORD:
            raise TornSegment(f"the record says {self._head.length} bytes, and {self._left} lack")
        rest = Rest(
            size_bytes=self._head.length - len(self._block),
            payload_sha256=self._payload.hexdigest(),
        )
        return record_of(self._head, self._block, rest)

    def prove(self) -> None:
        """Hold the block against the record's own digest.

        Raises:
            IntegrityError: it is not the one that the digest was made of.
        """
        if self._stated and self._found.digest() != self._stated:
            raise IntegrityError(
                f"The block of record {self.record().record_id} does not match its "
                f"{self._head.block_digest}. Take the segment from another copy."
            )

    def _take(self, piece: memoryview, payload_at: int) -> None:
        block = piece[: self._left]
        self._found.update(block)
        self._payload.update(block[payload_at:])
        self._left -= len(block)
        self._behind += bytes(piece[len(block) : len(block) + 5])
        if len(self._behind) > len(_END_OF_RECORD):
            raise TornSegment(f"the record says {self._head.length} bytes, but more are there")
