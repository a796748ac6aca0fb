"""A simulated month of hourly cron jobs, with two outages of two days: what is found, and when.

    python -m benchmarks.month [--sources 12] [--articles 20000] [--days 30]

The sites and their rates stand in `month_web.py`. Each tick is a real `crawl` in a process of its
own, forked from one that has everything loaded, over loopback, with Scrapy and a real catalogue;
only its clock is made up. What the archive holds at the end is compared with the truth.
"""

import os
import sys
import tempfile
import time
import traceback
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

import click

from archive.catalogue.reader import CatalogueReader
from archive.folder import create_archive
from archive.moments import moment_of
from benchmarks.month_troubles import Troubles, trouble_at, troubles_of
from benchmarks.month_web import START, Life, MonthWeb, hosts_of, lives_of
from crawler.configuration import read_settings
from crawler.crawl import Options, crawl
from crawler.schedule import LADDER
from crawler.source import load_sources

GOAL_FOUND = 0.999
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_OUTAGE = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a month gave.

    lasting   states that an edit made, that lasted a day, and on which a rung of the ladder fell
    edited    all states that an edit made
    late_h    hours from publication to the first sight, sorted; so the others
    edit_late_h     from an edit to the first look that saw it
    missed_late_h   from a removal to the first look that found nothing
    removal_late_h  from a removal until it was confirmed and told
    """

    ticks: int
    requests: int
    articles: int
    found: int
    lasting: int
    lasting_seen: int
    edited: int
    edited_seen: int
    removed: int
    removed_seen: int
    false_disappearances: int
    falsely_hidden: int
    late_h: tuple[float, ...]
    edit_late_h: tuple[float, ...]
    missed_late_h: tuple[float, ...]
    removal_late_h: tuple[float, ...]
    missed: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Whether the goals are reached."""
        return (
            self.found >= GOAL_FOUND * self.articles
            and self.lasting_seen == self.lasting
            and self.false_disappearances == self.falsely_hidden == 0
        )


def simulate(sources: int, articles: int, days: int, folder: Path, every_h: int = 1) -> Outcome:
    """Run the month in an archive in `folder`, with a cron job every so many hours."""
    lives = lives_of(sources, articles, days)
    troubles = troubles_of(hosts_of(sources), START, days)
    with MonthWeb(lives, troubles) as web:
        archive = create_archive(
            folder / "archive",
            f'[crawler]\ncontact = "bench@salname.example"\npause_s = 0\n'
            f'proxy = "{web.proxy_url}"\nallow_private_addresses = true\n',
        )
        web.write_sources(folder / "sources")
        settings = read_settings(archive.settings_path)
        chosen = tuple(load_sources(folder / "sources").values())
        ticks = tuple(_ticks(days, every_h))
        for tick in ticks:
            web.now = tick

            def run(tick: datetime = tick) -> None:
                began = time.monotonic()
                crawl(
                    archive,
                    settings,
                    chosen,
                    Options(),
                    clock=lambda: tick + timedelta(seconds=time.monotonic() - began),
                )

            _in_a_process_of_its_own(run, tick)
        with CatalogueReader.open(archive.catalogue_path) as reader:
            return compared(reader, lives, troubles, ticks, requests=web.requests)


def _ticks(days: int, every_h: int) -> Iterator[datetime]:
    """The hours at which the cron job runs."""
    for hour in range(every_h, days * 24 + 1, every_h):
        tick = START + hour * _HOUR
        if not any(since <= tick < since + _OUTAGE for since in _outages(days)):
            yield tick


