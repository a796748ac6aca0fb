"""Which files of an index its last commit names, and which a killed commit left behind.

Source: tantivy's `meta.json`, and `index/segment.rs` for the names: a segment's number and the
kind of its data, and for the list of its deleted documents the number of the operation between.
"""

import json
from pathlib import Path
from typing import Final

_DELETED: Final = ".del"
_DATA: Final = frozenset({".fast", ".fieldnorm", ".idx", ".pos", ".store", ".term", _DELETED})


def committed_files(folder: Path) -> list[Path]:
    """The data files in a folder that the last commit names.

    Raises:
        OSError, ValueError: there is no commit, or it cannot be read.
    """
    names = _names(folder)
    return [path for path in _data_files(folder) if path.name in names]


def drop_leftovers(folder: Path) -> None:
    """Remove the lists of deleted documents that no commit names; for the writer alone.

    A commit that is killed between such a list and `meta.json` leaves it behind, perhaps torn. Its
    name comes again, since the next writer counts its operations from the last commit, and tantivy
    writes over no file. What else is left has a name that never comes again, and tantivy sweeps it.
    """
    try:
        names = _names(folder)
    except (OSError, ValueError):
        return  # nothing is committed here
    for path in _data_files(folder):
        if path.suffix == _DELETED and path.name not in names:
            path.unlink()


def _data_files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if path.suffix in _DATA]


def _names(folder: Path) -> set[str]:
    names: set[str] = set()
    try:
        for each in json.loads((folder / "meta.json").read_bytes())["segments"]:
            number = str(each["segment_id"]).replace("-", "").lower()
            names |= {number + ending for ending in _DATA - {_DELETED}}
            if each["deletes"]:
                names.add(f"{number}.{each['deletes']['opstamp']}{_DELETED}")
    except (KeyError, TypeError) as error:
        raise ValueError(f"{folder / 'meta.json'} is of another shape") from error
    return names
