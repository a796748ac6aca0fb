"""How silent each source is, by the articles that it brought as news."""

from sqlite_utils import Database

from archive.moments import moment_of, stamp
from archive.silence import WINDOW, Silence, silence_of


def silence_in(db: Database, source_id: int, last_run_at: str) -> Silence | None:
    """How silent a source was when it was visited last; None where its rate is not known.

    An article counts from when it was seen first, unless its page says that it is older than two
    days: such are found by a backfill.
    """
    until = moment_of(last_run_at)
    rows = db.execute(_NEWS, {"source": source_id, "since": stamp(until - WINDOW)})
    times = sorted(moment_of(at) for (at,) in rows)
    # A run sees what it finds some time after it began.
    return silence_of(times, max(until, times[-1])) if times else None


_NEWS = """
SELECT article.first_seen_at FROM article JOIN version ON version.id = article.last_version_id
WHERE article.source_id = :source AND article.last_seen_at >= :since AND article.first_seen_at >= :since
    AND (published_at IS NULL OR julianday(article.first_seen_at) - julianday(published_at) < 2)
"""
