"""What was made of one capture: the block of the metadata record that follows it in the segment.

Recovery and rebuild replay these blocks in their order and so come to the same catalogue as the
crawl did, without reading a page again. Format: UTF-8 JSON, `"salname": 1` first, in a WARC
`metadata` record of content type `application/json` (ISO 28500:2017, section 6.6); a block of
another number was written by a later release and is refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import orjson

from archive.article import Article, PageKind, article_from_dict, article_to_dict
from archive.errors import IntegrityError
from archive.ledger import AddressKind, Candidate, LedgerState

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoLook:
    """What a picture looks like, and what its file says of it; see `archive/photo_hash.py`.

    views            the hash in base64; None where the picture could not be decoded
    contrast         how much there is to see, from 0
    not_hashed       the reason why there is no hash, or None
    caption, credit  the words in the file, or None
    """

    views: str | None = None
    contrast: float | None = None
    not_hashed: str | None = None
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoFacts:
    """What was measured of one image: digest of its decoded bytes, format and size.

    look  what it looks like; None where its bytes were there before, or an older release took it
    """

    sha256: str
    mime: str
    width_px: int
    height_px: int
    size_bytes: int
    look: PhotoLook | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStart:
    """A run began: the sources it visits, where it enters them, and the rules of its schedule.

    extractor      name and version of the program, such as `salname/0.1.0`
    look_again_s   seconds after the first sight at which an article is looked at again
    gone_after_s   how long looks must find nothing, with a control page of the same host, before an
                   article is told as gone
    is_backfill    lists are walked back although they offer nothing new
    backfilled     first and last day of what a backfill wants; the next one of the same days goes
                   on where it was, if it did not come to its end
    """

    run: str
    started_at: str
    extractor: str
    look_again_s: tuple[int, ...]
    gone_after_s: int = 0
    is_backfill: bool = False
    backfilled: tuple[str, ...] = ()
    sources: tuple["VisitedSource", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitedSource:
    """A source as a run found it defined; `entries` are the lists its discovery begins with.

    reserve  lists that are read only where the others do not reach back to what is known
    """

    name: str
    publisher: str
    host: str
    kind: str
    language: str
    definition_sha256: str
    entries: tuple[Candidate, ...]
    reserve: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnd:
    """A run ended: `outcome` is success, partial or failed; `summary` is what it printed.

    walked      sources whose lists were read as far back as there was news; what they offer from
                now on is news for the next run
    is_offline  no host answered: what failed speaks of the machine's network, and of no host
    """

    run: str
    finished_at: str
    outcome: str
    walked: tuple[str, ...] = ()
    is_offline: bool = False
    summary: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was made of one look at one address, with or without an answer.

    url            the ledger's address that was visited, canonical
    asked          the address that was asked instead and gave no answer, or None
    at             when, RFC 3339 UTC with microseconds and Z
    expected       what the address was expected to be
    kind           what it was; for a look without an answer, ERROR
    state, reason  where the ledger's row stands after it
    article        the article, when kind is ARTICLE, with its identity `article_key`
    candidates     addresses that the page offered; `more` are further lists, visited when a
                   candidate was new
    moved_to       canonical target of a redirect, or None
    retry_after_s  what the server asked for, or None
    noarchive      True where the page's meta robots asks archives not to show copies of it
    unclosed       True where the markup of an article's page has no end tag of its document
    reread         record id of an earlier answer that is read anew, by a better extractor; then
                   `article` is what it reads there, and nothing else is said
    """

    run: str
    source: str
    url: str
    at: str
    expected: AddressKind
    kind: PageKind
    state: LedgerState
    reason: str | None = None
    depth: int = 0
    article_key: str | None = None
    article: Article | None = None
    photo: PhotoFacts | None = None
    candidates: tuple[Candidate, ...] = ()
    more: tuple[Candidate, ...] = ()
    moved_to: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    retry_after_s: int | None = None
    noarchive: bool | None = None
    unclosed: bool | None = None
    extractor: str = ""
    asked: str | None = None
    reread: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A person says of two articles that they are one, or that they are not.

    key, other_key  of the articles; where they are one, `other_key` is of the one that goes on
    why             in the person's words
    """

    at: str
    is_one: bool
    key: str
    other_key: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureVerdict:
    """A person says of two photos that they show one picture, or that they do not."""

    at: str
    is_one: bool
    sha256: str
    other_sha256: str
    why: str = ""


Entry = RunStart | RunEnd | Reading | Verdict | PictureVerdict


def entry_to_json(entry: Entry) -> bytes:
    """The entry as the block of its metadata record; fields that are empty are left out."""
    shape: dict[str, Any] = {"salname": FORMAT, "entry": _WORD_OF[type(entry)]}
    for each in fields(entry):
        value = getattr(entry, each.name)
        if value is not None and value != () and value != "":
            shape[each.name] = value
    if isinstance(entry, Reading) and entry.article is not None:
        shape["article"] = article_to_dict(entry.article)
    if isinstance(entry, Reading) and entry.photo is not None:
        shape["photo"] = _filled(entry.photo)
        if entry.photo.look is not None:
            shape["photo"]["look"] = _filled(entry.photo.look)
    return orjson.dumps(shape)


def _filled(value: PhotoFacts | PhotoLook) -> dict[str, Any]:
    found = ((each.name, getattr(value, each.name)) for each in fields(value))
    return {name: held for name, held in found if held is not None}


def entry_from_json(block: bytes) -> Entry:
    """The entry that a metadata record's block holds.

    Raises:
        IntegrityError: the block is not JSON of ours, or of a later format.
    """
    try:
        shape = orjson.loads(block)
        if shape.pop("salname") != FORMAT:
            raise IntegrityError(
                "A metadata record was written by a later release. Install that release."
            )
        return _READER_OF[shape.pop("entry")](shape)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IntegrityError(f"A metadata record cannot be read: {error!r}.") from error


def _reading_from(shape: dict[str, Any]) -> Reading:
    shape["expected"] = AddressKind(shape["expected"])
    shape["kind"] = PageKind(shape["kind"])
    shape["state"] = LedgerState(shape["state"])
    if "article" in shape:
        shape["article"] = article_from_dict(shape["article"])
    if "photo" in shape:
        shape["photo"] = _photo_from(shape["photo"])
    for name in ("candidates", "more"):
        shape[name] = _candidates_from(shape.get(name, ()))
    return Reading(**shape)


def _photo_from(shape: dict[str, Any]) -> PhotoFacts:
    look = shape.get("look")
    return PhotoFacts(**{**shape, "look": PhotoLook(**look) if look else None})


def _run_start_from(shape: dict[str, Any]) -> RunStart:
    shape["look_again_s"] = tuple(shape["look_again_s"])
    sources = (
        {
            **each,
            "entries": _candidates_from(each["entries"]),
            "reserve": _candidates_from(each.get("reserve", ())),
        }
        for each in shape.get("sources", ())
    )
    shape["sources"] = tuple(VisitedSource(**each) for each in sources)
    shape["backfilled"] = tuple(shape.get("backfilled", ()))
    return RunStart(**shape)


def _run_end_from(shape: dict[str, Any]) -> RunEnd:
    return RunEnd(**{**shape, "walked": tuple(shape.get("walked", ()))})


def _candidates_from(shapes: list[dict[str, Any]] | tuple[()]) -> tuple[Candidate, ...]:
    return tuple(Candidate(**{**each, "kind": AddressKind(each["kind"])}) for each in shapes)


_WORD_OF = {
    RunStart: "run-start",
    RunEnd: "run-end",
    Reading: "reading",
    Verdict: "verdict",
    PictureVerdict: "picture-verdict",
}
_READER_OF: dict[str, Callable[[dict[str, Any]], Entry]] = {
    "run-start": _run_start_from,
    "run-end": _run_end_from,
    "reading": _reading_from,
    "verdict": lambda shape: Verdict(**shape),
    "picture-verdict": lambda shape: PictureVerdict(**shape),
}
