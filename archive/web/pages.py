"""The pages: search, article, version, difference, photo, changes, sources.

Each is a plain function; Starlette runs it in a thread, with a catalogue reader of its own.
"""

import re
from collections.abc import Callable
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive.catalogue.reader import CatalogueReader
from archive.catalogue.rows import ChangeRow
from archive.diff import Comparison, FieldChange, compare
from archive.edits import EditKind
from archive.errors import UnreadableQuery
from archive.folder import ArchiveFolder
from archive.paragraph_diff import ParagraphKind
from archive.picture_view import find_picture
from archive.segment import SEALED_ENDING, find_segment_file
from archive.web.asking import (
    LARGEST_ID,
    AskedSearch,
    archive_of,
    number_asked,
    number_in_path,
    open_catalogue,
    pager_of,
    search_asked,
)
from archive.web.finding import find_listed
from archive.web.language import language_of
from archive.web.photos import find_photo, small
from archive.web.rendering import render
from archive.web.troubles import query_trouble
from archive.web.views import change_views, find_article_view, listed_article, stretches_of
from archive.web.words import PHRASES, Words

_RESULTS = 20  # on a page
_CHANGES = 50
_NEWEST = 12  # changes on the first page
_LAST_PAGE = 500
_SHA256 = re.compile("[0-9a-f]{64}")


def home(request: Request) -> Response:
    """The search box with its results, or with the newest changes."""
    asked = search_asked(request)
    shown = partial(render, request, "search.html", asked=asked, found=None, trouble=None)
    if not archive_of(request).catalogue_path.exists():
        return shown(publishers={}, changes=())
    with open_catalogue(request) as reader:
        publishers = reader.publishers()
        if not asked.query:
            changes = change_views(reader, reader.newest_changes(_NEWEST))
            return shown(publishers=publishers, changes=changes)
    return _results(request, asked, partial(shown, publishers=publishers))


def _results(request: Request, asked: AskedSearch, shown: Callable[..., Response]) -> Response:
    page = max(1, min(_LAST_PAGE, number_asked(request, "page", default=1, most=LARGEST_ID)))
    offset = (page - 1) * _RESULTS
    try:
        found = find_listed(
            archive_of(request), asked.query, limit=_RESULTS, offset=offset, order=asked.order
        )
    except UnreadableQuery as error:
        return shown(status=400, trouble=query_trouble(error, Words(language_of(request))))
    has_next = offset + _RESULTS < found.total and page < _LAST_PAGE
    return shown(
        found=found,
        results=found.listed[: max(0, found.complete - offset)],
        partial=found.listed[max(0, found.complete - offset) :],
        pager=pager_of(request, page, has_next=has_next),
    )


def article(request: Request) -> Response:
    """An article in its newest version, or in the version of that number."""
    article_id = number_in_path(request, "article_id")
    number = number_in_path(request, "number") if "number" in request.path_params else None
    with open_catalogue(request) as reader:
        view = find_article_view(reader, article_id, number)
    if view is None:
        raise HTTPException(404)
    segments = {capture.location.segment for capture in view.captures}
    files = {name: _file_name(archive_of(request), name) for name in segments}
    return render(request, "article.html", view=view, files=files)


def _file_name(folder: ArchiveFolder, segment: str) -> str:
    path = find_segment_file(folder.segments_path, segment)
    return path.name if path else f"{segment}{SEALED_ENDING}"  # of the store, or lost


def choose_difference(request: Request) -> Response:
    """From the form that chooses two versions to their own address."""
    numbers = [number_asked(request, name, default=1, most=LARGEST_ID) for name in ("old", "new")]
    article_id = number_in_path(request, "article_id")
    return RedirectResponse(f"/article/{article_id}/diff/{numbers[0]}/{numbers[1]}", 303)


def difference(request: Request) -> Response:
    """Two versions of an article, compared word by word."""
    article_id = number_in_path(request, "article_id")
    with open_catalogue(request) as reader:
        found = reader.article_by_id(article_id)
        versions = reader.version_list(article_id)
        old, new = (
            reader.version_of(article_id, number_in_path(request, name)) for name in ("old", "new")
        )
        if found is None or old is None or new is None:
            raise HTTPException(404)
        photos = [*reader.photos_of(old.id), *reader.photos_of(new.id)]
    comparison = compare(old.article, new.article)
    return render(
        request,
        "diff.html",
        article=found,
        versions=versions,
        old=old,
        new=new,
        comparison=comparison,
        fields=_fields_shown(comparison),
        stretches=stretches_of(comparison.paragraphs),
        moved_count=sum(each.kind is ParagraphKind.MOVED for each in comparison.paragraphs),
        sha256_by_url={photo.url: photo.sha256 for photo in photos if photo.sha256},
    )


