"""What is wrong with the month's sites, and with the operator's own network, and for how long."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum

# Troubles of a site, assumed: so many in a month, of so many hours.
TROUBLES_A_SITE = 8


class Trouble(Enum):
    """What is wrong with a site for some hours."""

    DOWN = "503 for everything"
    SILENT = "gives no answer, as one whose name is not found"
    BROKEN = "404 for every article"
    PARTLY = "404 for every third article"
    FRONT = "redirects every article to its front page"
    LISTED = "shows its list with status 200 instead of every article"
    WALL = "shows a check for robots instead of every article"
    DRESSED = "says with status 200 that every article is not found"
    EMPTY = "has feed, list and sitemap with status 200 and nothing in them"
    CUT = "sends half of its feed, list and sitemap"
    CLOCK = "dates all a day ahead, and has no ETag"

    @property
    def hours(self) -> tuple[int, int]:
        """The shortest and the longest that it lasts."""
        return _LONG.get(self, (1, 12))

    @property
    def hits_articles(self) -> bool:
        """Whether the articles' own pages are out of reach."""
        return self not in {Trouble.EMPTY, Trouble.CUT, Trouble.CLOCK}

    @property
    def hits_lists(self) -> bool:
        """Whether nothing new can be found."""
        return self in {Trouble.DOWN, Trouble.SILENT, Trouble.EMPTY}


_LONG = {Trouble.SILENT: (24, 72), Trouble.EMPTY: (12, 24), Trouble.CLOCK: (12, 24)}
# The operator's own network: after so many days of the month, for so many hours.
_OFFLINE = ((4.3, 5), (16.6, 30))

Troubles = tuple[tuple[datetime, datetime, Trouble], ...]


def troubles_of(
    hosts: tuple[str, ...], start: datetime, days: int, seed: int = 1
) -> Mapping[str, Troubles]:
    """The troubles of each site: from when to when, and what is wrong."""
    chance, found = random.Random(seed), {}  # noqa: S311  a simulation
    offline = offline_in(start, days)
    for host in hosts:
        found[host] = offline + tuple(
            (since, since + timedelta(hours=chance.uniform(*kind.hours)), kind)
            for kind in chance.sample(list(Trouble), TROUBLES_A_SITE * days // 30)
            for since in (start + timedelta(days=1 + chance.random() * (days - 1)),)
        )
    return found


def offline_in(start: datetime, days: int) -> Troubles:
    """When nothing answers, since the operator's own network is down."""
    return tuple(
        (since, since + timedelta(hours=hours), Trouble.SILENT)
        for after, hours in _OFFLINE
        for since in (start + timedelta(days=after),)
        if after < days - 1
    )


def trouble_at(troubles: Troubles, moment: datetime) -> Trouble | None:
    """What is wrong with a site then, if something is."""
    return next((kind for since, until, kind in troubles if since <= moment < until), None)
