"""A month of made-up news on several sites, known beforehand to the minute, for a virtual clock."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import Enum
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zlib import crc32

from tests.web.loopback import LoopbackServer
from tests.web.sentences import Writer
from tests.web.wire import Answer, Request

_WALL = (
    '<html lang="az"><head><title>Yoxlama</title></head><body><h1>Robot olmadığınızı təsdiq edin</h1>'
    '<form class="captcha-form" method="post"><input name="captcha"></form></body></html>'
)
_NOT_FOUND = (
    '<html lang="az"><head><title>Səhifə tapılmadı</title></head><body><h1>404</h1>'
    "<p>Axtardığınız səhifə tapılmadı.</p></body></html>"
)
START = datetime(2026, 5, 1, tzinfo=UTC)
LIST_LENGTH, FEED_LENGTH, SITEMAP_LENGTH = 20, 30, 500

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

# Troubles of a site, assumed: so many in a month, of so many hours.
TROUBLES_A_SITE = 5
TROUBLE_H = (1, 12)

_WAYS = (
    "  - feed: /rss\n  - listing: /son\n    next: /son?page={page}\n",
    "  - listing: /son\n    next: /son?page={page}\n",
    "  - feed: /rss\n  - sitemap: /sitemap.xml\n",
)


class Trouble(Enum):
    """What is wrong with a site for some hours."""

    DOWN = "503 for everything"
    BROKEN = "404 for every article"
    PARTLY = "404 for every third article"
    FRONT = "redirects every article to its front page"
    WALL = "shows a check for robots instead of every article"
    DRESSED = "says with status 200 that every article is not found"


Troubles = tuple[tuple[datetime, datetime, Trouble], ...]


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

    def path_of(self, state: State) -> str:
        """The path of its page in one of its states."""
        return f"/xeber/{self.number}/{state.slug}"


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


def troubles_of(sources: int, days: int, seed: int = 1) -> Mapping[str, Troubles]:
    """The troubles of each site: from when to when, and what is wrong."""
    chance, found = random.Random(seed), {}  # noqa: S311  a simulation
    for n in range(sources):
        found[_host(n)] = tuple(
            (since, since + timedelta(hours=chance.uniform(*TROUBLE_H)), kind)
            for kind in chance.sample(list(Trouble), TROUBLES_A_SITE * days // 30)
            for since in (START + timedelta(days=1 + chance.random() * (days - 1)),)
        )
    return found


def trouble_at(troubles: Troubles, moment: datetime) -> Trouble | None:
    """What is wrong with a site then, if something is."""
    return next((kind for since, until, kind in troubles if since <= moment < until), None)


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
                "language: az\npause_s: 0\narticles: ['^/xeber/(?P<id>\\d+)/[\\w-]+$']\n"
                "rules:\n  - headline: h1\n    date: time@datetime\n    body: div.metn\n"
                f"discovery:\n{_WAYS[n % len(_WAYS)]}",
                encoding="utf-8",
            )

    def _answer(self, request: Request) -> Answer:
        self.requests += 1
        parts, trouble = urlsplit(request.path), trouble_at(self._troubles[request.host], self.now)
        if trouble is Trouble.DOWN:
            return Answer(status=503)
        if parts.path == "/robots.txt":
            return Answer(content_type="text/plain", body=b"User-agent: *\nAllow: /\n")
        if parts.path.startswith("/xeber/"):
            troubled = _troubled_page(trouble, parts.path) if trouble else None
            return troubled or self._page(request.host, parts.path)
        shown = self._shown(request.host)
        if parts.path == "/rss":
            return _feed(request.host, shown[:FEED_LENGTH], self.now)
        if parts.path == "/sitemap.xml":
            return _sitemap(request.host, shown[:SITEMAP_LENGTH], self.now)
        if parts.path == "/son":
            first = (int(parse_qs(parts.query).get("page", ["1"])[0]) - 1) * LIST_LENGTH
            return _list(shown[first : first + LIST_LENGTH], self.now)
        return Answer(status=404)

    def _shown(self, host: str) -> list[Life]:
        """What is there now, the newest first, below what is pinned."""
        pinned, *lives = self._lives.get(host, [])
        there = [
            life
            for life in reversed(lives)
            if life.published <= self.now and not _is_removed(life, self.now)
        ]
        if int(host[len("menbe") :].partition(".")[0]) % 2:
            there.sort(key=lambda life: life.at(self.now).since, reverse=True)
        return [pinned] * (pinned.published <= self.now) + there

    def _page(self, host: str, path: str) -> Answer:
        life = self._numbered.get((host, int(path.split("/")[2])))
        if life is None or life.published > self.now or _is_removed(life, self.now):
            return Answer(status=404, body=b"<h1>404</h1>")
        state = life.at(self.now)
        if life.path_of(state) != path:
            return Answer(status=301, headers=(("Location", life.path_of(state)),))
        text = "\n".join(f"<p>{each}</p>" for each in life.paragraphs)
        body = (
            f'<html lang="az"><head><meta charset="utf-8"><title>{state.title}</title></head><body>'
            f'<h1>{state.title}</h1><time datetime="{life.published.isoformat()}">…</time>'
            f'<div class="metn">{text}</div></body></html>'
        )
        return Answer(body=body.encode(), etag=f'"{crc32(body.encode()):08x}"')


def _troubled_page(trouble: Trouble, path: str) -> Answer | None:
    match trouble:
        case Trouble.BROKEN:
            return Answer(status=404, body=b"<h1>404</h1>")
        case Trouble.PARTLY if int(path.split("/")[2]) % 3 == 0:
            return Answer(status=404, body=b"<h1>404</h1>")
        case Trouble.FRONT:
            return Answer(status=302, headers=(("Location", "/"),))
        case Trouble.WALL:
            return Answer(body=_WALL.encode())
        case Trouble.DRESSED:
            return Answer(body=_NOT_FOUND.encode())
    return None


def _is_removed(life: Life, moment: datetime) -> bool:
    return life.removed_at is not None and life.removed_at <= moment


def _feed(host: str, lives: list[Life], now: datetime) -> Answer:
    items = "".join(
        f"<item><title>{life.at(now).title}</title>"
        f"<link>http://{host}{life.path_of(life.at(now))}</link>"
        f"<pubDate>{format_datetime(life.published)}</pubDate></item>"
        for life in lives
    )
    body = f'<rss version="2.0"><channel>{items}</channel></rss>'
    return Answer(content_type="application/rss+xml", body=body.encode())


def _sitemap(host: str, lives: list[Life], now: datetime) -> Answer:
    rows = "".join(
        f"<url><loc>http://{host}{life.path_of(life.at(now))}</loc></url>" for life in lives
    )
    start = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    body = f"{start}{rows}</urlset>"
    return Answer(content_type="application/xml", body=body.encode())


def _list(lives: list[Life], now: datetime) -> Answer:
    rows = "\n".join(
        f'<li><a href="{life.path_of(life.at(now))}">{life.at(now).title}</a></li>'
        for life in lives
    )
    return Answer(body=f"<html><body><ul>{rows}</ul></body></html>".encode())
