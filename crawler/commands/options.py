"""Options that several commands share, and how values are printed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import orjson

from archive.folder import ArchiveFolder, find_archive

if TYPE_CHECKING:
    from archive.catalogue.reader import CatalogueReader

_Command = TypeVar("_Command", bound=Callable[..., Any])


def archive_option(command: _Command) -> _Command:
    """`--archive DIR`, or SALNAME_ARCHIVE, or ./archive-data: given as an `ArchiveFolder`."""
    return click.option(
        "--archive",
        "folder",
        metavar="DIR",
        envvar="SALNAME_ARCHIVE",
        default="archive-data",
        show_default="SALNAME_ARCHIVE, else ./archive-data",
        type=click.Path(path_type=Path),
        callback=_found,
        help="The archive's folder.",
    )(command)


def json_option(command: _Command) -> _Command:
    """`--json`: print for a program instead of a person."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def sources_option(command: _Command) -> _Command:
    """`--sources DIR`: given as `sources_dir`, a folder of source files, or None."""
    return click.option(
        "--sources",
        "sources_dir",
        metavar="DIR",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        help="Take the source files of this folder instead of the packaged ones.",
    )(command)


def known_sources(ctx: click.Context, _: click.Parameter, begun: str) -> list[str]:
    """For the shell's Tab key: the sources whose names begin so, by their files alone."""
    from crawler.family_file import homes_of

    home, _families = homes_of(ctx.params.get("sources_dir"))
    names = (path.name for path in home.iterdir() if path.name.endswith(".yaml"))
    return sorted(name.removesuffix(".yaml") for name in names if name.startswith(begun))


def why_option(command: _Command) -> _Command:
    """`--why WORDS`: the reason of what a person decides, kept with it."""
    return click.option(
        "--why", default="", metavar="WORDS", help="The reason, for those who come later."
    )(command)


def print_json(value: Any) -> None:
    """One JSON value on a line of standard output, in UTF-8 wherever that leads."""
    click.echo(orjson.dumps(value, default=str))


def local_time(stamped: str) -> str:
    """A time of the archive as a person in Baku reads it: `2026-02-14 18:03`."""
    from zoneinfo import ZoneInfo

    from archive.moments import moment_of

    return moment_of(stamped).astimezone(ZoneInfo("Asia/Baku")).strftime("%Y-%m-%d %H:%M")


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 article`, `2 articles`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def held_sources(directory: Path) -> dict[str, Any]:
    """What the archive in a folder knows of its sources, if it is one with a catalogue."""
    folder = ArchiveFolder(path=directory)
    if not folder.catalogue_path.exists():
        return {}
    with open_catalogue(folder) as reader:
        return {row.name: row for row in reader.sources()}


@contextmanager
def open_catalogue(folder: ArchiveFolder) -> Iterator["CatalogueReader"]:
    """A reader of the archive's catalogue, which is brought up to date first after an upgrade."""
    from archive.catalogue.reader import CatalogueReader

    prepare_catalogue(folder)
    with CatalogueReader.open(folder.catalogue_path) as reader:
        yield reader


def prepare_catalogue(folder: ArchiveFolder) -> None:
    """Bring the catalogue of an older release up to date, and say so.

    Raises:
        OlderCatalogue: it cannot be written here, or another process writes to the archive.
    """
    from archive.upgrading import bring_up_to_date

    if bring_up_to_date(folder, "bringing the catalogue up to date"):
        click.echo("The catalogue was an older release's; it is brought up to date.", err=True)


def _found(_: click.Context, __: click.Parameter, path: Path) -> ArchiveFolder:
    return find_archive(path)
