"""What an article is once it has been read: the values that travel, and their one JSON shape.

The shape is the same in `salname extract`, `show`, exports and the HTTP API; its JSON Schema is
`docs/reference/article.schema.json`. All text is as printed (Unicode NFC, white space unified);
folding happens in keys and in the search index alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import orjson


class PageKind(StrEnum):
    """What a response turned out to be; only ARTICLE can become a version."""

    ARTICLE = "article"
    LIST = "list"
    FEED = "feed"
    SITEMAP = "sitemap"
    PHOTO = "photo"
    ROBOTS = "robots"
    ERROR = "error"
    BLOCK = "block"
    CONSENT = "consent"
    STUB = "stub"
    MOVED = "moved"
    UNCHANGED = "unchanged"
    OTHER = "other"


class Precision(StrEnum):
    """How exactly a moment is known."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A date read from a page.

    at         `2023-02-14` for day precision, else RFC 3339 with the zone of the site
               (`2023-02-14T18:28:00+04:00`)
    printed    the text it was read from, as printed
    how        how it was resolved, such as `year-less`, `relative`, `json-ld`, `url`
    """

    at: str
    precision: Precision
    printed: str
    how: str


class BlockKind(StrEnum):
    """The kinds of block that a body is made of, in reading order."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    QUOTE = "quote"
    LIST = "list"
    TABLE = "table"
    UPDATE = "update"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of a body.

    text   the block as plain text; of a list one item a line, of a table one row a line with
           cells parted by tabs, of an update the separator as printed
    role   `attribution`, `dateline`, `signature` or `background` where the block is one, else None
    level  of a heading 2 to 6, else None
    items  of a list its items; rows  of a table its rows of cells
    at     of an update of a live story, its time as printed
    """

    kind: BlockKind
    text: str
    role: str | None = None
    level: int | None = None
    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """A sentence that says where the news comes from.

    name   the body or agency named as the source, without quotes and case suffix, or None
    kind   `opener`, `dateline`, `signature` or `closer`
    site   the publishing site that the sentence names, without case suffix, or None
    """

    name: str | None
    sentence: str
    kind: str
    site: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPhoto:
    """A photo as an article shows it: absolute address and the words beside it."""

    url: str
    caption: str | None = None
    credit: str | None = None
    alt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Embed:
    """Something shown from elsewhere: a video, a post. `kind` is `youtube`, `video`, `post` …"""

    kind: str
    url: str


class Confidence(StrEnum):
    """How a field stands among the witnesses that were heard on it besides the one that gave it."""

    AGREED = "agreed"
    ALONE = "alone"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a witness (`json-ld`, `opengraph`, `near-headline` …) says of a field; cut where it is long."""

    witness: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One reading of one page.

    kind           ARTICLE, or what else the page is; then `reason` says why and most is empty
    url            the address the page was read from
    canonical_url  the article's own address in canonical form
    article_id     the number (or word) that stays when the slug changes, or None
    headline       as printed, markers included; `title` is the same without markers
    markers        upper case, in printed order, without number; `update_no` is the number of
                   YENİLƏNİB-2, or None
    text           paragraphs parted by blank lines, made from `blocks`
    provenance     field name → what produced it: `rule:body`, `json-ld`, `trafilatura`, `url` …
    confidence     field name → how it stands among the page's witnesses; of fields on which others
                   than the site's rules were heard
    disagreements  field name → what witnesses say that is not what was taken
    doubts         sentences on what looks incomplete, such as a FOTO marker with one photo
    """

    kind: PageKind
    url: str
    canonical_url: str
    article_id: str | None = None
    headline: str = ""
    title: str = ""
    markers: tuple[str, ...] = ()
    update_no: int | None = None
    lead: str = ""
    section: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None
    published: Moment | None = None
    modified: Moment | None = None
    text: str = ""
    blocks: tuple[Block, ...] = ()
    attribution: tuple[Attribution, ...] = ()
    photos: tuple[ShownPhoto, ...] = ()
    embeds: tuple[Embed, ...] = ()
    provenance: Mapping[str, str] = field(default_factory=dict)
    confidence: Mapping[str, Confidence] = field(default_factory=dict)
    disagreements: Mapping[str, tuple[Claim, ...]] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()
    reason: str | None = None


def text_of(blocks: tuple[Block, ...]) -> str:
    """The plain text of a body: its blocks parted by blank lines."""
    return "\n\n".join(block.text for block in blocks)


def article_to_json(article: Article) -> bytes:
    """The article as UTF-8 JSON, keys in the order of the class; empty block fields left out."""
    return orjson.dumps(article_to_dict(article))


def article_to_dict(article: Article) -> dict[str, Any]:
    """The article as the dictionary that its JSON shows; values may be dataclasses for orjson."""
    shape = {name: getattr(article, name) for name in Article.__slots__}
    shape["blocks"] = [_block_to_dict(block) for block in article.blocks]
    return shape


def article_from_dict(shape: Mapping[str, Any]) -> Article:
    """The article that `article_to_json` wrote; unknown keys of a later release are ignored."""
    known = {name: shape[name] for name in Article.__slots__ if name in shape}
    known["kind"] = PageKind(known["kind"])
    for name in ("markers", "authors", "tags", "doubts"):
        known[name] = tuple(known.get(name, ()))
    known["confidence"] = {
        name: Confidence(word) for name, word in known.get("confidence", {}).items()
    }
    known["disagreements"] = {
        name: tuple(Claim(**each) for each in said)
        for name, said in known.get("disagreements", {}).items()
    }
    for name in ("published", "modified"):
        known[name] = _moment_from(known.get(name))
    known["blocks"] = tuple(_block_from(each) for each in known.get("blocks", ()))
    known["attribution"] = tuple(Attribution(**each) for each in known.get("attribution", ()))
    known["photos"] = tuple(ShownPhoto(**each) for each in known.get("photos", ()))
    known["embeds"] = tuple(Embed(**each) for each in known.get("embeds", ()))
    return Article(**known)


def _block_to_dict(block: Block) -> dict[str, Any]:
    shape: dict[str, Any] = {"kind": block.kind, "text": block.text}
    for name in ("role", "level", "items", "rows", "at"):
        if value := getattr(block, name):
            shape[name] = value
    return shape


def _block_from(shape: Mapping[str, Any]) -> Block:
    return Block(
        kind=BlockKind(shape["kind"]),
        text=shape["text"],
        role=shape.get("role"),
        level=shape.get("level"),
        items=tuple(shape.get("items", ())),
        rows=tuple(tuple(row) for row in shape.get("rows", ())),
        at=shape.get("at"),
    )


def _moment_from(shape: Mapping[str, str] | None) -> Moment | None:
    if shape is None:
        return None
    return Moment(
        at=shape["at"],
        precision=Precision(shape["precision"]),
        printed=shape["printed"],
        how=shape["how"],
    )
