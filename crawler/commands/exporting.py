"""Exporting: the change log for programs, and captures for ReplayWeb.page."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import click

from archive.errors import WrongUse
from archive.folder import ArchiveFolder
from crawler.commands.options import archive_option, counted, open_catalogue

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("format_", metavar="FORMAT", type=click.Choice(["jsonl", "wacz"]))
@archive_option
@click.option(
    "--since",
    metavar="CURSOR",
    type=click.IntRange(min=0),
    help="jsonl: changes behind this cursor; 0, the default, is the beginning.",
)
@click.option("--source", metavar="NAME", help="wacz: captures of this source alone.")
@click.option("--from", "first", metavar="DAY", type=_DAY, help="wacz: from this day on (UTC).")
@click.option("--until", "last", metavar="DAY", type=_DAY, help="wacz: up to this day (UTC).")
@click.option(
    "--output",
    metavar="PATH",
    help="A file, or - for standard output; by default a new file in exports/.",
)
def export(
    format_: str,
    folder: ArchiveFolder,
    since: int | None,
    source: str | None,
    first: datetime | None,
    last: datetime | None,
    output: str | None,
) -> None:
    """Export the change log as jsonl, or captures as wacz.

    jsonl gives each change once, with the version that it made. The cursor to go on from is
    printed at the end, and stands in each line.

    wacz packs answers with an index and a list of pages into one file, which ReplayWeb.page opens.

    \b
    Examples:
      salname export jsonl --output all.jsonl
      salname export jsonl --since 1234 --output -
      salname export wacz --source fins.az --from 2026-02-01 --until 2026-02-28
    """
    if format_ == "jsonl":
        if source or first or last:
            raise WrongUse("--source, --from and --until are for wacz; jsonl takes --since CURSOR.")
        _export_changes(folder, since or 0, output)
        return
    if since is not None:
        raise WrongUse("--since CURSOR is for jsonl; wacz takes --from DAY and --until DAY.")
    _export_captures(folder, source, first, last, output)


def _export_changes(folder: ArchiveFolder, since: int, output: str | None) -> None:
    from archive.exports.jsonl import change_lines

    cursor = since
    with open_catalogue(folder) as reader:
        name = f"changes-{since:09}-{reader.last_change_id():09}.jsonl"
        path = _target(folder, output, name)
        with _writing(path) as file:
            for behind, line in change_lines(reader, since):
                file.write(line)
                cursor = behind
    where = "" if path is None else f" to {path}"
    click.echo(f"Exported{where}. Go on with --since {cursor}", err=True)


def _export_captures(
    folder: ArchiveFolder,
    source: str | None,
    first: datetime | None,
    last: datetime | None,
    output: str | None,
) -> None:
    from archive.catalogue.picked import Selection
    from archive.exports.wacz import write_wacz
    from archive.moments import stamp
    from crawler.crawl import EXTRACTOR

    now = datetime.now(UTC)
    wanted = Selection(
        source=source,
        since=stamp(first.replace(tzinfo=UTC)) if first else "0",
        until=stamp(last.replace(tzinfo=UTC) + timedelta(days=1)) if last else "9",
    )
    path = _target(folder, output, f"{source or 'captures'}-{now:%Y%m%dT%H%M%SZ}.wacz")
    with open_catalogue(folder) as reader, _writing(path) as file:
        packed = write_wacz(file, folder, reader, wanted, software=EXTRACTOR, at=now)
    told = f"{counted(packed.captures, 'capture')}, {counted(packed.pages, 'page')}"
    click.echo(f"Exported {told}{'' if path is None else f' to {path}'}.", err=True)


def _target(folder: ArchiveFolder, output: str | None, name: str) -> Path | None:
    """Where an export goes; None means standard output."""
    if output == "-":
        return None
    if output is not None:
        return Path(output)
    folder.exports_path.mkdir(exist_ok=True)
    return folder.exports_path / name


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
