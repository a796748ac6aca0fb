"""The commands about pictures."""

import json
from pathlib import Path

from click.testing import CliRunner

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
    visitor.store.close()
    visitor.catalogue.db.close()
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


def test_what_is_neither_a_file_nor_a_photo_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["photos", "compare", "yoxdur.jpg", "yoxdur.png"])

    assert done.exit_code == 2
    assert "neither a file" in done.output
