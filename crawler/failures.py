"""Says in a sentence why a request got no answer, whatever library found out."""

from aiohttp import ServerDisconnectedError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)


class RobotsUnread(IgnoreRequest):
    """Nothing is fetched from a host because of its robots.txt; a later run asks anew."""


def failure_sentence(error: BaseException) -> str:
    """Why there is no answer, for the ledger and for whoever asks after an address.

    >>> failure_sentence(DownloadConnectionRefusedError("Connection was refused by other side"))
    'the connection was refused'
    """
    text = _text_of(error)
    match error:
        case IgnoreRequest():
            return text
        case DownloadTimeoutError():
            _, _, time = text.rpartition("longer than ")
            return f"no answer within {time}" if time else "no answer in time"
        case DownloadConnectionRefusedError():
            return "the connection was refused"
        case CannotResolveHostError():
            return f"its host is not found ({text})"
        case DownloadFailedError():
            return _broken_off(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _broken_off(error: DownloadFailedError) -> str:
    below = error.__cause__
    if isinstance(below, ServerDisconnectedError | ConnectionResetError | BrokenPipeError):
        return "the connection was closed without an answer"
    return f"the connection failed: {_text_of(error) or type(below or error).__name__}"


def _text_of(error: BaseException) -> str:
    return " ".join(str(error).split()).rstrip(".")
