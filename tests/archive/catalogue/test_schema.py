"""The schema: every older catalogue is brought up to date, a later one is refused."""

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from archive.catalogue.connection import open_reader, open_writer
from archive.catalogue.schema import catalogue_migrations
from archive.errors import IntegrityError, LaterCatalogue, NotAnArchive

NAMES = [migration.name for migration in catalogue_migrations._migrations]


def tables_of(db: Database) -> dict[str, str]:
    return {table.name: table.schema for table in db.tables if not table.name.startswith("_")}


@pytest.mark.parametrize("stop_before", NAMES)
def test_a_catalogue_of_every_older_number_becomes_the_newest(
    tmp_path: Path, stop_before: str
) -> None:
    old = Database(tmp_path / "old.sqlite")
    catalogue_migrations.apply(old, stop_before=stop_before)
    old.close()

    migrated, fresh = open_writer(tmp_path / "old.sqlite"), open_writer(tmp_path / "new.sqlite")

    assert tables_of(migrated) == tables_of(fresh)
    migrated.close()
    fresh.close()


def test_a_kill_at_any_statement_of_its_making_leaves_no_half_of_a_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, left, real = tmp_path / "made", tmp_path / "left", sqlite3.connect
    made.mkdir()

    def keep(_: str) -> None:
        shutil.copytree(made, left / str(len(list(left.glob("*")))))

    def connected(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = real(*arguments, **options)
        connection.set_trace_callback(keep)
        return connection

    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", connected)
        open_writer(made / "catalogue.sqlite").close()
    said = {whether_readable(each / "catalogue.sqlite") for each in left.iterdir()}

    assert len(list(left.iterdir())) > 50
    assert said == {"no catalogue yet"}
    assert whether_readable(made / "catalogue.sqlite") == "readable"


def whether_readable(path: Path) -> str:
    try:
        open_reader(path).close()
    except NotAnArchive:
        return "no catalogue yet"
    return "readable"


def test_every_table_is_strict(tmp_path: Path) -> None:
    db = open_writer(tmp_path / "catalogue.sqlite")

    assert {
        table.name: table.strict for table in db.tables if not table.name.startswith("_")
    } == dict.fromkeys(tables_of(db), True)
    db.close()


def test_the_writer_waits_for_the_disk_and_holds_foreign_keys(tmp_path: Path) -> None:
    db = open_writer(tmp_path / "catalogue.sqlite")

    answers = [
        db.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys")
    ]

    assert answers == ["wal", 2, 1]
    db.close()


def test_a_catalogue_of_a_later_release_is_refused(tmp_path: Path) -> None:
    db = open_writer(tmp_path / "catalogue.sqlite")
    db["_sqlite_migrations"].insert(  # type: ignore[union-attr]  # a table, not a view
        {"migration_set": "salname", "name": "9999_later", "applied_at": "2099-01-01"}
    )
    db.close()

    with pytest.raises(LaterCatalogue, match="later release"):
        open_writer(tmp_path / "catalogue.sqlite")


def test_a_file_that_is_no_catalogue_is_told_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    path.write_bytes(b"not a database" * 100)

    with pytest.raises(IntegrityError, match="salname rebuild"):
        open_reader(path)


def test_a_catalogue_that_lost_the_name_of_one_table_is_not_taken_for_none(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    db = open_writer(path)
    db.execute("ALTER TABLE _sqlite_migrations RENAME TO _sqlite_migrationr")
    db.close()

    with pytest.raises(IntegrityError, match="salname rebuild"):
        open_reader(path)
    with pytest.raises(IntegrityError, match="salname rebuild"):
        open_writer(path)


def test_a_missing_catalogue_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotAnArchive, match="salname crawl"):
        open_reader(tmp_path / "catalogue.sqlite")


@pytest.mark.parametrize(
    "question",
    [
        "SELECT id FROM ledger WHERE source_id = 1 AND priority <= 3 AND due_at <= '2026'"
        " ORDER BY priority, due_at, id",
        "SELECT id FROM article WHERE key = 'a'",
        "SELECT id FROM article WHERE canonical_url = 'a'",
        "SELECT article_id FROM address WHERE url = 'a'",
        "SELECT id FROM version WHERE article_id = 1 ORDER BY number",
        "SELECT id FROM version WHERE text_sha256 = 'a'",
        "SELECT change.id FROM version_edit JOIN change ON change.version_id = version_edit.version_id"
        " WHERE version_edit.kind = 'a' ORDER BY version_edit.version_id DESC",
        "SELECT capture_id FROM observation WHERE version_id = 1",
        "SELECT id FROM capture WHERE payload_sha256 = 'a' AND revisit_of IS NULL",
        "SELECT id FROM capture WHERE record_id = 'a'",
        "SELECT id FROM change WHERE id > 5 ORDER BY id LIMIT 10",
        "SELECT id FROM change WHERE article_id = 1 ORDER BY id",
        "SELECT url FROM ledger WHERE moved_to = 'a'",
    ],
)
def test_no_question_that_somebody_waits_for_reads_a_whole_table(
    tmp_path: Path, question: str
) -> None:
    db = open_writer(tmp_path / "catalogue.sqlite")

    plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {question}")]

    assert not [step for step in plan if step.startswith("SCAN") or "TEMP B-TREE" in step], plan
    db.close()
