"""One fetch of one URL as the catalogue needs it, made from an exchange or from its record."""

from dataclasses import dataclass

from archive.rendering import RenderedRecord
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
    is_noarchive    the answer asks archives not to show copies of it; see `asks_noarchive`
    rendered        the document that a browser made of the answer, or None
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
    is_noarchive: bool = False
    rendered: RenderedRecord | None = None


def asks_noarchive(headers: tuple[tuple[str, str], ...]) -> bool:
    """Whether X-Robots-Tag says `noarchive` or `none`, to all or to this archive.

    It is kept as a flag and changes nothing else: what was published is evidence. Source: Google
    Search Central, "Robots meta tag, data-nosnippet, and X-Robots-Tag specifications"; a value may
    begin with the name of one robot and a colon.
    """
    for name, value in headers:
        if name.lower() != "x-robots-tag":
            continue
        robot, colon, rules = value.lower().partition(":")
        if not colon or "," in robot or " " in robot.strip() or robot.strip() in _TIMED:
            rules = value.lower()  # no robot is named, or a rule has the colon
        elif robot.strip() != "salname":
            continue
        if not {"noarchive", "none"}.isdisjoint(rule.strip() for rule in rules.split(",")):
            return True
    return False


_TIMED = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
