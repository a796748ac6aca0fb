"""Articles that were found to be one: which goes on, why, and how a wrong merge is undone.

Nothing is thrown away: the merged article keeps its row, its versions and its addresses; its key
and its addresses lead to the one that goes on, and what is read under them is that one's.
"""

from sqlite_utils import Database

from archive.azerbaijani import fold
from archive.catalogue.change_log import ChangeLog, Occasion
from archive.catalogue.contents import ContentTable
from archive.catalogue.rows import ChangeKind
from archive.reading import Verdict
from archive.stories import likeness_of, story_text_of

BY_ADDRESS = "address"  # its canonical address leads to the other, by redirect or rel=canonical


class IdentityTables:
    """The tables of merged articles, within the writer's transaction."""

    def __init__(self, db: Database, changes: ChangeLog) -> None:
        self._db = db
        self._changes = changes
        self._contents = ContentTable(db)
        self._into = dict(db.execute("SELECT article_id, into_id FROM identity"))

    def going_on(self, article_id: int) -> int:
        """The article that goes on for this one: itself, where it was not merged."""
        return int(self._into.get(article_id, article_id))

    def merge_led_here(self, occasion: Occasion, article_id: int) -> None:
        """Merge the articles whose canonical address leads to this one now.

        Call it when the article's own address has answered as the article. The one side led here
        and the other one says that it is this; but some sites redirect all that is gone to one
        page, so headline or text must be the same too.
        """
        led = self._db.execute(_LED_HERE, {"id": article_id}).fetchall()
        for (other_id,) in led:
            if self._are_alike(other_id, article_id):
                self._merge(occasion, other_id, article_id, BY_ADDRESS)

    def judge(self, verdict: Verdict, run_id: int) -> None:
        """Apply what a person says; nothing where it is so already, or an article is unknown."""
        ids = [self._id_of(key) for key in (verdict.key, verdict.other_key)]
        if None in ids or ids[0] == ids[1]:
            return
        one, other = (int(each or 0) for each in ids)
        occasion = Occasion(
            source=self._source_of(one), at=verdict.at, run_id=run_id, capture_id=None
        )
        pair = {"one": min(one, other), "other": max(one, other)}
        if verdict.is_one:
            self._db.execute("DELETE FROM apart WHERE one_id = :one AND other_id = :other", pair)
            if self.going_on(one) != self.going_on(other):
                self._merge(occasion, self.going_on(one), self.going_on(other), verdict.why)
            return
        self._db.execute(
            "INSERT OR IGNORE INTO apart (one_id, other_id) VALUES (:one, :other)", pair
        )
        for merged, into in ((one, other), (other, one)):
            if merged in self._into and self._into[merged] == self.going_on(into):
                self._part(occasion, merged, verdict.why)
                break

    def _merge(self, occasion: Occasion, article_id: int, into_id: int, why: str) -> None:
        known = {"id": article_id, "into": into_id, "why": why, "at": occasion.at}
        self._db.execute("UPDATE identity SET into_id = :into WHERE into_id = :id", known)
        self._db.execute(
            "INSERT INTO identity (article_id, into_id, why, merged_at)"
            " VALUES (:id, :into, :why, :at)",
            known,
        )
        self._db.execute(_SHARE_ADDRESSES, known)
        self._db.execute(_SHARE_LEDGER, known)
        for each, into in self._into.items():
            self._into[each] = into_id if into == article_id else into
        self._into[article_id] = into_id
        detail = {"into": into_id, "key": self._key_of(into_id), "why": why}
        self._changes.tell(occasion, ChangeKind.MERGED, article_id, detail)

    def _part(self, occasion: Occasion, article_id: int, why: str) -> None:
        """Undo a merge: the article's own address is looked at again, as its own."""
        known = {"id": article_id, "from": self._into.pop(article_id), "at": occasion.at}
        self._db.execute("DELETE FROM identity WHERE article_id = :id", known)
        self._db.execute(_TAKE_LEDGER_BACK, known)
        self._db.execute(_LOOK_AGAIN, known)
        self._db.execute(_TAKE_ADDRESSES_BACK, known)
        detail = {"apart_from": known["from"], "why": why}
        self._changes.tell(occasion, ChangeKind.PARTED, article_id, detail)

    def _are_alike(self, one_id: int, other_id: int) -> bool:
        one, other = self._contents.newest(one_id), self._contents.newest(other_id)
        if one is None or other is None:
            return False
        if fold(one.title) == fold(other.title):
            return True
        return likeness_of(story_text_of(one), story_text_of(other)).is_same

    def _id_of(self, key: str) -> int | None:
        row = self._db.execute("SELECT id FROM article WHERE key = :key", {"key": key}).fetchone()
        return row[0] if row else None

    def _key_of(self, article_id: int) -> str:
        row = self._db.execute("SELECT key FROM article WHERE id = :id", {"id": article_id})
        return str(row.fetchone()[0])

    def _source_of(self, article_id: int) -> str:
        row = self._db.execute(
            "SELECT name FROM source WHERE id = (SELECT source_id FROM article WHERE id = :id)",
            {"id": article_id},
        )
        return str(row.fetchone()[0])


# An address of this article that is another's canonical one, and has led here since that one was
# last seen there; and this article's own address has answered as it. The plus signs keep SQLite
# from walking all articles of the source instead of asking for the address.
_LED_HERE = """
SELECT other.id FROM address
JOIN article AS other ON other.canonical_url = address.url
JOIN article AS this ON this.id = address.article_id
WHERE address.article_id = :id AND other.id <> :id AND +other.source_id = this.source_id
  AND address.last_seen_at >= +other.last_seen_at
  AND NOT EXISTS (SELECT 1 FROM identity WHERE article_id IN (other.id, :id))
  AND NOT EXISTS (SELECT 1 FROM apart WHERE one_id = min(other.id, :id)
                                        AND other_id = max(other.id, :id))
ORDER BY other.id
"""

_SHARE_ADDRESSES = """
INSERT OR IGNORE INTO address (article_id, url, first_seen_at, last_seen_at)
SELECT :into, url, first_seen_at, last_seen_at FROM address WHERE article_id = :id
"""

_SHARE_LEDGER = """
UPDATE ledger SET article_id = :into, due_at = NULL WHERE article_id = :id AND kind = 'page'
"""

_TAKE_LEDGER_BACK = """
UPDATE ledger SET article_id = :id
WHERE url IN (SELECT url FROM address WHERE article_id = :id)
  AND url <> (SELECT canonical_url FROM article WHERE id = :from)
"""

_LOOK_AGAIN = """
UPDATE ledger SET due_at = :at WHERE url = (SELECT canonical_url FROM article WHERE id = :id)
"""

_TAKE_ADDRESSES_BACK = """
DELETE FROM address
WHERE article_id = :from AND url IN (SELECT url FROM address WHERE article_id = :id)
  AND url <> (SELECT canonical_url FROM article WHERE id = :from)
"""
