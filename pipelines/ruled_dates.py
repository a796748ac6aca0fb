"""Dates that a site's own rules point at: the texts of a rule, read together or one alone.

The upload day of the article's photo decides the year of a date without one.
"""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from archive.article import Moment, ShownPhoto
from pipelines.dates import BAKU, find_date_in_url, read_date, unix_time_in_name
from pipelines.items import Page
from pipelines.rules import Site

_MOST_TEXTS = 4


def read_ruled_date(
    texts: Sequence[str], page: Page, site: Site | None, photos: Sequence[ShownPhoto] = ()
) -> Moment | None:
    """The moment that a rule's texts print, together (`18:28` beside `14 Fevral`) or one alone."""
    if not texts:
        return None
    timezone = site.timezone if site else BAKU
    together = [" ".join(texts[:_MOST_TEXTS])] if len(texts) > 1 else []
    photo_on = _uploaded_on(photos, page, timezone)
    for text in (*together, *texts[:_MOST_TEXTS]):
        moment = read_date(
            text,
            seen=page.captured_at,
            timezone=timezone,
            language=site.language if site else None,
            photo_on=photo_on,
        )
        if moment is not None:
            return moment
    return None


def _uploaded_on(photos: Sequence[ShownPhoto], page: Page, timezone: str) -> date | None:
    """The day that a photo's name tells: its unix time, or the day in its path."""
    for photo in photos:
        if uploaded_at := unix_time_in_name(photo.url, seen=page.captured_at):
            return uploaded_at.astimezone(ZoneInfo(timezone)).date()
        if day := find_date_in_url(photo.url, timezone=timezone):
            return date.fromisoformat(day.at[:10])
    return None
