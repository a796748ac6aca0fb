"""What an archivist meets after an upgrade: the first command that needs it migrates the catalogue."""

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.catalogue.connection import is_of_older_release
from archive.catalogue.schema import catalogue_migrations
from archive.folder import ArchiveFolder, create_archive, locked
from tests.crawler.crawling import ask

NEWEST = catalogue_migrations._migrations[-1].name


@pytest.fixture
def folder(tmp_path: Path) -> ArchiveFolder:
    """An archive as the release before this one left it."""
    made = create_archive(tmp_path / "archive", "")
    with closing(Database(made.catalogue_path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        catalogue_migrations.apply(db, stop_before=NEWEST)
    return made


@pytest.mark.parametrize("command", ["status", "search asan", "export jsonl --output -"])
def test_a_command_that_reads_brings_the_catalogue_up_to_date_and_says_so(
    folder: ArchiveFolder, command: str
) -> None:
    first = ask(*command.split(), "--archive", str(folder.path))
    second = ask(*command.split(), "--archive", str(folder.path))

    assert (first.code, second.code) == (0, 0)
    assert first.err.startswith("The catalogue was an older release's; it is brought up to date.\n")
    assert "older release" not in second.err
    assert first.out == second.out


def test_serve_brings_the_catalogue_up_to_date_before_it_answers(folder: ArchiveFolder) -> None:
    command = (sys.executable, "-m", "crawler.cli", "serve", "--port", "0", "--archive")
    with subprocess.Popen(
        [*command, str(folder.path)], stderr=subprocess.PIPE, text=True
    ) as served:
        assert served.stderr is not None
        first = served.stderr.readline()
        served.terminate()

    assert "is brought up to date" in first
    assert not is_of_older_release(folder.catalogue_path)


def test_one_that_is_being_written_is_left_alone_with_who_writes(folder: ArchiveFolder) -> None:
    with locked(folder, "salname crawl"):
        done = ask("status", "--archive", str(folder.path))

    assert done.code == 1
    assert "must be brought up to date" in done.err
    assert f"process {os.getpid()}" in done.err
    assert is_of_older_release(folder.catalogue_path)


def test_one_that_cannot_be_written_ends_with_what_to_do(folder: ArchiveFolder) -> None:
    folder.lock_path.mkdir()  # as root, rights keep nobody out

    done = ask("serve", "--port", "0", "--archive", str(folder.path))

    assert done.code == 1
    assert "cannot be written" in done.err
    assert "`salname recover` does it" in done.err


@pytest.mark.parametrize("command", ["doctor", "verify"])
def test_looking_for_troubles_changes_nothing_and_finds_none_in_it(
    folder: ArchiveFolder, command: str
) -> None:
    done = ask(command, "--json", "--archive", str(folder.path))

    said = [json.loads(line) for line in done.out.splitlines()]
    about = [line for line in said if line.get("about") == "catalogue"]
    assert all(line["is_well"] and "older release's" in line["sentence"] for line in about)
    assert is_of_older_release(folder.catalogue_path)
