"""The rows of sightings: what looks found in an article's place, from the first look to the last."""

from dataclasses import dataclass

from sqlite_utils import Database

from archive.catalogue.look import Look

_TIME = "GLOB '????-??-??T??:??:??.??????Z'"

SIGHTING_TABLES = f"""
CREATE TABLE sighting (
    id         INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES article (id),
    state      TEXT    NOT NULL CHECK (state IN
               ('hidden', 'missing', 'gone', 'blocked', 'failed')),
    first_at   TEXT    NOT NULL CHECK (first_at {_TIME}),
    last_at    TEXT    NOT NULL CHECK (last_at {_TIME}),
    looks      INTEGER NOT NULL CHECK (looks >= 0),              -- 0: left its lists, not looked at
    reason     TEXT,                                             -- null: nothing to add
    capture_id INTEGER REFERENCES capture (id),                  -- of the last; null: no answer
    weight_s   INTEGER NOT NULL DEFAULT 0,                       -- seconds that speak for gone
    weighed_at TEXT    CHECK (weighed_at {_TIME}),               -- null: only of missing
    control_id INTEGER REFERENCES capture (id),                  -- of the control page; null: none
    ended_at   TEXT    CHECK (ended_at {_TIME})                  -- null: it is so still
) STRICT;
CREATE INDEX sighting_article ON sighting (article_id);
CREATE INDEX sighting_now ON sighting (article_id) WHERE ended_at IS NULL;
CREATE INDEX sighting_hidden ON sighting (article_id) WHERE ended_at IS NULL AND state = 'hidden';
CREATE INDEX sighting_missing ON sighting (article_id) WHERE ended_at IS NULL AND state = 'missing';
ALTER TABLE source ADD COLUMN control_asked_at TEXT CHECK (control_asked_at {_TIME});
ALTER TABLE article ADD COLUMN hidden_since TEXT CHECK (hidden_since {_TIME});
ALTER TABLE run ADD COLUMN gone_after_s INTEGER NOT NULL DEFAULT 0
"""

SIGHTINGS = f"""
{SIGHTING_TABLES.strip()};
ALTER TABLE capture ADD COLUMN is_noarchive_in_page INTEGER NOT NULL DEFAULT 0
    CHECK (is_noarchive_in_page IN (0, 1));

CREATE TABLE change_new (
    id         INTEGER PRIMARY KEY,                              -- the cursor; only grows
    at         TEXT    NOT NULL CHECK (at {_TIME}),
    kind       TEXT    NOT NULL CHECK (kind IN
               ('appeared', 'edited', 'marked', 'shortened', 'moved', 'missing', 'disappeared',
                'returned', 'swapped', 'hidden', 'listed', 'corrected', 'merged', 'parted',
                'joined', 'left')),
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
CREATE INDEX change_version ON change (version_id) WHERE version_id IS NOT NULL;
"""  # noqa: S608 (no values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What a look found in an article's place.

    first_at  when it was found so first
    looks     that found it so
    """

    article_id: int
    state: str
    first_at: str
    at: str
    looks: int = 1
    reason: str | None = None
    capture_id: int | None = None


def sight_in(look: Look, article_id: int, state: str) -> Sight:
    """What the look at hand has found for the first time."""
    return Sight(
        article_id=article_id,
        state=state,
        first_at=look.reading.at,
        at=look.reading.at,
        reason=look.reading.reason,
        capture_id=look.capture_id,
    )


class SightingTable:
    """The table of sightings within the writer's transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def open_states(self, article_id: int) -> dict[str, int]:
        """The states that an article is in, with the number of each row."""
        rows = self._db.execute(_OPEN, {"article": article_id})
        return {state: id_ for id_, state in rows}

    def begin(self, sight: Sight) -> int:
        """An article is found in a state that it was not in; the number of the row."""
        cursor = self._db.execute(
            _BEGIN,
            {
                "article": sight.article_id,
                "state": sight.state,
                "first": sight.first_at,
                "at": sight.at,
                "looks": sight.looks,
                "reason": sight.reason,
                "capture": sight.capture_id,
                "weighed": sight.first_at if sight.state == "missing" else None,
            },
        )
        return int(cursor.lastrowid or 0)

    def again(self, look: Look, id_: int) -> None:
        """A further look found it so."""
        self._db.execute(
            _AGAIN,
            {
                "id": id_,
                "at": look.reading.at,
                "reason": look.reading.reason,
                "capture": look.capture_id,
            },
        )

    def end(self, look: Look, id_: int) -> None:
        """A look found it otherwise."""
        self._db.execute(
            "UPDATE sighting SET ended_at = :at WHERE id = :id", {"at": look.reading.at, "id": id_}
        )


_OPEN = "SELECT id, state FROM sighting WHERE article_id = :article AND ended_at IS NULL"

_BEGIN = """
INSERT INTO sighting (article_id, state, first_at, last_at, looks, reason, capture_id, weighed_at)
VALUES (:article, :state, :first, :at, :looks, :reason, :capture, :weighed)
"""

_AGAIN = """
UPDATE sighting SET last_at = :at, looks = looks + 1, reason = :reason, capture_id = :capture
WHERE id = :id
"""
