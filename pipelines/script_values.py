"""Reads values that stand in scripts: JSON, and literals as JavaScript writes them. Nothing is run.

Besides JSON a literal may have bare or single-quoted keys, single-quoted and template strings,
strings joined by `+`, trailing commas, comments, `undefined`, `!0`, and names in the place of
values. Reading is bounded in depth, in steps and in characters; what is beyond, or is no literal
(a template with an expression in it, a function, a regex), is no value.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

import orjson

MAX_SCRIPT_CHARS = 4_000_000
_DEEPEST = 60
_MOST_STEPS = 200_000
_MOST_ASSIGNMENTS = 20_000
_CHARS_A_STEP = 20
_STEPS_OF_A_DEEP_VALUE = 1_000
_JSON = json.JSONDecoder(parse_int=str, parse_float=str)  # no figure is worth its precision

_STRING = re.compile(
    r"\"((?:[^\"\\\n]++|\\[\s\S])*+)\"|'((?:[^'\\\n]++|\\[\s\S])*+)'|`((?:[^`\\$]++|\\[\s\S]|\$(?!\{))*+)`"
)
_ESCAPE = re.compile(
    r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|[\s\S]))"
)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_LINE_ENDS = ("\n", "\r", "\r\n", "\u2028", "\u2029")  # a backslash before one joins two lines
_SURROGATE = re.compile("[\ud800-\udfff]")
_LONE_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")  # or half of a pair
_SPACE = re.compile(r"(?:\s++|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/)*+")
_NUMBER = re.compile(
    r"-?(?:0[xX][0-9a-fA-F]{1,16}|\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,4})?"
)
_NAME = re.compile(r"[A-Za-z_$][\w$]{0,200}(?:\.[A-Za-z_$][\w$]{0,200}){0,5}")
_CONSTANTS = {"true": True, "false": False, "null": None, "undefined": None, "NaN": None}
_WORDS = {"!0": True, "!1": False}

# `const rawContent = "…"`, `window.__STATE__ = {…}`, `content: '…'`
_ASSIGNMENT = re.compile(
    r"(?<![\w$])([A-Za-z_$][\w$]{0,80})[\"']?\s{0,40}(?:=|:)\s{0,40}(?=[\"'`{\[]|JSON\.parse\(|decodeURIComponent\()"
)
_NUXT_2 = re.compile(
    r"__NUXT__\s{0,9}=\s{0,9}\(?function\s{0,9}\(([\w$,\s]{0,20000})\)\s{0,9}\{\s{0,9}return\s{0,9}(?=\{)"
)
_NUXT_2_ARGUMENTS = re.compile(r"\s{0,9};?\s{0,9}\}\)?\s{0,9}\(")


@dataclass(frozen=True, slots=True)
class Named:
    """A name that stands where a value is expected: what it means only a run would tell."""

    name: str


class _NoValue(Exception):
    """What stands there is no literal, or a larger one than is read; never leaves this room."""


def load_json(text: str) -> object:
    """The value of a JSON text, None where it is none or too large."""
    text = text.strip()
    if len(text) > MAX_SCRIPT_CHARS:
        return None
    try:
        return orjson.loads(text.encode("utf-8", "replace"))
    except orjson.JSONDecodeError:
        return None


def read_literal(text: str, position: int = 0) -> tuple[object, int]:
    """The literal that begins at a position, and where it ends; (None, position) where none does."""
    reader = _Reader(text)
    try:
        value = reader.value(position, 0)
    except _NoValue:
        return None, position
    return value, reader.position


def assigned_values(script: str) -> Iterator[tuple[str, object]]:
    """The literals that a script gives to names, as variables or as keys, with their names.

    What stands inside an object that could be read is told with that object, not on its own.
    """
    if len(script) > MAX_SCRIPT_CHARS:
        return
    if (nuxt := _NUXT_2.search(script)) and (
        value := _called_with_values(script, nuxt)
    ) is not None:
        yield "__NUXT__", value
    position = steps = 0
    for _ in range(_MOST_ASSIGNMENTS):
        found = _ASSIGNMENT.search(script, position)
        if found is None:
            return
        value, position, taken = _read_assigned(script, found.end(), steps)
        if position > found.end():
            yield found[1], value
        position, steps = max(position, found.end()), steps + taken
        if steps > _MOST_STEPS:
            return


def _read_assigned(script: str, position: int, steps: int) -> tuple[object, int, int]:
    """The value at a position, where it ends, and the steps taken; it ends where it begins if none is.

    Most large values are JSON, which the standard library reads ten times as fast as we do.
    """
    wasted = 0
    if script[position : position + 1] in {"{", "["}:
        try:
            value, end = _JSON.raw_decode(script, position)
        except json.JSONDecodeError as error:
            wasted = max(0, error.pos - position) // _CHARS_A_STEP
        except RecursionError:
            wasted = _STEPS_OF_A_DEEP_VALUE
        else:
            if _LONE_SURROGATE.search(script, position, end) is None:
                return value, end, 1
    reader = _Reader(script, steps + wasted)
    try:
        value = reader.value(position, 0)
    except _NoValue:
        return None, position, reader.steps - steps
    return value, reader.position, reader.steps - steps


def _called_with_values(script: str, found: re.Match[str]) -> object:
    """Nuxt 2 hides its state behind a function: names stand for the values that it is called with."""
    names = [name.strip() for name in found[1].split(",")]
    reader = _Reader(script)
    try:
        state = reader.value(found.end(), 0)
        call = _NUXT_2_ARGUMENTS.match(script, reader.position)
        values = reader.listed(call.end(), ")", 0) if call else []
    except _NoValue:
        return None
    return _filled(state, dict(zip(names, values, strict=False)), 0)


def _filled(value: object, meaning: dict[str, object], depth: int) -> object:
    if isinstance(value, Named):
        return meaning.get(value.name)
    if depth > _DEEPEST:
        return None
    if isinstance(value, dict):
        return {key: _filled(each, meaning, depth + 1) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, meaning, depth + 1) for each in value]
    return value


def unescaped(literal: str) -> str:
    """What a string literal means, its quotes taken off; lone surrogates become U+FFFD."""
    if "\\" in literal:
        literal = _ESCAPE.sub(_meant, literal)
    if _SURROGATE.search(literal):
        literal = literal.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return literal


def _meant(found: re.Match[str]) -> str:
    if figures := found[1] or found[2] or found[3]:
        code = int(figures, 16)
        return chr(code) if code <= 0x10FFFF else "\ufffd"
    character = found[4]
    return "" if character in _LINE_ENDS else _ESCAPED.get(character, character)


class _Reader:
    """One reading; `position` is behind what was read last, `steps` counts the values."""

    def __init__(self, text: str, steps: int = 0) -> None:
        self.text = text
        self.position = 0
        self.steps = steps

    def value(self, position: int, depth: int) -> object:
        self.steps += 1
        if depth > _DEEPEST or self.steps > _MOST_STEPS:
            raise _NoValue
        position = self._skip(position)
        first = self.text[position : position + 1]
        if first == "{":
            return self._object(position + 1, depth)
        if first == "[":
            return self.listed(position + 1, "]", depth)
        if first and first in "\"'`":
            return self._strings(position)
        if number := _NUMBER.match(self.text, position):
            self.position = number.end()
            return number[0]  # a text or nothing is sought: no figure is worth its precision
        if (word := self.text[position : position + 2]) in _WORDS:
            self.position = position + 2
            return _WORDS[word]
        return self._name(position, depth)

    def listed(self, position: int, end: str, depth: int) -> list[object]:
        """The values from a position to the bracket that ends them."""
        values: list[object] = []
        position = self._skip(position)
        while not self.text.startswith(end, position):
            values.append(self.value(position, depth + 1))
            position = self._behind_comma(self.position, end)
        self.position = position + 1
        return values

    def _object(self, position: int, depth: int) -> dict[str, object]:
        values: dict[str, object] = {}
        position = self._skip(position)
        while not self.text.startswith("}", position):
            key, position = self._key(position)
            position = self._skip(position)
            if not self.text.startswith(":", position):
                raise _NoValue
            values[key] = self.value(position + 1, depth + 1)
            position = self._behind_comma(self.position, "}")
        self.position = position + 1
        return values

    def _key(self, position: int) -> tuple[str, int]:
        if found := _STRING.match(self.text, position):
            return unescaped(found[1] or found[2] or found[3] or ""), found.end()
        bare = _NAME.match(self.text, position) or _NUMBER.match(self.text, position)
        if bare is None:
            raise _NoValue
        return bare[0], bare.end()

    def _strings(self, position: int) -> str:
        """A string, with those that `+` joins to it."""
        parts: list[str] = []
        while found := _STRING.match(self.text, position):
            parts.append(unescaped(found[1] or found[2] or found[3] or ""))
            self.position = found.end()
            plus = self._skip(found.end())
            if not self.text.startswith("+", plus):
                break
            position = self._skip(plus + 1)
        if not parts:
            raise _NoValue
        return "".join(parts)

    def _name(self, position: int, depth: int) -> object:
        found = _NAME.match(self.text, position)
        if found is None:
            raise _NoValue
        name, end = found[0], found.end()
        if name in _CONSTANTS:
            self.position = end
            return _CONSTANTS[name]
        if name in {"function", "async", "class"}:
            raise _NoValue
        if name == "new":
            return self.value(end, depth + 1)
        if name == "void":
            self.value(end, depth + 1)
            return None
        bracket = self._skip(end)
        if not self.text.startswith("(", bracket):
            self.position = end
            return Named(name)
        values = self.listed(bracket + 1, ")", depth)
        argument = values[0] if values else None
        if isinstance(argument, str) and name == "JSON.parse":
            return load_json(argument)
        if isinstance(argument, str) and name in {"decodeURIComponent", "decodeURI", "unescape"}:
            return unquote(argument)
        return Named(name)

    def _behind_comma(self, position: int, end: str) -> int:
        position = self._skip(position)
        if self.text.startswith(",", position):
            return self._skip(position + 1)
        if not self.text.startswith(end, position):
            raise _NoValue
        return position

    def _skip(self, position: int) -> int:
        found = _SPACE.match(self.text, position)
        assert found is not None  # it matches nothing too
        return found.end()
