"""Asking the archive: search, show, versions, diff."""

import sys
import textwrap
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import click

from archive.errors import ArchiveError, WrongUse
from archive.folder import ArchiveFolder
from crawler.commands.options import (
    archive_option,
    counted,
    json_option,
    local_time,
    open_catalogue,
    print_json,
)

if TYPE_CHECKING:
    from archive.article import Block
    from archive.catalogue.reader import CatalogueReader
    from archive.catalogue.rows import ArticleRow, VersionRow, VersionSummary
    from archive.search.hits import Hit
    from archive.search.query import Query
    from archive.search.snippets import Piece

_WIDTH = 92


@click.command()
@click.argument("query", nargs=-1, required=True)
@archive_option
@click.option(
    "--limit",
    metavar="N",
    default=10,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="At most N articles.",
)
@click.option(
    "--order",
    default="best",
    show_default=True,
    type=click.Choice(["best", "newest", "oldest"]),
    help="The best match first, or by the day of publication.",
)
@json_option
def search(
    query: tuple[str, ...], folder: ArchiveFolder, limit: int, order: str, *, as_json: bool
) -> None:
    """Search all versions of all articles, in any spelling of Azerbaijani.

    Words must all be there; "words in quotes" stand together; -word must not be there; word* is
    the beginning of a word. source:, section:, from: and to: narrow the search.

    \b
    Examples:
      salname search asan xidmət
      salname search '"asan xidmət" source:fins.az from:2023-01-01'
    """
    from archive.search.hits import Order
    from archive.search.hits import search as search_index
    from archive.search.index import SearchIndex
    from archive.search.query import read_query

    asked = read_query(" ".join(query))
    with (
        open_catalogue(folder) as reader,
        SearchIndex.open(folder.search_path) as index,
    ):
        why = ""
        try:
            index.catch_up(reader)
        except ArchiveError as error:  # a crawl does it at its end; what is indexed answers
            why = str(error)
        page = search_index(index, asked, limit, order=Order(order))
        hits = [_hit_shape(reader, hit, asked) for hit in page.hits]
        unread = reader.last_change_id() - index.cursor
    if unread > 0:
        told = counted(unread, "change")
        click.echo(f"The newest {told} cannot be found by a search yet. {why}", err=True)
    if as_json:
        found = {"query": " ".join(query), "total": page.total, "complete": page.complete}
        print_json({**found, "is_exact": page.is_exact, "unread": unread, "hits": hits})
        return
    if not hits:
        click.echo("Nothing was found.")
        return
    for number, hit in enumerate(hits):
        if number == page.complete and page.total > page.complete:
            click.secho("        — with some of the words only:", dim=True)
        _print_hit(hit)
    about = "" if page.is_exact else "About "
    some = page.total - page.complete
    with_some = f", {some} more with some of the words only" if some else ""
    click.echo(
        f"{about}{page.complete} found{with_some}. Look at one: salname show {hits[0]['id']}"
    )


def _print_hit(hit: dict[str, Any]) -> None:
    notes = [] if hit["state"] == "live" else [hit["state"]]
    if hit["version"] != hit["versions"]:
        notes.append(f"version {hit['version']} of {hit['versions']}")
    note = f"  [{', '.join(notes)}]" if notes else ""
    click.secho(f"{hit['id']:>6}  {hit['headline']}{note}", bold=True)
    day = (hit["published"] or hit["first_seen_at"])[:10]
    click.echo(f"        {hit['source']}  {day}  {hit['url']}")
    for line in _wrapped(hit["snippet"]):
        click.echo(f"        {line}")


def _wrapped(pieces: Iterable["Piece"]) -> Iterator[str]:
    """The lines of a passage with what was sought in colour, which takes no room in a line."""
    passage = "".join(piece.text for piece in pieces)
    is_match = [piece.is_match for piece in pieces for _ in piece.text]
    place = 0
    for line in textwrap.wrap(passage, _WIDTH, drop_whitespace=False, expand_tabs=False):
        marks = groupby(zip(line, is_match[place:], strict=False), key=itemgetter(1))
        runs = ((marked, "".join(letter for letter, _ in run)) for marked, run in marks)
        told = "".join(click.style(text, fg="yellow") if marked else text for marked, text in runs)
        yield told.strip()
        place += len(line)


