"""HTTP/2 beneath a client that speaks HTTP/1.1, on connections whose TLS has chosen it.

The client writes a request and reads an answer as it always does; here the request becomes a
stream, and the stream's answer a chunked one, so that limits, time-outs and kept connections stay
the client's. One request is under way at a time, which is all that politeness wants. What was
really sent and received is kept beside: `sent` and `answer`.

Source: RFC 9113 (HTTP/2), RFC 7301 (ALPN).
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import (
    DataReceived,
    Event,
    ResponseReceived,
    StreamEnded,
    StreamReset,
)
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes, Settings
from typing_extensions import override

from archive.exchange import Headers

PROTOCOL = "h2"  # its name in ALPN, and in the field WARC-Protocol
_WINDOW_BYTES = 1 << 20  # that a server may send ahead; how fast it is read TCP sees to
_LONGEST_HEAD_BYTES = 65_536
_FRAME_HEAD_BYTES = 9
_LONGEST_FRAME_BYTES = _FRAME_HEAD_BYTES + 16_384  # what we allow, RFC 9113, section 4.2
_GOAWAY = 7
_OF_THE_CONNECTION = frozenset(
    {"connection", "host", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"}
)  # RFC 9113, section 8.2.2; the host is `:authority`
_WITHOUT_BODY = frozenset({204, 304})
_CONTROLS = re.compile("[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Http2Answer:
    """The head of an answer as it came: no reason, names in lower case, pseudo-headers left out."""

    status: int
    headers: Headers


class Http2Transport(asyncio.Transport):
    """What a client of HTTP/1.1 takes for its connection.

    below     the connection itself
    received  takes the bytes of an answer in HTTP/1.1
    refused   told when the server breaks HTTP/2, or wants HTTP/1.1 for this request
    """

    def __init__(
        self,
        below: asyncio.Transport,
        received: Callable[[bytes], None],
        refused: Callable[[], None],
    ) -> None:
        super().__init__()
        self.sent: Headers = ()
        self.answer: Http2Answer | None = None
        self._below = below
        self._received = received
        self._refused = refused
        self._held = bytearray()
        self._came = bytearray()
        self._stream_id: int | None = None
        self._has_body = False
        self._is_last = False
        self._h2 = H2Connection(H2Configuration(client_side=True, header_encoding="latin-1"))
        self._h2.local_settings = Settings(
            client=True,
            initial_values={
                SettingCodes.ENABLE_PUSH: 0,
                SettingCodes.INITIAL_WINDOW_SIZE: _WINDOW_BYTES,
                SettingCodes.MAX_HEADER_LIST_SIZE: _LONGEST_HEAD_BYTES,
            },
        )
        self._h2.initiate_connection()
        self._h2.increment_flow_control_window(_WINDOW_BYTES)
        self._flush()

    def feed(self, data: bytes) -> None:
        """Take what came over the connection, frame by frame."""
        self._came += data
        while len(self._came) >= _FRAME_HEAD_BYTES and not self._below.is_closing():
            end = _FRAME_HEAD_BYTES + int.from_bytes(self._came[:3])
            if len(self._came) < end and end <= _LONGEST_FRAME_BYTES:
                break
            frame = bytes(self._came[:end])
            del self._came[:end]
            self._take_frame(frame)
        self._flush()
        if self._is_last and self._stream_id is None:
            self.close()

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Take a piece of a request's head; with its end the request goes out."""
        self._held += data
        head, end, body = bytes(self._held).partition(b"\r\n\r\n")
        if not end:
            return
        assert not body, "the crawl asks, and sends nothing"
        self._held.clear()
        self._ask(*head.decode("latin-1").split("\r\n"))

    @override
    def close(self) -> None:
        """Let go of the connection; nothing is left to be said on it."""
        self._below.abort()  # a TLS that is closed waits for the other side

    @override
    def abort(self) -> None:
        """Cut the connection."""
        self._below.abort()

    @override
    def is_closing(self) -> bool:
        """Whether either side has closed, or takes no further request."""
        return self._below.is_closing() or (self._is_last and self._stream_id is None)

    @override
    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What is known of the connection below."""
        return self._below.get_extra_info(name, default)

    @override
    def pause_reading(self) -> None:
        """Let the server wait; called by a client that has enough for now."""
        self._below.pause_reading()

    @override
    def resume_reading(self) -> None:
        """Go on reading."""
        self._below.resume_reading()

    @override
    def is_reading(self) -> bool:
        """Whether the connection is being read."""
        return self._below.is_reading()

    def _ask(self, request: str, *lines: str) -> None:
        method, path, _ = request.split(" ")
        named = [line.partition(":") for line in lines]
        headers = [(name.lower(), value.strip()) for name, _, value in named]
        host = next(value for name, value in headers if name == "host")
        further = [each for each in headers if each[0] not in _OF_THE_CONNECTION]
        pseudo = [
            (":method", method),
            (":scheme", "https"),
            (":authority", host),
            (":path", path),
        ]
        self.sent = (("Host", host), *further)
        self.answer = None
        self._stream_id = self._h2.get_next_available_stream_id()
        self._h2.send_headers(self._stream_id, [*pseudo, *further], end_stream=True)
        self._flush()

    def _take_frame(self, frame: bytes) -> None:
        if frame[3] == _GOAWAY:
            # Kept from h2, which takes no more then: a server says so before its last answer.
            self._is_last = True
            if error_code := int.from_bytes(frame[13:17]):
                self._give_up(error_code)
            return
        try:
            events = self._h2.receive_data(frame)
        except ProtocolError:
            self._refused()
            self.close()
            return
        for event in events:
            self._take(event)

    def _take(self, event: Event) -> None:
        match event:
            case ResponseReceived():
                self._begin(event)
            case DataReceived():
                self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                if event.data and event.stream_id == self._stream_id and self._has_body:
                    self._received(b"%x\r\n%b\r\n" % (len(event.data), event.data))
            case StreamEnded() if event.stream_id == self._stream_id:
                self._stream_id = None
                if self._has_body:
                    self._received(b"0\r\n\r\n")
            case StreamReset() if event.stream_id == self._stream_id:
                self._give_up(event.error_code)

    def _begin(self, event: ResponseReceived) -> None:
        headers = [(str(name), str(value)) for name, value in event.headers]
        status = int(dict(headers)[":status"])
        told = tuple(each for each in headers if not each[0].startswith(":"))
        self.answer = Http2Answer(status=status, headers=told)
        self._has_body = status not in _WITHOUT_BODY
        media_type = next((value for name, value in told if name == "content-type"), "")
        lines = [f"HTTP/1.1 {status} ", f"content-type: {_CONTROLS.sub(' ', media_type)}"]
        lines += ["transfer-encoding: chunked"] if self._has_body else []
        self._received("\r\n".join((*lines, "", "")).encode("latin-1"))

    def _give_up(self, error_code: ErrorCodes | int | None) -> None:
        if error_code == ErrorCodes.HTTP_1_1_REQUIRED:
            self._refused()
        self._stream_id, self._is_last = None, True
        self.close()

    def _flush(self) -> None:
        if waiting := self._h2.data_to_send():
            self._below.write(waiting)
