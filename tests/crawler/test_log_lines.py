"""A log event is one line that a person can read."""

import logging
from collections.abc import Iterator

import pytest
from scrapy.utils.log import configure_logging

from crawler.log_lines import log_to_stderr, spare_records

log = logging.getLogger(__name__)


@pytest.fixture(autouse=True)
def set_up() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    root.handlers[:] = []
    log_to_stderr()
    yield
    root.handlers[:] = before[0]
    root.setLevel(before[1])


def test_an_event_is_a_line_with_its_facts(capsys: pytest.CaptureFixture[str]) -> None:
    log.warning("source left early", extra={"source": "fins.az", "why": "its host is\ndown"})

    said = capsys.readouterr().err
    assert said == "salname: source left early (source=fins.az, why=its host is down)\n"


def test_an_error_is_told_by_its_last_line_and_place(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        int("on iki")
    except ValueError:
        log.exception("page not read", extra={"url": "http://olke.example/"})

    said = capsys.readouterr().err
    assert said.startswith("salname: page not read (url=http://olke.example/, error=ValueError: ")
    assert "place=test_log_lines.py:" in said
    assert said.count("\n") == 1


def test_what_a_library_says_at_length_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("scrapy.core.scraper").error("Error downloading")
    log.info("page recorded")

    assert capsys.readouterr().err == ""


def test_scrapy_makes_no_record_of_each_page_though_it_sets_up_its_own_logging() -> None:
    configure_logging({"LOG_INSTALL_ROOT_HANDLER": False})
    assert logging.getLogger("scrapy.core.scraper").isEnabledFor(logging.DEBUG)

    spare_records()
    assert not logging.getLogger("scrapy.core.scraper").isEnabledFor(logging.INFO)
    assert logging.getLogger("scrapy.core.scraper").isEnabledFor(logging.WARNING)
