"""Gathers the texts that a page keeps in scripts and attributes under a name that a body has.

A single-page application writes the article into the page as data and shows it by script:
`const rawContent = "…"`, `__NEXT_DATA__`, the payloads of Nuxt and Next.js, `data-content="&lt;p&gt;…"`.
Each text comes with its name and the headlines that stand beside it. Nothing is run, and reading
is bounded in characters and in steps (`pipelines/script_values.py`).
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from lxml import etree
from lxml.html import HtmlElement

from pipelines.parsing import clean_text, string_of
from pipelines.script_values import MAX_SCRIPT_CHARS, assigned_values, load_json, read_literal

_SHORTEST_CHARS = 250
_SHORTEST_HEADLINE_CHARS = 12
_LONGEST_HEADLINE_CHARS = 500
_MOST_SCRIPTS = 200
_MOST_THINGS = 50_000
_MOST_TEXTS = 300
_MOST_PARTS = 2_000
_DEEPEST = 60
_DEEPEST_PART = 8

_BODY_NAME = re.compile(
    r"(?:raw|full|article|news|post|main|page|detail|inner|story)?[_-]?(?:html|content|body|text|metn|article_?body)"
    r"[_-]?(?:html|raw|text|body|content|rendered|az|ru|en|value)?|(?:full|long)[_-]?(?:description|story)|__html|textarea",
    re.IGNORECASE,
)
_BLOCKS_NAME = re.compile(
    r"(?:content|body|article|page)?_?(?:blocks|paragraphs|components|elements|sections|modules|nodes|children|parts)",
    re.IGNORECASE,
)
_HEADLINE_NAMES = ("title", "headline", "name", "heading", "basliq", "header", "og_title")
_WRAPPER_NAMES = frozenset({"rendered", "processed"})  # of WordPress and Drupal
_PART_NAMES = ("text", "html", "value", "content", "paragraph", "body")
MARKUP = re.compile(
    r"<(?:p|br|div|h[1-6]|ul|ol|li|blockquote|figure|img|table|span|strong|b|em|i|a)[\s/>]", re.I
)
_OWN_BOX = re.compile(r"\s*<(?:p|div|h[1-6]|ul|ol|blockquote|figure|table)[\s>]", re.I)
ESCAPED_MARKUP = re.compile(
    r"&(?:amp;)?lt;/?(?:p|br|div|h[1-6]|ul|li|figure|img|span|strong)\b", re.I
)
_FLIGHT = re.compile(r"self\.__next_f\.push\(\s{0,9}(?=\[)")
_FLIGHT_ROW = re.compile(rb"\s*+[0-9a-f]{1,6}:(?:T([0-9a-f]{1,6}),)?")

_SCRIPTS = etree.XPath("//script[not(@src)]")
_HOLDERS = etree.XPath(
    "/descendant::*[self::template or self::textarea or @*[string-length(.) > 200]]"
)
_IS_JSON = re.compile(r"application/(?:[\w.+-]*\+)?json", re.IGNORECASE)
_IS_MARKUP = re.compile(r"text/(?:html|template|x-template|x-handlebars[\w-]*|ng-template)", re.I)


@dataclass(frozen=True, slots=True)
class ScriptText:
    """A text that may be a body: under which name it stood, and the headlines beside it."""

    name: str
    value: str
    headlines: tuple[str, ...] = ()


def texts_in_scripts(root: HtmlElement, names: Collection[str] = ()) -> list[ScriptText]:
    """The texts of a page's scripts and attributes that are called as bodies are, or by these names."""
    found: list[ScriptText] = []
    for text in _all_texts(root, names):
        if len(text.value) >= _SHORTEST_CHARS or text.name in names:
            found.append(text)
            if len(found) >= _MOST_TEXTS:
                break
    return found


def _all_texts(root: HtmlElement, names: Collection[str]) -> Iterator[ScriptText]:
    flight: list[str] = []
    chars = 0
    for script in _SCRIPTS(root)[:_MOST_SCRIPTS]:
        code = string_of(script)
        chars += len(code)
        if chars > MAX_SCRIPT_CHARS:
            break
        if _FLIGHT.search(code):
            flight.append(code)
        else:
            yield from _texts_of_script(code, script, names)
    yield from _texts_of_flight(flight)
    for node in _HOLDERS(root)[:_MOST_SCRIPTS]:
        chars += sum(map(len, node.attrib.values()))
        if chars <= MAX_SCRIPT_CHARS:
            yield from _texts_of_node(node, names)


def _texts_of_script(
    code: str, script: HtmlElement, names: Collection[str]
) -> Iterator[ScriptText]:
    kind, name = script.get("type", ""), script.get("id") or "json"
    if "ld+json" in kind:
        return  # `pipelines/structured.py` has heard it
    if _IS_JSON.match(kind):
        yield from _texts_in(load_json(code), name, names)
    elif _IS_MARKUP.match(kind):
        yield from _named(name, code, (), names)
    else:
        for assigned, value in assigned_values(code):
            yield from _texts_in(value, assigned, names)


