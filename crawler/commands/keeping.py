"""Keeping: verify, recover, rebuild, serve."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from archive.errors import ArchiveError, ConfigurationError, NotAnArchive, WrongUse
from archive.folder import ArchiveFolder, locked
from crawler.commands.options import (
    archive_option,
    counted,
    json_option,
    prepare_catalogue,
    print_json,
)

if TYPE_CHECKING:
    from archive.integrity import Verification
    from archive.recovery import Start
    from archive.upload import Sending


@click.command()
@archive_option
@click.option(
    "--deep",
    is_flag=True,
    help="Read what the store has, too, and derive the catalogue again to compare each row.",
)
@click.option(
    "--sample",
    metavar="P%",
    help="Check this share of the captures, drawn anew each time, with their versions and stories.",
)
@click.option("--repair", is_flag=True, help="Then repair what can be, and verify again.")
@json_option
def verify(
    folder: ArchiveFolder, *, deep: bool, sample: str | None, repair: bool, as_json: bool
) -> None:
    """Check every record against its digests; index, catalogue and search against the records.

    Exit code 3 when something is wrong; each damage is named with what repairs it. Segments that
    only the store has are looked for there, and read with --deep.

    \b
    Examples:
      salname verify
      salname verify --sample 2%
      salname verify --deep --repair
    """
    if sample is not None and (deep or repair):
        raise WrongUse("--sample checks a part; leave out --deep and --repair.")
    if sample is not None:
        from random import SystemRandom

        from archive.sampling import verify_sample

        found = verify_sample(folder, _share(sample), SystemRandom())
    else:
        found = _verify(folder, deep=deep)
        if repair and found.findings:
            from archive.mending import mend
            from crawler.schedule import LookAgain

            with locked(folder, "salname verify --repair"):
                for sentence in mend(folder, LookAgain(), found):
                    click.echo(sentence, err=True)
            found = _verify(folder, deep=deep)
    if as_json:
        print_json(found)
    else:
        _print_verification(found, is_sample=sample is not None)
    click.get_current_context().exit(3 if found.findings else 0)


def _verify(folder: ArchiveFolder, *, deep: bool) -> "Verification":
    from archive.integrity import Damage, Finding
    from archive.integrity import verify as verify_archive
    from crawler.configuration import read_settings
    from crawler.schedule import LookAgain

    with _progress(folder, "verifying", with_stored=deep) as advance:
        found = verify_archive(folder, advance, deep=deep, schedule=LookAgain())
    try:
        read_settings(folder.settings_path)
    except ConfigurationError as error:
        finding = Finding(damage=Damage.SETTINGS, sentence=str(error))
        others = tuple(each for each in found.findings if each.damage is not Damage.SETTINGS)
        found = replace(found, findings=(*others, finding))
    return found


def _share(text: str) -> float:
    """A share of 1, from a percentage such as `2%` or `0.5`."""
    try:
        share = float(text.strip().removesuffix("%")) / 100
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise WrongUse(f"--sample {text}: give a percentage above 0, at most 100, such as 2%.")
    return share


def _print_verification(found: "Verification", *, is_sample: bool) -> None:
    for finding in found.findings:
        click.secho(f"{finding.damage}: {finding.sentence}", fg="red")
    damages = f"{len(found.findings)} damaged" if found.findings else "nothing is damaged"
    if is_sample:
        sampled = f"{found.records} of {counted(found.captures, 'capture')} sampled"
        click.echo(f"{sampled} in {counted(found.segments, 'segment')}: {damages}.")
        return
    click.echo(
        f"{counted(found.segments, 'segment')}, {counted(found.records, 'record')}, "
        f"{counted(found.captures, 'capture')}: {damages}."
    )
    if found.is_of_older_release:
        click.echo(
            "The catalogue has the schema of an older release: the next crawl or `salname recover` "
            "brings it up to date, and until then it is not held against the segments."
        )
    if found.unread:
        click.echo(f"{found.unread} of the segments are in the store alone; --deep reads them.")
    if found.unnamed or found.torn_bytes:
        click.echo(
            f"{counted(found.unnamed, 'further capture')} and "
            f"{counted(found.torn_bytes, 'byte')} of a torn record are not acknowledged: a crawl "
            "is writing, or was killed. The next one picks up what is whole."
        )


@click.command()
@archive_option
@json_option
def recover(folder: ArchiveFolder, *, as_json: bool) -> None:
    """Bring an archive in order after a kill, a power cut or a broken disk.

    Each crawl does so by itself when it starts. Whole records that the catalogue does not name
    are picked up, torn bytes are cut off and set aside, a catalogue that is broken or missing is
    made anew, and what waits for the store is sent.

    \b
    Example:
      salname recover
    """
    from archive.catalogue.connection import is_of_older_release
    from archive.recovery import start
    from crawler.schedule import LookAgain

    is_older = False
    with locked(folder, "salname recover"):
        with suppress(ArchiveError):  # a broken one is told below
            is_older = is_of_older_release(folder.catalogue_path)
        with _progress(folder, "recovering", with_stored=True) as advance:
            begun = start(folder, LookAgain(), advance)
        try:
            sending = _send_waiting(folder, begun) if begun.waiting else None
        finally:
            begun.db.close()
    if as_json:
        print_json(
            {
                "picked_up": begun.recovery.picked_up,
                "torn_bytes": sum(tail.length for tail in begun.recovery.torn),
                "catalogue_aside": begun.aside,
                "rebuilt_of": begun.applied,
                "brought_up_to_date": is_older,
                "sent": len(sending.sent) if sending else 0,
                "error": sending.error if sending else None,
            }
        )
    else:
        if is_older:
            click.echo("The catalogue was an older release's; it is brought up to date.")
        if begun.sentence or not is_older:
            click.echo(begun.sentence or "Nothing had to be done.")
        if sending is not None:
            click.echo(f"{counted(len(sending.sent), 'segment')} sent to the store.")
            if sending.error is not None:
                click.secho(sending.error, fg="red", err=True)
    click.get_current_context().exit(3 if sending and sending.error else 0)


def _send_waiting(folder: ArchiveFolder, begun: "Start") -> "Sending":
    from datetime import UTC, datetime, timedelta

    from archive.stores import find_store, store_settings_of
    from archive.upload import send_sealed

    store = find_store(folder)
    assert store is not None  # something waits for it
    keep = timedelta(days=store_settings_of(folder).keep_days)
    return send_sealed(
        folder, store, begun.catalogue, keep=keep, clock=lambda: datetime.now(UTC), at_once=True
    )


@click.command()
@archive_option
def rebuild(folder: ArchiveFolder) -> None:
    """Make the catalogue and the search index anew from the segments alone, here and in the store.

    The old catalogue stays until the new one is whole.

    \b
    Example:
      salname rebuild
    """
    from archive.catalogue.reader import CatalogueReader
    from archive.rebuilding import rebuild as rebuild_catalogue
    from archive.search.index import SearchIndex
    from crawler.schedule import LookAgain

    with locked(folder, "salname rebuild"):
        with _progress(folder, "rebuilding", with_stored=True) as advance:
            applied = rebuild_catalogue(folder, LookAgain(), advance)
        shutil.rmtree(folder.search_path, ignore_errors=True)
        with (
            CatalogueReader.open(folder.catalogue_path) as reader,
            SearchIndex.open(folder.search_path) as index,
        ):
            index.catch_up(reader)
    click.echo(f"{applied} entries of the segments' log applied; the index was made anew.")


@click.command()
@archive_option
@click.option(
    "--port",
    metavar="N",
    default=8020,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Of this machine; 0 takes a free one.",
)
def serve(folder: ArchiveFolder, port: int) -> None:
    """Serve the archive's pages on this machine: search, articles, versions, photos.

    \b
    Example:
      salname serve --port 8020      # then open http://127.0.0.1:8020/
    """
    from archive.web.app import serve as serve_pages

    if not folder.catalogue_path.exists():
        raise NotAnArchive(f"{folder.path} has no catalogue yet. Run `salname crawl` first.")
    prepare_catalogue(folder)
    serve_pages(folder.path, port)


@contextmanager
def _progress(
    folder: ArchiveFolder, what: str, *, with_stored: bool
) -> Iterator[Callable[[int], None]]:
    """A bar over the bytes of the segments, on a terminal alone."""
    from archive.errors import StoreError
    from archive.holdings import Holdings

    holdings = Holdings(folder)
    total = sum(segment.size_bytes for segment in holdings.in_spool())
    if with_stored and sys.stderr.isatty():
        with suppress(StoreError):  # who reads them says it
            total += sum(segment.size_bytes for segment in holdings.only_stored())
    with click.progressbar(
        length=total, label=what, file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        yield bar.update
