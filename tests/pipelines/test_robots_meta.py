"""Meta robots in a page's head, whatever way it is written; words elsewhere are none."""

import pytest

from pipelines.robots_meta import asks_noarchive


@pytest.mark.parametrize(
    ("head", "asks"),
    [
        ('<meta name="robots" content="noarchive">', True),
        ("<META NAME=ROBOTS CONTENT='NOINDEX, NOARCHIVE'/>", True),
        ('<meta content="none" data-n="1" name="Robots">', True),
        ('<meta name="salname" content="noarchive">', True),
        ('<meta name="robots" content="index, follow">', False),
        ('<meta name="googlebot" content="noarchive">', False),
        ('<meta name="robots" content="max-image-preview:none">', False),
        ('<!-- <meta name="robots" content="noarchive"> -->', False),
        ('<title>robots noarchive</title><link href="/robots.txt">', False),
        ('</head><body><meta name="robots" content="noarchive">', False),
    ],
)
def test_noarchive_counts_where_it_is_said_to_all_or_to_us(head: str, asks: bool) -> None:
    assert asks_noarchive(f"<html><head>{head}</head>".encode()) is asks
