"""What calls for a look at an article before its rung of the ladder: another article of its story
was edited, or a feed says a new headline.
"""

from datetime import timedelta

from sqlite_utils import Database

from archive.moments import moment_of, stamp

_LATELY = timedelta(days=30)  # an article older than that is not looked at for its story's sake


class CallTable:
    """The calls within the writer's transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def story_mates(self, article_id: int, at: str) -> tuple[int, ...]:
        """The other articles of an article's story that were found lately."""
        since = stamp(moment_of(at) - _LATELY)
        return tuple(id_ for (id_,) in self._db.execute(_MATES, {"id": article_id, "since": since}))

    def was_edited(self, article_id: int, at: str) -> bool:
        """Whether a look at that moment found an article edited."""
        row = self._db.execute(_EDITED, {"id": article_id, "at": at}).fetchone()
        return row is not None

    def call(self, article_ids: tuple[int, ...], due_at: str) -> None:
        """Let these articles be looked at by then; one that has left the ladder is left alone."""
        for id_ in article_ids:
            self._db.execute(_CALL, {"id": id_, "due": due_at})


_MATES = """
SELECT mate.id FROM article JOIN article AS mate ON mate.story_id = article.story_id
WHERE article.id = :id AND mate.id <> article.id AND mate.first_seen_at > :since
"""

_EDITED = "SELECT 1 FROM article WHERE id = :id AND versions > 1 AND last_changed_at = :at"

_CALL = """
UPDATE ledger SET due_at = :due WHERE article_id = :id AND kind = 'page' AND due_at > :due
"""
