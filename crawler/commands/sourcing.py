"""Sources: list them, draft one for a new site, print the schema of their files."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.checking import check_command
from crawler.commands.options import (
    held_sources,
    json_option,
    local_time,
    print_json,
    sources_option,
)

if TYPE_CHECKING:
    from crawler.draft_files import DraftedFiles
    from crawler.drafting import Draft
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
    """List the sources, draft one for a new site, or check them.

    \b
    Examples:
      salname sources
      salname sources new https://numune.example/xeber/41/ --output my-sources
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


@sources.command("new")
@click.argument("url")
@click.option(
    "--file",
    "files",
    metavar="PAGE",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A saved page of an article; nothing is fetched then. May be given several times.",
)
@click.option(
    "--output",
    metavar="DIR",
    default="my-sources",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of sources to write into.",
)
@click.option(
    "--pause",
    "pause_s",
    metavar="SECONDS",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0.0),
    help="Between two requests; robots.txt may ask for more.",
)
@json_option
@click.pass_obj
def new_command(
    sources_dir: Path | None,
    url: str,
    files: tuple[Path, ...],
    output: Path,
    pause_s: float,
    *,
    as_json: bool,
) -> None:
    """Draft the source of a new site from a few of its pages.

    URL is an article's address, or the site's. Without --file its page and up to two further
    articles that it links to are fetched, politely. The family is recognised, what was found is
    written into a source file with the reason beside each line, and the pages are kept beside it
    with the results that the draft gives, for you to confirm. No file is ever written over.

    \b
    Examples:
      salname sources new https://numune.example/az/sosium/100001/seki/
      salname sources new https://numune.example/xeber/41/ --file page.html --output my-sources
    """
    from crawler.draft_files import write_draft
    from crawler.drafting import draft_source
    from crawler.exploring import explore_files, explore_site, site_of
    from crawler.visiting import Visitor

    site = site_of(url)
    existing = _sources_on(site.hosts[0], sources_dir)
    for name in existing:
        click.secho(f"{site.hosts[0]} is the host of {name} already.", fg="yellow", err=True)
    if files:
        explored = explore_files(url, files)
    else:
        visitor = Visitor(site, pause_s=pause_s)
        explored = explore_site(url, visitor, said=lambda text: click.echo(text, err=True))
    own = output if output.is_dir() else None
    draft = draft_source(explored, own)
    made = write_draft(draft, explored.articles, output)
    if as_json:
        print_json(_draft_shape(draft, made, existing))
    else:
        _print_draft(draft, made, output)


def _sources_on(host: str, sources_dir: Path | None) -> list[str]:
    from crawler.source import read_sources
    from pipelines.addresses import is_address_of

    known, _ = read_sources(sources_dir)
    return [name for name, source in known.items() if is_address_of(f"http://{host}/", source.site)]


def _draft_shape(draft: "Draft", made: "DraftedFiles", existing: list[str]) -> dict[str, Any]:
    return {
        "source": draft.name,
        "existing": existing,
        "family": draft.family.family if draft.family else None,
        "scores": [
            {"family": each.family, "points": each.points, "of": each.most_points}
            for each in draft.scores
        ],
        "sections": draft.sections,
        "patterns": draft.patterns,
        "rules": draft.rules,
        "pages": draft.pages,
        "written": made.written,
        "to_confirm": made.expected,
    }


def _print_draft(draft: "Draft", made: "DraftedFiles", output: Path) -> None:
    from crawler.draft_files import why_no_rule

    click.echo(f"Families, by what they find on {draft.pages} article pages:")
    for score in [each for each in draft.scores if each.points][:3]:
        mark = "  <- taken" if score is draft.family else ""
        click.echo(f"  {score.family:12} {score.in_words}{mark}")
    if draft.family is None:
        click.echo("  None is sure enough; the draft stands alone.")
    click.echo("\nFields:")
    for rule in draft.rules:
        own = f"{' or '.join(rule.selectors)}  (suggested)" if rule.selectors else ""
        click.echo(f"  {rule.field:10} {own or why_no_rule(rule, draft)}")
    if draft.sections:
        click.echo(f"  Sections seen: {', '.join(draft.sections)}")
    click.echo("\nWritten:")
    for path in made.written:
        click.echo(f"  {path}")
    places = f"salname sources --sources {output}"
    click.echo(
        f"\nNext:\n"
        f"  1. Read {made.written[0]}: each line says why it is so; mend what is wrong.\n"
        f"  2. Look at what it reads:  {places} check {draft.name}\n"
        f"  3. Compare each .expected.json with its page. Correct it by hand, so that the check\n"
        f"     tells what the rules read otherwise, or mend the rules and take it: check --confirm\n"
        f"  4. {places} check --all\n"
        f"  5. Crawl a few pages:  salname crawl --archive DIR --sources {output} --limit 10 {draft.name}"
    )


sources.add_command(check_command)


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
