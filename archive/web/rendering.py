"""A template and its values made a page, in the visitor's language.

Everything that comes from a publisher's page is put in as text: autoescape is on, and no template
marks a value as safe. Addresses become links only where they are http or https.
"""

from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from archive.web.dates import write_moment
from archive.web.language import language_of, remember_language
from archive.web.words import Language, Words, write_number

_TEMPLATES = Path(__file__).parent / "templates"
_SEEN_AS_LINK = ("http", "https")


def is_web_address(url: str) -> bool:
    """Whether an address from a page may become a link: http or https, with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in _SEEN_AS_LINK and bool(parts.netloc)


def margins_of(text: str) -> tuple[str, str, str]:
    """White space before, the words, white space after; white space alone counts as words.

    A mark around an inserted word looks wrong with the space that came along in it.
    """
    core = text.strip()
    if not core:
        return "", text, ""
    start = text.index(core)
    return text[:start], core, text[start + len(core) :]


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["web_address"] = is_web_address
    environment.filters["number"] = write_number
    environment.filters["margins"] = margins_of
    return environment


_ENVIRONMENT = _environment()


def render(request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
    """The page that a template makes of these values."""
    language = language_of(request)
    page = _ENVIRONMENT.get_template(template).render(
        words=Words(language),
        moment=partial(write_moment, language=language),
        status=status,
        path=request.url.path,
        links={code: _in_language(request, code) for code in Language},
        **values,
    )
    response = HTMLResponse(page, status_code=status)
    response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept-Language, Cookie"
    response.headers["Cache-Control"] = "no-cache"
    remember_language(request, response)
    return response


def _in_language(request: Request, code: Language) -> str:
    url = request.url.include_query_params(lang=code)
    return f"{url.path}?{url.query}"
