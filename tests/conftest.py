"""What holds for every test: nothing leaves this machine, and wild input is the same each time.

`HYPOTHESIS_PROFILE=nightly` looks for new wild input instead.
"""

import ipaddress
import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("nightly", max_examples=2_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

# A developer's own archive and proxies are no part of the tests.
for _name in ("SALNAME_ARCHIVE", "http_proxy", "https_proxy", "all_proxy", "no_proxy"):
    os.environ.pop(_name, None)
    os.environ.pop(_name.upper(), None)

_SENDING = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_left_loopback: list[str] = []


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"


def _keep_on_loopback(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse what would leave loopback, and remember it: its caller may swallow the error."""
    if event not in _SENDING or not isinstance(arguments[1], tuple):
        return  # a Unix socket has a path, no tuple
    host = str(arguments[1][0])
    if not _is_loopback(host):
        _left_loopback.append(host)
        raise ConnectionRefusedError(f"a test may not leave loopback: {host}")


sys.addaudithook(_keep_on_loopback)


@pytest.fixture(autouse=True)
def left_loopback() -> Iterator[list[str]]:
    """The hosts beyond loopback that a test asked for; it fails unless it clears them itself."""
    _left_loopback.clear()
    yield _left_loopback
    assert _left_loopback == []
