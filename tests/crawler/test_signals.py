"""Four days of a made-up site: what became of articles, told by looks, lists and feeds.

Each run is a real crawl in a process of its own at a moment of its own.
"""

import os
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from archive.catalogue.reader import CatalogueReader
from archive.catalogue.rows import ChangeKind, ChangeRow
from archive.folder import ArchiveFolder, create_archive
from crawler.configuration import read_settings
from crawler.crawl import Options, crawl
from crawler.source import load_sources
from tests.crawler.crawling import ask
from tests.web.ways import ROOT, WaysWeb, html, write_source
from tests.web.wire import Answer

START = datetime(2026, 5, 1, 8, tzinfo=UTC)
WAYS = "  - listing: /son\n  - feed: /rss\n"
SENTENCES = "<p>Tədbirdə yüzdən çox qonaq iştirak edib, çıxışlar iki saat davam edib.</p>" * 9

(REMOVED, HOME, ERROR, DOWN, EMPTY, CAPTCHA, BACK, NOARCHIVE) = range(111, 119)
HASTY, HIDDEN = 123, 124  # of the last five that the first runs found
INSTEAD = {
    REMOVED: Answer(status=410),
    HOME: Answer(status=302, headers=(("Location", "/az/"),)),
    ERROR: html(
        "<html><title>Səhifə tapılmadı</title><body><h1>Səhifə tapılmadı</h1></body></html>"
    ),
    DOWN: html("<html><title>Service Unavailable</title><body><h1>Error 503</h1></body></html>"),
    EMPTY: html(""),
    CAPTCHA: html("<html><title>Just a moment...</title><body>Checking your browser</body></html>"),
    BACK: Answer(status=404),
}
MISSING_H = (2, 26, 51, 82)  # hours after which the later runs look


@dataclass(frozen=True)
class Life:
    """The archive at the end."""

    folder: ArchiveFolder
    web: WaysWeb

    def changes(self, number: int) -> list[ChangeRow]:
        """What was told of an article after it appeared."""
        with CatalogueReader.open(self.folder.catalogue_path) as reader:
            found = reader.find_article(f"{ROOT}/xeber/{number}")
            assert found is not None
            return list(reader.changes_of(found.id))[1:]

    def kinds(self, number: int) -> list[ChangeKind]:
        """The kinds of those changes."""
        return [each.kind for each in self.changes(number)]

    def ask(self, *arguments: str) -> str:
        """What a command prints."""
        done = ask(*arguments, "--archive", str(self.folder.path))
        assert done.code == 0, done.err
        return done.out


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    folder = tmp_path_factory.mktemp("signals")
    with WaysWeb() as web:
        archive, sources = _archive(folder, web), write_source(folder, WAYS)
        web.further["/rss"] = lambda request: _feed(web)
        for hour in range(5):
            web.publish(5, since=START + timedelta(hours=hour), every=timedelta(minutes=9))
            if hour == 3:
                web.instead[NOARCHIVE] = html(
                    "<html><head><meta name=robots content='noarchive'></head><body><h1>Sərgi "
                    f"açılıb</h1><time datetime='{START.isoformat()}'>1 may</time>"
                    f"<div class=metn>{SENTENCES}</div></body></html>"
                )
            _run(archive, sources, START + timedelta(hours=hour + 1))
        web.instead.update(INSTEAD)
        web.unlisted.add(HIDDEN)
        began = START + timedelta(hours=5)
        for number, hours in enumerate(MISSING_H):
            web.publish(1, since=began + timedelta(hours=hours), every=timedelta(0))
            if number == len(MISSING_H) - 1:
                del web.instead[BACK]
            _run(archive, sources, began + timedelta(hours=hours + 1))
        yield Life(archive, web)


def _archive(folder: Path, web: WaysWeb) -> ArchiveFolder:
    """An archive with the settings that everybody has, but for where its crawls go."""
    return create_archive(
        folder / "archive",
        f'[crawler]\ncontact = "sinaq@salname.example"\npause_s = 0\n'
        f'proxy = "{web.proxy_url}"\nallow_private_addresses = true\n',
    )


