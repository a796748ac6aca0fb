"""Telling why: which articles carry the same text, and what joined them."""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from archive.errors import WrongUse
from archive.folder import ArchiveFolder
from crawler.commands.options import (
    archive_option,
    json_option,
    local_time,
    open_catalogue,
    print_json,
)

if TYPE_CHECKING:
    from archive.story_view import StoryMember


@click.command()
@click.argument("article")
@archive_option
@json_option
def why(article: str, folder: ArchiveFolder, *, as_json: bool) -> None:
    """Explain an article's story: who printed the same text, in which order, and what joined them.

    \b
    Example:
      salname why 12
    """
    from archive.story_view import find_story

    with open_catalogue(folder) as reader:
        row = reader.find_article(article)
        if row is None:
            raise WrongUse(
                f"No article is known as {article}. Give its number, its key or an address that "
                "led to it; `salname search` finds it."
            )
        story = find_story(reader, row.id)
    if as_json:
        print_json({"id": row.id, "story": story})
        return
    if story is None:
        click.echo(f"Article {row.id} stands alone: no other article carries its text.")
        return
    click.echo(f"Story {story.id}, in the order of publication:")
    for member in story.members:
        for line in _member_lines(member):
            click.echo(line)
    for later in story.later:
        click.echo(
            f"Reprinted later: {later.id}  {later.source}  {local_time(later.first_seen_at)}"
        )


def _member_lines(member: "StoryMember") -> Iterator[str]:
    row = member.article
    named = f"  names {', '.join(member.names)}" if member.names else ""
    yield f"{row.id:>6}  {member.at[:16]}  {row.source}  {row.title}{named}"
    if member.likeness is None:
        return
    alike = member.likeness
    yield (
        f"        shares {alike.shared:.0%} of the shorter text; numbers agree to "
        f"{alike.numbers:.0%}, names to {alike.names:.0%}; fingerprints {' '.join(member.anchors[:4])}"
    )
    if (made := member.paragraphs) is not None:
        yield (
            f"        paragraphs: {made.kept} kept, {made.changed} changed, {made.left_out} left out, "
            f"{made.added} added"
        )
    for sentence in member.sentences[:3]:
        yield f"        = {sentence}"


@click.command()
@click.option(
    "--batch",
    "file",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help='JSON lines {"id","url","at","title","text"}; - is standard input.',
)
def stories(file: Path) -> None:
    """Find the stories of texts in a file, in its order, each seeing the ones before it alone.

    Prints for each its story (the id of the story's first text) and why. No archive is touched.

    \b
    Example:
      salname stories --batch texts.jsonl
    """
    from archive.story_batch import StoryBatch

    batch = StoryBatch()
    for line in _lines_of(file):
        try:
            asked = orjson.loads(line)
            id_, text = str(asked["id"]), str(asked["text"])
            day = date.fromisoformat(str(asked["at"])[:10])
        except (ValueError, KeyError, TypeError) as error:
            raise WrongUse(
                f"Not a line of a batch ({error}): {line[:200].decode(errors='replace')}"
            ) from error
        print_json(_told(asked["id"], asdict(batch.place(id_, day, text))))


def _told(id_: Any, placed: dict[str, Any]) -> dict[str, Any]:
    return {"id": id_, **placed}


def _lines_of(file: Path) -> Iterator[bytes]:
    try:
        lines = sys.stdin.buffer if str(file) == "-" else file.read_bytes().splitlines()
    except OSError as error:
        raise WrongUse(f"{file} cannot be read: {error.strerror}.") from error
    yield from (line for line in lines if line.strip())
