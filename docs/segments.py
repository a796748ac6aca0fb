"""What docs/reference/segments.md shows from the code: a capture's records, and the metadata's keys."""

import json
import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum

from archive.article import Article, Block, BlockKind, Moment, PageKind, Precision, text_of
from archive.exchange import Exchange
from archive.ledger import AddressKind, Candidate, LedgerState
from archive.moments import stamp
from archive.reading import (
    PhotoFacts,
    PhotoLook,
    PictureVerdict,
    Reading,
    RunEnd,
    RunStart,
    Verdict,
    VisitedSource,
    entry_to_json,
)
from archive.records import metadata_record, request_record, response_record, text_record
from archive.warc import record_bytes
from crawler.source_schema import explained
from docs.generate import table

_AT = datetime(2026, 2, 14, 14, 3, 7, 123456, tzinfo=UTC)
_URL = "https://olke.example/az/sosium/41/yeni-merkez/"
_BODY = (
    "<html><b>SOSİUM</b> 14 Fevral\n<h1>Şəkidə yeni mərkəz açılıb - FOTO</h1>\n"
    "<p>Mərkəz bu gün işə başlayıb.</p></html>\n"
)
_SHAPES = {
    each.__name__: each
    for each in (
        RunStart,
        VisitedSource,
        Reading,
        Candidate,
        PhotoFacts,
        PhotoLook,
        RunEnd,
        Verdict,
        PictureVerdict,
    )
}


def _words(words: type[StrEnum]) -> str:
    return ", ".join(f"`{each.value}`" for each in words)


_ALSO: Mapping[type, Mapping[str, str]] = {
    RunStart: {
        "run": "name of the run",
        "started_at": "when it began; RFC 3339 UTC with microseconds and Z, as all times here",
        "sources": "the sources that it visits; their keys are below",
    },
    VisitedSource: {
        "name": "of the source",
        "publisher": "as the source file says it",
        "host": "the same",
        "kind": "the same",
        "language": "the same",
        "entries": "the lists that its discovery begins with, as candidates",
        "definition_sha256": "digest of the whole definition, so that a change of it shows",
    },
    Reading: {
        "run": "name of the run",
        "source": "name of the source",
        "expected": f"what the address was expected to be: {_words(AddressKind)}",
        "kind": f"what the answer was: {_words(PageKind)}",
        "state": f"where the address stands after this look: {_words(LedgerState)}",
        "reason": "why, in words; left out where there is nothing to add",
        "depth": "how many lists or redirects led here from an entry of the source",
        "article": "the article, where the answer is one, as in [article.md](article.md)",
        "article_key": "the article's identity: host and number, else its canonical address",
        "photo": "what was measured of a photo; its keys are below",
        "candidates": "addresses that the page offered, in its order; their keys are below",
        "more": "further lists that the page leads to; visited where a candidate was new",
        "moved_to": "canonical target of a redirect",
        "etag": "the answer's ETag, asked about at the next look",
        "last_modified": "the answer's Last-Modified, asked about at the next look",
        "retry_after_s": "the seconds of patience that the server asked for",
        "extractor": "name and version of the program that read the page",
        "asked": "the endpoint that was asked instead and gave no answer",
        "reread": "record id of an earlier answer that is read anew: then `article` is a correction",
    },
    Candidate: {
        "position": "its place in the offer, from 0",
        "changed": "when it changed last, as a sitemap says, in UTC",
        "title": "what the offer said of it, as printed",
        "published": "the same",
        "photo_url": "the same",
    },
    PhotoFacts: {
        "sha256": "of the decoded bytes, lower-case hex",
        "mime": "what the bytes are, whatever the server said",
        "width_px": "in pixels",
        "height_px": "in pixels",
        "size_bytes": "length of the decoded bytes",
    },
    PhotoLook: {},
    RunEnd: {
        "run": "name of the run",
        "finished_at": "when it ended",
        "outcome": "`success`, `partial` or `failed`",
        "walked": "sources whose lists were read as far back as there was news",
        "summary": "what it printed, by source",
    },
    PictureVerdict: {
        "at": "when it was given",
        "is_one": "whether the two photos show one picture",
        "sha256": "digest of the one photo",
        "other_sha256": "of the other",
        "why": "in the words of the person who decided",
    },
    Verdict: {
        "at": "when it was given",
        "is_one": "whether the two articles are one",
        "key": "identity of the one article",
        "other_key": "of the other; where they are one, of the one that goes on",
        "why": "in the words of the person who decided",
    },
}


def entry_keys(name: str) -> str:
    """The keys of one object of a metadata record: `RunStart`, `Reading`, …"""
    shape = _SHAPES[name]
    said = {**explained(shape), **_ALSO[shape]}
    return table(
        ("key", "what it is"), [(f"`{each.name}`", said[each.name]) for each in fields(shape)]
    )


def example_capture() -> str:
    """The four records of a capture of a made-up page, as they stand in a segment once unpacked."""
    exchange = Exchange(
        url=_URL,
        captured_at=_AT,
        request_headers=(
            ("Host", "olke.example"),
            ("User-Agent", "Salname/0.1.0"),
            ("Accept-Encoding", "gzip"),
        ),
        response_headers=(("Content-Type", "text/html; charset=utf-8"), ("Server", "made-up")),
        body=_BODY.encode(),
        ip="192.0.2.7",
    )
    first, second, third, last = (
        f"urn:uuid:00000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3, 4)
    )
    article = _reading().article
    assert article is not None
    records = (
        response_record(exchange, record_id=first),
        request_record(exchange, concurrent_to=first, record_id=second),
        text_record(
            f"{article.headline}\n\n{article.text}\n",
            url=_URL,
            at=_AT,
            refers_to=first,
            record_id=third,
        ),
        metadata_record(
            entry_to_json(_reading()),
            url=f"urn:salname:reading:{_URL}",
            at=_AT,
            concurrent_to=first,
            record_id=last,
        ),
    )
    shown = [record_bytes(record).decode().replace("\r\n", "\n").strip() for record in records]
    return "```text\n" + "\n\n\n".join(map(_shortened, shown)) + "\n```\n"


def example_metadata() -> str:
    """The metadata of the same capture, laid out for reading."""
    block = json.loads(entry_to_json(_reading()))
    return "```json\n" + json.dumps(block, ensure_ascii=False, indent=2) + "\n```\n"


def _shortened(record: str) -> str:
    return re.sub(r"(?m)^(\{\"salname\".{60}).*$", r"\1 …", record)


def _reading() -> Reading:
    blocks = (Block(kind=BlockKind.PARAGRAPH, text="Mərkəz bu gün işə başlayıb."),)
    article = Article(
        kind=PageKind.ARTICLE,
        url=_URL,
        canonical_url=_URL,
        article_id="41",
        headline="Şəkidə yeni mərkəz açılıb - FOTO",
        title="Şəkidə yeni mərkəz açılıb",
        markers=("FOTO",),
        section="SOSİUM",
        language="az",
        published=Moment(
            at="2026-02-14", precision=Precision.DAY, printed="14 Fevral", how="year-less"
        ),
        blocks=blocks,
        text=text_of(blocks),
        provenance={"headline": "rule:headline", "text": "rule:body"},
    )
    return Reading(
        run="20260214T140301Z-5f0c1e",
        source="olke.example",
        url=_URL,
        at=stamp(_AT),
        expected=AddressKind.PAGE,
        kind=PageKind.ARTICLE,
        state=LedgerState.FETCHED,
        article_key="olke.example#41",
        article=article,
        extractor="salname/0.1.0",
    )
