"""`make soak` ends with a table: what must hold, what was tried, and whether it held."""

import os
from collections.abc import Callable

import pytest

Tried = Callable[[str], None]
_HELD = {"passed": "holds", "failed": "FAILS", "error": "FAILS", "skipped": "not tried"}


@pytest.fixture
def tried(record_property: Callable[[str, object], None]) -> Tried:
    """Takes the figures of a test: what was tried, and how often."""
    return lambda figures: record_property("tried", figures)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table, where the seed was drawn by `make soak`."""
    if "SALNAME_SEED" not in os.environ:
        return
    terminalreporter.section("what must hold")
    for kind, word in _HELD.items():
        for report in terminalreporter.getreports(kind):
            name = report.nodeid.partition("::")[2].removeprefix("test_").replace("_", " ")
            figures = dict(report.user_properties).get("tried", "")
            line = f"{word:9} {report.duration:7.1f} s  {name}"
            terminalreporter.write_line(f"{line}: {figures}" if figures else line)
