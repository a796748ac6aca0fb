"""Keeping: export, verify, rebuild, serve."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import click

from archive.errors import NotAnArchive
from archive.folder import ArchiveFolder, locked
from crawler.commands.options import archive_option, json_option, print_json


@click.command()
@click.argument("format_", metavar="FORMAT", type=click.Choice(["jsonl"]))
@archive_option
@click.option(
    "--since",
    metavar="CURSOR",
    default=0,
    type=click.IntRange(min=0),
    help="Changes behind this cursor; 0 is the beginning.",
)
@click.option(
    "--output",
    metavar="PATH",
    help="A file, or - for standard output; by default a new file in exports/.",
)
def export(format_: str, folder: ArchiveFolder, since: int, output: str | None) -> None:
    """Export the change log: each change once, with the version that it made.

    The cursor to go on from is printed at the end, and stands in each line.

    \b
    Examples:
      salname export jsonl --output all.jsonl
      salname export jsonl --since 1234 --output -
    """
    from archive.catalogue.reader import CatalogueReader
    from archive.exports.jsonl import change_lines

    del format_  # one so far
    cursor = since
    with CatalogueReader.open(folder.catalogue_path) as reader:
        path = _target(folder, output, since, reader.last_change_id())
        with _writing(path) as file:
            for behind, line in change_lines(reader, since):
                file.write(line)
                cursor = behind
    where = "" if path is None else f" to {path}"
    click.echo(f"Exported{where}. Go on with --since {cursor}", err=True)


@click.command()
@archive_option
@click.option("--deep", is_flag=True, help="Read what only the store has, too.")
@click.option("--repair", is_flag=True, help="First take from the store what is damaged here.")
@json_option
def verify(folder: ArchiveFolder, *, deep: bool, repair: bool, as_json: bool) -> None:
    """Check every record against its digests, and the catalogue against the records.

    Exit code 3 when something is wrong; each damage is named with what repairs it. Segments that
    only the store has are looked for there, and read with --deep.

    \b
    Example:
      salname verify
    """
    from archive.integrity import verify as verify_archive
    from archive.repair import repair_from_store

    if repair:
        with locked(folder, "salname verify --repair"):
            for sentence in repair_from_store(folder):
                click.echo(sentence, err=True)
    with _progress(folder, "verifying", with_stored=deep) as advance:
        found = verify_archive(folder, advance, deep=deep)
    if as_json:
        print_json(found)
    else:
        for finding in found.findings:
            click.secho(f"{finding.damage}: {finding.sentence}", fg="red")
        damages = f"{len(found.findings)} damaged" if found.findings else "nothing is damaged"
        click.echo(
            f"{found.segments} segments, {found.records} records, {found.captures} captures: "
            f"{damages}."
        )
        if found.unread:
            click.echo(f"{found.unread} of the segments are in the store alone; --deep reads them.")
        if found.unnamed or found.torn_bytes:
            click.echo(
                f"{found.unnamed} further captures and {found.torn_bytes} bytes of a torn record "
                "are not acknowledged: a crawl is writing, or was killed. The next one picks up "
                "what is whole."
            )
    click.get_current_context().exit(3 if found.findings else 0)


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
    from archive.replay import rebuild as rebuild_catalogue
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
@click.option("--port", default=8020, show_default=True, type=click.IntRange(0, 65535))
def serve(folder: ArchiveFolder, port: int) -> None:
    """Serve the archive's pages on this machine: search, articles, versions, photos.

    \b
    Example:
      salname serve --port 8020      # then open http://127.0.0.1:8020/
    """
    from archive.web.app import serve as serve_pages

    if not folder.catalogue_path.exists():
        raise NotAnArchive(f"{folder.path} has no catalogue yet. Run `salname crawl` first.")
    serve_pages(folder.path, port)


def _target(folder: ArchiveFolder, output: str | None, since: int, last: int) -> Path | None:
    """Where an export goes; None means standard output."""
    if output == "-":
        return None
    if output is not None:
        return Path(output)
    folder.exports_path.mkdir(exist_ok=True)
    return folder.exports_path / f"changes-{since:09}-{last:09}.jsonl"


@contextmanager
def _writing(path: Path | None) -> Iterator[BinaryIO]:
    """A file that has its name only once it is whole, or standard output."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    from archive.disk import whole_file

    with whole_file(path) as file:
        yield file


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
