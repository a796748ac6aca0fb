"""Which days a page of a date archive is of, by its address."""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

from crawler.ways import Archive
from pipelines.addresses import normal_address

Days = tuple[date, date]
"""The first and the last day of a span."""

_STAND_INS = {"year": "7770771", "month": "7770772", "day": "7770773"}


def days_of_page(url: str, way: Archive) -> Days | None:
    """The days whose articles stand on a page of the archive, or None where it is none of its.

    Further pages of a day may have more behind its address: `/2026/05/24/sehife2/`, `?page=2`.
    """
    found = _shape_of(way.archive).match(normal_address(url))
    if found is None:
        return None
    parts = found.groupdict()
    try:
        year, month = int(parts["year"]), int(parts["month"])
        if day := parts.get("day"):
            return date(year, month, int(day)), date(year, month, int(day))
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    except ValueError:
        return None


@lru_cache(maxsize=256)
def _shape_of(template: str) -> re.Pattern[str]:
    for name, stand_in in _STAND_INS.items():
        template = template.replace(f"{{{name}}}", stand_in)
    shape = re.escape(normal_address(template))
    for name, stand_in in _STAND_INS.items():
        figures = r"\d{4}" if name == "year" else r"\d{2}"
        shape = shape.replace(stand_in, f"(?P<{name}>{figures})", 1)
    return re.compile(rf"{shape}(?![^/?&])")
