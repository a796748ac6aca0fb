"""A Telegram channel's public preview page as candidates: the newest stand last on it."""

from dataclasses import replace
from urllib.parse import urlsplit

from archive.ledger import AddressKind, Candidate
from crawler.listings import read_listing
from crawler.ways import Listing, Telegram
from pipelines.addresses import absolute_address, normal_address
from pipelines.layouts import compile_selector
from pipelines.parsing import ParsedPage
from pipelines.rules import Site

_OLDER = ("link[rel=prev]@href", "a.tme_messages_more@href")


def read_channel(
    parsed: ParsedPage, site: Site, way: Telegram
) -> tuple[tuple[Candidate, ...], tuple[Candidate, ...]]:
    """The articles that a channel's messages link to, the newest first, and the older messages.

    What a message says stands beside its link as title: it is often the whole headline where the
    page cuts it. A page without an article leads no further.
    """
    listing = Listing(
        listing=parsed.page.url,
        items=("div.tgme_widget_message",),
        title=("div.tgme_widget_message_text b", "div.tgme_widget_message_text"),
        date=("time[datetime]@datetime",),
    )
    found = read_listing(parsed, site, listing)[0][::-1]
    candidates = tuple(replace(each, position=at) for at, each in enumerate(found))
    return candidates, _older(parsed, way) if candidates else ()


def is_page_of_channel(address: str, way: Telegram) -> bool:
    """Whether the address is a preview page of the channel, whichever messages it begins with."""
    return address.partition("?")[0] == normal_address(way.url)


def _older(parsed: ParsedPage, way: Telegram) -> tuple[Candidate, ...]:
    for selector in _OLDER:
        for link in compile_selector(selector).found_in(parsed.root):
            address = absolute_address(str(link), parsed.base_url)
            if urlsplit(address).query and is_page_of_channel(address, way):
                return (Candidate(url=address, kind=AddressKind.LISTING),)
    return ()
