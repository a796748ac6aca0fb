"""One YAML file with the line of each of its values, so that a mistake can be shown where it is.

PyYAML says where a file is no YAML, pydantic says which value is not what it may be; this room
brings the two together: `azertag.az.yaml:12: rules.bdy: unknown key (did you mean body?)`.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources.abc import Traversable
from typing import Any, TypeAlias, get_type_hints

import yaml
from pydantic import ValidationError

from archive.errors import SourceError

Place: TypeAlias = tuple[int | str, ...]  # the keys and indices that lead to a value


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One value that is not what it may be: where, and a phrase that says what is allowed."""

    place: Place
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlFile:
    """A file that holds a mapping: its name as people should read it, its nodes, its values."""

    name: str
    node: yaml.MappingNode
    values: Mapping[str, Any]


def read_yaml_file(path: Traversable, *, name: str) -> YamlFile:
    """The file, read with libyaml.

    Raises:
        SourceError: the file is no YAML or no UTF-8, holds no mapping, or says a key twice.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(f"{name}:1: no YAML: {error}") from error
    return parse_yaml(text, name=name)


def parse_yaml(text: str, *, name: str) -> YamlFile:
    """The same from a file's text."""
    try:
        loader = yaml.CSafeLoader(text)
        node = loader.get_single_node()
        values: Any = loader.construct_document(node) if node else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SourceError(f"{name}:{line}: no YAML: {error.problem or error}") from error
    except (yaml.YAMLError, ValueError) as error:
        raise SourceError(f"{name}:1: no YAML: {error}") from error
    if not isinstance(node, yaml.MappingNode) or values is None:
        raise SourceError(f"{name}:1: must hold keys and values, such as `host: numune.example`")
    if twice := [f"{name}:{line}: {key}: said twice" for key, line in _keys_said_twice(node)]:
        raise SourceError("\n".join(twice))
    return YamlFile(name=name, node=node, values=values)


def merged_values(family: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The family's values with the source's own over them: mappings merge, all else replaces."""
    merged = dict(family)
    for key, value in own.items():
        before = merged.get(key)
        both = isinstance(value, Mapping) and isinstance(before, Mapping)
        merged[key] = merged_values(before or {}, value) if both else value
    return merged


def with_lists(values: Mapping[str, Any], *shapes: type) -> dict[str, Any]:
    """The values with a single text made a list of one, where a shape holds a tuple of texts."""
    hints = dict(hint for shape in shapes for hint in _hints_of(shape).items())
    return {
        key: [value] if isinstance(value, str) and hints.get(key) == tuple[str, ...] else value
        for key, value in values.items()
    }


@lru_cache(maxsize=32)
def _hints_of(shape: type) -> Mapping[str, Any]:
    return get_type_hints(shape)


def mistakes_of(error: ValidationError, shapes: Mapping[str, type]) -> Iterator[Mistake]:
    """The mistakes that pydantic found, in plain words.

    shapes  the dataclass whose keys are allowed, by the first key of the place; `""` for the top,
            and by the tag of a union, which stands in brackets and is no part of the place
    """
    for each in error.errors(include_url=False):
        named = each["loc"]
        place = tuple(step for step in named if not str(step).startswith("("))
        tags = [str(step) for step in named if str(step).startswith("(")]
        holder = tags[0] if tags else str(named[0]) if len(named) > 1 else ""
        shape = shapes.get(holder, shapes[""])
        yield Mistake(place=place, what=_in_plain_words(each["type"], each, shape))


def shown_mistakes(mistakes: Iterable[Mistake], *files: YamlFile) -> str:
    """The mistakes, a line each, with the file that holds the value; the first file wins."""
    shown = []
    for mistake in mistakes:
        _, line, name = max((_nearest(file, mistake.place) for file in files), key=lambda it: it[0])
        field = ".".join(step for step in mistake.place if isinstance(step, str))
        shown.append((name, line, f"{name}:{line}: {field}: {mistake.what}"))
    return "\n".join(line for *_, line in sorted(shown))


def nearest_of(word: str, allowed: Iterable[str]) -> str | None:
    """The allowed word that was probably meant, or None."""
    return next(iter(difflib.get_close_matches(word, list(allowed), n=1, cutoff=0.5)), None)


def _in_plain_words(kind: str, error: Mapping[str, Any], shape: type) -> str:
    if kind == "missing":
        return "is required"
    if kind == "unexpected_keyword_argument":
        allowed = sorted(each.name for each in fields(shape) if each.metadata.get("in_file", True))
        nearest = nearest_of(str(error["loc"][-1]), allowed)
        meant = f" (did you mean {nearest}?)" if nearest else ""
        return f"unknown key{meant}; allowed are {', '.join(allowed)}"
    if kind == "enum":
        return f"must be one of {error['ctx']['expected'].replace(chr(39), '')}"
    if kind == "value_error":
        return str(error["ctx"]["error"])
    return str(error["msg"]).replace("Input should", "should")


def _nearest(file: YamlFile, place: Place) -> tuple[int, int, str]:
    """How far the place can be followed into the file, the line where that is, its name."""
    node: yaml.Node | None = file.node
    line, depth = 1, 0
    for step in place:
        key_line, node = _step(node, step)
        if key_line is None:
            break
        line, depth = key_line, depth + 1
    return depth, line, file.name


def _step(node: yaml.Node | None, step: int | str) -> tuple[int | None, yaml.Node | None]:
    if isinstance(node, yaml.MappingNode):
        if isinstance(step, int):  # one mapping stands for a list of one
            return node.start_mark.line + 1, node
        for key, value in node.value:
            if key.value == step:
                return key.start_mark.line + 1, value
    if isinstance(step, int):
        if isinstance(node, yaml.SequenceNode) and step < len(node.value):
            found = node.value[step]
            return found.start_mark.line + 1, found
        if isinstance(node, yaml.ScalarNode):
            return node.start_mark.line + 1, node
    return None, None


def _keys_said_twice(node: yaml.Node) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield key.value, key.start_mark.line + 1
            seen.add(key.value)
            yield from _keys_said_twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _keys_said_twice(value)
