"""The command as a whole: help, exit codes, completion, and what a shell may do to it."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from crawler.cli import main
from tests.crawler.conftest import Days
from tests.crawler.crawling import ask, complaints_in, salname

INSTALLED = Path(sys.executable).parent / "salname"


def paths_of(command: click.Command, *before: str) -> list[tuple[str, ...]]:
    """The words of every command below this one."""
    below = command.commands.items() if isinstance(command, click.Group) else ()
    return [
        *([before] if before else []),
        *(path for name, each in below for path in paths_of(each, *before, name)),
    ]


@pytest.mark.parametrize("path", paths_of(main), ids=" ".join)
def test_every_command_has_help_with_an_example(path: tuple[str, ...]) -> None:
    done = ask(*path, "--help")

    assert done.code == 0
    assert (
        f"\n    salname {' '.join(path)}" in done.out or f"| salname {' '.join(path)}" in done.out
    )
    assert "Example" in done.out


def test_the_help_lists_the_commands_in_the_order_of_need() -> None:
    done = ask("--help")

    named = [line.split()[0] for line in done.out.partition("Commands:\n")[2].splitlines()]
    assert named == list(main.commands)
    assert named[:3] == ["init", "sources", "crawl"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("crawll",),
        ("status", "--arhive", "x"),
        ("export", "parkett"),
        ("show",),
        ("status", "--archive", "/nowhere/at/all"),
        ("read", "weather"),
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_2_and_a_sentence(arguments: tuple[str, ...]) -> None:
    done = ask(*arguments)

    assert done.code == 2
    assert done.out == ""
    assert len(done.err) > 20


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_is_made_for_each_shell(shell: str) -> None:
    script = installed("", _SALNAME_COMPLETE=f"{shell}_source")

    assert script.returncode == 0
    assert "_SALNAME_COMPLETE" in script.stdout


def test_completion_knows_commands_and_options() -> None:
    command = installed(
        "", _SALNAME_COMPLETE="bash_complete", COMP_WORDS="salname re", COMP_CWORD="1"
    )
    option = installed(
        "", _SALNAME_COMPLETE="bash_complete", COMP_WORDS="salname crawl --b", COMP_CWORD="2"
    )

    assert command.stdout.split() == [
        "plain,recover",
        "plain,rebuild",
        "plain,reextract",
        "plain,read",
    ]
    assert option.stdout.split() == ["plain,--backfill"]


def test_completion_knows_the_sources() -> None:
    source = installed(
        "", _SALNAME_COMPLETE="bash_complete", COMP_WORDS="salname crawl fins", COMP_CWORD="2"
    )

    assert source.stdout.split() == ["plain,fins.az"]


def installed(arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(INSTALLED), *arguments.split()],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_reader_that_goes_away_is_no_error(days: Days) -> None:
    command = (
        f"'{INSTALLED}' export jsonl --output - --archive '{days.third.archive.path}' | head -c 10"
    )

    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)

    assert done.stdout == '{"schema":'
    assert done.stderr == ""


def test_commands_in_a_process_of_their_own_say_nothing_of_pythons(days: Days) -> None:
    archive = days.third.archive

    done = [
        archive.run("status"),
        archive.run("search", "asan"),
        archive.run("verify"),
        salname("sources"),
        salname("read", "terms", stdin="kitablar\n"),
    ]

    assert [each.code for each in done] == [0] * len(done)
    assert complaints_in(done) == []
    assert [each.err for each in done] == [""] * len(done)


def test_a_terminal_without_azerbaijani_letters_gets_what_it_can_show() -> None:
    done = subprocess.run(
        [INSTALLED, "search", "--help"],
        capture_output=True,
        encoding="latin-1",
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "salname search asan xidm?t" in done.stdout


def test_an_output_that_takes_no_more_is_told_in_a_sentence() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [INSTALLED, "read", "terms"],
            input=b"xidm\xc9\x99t\n",
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert done.returncode == 1
    assert done.stderr.decode().startswith("salname: Standard output cannot be read or written: ")
    assert done.stderr.count(b"\n") == 1
