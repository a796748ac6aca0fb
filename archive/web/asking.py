"""What a request asks for: the archive behind it, numbers in its address, an article by its number."""

from dataclasses import dataclass
from typing import cast

from starlette.exceptions import HTTPException
from starlette.requests import Request

from archive.catalogue.reader import CatalogueReader
from archive.folder import ArchiveFolder

LARGEST_ID = 2**63 - 1  # of SQLite


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
        HTTPException: 400, where it is something else.
    """
    text = request.query_params.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 19 and int(text) <= most):
        raise HTTPException(400, f"{name} is a whole number from 0 to {most}, not {text[:40]!r}.")
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
class Pager:
    """Links to the page before and to the page after, where there are such."""

    previous_link: str | None
    next_link: str | None


def pager_of(request: Request, page: int, *, has_next: bool) -> Pager:
    """The links around the page of that number, counted from 1."""
    return Pager(
        previous_link=_link(request, page - 1) if page > 1 else None,
        next_link=_link(request, page + 1) if has_next else None,
    )


def _link(request: Request, page: int) -> str:
    url = request.url.include_query_params(page=page)
    return f"{url.path}?{url.query}"
