"""One fetch of one URL as the catalogue needs it, made from an exchange or from its record."""

from dataclasses import dataclass

from archive.warc import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What a WARC response or revisit record says of one fetch.

    captured_at     RFC 3339 UTC with microseconds and Z
    mime            the media type alone, lower case, or the empty string
    payload_sha256  lower-case hex, of the body as transferred (content-encoded); None where a
                    304 carried none
    payload_bytes   None for a revisit, whose payload lies elsewhere
    revisit_of      record id that holds the payload, or None
    truncated       why the body was cut (WARC-Truncated), or None
    """

    url: str
    captured_at: str
    status: int
    mime: str
    payload_sha256: str | None
    payload_bytes: int | None
    record_id: str
    location: Location
    revisit_of: str | None = None
    truncated: str | None = None
