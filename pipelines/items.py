"""The page as the readers get it, whatever fetched it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One response, ready to be read.

    url           the address that answered, absolute
    captured_at   aware; the moment of the capture, the reference for dates without a year
    body          content-decoded bytes (no gzip), not yet decoded to text
    content_type  the header's value as received, or None
    location      the target of a redirect, absolute, or None
    is_truncated  the body was cut at a limit
    """

    url: str
    captured_at: datetime
    body: bytes
    status: int = 200
    content_type: str | None = None
    location: str | None = None
    is_truncated: bool = False

    def __post_init__(self) -> None:
        if self.captured_at.tzinfo is None:
            raise ValueError("captured_at must know its time zone")
