"""An exchange knows its time zone and the digest of its body."""

import hashlib
from datetime import datetime

import pytest

from archive.exchange import Exchange
from tests.archive.exchanges import exchange


def test_the_payload_digest_is_the_one_of_the_body_as_received() -> None:
    coded = exchange(coding="gzip")

    assert coded.payload_sha256 == hashlib.sha256(coded.body).hexdigest()


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Exchange(url="https://olke.example/", captured_at=datetime(2026, 1, 1))  # noqa: DTZ001
