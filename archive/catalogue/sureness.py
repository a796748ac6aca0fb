"""How sure it is that a source's articles are all here: against its own lists and its own numbers."""

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day (UTC) of what the source's lists offered: all of it, and what is archived of it."""

    day: str
    offered: int
    archived: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sureness:
    """What speaks for it, over the seven days up to the source's last run.

    walked_at  when its lists were last walked back to what was known, or None; what was published
               until then and stood on a list has been offered
    offered    addresses that its lists offered first in these days, of which
    archived   are articles here, and
    open       wait, failed or were blocked; the others are explained (no article, gone, refused)
    numbers    different numbers among the articles first seen in these days, of
    span       that lie between the lowest and the highest; the others are another language's, or
               were never offered
    days       the offered and archived ones, by the day on which they were offered
    """

    walked_at: str | None
    offered: int
    archived: int
    open: int
    numbers: int
    span: int
    days: tuple[Day, ...]


def sureness_of(db: Database, source_id: int) -> Sureness:
    """How sure it is that nothing of a source is missing."""
    names = [name for name in Sureness.__slots__ if name != "days"]
    row = db.execute(_SURENESS, {"source": source_id}).fetchone()
    days = tuple(
        Day(day=day, offered=offered, archived=archived)
        for day, offered, archived in db.execute(_DAYS, {"source": source_id})
    )
    return Sureness(**dict(zip(names, row, strict=True)), days=days)


_LATELY = """
WITH this AS (
        SELECT id, walked_at, strftime('%Y-%m-%dT%H:%M:%f', last_run_at, '-7 days') AS since
        FROM source WHERE id = :source),
    lately AS (
        SELECT found_at, state, article_id IS NOT NULL AS is_article FROM ledger
        WHERE source_id = :source AND kind = 'page' AND found_on IS NOT NULL AND state <> 'moved'
            AND found_at >= (SELECT since FROM this)),
    numbered AS (
        SELECT CAST(substr(key, instr(key, '#') + 1) AS INTEGER) AS number FROM article
        WHERE source_id = :source AND first_seen_at >= (SELECT since FROM this)
            AND instr(key, '#') > 0 AND substr(key, instr(key, '#') + 1) NOT GLOB '*[^0-9]*'
            AND length(key) - instr(key, '#') BETWEEN 1 AND 12)
"""

_SURENESS = f"""{_LATELY}
SELECT (SELECT walked_at FROM this),
    (SELECT count(*) FROM lately),
    (SELECT count(*) FROM lately WHERE is_article),
    (SELECT count(*) FROM lately
        WHERE NOT is_article AND state IN ('waiting', 'failed', 'blocked')),
    (SELECT count(DISTINCT number) FROM numbered),
    (SELECT coalesce(max(number) - min(number) + 1, 0) FROM numbered)
"""  # noqa: S608  put together from constants alone

_DAYS = f"""{_LATELY}
SELECT substr(found_at, 1, 10) AS day, count(*), sum(is_article) FROM lately
GROUP BY day ORDER BY day
"""  # noqa: S608  put together from constants alone
