"""Checking sources: the fields of one page, the saved pages of one source, all against each other."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.errors import WrongUse
from crawler.commands.options import json_option, print_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.checking import FieldCheck
    from crawler.source import Source


@click.command("check")
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
    from crawler.visiting import Visitor, fetch_article

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
        page = fetch_article(Visitor(source.site), source.site, url or "")
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
