"""Pages that may have come half: no version before another look has read the same.

Of an article that is met for the first time nothing says so: what came is its first version, in
doubt, and the version with the rest completes it.
"""

from dataclasses import replace
from datetime import timedelta

from sqlite_utils import Database

from archive.article import Article
from archive.catalogue.look import Look
from archive.edits import Edit, edit_between
from archive.ledger import LedgerState
from archive.moments import moment_of
from archive.versions import even, is_beginning, is_half_loaded, version_sha256

_BELIEVED_AFTER = timedelta(hours=12)  # caches and proxies keep half an answer for hours
_WHY = "the page came without its end"
_TIME = "GLOB '????-??-??T??:??:??.??????Z'"

DOUBT_TABLES = f"""
CREATE TABLE unclosed_version (
    version_id INTEGER PRIMARY KEY REFERENCES version (id)       -- its page had no </html> either
) STRICT;
CREATE TABLE doubt (
    article_id     INTEGER PRIMARY KEY REFERENCES article (id),
    version_sha256 TEXT NOT NULL CHECK (length(version_sha256) = 64),  -- of what was read
    first_at       TEXT NOT NULL CHECK (first_at {_TIME}),
    last_at        TEXT NOT NULL CHECK (last_at {_TIME})
) STRICT
"""

COMPLETED_TABLES = f"""
CREATE TABLE change_new (
    id         INTEGER PRIMARY KEY,                              -- the cursor; only grows
    at         TEXT    NOT NULL CHECK (at {_TIME}),
    kind       TEXT    NOT NULL CHECK (kind IN
               ('appeared', 'edited', 'marked', 'shortened', 'completed', 'moved', 'missing',
                'disappeared', 'returned', 'swapped', 'hidden', 'listed', 'corrected', 'merged',
                'parted', 'joined', 'left')),
    article_id INTEGER NOT NULL REFERENCES article (id),
    version_id INTEGER REFERENCES version (id),                  -- null: none belongs to it
    capture_id INTEGER REFERENCES capture (id),
    run_id     INTEGER NOT NULL REFERENCES run (id),
    detail     TEXT    NOT NULL CHECK (json_valid(detail))
) STRICT;
INSERT INTO change_new SELECT * FROM change;
DROP TABLE change;
ALTER TABLE change_new RENAME TO change;
CREATE INDEX change_article ON change (article_id);
CREATE INDEX change_version ON change (version_id) WHERE version_id IS NOT NULL
"""  # noqa: S608 (no values)


class DoubtTables:
    """The tables of doubts, within the writer's transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def note_version(self, look: Look, version_id: int) -> None:
        """Remember of a new version that its page was not closed, or its answer known to be cut: the
        next one need not be closed, and may bring the rest."""
        if look.reading.unclosed or not look.is_whole:
            self._db.execute("INSERT INTO unclosed_version VALUES (:id)", {"id": version_id})

    def is_doubtful(self, look: Look, version_id: int, old: Article, new: Article) -> bool:
        """Whether what was read of an article may be half of its page, so that it makes no version.

        A text that ends within a sentence always is. One that ends with a sentence is where the
        markup has no end and the known version's page had one, until half a day later the same is
        read again.
        """
        is_half = is_half_loaded(old, new)
        if not is_half and not (
            look.reading.unclosed and is_beginning(old, new) and not self._was_unclosed(version_id)
        ):
            return False
        row = {"version": version_id, "sha256": version_sha256(new), "at": look.reading.at}
        first_at = look.reading.at
        if look.row.state is LedgerState.FAILED:  # else a look between has found the page whole
            found = self._db.execute(_SAME, row).fetchone()
            first_at = found[0] if found else first_at
        if not is_half and moment_of(look.reading.at) - moment_of(first_at) >= _BELIEVED_AFTER:
            return False
        self._db.execute(_DOUBT, {**row, "first": first_at})
        return True

    def edit_between(self, version_id: int, old: Article, new: Article, *, is_closed: bool) -> Edit:
        """The edit that leads from a version to the next, which may have what its page had lost:
        the beginning is the same, and that page had no end.

        is_closed  whether the new page has one; where it has none either, only a text that ended
                   within a sentence speaks for it
        """
        is_completed = (
            len(old.text.rstrip()) < len(new.text)
            and is_beginning(new, old)
            and even(old.title) == even(new.title)
            and (is_closed or is_half_loaded(new, old))
            and self._was_unclosed(version_id)
        )
        return edit_between(old, new, is_completed=is_completed)

    def is_closed(self, version_id: int) -> bool:
        """Whether the page of a version had an end."""
        return not self._was_unclosed(version_id)

    def as_it_turned_out(self, look: Look, article_id: int) -> Look:
        """The look; as one that failed, where it was doubtful, so that the next one comes soon and
        is not answered with "unchanged".

        Nor is the next one where an article was met by a page without its end.
        """
        if self._db.execute(
            _MET_UNCLOSED, {"id": article_id, "capture": look.capture_id}
        ).fetchone():
            return replace(look, reading=replace(look.reading, etag=None, last_modified=None))
        row = self._db.execute(
            "SELECT 1 FROM doubt WHERE article_id = :id AND last_at = :at",
            {"id": article_id, "at": look.reading.at},
        ).fetchone()
        if row is None:
            return look
        reading = replace(
            look.reading, state=LedgerState.FAILED, reason=_WHY, etag=None, last_modified=None
        )
        return replace(look, reading=reading)

    def _was_unclosed(self, version_id: int) -> bool:
        row = self._db.execute(
            "SELECT 1 FROM unclosed_version WHERE version_id = :id", {"id": version_id}
        ).fetchone()
        return row is not None


# Of a version: its page had no end, and no other look has read the same, or the next has the rest.
IS_IN_DOUBT = """
EXISTS (SELECT 1 FROM unclosed_version WHERE version_id = version.id)
AND (observations = 1 OR EXISTS (
    SELECT 1 FROM version AS next JOIN version_edit ON version_edit.version_id = next.id
    WHERE next.article_id = version.article_id AND next.number = version.number + 1
    AND version_edit.kind = 'completed'))
"""

_SAME = """
SELECT first_at FROM doubt JOIN version ON version.article_id = doubt.article_id
WHERE version.id = :version AND doubt.version_sha256 = :sha256
"""

_MET_UNCLOSED = """
SELECT 1 FROM version JOIN unclosed_version ON version_id = version.id
WHERE article_id = :id AND number = 1 AND first_capture_id = :capture
"""

_DOUBT = """
INSERT OR REPLACE INTO doubt (article_id, version_sha256, first_at, last_at)
SELECT article_id, :sha256, :first, :at FROM version WHERE id = :version
"""
