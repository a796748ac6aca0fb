"""A search with what the pages show of each result."""

from contextlib import suppress
from dataclasses import dataclass

from archive.catalogue.reader import CatalogueReader
from archive.errors import ArchiveError
from archive.folder import ArchiveFolder
from archive.search.hits import Order, search
from archive.search.index import SearchIndex
from archive.search.query import read_query
from archive.search.snippets import marked, snippet
from archive.web.views import ListedArticle, listed_article

_MOST_CHANGES_AT_ONCE = 1_000  # a visitor does not wait longer than a second for the index


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of results.

    total     of all pages
    complete  how many of them have all that was sought; the others come behind, with some of it
    is_exact  whether `total` is no estimate
    unread    changes that the index has not read yet, so that no search finds them
    """

    total: int
    complete: int
    is_exact: bool
    unread: int
    listed: tuple[ListedArticle, ...]


def find_listed(
    folder: ArchiveFolder, words: str, *, limit: int, offset: int, order: Order = Order.BEST
) -> Found:
    """The articles that a query finds, each in the version that fits best.

    Raises:
        WrongUse: the query cannot be read; the text says why.
        NotAnArchive: there is no catalogue yet.
    """
    query = read_query(words)
    with (
        CatalogueReader.open(folder.catalogue_path) as reader,
        SearchIndex.open(folder.search_path) as index,
    ):
        if 0 < reader.last_change_id() - index.cursor <= _MOST_CHANGES_AT_ONCE:
            with suppress(ArchiveError):  # the answer says what is not read
                index.catch_up(reader)
        unread = max(0, reader.last_change_id() - index.cursor)
        page = search(index, query, limit, offset, order)
        listed = []
        for hit in page.hits:
            row = reader.article_by_id(hit.article_id)
            version = reader.version_by_id(hit.version_id)
            if row is None or version is None:
                continue  # the index is a view: it may be of another catalogue for a moment
            title = marked(version.article.title, query)
            passage = snippet(version.article.text, query)
            listed.append(listed_article(reader, row, version, title=title, passage=passage))
    return Found(
        total=page.total,
        complete=page.complete,
        is_exact=page.is_exact,
        unread=unread,
        listed=tuple(listed),
    )
