"""The hosts that serve photos alone: one that fails rests by itself, not its source.

What a run learns is kept across runs by the catalogue (`archive/catalogue/hosts.py`), by the same
rule; here it counts at once, before the group of looks is committed.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from archive.catalogue.hosts import HostTrouble, netloc_of, trouble_after
from archive.ledger import AddressKind, LedgerState
from archive.reading import Reading
from crawler.source import Source

_TOO_MANY = 429


class PhotoHosts:
    """The photo hosts in trouble, as far as this run knows.

    troubles  what earlier runs left behind
    """

    def __init__(self, troubles: Iterable[HostTrouble], clock: Callable[[], datetime]) -> None:
        self._troubles = {each.host: each for each in troubles}
        self._clock = clock

    def note(self, reading: Reading, status: int | None) -> None:
        """Note how a look at a photo ended, with the answer's status or None."""
        host = netloc_of(reading.url)
        if status is not None and status < 500 and status != _TOO_MANY:
            self._troubles.pop(host, None)
        elif reading.state is LedgerState.FAILED:
            self._troubles[host] = trouble_after(self._troubles.get(host), host, reading)

    def is_left_alone(self, url: str) -> bool:
        """Whether the host of an address is not to be asked for photos now."""
        if not self._troubles:
            return False
        trouble = self._troubles.get(netloc_of(url))
        return trouble is not None and trouble.is_left_alone(self._clock())


def is_elsewhere(url: str, kind: AddressKind, source: Source) -> bool:
    """Whether an address is a photo's on a host that is not the source's own."""
    if kind is not AddressKind.PHOTO:
        return False
    host = netloc_of(url)
    return host.partition(":")[0] not in source.hosts and host != source.host
