"""Sources: list them, draft one for a new site, check them, print the schema of their files."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.errors import WrongUse
from crawler.commands.options import (
    held_sources,
    json_option,
    local_time,
    print_json,
    sources_option,
)

if TYPE_CHECKING:
    from crawler.source import Source


@click.group(invoke_without_command=True)
@click.option(
    "--archive",
    "directory",
    metavar="DIR",
    envvar="SALNAME_ARCHIVE",
    default="archive-data",
    type=click.Path(path_type=Path),
    help="Tell what this archive holds of each source, where it is one.",
)
@sources_option
@json_option
@click.pass_context
def sources(
    ctx: click.Context, directory: Path, sources_dir: Path | None, *, as_json: bool
) -> None:
    """List the sources, or check one on a page.

    \b
    Examples:
      salname sources
      salname sources check fins.az --file page.html
    """
    ctx.obj = sources_dir
    if ctx.invoked_subcommand is not None:
        return
    from crawler.source import load_sources

    known = held_sources(directory)
    rows = [_source_row(source, known) for source in load_sources(sources_dir).values()]
    if as_json:
        print_json(rows)
        return
    width = max(len(row["name"]) for row in rows)
    host_width = max(len(row["host"]) for row in rows)
    click.echo(
        f"{'NAME':{width}}  {'HOST':{host_width}}  {'KIND':11} LANG  {'LAST RUN':16}  ARTICLES"
    )
    for row in rows:
        last = local_time(row["last_run_at"]) if row["last_run_at"] else "-"
        note = "" if row["enabled"] else f"  off: {row['reason']}"
        click.echo(
            f"{row['name']:{width}}  {row['host']:{host_width}}  {row['kind']:11}"
            f" {row['language']:4}  {last:16}  {row['articles']:8}{note}"
        )


def _source_row(source: "Source", known: dict[str, Any]) -> dict[str, Any]:
    held = known.get(source.name)
    return {
        "name": source.name,
        "publisher": source.publisher,
        "host": source.host,
        "kind": source.kind.value,
        "language": source.language.value,
        "enabled": source.enabled,
        "reason": source.reason,
        "last_run_at": held.last_run_at if held else None,
        "articles": held.articles if held else 0,
    }


@sources.command("check")
@click.argument("name")
@click.option("--url", help="The page's address; it is fetched where no --file is given.")
@click.option(
    "--file",
    "file",
    metavar="PAGE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A saved page to read instead of fetching one.",
)
@json_option
@click.pass_obj
def check_command(
    sources_dir: Path | None, name: str, url: str | None, file: Path | None, *, as_json: bool
) -> None:
    """Show what a source's rules find on a page, field by field, and what is missing.

    \b
    Examples:
      salname sources check fins.az --file page.html --url https://fins.az/az/bank/123/ad/
      salname sources check fins.az --url https://fins.az/az/bank/123/ad/
    """
    from crawler.checking import check_source, fetch_page, page_of_file
    from crawler.source import find_source, load_sources

    source = find_source(name, load_sources(sources_dir))
    if file is None and url is None:
        raise WrongUse("Name a page: --file PAGE, or --url URL to fetch it.")
    page = page_of_file(file, url or _example_of(source)) if file else fetch_page(url or "", source)
    checks = check_source(source, page)
    if as_json:
        print_json(checks)
        return
    for check in checks:
        value = check.value if check.value else click.style("missing", fg="yellow")
        click.echo(f"{check.field:14} {check.found_by or '-':22} {value}")
        if check.doubt:
            click.secho(f"{'':14} {'':22} {check.doubt}", fg="yellow")


def _example_of(source: "Source") -> str:
    return source.examples[0] if source.examples else f"{source.scheme}://{source.host}/"


@sources.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of source files, which editors complete and check them with.

    \b
    Example:
      salname sources schema > my-sources/source.schema.json
    """
    import json

    from crawler.source_schema import source_schema

    click.echo(json.dumps(source_schema(), ensure_ascii=False, indent=2))
