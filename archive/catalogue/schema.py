"""The catalogue's tables, as numbered migrations that are never edited after a release.

Times are TEXT in RFC 3339, UTC, with microseconds and Z, so that they sort as text. Digests are
lower-case hex. `docs/reference/catalogue.md` draws and explains the tables.
"""

from sqlite_utils import Database, Migrations

from archive.catalogue.anchors import ANCHOR_TABLE
from archive.catalogue.contents import CONTENT_TABLE, ContentTable
from archive.catalogue.doubts import COMPLETED_TABLES, DOUBT_TABLES
from archive.catalogue.hosts import HOST_TABLE
from archive.catalogue.picture_groups import VERDICT_TABLE
from archive.catalogue.pictures import PICTURE_TABLES
from archive.catalogue.prominence import PROMINENCE_TABLES
from archive.catalogue.renderings import RENDERING_TABLE
from archive.catalogue.sightings import SIGHTINGS
from archive.catalogue.swaps import SWAP_TABLES
from archive.catalogue.wakes import WAKE_TABLES

catalogue_migrations = Migrations("salname")

_TIME = "GLOB '????-??-??T??:??:??.??????Z'"

_TABLES = f"""
CREATE TABLE source (
    id                INTEGER PRIMARY KEY,
    name              TEXT NOT NULL UNIQUE,
    publisher         TEXT NOT NULL,
    host              TEXT NOT NULL,
    kind              TEXT NOT NULL,
    language          TEXT NOT NULL,
    definition_sha256 TEXT NOT NULL CHECK (length(definition_sha256) = 64),
    first_run_at      TEXT NOT NULL CHECK (first_run_at {_TIME}),
    last_run_at       TEXT NOT NULL CHECK (last_run_at {_TIME}),
    walked_at         TEXT CHECK (walked_at {_TIME})               -- null: no run got so far
) STRICT;

CREATE TABLE run (
    id          INTEGER PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    extractor   TEXT NOT NULL,
    started_at  TEXT NOT NULL CHECK (started_at {_TIME}),
    finished_at TEXT CHECK (finished_at {_TIME}),                  -- null: running, or was killed
    outcome     TEXT CHECK (outcome IN ('success', 'partial', 'failed')),      -- null: the same
    look_again  TEXT NOT NULL CHECK (json_valid(look_again)),      -- the ladder, in seconds
    is_backfill INTEGER NOT NULL CHECK (is_backfill IN (0, 1)),
    summary     TEXT NOT NULL DEFAULT '{{}}' CHECK (json_valid(summary))
) STRICT;

CREATE TABLE segment (
    id              INTEGER PRIMARY KEY,
    name            TEXT    NOT NULL UNIQUE,
    state           TEXT    NOT NULL CHECK (state IN ('open', 'sealed', 'stored')),
    committed_bytes INTEGER NOT NULL DEFAULT 0     -- every record before it is in the catalogue
) STRICT;

CREATE TABLE ledger (
    id              INTEGER PRIMARY KEY,
    url             TEXT    NOT NULL UNIQUE,                                 -- canonical
    source_id       INTEGER NOT NULL REFERENCES source (id),
    kind            TEXT    NOT NULL CHECK (kind IN
                    ('page', 'feed', 'sitemap', 'listing', 'photo', 'robots')),
    state           TEXT    NOT NULL CHECK (state IN
                    ('waiting', 'fetched', 'not-article', 'refused', 'blocked', 'failed',
                     'moved', 'gone')),
    reason          TEXT,                                        -- null: nothing to add
    found_at        TEXT    NOT NULL CHECK (found_at {_TIME}),
    found_on        TEXT,                                        -- null: an entry of the source
    title           TEXT,                                        -- these three: what the offer said
    published       TEXT,
    photo_url       TEXT,
    depth           INTEGER NOT NULL DEFAULT 0,                  -- lists walked back from an entry
    state_at        TEXT    NOT NULL CHECK (state_at {_TIME}),
    due_at          TEXT CHECK (due_at {_TIME}),                 -- null: nothing to do
    tries           INTEGER NOT NULL DEFAULT 0,                  -- failures in a row
    looks           INTEGER NOT NULL DEFAULT 0,                  -- answers so far
    etag            TEXT,
    last_modified   TEXT,
    good_capture_id INTEGER REFERENCES capture (id),             -- null: it never was what it should
    article_id      INTEGER REFERENCES article (id),             -- null: none is known there
    photo_id        INTEGER REFERENCES photo (id),               -- null: none is known there
    moved_to        TEXT,                                        -- null: it did not redirect
    priority        INTEGER NOT NULL AS (CASE                    -- the most telling first
        WHEN kind IN ('feed', 'sitemap', 'listing') THEN 0
        WHEN kind = 'photo' THEN 2
        WHEN looks = 0 THEN 1
        ELSE 3 END) VIRTUAL
) STRICT;
CREATE INDEX ledger_moved ON ledger (moved_to) WHERE moved_to IS NOT NULL;
CREATE INDEX ledger_due ON ledger (source_id, priority, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX ledger_sitemap ON ledger (found_on) WHERE kind = 'sitemap';
CREATE INDEX ledger_article ON ledger (article_id) WHERE article_id IS NOT NULL;
CREATE INDEX ledger_state ON ledger (source_id, kind, state);

CREATE TABLE capture (
    id             INTEGER PRIMARY KEY,
    run_id         INTEGER NOT NULL REFERENCES run (id),
    source_id      INTEGER NOT NULL REFERENCES source (id),
    ledger_id      INTEGER NOT NULL REFERENCES ledger (id),
    url            TEXT    NOT NULL,                             -- as requested
    captured_at    TEXT    NOT NULL CHECK (captured_at {_TIME}),
    status         INTEGER NOT NULL,
    kind           TEXT    NOT NULL,
    mime           TEXT    NOT NULL,
    payload_sha256 TEXT    NOT NULL CHECK (length(payload_sha256) = 64),
    payload_bytes  INTEGER NOT NULL CHECK (payload_bytes >= 0),
    record_id      TEXT    NOT NULL UNIQUE,
    segment_id     INTEGER NOT NULL REFERENCES segment (id),
    "offset"       INTEGER NOT NULL CHECK ("offset" >= 0),       -- bytes, of the gzip member
    length         INTEGER NOT NULL CHECK (length > 0),
    revisit_of     TEXT,                                         -- null: holds its payload itself
    truncated      TEXT,                                         -- null: whole
    UNIQUE (segment_id, "offset")
) STRICT;
CREATE INDEX capture_payload ON capture (payload_sha256) WHERE revisit_of IS NULL;
CREATE INDEX capture_ledger ON capture (ledger_id);

CREATE TABLE article (
    id              INTEGER PRIMARY KEY,
    source_id       INTEGER NOT NULL REFERENCES source (id),
    key             TEXT    NOT NULL UNIQUE,                     -- host#id, else canonical URL
    canonical_url   TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('live', 'missing', 'gone')),
    first_seen_at   TEXT    NOT NULL CHECK (first_seen_at {_TIME}),
    last_seen_at    TEXT    NOT NULL CHECK (last_seen_at {_TIME}),
    last_changed_at TEXT    NOT NULL CHECK (last_changed_at {_TIME}),
    missing_since   TEXT CHECK (missing_since {_TIME}),          -- null: it is there
    versions        INTEGER NOT NULL DEFAULT 0,
    last_version_id INTEGER REFERENCES version (id),             -- null only within a transaction
    story_id        INTEGER REFERENCES article (id)              -- its first; null: stands alone
) STRICT;
CREATE INDEX article_source ON article (source_id, last_seen_at);
CREATE INDEX article_url ON article (canonical_url);
CREATE INDEX article_story ON article (story_id) WHERE story_id IS NOT NULL;

CREATE TABLE address (
    article_id    INTEGER NOT NULL REFERENCES article (id),
    url           TEXT    NOT NULL,
    first_seen_at TEXT    NOT NULL CHECK (first_seen_at {_TIME}),
    last_seen_at  TEXT    NOT NULL CHECK (last_seen_at {_TIME}),
    PRIMARY KEY (article_id, url)
) STRICT, WITHOUT ROWID;
CREATE INDEX address_url ON address (url);

CREATE TABLE version (
    id               INTEGER PRIMARY KEY,
    article_id       INTEGER NOT NULL REFERENCES article (id),
    number           INTEGER NOT NULL CHECK (number > 0),
    version_sha256   TEXT    NOT NULL CHECK (length(version_sha256) = 64),
    folded_sha256    TEXT    NOT NULL CHECK (length(folded_sha256) = 64),  -- blind to e for ə
    text_sha256      TEXT CHECK (length(text_sha256) = 64),      -- null: too short to compare
    changed          TEXT    NOT NULL CHECK (json_valid(changed)),  -- fields against the one before
    edit             TEXT CHECK (edit IS NULL OR json_valid(edit)),  -- null: the first
    first_capture_id INTEGER NOT NULL REFERENCES capture (id),
    first_seen_at    TEXT    NOT NULL CHECK (first_seen_at {_TIME}),
    last_seen_at     TEXT    NOT NULL CHECK (last_seen_at {_TIME}),
    observations     INTEGER NOT NULL DEFAULT 0,
    headline         TEXT    NOT NULL,
    title            TEXT    NOT NULL,
    published_at     TEXT,                                       -- null: the page does not say
    content          TEXT    NOT NULL CHECK (json_valid(content)),  -- the article as JSON
    extractor        TEXT    NOT NULL,
    UNIQUE (article_id, number)
) STRICT;
CREATE INDEX version_text ON version (text_sha256) WHERE text_sha256 IS NOT NULL;

CREATE TABLE version_edit (
    kind       TEXT    NOT NULL,                                 -- of the edit that made it
    version_id INTEGER NOT NULL REFERENCES version (id),
    PRIMARY KEY (kind, version_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE observation (
    version_id INTEGER NOT NULL REFERENCES version (id),
    capture_id INTEGER NOT NULL REFERENCES capture (id),
    PRIMARY KEY (version_id, capture_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE photo (
    id         INTEGER PRIMARY KEY,
    sha256     TEXT    NOT NULL UNIQUE CHECK (length(sha256) = 64),
    mime       TEXT    NOT NULL,
    size_bytes INTEGER NOT NULL CHECK (size_bytes > 0),
    width_px   INTEGER NOT NULL CHECK (width_px > 0),
    height_px  INTEGER NOT NULL CHECK (height_px > 0),
    capture_id INTEGER NOT NULL REFERENCES capture (id)          -- where its bytes lie
) STRICT;

CREATE TABLE version_photo (
    version_id INTEGER NOT NULL REFERENCES version (id),
    position   INTEGER NOT NULL CHECK (position >= 0),
    ledger_id  INTEGER NOT NULL REFERENCES ledger (id),
    photo_id   INTEGER REFERENCES photo (id),                    -- null: its bytes are not here
    url        TEXT    NOT NULL,
    caption    TEXT,
    credit     TEXT,
    alt        TEXT,
    PRIMARY KEY (version_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX version_photo_waiting ON version_photo (ledger_id) WHERE photo_id IS NULL;
CREATE INDEX version_photo_photo ON version_photo (photo_id) WHERE photo_id IS NOT NULL;

{ANCHOR_TABLE.strip()};

CREATE TABLE story_link (
    article_id INTEGER NOT NULL REFERENCES article (id),         -- the one that came later
    other_id   INTEGER NOT NULL REFERENCES article (id),
    is_later   INTEGER NOT NULL CHECK (is_later IN (0, 1)),      -- a reprint after its days
    shared     REAL    NOT NULL,                                 -- of the shorter text's shingles
    numbers    REAL    NOT NULL,                                 -- that agree
    names      REAL    NOT NULL,
    PRIMARY KEY (article_id, other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX story_link_other ON story_link (other_id);

CREATE TABLE change (
    id         INTEGER PRIMARY KEY,                              -- the cursor; only grows
    at         TEXT    NOT NULL CHECK (at {_TIME}),
    kind       TEXT    NOT NULL CHECK (kind IN
               ('appeared', 'edited', 'marked', 'shortened', 'moved', 'missing', 'disappeared',
                'returned', 'corrected', 'merged', 'joined')),
    article_id INTEGER NOT NULL REFERENCES article (id),
    version_id INTEGER REFERENCES version (id),                  -- null: none belongs to it
    capture_id INTEGER REFERENCES capture (id),
    run_id     INTEGER NOT NULL REFERENCES run (id),
    detail     TEXT    NOT NULL CHECK (json_valid(detail))
) STRICT;
CREATE INDEX change_article ON change (article_id);
CREATE INDEX change_version ON change (version_id) WHERE version_id IS NOT NULL;
"""


