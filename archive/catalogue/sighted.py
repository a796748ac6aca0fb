"""The sightings of an article, for whoever asks what was found in its place, and when."""

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class SightingRow:
    """One state that an article was found in, from its first sighting to its last.

    state     hidden, missing, gone, blocked or failed
    looks     that found it so
    reason    what the last one said, or None
    control   address of the page of the same host that answered when it was missing, or None
    ended_at  when a look found it otherwise, or None
    """

    state: str
    first_at: str
    last_at: str
    looks: int
    reason: str | None
    control: str | None
    ended_at: str | None


def sightings_of(db: Database, article_id: int) -> tuple[SightingRow, ...]:
    """The states that an article was found in besides being there, in order of time."""
    rows = db.execute(_SIGHTINGS, {"id": article_id})
    names = SightingRow.__slots__
    return tuple(SightingRow(**dict(zip(names, row, strict=True))) for row in rows)


_SIGHTINGS = """
SELECT state, first_at, last_at, looks, reason, capture.url, ended_at
FROM sighting LEFT JOIN capture ON capture.id = control_id
WHERE article_id = :id AND looks > 0
ORDER BY first_at, sighting.id
"""
