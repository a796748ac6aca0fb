"""Telling how the archive stands: status."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archive.folder import ArchiveFolder, writer_of
from crawler.commands.options import (
    archive_option,
    counted,
    json_option,
    local_time,
    open_catalogue,
    print_json,
)

if TYPE_CHECKING:
    from archive.catalogue.hosts import HostTrouble
    from archive.catalogue.standing import SourceStanding
    from archive.catalogue.sureness import Sureness
    from archive.catalogue.ways import Mark
    from archive.silence import Silence


@click.command()
@archive_option
@json_option
def status(folder: ArchiveFolder, *, as_json: bool) -> None:
    """Tell how the archive stands: sources, ledger, segments, disk, and what went wrong.

    \b
    Example:
      salname status
    """
    from archive.catalogue.standing import standing_of
    from archive.upload import read_delays

    writer = writer_of(folder)
    with open_catalogue(folder) as reader:
        found = standing_of(reader.db)
    writer = writer or writer_of(folder)  # it may have ended or begun while the runs were read
    delays = {name: each for name, each in read_delays(folder).items() if each.tries}
    if as_json:
        print_json({**asdict(found), "waiting_for_store": delays, "writer": writer})
        return
    click.echo(
        f"{counted(found.articles, 'article')}, {counted(found.versions, 'version')}, "
        f"{counted(found.photos, 'photo')}, {counted(found.captures, 'capture')} in "
        f"{counted(found.segments, 'segment')}; {found.missing} missing, {found.gone} gone."
    )
    if found.revisits:
        click.echo(
            f"{counted(found.revisits, 'capture')} with a payload that was here, which saves "
            f"{found.saved_bytes / 1e6:.1f} MB."
        )
    if found.stored or delays:
        stored, sealed = counted(found.stored, "segment"), found.sealed
        click.echo(f"{stored} in the store, {sealed} sealed and not there yet.")
    for name, delay in delays.items():
        again = local_time(delay.not_before)
        click.secho(f"    {name} waits: tried {delay.tries}×, again after {again}", fg="yellow")
        click.secho(f"    {delay.error}", fg="yellow")
    if found.unhashed:
        click.echo(
            f"{counted(found.unhashed, 'photo')} of an older release not looked at yet: each crawl "
            "looks at some, `salname photos hash` at all."
        )
    if found.truncated:
        click.echo(f"{counted(found.truncated, 'capture')} cut, at the limit or by the server.")
    for run in found.last_runs:
        ended = f" … {local_time(run.finished_at)}" if run.finished_at else ""
        outcome = run.outcome or ("goes on" if run.goes_on_under(writer) else "was cut off")
        click.echo(f"Run {run.name}: {local_time(run.started_at)}{ended}  {outcome}")
    if writer is not None:
        click.echo(f"Being written by {writer.sentence}.")
    for source in found.sources:
        _print_source(source)
    _tell_troubles(found.hosts)


def _print_source(source: "SourceStanding") -> None:
    states = ", ".join(f"{number} {state}" for state, number in source.ledger.items())
    click.echo(f"{source.name}: {states}")
    lines = (_sureness_words(source.sureness), source.unruled, *_overflow_lines(source.ways))
    for line in filter(None, lines):
        click.echo(f"    {line}")
    for words in source.short:
        click.secho(f"    short: {words}", fg="yellow")
    if source.silence is not None and source.silence.is_alarming:
        click.secho(f"    {_silence_words(source.silence)}", fg="yellow")
    for trouble in source.troubles:
        click.secho(f"    {trouble.state}: {trouble.url}  ({trouble.reason})", fg="yellow")
    if (more := source.troubled - len(source.troubles)) > 0:
        click.echo(f"    and {more} more")


def _tell_troubles(troubles: "tuple[HostTrouble, ...]") -> None:
    """What is wrong with hosts, and until when each is left alone, a line each."""
    for each in troubles:
        times, since = counted(each.failures, "time"), local_time(each.since)
        until = f"; left alone until {local_time(each.left_until)}" if each.left_until else ""
        words = f"Host {each.host} failed {times} in a row since {since}: {each.reason}{until}"
        click.secho(words, fg="yellow")


def _sureness_words(sureness: "Sureness") -> str:
    """How sure it is that nothing of a source is missing, in one line."""
    if sureness.walked_at is None:
        return "sure of nothing yet: its lists were never walked to their end"
    walked = f"lists walked to what was known {local_time(sureness.walked_at)}"
    offered = f"{sureness.archived} of {sureness.offered} addresses of seven days archived"
    words = [walked, f"{offered}, {sureness.open} open" if sureness.open else offered]
    if sureness.span > sureness.numbers:
        words.append(f"{sureness.numbers} of {sureness.span} numbers known")
    return "; ".join(words)


def _silence_words(silence: "Silence") -> str:
    """That a source brings nothing new, and how much it would by its own rate."""
    return (
        f"silent: nothing new since {local_time(silence.since.isoformat())}, where "
        f"{counted(round(silence.expected), 'article')} came by its own rate for these hours and days"
    )


def _overflow_lines(ways: "tuple[Mark, ...]") -> Iterator[str]:
    """Which lists once showed only new articles, one a line."""
    for way in ways:
        if way.overflowed_at is not None:
            again = "" if way.overflows == 1 else f" ({way.overflows} times so far)"
            yield (
                f"{way.url} overflowed {local_time(way.overflowed_at)}{again}; the other ways "
                "were read for what it had pushed out"
            )
