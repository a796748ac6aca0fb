"""Correcting: articles that are one or not, and answers that are read anew."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import click

from archive.errors import WrongUse
from archive.folder import ArchiveFolder
from crawler.commands.options import (
    archive_option,
    json_option,
    open_catalogue,
    print_json,
    sources_option,
    why_option,
)
from crawler.commands.writing import writing


@click.group()
def articles() -> None:
    """Say of two articles that they are one, or that they are not.

    \b
    Examples:
      salname articles merge 12 40 --why "the same text under two addresses"
      salname articles part 12 40
    """


@articles.command("merge")
@click.argument("article")
@click.argument("other")
@why_option
@archive_option
def merge_command(article: str, other: str, why: str, folder: ArchiveFolder) -> None:
    """Merge ARTICLE into OTHER, which goes on for both; its history stays.

    \b
    Example:
      salname articles merge 12 40 --why "the same text under two addresses"
    """
    _judge(folder, article, other, why, is_one=True)
    click.echo(f"{article} is one with {other} now.")


@articles.command("part")
@click.argument("article")
@click.argument("other")
@why_option
@archive_option
def part_command(article: str, other: str, why: str, folder: ArchiveFolder) -> None:
    """Undo the merge of two articles, and never merge them again by itself.

    \b
    Example:
      salname articles part 12 40
    """
    _judge(folder, article, other, why, is_one=False)
    click.echo(f"{article} and {other} are two articles.")


@click.command()
@archive_option
@click.option("--source", "names", multiple=True, metavar="NAME", help="Only of this source.")
@click.option("--dry-run", is_flag=True, help="Tell what would be corrected, change nothing.")
@sources_option
@json_option
def reextract(
    folder: ArchiveFolder,
    names: tuple[str, ...],
    sources_dir: Path | None,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Read the archive's answers anew with today's rules; what differs is a correction.

    A correction is a change of its own kind, never an edit by the publisher: the version keeps its
    number and its times. Nothing is fetched. Exit code 3 when an answer is no article any more.

    \b
    Example:
      salname reextract --source fins.az --dry-run
    """
    from archive.holdings import Holdings
    from crawler.configuration import read_settings
    from crawler.crawl import EXTRACTOR
    from crawler.judge import Circumstances
    from crawler.rereading import counts_of, keeping, last_run, reread
    from crawler.source import load_sources

    settings = read_settings(folder.settings_path)
    sources = {
        name: source
        for name, source in load_sources(sources_dir).items()
        if not names or name in names
    }
    told: Counter[str] = Counter()
    with writing(folder, "salname reextract") as (catalogue, store):
        circumstances = Circumstances(
            run=last_run(catalogue) or "",
            extractor=EXTRACTOR,
            max_content_bytes=4 * settings.crawler.max_page_bytes,
        )
        keep = (lambda _: None) if dry_run else keeping(store)
        for each in reread(catalogue, Holdings(folder), sources, circumstances, keep):
            told["unread" if each.trouble else "corrected"] += 1
            if as_json:
                print_json(each)
            else:
                what = each.trouble or ", ".join(each.fields)
                click.echo(f"{each.article_id:>8} version {each.version}: {what}  {each.title}")
    click.echo(counts_of(told), err=True)
    click.get_current_context().exit(3 if told["unread"] else 0)


def _judge(folder: ArchiveFolder, article: str, other: str, why: str, *, is_one: bool) -> None:
    from archive.moments import stamp
    from archive.reading import Verdict

    with open_catalogue(folder) as reader:
        rows = []
        for reference in (article, other):
            row = reader.find_article(reference)
            if row is None:
                raise WrongUse(
                    f"No article is known as {reference}. Give its number or its key; "
                    "`salname search` finds it."
                )
            rows.append(row)
    if rows[0].id == rows[1].id:
        raise WrongUse("These are one article already. Give the numbers of both to part them.")
    now = stamp(datetime.now(UTC))
    with writing(folder, "salname articles") as (_, store):
        store.note(Verdict(at=now, is_one=is_one, key=rows[0].key, other_key=rows[1].key, why=why))
