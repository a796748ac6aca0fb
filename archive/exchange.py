"""One HTTP exchange as it was on the wire: what was asked and what answered."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from archive.rest import Rest

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One fetch of one URL at one time, before anything reads it.

    url               as requested, absolute
    captured_at       aware; becomes WARC-Date
    method            empty where it is not known what was asked, as of an imported answer
    request_headers, response_headers  in order, with case and duplicates, as latin-1 text
    protocol          `http/1.0`, `http/1.1`, `h2`: the words of the WARC-Protocol field
    body              transfer-decoded (no chunks), still content-encoded (gzip, br …); of a long one
                      the first bytes
    rest              what follows them in a long one, or None
    ip                address that answered, or None where a proxy hides it
    tls_version       `tls/1.2`, `tls/1.3`, or None without TLS
    tls_cipher        the suite's IANA name, such as `TLS_AES_128_GCM_SHA256`, or None
    truncated         why the body is not whole: `length`, `time`, `disconnect` or `unspecified`
    payload_sha256    of the whole body; lower-case hex
    """

    url: str
    captured_at: datetime
    method: str = "GET"
    request_headers: Headers = ()
    status: int = 200
    reason: str = "OK"
    protocol: str = "http/1.1"
    response_headers: Headers = ()
    body: bytes = b""
    rest: Rest | None = None
    ip: str | None = None
    tls_version: str | None = None
    tls_cipher: str | None = None
    truncated: str | None = None
    payload_sha256: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.captured_at.tzinfo is None:
            raise ValueError("captured_at must know its time zone")
        found = self.rest.payload_sha256 if self.rest else sha256(self.body).hexdigest()
        object.__setattr__(self, "payload_sha256", found)

    @property
    def payload_bytes(self) -> int:
        """The length of the whole body."""
        return len(self.body) + (self.rest.size_bytes if self.rest else 0)