def _hit_shape(reader: "CatalogueReader", hit: "Hit", query: "Query") -> dict[str, Any]:
    from archive.search.snippets import snippet

    row, version = (
        _known(reader.article_by_id(hit.article_id)),
        reader.version_by_id(hit.version_id),
    )
    assert version is not None
    article = version.article
    return {
        "id": row.id,
        "version": version.number,
        "versions": row.versions,
        "score": hit.score,
        "state": row.state,
        "source": row.source,
        "headline": article.headline,
        "url": row.canonical_url,
        "published": article.published.at if article.published else None,
        "first_seen_at": row.first_seen_at,
        "snippet": snippet(article.text, query),
    }


def _known(row: "ArticleRow | None") -> "ArticleRow":
    assert row is not None  # the index is fed from the catalogue
    return row


@click.command()
@click.argument("article")
@archive_option
@click.option(
    "--version", "number", metavar="N", type=click.IntRange(min=1), help="By default the last one."
)
@json_option
def show(article: str, folder: ArchiveFolder, number: int | None, *, as_json: bool) -> None:
    """Show an article: text, photos, where it stands, and where its bytes lie.

    ARTICLE is its number, its key or any address that ever led to it.

    \b
    Examples:
      salname show 12
      salname show https://fins.az/az/bank/123/ad/ --version 1 --json
    """
    from archive.shapes import article_shape

    with open_catalogue(folder) as reader:
        row = _find(reader, article)
        version = _version(reader, row, number or row.versions)
        if as_json:
            print_json(article_shape(reader, row, version))
        else:
            _print_article(reader, row, version)


@click.command()
@click.argument("article")
@archive_option
@json_option
def versions(article: str, folder: ArchiveFolder, *, as_json: bool) -> None:
    """List the versions of an article, and what else happened to it.

    \b
    Example:
      salname versions 12
    """
    from archive.feed_titles import unseen_titles

    with open_catalogue(folder) as reader:
        row = _find(reader, article)
        found = reader.version_list(row.id)
        changes = reader.changes_of(row.id)
        told = (*_sighting_lines(reader, row.id), *_title_lines(reader, row.id))
        unseen = unseen_titles(reader, row.id)
    if as_json:
        rows = [_version_row(each) for each in found]
        print_json({"id": row.id, "versions": rows, "changes": changes, "feed_titles": unseen})
        return
    for each in found:
        click.echo(
            f"{each.number:>3}  {local_time(each.first_seen_at)} … {local_time(each.last_seen_at)}"
            f"  seen {each.observations}×  {each.headline}"
        )
        if each.is_in_doubt:
            click.echo("     its page came without its end, and may have come half")
        if each.edit:
            click.echo(f"     {_edit_line(each.edit)}")
    for change in changes:
        facts = ", ".join(
            f"{key} {_words(value)}" for key, value in change.detail.items() if key != "edit"
        )
        click.echo(f"     {local_time(change.at)}  {change.kind}: {facts}")
    for line in told:
        click.echo(f"     {line}")


@click.command()
@click.argument("article")
@click.argument("old", required=False, type=click.IntRange(min=1))
@click.argument("new", required=False, type=click.IntRange(min=1))
@archive_option
@json_option
def diff(
    article: str, old: int | None, new: int | None, folder: ArchiveFolder, *, as_json: bool
) -> None:
    """Compare two versions of an article, word by word; by default the last two.

    \b
    Examples:
      salname diff 12
      salname diff 12 1 3
    """
    from archive.diff import compare, render_text

    with open_catalogue(folder) as reader:
        row = _find(reader, article)
        if row.versions == 1 and old is None:
            raise WrongUse(f"Article {row.id} has one version; there is nothing to compare.")
        new = new or row.versions
        old = old or new - 1
        before, after = (_version(reader, row, number) for number in (old, new))
    comparison = compare(before.article, after.article)
    if as_json:
        print_json({"id": row.id, "old": old, "new": new, "comparison": comparison})
        return
    click.echo(
        f"Article {row.id}, version {old} ({local_time(before.first_seen_at)}) against {new} ({local_time(after.first_seen_at)})"
    )
    click.echo(render_text(comparison, colour=sys.stdout.isatty()))


def _find(reader: "CatalogueReader", reference: str) -> "ArticleRow":
    row = reader.find_article(reference)
    if row is None:
        raise WrongUse(
            f"No article is known as {reference}. Give its number, its key or an address that "
            "led to it; `salname search` finds it."
        )
    return row


def _version(reader: "CatalogueReader", row: "ArticleRow", number: int) -> "VersionRow":
    version = reader.version_of(row.id, number)
    if version is None:
        raise WrongUse(
            f"Article {row.id} has {counted(row.versions, 'version')}; there is no {number}."
        )
    return version


