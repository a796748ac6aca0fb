"""The HTTP message in the block of a response or revisit record: status, headers, body."""

import re
from dataclasses import dataclass, replace
from hashlib import sha256

from archive.content import MAX_CONTENT_BYTES, Content, content_of
from archive.errors import IntegrityError
from archive.rest import Rest
from archive.warc import Record

_STATUS_LINE = re.compile(r"(HTTP/\d(?:\.\d)?) +(\d+)(?: (.*))?", re.IGNORECASE)
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_LINE = re.compile(r"\r?\n(?![ \t])")
_FOLD = re.compile(r"\r?\n[ \t]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpMessage:
    """An answer as a record keeps it.

    headers  in order, with case and duplicates, as latin-1 text; a received Transfer-Encoding is
             called X-Archive-Orig-Transfer-Encoding
    body     transfer-decoded, still content-encoded; empty in a revisit; of a long one the first
             bytes
    rest     what follows them in a long one, or None
    """

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    rest: Rest | None = None

    @property
    def payload_bytes(self) -> int:
        """The length of the whole body."""
        return len(self.body) + (self.rest.size_bytes if self.rest else 0)

    @property
    def payload_sha256(self) -> str:
        """The digest of the whole body, as found; lower-case hex."""
        return self.rest.payload_sha256 if self.rest else sha256(self.body).hexdigest()

    def held(self, limit_bytes: int) -> "HttpMessage":
        """Itself with the whole body held, up to a limit; only of a record that was read alone."""
        if self.rest is None or self.rest.pieces is None:
            return self
        body = bytearray(self.body)
        for piece in self.rest.pieces():
            body += piece[: limit_bytes - len(body)]
            if len(body) >= limit_bytes:
                break
        return replace(self, body=bytes(body), rest=None)

    def find_header(self, name: str) -> str | None:
        """The value of the first header of that name (any case), or None."""
        wanted = name.lower()
        return next((value for name, value in self.headers if name.lower() == wanted), None)

    def content(self, *, limit_bytes: int = MAX_CONTENT_BYTES) -> Content:
        """The body with its content codings undone, cut at the limit."""
        return content_of(self.headers, self.held(limit_bytes).body, limit_bytes=limit_bytes)


def http_of(record: Record) -> HttpMessage:
    """The HTTP message in a response or revisit record.

    Raises:
        IntegrityError: the block does not begin with an HTTP status line.
    """
    end = _END_OF_HEAD.search(record.block)
    head = record.block if end is None else record.block[: end.start()]
    status_line, *lines = _LINE.split(head.decode("latin-1"))
    if (status := _STATUS_LINE.fullmatch(status_line.rstrip("\r\n"))) is None:
        raise IntegrityError(
            f"Record {record.record_id} ({record.target_uri}) holds no HTTP answer: it begins "
            f"with {status_line[:60]!r}. Skip it, or look at the tool that wrote it."
        )
    parted = (_FOLD.sub(" ", line).partition(":") for line in lines)
    return HttpMessage(
        status=int(status[2]),
        reason=status[3] or "",
        headers=tuple(
            (name.strip(" \t"), value.strip(" \t\r\n")) for name, colon, value in parted if colon
        ),
        body=b"" if end is None else record.block[end.end() :],
        rest=record.rest,
    )
