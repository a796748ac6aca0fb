"""Judges an answer: what it is, what was made of it, and where its address stands after it."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from archive.article import PageKind
from archive.catalogue.work import Work
from archive.content import content_of
from archive.errors import PageError, PageTooCostly
from archive.exchange import Exchange
from archive.ledger import AddressKind, Candidate, LedgerState
from archive.moments import now, stamp
from archive.reading import Reading
from archive.rendering import Rendering
from crawler.article_endpoints import asked_address
from crawler.backfill import narrow
from crawler.date_archives import days_of_page
from crawler.deadline import MAX_CPU_S, CpuDeadline
from crawler.discovery import day_before, discover, way_of
from crawler.errand import Errand, Visit
from crawler.middlewares.patience import BUSY, read_retry_after
from crawler.robots import read_robots
from crawler.source import Source
from crawler.ways import Archive
from pipelines.addresses import (
    article_key,
    canonical_address,
    is_address_of,
    is_article_address,
    normal_address,
)
from pipelines.endings import is_unclosed
from pipelines.extract import read_page
from pipelines.items import Page
from pipelines.pictures import measure_photo
from pipelines.replaced import why_replaced
from pipelines.robots_meta import asks_noarchive
from pipelines.rules import Site

log = logging.getLogger(__name__)

_MAX_REDIRECTS = 10
_LEADS_TO = re.compile(r" to (\S+)$")  # what a page says that refreshes to another at once
_FRONT_PAGE = re.compile(  # of a site, or of one of its languages
    r"/?(?:[a-z]{2}/?)?(?:(?:index|default|home)(?:\.\w{2,5})?/?)?", re.IGNORECASE
)
_NOT_THERE = re.compile(  # in the folded words of an error page
    r"\b(?:404|410)\b|not (?:be )?found|not exist|tapilmad|movcud deyil|silinib|yoxdur"
    r"|не найден|не существует"
)
_WALK_BACK = 25  # lists that a source's first run walks back; a backfill walks on
_CATCH_UP = 200  # that later runs walk back, after an outage, until they meet what is known
_LISTS = (AddressKind.FEED, AddressKind.SITEMAP, AddressKind.LISTING)
_KIND_OF_LIST = {
    AddressKind.FEED: PageKind.FEED,
    AddressKind.SITEMAP: PageKind.SITEMAP,
    AddressKind.LISTING: PageKind.LIST,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a reading says of the run that made it, and what that run wants.

    max_content_bytes  longest content that a body may unpack to
    max_cpu_s          CPU time that one answer may take to be judged and read
    backfill           first and last day of what is wanted of the past, or None for news alone
    walked             sources whose lists an earlier run has walked to their end
    clock              the moment it is, for a look without an answer
    """

    run: str
    extractor: str
    max_content_bytes: int
    max_cpu_s: float = MAX_CPU_S
    backfill: tuple[date, date] | None = None
    walked: frozenset[str] = frozenset()
    clock: Callable[[], datetime] = now


def judge(visit: Visit, circumstances: Circumstances) -> Reading:
    """The reading of one visit, with or without an answer; never raises for what a page holds."""
    errand = visit.errand
    known: dict[str, Any] = {
        "run": circumstances.run,
        "extractor": circumstances.extractor,
        "source": errand.source.name,
        "url": errand.work.url,
        "expected": errand.work.kind,
        "depth": errand.work.depth,
    }
    exchange = errand.exchange
    if exchange is None or visit.failure is not None:
        state = LedgerState.REFUSED if visit.is_refused else LedgerState.FAILED
        at = exchange.captured_at if exchange else circumstances.clock()
        if exchange is None and _is_of_endpoint(errand):
            known["asked"] = asked_address(errand.work, errand.source.site)
        return Reading(
            **known, at=stamp(at), kind=PageKind.ERROR, state=state, reason=visit.failure
        )
    known["at"] = stamp(exchange.captured_at)
    try:
        with CpuDeadline(circumstances.max_cpu_s):
            found = _judge_answer(errand, exchange, circumstances)
    except PageError as error:
        found = _verdict(PageKind.ERROR, LedgerState.FAILED, str(error))
    except Exception as error:  # our bug on one page costs no other page
        log.exception("page not read", extra={"url": errand.work.url})
        found = _verdict(
            PageKind.ERROR, LedgerState.FAILED, f"it cannot be read: {type(error).__name__}"
        )
    if found["state"] is LedgerState.FETCHED:
        known["etag"] = _header(exchange, "etag")
        known["last_modified"] = _past_date(exchange, "last-modified")
    return Reading(**known, **found)