def _feed(web: WaysWeb) -> Answer:
    """The newest articles; the first time that one is shown it has a hasty title."""
    newest = web.published[:-4:-1]
    items = "".join(
        f"<item><title>{'Təcili: xətt bağlanır' if each.number == HASTY else each.title}</title>"
        f"<link>{each.url}</link><pubDate>{format_datetime(each.at)}</pubDate></item>"
        for each in newest
    )
    body = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
    return Answer(content_type="application/rss+xml", body=body)


def _run(archive: ArchiveFolder, sources: Path, at: datetime) -> None:
    """A crawl at a moment, in a process of its own: Scrapy's reactor is spent after one."""
    child = os.fork()
    if child:
        assert os.waitpid(child, 0)[1] == 0, f"the run at {at} failed"
        return
    code = 1
    try:
        began, settings = time.monotonic(), read_settings(archive.settings_path)
        crawl(
            archive,
            settings,
            tuple(load_sources(sources).values()),
            Options(),
            clock=lambda: at + timedelta(seconds=time.monotonic() - began),
        )
        code = 0
    except BaseException:  # noqa: BLE001  the child must never go on as its parent
        traceback.print_exc()
    finally:
        os._exit(code)


@pytest.mark.parametrize("number", [REMOVED, HOME, ERROR])
def test_what_is_removed_is_told_as_gone_after_days_with_a_control_page(
    life: Life, number: int
) -> None:
    assert life.kinds(number) == [ChangeKind.MISSING, ChangeKind.DISAPPEARED]
    told = life.changes(number)[-1].detail
    assert told["looks"] >= 3
    assert told["control"].startswith(f"{ROOT}/xeber/")


@pytest.mark.parametrize(
    ("number", "state"), [(DOWN, "failed"), (EMPTY, "failed"), (CAPTCHA, "blocked")]
)
def test_a_site_that_is_down_or_asks_who_is_there_is_no_disappearance(
    life: Life, number: int, state: str
) -> None:
    assert life.kinds(number) == []
    assert f"Found {state} from 2026-05-0" in life.ask("show", f"{ROOT}/xeber/{number}")


def test_what_is_back_again_is_told(life: Life) -> None:
    assert life.kinds(BACK)[0] is ChangeKind.MISSING
    assert life.kinds(BACK)[-1] is ChangeKind.RETURNED


def test_what_left_its_lists_and_is_there_is_hidden(life: Life) -> None:
    assert life.kinds(HIDDEN) == [ChangeKind.HIDDEN]
    assert "on no list of its site since 2026-05-0" in life.ask("show", f"{ROOT}/xeber/{HIDDEN}")


def test_nothing_else_is_told_of_any_article(life: Life) -> None:
    touched = {*INSTEAD, HIDDEN}

    assert {each.number for each in life.web.published if life.kinds(each.number)} == touched - {
        DOWN,
        EMPTY,
        CAPTCHA,
    }


def test_places_and_the_feeds_own_titles_are_shown(life: Life) -> None:
    shown = life.ask("show", f"{ROOT}/xeber/{HASTY}")

    assert f"Place 3 on {ROOT}/son from 2026-05-01" in shown
    assert "In the feed alone, never on the page: Təcili: xətt bağlanır" in shown
    assert "Təcili: xətt bağlanır" in life.ask("versions", f"{ROOT}/xeber/{HASTY}")


def test_meta_robots_is_a_flag_of_the_capture(life: Life) -> None:
    with CatalogueReader.open(life.folder.catalogue_path) as reader:
        flagged = {each.url for each in reader.all_captures() if each.is_noarchive_in_page}

    assert flagged == {f"{ROOT}/xeber/{NOARCHIVE}"}


def test_a_rebuild_tells_the_same(life: Life) -> None:
    assert "rebuild" not in life.ask("verify", "--deep")


def test_where_nothing_else_is_due_one_control_page_is_asked_for(tmp_path: Path) -> None:
    with WaysWeb() as web:
        archive, sources = _archive(tmp_path, web), write_source(tmp_path, "  - listing: /son\n")
        web.publish(4, since=START, every=timedelta(minutes=9))
        _run(archive, sources, START + timedelta(hours=2))
        web.instead[102] = Answer(status=404)
        _run(archive, sources, START + timedelta(days=11))
        web.asked.clear()
        _run(archive, sources, START + timedelta(days=11, hours=7))
        asked = web.asked_pages()

    assert asked[0] == 102
    assert len(asked) == 2, "of the others none was due"
