"""Log events as lines that a person reads: `salname: source left early (source=fins.az, why=…)`.

An event is a fixed phrase and its facts are fields (`extra=`); what went wrong inside is told by
its last line and place, since a traceback helps nobody who cannot change the code.
"""

import logging
import sys
import traceback
from pathlib import Path
from typing import Any

from typing_extensions import override

_OWN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_ROOT = Path(__file__).parents[1]
_OWN_PACKAGES = ("archive", "crawler", "pipelines")

# What these say at length is recorded and counted, address by address.
_TOO_TALKATIVE = ("scrapy.core", "scrapy.downloadermiddlewares", "trafilatura", "twisted")


def log_to_stderr(level: int = logging.WARNING) -> None:
    """Let every event of this process from `level` on become a line of standard error."""
    root = logging.getLogger()
    if not any(isinstance(each, _StandardError) for each in root.handlers):
        handler = _StandardError(level)  # Scrapy sets the root's own level to nothing
        handler.setFormatter(_Line())
        handler.addFilter(_is_for_people)
        root.addHandler(handler)
    spare_records(level)


def spare_records(level: int = logging.WARNING) -> None:
    """Let those who tell of each page make no record of it.

    To be asked again once Scrapy has set up its logging, which resets the loggers below its own.
    """
    for name in _TOO_TALKATIVE:
        logging.getLogger(name).setLevel(level)


def _is_for_people(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.CRITICAL or not record.name.startswith(_TOO_TALKATIVE)


class _StandardError(logging.Handler):
    """Writes to whatever standard error is at that moment: a progress table takes its place."""

    @override
    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
        except OSError:  # nobody listens any more
            self.handleError(record)


class _Line(logging.Formatter):
    @override
    def format(self, record: logging.LogRecord) -> str:
        facts = {name: value for name, value in vars(record).items() if name not in _OWN_FIELDS}
        if record.exc_info and (error := record.exc_info[1]) is not None:
            facts["error"] = f"{type(error).__name__}: {error}"
            facts["place"] = _place_of(error)
        said = ", ".join(f"{name}={_one_line(value)}" for name, value in facts.items())
        return f"salname: {record.getMessage()}{f' ({said})' if said else ''}"


def _place_of(error: BaseException) -> str:
    """Where in our own code the error came up, or else where it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "unknown"
    own = [frame for frame in frames if _is_own(Path(frame.filename))]
    path, line = Path((own or frames)[-1].filename), (own or frames)[-1].lineno
    return f"{path.relative_to(_ROOT) if own else path.name}:{line}"


def _is_own(path: Path) -> bool:
    return path.is_relative_to(_ROOT) and path.relative_to(_ROOT).parts[0] in _OWN_PACKAGES


def _one_line(value: Any) -> str:
    return " ".join(str(value).split())
