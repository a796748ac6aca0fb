"""The documentation says what the program does, and what it shows works."""

import doctest
import importlib
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from archive.reading import PhotoFacts, Reading, RunEnd, RunStart
from benchmarks import tables
from crawler import configuration
from crawler.cli import main
from docs import excerpt, generate
from docs.generate import REFERENCE
from tests.test_house import MODULES, ROOT, name_of

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
SALNAME = Path(sys.executable).parent / "salname"
_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_GENERATED = re.compile(r"<!-- \[\[\[cog.*?\[\[\[end\]\]\] -->", re.DOTALL)
_COMMAND = re.compile(r"(?:^|[\s|/(])salname ((?:-|[a-z]).*?)(?=$|\s*(?:>>?|\||;|&&|2>))")


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose_of(page: Path) -> str:
    return _FENCED.sub("", _GENERATED.sub("", text_of(page)))


# What is measured is written


def test_each_part_that_is_measured_has_its_place_in_the_page() -> None:
    named = re.search(r"^MEASURED := (.*)$", text_of(ROOT / "Makefile"), re.MULTILINE)
    marks = re.findall(r"^<!-- measured: (\w+) -->$", text_of(tables.PAGE), re.MULTILINE)

    assert named
    assert sorted(marks) == sorted(named[1].split())


def test_tables_take_the_place_of_those_of_their_part_alone() -> None:
    mark = "<!-- measured: {} -->\n| {} |\n<!-- measured end -->\n"
    page = mark.format("a", 1) + mark.format("b", 2)

    written = tables.with_tables(page, "b", "It took long.\n| 3 |\n| 4 |\n\nratio 1\n| 5 |\n")

    assert written == mark.format("a", 1) + mark.format("b", "3 |\n| 4 |\n\n| 5")
    with pytest.raises(ValueError, match="nothing was measured"):
        tables.with_tables(page, "b", "The pages are not here.")


# What is there is documented


@pytest.mark.parametrize("path", [context.command_path for context in generate.walk_commands()])
def test_each_command_is_documented(path: str) -> None:
    assert f"\n## {path}\n" in text_of(REFERENCE / "commands.md")


@pytest.mark.parametrize("context", list(generate.walk_commands()), ids=lambda it: it.command_path)
def test_the_help_of_each_command_has_an_example(context: click.Context) -> None:
    assert f" {context.command_path}" in context.get_help().partition("Example")[2]


def test_each_setting_is_documented() -> None:
    page = text_of(REFERENCE / "settings.md")
    keys = [
        key.name
        for section in fields(configuration.Settings)
        if section.name != "stores"  # its keys are those of store
        for key in fields(getattr(configuration.Settings(), section.name))
    ]

    assert [key for key in keys if f"| `{key}` |" not in page] == []


def test_each_table_of_the_catalogue_is_explained() -> None:
    page = text_of(REFERENCE / "catalogue.md")

    assert [name for name in generate.catalogue_tables() if f"\n## {name}\n" not in page] == []


@pytest.mark.parametrize("entry", [Reading, RunStart, RunEnd, PhotoFacts])
def test_each_key_of_the_metadata_is_documented(entry: type) -> None:
    page = text_of(REFERENCE / "segments.md")

    assert [key.name for key in fields(entry) if f"| `{key.name}` |" not in page] == []


