"""Says which article a page is: its canonical address and the id that stays when the slug changes."""

from urllib.parse import urlsplit

from lxml import etree

from pipelines.addresses import (
    article_id_of,
    canonical_address,
    is_address_of,
    is_article_address,
)
from pipelines.parsing import ParsedPage, absolute_url
from pipelines.rules import Site

_CANONICAL = etree.XPath("string(/html/*/link[@rel='canonical']/@href)", smart_strings=False)


def identity_of(parsed: ParsedPage, site: Site | None) -> tuple[str, str | None]:
    """The canonical address and the id of an article.

    `rel=canonical` is believed when it lies on the site, is an article's own address and does not
    contradict the id of the address that answered; on some sites it is the home page, or the
    article that the template was made with.
    """
    own = canonical_address(parsed.page.url, site)
    told = absolute_url(parsed.base_url, str(_CANONICAL(parsed.root)))
    if told is None:
        return own, article_id_of(own, site) if site else None
    if site is None:
        return (canonical_address(told) if _is_of_same_host(told, own) else own), None
    own_id = article_id_of(own, site)
    if not is_address_of(told, site) or not is_article_address(told, site):
        return own, own_id
    told_id = article_id_of(told, site)
    if own_id is not None and told_id != own_id:
        return own, own_id
    return canonical_address(told, site), told_id


def _is_of_same_host(told: str, own: str) -> bool:
    """Whether two addresses are of one host, and the told one is not its home page."""
    one, other = urlsplit(told), urlsplit(own)
    hosts = {(each.hostname or "").removeprefix("www.") for each in (one, other)}
    return len(hosts) == 1 and one.path.strip("/") != ""
