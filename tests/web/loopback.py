"""A server on a loopback port, in a thread of its own."""

import asyncio
from threading import Event, Thread
from types import TracebackType
from typing import Self

from tests.web.wire import Connection, Handler

LOOPBACK = "127.0.0.1"
_START_S = 30.0


class LoopbackServer:
    """Serves a handler on a loopback port, from a thread of its own, while the block lasts."""

    def __init__(self, handler: Handler, *, port: int = 0) -> None:
        self.port = port
        self._handler = handler
        self._thread = Thread(target=self._run, name="made-up web", daemon=True)
        self._is_ready = Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._error: OSError | None = None

    @property
    def proxy_url(self) -> str:
        """The address to give a crawler as its HTTP proxy."""
        return f"http://{LOOPBACK}:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._is_ready.wait(_START_S):
            raise TimeoutError("the made-up web did not start")
        if self._error is not None:
            raise self._error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def wait(self) -> None:
        """Serve until the thread ends, which only the end of the process makes it do."""
        self._thread.join()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        connections: set[Connection] = set()
        try:
            server = await self._loop.create_server(
                lambda: Connection(self._handler, connections), LOOPBACK, self.port, backlog=512
            )
        except OSError as error:
            self._error = error
            self._is_ready.set()
            return
        self.port = server.sockets[0].getsockname()[1]
        self._is_ready.set()
        await self._stop.wait()
        server.close()
        for connection in list(connections):
            connection.abort()
        await asyncio.sleep(0)