def test_the_generated_parts_are_what_the_code_says() -> None:
    pages = [str(page.relative_to(ROOT)) for page in PAGES]

    checked = subprocess.run(
        [sys.executable, "-m", "cogapp", "--check", "-I", ".", *pages],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, f"{checked.stdout}{checked.stderr}\nRun `make docs`."


# What the pages show works


def shown_commands() -> Iterator[tuple[str, str]]:
    """Each `salname …` in a code block, with the page that shows it."""
    for page in PAGES:
        for _, block in _FENCED.findall(text_of(page)):
            for line in block.splitlines():
                found = None if line.startswith("Usage:") else _COMMAND.search(line)
                if found:
                    yield name_of(page), found[1]


@pytest.mark.parametrize(("page", "command"), list(shown_commands()))
def test_each_command_shown_can_be_called_so(page: str, command: str) -> None:
    words = shlex.split(re.sub(r"\$\w+", "1", command), comments=True)

    assert parsed(words, click.Context(main, info_name="salname")), f"{page} shows it"


def parsed(words: list[str], context: click.Context) -> bool:
    """Parse as click does, but do not ask whether files are there.

    Raises click.ClickException where the words cannot be understood.
    """
    command = context.command
    given, rest, _ = command.make_parser(context).parse_args(words)
    for parameter in command.params:
        value = given.get(parameter.name)
        is_given = isinstance(value, str | tuple) and value != ()
        assert is_given or not parameter.required, f"{parameter.name} is missing"
        if is_given and not isinstance(parameter.type, click.Path):
            parameter.type_cast_value(context, value)
    if isinstance(command, click.Group) and rest:
        name, below, after = command.resolve_command(context, rest)
        assert below is not None
        return parsed(after, click.Context(below, parent=context, info_name=name))
    return rest == []


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the demo has made its archive."""
    folder = tmp_path_factory.mktemp("tutorial")
    run(f"cd {ROOT} && {sys.executable} -m tests.web.demo {folder / 'demo-archive'}", folder)
    return folder


def run(command: str, folder: Path) -> str:
    """What a line of bash prints where `salname` and the demo's archive are known."""
    known = {"PATH": f"{SALNAME.parent}:{os.environ['PATH']}", "SALNAME_ARCHIVE": "demo-archive"}
    done = subprocess.run(
        ["/bin/bash", "-c", command],
        cwd=folder,
        env=os.environ | known,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return done.stdout


def demo_commands() -> list[str]:
    """What the tutorial tells to type into the demo's archive."""
    page = text_of(ROOT / "docs/tutorial/first-archive.md").partition("## An archive of your own")[
        0
    ]
    lines = "".join(block for _, block in _FENCED.findall(page)).splitlines()
    return [line for line in lines if line.startswith("salname ") and line != "salname serve"]


def test_the_tutorial_runs_as_it_is_written(demo: Path) -> None:
    commands = demo_commands()

    printed = {command: run(command, demo) for command in commands}

    assert len(printed) > 10
    firsts = {out.splitlines()[0] for line, out in printed.items() if "search" in line}
    assert len(firsts) == 1
    assert "ASAN xidmət" in firsts.pop()
    news = printed["salname export jsonl --since 36 --output -"].splitlines()
    assert [json.loads(line)["cursor"] for line in news] == list(range(37, 37 + len(news)))


def test_the_bytes_of_a_version_are_read_without_our_program(demo: Path) -> None:
    proof = run("salname show 'olke.example#84131'", demo).splitlines()[-1]
    segment, byte, length, sha256 = re.findall(r"(?:segment|byte|length|sha256) (\w[\w.-]*)", proof)
    page = text_of(ROOT / "docs/how-to/verify-and-recover.md")
    (shown,) = re.findall(r"^tail -c .*$", page, re.MULTILINE)

    command = (
        shown.replace("BYTE", byte)
        .replace("LENGTH", length)
        .replace("SEGMENT.warc.gz", f"{segment}.warc.gz.open")
    )
    record = run(command.replace("my-archive", "demo-archive"), demo)

    assert record.startswith("WARC/1.1")
    assert f"WARC-Payload-Digest: sha256:{sha256}" in record


def test_bash_completes_commands_and_options() -> None:
    page = text_of(ROOT / "docs/how-to/shell-completion.md")
    (line,) = re.findall(r"^eval .*bash_source.*$", page, re.MULTILINE)
    ask = 'COMP_WORDS=(salname {}) COMP_CWORD={}; _salname_completion salname; echo "${{COMPREPLY[@]}}"'

    commands = run(f"{line}; {ask.format('ver', 1)}", ROOT)
    options = run(f"{line}; {ask.format('crawl --ba', 2)}", ROOT)

    assert commands.split() == ["versions", "verify"]
    assert options.split() == ["--backfill"]


def test_the_readme_takes_the_demo_as_it_was_printed() -> None:
    readme = "before\n<!-- demo -->\nold\n<!-- end of demo -->\nafter\n"

    written = excerpt.with_excerpt(readme, "First crawl …\n\nFound\n───\n  olke.example\n")

    shown = "```text\nFound\n───\n  olke.example\n```\n"
    assert written == f"before\n<!-- demo -->\n{shown}<!-- end of demo -->\nafter\n"


@pytest.mark.parametrize("path", [it for it in MODULES if ">>>" in text_of(it)], ids=name_of)
def test_the_examples_in_docstrings_are_true(path: Path) -> None:
    module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))

    assert doctest.testmod(module).failed == 0


# The pages themselves


def headings_of(page: Path) -> set[str]:
    """The anchors that a page's headings have where Markdown is shown."""
    said = re.findall(r"^#+ (.*)$", _FENCED.sub("", text_of(page)), re.MULTILINE)
    return {re.sub(r"[^\w\s-]", "", each.lower()).strip().replace(" ", "-") for each in said}


def links() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)\s]+)\)", _FENCED.sub("", text_of(page))):
            if not target.startswith("http"):
                yield name_of(page), target


@pytest.mark.parametrize(("page", "target"), list(links()))
def test_each_link_leads_somewhere(page: str, target: str) -> None:
    path, _, anchor = target.partition("#")
    there = (ROOT / page).parent / path if path else ROOT / page

    assert there.exists()
    assert not anchor or anchor in headings_of(there)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_line_holds_one_sentence(page: Path) -> None:
    lines = [line for line in prose_of(page).splitlines() if not line.startswith("|")]

    assert [line for line in lines if re.search(r"[a-zə)`][.!?] [A-ZƏİÖÜ]", line)] == []
