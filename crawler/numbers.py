"""Numbers that are missing between those of a source's articles, as candidates."""

from collections.abc import Iterable, Iterator
from itertools import islice, pairwise

from sqlite_utils import Database

from archive.catalogue.numbers import known_addresses, known_numbers
from archive.ledger import Candidate
from crawler.source import Source
from crawler.ways import Ids
from pipelines.addresses import canonical_address, is_article_address


def missing_numbers(source: Source, db: Database) -> tuple[Candidate, ...]:
    """The addresses of the numbers that a run tries, of the ways of a source that say so."""
    found: dict[str, Candidate] = {}
    for way in source.discovery:
        if isinstance(way, Ids):
            numbers = gaps_in(known_numbers(db, source.name), widest=way.widest)
            for url in islice(_unknown(numbers, way, source, db), way.at_most):
                found.setdefault(url, Candidate(url=url))
    return tuple(found.values())


def gaps_in(numbers: Iterable[int], *, widest: int) -> Iterator[int]:
    """The numbers between the given ones, which come the highest first; no gap wider than that.

    >>> list(gaps_in([40, 12, 9, 8, 6], widest=2))
    [11, 10, 7]
    """
    for higher, lower in pairwise(numbers):
        if higher - lower - 1 <= widest:
            yield from range(higher - 1, lower, -1)


def _unknown(numbers: Iterable[int], way: Ids, source: Source, db: Database) -> Iterator[str]:
    """The addresses that are an article's by their shape, and that nothing ever offered."""
    for number in numbers:
        address = way.ids.replace("{id}", str(number))
        if is_article_address(address, source.site):
            url = canonical_address(address, source.site)
            if not known_addresses(db, (url,)):
                yield url
