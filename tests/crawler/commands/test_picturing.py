"""The commands about pictures."""

import json
from pathlib import Path

from click.testing import CliRunner

from archive.catalogue.connection import open_writer
from archive.folder import find_archive
from crawler.cli import main
from tests.archive.histories import Visitor, article, new_archive
from tests.web.pictures import picture, sha256_of


def run(*arguments: str) -> str:
    done = CliRunner().invoke(main, ["photos", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def filled(path: Path) -> str:
    visitor = Visitor(new_archive(path))
    visitor.start_run()
    for number, body in enumerate((picture("park"), picture("park", "webp")), 1):
        visitor.see(article(number))
        visitor.see_photo(number, body)
    visitor.close()
    return str(visitor.folder.path)


def test_compare_says_by_which_step_two_files_are_the_same(tmp_path: Path) -> None:
    for ending in ("jpeg", "webp"):
        (tmp_path / f"park.{ending}").write_bytes(picture("park", ending))
    both = [str(tmp_path / "park.jpeg"), str(tmp_path / "park.webp")]

    assert run("compare", *both).startswith("same (by hash)")
    assert json.loads(run("compare", both[0], both[0], "--json"))["step"] == "bytes"


def test_compare_takes_photos_of_the_archive(tmp_path: Path) -> None:
    archive = filled(tmp_path)
    both = [sha256_of(picture("park")), sha256_of(picture("park", "webp"))]

    assert run("compare", *both, "--archive", archive).startswith("same (by hash)")


def test_uses_lists_the_first_use_first(tmp_path: Path) -> None:
    archive = filled(tmp_path)

    said = run("uses", "2", "--archive", archive)
    (told,) = json.loads(run("uses", sha256_of(picture("park")), "--archive", archive, "--json"))

    assert "in 2 articles" in said
    assert [use["article_id"] for use in told["uses"]] == [1, 2]


def test_two_photos_are_parted_and_joined_by_hand(tmp_path: Path) -> None:
    archive = filled(tmp_path)
    both = [sha256_of(picture("park")), sha256_of(picture("park", "webp"))]

    run("part", *both, "--why", "iki ayrı foto", "--archive", archive)
    parted = run("uses", "1", "--archive", archive)
    run("join", *both, "--archive", archive)

    assert "in 1 article" in parted
    assert f"another picture, as a person said: {both[1]}: iki ayrı foto" in parted
    assert "in 2 articles" in run("uses", "1", "--archive", archive)


def test_photos_of_an_older_release_are_counted_and_looked_at(tmp_path: Path) -> None:
    archive = filled(tmp_path)
    db = open_writer(find_archive(Path(archive)).catalogue_path)
    db.execute("DELETE FROM picture_link")
    db.execute("DELETE FROM picture")
    db.conn.commit()
    db.close()

    before = CliRunner().invoke(main, ["status", "--archive", archive]).output
    said = run("hash", "--archive", archive)

    assert "2 photos of an older release not looked at yet" in before
    assert said == "2 photos looked at.\n"
    assert "in 2 articles" in run("uses", "1", "--archive", archive)


def test_what_is_neither_a_file_nor_a_photo_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["photos", "compare", "yoxdur.jpg", "yoxdur.png"])

    assert done.exit_code == 2
    assert "neither a file" in done.output
