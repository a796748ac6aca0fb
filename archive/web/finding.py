"""A search with what the pages show of each result."""

from dataclasses import dataclass

from archive.catalogue.reader import CatalogueReader
from archive.folder import ArchiveFolder
from archive.search.hits import search
from archive.search.index import SearchIndex
from archive.search.query import read_query
from archive.search.snippets import marked, snippet
from archive.web.views import ListedArticle, listed_article


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of results; `total` counts all of them.

    is_relaxed  no article has all the words, so these have some of them
    """

    total: int
    listed: tuple[ListedArticle, ...]
    is_relaxed: bool


def find_listed(folder: ArchiveFolder, words: str, *, limit: int, offset: int) -> Found:
    """The articles that a query finds, the best first, each in the version that fits best.

    Raises:
        WrongUse: the query cannot be read; the text says why.
        NotAnArchive: there is no catalogue yet.
    """
    query = read_query(words)
    with (
        CatalogueReader.open(folder.catalogue_path) as reader,
        SearchIndex.open(folder.search_path) as index,
    ):
        page = search(index, query, limit, offset)
        listed = []
        for hit in page.hits:
            row = reader.article_by_id(hit.article_id)
            version = reader.version_by_id(hit.version_id)
            if row is None or version is None:
                continue  # the index is a view: it may be of another catalogue for a moment
            title = marked(version.article.title, query)
            passage = snippet(version.article.text, query)
            listed.append(listed_article(reader, row, version, title=title, passage=passage))
    return Found(total=page.total, listed=tuple(listed), is_relaxed=page.is_relaxed)
