"""The small Azerbaijani web on loopback: four made-up sites and some rogues behind one port.

    with MadeUpWeb() as web:          # serves from a thread of its own until the block ends
        crawl(proxy=web.proxy_url)    # http://olke.example/ and the others answer through it
        web.advance()                 # the second day: edits, a removal, a move, new articles
        web.truth.changes             # what the second day brought, as data

`python -m tests.web.server --port 8800` serves it for a look with a browser or curl:
`curl -x http://127.0.0.1:8800 http://olke.example/rss`.
"""

import sys
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import click

from tests.web.bulk import BulkWeb
from tests.web.faults import Fault, Misbehaviour, misbehaved, without_step
from tests.web.loopback import LoopbackServer
from tests.web.publishing import further_articles
from tests.web.rogues import ROGUE_HOSTS, rogue_answer
from tests.web.sites import SiteServer, answer_of
from tests.web.truth import TrueArticle, Truth, read_truth
from tests.web.wire import Answer, Misconduct, Request

_LOGGED_REQUESTS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRequest:
    """One request that was answered; `status` is None where the wire was misused instead."""

    request: Request
    status: int | None

    @property
    def url(self) -> str:
        """The address that was asked for."""
        return f"http://{self.request.host}{self.request.path}"


class MadeUpWeb(LoopbackServer):
    """All made-up sites on one port, on their first day until `advance` is called.

    now      the moment that the second day counts back from; aware; default: the clock
    day      the day to start on
    port     0 takes a free one
    windows  so many times as much as usual stands in the feeds and on a page of the lists
    """

    def __init__(
        self, *, now: datetime | None = None, day: int = 1, port: int = 0, windows: int = 1
    ) -> None:
        super().__init__(self._answer_and_log, port=port)
        self.now = now or datetime.now(UTC)
        self.truth: Truth = read_truth(self.now)
        self._sites = [
            SiteServer(content=site, now=self.now, day=day, windows=windows)
            for site in self.truth.sites
        ]
        self._by_host = {
            host: site
            for site in self._sites
            for host in (site.content.host, site.content.photo_host)
        }
        self._misbehaviours: dict[tuple[str, str | None], Misbehaviour] = {}
        self._log: deque[LoggedRequest] = deque(maxlen=_LOGGED_REQUESTS)

    @staticmethod
    def bulk(n: int = 2000) -> BulkWeb:
        """A site of `n` heavy generated pages in a process of its own, for benchmarks."""
        return BulkWeb(pages=n)

    @property
    def day(self) -> int:
        """The day it is on the web: 1, and 2 after `advance`."""
        return self._sites[0].day

    def advance(self) -> None:
        """Move to the second day."""
        for site in self._sites:
            site.day = 2

    def swap_photo(self, url: str, name: str) -> None:
        """Put the picture of another name under a photo's address, and change no page."""
        for site in self._sites:
            site.swapped[url] = name

    def publish(self, count: int) -> tuple[TrueArticle, ...]:
        """Let every site publish so many articles now; once."""
        for site in self._sites:
            site.further = further_articles(site.content, count, at=self.now)
        return tuple(article for site in self._sites for article in site.further)

    @property
    def log(self) -> tuple[LoggedRequest, ...]:
        """The requests so far, oldest first (the last 100,000)."""
        return tuple(self._log)

    def clear_log(self) -> None:
        """Forget the requests so far."""
        self._log.clear()

    def misbehave(
        self, host: str, fault: Fault, *, path: str | None = None, times: int | None = None
    ) -> None:
        """Let a host, or one path of it, misbehave: for so many requests, or until `behave`."""
        self._misbehaviours[host, path] = Misbehaviour(fault=fault, times_left=times)

    def behave(self) -> None:
        """End all misbehaviour that was switched on."""
        self._misbehaviours.clear()

    def _answer_and_log(self, request: Request) -> Answer | Misconduct:
        reply = self._answer(request)
        status = reply.status if isinstance(reply, Answer) else None
        self._log.append(LoggedRequest(request=request, status=status))
        return reply

    def _answer(self, request: Request) -> Answer | Misconduct:
        if request.host in ROGUE_HOSTS:
            return rogue_answer(request)
        site = self._by_host.get(request.host)
        if site is None:
            return _index_of(self._by_host) if not request.is_proxied else _NO_SUCH_HOST
        proper = answer_of(site, request)
        fault = self._fault_for(request)
        return proper if fault is None else misbehaved(fault, request, proper)

    def _fault_for(self, request: Request) -> Fault | None:
        for place in ((request.host, without_step(request.path)), (request.host, None)):
            found = self._misbehaviours.get(place)
            if found is None or found.times_left == 0:
                continue
            if found.times_left is not None:
                found.times_left -= 1
            return found.fault
        return None


_NO_SUCH_HOST = Answer(
    status=502, content_type="text/plain", body=b"The made-up web has no such host.\n"
)


def _index_of(hosts: Iterable[str]) -> Answer:
    lines = "\n".join(f"<li>{host}</li>" for host in sorted({*hosts, *ROGUE_HOSTS}))
    words = "The made-up web. Use this port as an HTTP proxy, or send one of these as Host:"
    return Answer(body=f"<html><body><p>{words}</p><ul>{lines}</ul></body></html>".encode())


@click.command()
@click.option(
    "--port", default=8800, show_default=True, help="The port on 127.0.0.1; 0: a free one."
)
@click.option(
    "--day", type=click.IntRange(1, 2), default=1, show_default=True, help="The day to show."
)
def main(port: int, day: int) -> None:
    """Serve the made-up web until Ctrl-C."""
    with MadeUpWeb(port=port, day=day) as web:
        hosts = ", ".join(site.host for site in web.truth.sites)
        click.echo(f"{hosts}: through the HTTP proxy {web.proxy_url}")
        sys.stdout.flush()
        try:
            web.wait()
        except KeyboardInterrupt:
            click.echo("")


if __name__ == "__main__":
    main()
