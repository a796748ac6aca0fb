"""The demo tells what is true, works twice, and removes nothing that is not its own."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.web.demo import MARKER, main
from tests.web.truth import read_truth

TRUTH = read_truth(datetime.now(UTC))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "demo-archive"


@pytest.fixture(scope="module")
def shown(folder: Path) -> Result:
    return CliRunner().invoke(main, [str(folder)])


def lines_of(folder: Path, name: str) -> list[dict[str, Any]]:
    text = (folder / "exports" / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def told(lines: Iterable[dict[str, Any]]) -> set[tuple[str, str, str]]:
    return {
        (line["change"], line["article"]["archive"]["source"], line["article"]["article_id"])
        for line in lines
    }


@pytest.mark.usefixtures("shown")
def test_the_first_crawl_of_the_demo_finds_every_article(folder: Path) -> None:
    found = told(lines_of(folder, "day-1.jsonl"))

    assert found == {("appeared", each.host, each.article_id) for each in TRUTH.articles(1)}


@pytest.mark.usefixtures("shown")
def test_the_second_crawl_of_the_demo_tells_what_changed(folder: Path) -> None:
    found = told(lines_of(folder, "day-2.jsonl"))

    assert found == {(each.kind, each.host, each.article_id) for each in TRUTH.changes}


def test_the_demo_ends_with_three_commands_to_try(shown: Result) -> None:
    last = shown.output.splitlines()[-3:]

    assert shown.exit_code == 0
    assert [line.split()[1] for line in last] == ["search", "diff", "serve"]


@pytest.mark.usefixtures("shown")
def test_a_second_demo_starts_afresh(folder: Path) -> None:
    (folder / "from-the-first").touch()

    again = CliRunner().invoke(main, [str(folder)])

    assert again.exit_code == 0
    assert "removed, to start afresh" in again.output
    assert not (folder / "from-the-first").exists()


def test_the_demo_leaves_a_folder_alone_that_it_did_not_make(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").touch()

    refused = CliRunner().invoke(main, [str(tmp_path)])

    assert refused.exit_code != 0
    assert "not made by the demo" in refused.output
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
    assert MARKER not in refused.output
