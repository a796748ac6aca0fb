"""What calls for a look at an article before its rung of the ladder: another article of its story
was edited, a sitemap says a later change, or a feed a new headline (see `prominence.py`).
"""

import json
from datetime import timedelta

from sqlite_utils import Database

from archive.catalogue.look import Look
from archive.ledger import AddressKind
from archive.moments import moment_of, stamp

_LATELY = timedelta(days=30)  # an article older than that is not looked at for its story's sake
# So many of the known articles of a sitemap may have changed since they were looked at, or a tenth of
# them; where it says so of more, it stamps its own time or that of a counter on all.
_FEW_CHANGED = 3
# What has not changed for long is believed to have changed at most once in a tenth of that time.
_STEP = 0.1


class CallTable:
    """The calls within the writer's transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def story_mates(self, look: Look) -> tuple[int, ...]:
        """The other articles found lately of a story that a look may find edited.

        To be asked for before the look is applied: what is edited may leave its story.
        """
        reading, known = look.reading, look.row.article_id
        if reading.article is None or known is None:
            return ()
        since = stamp(moment_of(reading.at) - _LATELY)
        return tuple(id_ for (id_,) in self._db.execute(_MATES, {"id": known, "since": since}))

    def was_edited(self, article_id: int, at: str) -> bool:
        """Whether a look at that moment found an article edited."""
        row = self._db.execute(_EDITED, {"id": article_id, "at": at}).fetchone()
        return row is not None

    def call(self, article_ids: tuple[int, ...], due_at: str) -> None:
        """Let these articles be looked at by then; one that has left the ladder is left alone."""
        for id_ in article_ids:
            self._db.execute(_CALL, {"id": id_, "due": due_at})

    def heed(self, look: Look) -> None:
        """Let those articles be looked at that a sitemap says have changed since the last look."""
        reading = look.reading
        if reading.expected is not AddressKind.SITEMAP:
            return
        said = {each.url: each.changed for each in reading.candidates if each.changed}
        rows = self._db.execute(_SAID, {"said": json.dumps(said)}).fetchall() if said else []
        later = [row for row in rows if row[1] < row[2] <= reading.at]
        if len(later) > max(_FEW_CHANGED, len(rows) // 10):
            return
        at = moment_of(reading.at)
        for id_, looked_at, _, changed_at in later:
            if at - moment_of(looked_at) >= _STEP * (at - moment_of(changed_at)):
                look_sooner(self._db, id_, reading.at)


def look_sooner(db: Database, ledger_id: int, at: str) -> None:
    """Let an address be due at a moment, if it would not be by then."""
    db.execute(_SOONER, {"id": ledger_id, "at": at})


_MATES = """
SELECT mate.id FROM article JOIN article AS mate ON mate.story_id = article.story_id
WHERE article.id = :id AND mate.id <> article.id AND mate.first_seen_at > :since
"""

_EDITED = "SELECT 1 FROM article WHERE id = :id AND versions > 1 AND last_changed_at = :at"

_CALL = """
UPDATE ledger SET due_at = :due WHERE article_id = :id AND kind = 'page' AND due_at > :due
"""

_SAID = """
SELECT ledger.id, ledger.state_at, json_each.value, article.last_changed_at
FROM json_each(:said) CROSS JOIN ledger ON ledger.url = json_each.key
JOIN article ON article.id = ledger.article_id AND article.canonical_url = ledger.url
WHERE ledger.state = 'fetched'
"""

_SOONER = "UPDATE ledger SET due_at = :at WHERE id = :id AND (due_at IS NULL OR due_at > :at)"
