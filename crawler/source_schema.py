"""What each key of a source file means: in words, and as the JSON Schema that editors ask.

The words are those of the dataclasses' docstrings; here stands what these need not say to whoever
reads the code. The schema accepts what `source.py` accepts, short forms too: one text where a list
of texts may stand, one mapping where a list of mappings may stand.
"""

import inspect
import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, get_args

from pydantic import TypeAdapter

from crawler.budget import Budget
from crawler.family_file import OF_THE_SOURCE_ALONE, family_names
from crawler.source import Evidence, Expect, Language, Seen, Source, SourceKind
from crawler.ways import Archive, Feed, Listing, Sitemap, Way
from pipelines.rules import Layout, Site

SCHEMA_FILE = "source.schema.json"
_WAYS = [get_args(each)[0] for each in get_args(get_args(Way)[0])]
SHAPES = {each.__name__: each for each in (Source, Layout, *_WAYS, Budget, Expect, Seen)}

_LANGUAGES = ", ".join(f"`{each.value}`" for each in Language)
_KINDS = ", ".join(f"`{each.value}`" for each in SourceKind)
_EVIDENCE = ", ".join(f"`{each.value}`" for each in Evidence)
_SELECTORS = {
    "headline": "the headline",
    "lead": "the lead, where it is not part of the body",
    "date": "the date of publication",
    "modified": "the date of the last edit",
    "section": "the section",
    "authors": "the authors",
    "tags": "the tags",
    "photos": "the article's own photos",
    "captions": "the captions of the photos, in the same order",
    "credits": "the credits of the photos, in the same order",
}
_ALSO: Mapping[type, Mapping[str, str]] = {
    Source: {
        "host": "the site's own host, in lower case",
        "hosts": "the host's variants that answer under the same paths",
        "kind": f"who publishes: one of {_KINDS}",
        "language": f"the language its articles are mostly in: one of {_LANGUAGES}",
        "trailing_slash": "whether article addresses end in a slash; left out: as it is found",
        "discovery": "the ways to find articles, the best first; their keys are below",
        "rules": "layouts of its pages, the newest first; their keys are below",
        "pause_s": "seconds between two requests; left out: the setting's",
        "budget": "the most that one run may spend on it; left out: the setting's; its keys are below",
        "contact": "the `From` of requests to this source alone; left out: the setting's",
        "extends": "the family whose keys are taken where this file does not say them",
        "expect": "what a healthy run gives; its keys are below",
        "seen": "from what the file's contents are known; its keys are below",
        "reason": "why a source is not enabled; required then",
        "enabled": "`false` where the site must be left alone",
    },
    Budget: {
        "requests": "answers, those of robots.txt and photos among them; left out: no limit",
        "bytes": "of bodies as they were transferred; left out: no limit",
        "minutes": "since the run began; left out: no limit",
    },
    Layout: {
        **{name: f"selectors of {what}" for name, what in _SELECTORS.items()},
        "since": "first day (of the capture) on which this layout was seen; left out: always",
        "until": "last day (of the capture) on which this layout was seen; left out: still",
    },
    Seen: {
        "by": f"one of {_EVIDENCE}",
        "when": "the day, `YYYY-MM-DD`",
        "what": "of what, in words",
    },
    Expect: {
        f"with_{name}": f"share (0 to 1) of article pages that have the {name}, at least, in a run of 20"
        for name in ("headline", "body", "date", "photo")
    },
    Feed: {"feed": "address of an RSS, Atom or JSON feed; a path alone is of the source's host"},
    Sitemap: {"sitemap": "address of a sitemap, or of an index of sitemaps"},
    Listing: {
        "listing": "address of the list of articles, the newest first",
        "first": "number of the listing's own page",
        "step": "by how much the number grows from page to page",
    },
    Archive: dict.fromkeys(("items", "title", "date", "photo"), "as in a listing"),
}


def explained(shape: type) -> dict[str, str]:
    """What a dataclass's docstring says of its fields: `name, name  words` and the lines below it."""
    said: dict[str, str] = {}
    names: list[str] = []
    known = {each.name for each in fields(shape)}
    for line in inspect.cleandoc(shape.__doc__ or "").splitlines()[1:]:
        found = re.match(r"(\w+(?:, \w+)*)\s+(\S.*)", line)
        if found and known.issuperset(found[1].split(", ")):
            names = found[1].split(", ")
            said.update(dict.fromkeys(names, found[2]))
        elif line.startswith("  "):
            said.update({name: f"{said[name]} {line.strip()}" for name in names})
        else:
            names = []
    return said


def words_of_keys(shape: type) -> dict[str, str]:
    """What each key of one part of a source file says, in a phrase."""
    said = explained(shape)
    if shape is Source:
        own = {key: words for key, words in said.items() if "as in `Site`" not in words}
        said = {**explained(Site), **own}
    return said | dict(_ALSO.get(shape, {}))


def source_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of source files, and under `$defs/family` that of families."""
    schema = TypeAdapter(Source).json_schema()
    parts = {name: part for name, part in schema.pop("$defs").items() if name in SHAPES}
    parts = {name: _part(name, part) for name, part in parts.items()}
    source = _part("Source", schema)
    source["properties"]["extends"] = _family_name(source["properties"]["extends"])
    is_whole = [each.name for each in fields(Source) if each.name in schema["required"]]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://salname.example/schemas/1/{SCHEMA_FILE}",
        "title": "Source",
        "description": "One publisher's site, as a file of crawler/sources defines it.",
        **source,
        "if": {"required": ["extends"]},
        "then": {"required": ["host"]},
        "else": {"required": [name for name in is_whole if name != "name"]},
        "$defs": {**parts, "family": _family(source)},
    }


def _part(name: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of one mapping, its keys described."""
    shape = SHAPES[name]
    said = words_of_keys(shape)
    hidden = {each.name for each in fields(shape) if not each.metadata.get("in_file", True)}
    keys = {
        key: {"description": said[key], **_value(value)}
        for key, value in raw["properties"].items()
        if key not in hidden
    }
    part: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": keys,
    }
    if shape is not Source and "required" in raw:
        part["required"] = raw["required"]
    return part


def _value(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of one value, without what only pydantic needs, and its short form allowed."""
    value = {key: each for key, each in raw.items() if key not in _PYDANTICS_OWN}
    if words := _WORDS.get(value.get("$ref", "")):
        return {"enum": words}
    if value.get("type") == "array":
        return {"anyOf": [value["items"], {"type": "array", "items": value["items"]}]}
    default = raw.get("default")
    return {**value, "default": default} if default and not isinstance(default, dict) else value


_PYDANTICS_OWN = frozenset({"default", "title", "description"})
_WORDS: Mapping[str, list[str]] = {
    f"#/$defs/{each.__name__}": [word.value for word in each]
    for each in (SourceKind, Language, Evidence)
}


def _family_name(extends: Mapping[str, Any]) -> dict[str, Any]:
    """One of the packaged families, which editors offer, or one of the folder's own."""
    return {
        "description": extends["description"],
        "anyOf": [{"enum": list(family_names())}, {"type": "string"}],
    }


def _family(source: Mapping[str, Any]) -> dict[str, Any]:
    keys = {
        key: {"$ref": f"#/properties/{key}"}
        for key in source["properties"]
        if key not in OF_THE_SOURCE_ALONE
    }
    return {"type": "object", "additionalProperties": False, "properties": keys}
