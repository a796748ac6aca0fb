"""A month of made-up news on several sites, known beforehand to the minute, for a virtual clock."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zlib import crc32

from benchmarks.month_troubles import Trouble, Troubles, trouble_at
from tests.web.loopback import LoopbackServer
from tests.web.sentences import Writer
from tests.web.wire import Answer, Misconduct, Request, Wire

_WALL = (
    '<html lang="az"><head><title>Yoxlama</title></head><body><h1>Robot olmadığınızı təsdiq edin</h1>'
    '<form class="captcha-form" method="post"><input name="captcha"></form></body></html>'
)
_NOT_FOUND = (
    '<html lang="az"><head><title>Səhifə tapılmadı</title></head><body><h1>404</h1>'
    "<p>Axtardığınız səhifə tapılmadı.</p></body></html>"
)
START = datetime(2026, 5, 1, tzinfo=UTC)
MOVES_AFTER = timedelta(days=10)  # then every third site changes all its addresses; ids stay
LIST_LENGTH, FEED_LENGTH, SITEMAP_LENGTH = 20, 30, 500
_DAY = timedelta(days=1)
_NUMBER = re.compile(r"^/xeber/(\d+)/|^/az/xeberler/.*-(\d+)\.html$")

# Measured in a history of five Azerbaijani feeds (5,272 stories, 1,055 snapshots a median of 1.3
# hours apart, May to August 2026). An edit is a new title under the same address (18 times), a
# move a new title and a new address with the same number (202 times, of 168 stories among the
# 4,458 of the two agencies that have such numbers).
EDITS_AN_ARTICLE = 18 / 5272
MOVES_AN_ARTICLE = 202 / 4458
DELAYS_H = (0.3, 0.7, 1.1, 1.9, 4.2, 9.8, 20.7)  # quantiles at
DELAY_QUANTILES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99)  # of the moves, as of the edits
# Share of the articles that come in an hour of the day, Baku time, from midnight on.
HOURS = (
    *(5.0, 4.3, 3.0, 4.0, 0.7, 1.3, 0.4, 1.2, 2.3, 3.4, 4.3, 4.0),
    *(6.7, 4.9, 6.4, 7.6, 5.7, 5.1, 4.7, 6.3, 5.5, 3.0, 5.7, 4.5),
)
BAKU_H = 4
# Feeds do not show removals: this rate and its delays (up to ten days) are assumed.
REMOVALS_AN_ARTICLE = 0.002
# Late edits, for the ladder's later rungs; assumed as well.
LATE_EDITS_AN_ARTICLE = 0.01

_WAYS = (
    "  - feed: /rss\n  - listing: /son\n    next: /son?page={page}\n",
    "  - listing: /son\n    next: /son?page={page}\n",
    "  - feed: /rss\n  - sitemap: /sitemap.xml\n",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One state of an article: its title and address from a moment on."""

    since: datetime
    title: str
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One article of the month: its states in order, and when it was removed, or None."""

    host: str
    number: int
    states: tuple[State, ...]
    removed_at: datetime | None
    paragraphs: tuple[str, ...]

    @property
    def published(self) -> datetime:
        """When it appeared."""
        return self.states[0].since

    def at(self, moment: datetime) -> State:
        """Its state at a moment after its publication."""
        return [each for each in self.states if each.since <= moment][-1]

    def path_at(self, moment: datetime) -> str:
        """The path of its page then."""
        slug = self.at(moment).slug
        if has_moved(self.host, moment):
            return f"/az/xeberler/{slug}-{self.number}.html"
        return f"/xeber/{self.number}/{slug}"


def lives_of(sources: int, articles: int, days: int, seed: int = 1) -> tuple[Life, ...]:
    """The month's articles over all sources, by the rates above."""
    chance = random.Random(seed)  # noqa: S311  a simulation
    found = []
    for n in range(sources):
        host = _host(n)
        moments = sorted(_moment(chance, days) for _ in range(articles // sources))
        lives = [_life(host, 1000 + i, at, chance, days) for i, at in enumerate(moments)]
        found += [replace(lives[0], removed_at=None), *lives[1:]]  # the first is pinned
    return tuple(found)


def has_moved(host: str, moment: datetime) -> bool:
    """Whether a site has changed all its addresses by then."""
    return _number_of(host) % 3 == 2 and moment >= START + MOVES_AFTER


def _number_of(host: str) -> int:
    return int(host[len("menbe") :].partition(".")[0])


def hosts_of(sources: int) -> tuple[str, ...]:
    """The month's sites."""
    return tuple(_host(n) for n in range(sources))


def _host(n: int) -> str:
    return f"menbe{n + 1:02}.example"


def _moment(chance: random.Random, days: int) -> datetime:
    hour = chance.choices(range(24), HOURS)[0] - BAKU_H
    since = START + timedelta(days=chance.randrange(days), hours=hour % 24)
    return since + timedelta(seconds=chance.random() * 3600)


def _life(host: str, number: int, at: datetime, chance: random.Random, days: int) -> Life:
    writer = Writer(chance.getrandbits(30))
    title = writer.headline()
    changes: list[tuple[datetime, bool]] = []
    for rate, moves in ((EDITS_AN_ARTICLE, False), (MOVES_AN_ARTICLE, True)):
        if chance.random() < rate:
            changes.append((at + _delay(chance), moves))
    if chance.random() < LATE_EDITS_AN_ARTICLE:
        changes.append((at + timedelta(days=1 + chance.random() * 9), False))
    slug, states = writer.slug_of(title), [State(since=at, title=title, slug=writer.slug_of(title))]
    for since, moves in sorted(changes):
        headline = writer.headline()
        slug = f"{writer.slug_of(headline)}-{len(states)}" if moves else slug
        title = f"{headline}: {len(states)} nömrəli xəbər"  # no two states have the same
        states.append(State(since=since, title=title, slug=slug))
    removed = chance.random() < REMOVALS_AN_ARTICLE
    removed_at = at + timedelta(days=0.2 + chance.random() * 10) if removed else None
    paragraphs = tuple(writer.paragraph() for _ in range(4))
    return Life(
        host=host,
        number=number,
        states=tuple(states),
        removed_at=removed_at,
        paragraphs=paragraphs,
    )


def _delay(chance: random.Random) -> timedelta:
    """A delay between the measured quantiles, in a straight line from one to the next."""
    at = chance.random() * DELAY_QUANTILES[-1]
    upper = next(i for i, quantile in enumerate(DELAY_QUANTILES) if quantile >= at and i)
    low, high = DELAY_QUANTILES[upper - 1], DELAY_QUANTILES[upper]
    share = (at - low) / (high - low)
    return timedelta(hours=DELAYS_H[upper - 1] + share * (DELAYS_H[upper] - DELAYS_H[upper - 1]))


class MonthWeb(LoopbackServer):
    """The sites at the moment `now`, which the simulation moves.

    On each site one article stands above all others for good; on every second one what is edited
    comes up again.
    """

    def __init__(self, lives: tuple[Life, ...], troubles: Mapping[str, Troubles]) -> None:
        super().__init__(self._answer)
        self.now = START
        self.requests = 0
        self._troubles = troubles
        self._lives: dict[str, list[Life]] = {}
        for life in sorted(lives, key=lambda each: each.published):
            self._lives.setdefault(life.host, []).append(life)
        self._numbered = {(life.host, life.number): life for life in lives}

    def write_sources(self, folder: Path) -> None:
        """One source file for each site; the ways differ."""
        folder.mkdir()
        for n, host in enumerate(sorted(self._lives)):
            (folder / f"{host}.yaml").write_text(
                f"publisher: Mənbə {n + 1}\nhost: {host}\nscheme: http\nkind: news\n"
                "language: az\npause_s: 0\narticles:\n  - '^/xeber/(?P<id>\\d+)/[\\w-]+$'\n"
                "  - '^/az/xeberler/[\\w-]+-(?P<id>\\d+)\\.html$'\n"
                "rules:\n  - headline: h1\n    date: time@datetime\n    body: div.metn\n"
                f"discovery:\n{_WAYS[n % len(_WAYS)]}",
                encoding="utf-8",
            )

    def _answer(self, request: Request) -> Answer | Misconduct:
        self.requests += 1
        path, trouble = urlsplit(request.path), trouble_at(self._troubles[request.host], self.now)
        if trouble is Trouble.SILENT:
            return _hang_up
        if trouble is Trouble.DOWN:
            return Answer(status=503)
        if path.path == "/robots.txt":
            return Answer(content_type="text/plain", body=b"User-agent: *\nAllow: /\n")
        if (number := _NUMBER.search(path.path)) is not None:
            troubled = self._troubled_page(trouble, request.host, int(number[1] or number[2]))
            return troubled or self._page(request.host, path.path, trouble)
        return self._list(request.host, path.path, path.query, trouble)

    def _troubled_page(self, trouble: Trouble | None, host: str, number: int) -> Answer | None:
        """What is shown instead of the article of that number, or None."""
        match trouble:
            case Trouble.BROKEN:
                return Answer(status=404, body=b"<h1>404</h1>")
            case Trouble.PARTLY if number % 3 == 0:
                return Answer(status=404, body=b"<h1>404</h1>")
            case Trouble.FRONT:
                return Answer(status=302, headers=(("Location", "/"),))
            case Trouble.LISTED:
                return _list(self._shown(host)[:LIST_LENGTH], self.now)
            case Trouble.WALL:
                return Answer(body=_WALL.encode())
            case Trouble.DRESSED:
                return Answer(body=_NOT_FOUND.encode())
        return None

    def _list(self, host: str, path: str, query: str, trouble: Trouble | None) -> Answer:
        shown = [] if trouble is Trouble.EMPTY else self._shown(host)
        if path == "/rss":
            ahead = _DAY if trouble is Trouble.CLOCK else timedelta(0)
            answer = _feed(host, shown[:FEED_LENGTH], self.now, ahead)
        elif path == "/sitemap.xml":
            answer = _sitemap(host, shown[:SITEMAP_LENGTH], self.now)
        elif path == "/son":
            first = (int(parse_qs(query).get("page", ["1"])[0]) - 1) * LIST_LENGTH
            answer = _list(shown[first : first + LIST_LENGTH], self.now)
        else:
            return Answer(status=404)
        is_cut = trouble is Trouble.CUT
        return replace(answer, body=answer.body[: len(answer.body) // 2]) if is_cut else answer

    def _shown(self, host: str) -> list[Life]:
        """What is there now, the newest first, below what is pinned."""
        pinned, *lives = self._lives.get(host, [])
        there = [
            life
            for life in reversed(lives)
            if life.published <= self.now and not _is_removed(life, self.now)
        ]
        if _number_of(host) % 2:
            there.sort(key=lambda life: life.at(self.now).since, reverse=True)
        return [pinned] * (pinned.published <= self.now) + there

    def _page(self, host: str, path: str, trouble: Trouble | None) -> Answer:
        found = _NUMBER.search(path)
        assert found is not None
        life = self._numbered.get((host, int(found[1] or found[2])))
        if life is None or life.published > self.now or _is_removed(life, self.now):
            return Answer(status=404, body=b"<h1>404</h1>")
        if life.path_at(self.now) != path:
            return Answer(status=301, headers=(("Location", life.path_at(self.now)),))
        state = life.at(self.now)
        text = "\n".join(f"<p>{each}</p>" for each in life.paragraphs)
        body = (
            f'<html lang="az"><head><meta charset="utf-8"><title>{state.title}</title></head><body>'
            f'<h1>{state.title}</h1><time datetime="{life.published.isoformat()}">…</time>'
            f'<div class="metn">{text}</div></body></html>'
        ).encode()
        if trouble is Trouble.CLOCK:
            return Answer(body=body, modified_at=state.since + _DAY)
        return Answer(body=body, etag=f'"{crc32(body):08x}"', modified_at=state.since)


async def _hang_up(wire: Wire) -> None:
    wire.abort()


def _is_removed(life: Life, moment: datetime) -> bool:
    return life.removed_at is not None and life.removed_at <= moment


def _feed(host: str, lives: list[Life], now: datetime, ahead: timedelta) -> Answer:
    items = "".join(
        f"<item><title>{life.at(now).title}</title>"
        f"<link>http://{host}{life.path_at(now)}</link>"
        f"<pubDate>{format_datetime(life.published + ahead)}</pubDate></item>"
        for life in lives
    )
    body = f'<rss version="2.0"><channel>{items}</channel></rss>'
    return Answer(content_type="application/rss+xml", body=body.encode())


def _sitemap(host: str, lives: list[Life], now: datetime) -> Answer:
    rows = "".join(f"<url><loc>http://{host}{life.path_at(now)}</loc></url>" for life in lives)
    start = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    body = f"{start}{rows}</urlset>"
    return Answer(content_type="application/xml", body=body.encode())


def _list(lives: list[Life], now: datetime) -> Answer:
    rows = "\n".join(
        f'<li><a href="{life.path_at(now)}">{life.at(now).title}</a></li>' for life in lives
    )
    return Answer(body=f"<html><body><ul>{rows}</ul></body></html>".encode())
