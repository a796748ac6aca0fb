"""JSON Lines: one change a line, in the order of the change log.

Format: UTF-8, one JSON object a line, parted by `\\n` (https://jsonlines.org). The object is
described by `docs/reference/export.schema.json`; its number is `schema` in each line.
"""

from collections.abc import Iterator

import orjson

from archive.catalogue.reader import CatalogueReader
from archive.shapes import change_shape

_AT_ONCE = 500


def change_lines(reader: CatalogueReader, since: int) -> Iterator[tuple[int, bytes]]:
    """Each change behind the cursor `since`, once: its own cursor, and its line with the line end.

    Changes that are committed while this runs are given too.
    """
    while changes := reader.changes_after(since, _AT_ONCE):
        for change in changes:
            yield change.id, orjson.dumps(change_shape(reader, change)) + b"\n"
        since = changes[-1].id
