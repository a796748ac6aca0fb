"""The commands that tell why."""

import json
from pathlib import Path

from click.testing import CliRunner

from crawler.cli import main
from tests.archive.web.small_archive import PARAGRAPHS, make_small_archive


def run(*arguments: str) -> str:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    return done.output


def test_why_names_the_other_article_what_is_shared_and_the_fingerprints(tmp_path: Path) -> None:
    archive = str(make_small_archive(tmp_path / "archive").path)

    said = run("why", "2", "--archive", archive)
    told = json.loads(run("why", "2", "--archive", archive, "--json"))

    assert "Story 1" in said
    assert "fingerprints" in said
    assert [each["article"]["id"] for each in told["story"]["members"]] == [1, 2]
    assert "stands alone" in run("why", "4", "--archive", archive)


def test_a_batch_says_for_each_text_its_story_and_why(tmp_path: Path) -> None:
    lines = [
        {"id": number, "at": "2026-02-14", "text": " ".join(PARAGRAPHS), "title": "", "url": ""}
        for number in (7, 8)
    ]
    file = tmp_path / "texts.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")

    first, second = map(json.loads, run("stories", "--batch", str(file)).splitlines())

    assert (first["id"], first["story"], first["why"]) == (7, "7", [])
    assert (second["story"], second["why"][0]["id"]) == ("7", "7")


def test_a_line_that_is_none_of_a_batch_is_told(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text("[1]\n", encoding="utf-8")

    done = CliRunner().invoke(main, ["stories", "--batch", str(file)])

    assert done.exit_code == 2
    assert "Not a line of a batch" in done.output
