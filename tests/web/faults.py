"""How the made-up web misbehaves: each fault of the real web as one word.

A site or a single path of it is told to misbehave by `MadeUpWeb.misbehave`, and the site
`yaramaz.example` has one article for every fault, under `/xeber/{fault}-{number}.html`.
"""

import asyncio
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from itertools import count

from tests.web.wire import Answer, Misconduct, Request, Wire, encode, head_with

HUGE_BYTES = 50 * 1024 * 1024
BOMB_BYTES = 300 * 1024 * 1024
SLOW_PIECES = 10
SLOW_PAUSE_S = 0.1
LATE_S = 0.4
_CHUNK_BYTES = 256 * 1024
_STEP = re.compile(r"/addim-(\d+)$")
_changes = count(1)


class Fault(StrEnum):
    """One way of misbehaving."""

    TOO_MANY = "429"  # with Retry-After: 1
    UNAVAILABLE = "503"  # with Retry-After: 1
    BROKEN = "500"
    FORBIDDEN = "403"  # a block page that asks for a captcha
    SLOW = "slow"  # ten pieces in a second
    LATE = "late"  # nothing for a while, then all of it
    STALL = "stall"  # half of it, then nothing
    CUT = "cut"  # half of what Content-Length says, then closed
    TOO_LONG = "too-long"  # Content-Length says more than there is, then closed
    TOO_SHORT = "too-short"  # Content-Length says less than there is, then closed
    LOOP = "loop"  # redirects to ever new addresses
    TO_HOME = "to-home"  # redirects to the home page
    ERROR_200 = "error-200"  # an error page that says 200
    WRONG_CHARSET = "wrong-charset"  # says windows-1251, is UTF-8
    NO_CHARSET = "no-charset"  # UTF-8, and says so nowhere
    WINDOWS_1251 = "windows-1251"  # and is it, with ə as &#601;
    HUGE = "huge"  # 50 MB of page
    BOMB = "bomb"  # 300 kB that unpack to 300 MB
    NOT_A_PHOTO = "not-a-photo"  # an image/jpeg that is HTML
    STALE_ETAG = "stale-etag"  # one ETag for contents that differ, and 304 to whoever sends it
    RESTLESS_ETAG = "restless-etag"  # ever new ETags for the same content
    DOWN = "down"  # closes every connection without a word


@dataclass(slots=True, kw_only=True)
class Misbehaviour:
    """A fault that is switched on: for how many more requests (None: until it is switched off)."""

    fault: Fault
    times_left: int | None = None


def misbehaved(fault: Fault, request: Request, proper: Answer) -> Answer | Misconduct:
    """What a request gets instead of its proper answer."""
    if fault in _ANSWERS:
        return _ANSWERS[fault](request, proper)
    return _MISCONDUCTS[fault](request, proper)


def _refusal(status: int, words: str) -> Callable[[Request, Answer], Answer]:
    body = (
        f"<html><head><title>{status}</title></head><body><h1>{words}</h1></body></html>".encode()
    )
    headers = (("Retry-After", "1"),) if status in {429, 503} else ()
    answer = Answer(status=status, body=body, headers=headers)
    return lambda request, proper: answer


def _error_200(request: Request, proper: Answer) -> Answer:
    del request, proper
    words = (
        "<title>Xəta</title></head><body><h1>Xəta</h1><p>Sorğunu yerinə yetirmək mümkün olmadı.</p>"
    )
    return Answer(body=f'<html><head><meta charset="utf-8">{words}</body></html>'.encode())


def without_step(path: str) -> str:
    """The path that an endless redirect began with; any other path as it is."""
    return _STEP.sub("", path)


def _loop(request: Request, proper: Answer) -> Answer:
    del proper
    match = _STEP.search(request.path)
    step = int(match[1]) + 1 if match else 1
    location = f"http://{request.host}{without_step(request.path)}/addim-{step}"
    return Answer(status=302, headers=(("Location", location),))


def _to_home(request: Request, proper: Answer) -> Answer:
    del proper
    return Answer(status=302, headers=(("Location", f"http://{request.host}/"),))


def _recoded(content_type: str, encoding: str) -> Callable[[Request, Answer], Answer]:
    def recode(request: Request, proper: Answer) -> Answer:
        del request
        text = re.sub(
            r'<meta [^>]*charset="?utf-8"?>', "", proper.body.decode(), flags=re.IGNORECASE
        )
        body = text.encode(encoding, errors="xmlcharrefreplace")
        return replace(proper, content_type=content_type, body=body, etag=None)

    return recode


def _not_a_photo(request: Request, proper: Answer) -> Answer:
    del request, proper
    return Answer(
        content_type="image/jpeg", body="<html><body>Şəkil tapılmadı</body></html>".encode()
    )


def _stale_etag(request: Request, proper: Answer) -> Answer:
    del request
    body = proper.body.replace(b"</body>", f"<p>{next(_changes)}</p></body>".encode())
    return replace(proper, body=body, etag='"eyni"')


