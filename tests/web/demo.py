"""The demo: crawl the made-up web on two of its days and tell what the archive then knows.

`python -m tests.web.demo demo-archive` makes an archive in that folder, only through the command
line that everybody uses. Called again it starts afresh, and removes the folder for that only when
it made it itself: it knows it by the file `.made-by-demo`.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from archive.article import Article, article_from_dict
from archive.diff import Comparison, PhotoKind, compare
from archive.word_diff import Piece, PieceKind
from crawler.commands.options import counted
from tests.web.server import MadeUpWeb

MARKER = ".made-by-demo"
SOURCES = Path(__file__).parent / "sources"
SALNAME = Path(sys.executable).parent / "salname"
_WIDTH = 78


class DemoError(click.ClickException):
    """The demo cannot go on; the text says why."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("demo-archive"))
def main(folder: Path) -> None:
    """Crawl the made-up web twice into FOLDER and show what was found and what changed."""
    start_afresh(folder)
    with MadeUpWeb() as web:
        hosts = ", ".join(site.host for site in web.truth.sites)
        click.echo(f"A made-up web is up: {hosts}")
        prepare(folder, web.proxy_url)
        click.echo("First crawl …")
        first = crawl(folder)
        before = export(folder, "day-1.jsonl", since=0)
        click.echo("A day goes by on the made-up web: edits, a removal, two moves, new articles.")
        web.advance()
        click.echo("Second crawl …")
        second = crawl(folder)
        after = export(folder, "day-2.jsonl", since=before[-1]["cursor"] if before else 0)
    show_found(first, second)
    click.echo(
        f"  {count_appeared(before)} of the {len(web.truth.articles(1))} articles of the first day"
    )
    show_changes(before, after)
    show_places(folder)
    show_next(folder, after)


def start_afresh(folder: Path) -> None:
    """Remove what an earlier demo made; leave everything else alone.

    Raises:
        DemoError: the folder holds something that no demo made.
    """
    if not folder.exists():
        return
    if (folder / MARKER).is_file():
        click.echo(f"{folder} is from an earlier demo: removed, to start afresh.")
        shutil.rmtree(folder)
    elif not folder.is_dir() or any(folder.iterdir()):
        raise DemoError(
            f"{folder} was not made by the demo, so it is left alone. "
            "Name another folder: python -m tests.web.demo FOLDER"
        )


def prepare(folder: Path, proxy_url: str) -> None:
    """Make the archive, and let its settings lead to the made-up web."""
    run_salname("init", str(folder))
    (folder / MARKER).write_text("The demo may remove this folder: it made it.\n", encoding="utf-8")
    settings = folder / "salname.toml"
    text = settings.read_text(encoding="utf-8")
    wanted = {
        "contact": "demo@salname.example",
        "pause_s": 0,
        "proxy": proxy_url,
        "allow_private_addresses": True,
        "look_again_s": [0],
        "gone_after_h": 0,
    }
    for key, value in wanted.items():
        text, count = re.subn(rf"(?m)^{key} = .*$", f"{key} = {json.dumps(value)}", text)
        if count != 1:
            raise DemoError(f"{settings} has no single line for {key}.")
    settings.write_text(text, encoding="utf-8")


def crawl(folder: Path) -> Mapping[str, Any]:
    """Crawl all made-up sources once; the summary as `salname crawl --json` prints it."""
    arguments = ("crawl", "--archive", str(folder), "--sources", str(SOURCES), "--json")
    summary: Mapping[str, Any] = json.loads(run_salname(*arguments, stderr=None))  # its progress
    return summary


def export(folder: Path, name: str, *, since: int) -> list[dict[str, Any]]:
    """Export the changes behind a cursor into the archive's `exports/`, and read them back."""
    path = folder / "exports" / name
    places = ("--archive", str(folder), "--since", str(since), "--output", str(path))
    run_salname("export", "jsonl", *places)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def run_salname(*arguments: str, stderr: int | None = subprocess.PIPE) -> str:
    """What the command printed on standard output.

    Raises:
        DemoError: it ended with another exit code than 0; the text is what it said.
    """
    command = [str(SALNAME), *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=stderr, text=True, check=False)
    if done.returncode != 0:
        said = f" {done.stderr}" if done.stderr else ""
        raise DemoError(f"salname {arguments[0]} ended with exit code {done.returncode}.{said}")
    return done.stdout


