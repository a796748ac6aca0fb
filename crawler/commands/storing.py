"""Storing: the store's objects, foreign WARC files, and what is wrong with an archive."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.errors import WrongUse
from archive.folder import ArchiveFolder, locked
from crawler.commands.options import archive_option, json_option, print_json, sources_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.doctor import Sign
    from archive.objects import ObjectStore


@click.group()
def objects() -> None:
    """List, check, or send the sealed segments of the archive's store.

    \b
    Examples:
      salname objects list
      salname objects check
      salname objects send
    """


@objects.command("list")
@archive_option
@json_option
def list_command(folder: ArchiveFolder, *, as_json: bool) -> None:
    """List what the store holds of this archive: length in bytes, and name.

    \b
    Example:
      salname objects list
    """
    from archive.holdings import STORED_FOLDER

    for each in _store_of(folder).list_objects(STORED_FOLDER):
        if as_json:
            print_json(each)
        else:
            click.echo(f"{each.size_bytes:>14}  {each.name}")


@objects.command("check")
@archive_option
@json_option
def check_command(folder: ArchiveFolder, *, as_json: bool) -> None:
    """Read every segment of every store, and hold it against its digest and the other copies.

    Exit code 3 when something is wrong. `salname verify --deep` also looks into the records.

    \b
    Example:
      salname objects check
    """
    from archive.store_check import check_store

    found = check_store(folder, _store_of(folder))
    if as_json:
        print_json(found)
    else:
        for sentence in found.findings:
            click.secho(sentence, fg="red")
        well = f"{len(found.findings)} things are wrong" if found.findings else "all are well"
        click.echo(f"{found.segments} segments, {found.size_bytes / 1e6:.1f} MB: {well}.")
    click.get_current_context().exit(3 if found.findings else 0)


@objects.command("send")
@archive_option
def send_command(folder: ArchiveFolder) -> None:
    """Send what is sealed and waits now, whenever it would be tried again.

    A crawl may go on meanwhile. A store that has lost an object, or was added later, gets it too.

    \b
    Example:
      salname objects send
    """
    from datetime import UTC, datetime, timedelta

    from archive.errors import ArchiveLocked
    from archive.sending import send_beside
    from archive.store_repair import fill_stores
    from archive.stores import store_settings_of
    from crawler.schedule import LookAgain

    store = _store_of(folder)
    keep = timedelta(days=store_settings_of(folder).keep_days)
    clock = lambda: datetime.now(UTC)  # noqa: E731
    sending = send_beside(folder, store, LookAgain(), keep=keep, clock=clock, at_once=True)
    copied: tuple[str, ...] = ()
    if sending.error is None:
        try:
            with locked(folder, "salname objects send"):
                copied = fill_stores(folder)
        except ArchiveLocked as error:
            copied = (f"What a store has lost is copied another time: {error}",)
    for sentence in copied:
        click.echo(sentence, err=True)
    click.echo(
        f"{len(sending.sent)} sent, {len(sending.removed)} let go of here, {sending.waiting} wait."
    )
    for sentence in sending.told:
        click.echo(sentence, err=True)
    if sending.error is not None:
        click.secho(sending.error, fg="red", err=True)
    click.get_current_context().exit(0 if sending.error is None else 3 if sending.sent else 1)


@click.command("import")
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True),
)
@archive_option
@sources_option
@json_option
def import_warcs(
    files: tuple[Path, ...], folder: ArchiveFolder, sources_dir: Path | None, *, as_json: bool
) -> None:
    """Take WARC files of other tools into the archive: articles of known sources, their photos.

    The files are left as they are. Calling it again takes nothing twice. Exit code 3 when a part
    of a file could not be read.

    \b
    Example:
      salname import old-crawl.warc.gz
    """
    from archive.recovery import start
    from crawler.configuration import read_settings
    from crawler.crawl import feed_index
    from crawler.importing import import_file, in_order
    from crawler.schedule import LookAgain
    from crawler.source import load_sources

    settings, sources = read_settings(folder.settings_path), load_sources(sources_dir)
    is_damaged = False
    with locked(folder, "salname import"):
        begun = start(folder, LookAgain())
        if begun.sentence is not None:
            click.echo(begun.sentence, err=True)
        try:
            for path in in_order(files):
                found = import_file(path, folder, settings, sources, begun.catalogue)
                is_damaged |= bool(found.damages)
                if as_json:
                    print_json(found)
                    continue
                told = ", ".join(f"{number} {what}" for what, number in found.counts.items())
                click.echo(f"{found.file}: {told or 'nothing in it'}.")
                for why in found.damages:
                    click.secho(f"    {why}", fg="yellow")
        finally:
            begun.db.close()
        feed_index(folder, said=lambda text: click.echo(text, err=True))
    click.get_current_context().exit(3 if is_damaged else 0)


@click.command()
@archive_option
@sources_option
@json_option
def doctor(folder: ArchiveFolder, sources_dir: Path | None, *, as_json: bool) -> None:
    """Tell what is wrong with this archive, or soon will be, and what to do.

    It looks at settings, disk, catalogue, segments, store and search index, at the browser where a
    source needs one, and changes nothing; `salname verify` reads every record. Exit code 3 when
    something has to be done.

    \b
    Example:
      salname doctor
    """
    from archive.doctor import Sign, examine
    from archive.errors import ConfigurationError
    from crawler.configuration import read_settings

    signs = []
    try:
        contact = read_settings(folder.settings_path).crawler.contact
        said = "They can be read." if contact else "Say in crawler.contact who runs this crawler."
        signs.append(Sign(about="settings", is_well=bool(contact), sentence=said))
    except ConfigurationError as error:
        signs.append(Sign(about="settings", is_well=False, sentence=str(error)))
    signs += [*examine(folder), *_browser_signs(sources_dir)]
    for sign in signs:
        if as_json:
            print_json(sign)
        else:
            mark = (
                click.style("well", fg="green") if sign.is_well else click.style("look", fg="red")
            )
            click.echo(f"{mark}  {sign.about}: {sign.sentence}")
    click.get_current_context().exit(0 if all(sign.is_well for sign in signs) else 3)


def _browser_signs(sources_dir: Path | None) -> "Iterator[Sign]":
    """Whether there is a browser, where an enabled source is rendered by one."""
    from archive.doctor import Sign
    from archive.errors import SourceError, WrongUse
    from crawler.browser import require_browser
    from crawler.source import load_sources

    try:
        sources = load_sources(sources_dir).values()
        rendered = [each.name for each in sources if each.enabled and each.render]
        require_browser(rendered)
    except SourceError as error:
        yield Sign(about="sources", is_well=False, sentence=str(error))
    except WrongUse as error:
        yield Sign(about="browser", is_well=False, sentence=str(error))
    else:
        if rendered:
            said = f"There is one for {', '.join(rendered)}."
            yield Sign(about="browser", is_well=True, sentence=said)


def _store_of(folder: ArchiveFolder) -> "ObjectStore":
    from archive.stores import find_store

    store = find_store(folder)
    if store is None:
        raise WrongUse("This archive has no store. Say in the [store] section of salname.toml.")
    return store
