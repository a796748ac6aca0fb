"""Asks whether a page has changed, instead of asking for the page: If-None-Match and its kin.

Source: RFC 9110 section 13.1 (conditional requests).
"""

from scrapy import Request

from archive.ledger import AddressKind
from crawler.errand import errand_of


class RevalidateMiddleware:
    """Adds the validators that the last answer gave."""

    def process_request(self, request: Request) -> None:
        """Make a second look conditional."""
        errand = errand_of(request)
        if errand is None or errand.work.earlier is None:
            return
        if errand.source.render and errand.work.kind is not AddressKind.PHOTO:
            return  # the same page may show another article, and "unchanged" cannot be rendered
        if errand.work.etag:
            request.headers["If-None-Match"] = errand.work.etag
        if errand.work.last_modified:
            request.headers["If-Modified-Since"] = errand.work.last_modified