@catalogue_migrations(name="0001_tables")
def _tables(db: Database) -> None:
    _execute(db, _TABLES)


# A person who reads the merged article's number finds its own history; its key and addresses lead
# to the one that goes on.
_IDENTITY = f"""
CREATE TABLE identity (
    article_id INTEGER PRIMARY KEY REFERENCES article (id),      -- found to be the same as
    into_id    INTEGER NOT NULL REFERENCES article (id),         -- the one that goes on
    why        TEXT    NOT NULL,
    merged_at  TEXT    NOT NULL CHECK (merged_at {_TIME}),
    CHECK (article_id <> into_id)
) STRICT;
CREATE INDEX identity_into ON identity (into_id);

CREATE TABLE apart (
    one_id   INTEGER NOT NULL REFERENCES article (id),           -- the smaller number
    other_id INTEGER NOT NULL REFERENCES article (id),           -- never to be merged again
    PRIMARY KEY (one_id, other_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE change_new (
    id         INTEGER PRIMARY KEY,                              -- the cursor; only grows
    at         TEXT    NOT NULL CHECK (at {_TIME}),
    kind       TEXT    NOT NULL CHECK (kind IN
               ('appeared', 'edited', 'marked', 'shortened', 'moved', 'missing', 'disappeared',
                'returned', 'corrected', 'merged', 'parted', 'joined', 'left')),
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


@catalogue_migrations(name="0002_identity")
def _identity(db: Database) -> None:
    _execute(db, _IDENTITY)


_WAYS = f"""
CREATE TABLE way (
    ledger_id     INTEGER PRIMARY KEY REFERENCES ledger (id),    -- the list where it begins
    source_id     INTEGER NOT NULL REFERENCES source (id),
    run_id        INTEGER NOT NULL REFERENCES run (id),          -- the last that knew it
    position      INTEGER NOT NULL CHECK (position >= 0),        -- the best way is 0
    is_held       INTEGER NOT NULL CHECK (is_held IN (0, 1)),    -- that run kept it in reserve
    read_at       TEXT CHECK (read_at {_TIME}),                  -- null: never answered
    mark          TEXT,                                          -- newest address offered then
    met_at        TEXT CHECK (met_at {_TIME}),                   -- reached back to what was known
    overflowed_at TEXT CHECK (overflowed_at {_TIME}),            -- did not, and offered something
    overflows     INTEGER NOT NULL DEFAULT 0,
    alone_at      TEXT CHECK (alone_at {_TIME})                  -- had what no better way had
) STRICT;
CREATE INDEX way_source ON way (source_id, run_id, position);
"""


@catalogue_migrations(name="0003_ways")
def _ways(db: Database) -> None:
    _execute(db, _WAYS)


@catalogue_migrations(name="0004_hosts")
def _hosts(db: Database) -> None:
    db.execute(HOST_TABLE)


@catalogue_migrations(name="0005_pictures")
def _pictures(db: Database) -> None:
    _execute(db, PICTURE_TABLES)


@catalogue_migrations(name="0006_noarchive")
def _noarchive(db: Database) -> None:
    db.execute(
        "ALTER TABLE capture ADD COLUMN is_noarchive INTEGER NOT NULL DEFAULT 0"
        " CHECK (is_noarchive IN (0, 1))"
    )


@catalogue_migrations(name="0007_picture_verdicts")
def _picture_verdicts(db: Database) -> None:
    db.execute(VERDICT_TABLE)


@catalogue_migrations(name="0008_prominence")
def _prominence(db: Database) -> None:
    _execute(db, PROMINENCE_TABLES)


@catalogue_migrations(name="0009_swaps")
def _swaps(db: Database) -> None:
    _execute(db, SWAP_TABLES)


@catalogue_migrations(name="0010_renderings")
def _renderings(db: Database) -> None:
    db.execute(RENDERING_TABLE)


@catalogue_migrations(name="0011_sightings")
def _sightings(db: Database) -> None:
    _execute(db, SIGHTINGS)


@catalogue_migrations(name="0012_contents")
def _contents(db: Database) -> None:
    """A million versions take some two minutes."""
    _execute(db, CONTENT_TABLE)
    ContentTable(db).pack_all(
        db.execute("SELECT id, number, content FROM version ORDER BY article_id, number")
    )
    db.execute("ALTER TABLE version DROP COLUMN content")


@catalogue_migrations(name="0013_wakes")
def _wakes(db: Database) -> None:
    _execute(db, WAKE_TABLES)


@catalogue_migrations(name="0014_doubts")
def _doubts(db: Database) -> None:
    _execute(db, DOUBT_TABLES)


@catalogue_migrations(name="0015_completed")
def _completed(db: Database) -> None:
    _execute(db, COMPLETED_TABLES)


def _execute(db: Database, statements: str) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            db.execute(statement)
