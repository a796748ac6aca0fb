"""What a request asks for: the archive behind it, numbers in its address, a search."""

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from starlette.exceptions import HTTPException
from starlette.requests import Request

from archive.catalogue.reader import CatalogueReader
from archive.folder import ArchiveFolder
from archive.search.hits import Order

_LONGEST_QUERY = 300  # characters
_PARTING = re.compile(r'[\s"“”„«»]+')  # what would end the value of a label
LARGEST_ID = 2**63 - 1  # of SQLite


class NotANumber(HTTPException):
    """A query of an address has something else where a whole number from 0 to `most` belongs."""

    def __init__(self, name: str, most: int, text: str) -> None:
        super().__init__(400, f"{name} is a whole number from 0 to {most}, not {text[:40]!r}.")
        self.name = name
        self.most = most


def archive_of(request: Request) -> ArchiveFolder:
    """The archive that the application serves."""
    return cast(ArchiveFolder, request.app.state.archive)


def open_catalogue(request: Request) -> CatalogueReader:
    """A reader of its own for this request; close it, best by `with`.

    Raises:
        NotAnArchive: there is no catalogue yet.
    """
    return CatalogueReader.open(archive_of(request).catalogue_path)


def number_asked(request: Request, name: str, *, default: int, most: int) -> int:
    """A whole number from 0 to `most` in the query of an address.

    Raises:
        NotANumber: it is something else.
    """
    text = request.query_params.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 19 and int(text) <= most):
        raise NotANumber(name, most, text)
    return int(text)


def number_in_path(request: Request, name: str) -> int:
    """A number in the path of an address.

    Raises:
        HTTPException: 404, where SQLite could not even hold it.
    """
    number = cast(int, request.path_params[name])
    if number > LARGEST_ID:
        raise HTTPException(404)
    return number


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSearch:
    """What the search form asks for, field by field; empty where a field was left alone.

    words        in the query language
    first, last  days as the form writes them, `2026-02-14`
    """

    words: str = ""
    source: str = ""
    first: str = ""
    last: str = ""
    order: Order = Order.BEST

    @property
    def query(self) -> str:
        """All of it in the query language."""
        labels = {"source": self.source, "from": self.first, "to": self.last}
        told = [f"{label}:{value}" for label, value in labels.items() if value]
        return " ".join(filter(None, [self.words, *told]))

    @property
    def is_refined(self) -> bool:
        """Whether more than words was asked for."""
        return bool(self.source or self.first or self.last) or self.order is not Order.BEST


def search_asked(request: Request) -> AskedSearch:
    """The search that the form's fields ask for; an order that is none is that of the best."""
    asked = request.query_params
    source, first, last = (
        _PARTING.sub("", asked.get(each, ""))[:100] for each in ("source", "from", "to")
    )
    order = Order.BEST
    with suppress(ValueError):
        order = Order(asked.get("order", ""))
    words = asked.get("q", "").strip()[:_LONGEST_QUERY]
    return AskedSearch(words=words, source=source, first=first, last=last, order=order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """Links to the first page, and to the pages before and after, where there are such."""

    first_link: str
    previous_link: str | None
    next_link: str | None


def pager_of(request: Request, page: int, *, has_next: bool) -> Pager:
    """The links around the page of that number, counted from 1."""
    return Pager(
        first_link=_link(request, 1),
        previous_link=_link(request, page - 1) if page > 1 else None,
        next_link=_link(request, page + 1) if has_next else None,
    )


def _link(request: Request, page: int) -> str:
    url = request.url.include_query_params(page=page)
    return f"{url.path}?{url.query}"
