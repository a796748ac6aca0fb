"""Makes a page of an endpoint's JSON, so that a site's rules read it as they read markup.

Each value becomes an element with its key in the attribute `key`, in the order of the JSON; the
values of a list become elements without one. A text that holds markup is put in as markup, an
address of a picture as that picture. A path such as `$.data.photos[*].url` leads to these elements.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape, unescape

import orjson
from lxml import etree

from archive.errors import PageError
from pipelines.items import Page
from pipelines.parsing import parse_page
from pipelines.script_texts import ESCAPED_MARKUP, MARKUP

_BOX = "div"  # a block: what two values say is no one paragraph
_DEEPEST = 60
_MOST_VALUES = 50_000
_LONGEST_ATTRIBUTE_CHARS = 2_000
_PICTURE = re.compile(
    r"(?:https?:)?/?[^\s<>\"']+\.(?:jpe?g|jfif|png|webp|gif|avif)(?:\?[^\s<>\"']*)?", re.IGNORECASE
)
_PARAGRAPH_END = re.compile(r"\s*\n\s*")
# Source: RFC 9535 (JSONPath), the part that names one place: names, numbers from 0, `[*]`.
_STEP = re.compile(
    r"\.([A-Za-z_\u0080-\uffff][\w\u0080-\uffff-]*)|\[(?:(\d{1,6})|(\*)|'([^'\"\]]+)'|\"([^'\"\]]+)\")\]"
)


def page_of_json(page: Page) -> Page | None:
    """The page that says in markup what the JSON of `page` says; None where it is no JSON."""
    if page.body.lstrip()[:1] not in (b"{", b"["):
        return None
    try:
        said = orjson.loads(page.body)
    except orjson.JSONDecodeError:
        return None
    writer = _Writer(page)
    markup = "".join(writer.boxes(said, depth=0))
    body = f"<!DOCTYPE html><html><body><{_BOX}>{markup}</{_BOX}></body></html>"
    return replace(
        page, body=body.encode("utf-8", "replace"), content_type="text/html; charset=utf-8"
    )


def xpath_of_json(path: str) -> str:
    """The XPath, on a page made by `page_of_json`, of what a JSONPath leads to.

    >>> xpath_of_json("$.data.photos[*].url")
    "/html/body/div/*[@key='data']/*[@key='photos']/*/*[@key='url']"

    Raises:
        ValueError: it is no path of names, numbers and `[*]`.
    """
    xpath, position = f"/html/body/{_BOX}", 1
    while position < len(path):
        step = _STEP.match(path, position)
        if step is None:
            raise ValueError(f"{path!r} is no path of JSON from its character {position + 1} on")
        name, number, _, quoted, quoted_twice = step.groups()
        if key := name or quoted or quoted_twice:
            xpath += f"/*[@key='{key}']"
        else:
            xpath += f"/*[{int(number) + 1}]" if number else "/*"
        position = step.end()
    return xpath


class _Writer:
    """One page; how many values it may still write."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._left = _MOST_VALUES

    def boxes(self, value: object, *, depth: int) -> Iterator[str]:
        """What a value holds, in markup; what lies too deep or is too much is left out."""
        if isinstance(value, dict):
            inside = list(value.items())
        elif isinstance(value, list):
            inside = [(None, each) for each in value]
        else:
            yield self._text(value)
            return
        for key, each in inside if depth < _DEEPEST else ():
            self._left -= 1
            if self._left < 0:
                return
            named = "" if key is None else f' key="{escape(key)}"'
            yield f"<{_BOX}{named}{self._attribute(each)}>"
            yield from self.boxes(each, depth=depth + 1)
            yield f"</{_BOX}>"

    def _attribute(self, value: object) -> str:
        """A short text as an attribute too: an address may have no ending that tells a picture."""
        if not isinstance(value, str) or len(value) > _LONGEST_ATTRIBUTE_CHARS or "<" in value:
            return ""
        return f' value="{escape(value)}"'

    def _text(self, value: object) -> str:
        if isinstance(value, bool) or value is None:
            return ""
        if not isinstance(value, str):
            return escape(str(value))
        text = value.strip()
        if not MARKUP.search(text) and ESCAPED_MARKUP.search(text):
            text = unescape(text)
        if MARKUP.search(text):
            return self._balanced(text)
        if _PICTURE.fullmatch(text):
            return f'<img src="{escape(text)}">'
        text = unescape(text)
        paragraphs = [each for each in _PARAGRAPH_END.split(text) if each]
        if len(paragraphs) < 2:
            return escape(text)
        return "".join(f"<p>{escape(each)}</p>" for each in paragraphs)

    def _balanced(self, markup: str) -> str:
        """The markup with every element ended that it begins, so that it stays in its box."""
        html = f"<!DOCTYPE html><html><body><div>{markup}</div></body></html>"
        page = replace(
            self._page,
            body=html.encode("utf-8", "replace"),
            content_type="text/html; charset=utf-8",
        )
        try:
            body = parse_page(page).root.find("body")
        except PageError:
            return ""
        if body is None:
            return ""
        inside = (etree.tostring(each, encoding="unicode", method="html") for each in body)
        return escape(body.text or "") + "".join(inside)
