"""The parts of docs/reference that come from the code, as Markdown; cog puts them in their place.

`make docs` writes them again, `make check` fails where they are not what the code says.
"""

import inspect
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import click
from sqlite_utils import Database
from starlette.routing import Route

from archive import errors as error_tree
from archive.catalogue.schema import catalogue_migrations
from archive.folder import create_archive
from archive.web.app import create_app
from crawler import configuration
from crawler.cli import main
from crawler.source import Expect, SourceKind, load_sources
from crawler.source_schema import SHAPES, words_of_keys

REFERENCE = Path(__file__).parent / "reference"
_WIDTH = 96

Row = tuple[str, ...]


def table(head: Row, rows: Iterable[Row]) -> str:
    """A Markdown table; a bar within a cell is escaped."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines
    )


# Commands


def commands() -> str:
    """Every command with its help text."""
    return "".join(
        f"\n## {context.command_path}\n\n```text\n{context.get_help()}\n```\n"
        for context in walk_commands()
    )


def walk_commands(above: click.Context | None = None) -> Iterator[click.Context]:
    """Every command, in the order of the help text, in the context that the shell would give it."""
    above = above or click.Context(main, info_name="salname", **main.context_settings)
    assert isinstance(above.command, click.Group)
    for name in above.command.list_commands(above):
        command = above.command.commands[name]
        context = click.Context(command, parent=above, info_name=name, terminal_width=_WIDTH)
        yield context
        if isinstance(command, click.Group):
            yield from walk_commands(context)


# Settings


def settings() -> str:
    """Every key of salname.toml, a table a section."""
    return "".join(
        f"\n## [{section.name}]\n\n{_setting_rows(type(getattr(configuration.Settings(), section.name)))}"
        for section in fields(configuration.Settings)
        if section.name != "stores"
    ) + (
        "\n## [[stores]]\n\nOnce for each further store that gets a copy of every sealed segment, "
        "with the keys of `[store]` but those of what stays here.\n"
    )


def _setting_rows(shape: type) -> str:
    assert is_dataclass(shape)
    rows = [
        (f"`{each.name}`", f"`{_default(each)}`", " ".join(each.metadata["says"].split()))
        for each in fields(shape)
    ]
    return table(("key", "default", "what it does"), rows)


def _default(each: Field[Any]) -> str:
    factory = each.default_factory
    value = each.default if factory is MISSING else factory()
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


# Sources


def source_keys(name: str) -> str:
    """The keys of one part of a source file: `Source`, `Layout`, `Feed`, …"""
    shape = SHAPES[name]
    said = words_of_keys(shape)
    rows = [
        (f"`{each.name}`", _of_source(each), said[each.name])
        for each in fields(shape)
        if each.metadata.get("in_file", True)
    ]
    return table(("key", "default", "what it says"), rows)


def _of_source(each: Field[Any]) -> str:
    if each.default is MISSING and each.default_factory is MISSING:
        return "required"
    if each.default is None or isinstance(each.default, Expect) or each.default in ((), ""):
        return ""
    value = each.default.value if isinstance(each.default, Enum) else each.default
    return f"`{json.dumps(value)}`"


def sources() -> str:
    """The packaged sources, a row each."""
    rows = [
        (
            f"`{source.name}`",
            source.publisher,
            source.kind.value,
            source.language.value,
            source.host,
            "yes" if source.enabled else f"no: {source.reason}",
        )
        for source in load_sources().values()
    ]
    return table(("name", "publisher", "kind", "language", "host", "crawled"), rows)


def sources_in_short() -> str:
    """How many sources there are, of which kinds."""
    known = load_sources().values()
    kinds = Counter(source.kind for source in known)
    told = ", ".join(f"{kinds[kind]} {_PLURALS[kind]}" for kind in SourceKind if kinds[kind])
    off = sum(not source.enabled for source in known)
    return f"{len(known)} sources are packaged: {told}; {off} are switched off, with the reason.\n"


_PLURALS = {
    SourceKind.NEWS: "news sites",
    SourceKind.AGENCY: "of news agencies",
    SourceKind.BROADCASTER: "of broadcasters",
    SourceKind.AGGREGATOR: "aggregators",
    SourceKind.STATE: "of state bodies",
    SourceKind.MINISTRY: "of ministries",
    SourceKind.PARLIAMENT: "of the parliament",
    SourceKind.REGIONAL: "of regional authorities",
    SourceKind.PARTY: "of parties",
}


# The catalogue


def catalogue_drawing() -> str:
    """The tables and the references between them, as a diagram in Mermaid's language."""
    db = _empty_catalogue()
    lines = [
        f"    {key.other_table} ||--o{{ {name} : {key.column}"
        for name in catalogue_tables()
        for key in sorted(db.table(name).foreign_keys, key=lambda key: str(key.column))
    ]
    return "\n".join(["```mermaid", "erDiagram", *lines, "```\n"])


def catalogue_tables() -> list[str]:
    """The names of the catalogue's own tables, in the order in which they are made."""
    ours = _empty_catalogue().execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_*'"
        " AND name NOT GLOB 'sqlite_*' ORDER BY rowid"
    )
    return [name for (name,) in ours]


def catalogue_table(name: str) -> str:
    """The SQL that makes one table and its indexes."""
    made = _empty_catalogue().execute(
        "SELECT sql FROM sqlite_master WHERE tbl_name = :name AND sql IS NOT NULL ORDER BY rowid",
        {"name": name},
    )
    return "```sql\n" + "".join(f"{sql};\n" for (sql,) in made) + "```\n"


def _empty_catalogue() -> Database:
    db = Database(memory=True)
    catalogue_migrations.apply(db)
    return db


# Errors


def errors() -> str:
    """The tree of errors as its module draws it."""
    drawn = (error_tree.__doc__ or "").partition("\n\n")[2]
    return f"```text\n{drawn.rstrip()}\n```\n"


# JSON


def json_keys(schema_name: str, *place: str) -> str:
    """The properties of one object of a JSON Schema, a row each.

    place  the names that lead to the object, such as `$defs`, `block`
    """
    shape = json.loads((REFERENCE / schema_name).read_text(encoding="utf-8"))
    for step in place:
        shape = shape[step]
    rows = [
        (f"`{name}`", _type_words(each), each.get("description", ""))
        for name, each in shape["properties"].items()
    ]
    return table(("key", "type", "what it is"), rows)


def _type_words(shape: Mapping[str, Any]) -> str:
    if reference := shape.get("$ref"):
        return str(reference).rpartition("/")[2].partition(".")[0]
    if choices := shape.get("anyOf"):
        return " or ".join(map(_type_words, choices))
    if parts := shape.get("allOf"):
        return _type_words(parts[0])
    if words := shape.get("enum", [shape["const"]] if "const" in shape else None):
        return ", ".join(f"`{word}`" for word in words)
    if shape["type"] == "array":
        return f"list of {_type_words(shape['items'])}"
    return " or ".join(shape["type"]) if isinstance(shape["type"], list) else str(shape["type"])


def api() -> str:
    """The addresses of the HTTP API, and what each answers."""
    with tempfile.TemporaryDirectory() as folder:
        routes = create_app(create_archive(Path(folder) / "archive", "").path).routes
    rows = [
        (f"`{route.path}`", (inspect.getdoc(route.endpoint) or "").replace("\n", " "))
        for route in routes
        if isinstance(route, Route) and route.path.startswith("/api/")
    ]
    return table(("address", "answer"), rows)
