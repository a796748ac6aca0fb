"""What the catalogue gives back: one frozen value a row."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from archive.article import Article
from archive.rendering import RenderedRecord
from archive.warc import Location


class ChangeKind(StrEnum):
    """What an entry of the change log tells."""

    APPEARED = "appeared"
    EDITED = "edited"
    MARKED = "marked"  # only markers changed: a version too
    SHORTENED = "shortened"  # most of the text is gone at once, as when a paywall is put up
    COMPLETED = "completed"  # the page before came half: no edit by the publisher
    MOVED = "moved"  # the same article under a new address
    MISSING = "missing"  # 404 or 410 once: gone, not confirmed
    DISAPPEARED = "disappeared"  # confirmed by a later look
    RETURNED = "returned"
    SWAPPED = "swapped"  # another photo under the same address, while the page stayed
    HIDDEN = "hidden"  # it is there, but left every list of its site before its time
    LISTED = "listed"  # a list shows it again
    CORRECTED = "corrected"  # a better extractor reads the same bytes differently
    MERGED = "merged"  # found to be the same article as another
    PARTED = "parted"  # it was not: the merge is undone
    JOINED = "joined"  # its story and another became one
    LEFT = "left"  # its text changed so that it no longer belongs to its story


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One source as the catalogue knows it, with what it holds of it."""

    id: int
    name: str
    publisher: str
    host: str
    kind: str
    language: str
    last_run_at: str | None
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRow:
    """One fetch of one URL: times are RFC 3339 UTC with microseconds and Z.

    document  what a browser made of the answer, and was read; None where the answer itself was
    """

    id: int
    url: str
    captured_at: str
    status: int
    kind: str
    mime: str
    payload_sha256: str
    payload_bytes: int
    record_id: str
    location: Location
    revisit_of: str | None
    truncated: str | None
    is_noarchive: bool
    is_noarchive_in_page: bool = False
    document: RenderedRecord | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow:
    """One article with the numbers of its versions and where it stands."""

    id: int
    source: str
    key: str
    canonical_url: str
    title: str
    state: str  # live, missing, gone
    first_seen_at: str
    last_seen_at: str
    missing_since: str | None
    versions: int
    hidden_since: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One state of an article's content. `number` counts from 1 within its article."""

    id: int
    article_id: int
    number: int
    version_sha256: str
    first_seen_at: str
    last_seen_at: str
    first_capture_id: int
    observations: int
    article: Article


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionSummary:
    """A version in a list: everything but its text.

    is_in_doubt  its page came without its end, and no other look has read the same
    edit         what led to it, as its JSON says; None for the first
    """

    id: int
    article_id: int
    number: int
    version_sha256: str
    first_seen_at: str
    last_seen_at: str
    observations: int
    headline: str
    title: str
    is_in_doubt: bool
    edit: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPhotoRow:
    """A photo as a version shows it; sha256 and sizes are None until its bytes are here.

    caption, credit            what the page says
    file_caption, file_credit  what the photo's file says, by EXIF and IPTC
    """

    position: int
    url: str
    caption: str | None
    credit: str | None
    alt: str | None
    sha256: str | None
    mime: str | None
    width_px: int | None
    height_px: int | None
    size_bytes: int | None
    file_caption: str | None = None
    file_credit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRow:
    """One URL that led to an article, and from when to when it did."""

    url: str
    first_seen_at: str
    last_seen_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One entry of the change log; `id` is the cursor, it only grows."""

    id: int
    at: str
    kind: ChangeKind
    article_id: int
    version_id: int | None
    capture_id: int | None
    detail: dict[str, Any]
