"""What a browser made of an answer: the document after its scripts ran, and what these asked for."""

from dataclasses import dataclass

from archive.exchange import Exchange
from archive.warc import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """A rendered page, before anything reads it.

    dom        the document as HTML, in UTF-8; empty where it failed
    parts      what the page's scripts asked for and got, scripts among them, each recorded with
               the page that asked for it first
    truncated  `time` where the scripts had not come to rest, else None
    failure    why there is no document, or None
    """

    dom: bytes = b""
    parts: tuple[Exchange, ...] = ()
    truncated: str | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedRecord:
    """Where the document of a rendered page lies: a WARC resource record beside its answer.

    sha256  of the document; lower-case hex
    """

    record_id: str
    sha256: str
    location: Location
