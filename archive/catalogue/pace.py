"""How much a source publishes, by what is known of it: for whoever reckons what a crawl will cost."""

from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What is known of a source.

    articles, days  dated articles, and on how many different days they were published
    held            articles that were published within the days asked about
    photos          photos ever shown there, fetched or not
    list_length     most articles that one of its lists was the first to offer; 0 where none did
    """

    articles: int
    days: int
    held: int
    photos: int
    list_length: int


def pace_of(db: Database, source: str, first: date, last: date) -> Pace:
    """The pace of a source, all zero for one that was never visited."""
    row = db.execute(
        _PACE, {"source": source, "first": first.isoformat(), "last": f"{last.isoformat()}T99"}
    ).fetchone()
    return Pace(**dict(zip(Pace.__slots__, row, strict=True)))


def articles_since(db: Database, source: str, since: str) -> int | None:
    """How many articles of a source were first seen since then; None where it was not known before."""
    found: tuple[int, int] = db.execute(_SINCE, {"source": source, "since": since}).fetchone()
    number, is_known = found
    return number if is_known else None


_SINCE = """
WITH this AS (SELECT id FROM source WHERE name = :source)
SELECT (SELECT count(*) FROM article WHERE source_id = (SELECT id FROM this)
        AND last_seen_at >= :since AND first_seen_at >= :since),
    EXISTS (SELECT 1 FROM article WHERE source_id = (SELECT id FROM this)
        AND first_seen_at < :since)
"""

_PACE = """
WITH this AS (SELECT id FROM source WHERE name = :source),
    dated AS (
        SELECT version.published_at AS at FROM article
        JOIN version ON version.id = article.last_version_id
        WHERE article.source_id = (SELECT id FROM this) AND version.published_at IS NOT NULL)
SELECT (SELECT count(*) FROM dated),
    (SELECT count(DISTINCT substr(at, 1, 10)) FROM dated),
    (SELECT count(*) FROM dated WHERE at BETWEEN :first AND :last),
    (SELECT count(*) FROM ledger WHERE source_id = (SELECT id FROM this) AND kind = 'photo'),
    (SELECT coalesce(max(offered), 0) FROM (
        SELECT count(*) AS offered FROM ledger
        WHERE source_id = (SELECT id FROM this) AND kind = 'page' AND found_on IN (
            SELECT url FROM ledger
            WHERE source_id = (SELECT id FROM this) AND kind = 'listing')
        GROUP BY found_on))
"""
