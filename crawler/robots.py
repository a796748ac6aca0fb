"""What a host's robots.txt allows us, by RFC 9309, whoever fetched it."""

from dataclasses import dataclass, field

from protego import Protego

AGENT = "Salname"  # the product token that robots.txt may name
MAX_BYTES = 512_000  # section 2.5: 500 KiB at least are read
MAX_REDIRECTS = 5  # section 2.3.1.2
MAX_DELAY_S = 120  # a run that pauses longer would hold up all other sources
_TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Robots:
    """The answer of one host.

    trouble  why nothing is allowed for now, as what robots.txt is or does; or None
    delay_s  the pause between two requests that it asks for; 0 for none
    """

    trouble: str | None = None
    delay_s: float = 0.0
    _rules: Protego | None = field(default=None, repr=False)

    def allows(self, url: str) -> bool:
        """Whether the address may be fetched."""
        if self._rules is None:
            return self.trouble is None
        return bool(self._rules.can_fetch(url, AGENT))


def read_robots(status: int, body: bytes) -> Robots:
    """What an answer for robots.txt means; redirects have been followed.

    Unavailable (4xx, too many redirects) allows all, unreachable (5xx) allows nothing. 429 counts
    as unreachable: the RFC lets us go on, but a server that asks for patience is given it.

    Source: RFC 9309 sections 2.3.1 and 2.5.

    >>> read_robots(404, b"").allows("https://xeber.example/1")
    True
    >>> read_robots(503, b"").trouble
    'could not be read (status 503)'
    """
    if status >= 500 or status == _TOO_MANY:
        return unread_robots(f"status {status}")
    if not 200 <= status < 300:
        return Robots()
    text = _whole_lines_of(body).decode("utf-8-sig", "ignore")
    rules = Protego.parse(text)
    delay_s = float(rules.crawl_delay(AGENT) or 0.0)
    if delay_s > MAX_DELAY_S:
        return Robots(trouble=f"asks for {delay_s:g} s between two requests")
    return Robots(delay_s=delay_s, _rules=rules if "disallow" in text.lower() else None)


def unread_robots(why: str) -> Robots:
    """What follows where a host was asked for its robots.txt in vain."""
    return Robots(trouble=f"could not be read ({why})")


def _whole_lines_of(body: bytes) -> bytes:
    """The lines within the limit; half a path would forbid more than its line says."""
    if len(body) <= MAX_BYTES:
        return body
    cut = body[:MAX_BYTES]
    return cut[: max(cut.rfind(b"\n"), cut.rfind(b"\r")) + 1]