def _texts_of_node(node: HtmlElement, names: Collection[str]) -> Iterator[ScriptText]:
    if node.tag in {"template", "textarea"}:
        markup = etree.tostring(node, encoding="unicode") if len(node) else node.text or ""
        yield from _named(node.get("id") or str(node.tag), markup, (), names)
    for name, value in node.items():
        if len(value) < _SHORTEST_CHARS:
            continue
        key = name.lstrip(":").removeprefix("v-bind:").removeprefix("data-")
        if value.lstrip().startswith(("{", "[")):
            yield from _texts_in(load_json(value), key, names)
        elif MARKUP.search(value) or ESCAPED_MARKUP.search(value):
            yield from _named(key, value, (), names)


def _named(
    name: str, value: str, headlines: tuple[str, ...], names: Collection[str]
) -> Iterator[ScriptText]:
    if name in names or _BODY_NAME.fullmatch(name):
        yield ScriptText(name, value, headlines)


def _texts_in(value: object, name: str, names: Collection[str]) -> Iterator[ScriptText]:
    """The texts inside a value, those of one thing with the headline of that thing."""
    pending: list[tuple[object, str, tuple[str, ...], int]] = [(value, name, (), 0)]
    flat = value if isinstance(value, list) else None  # of Nuxt 3: values by their place in a list
    for _ in range(_MOST_THINGS):
        if not pending:
            return
        each, key, headlines, depth = pending.pop()
        if isinstance(each, str):
            yield from _named(key, each, headlines, names)
        elif depth < _DEEPEST and isinstance(each, dict):
            thing = _resolved(each, flat)
            told = tuple(_headlines_in(thing)) or headlines
            pending += [
                (it, key if inner in _WRAPPER_NAMES else str(inner), told, depth + 1)
                for inner, it in reversed(thing.items())
            ]
        elif depth < _DEEPEST and isinstance(each, list):
            if (body := _joined(each, key, names)) is not None:
                yield ScriptText(key, body, headlines)
            else:
                inside = [it for it in reversed(each) if isinstance(it, (dict, list))]
                pending += [(it, key, headlines, depth + 1) for it in inside]


def _joined(blocks: list[object], name: str, names: Collection[str]) -> str | None:
    """The body that a list of blocks makes; None where it is a list of articles or of other things."""
    if not (name in names or _BODY_NAME.fullmatch(name) or _BLOCKS_NAME.fullmatch(name)):
        return None
    titled = [each for each in blocks if isinstance(each, dict) and any(_headlines_in(each))]
    if not blocks or len(titled) * 2 >= len(blocks):
        return None
    parts = list(_parts_of(blocks))
    if not any(MARKUP.search(part) for part in parts):
        return "\n".join(parts)
    return "".join(part if _OWN_BOX.match(part) else f"<p>{part}</p>" for part in parts)


def _resolved(thing: dict[object, object], flat: Sequence[object] | None) -> dict[object, object]:
    """A thing of Nuxt 3, whose values are places in the list of all values; others as they are."""
    if flat is None or not thing or not all(isinstance(each, int) for each in thing.values()):
        return thing
    found = {
        key: flat[place]
        for key, place in thing.items()
        if isinstance(place, int) and 0 <= place < len(flat)
    }
    return {key: each for key, each in found.items() if isinstance(each, str)}


def _headlines_in(thing: Mapping[object, object]) -> Iterator[str]:
    for name in _HEADLINE_NAMES:
        value = thing.get(name)
        if isinstance(value, dict):
            value = value.get("rendered")  # of WordPress
        if isinstance(value, str) and len(value) >= _SHORTEST_HEADLINE_CHARS:
            yield clean_text(unescape(value[:_LONGEST_HEADLINE_CHARS]))


def _parts_of(blocks: Sequence[object]) -> Iterator[str]:
    """The texts of a body that is kept as a list of blocks, in their order."""
    pending: list[tuple[object, int]] = [(each, 0) for each in reversed(blocks)]
    for _ in range(_MOST_PARTS):
        if not pending:
            return
        each, depth = pending.pop()
        if isinstance(each, str) and depth == 0:
            yield each
        elif depth >= _DEEPEST_PART:
            continue
        elif isinstance(each, dict):
            told = [each[name] for name in _PART_NAMES if isinstance(each.get(name), str)]
            inner = [it for it in each.values() if isinstance(it, (dict, list))]
            if told:
                yield str(told[0])
            else:
                pending += [(it, depth + 1) for it in reversed(inner)]
        elif isinstance(each, list):
            pending += [(it, depth + 1) for it in reversed(each)]


def _texts_of_flight(scripts: Sequence[str]) -> Iterator[ScriptText]:
    """The long texts that Next.js streams behind the page, parts of one text in many scripts.

    The stream is rows: `1f:T4e2,` and so many bytes of text, or `1f:` and a value up to a line end.
    """
    chunks: list[str] = []
    for code in scripts:
        for found in _FLIGHT.finditer(code):
            pushed, _ = read_literal(code, found.end())
            if isinstance(pushed, list) and len(pushed) > 1 and isinstance(pushed[1], str):
                chunks.append(pushed[1])
    stream = "".join(chunks).encode("utf-8", "replace")
    position = 0
    while row := _FLIGHT_ROW.match(stream, position):
        position = row.end()
        if row[1]:
            yield ScriptText(
                "__next_f", stream[position : position + int(row[1], 16)].decode("utf-8", "ignore")
            )
            position += int(row[1], 16)
        else:
            line_end = stream.find(b"\n", position)
            position = line_end + 1 if line_end >= 0 else len(stream)
