"""Explaining: why-not."""

from dataclasses import asdict
from pathlib import Path

import click

from archive.errors import WrongUse
from archive.folder import ArchiveFolder
from crawler.commands.options import (
    archive_option,
    json_option,
    local_time,
    open_catalogue,
    print_json,
    sources_option,
)


@click.command("why-not")
@click.argument("url")
@archive_option
@sources_option
@json_option
def why_not(url: str, folder: ArchiveFolder, sources_dir: Path | None, *, as_json: bool) -> None:
    """Say why an address is not in the archive, or that it is.

    No source has its host, no list has offered it, robots.txt forbids it, it failed, it is no
    article: whatever it was, the ledger has kept it.

    \b
    Example:
      salname why-not https://fins.az/az/bank/123/ad/
    """
    from archive.catalogue.places import place_of
    from crawler.source import load_sources
    from crawler.why_not import why_not as explain

    if not url.startswith(("http://", "https://")):
        raise WrongUse(f"{url} is no address of the web; give one with http:// or https://.")
    sources = load_sources(sources_dir)
    with open_catalogue(folder) as reader:
        last_runs = {row.name: row.last_run_at for row in reader.sources()}
        found = explain(url, sources, lambda each: place_of(reader.db, each), last_runs.get)
    if as_json:
        print_json(asdict(found))
        return
    click.echo(f"{found.cause}: {found.why}")
    if found.url != url:
        click.echo(f"It is kept, or would be, as {found.url}")
    if (place := found.place) is not None:
        where = f" on {place.found_on}" if place.found_on else ""
        click.echo(
            f"Found {local_time(place.found_at)}{where}; as it stands since {local_time(place.state_at)}."
        )
