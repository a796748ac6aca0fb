"""Picking captures by their source and time, with the records that they need to be shown."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from archive.warc import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which captures are wanted.

    source  by name; None means all
    since   moment of the first, as the catalogue writes moments
    until   the moment before which the last one lies
    """

    source: str | None = None
    since: str = "0"
    until: str = "9"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """One record of an answer that a selection needs."""

    location: Location

    def segment_of(self) -> str:
        """The segment that it lies in."""
        return self.location.segment


@dataclass(frozen=True, slots=True, kw_only=True)
class PickedPage:
    """One version whose first capture a selection picks."""

    version_id: int
    url: str
    captured_at: str


def find_picked(db: Database, selection: Selection) -> Iterator[Picked]:
    """The records of a selection in the order of writing, with those that its revisits refer to.

    What a page or its server asks archives to show no copies of is left out.
    """
    for row in db.execute(_PICKED, _values(selection)):
        yield Picked(location=Location(segment=row[0], offset=row[1], length=row[2]))


def picked_bytes(db: Database, selection: Selection) -> int:
    """How long the records of a selection are together."""
    (total,) = db.execute(f"SELECT sum(length) FROM ({_PICKED})", _values(selection)).fetchone()  # noqa: S608
    return total or 0


def find_pages(db: Database, selection: Selection) -> Iterator[PickedPage]:
    """The versions of a selection, in the order in which they were seen."""
    for row in db.execute(_PAGES, _values(selection)):
        yield PickedPage(**dict(zip(PickedPage.__slots__, row, strict=True)))


def _values(selection: Selection) -> dict[str, str | None]:
    return {"source": selection.source, "since": selection.since, "until": selection.until}


_WANTED = """
captured_at >= :since AND captured_at < :until AND NOT is_noarchive AND NOT is_noarchive_in_page
  AND (:source IS NULL OR capture.source_id = (SELECT id FROM source WHERE name = :source))
"""

_PICKED = f"""
WITH wanted AS (SELECT id, revisit_of FROM capture WHERE {_WANTED})
SELECT segment.name, "offset", length FROM capture JOIN segment ON segment.id = segment_id
WHERE (capture.id IN (SELECT id FROM wanted)
    OR record_id IN (SELECT revisit_of FROM wanted WHERE revisit_of IS NOT NULL))
  AND NOT is_noarchive AND NOT is_noarchive_in_page
ORDER BY segment_id, "offset"
"""  # noqa: S608  (our own words)

_PAGES = f"""
SELECT version.id, capture.url, captured_at
FROM version JOIN capture ON capture.id = first_capture_id
WHERE {_WANTED} ORDER BY version.id
"""  # noqa: S608  (our own words)
