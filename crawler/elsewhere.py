"""Which work asks a host that is not the source's own: its trouble is that host's alone."""

from archive.catalogue.hosts import netloc_of
from archive.catalogue.work import Work
from archive.ledger import AddressKind
from crawler.article_endpoints import asked_address
from crawler.source import Source


def is_elsewhere(work: Work, source: Source) -> bool:
    """Whether a photo lies, or an article's endpoint, on another host than the source's pages."""
    if work.kind is AddressKind.PHOTO:
        host = netloc_of(work.url)
        return host.partition(":")[0] not in source.hosts and host != source.host
    if work.kind is not AddressKind.PAGE or source.endpoint is None:
        return False
    return netloc_of(asked_address(work, source.site)) != netloc_of(work.url)
