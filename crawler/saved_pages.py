"""Saved pages with the results expected of them, beside the file of a source or family.

Of the source `sayt.example` in a folder lie in `pages/sayt.example/`, three files a page:

    2026-02-14-yeni-merkez.html           the bytes as they came
    2026-02-14-yeni-merkez.meta.json      address, moment of the capture, status, content type
    2026-02-14-yeni-merkez.expected.json  the article in its JSON shape, confirmed by a person

A page stays for ever: when the site changes its layout, the rules of its day must still read it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import orjson

from archive.article import Article, PageKind, article_to_json
from archive.errors import SourceError
from pipelines.items import Page

PAGES = "pages"
_HOW_NOT_WHAT = frozenset({"provenance", "confidence", "disagreements"})
_OF_NO_ARTICLE = ("kind", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """One saved page.

    stem      what its files are called before `.html`
    expected  the article that it must give, or None where nobody has said so yet
    """

    stem: str
    page: Page
    expected: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field of an article that is not what was expected of it; values are as in JSON."""

    field: str
    expected: Any
    found: Any


def read_saved_pages(folder: Traversable, name: str) -> tuple[SavedPage, ...]:
    """The pages saved beside the source or family `name` of a folder, in the order of their names.

    Raises:
        SourceError: a page's second or third file is missing or no JSON.
    """
    home = folder / PAGES / name
    if not home.is_dir():
        return ()
    stems = (file.name for file in home.iterdir() if file.name.endswith(".html"))
    return tuple(_read(home, stem.removesuffix(".html")) for stem in sorted(stems))


def differences(expected: Mapping[str, Any], article: Article) -> Iterator[Difference]:
    """The fields that are not as expected, in the order of the class.

    A field that the expectation leaves out is a difference too; how a field was found is none.
    """
    found = json.loads(article_to_json(article))
    is_article = article.kind in (PageKind.ARTICLE, PageKind.STUB)
    for field in found if is_article else _OF_NO_ARTICLE:
        if field in _HOW_NOT_WHAT:
            continue
        if field not in expected:
            yield Difference(field=field, expected="(nothing is said)", found=found[field])
        elif expected[field] != found[field]:
            yield Difference(field=field, expected=expected[field], found=found[field])


def files_of(folder: Path, name: str, stem: str) -> tuple[Path, Path, Path]:
    """Where a page, its circumstances and the result expected of it lie."""
    home = folder / PAGES / name
    html, meta, expected = (
        home / f"{stem}.{end}" for end in ("html", "meta.json", "expected.json")
    )
    return html, meta, expected


def meta_text(page: Page) -> str:
    """The circumstances of a page, as its second file tells them."""
    told = {
        "url": page.url,
        "captured_at": page.captured_at.isoformat(timespec="seconds"),
        "status": page.status,
        "content_type": page.content_type,
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def expected_text(article: Article) -> str:
    """An article as the third file holds it: every field, a line each, for a person to read."""
    return (
        orjson.dumps(orjson.loads(article_to_json(article)), option=orjson.OPT_INDENT_2).decode()
        + "\n"
    )


def _read(home: Traversable, stem: str) -> SavedPage:
    meta = _json_of(home / f"{stem}.meta.json")
    expected = home / f"{stem}.expected.json"
    try:
        page = Page(
            url=meta["url"],
            captured_at=datetime.fromisoformat(meta["captured_at"]),
            body=(home / f"{stem}.html").read_bytes(),
            status=meta.get("status", 200),
            content_type=meta.get("content_type"),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise SourceError(
            f"{home.name}/{stem}.meta.json must hold url and captured_at, a time with its zone: {error}"
        ) from error
    told = _json_of(expected) if expected.is_file() else None
    return SavedPage(stem=stem, page=page, expected=told)


def _json_of(file: Traversable) -> Mapping[str, Any]:
    try:
        shape = json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise SourceError(f"{file} cannot be read: {error}") from error
    if not isinstance(shape, dict):
        raise SourceError(f"{file} must hold one JSON object.")
    return shape
