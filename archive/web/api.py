"""The JSON API under /api/: the article in its one shape, with where and when it was seen.

An article is the object that `salname show --json` prints, a change is the one that exports write.
Errors are `{"error": sentence}`.
"""

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive.catalogue.reader import CatalogueReader
from archive.catalogue.rows import ArticleRow, VersionRow
from archive.diff import compare
from archive.edits import EditKind
from archive.exports.jsonl import require_known
from archive.picture_view import find_picture
from archive.search.hits import Order
from archive.shapes import article_shape, change_shape
from archive.story_view import find_story
from archive.web.asking import LARGEST_ID, archive_of, number_asked, number_in_path, open_catalogue
from archive.web.finding import find_listed

_MOST_RESULTS = 100
_LAST_RESULT = 10_000
_MOST_CHANGES = 1_000


def json_response(value: object, status: int = 200) -> Response:
    """The value as UTF-8 JSON; dataclasses as objects."""
    return Response(
        orjson.dumps(value),
        status,
        media_type="application/json",
        headers={"Cache-Control": "no-cache"},
    )


def search(request: Request) -> Response:
    """`?q=…&limit=20&offset=0&order=best`: `{"query", "total", "complete", "is_exact", "unread",
    "results": [{"article", …}]}`.

    The first `complete` articles have all that was sought, the others some of the words; `total`
    is an estimate where it is not exact; `unread` changes cannot be found yet. `order` may be
    `newest` or `oldest`.
    """
    query = request.query_params.get("q", "").strip()
    if not query:
        raise HTTPException(400, "Say what to search for: /api/search?q=WORDS.")
    limit = max(1, number_asked(request, "limit", default=20, most=_MOST_RESULTS))
    offset = number_asked(request, "offset", default=0, most=_LAST_RESULT)
    order = request.query_params.get("order") or Order.BEST
    if order not in list(Order):
        raise HTTPException(400, f"order is one of: {', '.join(Order)}.")
    found = find_listed(archive_of(request), query, limit=limit, offset=offset, order=Order(order))
    results = [
        {
            "article": listed.article,
            "version": listed.version.number,
            "headline": listed.version.article.headline,
            "published": listed.version.article.published,
            "passage": listed.passage,
            "photo_sha256": listed.photo.sha256 if listed.photo else None,
        }
        for listed in found.listed
    ]
    return json_response(
        {
            "query": query,
            "total": found.total,
            "complete": found.complete,
            "is_exact": found.is_exact,
            "unread": found.unread,
            "results": results,
        }
    )


def article(request: Request) -> Response:
    """An article in its newest version, or in the version of that number."""
    with open_catalogue(request) as reader:
        row = _article_row(request, reader)
        version = _version(request, reader, row, "number")
        return json_response(article_shape(reader, row, version))


def versions(request: Request) -> Response:
    """Every version of an article, from the first to the last, each in the article's shape."""
    with open_catalogue(request) as reader:
        row = _article_row(request, reader)
        shapes = [article_shape(reader, row, each) for each in reader.versions_of(row.id)]
    return json_response({"article": row, "versions": shapes})


def story(request: Request) -> Response:
    """The story of an article: who printed its text, in which order, what is shared, what joined
    them; `null` where it stands alone."""
    with open_catalogue(request) as reader:
        row = _article_row(request, reader)
        return json_response({"article": row, "story": find_story(reader, row.id)})


def picture(request: Request) -> Response:
    """Every use of the picture of a photo, in any size and cut, the first one first; what may be
    the same, what its file says, and whether it is stock."""
    with open_catalogue(request) as reader:
        found = find_picture(reader, request.path_params["sha256"])
    if found is None:
        raise HTTPException(404, "There is no such photo in this archive.")
    return json_response(found)


def difference(request: Request) -> Response:
    """Two versions of an article compared: fields, lists, photos, and paragraphs in pieces."""
    with open_catalogue(request) as reader:
        row = _article_row(request, reader)
        old, new = (_version(request, reader, row, name) for name in ("old", "new"))
    return json_response(compare(old.article, new.article))


def changes(request: Request) -> Response:
    """`?after=0&limit=100`: the changes above a number, in order, and the `cursor` to go on from.

    `?edit=number&before=…`: the edits of one kind instead, the newest first, and the `cursor` to
    give as `before`.
    """
    if kind := request.query_params.get("edit"):
        return _edits(request, kind)
    after = number_asked(request, "after", default=0, most=LARGEST_ID)
    limit = number_asked(request, "limit", default=100, most=_MOST_CHANGES)
    with open_catalogue(request) as reader:
        require_known(reader, after)
        rows = reader.changes_after(after, limit)
        shapes = [change_shape(reader, row) for row in rows]
    cursor = rows[-1].id if rows else after
    return json_response({"changes": shapes, "cursor": cursor})


def _edits(request: Request, kind: str) -> Response:
    if kind not in list(EditKind):
        raise HTTPException(400, f"Kinds of edit are: {', '.join(EditKind)}.")
    before = number_asked(request, "before", default=LARGEST_ID, most=LARGEST_ID)
    limit = number_asked(request, "limit", default=100, most=_MOST_CHANGES)
    with open_catalogue(request) as reader:
        rows = reader.edits_of_kind(kind, before, limit)
        shapes = [change_shape(reader, row) for row in rows]
    return json_response({"changes": shapes, "cursor": rows[-1].id if rows else before})


def _article_row(request: Request, reader: CatalogueReader) -> ArticleRow:
    article_id = number_in_path(request, "article_id")
    row = reader.article_by_id(article_id)
    if row is None:
        raise HTTPException(404, f"There is no article {article_id} in this archive.")
    return row


def _version(request: Request, reader: CatalogueReader, row: ArticleRow, name: str) -> VersionRow:
    """The version that the address names, else the newest."""
    number = number_in_path(request, name) if name in request.path_params else row.versions
    version = reader.version_of(row.id, number)
    if version is None:
        raise HTTPException(404, f"Article {row.id} has versions 1 to {row.versions}.")
    return version
