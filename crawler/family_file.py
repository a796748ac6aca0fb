"""Families as files: where they lie, which there are, and the one that a source extends."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from archive.errors import SourceError
from crawler.yaml_file import Mistake, YamlFile, nearest_of, read_yaml_file, shown_mistakes

OF_THE_SOURCE_ALONE = ("name", "host", "extends", "examples")


def homes_of(folder: Path | None) -> tuple[Traversable, list[Traversable]]:
    """Where sources lie, and where their families are looked for."""
    packaged = files("crawler") / "sources"
    home: Traversable = packaged if folder is None else folder
    return home, [place / "families" for place in dict.fromkeys((home, packaged))]


def family_names(folder: Path | None = None) -> tuple[str, ...]:
    """The names of the families that a source of the folder may extend, in order."""
    return tuple(sorted(_names_in(homes_of(folder)[1])))


def find_family(own: YamlFile, families: list[Traversable]) -> YamlFile | None:
    """The family that a source's file extends, None where it extends none.

    Raises:
        SourceError: there is no such family, or its file is wrong.
    """
    name = own.values.get("extends")
    if name is None:
        return None
    for folder in families:
        path = folder / f"{name}.yaml"
        if path.is_file():
            return _read_family(path)
    known = _names_in(families)
    nearest = nearest_of(str(name), known)
    meant = f" (did you mean {nearest}?)" if nearest else ""
    what = f"no family is called {name}{meant}; allowed are {', '.join(sorted(known))}"
    raise SourceError(shown_mistakes([Mistake(place=("extends",), what=what)], own))


def _names_in(families: list[Traversable]) -> set[str]:
    names = [path.name for folder in families if folder.is_dir() for path in folder.iterdir()]
    return {name.removesuffix(".yaml") for name in names if name.endswith(".yaml")}


def _read_family(path: Traversable) -> YamlFile:
    family = read_yaml_file(path, name=f"families/{path.name}")
    foreign = [
        Mistake(place=(key,), what="belongs into a source's own file, not into a family")
        for key in OF_THE_SOURCE_ALONE
        if key in family.values
    ]
    if foreign:
        raise SourceError(shown_mistakes(foreign, family))
    return family