def robots_reading(exchange: Exchange, source: str, circumstances: Circumstances) -> Reading:
    """The reading of a robots.txt that was fetched on the way."""
    state = LedgerState.FETCHED if exchange.status < 400 else LedgerState.GONE
    if read_robots(exchange.status, b"").trouble:
        state = LedgerState.FAILED
    return Reading(
        run=circumstances.run,
        extractor=circumstances.extractor,
        source=source,
        url=normal_address(exchange.url),
        at=stamp(exchange.captured_at),
        expected=AddressKind.ROBOTS,
        kind=PageKind.ROBOTS,
        state=state,
        reason=None if exchange.status < 400 else f"status {exchange.status}",
    )


def failed_reading(reading: Reading, why: str) -> Reading:
    """The same look as a failure, where what was made of it cannot be kept."""
    return Reading(
        run=reading.run,
        extractor=reading.extractor,
        source=reading.source,
        url=reading.url,
        at=reading.at,
        expected=reading.expected,
        depth=reading.depth,
        kind=PageKind.ERROR,
        state=LedgerState.FAILED,
        reason=why,
    )


def _judge_answer(
    errand: Errand, exchange: Exchange, circumstances: Circumstances
) -> Mapping[str, Any]:
    status = exchange.status
    if status == 304:
        return _verdict(PageKind.UNCHANGED, LedgerState.FETCHED)
    if 300 <= status < 400 and (location := _header(exchange, "location")):
        return _judge_redirect(errand, exchange, location)
    if status in BUSY:
        asked = _header(exchange, "retry-after") or ""
        wait_s = read_retry_after(asked, now=exchange.captured_at)
        return {
            **_verdict(PageKind.ERROR, LedgerState.FAILED, f"status {status}: asked for patience"),
            "retry_after_s": wait_s,
        }
    if status in (404, 410):
        verdict = _verdict(PageKind.ERROR, LedgerState.GONE, f"status {status}")
        return {**verdict, "more": _past_an_empty_day(errand, circumstances)}
    if status in (401, 403, 451):
        return _verdict(PageKind.BLOCK, LedgerState.BLOCKED, f"status {status}")
    if not 200 <= status < 300:
        return _verdict(PageKind.ERROR, LedgerState.FAILED, f"status {status}")
    if exchange.truncated == "disconnect":
        return _verdict(PageKind.ERROR, LedgerState.FAILED, "the connection ended too early")
    if exchange.truncated == "time":
        return _verdict(PageKind.ERROR, LedgerState.FAILED, "the answer was not whole in time")
    return _judge_body(errand, _page_of(errand, exchange, circumstances), exchange, circumstances)


def _is_of_endpoint(errand: Errand) -> bool:
    """Whether the answer is an endpoint's, which holds the article of another address."""
    return asked_address(errand.work, errand.source.site) != errand.work.url


def _past_an_empty_day(errand: Errand, circumstances: Circumstances) -> tuple[Candidate, ...]:
    """Where a date archive goes on that has no page for a day without articles."""
    work = errand.work
    if work.kind is not AddressKind.LISTING:
        return ()
    way, wanted = way_of(errand.source, work.url, work.kind), circumstances.backfill
    if wanted is None:
        return day_before(work.url, way) if work.depth < _WALK_BACK else ()
    days = days_of_page(work.url, way) if isinstance(way, Archive) else None
    return day_before(work.url, way) if days and days[0] > wanted[0] else ()


