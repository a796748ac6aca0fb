"""The suite stays on this machine."""

import socket

import pytest


@pytest.mark.parametrize(
    ("family", "host"), [(socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")]
)
def test_a_connection_beyond_loopback_is_refused_and_remembered(
    family: socket.AddressFamily, host: str, left_loopback: list[str]
) -> None:
    with socket.socket(family) as connection, pytest.raises(ConnectionRefusedError, match=host):
        connection.connect((host, 80))

    assert left_loopback == [host]
    left_loopback.clear()


def test_a_connection_on_loopback_is_made() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=5) as connection,
    ):
        assert connection.getpeername() == server.getsockname()
