"""A deadline in CPU time for what a page makes us do: a page over it is given up, the crawl goes on.

The kernel's timer of the process's CPU time (`ITIMER_PROF`) counts, so waiting costs nothing and the
event loop around a block never notices: the timer runs inside the block alone. Python answers its
signal between two of its steps, and so do regular expressions. A call into C that does not come back
(libxml2, orjson) is given up once it has returned; what goes into those is bounded by its length
(`pipelines/parsing.py`).

Source: setitimer(2), POSIX.1-2017.
"""

import signal
import threading
from types import FrameType, TracebackType
from typing import Any, Self

from archive.errors import PageTooCostly

MAX_CPU_S = 10.0
_AGAIN_S = 1.0  # after an `except Exception` of a library has swallowed the first


class CpuDeadline:
    """Raise `PageTooCostly` in the block once it has taken so many seconds of CPU time.

    Works in the main thread, where Python answers signals; in another the block has no deadline.
    Handler and timer are put back at the end, whatever ended it. Costs 8 microseconds.

    limit_s  of user and system time of this process, all its threads
    """

    def __init__(self, limit_s: float = MAX_CPU_S) -> None:
        self._limit_s = limit_s
        self._is_over = True
        self._handler: Any = None

    def __enter__(self) -> Self:
        """The time starts."""
        if threading.current_thread() is threading.main_thread():
            self._is_over = False
            self._handler = signal.signal(signal.SIGPROF, self._give_up)
            signal.setitimer(signal.ITIMER_PROF, self._limit_s, _AGAIN_S)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """The time stops; a signal that is still under way does nothing any more."""
        if self._is_over:
            return
        try:
            self._is_over = True
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, self._handler)

    def _give_up(self, signal_number: int, frame: FrameType | None) -> None:
        if not self._is_over:
            raise PageTooCostly(f"reading it took more than {self._limit_s:g} s of CPU time")
