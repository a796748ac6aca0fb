"""Going out: init, crawl."""

import re
from calendar import IllegalMonthError, monthrange
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.errors import WrongUse
from archive.folder import ArchiveFolder, create_archive
from crawler.commands.options import (
    archive_option,
    held_sources,
    json_option,
    known_sources,
    open_catalogue,
    print_json,
    sources_option,
)

if TYPE_CHECKING:
    from crawler.source import Source
    from crawler.summary import Summary


@click.command()
@click.argument(
    "directory", metavar="[DIR]", default="archive-data", type=click.Path(path_type=Path)
)
def init(directory: Path) -> None:
    """Make an empty archive.

    DIR is a new or empty folder, ./archive-data by default. It gets a salname.toml in which every
    setting is explained; look at `contact` before the first crawl.

    \b
    Example:
      salname init my-archive
    """
    from crawler.configuration import settings_template

    folder = create_archive(directory, settings_template())
    click.echo(f"{directory} is an archive now.")
    click.echo(f"Say in {folder.settings_path} who runs it (contact); publishers are told.")
    click.echo(f"Then: salname crawl --archive {directory} fins.az azertag.az")


@click.command()
@click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=known_sources)
@archive_option
@click.option("--due", is_flag=True, help="Crawl the sources whose turn it is; for cron.")
@click.option(
    "--limit", metavar="N", type=click.IntRange(min=1), help="At most N pages of each source."
)
@click.option(
    "--backfill",
    metavar="FROM..TO",
    help="Walk the lists back through these months, such as 2015-01..2016-06.",
)
@sources_option
@json_option
def crawl(
    names: tuple[str, ...],
    folder: ArchiveFolder,
    limit: int | None,
    backfill: str | None,
    sources_dir: Path | None,
    *,
    due: bool,
    as_json: bool,
) -> None:
    """Crawl sources into the archive.

    Without a NAME, all enabled sources. A crawl that is stopped, however hard, goes on where it
    was when it is called again.

    \b
    Examples:
      salname crawl fins.az azertag.az
      salname crawl --due --json          # from cron, every hour
      salname crawl azertag.az --backfill 2015-01..2016-06
    """
    from crawler.configuration import read_settings
    from crawler.crawl import Options
    from crawler.crawl import crawl as run_crawl
    from crawler.source import load_sources

    settings = read_settings(folder.settings_path)
    chosen = _choose(names, load_sources(sources_dir))
    if due:
        chosen = _due(folder, chosen)
    options = Options(limit=limit, backfill=_months(backfill))
    if not chosen:
        click.echo("No source is due.", err=True)
        if as_json:
            print_json(_NO_RUN)
        return
    if options.backfill:
        _tell_estimates(folder, chosen, options.backfill, settings.crawler.pause_s)
    summary = run_crawl(
        folder, settings, chosen, options, said=lambda text: click.echo(text, err=True)
    )
    if as_json:
        print_json(_summary_shape(summary))
    else:
        _print_summary(summary)
    if summary.is_offline:
        click.echo(_OFFLINE, err=True)
    click.get_current_context().exit({"success": 0, "partial": 3}.get(summary.outcome, 1))


def _tell_estimates(
    folder: ArchiveFolder, chosen: "tuple[Source, ...]", days: tuple[date, date], pause_s: float
) -> None:
    """Say on standard error what the backfill of each source will cost."""
    from archive.catalogue.pace import Pace, pace_of
    from crawler.estimate import estimate_of, estimate_sentence

    paces: dict[str, Pace] = {}
    if folder.catalogue_path.exists():
        with open_catalogue(folder) as reader:
            paces = {each.name: pace_of(reader.db, each.name, *days) for each in chosen}
    for source in chosen:
        pace = paces.get(source.name)
        found = pace and estimate_of(
            source, pace, days, today=datetime.now(UTC).date(), pause_s=pause_s
        )
        click.echo(estimate_sentence(source.name, found or None), err=True)