def _judge_body(
    errand: Errand, page: Page, exchange: Exchange, circumstances: Circumstances
) -> Mapping[str, Any]:
    work, source = errand.work, errand.source
    is_same = (
        work.earlier is not None
        and work.earlier.payload_sha256 == exchange.payload_sha256
        and errand.rendering is None  # the same shell may show another article
    )
    if work.kind is AddressKind.PHOTO:
        facts = measure_photo(page.body)
        return {**_verdict(PageKind.PHOTO, LedgerState.FETCHED), "photo": facts}
    is_list = work.kind in _LISTS
    if is_same and (work.is_known or (is_list and circumstances.backfill is None)):
        return _verdict(PageKind.UNCHANGED, LedgerState.FETCHED)
    if is_list:
        return _judge_list(errand, page, circumstances)
    found = _judge_page(page, source.site, work)
    is_early = errand.rendering is not None and errand.rendering.truncated is not None
    if is_early and found["kind"] is not PageKind.ARTICLE:
        why = "its scripts had not come to rest in time"
        return _verdict(PageKind.ERROR, LedgerState.FAILED, why)
    if found["kind"] is PageKind.MOVED and (target := _LEADS_TO.search(found["reason"] or "")):
        return _judge_redirect(errand, exchange, target[1])
    return found


def _judge_list(errand: Errand, page: Page, circumstances: Circumstances) -> Mapping[str, Any]:
    work, source = errand.work, errand.source
    found = discover(page, way_of(source, work.url, work.kind), source)
    kind, is_sitemap = _KIND_OF_LIST[work.kind], work.kind is AddressKind.SITEMAP
    backfill = circumstances.backfill
    if backfill is None:
        is_catching_up = found.candidates and source.name in circumstances.walked
        more = found.more if work.depth < (_CATCH_UP if is_catching_up else _WALK_BACK) else ()
        verdict = _verdict(kind, LedgerState.FETCHED)
        return {**verdict, "candidates": found.candidates, "more": more}
    narrowed = narrow(found, page, backfill, source.site, is_sitemap=is_sitemap)
    why = f"{narrowed.left_out} undated addresses left out" if narrowed.left_out else None
    verdict = _verdict(kind, LedgerState.FETCHED, why)
    return {**verdict, "candidates": narrowed.candidates, "more": narrowed.more}


def _judge_page(page: Page, site: Site, work: Work) -> Mapping[str, Any]:
    article = read_page(page, site)
    if article.kind is PageKind.BLOCK:
        return _verdict(PageKind.BLOCK, LedgerState.BLOCKED, article.reason)
    if site.endpoint is not None and article.provenance.get("text") != "rule:body":
        # Its shape has changed, or it says in words of its own that there is no such article.
        why = "its endpoint's answer has no body where the rules look"
        return _verdict(PageKind.ERROR, LedgerState.FAILED, why)
    if work.title is not None and (gone := why_replaced(page, site, article, title=work.title)):
        return _verdict(PageKind.LIST, LedgerState.GONE, gone)
    if article.kind is PageKind.ARTICLE:
        return {
            **_verdict(PageKind.ARTICLE, LedgerState.FETCHED),
            "noarchive": asks_noarchive(page.body) or None,
            "unclosed": (site.endpoint is None and is_unclosed(page.body)) or None,
            "article": article,
            "article_key": article_key(article.canonical_url, site),
        }
    if article.kind is PageKind.ERROR and work.is_known:
        # "Service unavailable" and an empty answer speak of the site, not of the article.
        is_absent = _NOT_THERE.search(article.reason or "") is not None
        state = LedgerState.GONE if is_absent else LedgerState.FAILED
        return _verdict(PageKind.ERROR, state, article.reason)
    return _verdict(article.kind, LedgerState.NOT_ARTICLE, article.reason)


