"""The tantivy index: one document a version, fed from the change log, a view that can be thrown away.

The index remembers in a document of its own how far it has read the change log. That document is
written by the same commit as the versions, so a kill at any moment leaves an index that names
exactly the changes it holds (tantivy's own commit payload is not offered by its Python binding).
An index that is missing, broken, of an older shape, or of another catalogue is made again from
the first change.
"""

import errno
import fcntl
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import IO, Final, Self

import tantivy

from archive.catalogue.rows import ChangeRow
from archive.errors import ArchiveError, ArchiveLocked
from archive.search.documents import (
    NOTHING_READ,
    Catalogue,
    Mark,
    documents_of,
    mark_document,
    mark_of,
    merged_articles,
    schema,
)
from archive.search.files import drop_leftovers

WRITER_MEMORY_BYTES: Final = 15_000_000  # the least that tantivy takes; one thread
CHANGES_A_COMMIT: Final = 500  # a commit costs some 25 ms of CPU, whatever it holds
_LOCK_NAME = "writer.lock"


@dataclass(frozen=True, slots=True)
class _Opened:
    """What lies in a folder: the index, its mark, and the folder of links that it is read through."""

    index: tantivy.Index | None = None
    mark: Mark = NOTHING_READ
    links: TemporaryDirectory[str] | None = None


class SearchIndex:
    """An index in a folder; a context manager. One process writes, any number read meanwhile.

    Opening writes nothing: a folder without an index is an empty index until `catch_up`. A folder
    that this process may not write to can be searched all the same.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock: IO[bytes] | None = None
        self._writer: tantivy.IndexWriter | None = None
        self._index: tantivy.Index | None = None
        self._mark = NOTHING_READ
        self._links: TemporaryDirectory[str] | None = None
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
        self._take(_Opened())
        self._seen = ()

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
            self._take(_opened(self.folder))

    def _take(self, opened: _Opened) -> None:
        self._index, self._mark = opened.index, opened.mark
        former, self._links = self._links, opened.links
        if former is not None:
            former.cleanup()

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
        if self._links is not None:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self.folder))
        if self._writer is None:
            drop_leftovers(self.folder)
            self._writer = self._writer_of(self._index)

    def _begin_anew(self) -> None:
        self._writer = None
        for path in self.folder.iterdir():
            if path.is_file() and path.name != _LOCK_NAME:
                path.unlink()
        self._index = tantivy.Index(schema(), path=str(self.folder), reuse=False)
        self._mark = NOTHING_READ

    def _writer_of(self, index: tantivy.Index | None) -> tantivy.IndexWriter:
        assert index is not None, "the index is opened before its writer"
        return index.writer(heap_size=WRITER_MEMORY_BYTES, num_threads=1)

    def _commit(self, catalogue: Catalogue, changes: tuple[ChangeRow, ...]) -> int:
        """Index the versions that changes name, and remember the last change, in one commit."""
        assert self._writer is not None, "a commit has a writer"
        writer, last = self._writer, changes[-1]
        merged = merged_articles(catalogue, changes)
        documents = documents_of(catalogue, changes, merged)
        try:
            for article_id in merged:
                writer.delete_documents_by_term("article_id", article_id)
            for version_id, document in documents.items():
                writer.delete_documents_by_term("version_id", version_id)
                writer.add_document(document)
            writer.delete_documents_by_term("mark", "mark")
            writer.add_document(mark_document(last))
            writer.commit()
        except ValueError as error:
            self._writer = None  # tantivy's writer does not live on after an error
            raise self._refused(error) from error
        except BaseException:
            writer.rollback()
            raise
        self._mark = Mark(last.id, last.at)
        return len(documents)

    def _refused(self, error: Exception) -> ArchiveError:
        return ArchiveError(
            f"The search index in {self.folder} could not be written ({error}). Nothing else was "
            "touched; free the disk, or delete the folder, and the next run makes it whole."
        )


def _belongs_to(mark: Mark, catalogue: Catalogue) -> bool:
    """Does the catalogue hold the change that the index read last?"""
    if mark.cursor == 0:
        return True
    found = catalogue.changes_after(mark.cursor - 1, 1)
    return bool(found) and found[0].id == mark.cursor and found[0].at == mark.at


# The folder


def _signature(folder: Path) -> tuple[int, ...]:
    """What tells one commit from another: tantivy renames a new meta.json into place."""
    try:
        found = os.stat(folder / "meta.json")  # noqa: PTH116  half the cost of Path.stat
    except OSError:
        return ()
    return found.st_ino, found.st_mtime_ns, found.st_size


def _opened(folder: Path) -> _Opened:
    """The index and its mark; no index where there is none that can be read, or of another shape."""
    if not (folder / "meta.json").exists():
        return _Opened()
    try:
        return _marked(tantivy.Index.open(str(folder)))
    except ValueError:
        return _linked(folder)


def _linked(folder: Path) -> _Opened:
    """The index of a folder that may not be written to, where tantivy cannot lay its lock.

    Without that lock a writer may remove a file between two steps; a second try finds the new ones.
    """
    for _ in range(2):
        links = TemporaryDirectory(prefix="salname-search-", ignore_cleanup_errors=True)
        try:
            for path in folder.resolve().iterdir():
                if not path.name.endswith(".lock"):
                    Path(links.name, path.name).symlink_to(path)
            return _marked(tantivy.Index.open(links.name), links)
        except (OSError, ValueError):
            links.cleanup()
    return _Opened()


def _marked(index: tantivy.Index, links: TemporaryDirectory[str] | None = None) -> _Opened:
    mark = mark_of(index)
    if mark is None and links is not None:
        links.cleanup()
    return _Opened(index, mark, links) if mark else _Opened()


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
