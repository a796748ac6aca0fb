"""JSON Lines: one change a line, in the order of the change log.

Format: UTF-8, one JSON object a line, parted by `\\n` (https://jsonlines.org). The object is
described by `docs/reference/export.schema.json`; its number is `schema` in each line.
"""

from collections.abc import Iterator

import orjson

from archive.catalogue.reader import CatalogueReader
from archive.errors import WrongUse
from archive.shapes import change_shape

_AT_ONCE = 500


def change_lines(reader: CatalogueReader, since: int) -> Iterator[tuple[int, bytes]]:
    """Each change behind the cursor `since`, once: its own cursor, and its line with the line end.

    Changes that are committed while this runs are given too.

    Raises:
        WrongUse: the archive never gave such a cursor.
    """
    require_known(reader, since)
    while changes := reader.changes_after(since, _AT_ONCE):
        for change in changes:
            yield change.id, orjson.dumps(change_shape(reader, change)) + b"\n"
        since = changes[-1].id


def require_known(reader: CatalogueReader, cursor: int) -> None:
    """Refuse a cursor that lies behind the end of the change log, since nothing would ever follow.

    Raises:
        WrongUse: the archive never gave such a cursor.
    """
    last = reader.last_change_id()
    if cursor > last:
        raise WrongUse(
            f"This archive has never given the cursor {cursor}; its last change is {last}. The "
            "cursor is another archive's, or the archive is an older copy: begin again with 0."
        )
