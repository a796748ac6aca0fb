"""The numbers that a site gives its articles, as far as they are known."""

import json
from collections.abc import Sequence

from sqlite_utils import Database

_MOST = 2_000  # the newest: what is missing farther back was sought by earlier runs


def known_numbers(db: Database, source: str) -> tuple[int, ...]:
    """The numbers of a source's articles, the highest first."""
    return tuple(number for (number,) in db.execute(_NUMBERS, {"source": source, "most": _MOST}))


def known_addresses(db: Database, urls: Sequence[str]) -> frozenset[str]:
    """Those of the addresses that the ledger knows."""
    return frozenset(url for (url,) in db.execute(_KNOWN, {"urls": json.dumps(urls)}))


_NUMBERS = """
SELECT DISTINCT CAST(substr(key, instr(key, '#') + 1) AS INTEGER) AS number FROM article
WHERE source_id = (SELECT id FROM source WHERE name = :source)
    AND instr(key, '#') > 0 AND substr(key, instr(key, '#') + 1) NOT GLOB '*[^0-9]*'
    AND length(key) - instr(key, '#') BETWEEN 1 AND 12
ORDER BY number DESC LIMIT :most
"""

_KNOWN = "SELECT url FROM ledger WHERE url IN (SELECT value FROM json_each(:urls))"
