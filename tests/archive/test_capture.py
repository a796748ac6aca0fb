"""What an answer's X-Robots-Tag asks of archives is read as its specification says."""

import pytest

from archive.capture import asks_noarchive


@pytest.mark.parametrize(
    ("values", "asks"),
    [
        ((), False),
        (("noarchive",), True),
        (("index, NOARCHIVE",), True),
        (("none",), True),
        (("noindex", "noarchive"), True),
        (("googlebot: noarchive",), False),
        (("googlebot: nofollow", "salname: noarchive"), True),
        (("unavailable_after: 25 Jun 2027 15:00:00 GMT, noarchive",), True),
        (("max-snippet:-1, noarchive",), True),
        (("noarchive-later",), False),
    ],
)
def test_noarchive_counts_where_it_is_said_to_all_or_to_us(
    values: tuple[str, ...], asks: bool
) -> None:
    assert asks_noarchive(tuple(("X-Robots-Tag", value) for value in values)) is asks
