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
    from collections.abc import Iterable

    from crawler.checking import FieldCheck
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

    known, _ = read_sources(sources_dir)
    return [name for name, source in known.items() if host in (source.host, *source.hosts)]


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


@sources.command("check")
@click.argument("name", required=False)
@click.option("--url", help="The page's address; it is fetched where no --file is given.")
@click.option(
    "--file",
    "file",
    metavar="PAGE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A saved page to read instead of fetching one.",
)
@click.option("--all", "is_all", is_flag=True, help="Check all sources against each other.")
@click.option(
    "--confirm",
    "is_confirmed",
    is_flag=True,
    help="Write what is read now as what is expected of the saved pages.",
)
@json_option
@click.pass_obj
def check_command(
    sources_dir: Path | None,
    name: str | None,
    url: str | None,
    file: Path | None,
    *,
    is_all: bool,
    is_confirmed: bool,
    as_json: bool,
) -> None:
    """Explain what a source's rules find on a page, field by field, and what is missing.

    Without a page, those saved beside the source are read and held against the results expected
    of them; --confirm takes what is read now as right. With --all no page is needed: each file, its examples, its families and all saved
    pages are checked, each finding is told, and the exit code is 1 where there is one.

    \b
    Examples:
      salname sources check fins.az --file page.html --url https://fins.az/az/bank/123/ad/
      salname sources check fins.az --url https://fins.az/az/bank/123/ad/
      salname sources --sources my-sources check --all
    """
    if is_all:
        if name or url or file or is_confirmed:
            raise WrongUse("--all checks every source; leave out the name, the page and --confirm.")
        _check_all(sources_dir, as_json=as_json)
        return
    from crawler.checking import check_source, page_of_file
    from crawler.source import find_source, load_sources
    from crawler.visiting import Visitor

    if name is None:
        raise WrongUse("Name a source, or give --all.")
    source = find_source(name, load_sources(sources_dir))
    if is_confirmed:
        _confirm(source, sources_dir, has_page=bool(file or url))
    if file is None and url is None:
        _check_saved_pages(source, sources_dir, as_json=as_json)
        return
    if file:
        page = page_of_file(file, url or _example_of(source))
    else:
        page = Visitor(source.site).fetch(url or "")
    checks = check_source(source, page)
    if as_json:
        print_json(checks)
    else:
        _print_checks(checks)


def _check_all(sources_dir: Path | None, *, as_json: bool) -> None:
    from crawler.consistency import check_folder

    checked = check_folder(sources_dir)
    if as_json:
        print_json(checked)
    else:
        for finding in checked.findings:
            click.echo(f"{finding.source}: {finding.about}: {finding.what}")
        told = f"{len(checked.findings)} findings" if checked.findings else "all is well"
        click.echo(
            f"{checked.sources} sources, {checked.families} families, {checked.pages} saved pages: "
            f"{told}."
        )
    click.get_current_context().exit(1 if checked.findings else 0)


def _check_saved_pages(source: "Source", sources_dir: Path | None, *, as_json: bool) -> None:
    """Each page saved beside a source, explained and held against what is expected of it."""
    from crawler.checking import check_source
    from crawler.consistency import differing_fields
    from crawler.family_file import homes_of
    from crawler.saved_pages import read_saved_pages
    from pipelines.extract import read_page

    saved_pages = read_saved_pages(homes_of(sources_dir)[0], source.name)
    if not saved_pages:
        raise WrongUse(
            f"No page is saved beside {source.name}. Name one: --file PAGE, or --url URL to fetch it."
        )
    rows = []
    for saved in saved_pages:
        differing = dict(differing_fields(saved, read_page(saved.page, source.site)))
        rows.append(
            {"page": saved.stem, "differs": differing, "checks": check_source(source, saved.page)}
        )
    if as_json:
        print_json(rows)
    else:
        for row in rows:
            _print_saved_page(row)
    click.get_current_context().exit(1 if any(row["differs"] for row in rows) else 0)


def _confirm(source: "Source", sources_dir: Path | None, *, has_page: bool) -> None:
    """Take what the rules read of the saved pages now as what is expected of them."""
    from crawler.saved_pages import expected_text, files_of, read_saved_pages
    from pipelines.extract import read_page

    if sources_dir is None or has_page:
        raise WrongUse("--confirm is for the saved pages of a source in a folder: --sources DIR.")
    for saved in read_saved_pages(sources_dir, source.name):
        _, _, expected = files_of(sources_dir, source.name, saved.stem)
        expected.write_text(expected_text(read_page(saved.page, source.site)), encoding="utf-8")
        click.echo(f"{expected} is what is expected now.", err=True)


def _print_saved_page(row: dict[str, Any]) -> None:
    click.secho(row["page"], bold=True)
    _print_checks(row["checks"])
    for field, what in row["differs"].items():
        click.secho(f"differs        {field:22} {what}", fg="red")
    if not row["differs"]:
        click.secho("All fields are as expected.", fg="green")
    click.echo()


def _print_checks(checks: "Iterable[FieldCheck]") -> None:
    for check in checks:
        absent = "none" if check.field in _OFTEN_NONE else click.style("missing", fg="yellow")
        value = check.value or absent
        click.echo(f"{check.field:14} {check.found_by or '-':22} {value}")
        below = [_rule_line(each.selector, each.matches) for each in check.rules]
        for line in below:
            click.secho(f"{'':14} {'':22} {line}", dim=True)
        if check.doubt:
            click.secho(f"{'':14} {'':22} {check.doubt}", fg="yellow")
        if check.suggested:
            rule = click.style(check.suggested, bold=True)
            click.echo(f"{'':14} {'':22} a rule that finds it: {rule}")


_OFTEN_NONE = frozenset({"markers", "modified", "attribution", "embeds", "doubts"})


def _rule_line(selector: str, matches: int) -> str:
    found = {0: "nothing", 1: "one element"}.get(matches, f"{matches} elements")
    return f"{selector} finds {found}"


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
