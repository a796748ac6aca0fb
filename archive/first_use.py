"""What a store can do by itself: asked at its first use, told once, and kept in `stores.json`.

The archive depends on none of it: names are unique, nothing is overwritten, and what was sent is
read back. But an operator should know where others who write there could do harm.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from archive.disk import whole_file
from archive.errors import StoreError
from archive.folder import ArchiveFolder
from archive.objects import Abilities, ObjectStore


def meet(folder: ArchiveFolder, stores: Iterable[ObjectStore]) -> tuple[str, ...]:
    """Ask the stores that this archive has not met before; sentences on what is to be known.

    Raises:
        SpoolFull, ArchiveError: `stores.json` cannot be written.
    """
    path = folder.path / "stores.json"
    known = _known(folder)
    told = []
    for store in stores:
        if store.place in known:
            continue
        try:
            can = store.abilities()
        except StoreError:
            continue  # whoever sends there tells of it, and the next run asks again
        known[store.place] = asdict(can)
        told += _sentences(store.place, can)
        with whole_file(path) as file:
            file.write(json.dumps(known, indent=1, ensure_ascii=False).encode())
    return tuple(told)


def _sentences(place: str, can: Abilities) -> list[str]:
    if can.refuses_overwriting or can.keeps_versions:
        return []
    return [
        f"{place} does not refuse to overwrite and keeps no versions. This archive never "
        "overwrites; turn versioning on there if others write to it."
    ]


def _known(folder: ArchiveFolder) -> dict[str, Any]:
    try:
        known = json.loads((folder.path / "stores.json").read_bytes())
    except (OSError, ValueError):
        return {}  # then they are asked again
    return known if isinstance(known, dict) else {}