def _choose(names: tuple[str, ...], known: "dict[str, Source]") -> "tuple[Source, ...]":
    """The named sources, or all that are enabled; a disabled one is refused with its reason."""
    from crawler.source import find_source

    if not names:
        return tuple(source for source in known.values() if source.enabled)
    chosen = tuple(dict.fromkeys(find_source(name, known) for name in names))
    for source in chosen:
        if not source.enabled:
            raise WrongUse(f"{source.name} is off: {source.reason}")
    return chosen


def _due(folder: ArchiveFolder, chosen: "tuple[Source, ...]") -> "tuple[Source, ...]":
    from archive.moments import moment_of
    from crawler.schedule import due_sources

    held = held_sources(folder.path)
    last_runs = {name: moment_of(row.last_run_at) for name, row in held.items()}
    return due_sources(chosen, last_runs, now=datetime.now(UTC))


def _months(text: str | None) -> tuple[date, date] | None:
    """The first and the last day of a range of months such as `2015-01..2016-06`."""
    if text is None:
        return None
    found = re.fullmatch(r"(\d{4})-(\d\d)\.\.(\d{4})-(\d\d)", text)
    try:
        if found is None:
            raise ValueError
        year, month, last_year, last_month = map(int, found.groups())
        first = date(year, month, 1)
        last = date(last_year, last_month, monthrange(last_year, last_month)[1])
    except (ValueError, IllegalMonthError) as error:
        raise WrongUse(f"--backfill {text}: give two months, such as 2015-01..2016-06.") from error
    if first > last:
        raise WrongUse(f"--backfill {text}: the first month comes after the last.")
    return first, last


def _summary_shape(summary: "Summary") -> dict[str, Any]:
    return {
        "run": summary.run,
        "started_at": summary.started_at,
        "finished_at": summary.finished_at,
        "outcome": summary.outcome,
        "stopped": summary.is_stopped,
        "offline": summary.is_offline,
        "sources": summary.sources,
        "changes": summary.changes,
        "recovered": summary.recovery.picked_up,
        "torn_bytes": sum(tail.length for tail in summary.recovery.torn),
        "segments": summary.segments,
    }


_OFFLINE = (
    "No host answered at all: look at the network of this machine, or at `proxy` in salname.toml. "
    "Nothing is held against the hosts, and nothing is lost: the next crawl asks them at once."
)

_NO_RUN: dict[str, Any] = {
    "run": None,
    "started_at": None,
    "finished_at": None,
    "outcome": "success",
    "stopped": False,
    "offline": False,
    "sources": {},
    "changes": {},
    "recovered": 0,
    "torn_bytes": 0,
    "segments": [],
}


def _print_summary(summary: "Summary") -> None:
    width = max(len(name) for name in summary.sources)
    click.echo(
        f"{'SOURCE':{width}}  PAGES  ARTICLES  NEW VERSIONS  PHOTOS  UNCHANGED  GONE  ERRORS"
    )
    for name, counts in summary.sources.items():
        click.echo(
            f"{name:{width}}  {counts['pages']:5}  {counts['articles']:8}"
            f"  {counts['new_versions']:12}  {counts['photos']:6}  {counts['unchanged']:9}"
            f"  {counts['gone']:4}  {counts['errors']:6}"
        )
        notes = [f"{counts[word]} {said}" for word, said in _WORTH_SAYING.items() if counts[word]]
        if counts["failure"]:
            notes.append(counts["failure"])
        notes += counts["short"]
        if counts["spent"]:
            left = counts["left_over"]
            notes.append(f"{counts['spent']}; {left} addresses are left for the next run")
        if notes:
            click.echo(f"{'':{width}}  {'; '.join(notes)}")
    told = [f"{number} {kind}" for kind, number in summary.changes.items() if number]
    click.echo(f"Changes: {', '.join(told) or 'none'}.")
    stopped = " It was stopped; the next crawl goes on where it was." if summary.is_stopped else ""
    click.echo(f"Run {summary.run}: {summary.outcome}.{stopped}")


_WORTH_SAYING = {
    "refused": "refused by robots.txt or the guard",
    "blocked": "blocked",
    "not_articles": "not an article",
    "truncated": "cut at the limit or by the server",
}