def _edit_line(edit: dict[str, Any]) -> str:
    """What an edit did: its kinds, and the first words that went and came."""
    words = [f"-{each}-" for each in edit["removed"][:2]] + [
        f"+{each}+" for each in edit["added"][:2]
    ]
    told = textwrap.shorten(" ".join(words), _WIDTH, placeholder=" …")
    return f"{', '.join(edit['kinds'])}: {told}" if told else ", ".join(edit["kinds"])


def _version_row(version: "VersionSummary") -> dict[str, Any]:
    return {
        "number": version.number,
        "version_sha256": version.version_sha256,
        "first_seen_at": version.first_seen_at,
        "last_seen_at": version.last_seen_at,
        "observations": version.observations,
        "is_in_doubt": version.is_in_doubt,
        "headline": version.headline,
        "edit": version.edit,
    }


def _print_article(reader: "CatalogueReader", row: "ArticleRow", version: "VersionRow") -> None:
    article = version.article
    click.secho(article.headline, bold=True)
    dates = [article.section, article.published.at if article.published else "", *article.authors]
    click.echo("  ".join(part for part in (row.source, *dates) if part))
    click.echo(row.canonical_url)
    if article.lead:
        click.echo("\n" + textwrap.fill(article.lead, _WIDTH))
    for block in article.blocks:
        click.echo("\n" + "\n".join(_lines_of(block)))
    photos = reader.photos_of(version.id)
    if photos:
        click.echo()
    for photo in photos:
        size = f"{photo.width_px}×{photo.height_px}" if photo.width_px else "not here"
        said = photo.caption or photo.file_caption, photo.credit or photo.file_credit
        words = " / ".join(filter(None, said))
        click.echo(f"Photo {photo.position + 1}: {photo.url}  {size}  {words}".rstrip())
    for each in reader.same_text_as(version.id):
        click.echo(f"The same text: {each.id}  {each.source}  {each.canonical_url}")
    since = row.hidden_since
    hidden = f", on no list of its site since {local_time(since)}" if since else ""
    click.echo(
        f"\nVersion {version.number} of {row.versions}, seen {version.observations}× from "
        f"{local_time(version.first_seen_at)} to {local_time(version.last_seen_at)}; "
        f"the article is {row.state}{hidden}."
    )
    for line in _signal_lines(reader, row):
        click.echo(line)
    if capture := reader.capture_by_id(version.first_capture_id):
        place = capture.location
        click.echo(
            f"Proof: segment {place.segment}, byte {place.offset}, length {place.length}, "
            f"payload sha256 {capture.payload_sha256}"
        )


def _signal_lines(reader: "CatalogueReader", row: "ArticleRow") -> Iterator[str]:
    """Where an article stood on the lists of its site, and what feeds alone called it."""
    from archive.catalogue.prominence import places_of

    for url, held in groupby(places_of(reader.db, row.id), key=lambda place: place.list_url):
        places = tuple(held)
        best = min(places, key=lambda place: place.position)
        more = f"; {counted(len(places), 'place')} noted" if len(places) > 1 else ""
        until = "still there" if best.is_now else "to"
        yield (
            f"Place {best.position} on {url} from {local_time(best.first_seen_at)} "
            f"{until} {local_time(best.last_seen_at)}{more}"
        )
    yield from _sighting_lines(reader, row.id)
    yield from _title_lines(reader, row.id)


def _sighting_lines(reader: "CatalogueReader", article_id: int) -> Iterator[str]:
    """What looks found besides the article, from the first to the last of them."""
    from archive.catalogue.sighted import sightings_of

    for each in sightings_of(reader.db, article_id):
        reason = f": {each.reason}" if each.reason else ""
        control = f"; control page {each.control}" if each.control else ""
        yield (
            f"Found {each.state} from {local_time(each.first_at)} to {local_time(each.last_at)}, "
            f"{counted(each.looks, 'look')}{reason}{control}"
        )


def _title_lines(reader: "CatalogueReader", article_id: int) -> Iterator[str]:
    from archive.feed_titles import unseen_titles

    for each in unseen_titles(reader, article_id):
        at = local_time(each.at)
        yield f"In the feed alone, never on the page: {each.title}  ({each.feed_url}, {at})"


def _lines_of(block: "Block") -> Iterator[str]:
    for line in block.text.splitlines():
        yield textwrap.fill(line, _WIDTH)


def _words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
