"""Which language a visitor reads: what the address asks for, else the cookie, else the browser."""

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response

from archive.web.words import Language

COOKIE = "salname_language"
_YEAR_S = 365 * 24 * 3600
_BY_CODE = {language.value: language for language in Language}


def language_of(request: Request) -> Language:
    """The language to answer in; Azerbaijani where nothing else is asked for."""
    known = (_BY_CODE[code] for code in _wishes(request) if code in _BY_CODE)
    return next(known, Language.AZERBAIJANI)


def remember_language(request: Request, response: Response) -> None:
    """Keep a language that the address asked for."""
    code = request.query_params.get("lang", "")
    if code in _BY_CODE:
        response.set_cookie(COOKIE, code, max_age=_YEAR_S, httponly=True, samesite="lax")


def _wishes(request: Request) -> Iterator[str]:
    yield request.query_params.get("lang", "")
    yield request.cookies.get(COOKIE, "")
    yield from _accepted(request.headers.get("accept-language", ""))


def _accepted(header: str) -> list[str]:
    """Primary language codes of an Accept-Language header, the most wanted first.

    Source: RFC 9110, section 12.5.4.
    """
    weighted = []
    for part in header.split(","):
        tag, _, weight = part.partition(";q=")
        try:
            wanted = float(weight or 1)
        except ValueError:
            wanted = 0.0
        weighted.append((-wanted, tag.strip().lower().partition("-")[0]))
    return [code for wanted, code in sorted(weighted, key=lambda pair: pair[0]) if wanted]
