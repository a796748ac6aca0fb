"""Checks what lies beside a sealed segment: its digests, and the index that other tools read."""

import hashlib
import json
from pathlib import Path

from archive.seals import DIGESTS_ENDING, INDEX_ENDING, read_digests, sha256_of_file
from archive.segment import name_of_segment

Place = tuple[int, int]


def check_seal(path: Path, places: set[Place]) -> tuple[str, ...]:
    """What is wrong beside a sealed segment whose records were read; nothing where it has no seal.

    places  offset and length of each record that the index should name
    """
    name = name_of_segment(path)
    digests_path, index_path = (
        path.with_name(f"{name}{ending}") for ending in (DIGESTS_ENDING, INDEX_ENDING)
    )
    if not digests_path.exists():
        return ()  # the next run makes it
    stated = read_digests(digests_path.read_text(encoding="utf-8", errors="replace"))
    found = []
    if set(stated) != {path.name, index_path.name}:
        found.append(f"{digests_path} does not say the digests of {path.name} and its index")
    elif stated[path.name] != sha256_of_file(path):
        found.append(f"{path} is not the file that {digests_path.name} was made of")
    if not index_path.exists():
        found.append(f"{index_path} is not there")
    else:
        index = index_path.read_bytes()
        if hashlib.sha256(index).hexdigest() != stated.get(index_path.name):
            found.append(f"{index_path} is not the file that {digests_path.name} was made of")
        elif _places_in(index) != places:
            found.append(f"{index_path} names other records than lie in the segment")
    return tuple(f"{each}. `salname verify --repair` makes it anew." for each in found)


def _places_in(index: bytes) -> set[Place] | None:
    try:
        told = [json.loads(line.split(b" ", 2)[2]) for line in index.splitlines()]
        return {(int(each["offset"]), int(each["length"])) for each in told}
    except (ValueError, KeyError, IndexError, TypeError):
        return None
