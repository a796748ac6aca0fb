"""Editors are told of source files what the program accepts, key by key."""

import json
from dataclasses import fields
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from crawler.source_schema import SCHEMA_FILE, SHAPES, source_schema
from docs.generate import REFERENCE
from tests.crawler.crawling import SOURCES as MADE_UP

SCHEMA = source_schema()
PACKAGED = Path(str(files("crawler") / "sources"))
FILES = sorted([*PACKAGED.glob("*.yaml"), *MADE_UP.glob("*.yaml")])
FAMILIES = sorted((PACKAGED / "families").glob("*.yaml"))
SOURCE = {
    "host": "sayt.example",
    "publisher": "Sayt",
    "kind": "news",
    "language": "az",
    "articles": "^/x",
}


def complaints(value: Any, schema: dict[str, Any] = SCHEMA) -> list[str]:
    as_json = json.loads(json.dumps(value, default=date.isoformat))
    return [error.message for error in Draft202012Validator(schema).iter_errors(as_json)]


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_source_is_what_the_schema_says(path: Path) -> None:
    assert complaints(read(path)) == []


@pytest.mark.parametrize("path", FAMILIES, ids=lambda path: path.stem)
def test_each_family_is_what_the_schema_says(path: Path) -> None:
    family = {**SCHEMA["$defs"]["family"], "$defs": SCHEMA["$defs"]}
    whole = {"$id": SCHEMA["$id"], **family, "properties": {}}
    whole["properties"] = {
        key: SCHEMA["properties"][key] for key in family["properties"]
    }  # its references lead to the source's keys

    assert complaints(read(path), whole) == []


@pytest.mark.parametrize("name", SHAPES)
def test_each_key_is_described(name: str) -> None:
    part = SCHEMA if name == "Source" else SCHEMA["$defs"][name]

    keys = [key.name for key in fields(SHAPES[name]) if key.metadata.get("in_file", True)]
    assert list(part["properties"]) == keys
    assert [key for key, value in part["properties"].items() if not value["description"]] == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"hots": "a.example"}, "'hots' was unexpected"),
        ({"kind": "nazirlik"}, "'nazirlik' is not one of"),
        ({"rules": {"bdy": "div"}}, "is not valid under any of the given schemas"),
        ({"every_min": "hourly"}, "'hourly' is not of type 'integer'"),
    ],
)
def test_what_a_source_may_not_say_is_no_schemas_either(change: dict[str, Any], told: str) -> None:
    (complaint,) = complaints(SOURCE | change)

    assert told in complaint


def test_a_source_without_a_family_says_everything_itself() -> None:
    assert complaints(SOURCE) == []
    assert complaints({"host": "sayt.example", "extends": "apa"}) == []
    assert "'publisher' is a required property" in complaints({"host": "sayt.example"})


def test_the_schema_in_the_reference_is_the_programs_own() -> None:
    written = json.loads((REFERENCE / SCHEMA_FILE).read_text(encoding="utf-8"))

    assert written == SCHEMA, "Run `make docs`."
