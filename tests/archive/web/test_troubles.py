"""What a page says when something is wrong: in the visitor's language, with what helps."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from archive.folder import ArchiveFolder
from archive.spool import segment_files
from tests.archive.web.small_archive import make_small_archive
from tests.archive.web.test_pages import PHOTO, text_of, visited

A_PHOTO = f"/photo/{sha256(PHOTO).hexdigest()}"
_ENGLISH = re.compile(r"\b(the|is|are|of|not|cannot|and|must)\b", re.IGNORECASE)


def alter(folder: ArchiveFolder, sql: str) -> None:
    with closing(sqlite3.connect(folder.catalogue_path)) as db, db:
        db.execute(sql)


def know_of_a_later_release(folder: ArchiveFolder) -> None:
    alter(folder, "INSERT INTO _sqlite_migrations VALUES (99, 'salname', '9999_later', '')")


def forget_a_migration(folder: ArchiveFolder) -> None:
    alter(
        folder, "DELETE FROM _sqlite_migrations WHERE id = (SELECT max(id) FROM _sqlite_migrations)"
    )


def cut_the_segment(folder: ArchiveFolder) -> None:
    (segment,) = segment_files(folder.segments_path)
    segment.write_bytes(segment.read_bytes()[:1000])


def spoil_the_catalogue(folder: ArchiveFolder) -> None:
    folder.catalogue_path.write_bytes(b"no catalogue" * 1000)


def lose_a_table(folder: ArchiveFolder) -> None:
    alter(folder, "ALTER TABLE change RENAME TO lost")


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/?q=asan&from=abc", 400, "“abc” tarix deyil"),
        ("/?q=asan&from=2024-01-02&to=2023-01-02", 400, "sonradır"),
        ("/?q=asan+-from:2023", 400, "mənfi işarəsi olmadan"),
        ("/changes?before=x", 400, "tam ədəd olmalıdır"),
        ("/article/999", 404, "Belə səhifə yoxdur"),
        ("/changes?edit=nonsense", 404, "Belə səhifə yoxdur"),
        ("/?q=yoxdurbelesoz", 200, "heç nə tapılmadı"),
    ],
)
def test_a_wrong_question_is_answered_in_azerbaijani(
    client: httpx.Client, path: str, status: int, said: str
) -> None:
    answer = client.get(path, headers={"Connection": "close"})

    assert answer.status_code == status
    assert said in text_of(answer.text)
    assert not _ENGLISH.findall(text_of(answer.text))


@pytest.mark.parametrize(
    ("hurt", "path", "status", "command"),
    [
        (know_of_a_later_release, "/", 503, "salname serve"),
        (forget_a_migration, "/", 503, "salname recover"),
        (cut_the_segment, A_PHOTO, 500, "salname verify"),
        (spoil_the_catalogue, "/changes", 500, "salname verify"),
        (lose_a_table, "/changes", 500, ""),
    ],
)
def test_a_damaged_archive_is_told_in_azerbaijani_with_what_helps(
    tmp_path: Path, hurt: Callable[[ArchiveFolder], None], path: str, status: int, command: str
) -> None:
    folder = make_small_archive(tmp_path / "archive")
    hurt(folder)

    with visited(folder.path) as client:
        answer = client.get(path, headers={"Connection": "close"})
        told = client.get(f"/api{path}" if path != "/" else "/api/changes")

    assert answer.status_code == status
    assert answer.headers["Content-Language"] == "az"
    assert command in text_of(answer.text)
    assert not _ENGLISH.findall(text_of(answer.text))
    assert path.startswith("/photo/") or list(told.json()) == ["error"]