def _restless_etag(request: Request, proper: Answer) -> Answer:
    del request
    return replace(proper, etag=f'"{next(_changes)}"', modified_at=None)


_ANSWERS: Mapping[Fault, Callable[[Request, Answer], Answer]] = {
    Fault.TOO_MANY: _refusal(429, "Çox sayda sorğu"),
    Fault.UNAVAILABLE: _refusal(503, "Xidmət müvəqqəti işləmir"),
    Fault.BROKEN: _refusal(500, "Daxili xəta"),
    Fault.FORBIDDEN: _refusal(403, "Robot olmadığınızı təsdiq edin"),
    Fault.LOOP: _loop,
    Fault.TO_HOME: _to_home,
    Fault.ERROR_200: _error_200,
    Fault.WRONG_CHARSET: _recoded("text/html; charset=windows-1251", "utf-8"),
    Fault.NO_CHARSET: _recoded("text/html", "utf-8"),
    Fault.WINDOWS_1251: _recoded("text/html; charset=windows-1251", "windows-1251"),
    Fault.NOT_A_PHOTO: _not_a_photo,
    Fault.STALE_ETAG: _stale_etag,
    Fault.RESTLESS_ETAG: _restless_etag,
}


def _slow(request: Request, proper: Answer) -> Misconduct:
    async def drip(wire: Wire) -> None:
        data = encode(proper, request)
        size = len(data) // SLOW_PIECES + 1
        for start in range(0, len(data), size):
            await wire.send(data[start : start + size])
            await asyncio.sleep(SLOW_PAUSE_S)

    return drip


def _late(request: Request, proper: Answer) -> Misconduct:
    async def dawdle(wire: Wire) -> None:
        await asyncio.sleep(LATE_S)
        await wire.send(encode(proper, request))

    return dawdle


def _stall(request: Request, proper: Answer) -> Misconduct:
    async def stall(wire: Wire) -> None:
        data = encode(proper, request)
        await wire.send(data[: len(data) // 2])
        while not wire.is_closed:
            await asyncio.sleep(0.1)

    return stall


def _cut(request: Request, proper: Answer) -> Misconduct:
    async def cut(wire: Wire) -> None:
        data = encode(proper, request)
        await wire.send(data[: len(data) // 2])
        wire.close()

    return cut


def _wrong_length(added: int) -> Callable[[Request, Answer], Misconduct]:
    def prepare(request: Request, proper: Answer) -> Misconduct:
        async def lie(wire: Wire) -> None:
            length = str(len(proper.body) + added)
            headers = (("Content-Type", proper.content_type), ("Content-Length", length))
            await wire.send(head_with(200, *headers) + proper.body)
            wire.close()

        return lie

    return prepare


def _huge(request: Request, proper: Answer) -> Misconduct:
    async def pour(wire: Wire) -> None:
        start, _, end = proper.body.partition(b"</body>")
        paragraph = "<p>Bu səhifə heç vaxt bitmək bilmir və hər dəfə eyni cümləni təkrarlayır.</p>\n".encode()
        filler = (paragraph * (_CHUNK_BYTES // len(paragraph) + 1))[:_CHUNK_BYTES]
        headers = (("Content-Type", proper.content_type), ("Content-Length", str(HUGE_BYTES)))
        await wire.send(head_with(200, *headers) + start)
        left = HUGE_BYTES - len(start) - len(end)
        while left > 0 and not wire.is_closed:
            await wire.send(filler[:left])
            left -= len(filler)
        await wire.send(end)

    return pour


def _bomb(request: Request, proper: Answer) -> Misconduct:
    async def drop(wire: Wire) -> None:
        data = packed_bomb()
        headers = (("Content-Encoding", "gzip"), ("Content-Length", str(len(data))))
        await wire.send(head_with(200, ("Content-Type", proper.content_type), *headers) + data)

    return drop


@cache
def packed_bomb() -> bytes:
    """300 MB of blanks, packed; it takes seconds, once a process."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    piece = b" " * (1024 * 1024)
    packed = [packer.compress(piece) for _ in range(BOMB_BYTES // len(piece))]
    return b"".join((*packed, packer.flush()))


def _down(request: Request, proper: Answer) -> Misconduct:
    async def vanish(wire: Wire) -> None:
        wire.abort()

    return vanish


_MISCONDUCTS: Mapping[Fault, Callable[[Request, Answer], Misconduct]] = {
    Fault.SLOW: _slow,
    Fault.LATE: _late,
    Fault.STALL: _stall,
    Fault.CUT: _cut,
    Fault.TOO_LONG: _wrong_length(1000),
    Fault.TOO_SHORT: _wrong_length(-1000),
    Fault.HUGE: _huge,
    Fault.BOMB: _bomb,
    Fault.DOWN: _down,
}
