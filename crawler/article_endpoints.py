"""Endpoints of articles: where a page without words asks for what it shows.

A single-page application answers every address with the same shell, and its script asks an
interface for the article. The crawl asks there instead of at the page, one request an article as
anywhere else; what it asked and what answered is recorded under the endpoint's own address, and the
ledger and the article keep the page's.
"""

import re
from urllib.parse import quote, unquote, urljoin, urlsplit

from archive.catalogue.work import Work
from archive.ledger import AddressKind
from pipelines.addresses import article_groups, is_address_of
from pipelines.rules import Site

_GROUP = re.compile(r"\{(\w*)\}")


def asked_address(work: Work, site: Site) -> str:
    """The address that is asked for one that is due: its own, or its endpoint's."""
    if work.kind is not AddressKind.PAGE:
        return work.url
    return endpoint_of(work.url, site) or work.url


def endpoint_of(url: str, site: Site) -> str | None:
    """Where the article at an address is asked for instead, None where the page itself is.

    >>> site = Site(
    ...     name="numune.example",
    ...     hosts=("numune.example",),
    ...     articles=(r"^/xeber/(?P<id>\\d+)",),
    ...     endpoint="https://api.numune.example/v1/xeber/{id}",
    ... )
    >>> endpoint_of("https://numune.example/xeber/41", site)
    'https://api.numune.example/v1/xeber/41'
    """
    if site.endpoint is None or (groups := article_groups(url, site)) is None:
        return None
    return _GROUP.sub(lambda name: quote(unquote(groups[name[1]]), safe=""), site.endpoint)


def wrong_endpoint(template: str, site: Site) -> str | None:
    """What is wrong with a source's endpoint, None where nothing is."""
    named = set(_GROUP.findall(template))
    if not named:
        return "must hold a group of articles in braces, such as {id}"
    for pattern in site.articles:
        if missing := named - re.compile(pattern).groupindex.keys():
            return f"holds {{{min(missing)}}}, but {pattern} has no group of that name"
    address = urljoin(f"{site.scheme}://{site.hosts[0]}/", template)
    if not is_address_of(address, site):
        return f"{urlsplit(address).netloc} is no host of the source; put it into mirrors"
    return None