def _judge_redirect(errand: Errand, exchange: Exchange, location: str) -> Mapping[str, Any]:
    work, site = errand.work, errand.source.site
    target = urljoin(exchange.url, location)
    if _is_of_endpoint(errand):
        return _verdict(PageKind.ERROR, LedgerState.FAILED, f"its endpoint redirects to {target}")
    if work.depth >= _MAX_REDIRECTS:
        return _verdict(
            PageKind.ERROR, LedgerState.FAILED, f"more than {_MAX_REDIRECTS} redirects in a row"
        )
    if work.kind is AddressKind.PHOTO:
        moved_to = normal_address(target)
    elif not is_address_of(target, site):
        host = urlsplit(target).hostname
        return _verdict(PageKind.MOVED, LedgerState.NOT_ARTICLE, f"redirects to {host}")
    elif work.kind is AddressKind.PAGE and _is_list(target, errand.source):
        return _verdict(PageKind.MOVED, LedgerState.GONE, "redirects to the front page")
    else:
        moved_to = (
            canonical_address(target, site)
            if work.kind is AddressKind.PAGE
            else normal_address(target)
        )
    if moved_to == work.url:
        moved_to = normal_address(target)  # another form of it, on another host or scheme
    if moved_to == work.url or normal_address(target) == normal_address(exchange.url):
        return _verdict(PageKind.ERROR, LedgerState.FAILED, "redirects to itself")
    return {**_verdict(PageKind.MOVED, LedgerState.MOVED), "moved_to": moved_to}


def _is_list(url: str, source: Source) -> bool:
    """Whether an address is the front page, in any language, or a list where discovery begins."""
    if is_article_address(url, source.site):
        return False  # some sites keep all in the query of their front page
    if _FRONT_PAGE.fullmatch(urlsplit(url).path):
        return True
    address = normal_address(url)
    return any(address == normal_address(way.url) for way in source.discovery)


def _page_of(errand: Errand, exchange: Exchange, circumstances: Circumstances) -> Page:
    if errand.rendering is not None:
        return _rendered_page(errand.rendering, exchange)
    limit = circumstances.max_content_bytes
    content = content_of(exchange.response_headers, exchange.body, limit_bytes=limit)
    if content.is_cut:
        raise PageTooCostly(f"its body unpacks to more than {limit:,} bytes")
    return Page(
        url=errand.work.url if _is_of_endpoint(errand) else exchange.url,
        captured_at=exchange.captured_at,
        body=content.body,
        status=exchange.status,
        content_type=_header(exchange, "content-type"),
        is_truncated=exchange.truncated is not None or exchange.rest is not None,
    )


def _rendered_page(rendering: Rendering, exchange: Exchange) -> Page:
    if rendering.failure is not None:
        raise PageError(rendering.failure)
    return Page(
        url=exchange.url,
        captured_at=exchange.captured_at,
        body=rendering.dom,
        content_type="text/html; charset=utf-8",
        is_truncated=rendering.truncated is not None,
    )


def _verdict(kind: PageKind, state: LedgerState, reason: str | None = None) -> dict[str, Any]:
    return {"kind": kind, "state": state, "reason": reason}


def _past_date(exchange: Exchange, name: str) -> str | None:
    """A date in a header, unless a wrong clock put it into the future: a later change would be
    older than that, and never asked for again.

    Source: RFC 9110 section 8.8.2.1 (no date later than the answer's own).
    """
    value = _header(exchange, name)
    wait_s = read_retry_after(value or "", now=exchange.captured_at)
    return None if wait_s else value


def _header(exchange: Exchange, name: str) -> str | None:
    for each, value in exchange.response_headers:
        if each.lower() == name:
            return value
    return None
