"""The tantivy index: one document a version, fed from the change log, a view that can be thrown away.

The index remembers in a document of its own how far it has read the change log. That document is
written by the same commit as the versions, so a kill at any moment leaves an index that names
exactly the changes it holds (tantivy's own commit payload is not offered by its Python binding).
An index that is missing, broken, of an older shape, or of another catalogue is made again from
the first change.
"""

import fcntl
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Protocol, Self
from zoneinfo import ZoneInfo

import tantivy

from archive.article import Article
from archive.azerbaijani import terms
from archive.catalogue.rows import ArticleRow, ChangeKind, ChangeRow, VersionRow
from archive.errors import ArchiveError, ArchiveLocked

SHAPE: Final = 2  # of the documents and what is held; a higher one makes old indexes be made again
WRITER_MEMORY_BYTES: Final = 15_000_000  # the least that tantivy takes; one thread
CHANGES_A_COMMIT: Final = 500  # a commit costs some 25 ms of CPU, whatever it holds
_BAKU = ZoneInfo("Asia/Baku")
_LOCK_NAME = "writer.lock"
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
class _Mark:
    """How far the change log has been read: the last change, and when it was made."""

    cursor: int
    at: str


_NOTHING_READ = _Mark(0, "")


class SearchIndex:
    """An index in a folder; a context manager. One process writes, any number read meanwhile.

    Opening writes nothing: a folder without an index is an empty index until `catch_up`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock: IO[bytes] | None = None
        self._writer: tantivy.IndexWriter | None = None
        self._index: tantivy.Index | None = None
        self._mark = _NOTHING_READ
        self._seen: tuple[int, ...] = ()
        self._refresh()

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the index in `folder`, which need not be there yet."""
        return cls(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let merges end and give the folder free for another writer."""
        if self._writer is not None:
            writer, self._writer = self._writer, None
            with suppress(ValueError):  # the writer died of an error that was told before
                writer.wait_merging_threads()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    # Reading

    @property
    def cursor(self) -> int:
        """The number of the last change that the index holds; 0 for none."""
        self._refresh()
        return self._mark.cursor

    def searcher(self) -> tuple[tantivy.Searcher, tantivy.Schema] | None:
        """A view of the last commit, of whatever process; None where there is no index yet."""
        self._refresh()
        if self._index is None:
            return None
        return self._index.searcher(), self._index.schema

    def _refresh(self) -> None:
        """Open the index again when another commit has been made; costs one stat when not."""
        seen = _signature(self.folder)
        if seen != self._seen or self._index is None:
            self._seen = seen
            self._index, self._mark = _opened(self.folder)

    # Writing

    def catch_up(self, catalogue: Catalogue) -> int:
        """Read the change log from where the index stands to its end; how many versions that were.

        Each commit holds up to `CHANGES_A_COMMIT` changes and is durable when it returns. The
        folder stays locked for other writers until `close`.

        Raises:
            ArchiveLocked: another process writes to this index.
            ArchiveError: the disk refused a write; the index stands where it stood.
        """
        try:
            self._begin(catalogue)
        except (OSError, ValueError) as error:  # tantivy says all it has to say by ValueError
            raise self._refused(error) from error
        versions = 0
        while changes := catalogue.changes_after(self._mark.cursor, CHANGES_A_COMMIT):
            versions += self._commit(catalogue, changes)
        return versions

    def _begin(self, catalogue: Catalogue) -> None:
        if self._lock is None:
            self._lock = _locked(self.folder)
            self._refresh()
        if self._index is None or not _belongs_to(self._mark, catalogue):
            self._begin_anew()
        if self._writer is None:
            self._writer = self._writer_of(self._index)

    def _begin_anew(self) -> None:
        self._writer = None
        for path in self.folder.iterdir():
            if path.is_file() and path.name != _LOCK_NAME:
                path.unlink()
        self._index = tantivy.Index(_schema(), path=str(self.folder), reuse=False)
        self._mark = _NOTHING_READ

    def _writer_of(self, index: tantivy.Index | None) -> tantivy.IndexWriter:
        assert index is not None, "the index is opened before its writer"
        return index.writer(heap_size=WRITER_MEMORY_BYTES, num_threads=1)

    def _commit(self, catalogue: Catalogue, changes: tuple[ChangeRow, ...]) -> int:
        """Index the versions that changes name, and remember the last change, in one commit."""
        assert self._writer is not None, "a commit has a writer"
        writer, last = self._writer, changes[-1]
        merged = _merged(catalogue, changes)
        documents = _documents(catalogue, changes, merged)
        try:
            for article_id in merged:
                writer.delete_documents_by_term("article_id", article_id)
            for version_id, document in documents.items():
                writer.delete_documents_by_term("version_id", version_id)
                writer.add_document(document)
            writer.delete_documents_by_term("mark", "mark")
            writer.add_document(_mark_document(last))
            writer.commit()
        except ValueError as error:
            self._writer = None  # tantivy's writer does not live on after an error
            raise self._refused(error) from error
        except BaseException:
            writer.rollback()
            raise
        self._mark = _Mark(last.id, last.at)
        return len(documents)

    def _refused(self, error: Exception) -> ArchiveError:
        return ArchiveError(
            f"The search index in {self.folder} could not be written ({error}). Nothing else was "
            "touched; free the disk, or delete the folder, and the next run makes it whole."
        )


def _belongs_to(mark: _Mark, catalogue: Catalogue) -> bool:
    """Does the catalogue hold the change that the index read last?"""
    if mark.cursor == 0:
        return True
    found = catalogue.changes_after(mark.cursor - 1, 1)
    return bool(found) and found[0].id == mark.cursor and found[0].at == mark.at


# Documents


def _schema() -> tantivy.Schema:
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


def _merged(catalogue: Catalogue, changes: tuple[ChangeRow, ...]) -> frozenset[int]:
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


def _documents(
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


def _mark_document(change: ChangeRow) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("mark", "mark")
    document.add_unsigned("mark_shape", SHAPE)
    document.add_unsigned("mark_cursor", change.id)
    document.add_text("mark_at", change.at)
    return document


# The folder


def _signature(folder: Path) -> tuple[int, ...]:
    """What tells one commit from another: tantivy renames a new meta.json into place."""
    try:
        found = os.stat(folder / "meta.json")  # noqa: PTH116  half the cost of Path.stat
    except OSError:
        return ()
    return found.st_ino, found.st_mtime_ns, found.st_size


def _opened(folder: Path) -> tuple[tantivy.Index | None, _Mark]:
    """The index and its mark; no index where there is none that can be read, or of another shape."""
    if not (folder / "meta.json").exists():
        return None, _NOTHING_READ
    try:
        index = tantivy.Index.open(str(folder))
        mark = _mark_of(index)
    except ValueError:
        return None, _NOTHING_READ
    return (index, mark) if mark else (None, _NOTHING_READ)


def _mark_of(index: tantivy.Index) -> _Mark | None:
    """The mark; None for an index of another shape. An index without documents has read nothing."""
    searcher = index.searcher()
    query = tantivy.Query.term_query(index.schema, "mark", "mark")
    hits = searcher.search(query, limit=1, count=False).hits
    if not hits:
        return _NOTHING_READ if searcher.num_docs == 0 else None
    document = searcher.doc(hits[0][1])
    if document.get_first("mark_shape") != SHAPE:
        return None
    return _Mark(int(document["mark_cursor"][0]), str(document["mark_at"][0]))


def _locked(folder: Path) -> IO[bytes]:
    """The folder's lock, which dies with its process.

    Raises:
        ArchiveLocked: another process (or another SearchIndex of this one) holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / _LOCK_NAME).open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise ArchiveLocked(
            f"Another process writes to the search index in {folder}. Wait until it has ended; "
            "searching works meanwhile."
        ) from error
    return lock
