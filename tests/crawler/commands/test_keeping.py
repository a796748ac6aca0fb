"""Export, verify and rebuild on an archive that three crawls have filled."""

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from archive.catalogue.schema import catalogue_migrations
from archive.folder import locked
from tests.archive.histories import rows_of
from tests.crawler.conftest import Days
from tests.crawler.crawling import Archive
from tests.test_schemas import EXPORT, validator

SPELLINGS = ("asan xidmət", "ASAN XİDMƏT", "asan xidmet", "“ASAN xidmət”in")


def exported(archive: Archive, since: int = 0) -> list[dict[str, Any]]:
    done = archive.ask("export", "jsonl", "--since", str(since), "--output", "-")
    assert done.code == 0, done.err
    return [json.loads(line) for line in done.out.splitlines()]


def test_export_crawl_export_from_the_cursor_gives_each_change_once(days: Days) -> None:
    first = exported(days.first.archive)
    second = exported(days.second.archive, since=first[-1]["cursor"])
    third = exported(days.third.archive, since=second[-1]["cursor"])

    every = told(exported(days.third.archive))
    assert [*told(first), *told(second), *told(third)] == every
    assert len({cursor for cursor, *_ in every}) == len(every)
    assert len(first) == 36
    assert len(second) == len(days.truth.changes)
    assert [line["change"] for line in third] == ["disappeared"]


def test_a_cursor_that_the_archive_never_gave_is_refused(days: Days, tmp_path: Path) -> None:
    path = tmp_path / "changes.jsonl"

    done = days.third.archive.ask("export", "jsonl", "--since", "999", "--output", str(path))

    assert done.code == 2
    assert "has never given the cursor 999" in done.err
    assert list(tmp_path.iterdir()) == []


