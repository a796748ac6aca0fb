"""Errors as pages, in the visitor's language; of the API, as a sentence of JSON in English.

A page says what a visitor can do. Paths, digests and SQLite's words go to the log, which is where
the operator reads.
"""

import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive.errors import (
    IntegrityError,
    LaterCatalogue,
    NotAnArchive,
    OlderCatalogue,
    SalnameError,
    StoreError,
    TornSegment,
    UnreadableQuery,
    WrongUse,
)
from archive.web.api import json_response
from archive.web.asking import NotANumber
from archive.web.language import language_of
from archive.web.rendering import render
from archive.web.words import Language, Words

log = logging.getLogger(__name__)

_ENGLISH = Words(Language.ENGLISH)
# The first that fits: status, phrase of the advice, command that helps.
_ADVICE: tuple[tuple[type[Exception], int, str, str], ...] = (
    (LaterCatalogue, 503, "later_catalogue", "salname serve"),
    (OlderCatalogue, 503, "older_catalogue", "salname recover"),
    (StoreError, 503, "store_away", "salname objects check"),
    (IntegrityError, 500, "damaged", "salname verify"),
    (TornSegment, 500, "damaged", "salname verify"),
    (Exception, 500, "in_the_log", ""),
)


def refused(request: Request, error: Exception) -> Response:
    """Answer 404 and its kin."""
    assert isinstance(error, HTTPException)
    if _is_of_api(request):
        is_told = error.detail != HTTPException(error.status_code).detail
        told = error.detail if is_told else _heading(error.status_code, _ENGLISH)
        response: Response = json_response({"error": told}, error.status_code)
    else:
        words = Words(language_of(request))
        advice = words.not_found_advice if error.status_code == 404 else ""
        if isinstance(error, NotANumber):
            advice = words("not_a_number", name=error.name, most=error.most)
        heading = _heading(error.status_code, words)
        response = _page(request, error.status_code, heading, advice)
    response.headers.update(error.headers or {})
    return response


def failed(request: Request, error: Exception) -> Response:
    """Answer for an error of our own, or for one that nobody foresaw."""
    words = Words(language_of(request))
    status, heading, advice, command = _told(error, words)
    if status >= 500 and isinstance(error, SalnameError):  # of others the server logs all it knows
        log.error("page failed", extra={"path": request.url.path, "error": str(error)})
    if _is_of_api(request):
        told = str(error) if isinstance(error, SalnameError) else _ENGLISH.in_the_log
        return json_response({"error": told}, status)
    return _page(request, status, heading, advice, command)


def query_trouble(error: UnreadableQuery, words: Words) -> str:
    """What is wrong with a search."""
    return words(f"query_{error.fault}", **error.values)


def _told(error: Exception, words: Words) -> tuple[int, str, str, str]:
    """Status, heading, advice, and the command that helps, or nothing."""
    if isinstance(error, NotAnArchive):
        return 503, words.empty_archive, words.empty_archive_advice, "salname crawl"
    if isinstance(error, UnreadableQuery):
        return 400, words.bad_query, query_trouble(error, words), ""
    if isinstance(error, WrongUse):
        return 400, words.bad_address, words.not_found_advice, ""
    advice = (each[1:] for each in _ADVICE if isinstance(error, each[0]))
    status, phrase, command = next(advice)
    return status, words.trouble, words(phrase), command


def _heading(status: int, words: Words) -> str:
    known = {400: words.bad_address, 404: words.not_found, 405: words.wrong_method}
    return known.get(status, words.trouble)


def _page(request: Request, status: int, heading: str, advice: str, command: str = "") -> Response:
    values = {"heading": heading, "advice": advice, "command": command}
    return render(request, "error.html", status, **values)


def _is_of_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")