def _fields_shown(comparison: Comparison) -> list[FieldChange]:
    """The headline says what the title would: one of them is enough."""
    names = {field.name for field in comparison.fields}
    hidden = "title" if "headline" in names else None
    return [field for field in comparison.fields if field.name != hidden]


def photo(request: Request) -> Response:
    """A photo's bytes as they were received, or small for a list; for good in every cache."""
    sha256 = request.path_params["sha256"]
    if not _SHA256.fullmatch(sha256):
        raise HTTPException(404)
    with open_catalogue(request) as reader:
        found = find_photo(archive_of(request), reader, sha256)
    if found is None:
        raise HTTPException(404)
    is_small = request.url.path.endswith("/small")
    shown = small(found) if is_small else found
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "ETag": f'"{sha256}{"-small" if is_small else ""}"',
    }
    return Response(shown.body, media_type=shown.mime, headers=headers)


def picture(request: Request) -> Response:
    """Every use of a picture, in any size and cut, the first one first."""
    with open_catalogue(request) as reader:
        found = find_picture(reader, request.path_params["sha256"])
    if found is None:
        raise HTTPException(404)
    return render(request, "picture.html", picture=found)


def changes(request: Request) -> Response:
    """The change log, the newest entry first; or its edits of one kind."""
    before = number_asked(request, "before", default=0, most=LARGEST_ID)
    if kind := request.query_params.get("edit"):
        return _edits(request, kind, before or LARGEST_ID)
    with open_catalogue(request) as reader:
        newest = reader.last_change_id()
        rows = _changes_before(reader, before or newest + 1)
        views = change_views(reader, rows)
    lowest = rows[-1].id if rows else 0
    has_newer = bool(before) and before <= newest
    return render(
        request,
        "changes.html",
        changes=views,
        edit=None,
        older_link=f"/changes?before={lowest}" if lowest > 1 else None,
        newer_link=_newer_link(before, newest) if has_newer else None,
    )


def _edits(request: Request, kind: str, before: int) -> Response:
    if kind not in list(EditKind):
        raise HTTPException(404)
    with open_catalogue(request) as reader:
        rows = reader.edits_of_kind(kind, before, _CHANGES)
        views = change_views(reader, rows)
    link = f"/changes?edit={kind}&before={rows[-1].id}" if len(rows) == _CHANGES else None
    return render(
        request, "changes.html", changes=views, edit=kind, older_link=link, newer_link=None
    )


def _changes_before(reader: CatalogueReader, before: int) -> tuple[ChangeRow, ...]:
    """The page of changes below a number, the newest first; numbers of the log have no gaps."""
    rows = reader.changes_after(max(0, before - 1 - _CHANGES), _CHANGES)
    return tuple(reversed([row for row in rows if row.id < before]))


def _newer_link(before: int, newest: int) -> str:
    above = before + _CHANGES
    return "/changes" if above > newest else f"/changes?before={above}"


def sources(request: Request) -> Response:
    """The sources with how much the archive holds of each."""
    with open_catalogue(request) as reader:
        rows = reader.sources()
    return render(request, "sources.html", sources=rows, known_words=PHRASES.keys())


def source(request: Request) -> Response:
    """The articles of one source, the last seen first."""
    name = request.path_params["name"]
    page = max(1, number_asked(request, "page", default=1, most=LARGEST_ID))
    with open_catalogue(request) as reader:
        if name not in {row.name for row in reader.sources()}:
            raise HTTPException(404)
        rows = reader.articles_of(name, limit=_RESULTS + 1, offset=(page - 1) * _RESULTS)
        listed = [
            listed_article(reader, row, version)
            for row in rows[:_RESULTS]
            if (version := reader.version_of(row.id, row.versions))
        ]
    pager = pager_of(request, page, has_next=len(rows) > _RESULTS)
    return render(request, "source.html", name=name, results=listed, page=page, pager=pager)