def told(lines: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """What a change tells for good; the article beside it may have been seen again since."""
    return [
        (line["cursor"], line["change"], line["at"], line["detail"], line["article"]["text"])
        for line in lines
    ]


def test_every_exported_line_is_what_the_schema_says(days: Days) -> None:
    check = validator(EXPORT)

    wrong = [
        error.message for line in exported(days.third.archive) for error in check.iter_errors(line)
    ]

    assert wrong == []


def test_an_exported_line_leads_to_the_bytes_it_came_from(days: Days) -> None:
    (line,) = [line for line in exported(days.third.archive) if line["change"] == "marked"]
    capture = line["article"]["archive"]["capture"]

    segment = next(days.third.archive.folder.segments_path.glob(f"{capture['segment']}*"))
    member = segment.read_bytes()[capture["offset"] : capture["offset"] + capture["length"]]

    assert member.startswith(b"\x1f\x8b")
    assert capture["url"] == line["article"]["url"]


def test_an_export_goes_to_a_file_of_its_own_and_says_how_to_go_on(
    days: Days, tmp_path: Path
) -> None:
    archive = days.third.archive.copy_to(tmp_path / "archive")

    done = archive.ask("export", "jsonl")

    (path,) = archive.folder.exports_path.glob("*.jsonl")
    last = json.loads(path.read_text(encoding="utf-8").splitlines()[-1])
    assert done.err == f"Exported to {path}. Go on with --since {last['cursor']}\n"


def test_an_archive_that_was_crawled_verifies(days: Days) -> None:
    done = days.third.archive.ask("verify")

    assert done.code == 0
    assert "nothing is damaged" in done.out
    assert days.third.archive.ask("verify", "--json").json["findings"] == []


def test_a_damaged_archive_is_told_and_verify_ends_with_3(days: Days, tmp_path: Path) -> None:
    archive = days.third.archive.copy_to(tmp_path / "archive")
    (segment,) = archive.folder.segments_path.iterdir()
    held = bytearray(segment.read_bytes())
    held[len(held) // 2] ^= 0x40
    segment.write_bytes(held)

    done = archive.ask("verify")

    assert done.code == 3
    assert done.out.startswith(f"segment: {segment} ")


def test_a_sample_is_verified_and_says_its_size(days: Days) -> None:
    done = days.third.archive.ask("verify", "--sample", "40%")

    assert done.code == 0
    assert re.fullmatch(
        r"\d+ of \d+ captures sampled in 1 segment: nothing is damaged.\n", done.out
    )
    assert days.third.archive.ask("verify", "--sample", "0").code == 2


def test_a_deep_verification_finds_a_word_that_changed_in_the_catalogue_and_repairs_it(
    days: Days, tmp_path: Path
) -> None:
    archive = days.third.archive.copy_to(tmp_path / "archive")
    db = sqlite3.connect(archive.folder.catalogue_path)
    with db:
        db.execute("UPDATE version SET headline = 'Başqa' WHERE id = 5")
    db.close()

    plain = archive.ask("verify")
    deep = archive.ask("verify", "--deep")
    repaired = archive.ask("verify", "--deep", "--repair")

    assert (plain.code, deep.code, repaired.code) == (0, 3, 0)
    assert "Row 5: table version is not what the segments give" in deep.out.replace(
        " says another headline", ""
    )
    assert "The catalogue was made anew" in repaired.err


def test_recover_says_that_nothing_had_to_be_done(days: Days, tmp_path: Path) -> None:
    archive = days.first.archive.copy_to(tmp_path / "archive")

    done = archive.ask("recover")

    assert (done.code, done.out) == (0, "Nothing had to be done.\n")


def test_recover_says_that_it_brought_a_catalogue_up_to_date(days: Days, tmp_path: Path) -> None:
    archive = days.first.archive.copy_to(tmp_path / "archive")
    archive.folder.catalogue_path.unlink()
    older = Database(archive.folder.catalogue_path)
    last = catalogue_migrations.pending(older)[-1].name
    catalogue_migrations.apply(older, stop_before=last)
    older.close()

    first, second = archive.ask("recover"), archive.ask("recover")

    assert first.out.startswith("The catalogue was an older release's; it is brought up to date.\n")
    assert (first.code, second.out) == (0, "Nothing had to be done.\n")


def test_a_rebuild_gives_the_same_catalogue_from_the_segments_alone(
    days: Days, tmp_path: Path
) -> None:
    archive = days.third.archive.copy_to(tmp_path / "archive")
    crawled = rows_of(archive.folder)
    for path in archive.path.glob("catalogue.sqlite*"):
        path.unlink()

    done = archive.ask("rebuild")

    assert done.code == 0, done.err
    assert rows_of(archive.folder) == crawled
    assert archive.verify().findings == ()


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_search_finds_asan_xidmet_in_each_spelling(days: Days, spelling: str) -> None:
    found = days.third.archive.ask("search", "--json", spelling).json

    assert found["hits"][0]["headline"] == "“ASAN xidmət” Şəkidə səyyar qəbula başlayıb - FOTO"


def test_a_rebuilt_index_finds_what_the_old_one_found(days: Days, tmp_path: Path) -> None:
    archive = days.third.archive.copy_to(tmp_path / "archive")
    before = [found(archive, words) for words in SPELLINGS]

    archive.ask("rebuild")

    assert [found(archive, words) for words in SPELLINGS] == before


def found(archive: Archive, words: str) -> list[tuple[int, int, str]]:
    """What a search finds; scores differ a little in an index that has forgotten something."""
    hits = archive.ask("search", "--json", words).json["hits"]
    return [(hit["id"], hit["version"], hit["headline"]) for hit in hits]


def test_a_rebuild_waits_for_no_one_who_writes(days: Days, tmp_path: Path) -> None:
    archive = days.third.archive.copy_to(tmp_path / "archive")

    with locked(archive.folder, "salname crawl"):
        done = archive.ask("rebuild")

    assert done.code == 1
    assert "is being written by process" in done.err


def test_a_deleted_catalogue_is_missed_with_a_sentence_and_made_again_by_a_rebuild(
    days: Days, tmp_path: Path
) -> None:
    archive = days.first.archive.copy_to(tmp_path / "archive")
    for path in archive.path.glob("catalogue.sqlite*"):
        path.unlink()

    asked = archive.ask("status")
    rebuilt = archive.ask("rebuild")

    assert asked.code == 2
    assert "salname rebuild" in asked.err
    assert rebuilt.code == 0
    assert archive.ask("status").out.startswith("36 articles, 36 versions")


@pytest.mark.parametrize(
    "command", [("status",), ("show", "1"), ("export", "jsonl"), ("search", "su")]
)
def test_a_catalogue_full_of_garbage_is_told_with_what_repairs_it(
    days: Days, tmp_path: Path, command: tuple[str, ...]
) -> None:
    archive = days.first.archive.copy_to(tmp_path / "archive")
    archive.folder.catalogue_path.write_bytes(b"garbage" * 1000)

    done = archive.ask(*command)

    assert done.code == 1
    assert "run `salname rebuild`" in done.err
    assert archive.ask("rebuild").code == 0
    assert archive.ask(*command).code == 0


@pytest.mark.parametrize("command", [("show", "1"), ("export", "jsonl")])
def test_a_catalogue_with_a_broken_page_is_told_with_what_repairs_it(
    days: Days, tmp_path: Path, command: tuple[str, ...]
) -> None:
    archive = days.first.archive.copy_to(tmp_path / "archive")
    page, size = archive.rows(
        "SELECT rootpage, page_size FROM sqlite_master, pragma_page_size WHERE name = 'version'"
    )[0]
    with archive.folder.catalogue_path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)

    done = archive.ask(*command)

    assert done.code == 1
    assert "run `salname rebuild`" in done.err
    assert [each.damage for each in archive.verify().findings] == ["catalogue"]
