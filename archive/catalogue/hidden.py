"""Hidden articles: they are there, but left every list of their site before their time."""

from dataclasses import replace

from sqlite_utils import Database

from archive.catalogue.change_log import ChangeLog
from archive.catalogue.look import Look
from archive.catalogue.prominence import Shift
from archive.catalogue.rows import ChangeKind
from archive.catalogue.sightings import SightingTable, sight_in


class HiddenTable:
    """The hidden articles within the writer's transaction.

    Beside the table stands only a copy of some of its rows: the articles that are on no list.
    """

    def __init__(self, db: Database, rows: SightingTable, changes: ChangeLog) -> None:
        self._db = db
        self._rows = rows
        self._changes = changes
        self._hidden = {id_ for (id_,) in db.execute(_HIDDEN)}

    def shifted(self, look: Look, shift: Shift) -> None:
        """A list was read on which some came and some are no longer."""
        for page_id in shift.left:
            for (article_id,) in self._db.execute(_ARTICLE_OF_PAGE, {"page": page_id}).fetchall():
                if article_id not in self._hidden and self._is_on_no_list(article_id):
                    self._hidden.add(article_id)
                    sight = sight_in(look, article_id, "hidden")
                    self._rows.begin(replace(sight, looks=0))
        for url in shift.came if self._hidden else ():
            for (article_id,) in self._db.execute(_ARTICLE_OF_URL, {"url": url}).fetchall():
                self._relist(look, article_id)

    def _is_on_no_list(self, article_id: int) -> bool:
        """Whether it is on none any more, and left early one of those that showed it last."""
        last = {
            list_id: (is_early, is_now)
            for list_id, is_early, is_now in self._db.execute(_LISTS_OF, {"id": article_id})
        }
        return any(is_early for is_early, _ in last.values()) and not any(
            is_now for _, is_now in last.values()
        )

    def found(self, look: Look, article_id: int) -> None:
        """A look has found an article, after its addresses were noted.

        If it was on no list any more it is hidden, unless a list shows it under another address.
        """
        if article_id not in self._hidden:
            return
        if not self._is_on_no_list(article_id):
            self._relist(look, article_id)
            return
        id_ = self._rows.open_states(article_id)["hidden"]
        self._rows.again(look, id_)
        looks, since = self._db.execute(
            "SELECT looks, first_at FROM sighting WHERE id = :id", {"id": id_}
        ).fetchone()
        if looks == 1:
            self._db.execute(_HIDE, {"id": article_id, "since": since})
            detail = {"hidden_since": since}
            self._changes.tell(look.occasion, ChangeKind.HIDDEN, article_id, detail)

    def _relist(self, look: Look, article_id: int) -> None:
        if article_id not in self._hidden:
            return
        self._hidden.discard(article_id)
        id_ = self._rows.open_states(article_id)["hidden"]
        self._rows.end(look, id_)
        looks, since = self._db.execute(
            "SELECT looks, first_at FROM sighting WHERE id = :id", {"id": id_}
        ).fetchone()
        if not looks:
            self._db.execute("DELETE FROM sighting WHERE id = :id", {"id": id_})
            return
        self._db.execute(_HIDE, {"id": article_id, "since": None})
        self._changes.tell(look.occasion, ChangeKind.LISTED, article_id, {"hidden_since": since})


_HIDDEN = "SELECT article_id FROM sighting WHERE ended_at IS NULL AND state = 'hidden'"

_HIDE = "UPDATE article SET hidden_since = :since WHERE id = :id"

_ARTICLE_OF_PAGE = """
SELECT DISTINCT address.article_id FROM ledger JOIN address ON address.url = ledger.url
WHERE ledger.id = :page
    AND NOT EXISTS (SELECT 1 FROM identity WHERE identity.article_id = address.article_id)
ORDER BY address.article_id
"""

_ARTICLE_OF_URL = """
SELECT DISTINCT article_id FROM address
WHERE url = :url
    AND NOT EXISTS (SELECT 1 FROM identity WHERE identity.article_id = address.article_id)
ORDER BY article_id
"""

_LISTS_OF = """
SELECT list_id, is_early, last_capture_id IS NULL
FROM address
JOIN ledger ON ledger.url = address.url
JOIN prominence ON prominence.page_id = ledger.id
WHERE address.article_id = :id
ORDER BY first_capture_id
"""