def _outages(days: int) -> tuple[datetime, ...]:
    """The two outages begin after a third and two thirds of the month; a short one has none."""
    if days < 12:
        return ()
    return (START + days // 3 * _DAY, START + 2 * days // 3 * _DAY + 7 * _HOUR)


def _in_a_process_of_its_own(run: Callable[[], None], tick: datetime) -> None:
    """Scrapy's reactor is spent after one crawl, and a fork has everything loaded.

    What a run has loaded itself is loaded here after it, so that no other run need do it.
    """
    reading_end, writing_end = os.pipe()
    if child := os.fork():
        os.close(writing_end)
        with open(reading_end, encoding="utf-8") as loaded:  # noqa: PTH123  a pipe
            names = loaded.read().split()
        _, status = os.waitpid(child, 0)
        if status:
            raise click.ClickException(f"the run of {tick} failed")
        for name in names:
            with suppress(ImportError):  # what was made by hand, and is no module of its own
                import_module(name)
        return
    code, before = 1, frozenset(sys.modules)
    try:
        run()
        with open(writing_end, "w", encoding="utf-8") as loaded:  # noqa: PTH123
            loaded.write("\n".join(name for name in sys.modules if name not in before))
        code = 0
    except Exception:  # noqa: BLE001  the child must never go on as its parent
        traceback.print_exc()
    finally:
        os._exit(code)


@dataclass(slots=True)
class _Count:
    """What has been counted so far; the fields are those of an outcome."""

    articles: int = 0
    found: int = 0
    lasting: int = 0
    lasting_seen: int = 0
    edited: int = 0
    edited_seen: int = 0
    removed: int = 0
    removed_seen: int = 0
    false_disappearances: int = 0
    late_h: list[float] = field(default_factory=list)
    edit_late_h: list[float] = field(default_factory=list)
    missed_late_h: list[float] = field(default_factory=list)
    removal_late_h: list[float] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)


def compared(
    reader: CatalogueReader,
    lives: tuple[Life, ...],
    troubles: Mapping[str, Troubles],
    ticks: tuple[datetime, ...],
    *,
    requests: int,
) -> Outcome:
    """What an archive holds, against the truth up to the last of its runs."""
    known = dict(reader.db.execute(_ARTICLES).fetchall())
    gone = dict(reader.db.execute(_DISAPPEARED).fetchall())
    absent: dict[str, list[datetime]] = {}
    for key, first_at in reader.db.execute(_ABSENT):
        absent.setdefault(key, []).append(moment_of(first_at))
    titles: dict[str, dict[str, str]] = {}
    for key, title, seen_at in reader.db.execute(_TITLES):
        titles.setdefault(key, {}).setdefault(title, seen_at)
    count = _Count()
    for life in lives:
        troubled = [(tick, trouble_at(troubles[life.host], tick)) for tick in ticks]
        read = tuple(tick for tick, each in troubled if each is None or not each.hits_articles)
        well = tuple(tick for tick, each in troubled if each is None or not each.hits_lists)
        well = tuple(tick for tick in well if tick in frozenset(read))
        key = f"{life.host}#{life.number}"
        if not _could_be_seen(life, well):
            continue
        count.articles += 1
        if key not in known:
            count.missed.append(f"{key} never found, published {life.published:%d %H:%M}")
            continue
        count.found += 1
        count.late_h.append((moment_of(known[key]) - life.published) / _HOUR)
        _count_removal(count, life, absent.get(key, []), gone.get(key), ticks[-1])
        _count_edits(count, life, titles[key], read)
    return Outcome(
        ticks=len(ticks),
        requests=requests,
        falsely_hidden=int(reader.db.execute(_HIDDEN).fetchone()[0]),
        missed=tuple(count.missed),
        late_h=tuple(sorted(count.late_h)),
        edit_late_h=tuple(sorted(count.edit_late_h)),
        missed_late_h=tuple(sorted(count.missed_late_h)),
        removal_late_h=tuple(sorted(count.removal_late_h)),
        **{name: getattr(count, name) for name in _COUNTED},
    )


def _count_removal(
    count: _Count, life: Life, absent: list[datetime], told: str | None, end: datetime
) -> None:
    """Whether a removal was told, and none that was not."""
    removed_at = life.removed_at
    count.removed += removed_at is not None and removed_at < end
    if told is not None and (removed_at is None or moment_of(told) < removed_at):
        count.false_disappearances += 1
        count.missed.append(f"{life.host}#{life.number} told as gone at {told}, and was there")
        return
    if removed_at is None:
        return
    if (since := next((at for at in absent if at >= removed_at), None)) is not None:
        count.missed_late_h.append((since - removed_at) / _HOUR)
    if told is not None:
        count.removed_seen += 1
        count.removal_late_h.append((moment_of(told) - removed_at) / _HOUR)


