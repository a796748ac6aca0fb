"""What the index holds of a version, and of itself: its documents and their schema.

Of itself it holds one document, the mark: how far it has read the change log.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

import tantivy

from archive.article import Article
from archive.azerbaijani import terms
from archive.catalogue.rows import ArticleRow, ChangeKind, ChangeRow, VersionRow

SHAPE: Final = 2  # of the documents and what is held; a higher one makes old indexes be made again
_BAKU = ZoneInfo("Asia/Baku")
_MERGES = (ChangeKind.MERGED, ChangeKind.PARTED)
_OF_IDENTITY = (*_MERGES, ChangeKind.CORRECTED)  # a merged article's versions are still corrected


class Catalogue(Protocol):
    """What the index asks of a catalogue; `CatalogueReader` answers it."""

    def changes_after(self, cursor: int, limit: int) -> tuple[ChangeRow, ...]:
        """The changes with a number above `cursor`, in their order."""
        ...

    def version_by_id(self, version_id: int) -> VersionRow | None:
        """The version with this row id, or None."""
        ...

    def article_by_id(self, article_id: int) -> ArticleRow | None:
        """The article with this number, or None."""
        ...

    def changes_of(self, article_id: int) -> tuple[ChangeRow, ...]:
        """The changes of one article, in their order; of others merged into it, too."""
        ...


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the change log has been read: the last change, and when it was made."""

    cursor: int
    at: str


NOTHING_READ = Mark(0, "")


def schema() -> tantivy.Schema:
    """The fields of a document, and how each is indexed."""
    builder = tantivy.SchemaBuilder()
    # Integers: the binding's delete_documents_by_term finds nothing in an unsigned field.
    builder.add_integer_field("version_id", indexed=True, fast=True)
    builder.add_integer_field("article_id", indexed=True, fast=True)
    builder.add_integer_field("day", indexed=True, fast=True)
    builder.add_integer_field("first_seen", indexed=True, fast=True)
    builder.add_text_field("source", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("language", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("section", tokenizer_name="whitespace")
    builder.add_text_field("title", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("title_stems", tokenizer_name="whitespace")
    builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("body_stems", tokenizer_name="whitespace")
    builder.add_text_field("mark", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("mark_shape", stored=True)
    builder.add_unsigned_field("mark_cursor", stored=True)
    builder.add_text_field("mark_at", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def merged_articles(catalogue: Catalogue, changes: tuple[ChangeRow, ...]) -> frozenset[int]:
    """The articles that changes touch and that are merged into others at the end of them: what is
    found is the one that goes on."""
    touched = {change.article_id for change in changes if change.kind in _OF_IDENTITY}
    return frozenset(each for each in touched if _is_merged(catalogue, each, changes[-1].id))


def _is_merged(catalogue: Catalogue, article_id: int, last: int) -> bool:
    kinds = [change.kind for change in _told_of(catalogue, article_id, last)]
    return [kind for kind in kinds if kind in _MERGES][-1:] == [ChangeKind.MERGED]


def _told_of(catalogue: Catalogue, article_id: int, last: int) -> list[ChangeRow]:
    told = catalogue.changes_of(article_id)
    return [change for change in told if change.article_id == article_id and change.id <= last]


def documents_of(
    catalogue: Catalogue, changes: tuple[ChangeRow, ...], merged: frozenset[int]
) -> dict[int, tantivy.Document]:
    """The documents of the versions that changes name, by version id, each once; all versions of
    an article that is no longer merged."""
    named = [change for change in changes if change.article_id not in merged]
    parted = {change.article_id for change in named if change.kind is ChangeKind.PARTED}
    named += [each for one in sorted(parted) for each in _told_of(catalogue, one, changes[-1].id)]
    documents = {}
    for version_id in dict.fromkeys(change.version_id for change in named):
        version = None if version_id is None else catalogue.version_by_id(version_id)
        if version is not None:
            article = catalogue.article_by_id(version.article_id)
            documents[version.id] = _document(version, article.source if article else "")
    return documents


def _document(version: VersionRow, source: str) -> tantivy.Document:
    article = version.article
    title, body = terms(article.title or article.headline), terms(_body_of(article))
    document = tantivy.Document()
    document.add_integer("version_id", version.id)
    document.add_integer("article_id", version.article_id)
    first_seen = datetime.fromisoformat(version.first_seen_at).astimezone(_BAKU).date()
    published = date.fromisoformat(article.published.at[:10]) if article.published else first_seen
    document.add_integer("day", day_number(published))
    document.add_integer("first_seen", day_number(first_seen))
    document.add_text("source", source)
    document.add_text("language", article.language or "")
    document.add_text("section", " ".join(terms(article.section).surface))
    document.add_text("title", " ".join(title.surface))
    document.add_text("title_stems", " ".join(title.stems))
    document.add_text("body", " ".join(body.surface))
    document.add_text("body_stems", " ".join(body.stems))
    return document


def _body_of(article: Article) -> str:
    """The text with its lead, which many sites print in the text as well."""
    return article.text if article.lead in article.text else f"{article.lead}\n{article.text}"


def day_number(day: date) -> int:
    """A day as the index keeps it: 20230214."""
    return day.year * 10_000 + day.month * 100 + day.day


def mark_document(change: ChangeRow) -> tantivy.Document:
    """The mark of an index that has read the change log up to this change."""
    document = tantivy.Document()
    document.add_text("mark", "mark")
    document.add_unsigned("mark_shape", SHAPE)
    document.add_unsigned("mark_cursor", change.id)
    document.add_text("mark_at", change.at)
    return document


def mark_of(index: tantivy.Index) -> Mark | None:
    """The mark; None for an index of another shape. An index without documents has read nothing."""
    searcher = index.searcher()
    query = tantivy.Query.term_query(index.schema, "mark", "mark")
    hits = searcher.search(query, limit=1, count=False).hits
    if not hits:
        return NOTHING_READ if searcher.num_docs == 0 else None
    document = searcher.doc(hits[0][1])
    if document.get_first("mark_shape") != SHAPE:
        return None
    return Mark(int(document["mark_cursor"][0]), str(document["mark_at"][0]))
