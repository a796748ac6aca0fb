"""The house: imports go down only, rooms are named after ideas, none is overfull."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted(
    path for room in ("archive", "pipelines", "crawler") for path in (ROOT / room).rglob("*.py")
)
FORBIDDEN_IMPORTS = {
    "archive": {"pipelines", "crawler", "scrapy"},
    "pipelines": {"crawler", "scrapy"},
    "crawler": set(),
}
FORBIDDEN_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "base",
    "manager",
    "misc",
    "types",
    "constants",
}
FULL_ROOM_LINES = 400


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported_packages(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_go_down_only(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]

    assert imported_packages(path) & FORBIDDEN_IMPORTS[room] == set()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_room_is_named_after_an_idea_and_is_not_overfull(path: Path) -> None:
    assert path.stem not in FORBIDDEN_NAMES
    assert len(path.read_text(encoding="utf-8").splitlines()) <= FULL_ROOM_LINES


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))

    assert ast.get_docstring(tree), f"{name_of(path)} has no docstring"