def _count_edits(
    count: _Count, life: Life, titles: Mapping[str, str], well: tuple[datetime, ...]
) -> None:
    """Which states that an edit made were seen."""
    end = min(life.removed_at or well[-1], well[-1])
    for n, state in enumerate(life.states[1:], start=1):
        later = life.states[n + 1].since if n + 1 < len(life.states) else end
        until, is_seen = min(later, end), state.title in titles
        count.edited += until > state.since
        count.edited_seen += is_seen
        if is_seen:
            count.edit_late_h.append((moment_of(titles[state.title]) - state.since) / _HOUR)
        if until - state.since >= _DAY and _has_rung(life, state.since, until, well):
            count.lasting += 1
            count.lasting_seen += is_seen
            if not is_seen:
                which = f"{life.host}#{life.number} state {n}"
                count.missed.append(f"{which} of {state.since:%d %H:%M} until {until:%d %H:%M}")


def _could_be_seen(life: Life, well: tuple[datetime, ...]) -> bool:
    """Whether a run came between its publication and its removal, and the site was well."""
    until = life.removed_at or well[-1] + _DAY
    at = bisect_left(well, life.published)
    return at < len(well) and well[at] < until


def _has_rung(life: Life, since: datetime, until: datetime, well: tuple[datetime, ...]) -> bool:
    """Whether a look of the ladder fell into a state, with a run to make it."""
    first = well[bisect_left(well, life.published)]
    for due in (first + rung for rung in LADDER if first + rung >= since):
        at = bisect_left(well, due)
        if at < len(well) and well[at] + _HOUR < until:
            return True
    return False


_COUNTED = (
    *("articles", "found", "lasting", "lasting_seen", "edited", "edited_seen"),
    *("removed", "removed_seen", "false_disappearances"),
)
_ARTICLES = "SELECT key, first_seen_at FROM article"
_HIDDEN = "SELECT count(DISTINCT article_id) FROM change WHERE kind = 'hidden'"  # none ever is
_DISAPPEARED = "SELECT key, min(at) FROM change JOIN article ON article.id = article_id WHERE change.kind = 'disappeared' GROUP BY key"
_ABSENT = """
SELECT key, first_at FROM sighting JOIN article ON article.id = article_id
WHERE sighting.state = 'missing' ORDER BY first_at
"""
_TITLES = """
SELECT key, title, version.first_seen_at FROM version
JOIN article ON article.id = version.article_id ORDER BY version.id
"""


@click.command()
@click.option("--sources", default=12, show_default=True)
@click.option("--articles", default=20_000, show_default=True)
@click.option("--days", default=30, show_default=True)
def main(sources: int, articles: int, days: int) -> None:
    """Simulate the month and print the table."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = simulate(sources, articles, days, Path(folder))
    print(f"{sources} sources, {days} days, {found.ticks} runs, {time.monotonic() - began:.0f} s\n")
    print("| what | there were | seen | goal |")
    print("| --- | ---: | ---: | ---: |")
    print(f"| articles | {found.articles:,} | {found.found:,} | {GOAL_FOUND:.1%} |")
    print(f"| edits that lasted a day, on a rung | {found.lasting} | {found.lasting_seen} | all |")
    print(f"| all edits | {found.edited} | {found.edited_seen} | |")
    print(f"| removals | {found.removed} | {found.removed_seen} | |")
    print(f"| false disappearances | 0 | {found.false_disappearances} | 0 |")
    print(f"| falsely told as hidden | 0 | {found.falsely_hidden} | 0 |")
    print(f"\n{found.requests:,} requests, {found.requests / max(1, found.found):.2f} an article\n")
    print("| hours from | cases | median | nine of ten |")
    print("| --- | ---: | ---: | ---: |")
    for what, hours in (
        ("publication to the first sight", found.late_h),
        ("an edit to the look that saw it", found.edit_late_h),
        ("a removal to the first look that found nothing", found.missed_late_h),
        ("a removal until it was confirmed", found.removal_late_h),
    ):
        if hours:
            middle, late = hours[len(hours) // 2], hours[int(len(hours) * 0.9)]
            print(f"| {what} | {len(hours):,} | {middle:.1f} | {late:.1f} |")
    for line in found.missed[:20]:
        print(f"missed: {line}")
    raise SystemExit(0 if found.is_good else 1)


if __name__ == "__main__":
    main()
