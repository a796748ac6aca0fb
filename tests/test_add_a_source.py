"""A newcomer who types what the how-to shows comes from a saved page to a first crawl."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.source import load_sources
from tests.test_house import ROOT
from tests.web.server import MadeUpWeb

HOW_TO = (ROOT / "docs/how-to/add-a-source.md").read_text(encoding="utf-8")
WALK = HOW_TO.partition("## When no family fits")[0]
_BLOCK = re.compile(
    r"(?:<!-- file: (?P<file>\S+) -->\n)?^```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.M | re.S
)
_SERVES = "python -m tests.web.server"
SALNAME = Path(sys.executable).parent
pytestmark = pytest.mark.skipif(
    shutil.which("curl") is None, reason="the page uses curl: apt-get install curl"
)


def steps() -> Iterator[str]:
    """What the page tells to do, in its order, as bash: commands, and files to write."""
    for block in _BLOCK.finditer(WALK):
        if block["file"]:
            yield f"cat > {block['file']} <<'END'\n{block['body']}END\n"
        elif block["kind"] == "bash" and not block["body"].startswith(_SERVES):
            yield block["body"]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder in which somebody has followed the page, and what the terminal showed."""
    folder = tmp_path_factory.mktemp("newcomer")
    with MadeUpWeb() as web:
        script = "".join(steps()).replace("http://127.0.0.1:8800", web.proxy_url)
        done = subprocess.run(
            ["/bin/bash", "-e", "-x", "-c", script],
            cwd=folder,
            env=os.environ | {"PATH": f"{SALNAME}:{os.environ['PATH']}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stdout
    return folder, done.stdout


def shown_by(command: str, printed: str) -> str:
    """What the terminal showed of one command, which `bash -x` repeats before it runs it."""
    return printed.partition(f"+ salname {command}\n")[2].partition("\n+ ")[0]


def test_the_page_shows_how_the_made_up_web_is_served() -> None:
    assert f"{_SERVES} --port 8800\n" in HOW_TO


def test_the_family_is_recognised_and_the_draft_written(walked: tuple[Path, str]) -> None:
    folder, printed = walked

    assert re.search(r"gov_ih +\d+ of \d+ points: .*<- taken", printed)
    pages = folder / "my-sources/pages/nazirlik.example"
    assert len(list(pages.iterdir())) == 3
    assert (folder / "my-sources/source.schema.json").is_file()


def test_what_the_page_mends_is_not_found_by_a_rule_of_the_draft(walked: tuple[Path, str]) -> None:
    look = shown_by("sources --sources my-sources check nazirlik.example", walked[1])

    assert re.search(r"(?m)^headline +rule:headline", look)
    assert not re.search(r"(?m)^section +rule:section", look)


def test_the_mended_rules_find_everything_that_the_page_names(walked: tuple[Path, str]) -> None:
    again = shown_by(
        "sources --sources my-sources check nazirlik.example --file page.html", walked[1]
    )

    found_by = dict(re.findall(r"(?m)^(\w+) +(rule:\w+)", again))
    assert found_by == {
        "headline": "rule:headline",
        "section": "rule:section",
        "published": "rule:date",
        "text": "rule:body",
        "photos": "rule:photos",
    }


def test_everything_is_well_before_the_first_crawl(walked: tuple[Path, str]) -> None:
    everything = shown_by("sources --sources my-sources check --all", walked[1])

    assert everything == "1 sources, 0 families, 1 saved pages: all is well."


def test_the_first_crawl_finds_articles_that_a_search_finds_again(
    walked: tuple[Path, str],
) -> None:
    folder, printed = walked

    assert load_sources(folder / "my-sources")["nazirlik.example"].kind.value == "ministry"
    assert re.search(r"(?m)^Run \S+: success\.", printed)
    found = shown_by("search --archive trial müşavirə", printed)
    assert "http://nazirlik.example/az/news/1281.html" in found
