"""Checks a source's rules on one page, field by field: for whoever writes or mends its file."""

import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from http.client import HTTPException
from pathlib import Path
from typing import IO, Any
from urllib.parse import urljoin

from protego import Protego
from typing_extensions import override

from archive.article import Article, Moment
from archive.errors import PageError, WrongUse
from crawler.settings import DEFAULT_REQUEST_HEADERS, USER_AGENT
from crawler.source import Source
from pipelines.addresses import is_address_of, is_article_address
from pipelines.extract import read_page
from pipelines.items import Page

_MAX_BYTES = 16_000_000
_TIMEOUT_S = 30
_SHOWN_CHARS = 100
_RULE_OF_FIELD = {  # where the article's field has another name than the layout's
    "published": "date",
    "text": "body",
    "markers": "badges",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCheck:
    """What was read of one field.

    value     as it can be shown in a line, or None where the page gave nothing
    found_by  what found it, such as `rule:body`, `json-ld`; None where nothing did
    doubt     what its author should look at, such as a rule of the source that found nothing
    """

    field: str
    value: str | None
    found_by: str | None = None
    doubt: str | None = None


def check_source(source: Source, page: Page) -> tuple[FieldCheck, ...]:
    """What the source's rules find on a page, a check a field, the page's kind first.

    Raises:
        PageError: the page cannot be read at all.
    """
    article = read_page(page, source.site)
    has_shape = is_article_address(page.url, source.site)
    kind = FieldCheck(
        field="kind",
        value=article.kind.value,
        found_by=article.reason,
        doubt=None if has_shape else "the address matches none of the source's article patterns",
    )
    return (kind, *(_check(name, show, article, source) for name, show in _SHOWN.items()))


def page_of_file(file: Path, url: str) -> Page:
    """The page that a saved file holds, as captured when the file was last written."""
    captured_at = datetime.fromtimestamp(file.stat().st_mtime, tz=UTC)
    return Page(url=url, captured_at=captured_at, body=file.read_bytes())


def fetch_page(url: str, source: Source) -> Page:
    """The page at the address, fetched once and kept nowhere; robots.txt is asked first.

    Raises:
        WrongUse: the address is not on the source's hosts, or robots.txt forbids it.
        PageError: the server did not answer with a page.
    """
    if not is_address_of(url, source.site):
        raise WrongUse(f"{url} is not on a host of {source.name}: {', '.join(source.site.hosts)}.")
    opener = urllib.request.build_opener(_OnHostsOf(source))
    if not _is_allowed(url, opener):
        raise WrongUse(
            f"The robots.txt of {source.host} forbids {url}; save the page and use --file."
        )
    try:
        with _opened(url, opener) as answer:
            return Page(
                url=answer.url,
                captured_at=datetime.now(UTC),
                body=answer.read(_MAX_BYTES),
                status=answer.status,
                content_type=answer.headers.get("Content-Type"),
            )
    except (OSError, HTTPException) as error:
        raise PageError(f"{url} could not be fetched: {error}") from error


class _OnHostsOf(urllib.request.HTTPRedirectHandler):
    """Follows redirects on a source's own hosts alone."""

    def __init__(self, source: Source) -> None:
        self._source = source

    @override
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> urllib.request.Request | None:
        if not is_address_of(newurl, self._source.site):
            raise urllib.error.URLError(f"it redirects to {newurl}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def _opened(url: str, opener: urllib.request.OpenerDirector) -> Any:
    headers = {**DEFAULT_REQUEST_HEADERS, "User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
    return opener.open(urllib.request.Request(url, headers=headers), timeout=_TIMEOUT_S)  # noqa: S310  # is_address_of lets http alone pass


def _is_allowed(url: str, opener: urllib.request.OpenerDirector) -> bool:
    try:
        with _opened(urljoin(url, "/robots.txt"), opener) as answer:
            rules = answer.read(500_000).decode("utf-8", "replace")  # RFC 9309: 500 KiB at least
    except urllib.error.HTTPError as error:
        return error.code < 500  # RFC 9309, section 2.3.1: unavailable allows, unreachable forbids
    except (OSError, HTTPException) as error:
        raise PageError(f"The robots.txt for {url} could not be fetched: {error}") from error
    return bool(Protego.parse(rules).can_fetch(url, "Salname"))


def _check(
    name: str, show: Callable[[Article], str], article: Article, source: Source
) -> FieldCheck:
    found_by = article.provenance.get(name)
    value = " ".join(show(article).split())
    shown = f"{value[:_SHOWN_CHARS]}…" if len(value) > _SHOWN_CHARS else value
    rule = _RULE_OF_FIELD.get(name, name)
    has_rule = any(getattr(layout, rule, ()) for layout in source.rules)
    is_dead = has_rule and not (found_by or "").startswith("rule")
    return FieldCheck(
        field=name,
        value=shown or None,
        found_by=found_by if shown else None,
        doubt=f"the source's rule for {rule} found nothing" if is_dead else None,
    )


def _moment(moment: Moment | None) -> str:
    return "" if moment is None else f"{moment.at} ({moment.precision}; {moment.printed!r})"


_SHOWN: Mapping[str, Callable[[Article], str]] = {
    "canonical_url": lambda article: article.canonical_url,
    "article_id": lambda article: article.article_id or "",
    "headline": lambda article: article.headline,
    "title": lambda article: article.title,
    "markers": lambda article: ", ".join(article.markers),
    "lead": lambda article: article.lead,
    "section": lambda article: article.section,
    "authors": lambda article: ", ".join(article.authors),
    "tags": lambda article: ", ".join(article.tags),
    "language": lambda article: article.language or "",
    "published": lambda article: _moment(article.published),
    "modified": lambda article: _moment(article.modified),
    "text": lambda article: f"{len(article.blocks)} blocks: {article.text}" if article.text else "",
    "attribution": lambda article: ", ".join(
        each.name or each.kind for each in article.attribution
    ),
    "photos": lambda article: " ".join(each.url for each in article.photos),
    "embeds": lambda article: " ".join(each.url for each in article.embeds),
    "doubts": lambda article: "; ".join(article.doubts),
}
