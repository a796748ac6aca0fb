"""Says in a sentence why a request got no answer, whatever library found out."""

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from twisted.internet.error import ConnectionDone, ConnectionLost


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
    """What lies below: Twisted keeps the reasons of a failed download in a list of their own."""
    reasons = [failure.value for failure in getattr(error.__cause__, "reasons", None) or ()]
    below = reasons[0] if reasons else error.__cause__ or error
    if isinstance(below, ConnectionDone | ConnectionLost):
        return "the connection was closed without an answer"
    return f"the connection failed: {_text_of(below) or type(below).__name__}"


def _text_of(error: BaseException) -> str:
    return " ".join(str(error).split()).rstrip(".")
