"""Says why an address is not in the archive, or that it is."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from archive.catalogue.places import Place
from archive.ledger import LedgerState
from crawler.source import Source, source_of_address
from pipelines.addresses import canonical_address, is_article_address, normal_address

_MOST_MOVES = 10


class Cause(StrEnum):
    """Why an address is not in the archive; what was fetched or tried has its ledger state."""

    ARCHIVED = "archived"  # it is
    NO_SOURCE = "no-source"  # no source has its host
    SOURCE_OFF = "source-off"  # its source is not enabled
    NEVER = "never"  # its source says that such addresses are no articles
    NO_ARTICLE_ADDRESS = "no-article-address"  # it has not the shape of an article's
    NOT_OFFERED = "not-offered"  # no feed, sitemap or list has offered it
    WAITING = "waiting"
    NOT_ARTICLE = "not-article"
    REFUSED = "refused"
    BLOCKED = "blocked"
    FAILED = "failed"
    GONE = "gone"
    MOVED = "moved"  # to where nothing was archived
    NO_PAGE = "no-page"  # it is a list, a photo or robots.txt, and was fetched


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is known of an address.

    url         the address under which it is, or would be, kept
    why         a sentence
    article_id  the article, where it is archived
    place       its row in the ledger, or None
    """

    url: str
    cause: Cause
    why: str
    source: str | None = None
    article_id: int | None = None
    place: Place | None = None


def why_not(
    url: str,
    sources: Mapping[str, Source],
    place_of: Callable[[str], Place | None],
    last_run_of: Callable[[str], str | None],
) -> Answer:
    """Why an address is not in the archive.

    place_of     the ledger's row of an address
    last_run_of  when a source was last visited, or None
    """
    source = source_of_address(url, sources)
    address = canonical_address(url, source.site if source else None)
    place = place_of(address) or place_of(normal_address(url))
    if place is not None:
        return _of_place(place, place_of)
    if source is None:
        host = urlsplit(address).hostname or address
        return Answer(url=address, cause=Cause.NO_SOURCE, why=f"No source has the host {host}.")
    cause, why = _of_source(address, source, last_run_of)
    return Answer(url=address, cause=cause, why=why, source=source.name)


def _of_place(place: Place, place_of: Callable[[str], Place | None]) -> Answer:
    last = place
    for _ in range(_MOST_MOVES):
        if last.state is not LedgerState.MOVED or not last.moved_to:
            break
        further = place_of(last.moved_to)
        if further is None:
            break
        last = further
    cause, why = _said_of(last)
    if last is not place:
        why = f"It redirects to {last.url}. {why}"
    return Answer(
        url=place.url,
        cause=cause,
        why=why,
        source=place.source,
        article_id=last.article_id,
        place=place,
    )


def _said_of(place: Place) -> tuple[Cause, str]:
    reason = f": {place.reason}" if place.reason else ""
    if place.article_id is not None:
        return Cause.ARCHIVED, f"It is in the archive, as article {place.article_id}."
    again = f" It is tried again after {place.due_at[:16]}Z." if place.due_at else ""
    match place.state:
        case LedgerState.WAITING:
            return Cause.WAITING, "It was offered and has not been fetched yet."
        case LedgerState.FETCHED:
            return Cause.NO_PAGE, f"It is no page: it was fetched as a {place.kind}."
        case LedgerState.NOT_ARTICLE:
            return Cause.NOT_ARTICLE, f"It was fetched and is no article{reason}.{again}"
        case LedgerState.REFUSED:
            return Cause.REFUSED, f"It may not be fetched{reason}.{again}"
        case LedgerState.BLOCKED:
            return Cause.BLOCKED, f"A block page answered{reason}.{again}"
        case LedgerState.FAILED:
            times = "once" if place.tries == 1 else f"{place.tries} times in a row"
            return Cause.FAILED, f"Fetching it failed {times}{reason}.{again}"
        case LedgerState.GONE:
            return Cause.GONE, f"Its server says that it is not there{reason}.{again}"
        case LedgerState.MOVED:
            return Cause.MOVED, f"It redirects to {place.moved_to}, which was not fetched."


def _of_source(
    address: str, source: Source, last_run_of: Callable[[str], str | None]
) -> tuple[Cause, str]:
    parts = urlsplit(address)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    never = next((each for each in source.never if re.search(each, target)), None)
    if not source.enabled:
        return Cause.SOURCE_OFF, f"{source.name} is off: {source.reason}"
    if never is not None:
        return Cause.NEVER, f"{source.name} says that it is never an article: {never}"
    if not is_article_address(address, source.site):
        shapes = ", ".join(source.articles)
        return (
            Cause.NO_ARTICLE_ADDRESS,
            f"It has not the shape of an article of {source.name}: {shapes}",
        )
    last_run = last_run_of(source.name)
    if last_run is None:
        return Cause.NOT_OFFERED, f"{source.name} was never crawled."
    return (
        Cause.NOT_OFFERED,
        f"No feed, sitemap or list of {source.name} has offered it up to {last_run[:16]}Z; what is "
        "older than its first crawl needs `salname crawl --backfill`.",
    )
