"""Reading by hand: pages and strings, without an archive."""

import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson
from typing_extensions import override

from archive.errors import PageError, WrongUse
from crawler.commands.options import print_json, sources_option

if TYPE_CHECKING:
    from crawler.source import Source


class _Time(click.ParamType[datetime]):
    """A moment in RFC 3339; without a zone it is Baku's."""

    name = "time"

    @override
    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        """The aware moment."""
        try:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} is no time such as 2026-02-14T18:00:00+04:00", param, ctx)
        return moment if moment.tzinfo else _in_baku(moment)


def _in_baku(moment: datetime) -> datetime:
    from zoneinfo import ZoneInfo

    return moment.replace(tzinfo=ZoneInfo("Asia/Baku"))


_AT = click.option(
    "--at", metavar="TIME", type=_Time(), help="The moment of the capture; now by default."
)


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--url", help="The page's address.")
@_AT
@click.option(
    "--batch",
    is_flag=True,
    help='Read JSON lines {"id","path","url","at"} from the FILE or standard input.',
)
@sources_option
def extract(
    files: tuple[Path, ...],
    url: str | None,
    at: datetime | None,
    sources_dir: Path | None,
    *,
    batch: bool,
) -> None:
    """Print the article on a saved page as JSON; no archive is touched.

    The rules of the source on the address's host are used, if there is one.

    \b
    Examples:
      salname extract page.html --url https://fins.az/az/bank/123/ad/ --at 2023-02-14T18:00+04:00
      salname extract page.html --url https://numune.example/xeber/41/ --sources my-sources
      salname extract --batch pages.jsonl > articles.jsonl
    """
    from crawler.source import load_sources

    sources = load_sources(sources_dir)
    if batch:
        for line in _batch_lines(files):
            print_json(_extract_line(line, sources))
        return
    if not files or url is None:
        raise WrongUse("Name a FILE and its --url, or use --batch.")
    for file in files:
        print_json(_extract(file, url, at or datetime.now(UTC), sources))


def _batch_lines(files: tuple[Path, ...]) -> Iterator[bytes]:
    if not files:
        yield from (line for line in sys.stdin.buffer if line.strip())
    for file in files:
        yield from (line for line in file.read_bytes().splitlines() if line.strip())


def _extract_line(line: bytes, sources: "Mapping[str, Source]") -> dict[str, Any]:
    try:
        asked = orjson.loads(line)
        at = _Time().convert(asked["at"], None, None) if asked.get("at") else datetime.now(UTC)
        id_, path, url = asked["id"], Path(asked["path"]), asked.get("url") or ""
    except (ValueError, KeyError, TypeError, AttributeError, click.ClickException) as error:
        raise WrongUse(
            f"Not a line of a batch ({error}): {line[:200].decode(errors='replace')}"
        ) from error
    return {"id": id_, **_extract(path, url, at, sources)}


def _extract(file: Path, url: str, at: datetime, sources: "Mapping[str, Source]") -> dict[str, Any]:
    from archive.article import article_to_dict
    from crawler.deadline import CpuDeadline
    from crawler.source import source_of_address
    from pipelines.extract import read_page
    from pipelines.items import Page

    try:
        body = file.read_bytes()
    except OSError as error:
        raise WrongUse(f"{file} cannot be read: {error.strerror}.") from error
    source = source_of_address(url, sources)
    try:
        with CpuDeadline():
            page = Page(url=url, captured_at=at, body=body)
            article = read_page(page, source.site if source else None)
    except PageError as error:
        return {"kind": "error", "url": url, "reason": str(error)}
    return article_to_dict(article)


@click.command()
@click.argument("what", type=click.Choice(["date", "headline", "attribution", "language", "terms"]))
@_AT
def read(what: str, at: datetime | None) -> None:
    """Read strings, one a line of standard input, and print a JSON object for each.

    \b
    Examples:
      echo "14 Fevral" | salname read date --at 2023-02-14T18:00+04:00
      echo "Sammit başladı - FOTO" | salname read headline
    """
    reader = _READERS[what]
    seen = at or datetime.now(UTC)
    for line in sys.stdin.buffer:
        print_json(reader(line.decode(errors="replace").rstrip("\r\n"), seen))
        sys.stdout.flush()


def _date(text: str, seen: datetime) -> dict[str, Any]:
    from pipelines.dates import read_date

    # A line stands for the whole of a string, whose own line ends are written \n.
    moment = read_date(text.replace("\\n", "\n"), seen=seen)
    return {
        "printed": text,
        "at": moment.at if moment else None,
        "precision": moment.precision if moment else None,
        "how": moment.how if moment else None,
    }


def _headline(text: str, _: datetime) -> dict[str, Any]:
    from pipelines.headlines import read_headline

    found = read_headline(text)
    return {
        "headline": found.headline,
        "title": found.title,
        "markers": found.markers,
        "update_no": found.update_no,
    }


def _attribution(text: str, _: datetime) -> dict[str, Any]:
    from pipelines.attribution import read_attribution

    found = read_attribution(text)
    return {"sentence": text, "kind": found.kind, "site": found.site, "source": found.source}


def _language(text: str, _: datetime) -> dict[str, Any]:
    from pipelines.language import read_language

    found = read_language(text)
    return {"language": found.language, "script": found.script}


def _terms(text: str, _: datetime) -> dict[str, Any]:
    from archive.azerbaijani import terms

    found = terms(text)
    return {"text": text, "surface": found.surface, "stems": found.stems}


_READERS: dict[str, Callable[[str, datetime], dict[str, Any]]] = {
    "date": _date,
    "headline": _headline,
    "attribution": _attribution,
    "language": _language,
    "terms": _terms,
}
