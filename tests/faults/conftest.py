"""`make soak`: each promise is told as it is tried, none is waited for without end, a table at last."""

import os
import signal
import time
from collections.abc import Iterator
from types import FrameType

import pytest

_IS_SOAK = "SALNAME_SEED" in os.environ
_LONGEST_S = {"suite": 300, "soak": 3600}  # of one promise: some 15 s, or some minutes
_HELD = {"passed": "holds", "failed": "FAILS", "error": "FAILS", "skipped": "not tried"}


class Tried:
    """Takes the figures of a test: what was tried, and how often."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._properties = request.node.user_properties
        manager = request.config.pluginmanager
        self._reporter = manager.get_plugin("terminalreporter") if _IS_SOAK else None
        self._capture = manager.get_plugin("capturemanager")

    def __call__(self, figures: str) -> None:
        """Keep them for the table."""
        self._properties.append(("tried", figures))

    def so_far(self, figures: str) -> None:
        """Show on a terminal how far a long test has come."""
        if self._reporter is not None and self._capture is not None and self._reporter.isatty:
            with self._capture.global_and_fixture_disabled():
                self._reporter.rewrite(f"          {figures}", erase=True)


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> Tried:
    return Tried(request)


@pytest.fixture(autouse=True)
def _is_bounded(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that hangs fails, and the others are tried all the same."""
    is_long = _IS_SOAK or request.node.get_closest_marker("soak") is not None
    longest_s = _LONGEST_S["soak" if is_long else "suite"]

    def give_up(_: int, __: FrameType | None) -> None:
        pytest.fail(f"it took longer than {longest_s // 60} minutes")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(longest_s)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


class _Table:
    """Says which promise is tried, and in the end of each whether it held."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._began_s = time.monotonic()
        self._number = 0
        self._of = 0

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._of = len(session.items)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._number += 1
        minutes = (time.monotonic() - self._began_s) / 60
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        assert reporter is not None
        reporter.ensure_newline()
        reporter.write_line(f"{minutes:3.0f} min  {self._number} of {self._of}: {_promise(nodeid)}")

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        return ("passed", "", "") if report.when == "call" and report.passed else None

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("what must hold")
        counts = dict.fromkeys(_HELD.values(), 0)
        for kind, word in _HELD.items():
            for report in terminalreporter.getreports(kind):
                counts[word] += 1
                figures = dict(report.user_properties).get("tried", "")
                line = f"{word:9} {report.duration:7.1f} s  {_promise(report.nodeid)}"
                terminalreporter.write_line(f"{line}: {figures}" if figures else line)
        minutes = (time.monotonic() - self._began_s) / 60
        left = self._of - sum(counts.values())
        told = ", ".join(f"{number} {word}" for word, number in counts.items() if number)
        never = f", {left} never begun" if left else ""
        seed = os.environ["SALNAME_SEED"]
        terminalreporter.write_line(f"{told}{never}; {minutes:.0f} minutes, SALNAME_SEED={seed}")


def _promise(nodeid: str) -> str:
    return nodeid.partition("::")[2].removeprefix("test_").replace("_", " ")


def pytest_configure(config: pytest.Config) -> None:
    """Only where the seed was drawn by `make soak`."""
    if _IS_SOAK:
        config.pluginmanager.register(_Table(config))