def count_appeared(lines: list[dict[str, Any]]) -> int:
    """How many articles an export tells as new."""
    return sum(line["change"] == "appeared" for line in lines)


def show_found(first: Mapping[str, Any], second: Mapping[str, Any]) -> None:
    """What each crawl found, a line a source."""
    _heading("Found")
    click.echo(f"  {'source':24}{'articles':>9}{'photos':>8}   second crawl")
    for name, counts in sorted(first["sources"].items()):
        later = second["sources"][name]
        click.echo(
            f"  {name:24}{counts['articles']:>9}{counts['photos']:>8}   "
            f"{counted(later['new_versions'], 'new version')}, "
            f"{counted(later['unchanged'], 'page')} unchanged"
        )


def show_changes(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    """What the second day brought, article by article."""
    _heading("Changed on the second day")
    known = {line["article"]["archive"]["id"]: line["article"] for line in before}
    for line in after:
        article = line["article"]
        click.echo(f"  {line['change']:11}{article['archive']['source']}: {article['headline']}")
        old = known.get(article["archive"]["id"])
        for words in _explained(line, None if old is None else article_from_dict(old)):
            click.echo(f"{'':13}{words}")


def show_places(folder: Path) -> None:
    """Where WARC, catalogue and exports lie."""
    _heading("Where it lies")
    for words, pattern in (
        ("WARC", "segments/*.warc.gz*"),
        ("catalogue", "catalogue.sqlite"),
        ("exports", "exports/*"),
    ):
        for path in sorted(folder.glob(pattern)):
            click.echo(f"  {words:11}{path} ({path.stat().st_size // 1000} kB)")


def show_next(folder: Path, after: list[dict[str, Any]]) -> None:
    """The three commands to try next."""
    edited = [line["article"] for line in after if line["change"] == "edited"]
    reference = edited[-1]["archive"]["id"] if edited else 1
    _heading("Try next")
    command = (
        f"{SALNAME.relative_to(Path.cwd()) if SALNAME.is_relative_to(Path.cwd()) else SALNAME}"
    )
    click.echo(f'  {command} search "asan xidmət" --archive {folder}')
    click.echo(f"  {command} diff {reference} --archive {folder}")
    click.echo(f"  {command} serve --archive {folder}")


def _heading(words: str) -> None:
    click.echo(f"\n{words}\n{'─' * _WIDTH}")


def _explained(line: Mapping[str, Any], old: Article | None) -> Iterator[str]:
    detail = line["detail"]
    if line["change"] == "moved":
        yield f"from {detail['from']}"
        yield f"to   {detail['to']}"
    elif line["change"] in {"edited", "marked"} and old is not None:
        yield from _differences(compare(old, article_from_dict(line["article"])))
    elif line["change"] in {"missing", "disappeared"}:
        yield f"{line['article']['url']} does not answer any more; its text stays"
    elif other := detail.get("same_text_as"):
        yield f"the same text as article {other}: a reprint"


def _differences(comparison: Comparison) -> Iterator[str]:
    for field in comparison.fields:
        if field.name == "headline":
            yield f"headline: {_marked(field.pieces)}"
    for paragraph in comparison.paragraphs:
        if any(piece.kind is not PieceKind.EQUAL for piece in paragraph.pieces):
            yield f"text: {_marked(paragraph.pieces)}"
    for photo in comparison.photos:
        if photo.kind is PhotoKind.ADDED and photo.new is not None:
            yield f"photo added: {photo.new.caption or photo.new.url}"


def _marked(pieces: tuple[Piece, ...]) -> str:
    marks = {PieceKind.EQUAL: "{}", PieceKind.DELETED: "[-{}-]", PieceKind.INSERTED: "{{+{}+}}"}
    return "".join(marks[piece.kind].format(piece.text) for piece in pieces)


if __name__ == "__main__":
    main()
