"""How well a picture is recognised that newsrooms reuse, and what that costs.

    python -m benchmarks.photos --photographs FOLDER [--leave-out REGEX] [--look-ups 1000000]

The photographs are divided into two halves by the SHA-256 of their names. Thresholds come from one
half, figures from the other, and both ways round. Negatives are all pairs of reuses of different
photographs, but for two collages, which share their other picture, and two screenshots, which share
their page: those are told apart.
"""

import re
import time
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
import numpy as np

from archive.photo_hash import (
    HASH_BYTES,
    LEAST_CONTRAST,
    LIKE_VIEWS,
    MAYBE_BITS,
    SURE_BITS,
    VIEW_BYTES,
    VIEWS,
    PhotoHash,
    bits_apart,
    hash_photo,
)
from archive.photo_index import PhotoIndex
from archive.photo_points import LEAST_POINTS, can_look_twice, shared_points
from benchmarks.photo_set import EXPECTED, UNEXPECTED, photographs, reuses, written

_Array = np.ndarray[Any, Any]
_NO_PHOTOGRAPH = r"screenshot|/themes/|chessboard|logo|text\.|page\.|phantom|multipage|horse|color\.|_right|abstract/|desktop/|gnome/|origami|_dark|xfce-"
_FALSE = 1e-4
_EVERY = 3  # photographs, of which the reuses are looked at twice
_NEAREST = 300  # different pictures that are looked at twice
_FRAMED = (
    "collage of two",
    "in a screenshot",
)  # any two of these share a part, and are no negatives


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One picture of the set: a photograph as it was, or one of its reuses."""

    photograph: int
    kind: str
    body: bytes
    hash: PhotoHash


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """One half of the set, with the bits that differ between any two of its pictures."""

    uses: list[Use]
    bits: _Array

    def negatives(self) -> _Array:
        """The bits of each pair of pictures that are not the same, sorted."""
        found: _Array = np.sort(self.bits[self._is_negative(is_framed=False)])
        return found

    def framed(self) -> _Array:
        """The same of pictures that stand in the same frame: a page, or beside one other picture."""
        found: _Array = self.bits[self._is_negative(is_framed=True)]
        return found

    def false_kinds(self, most_bits: int) -> list[tuple[str, int]]:
        """What was done to the pairs that are taken for the same and are not, the most first."""
        pairs = np.nonzero(self._is_negative(is_framed=False) & (self.bits <= most_bits))
        told = (
            " / ".join(sorted(self.uses[at].kind for at in pair))
            for pair in zip(*pairs, strict=True)
        )
        return Counter(told).most_common(8)

    def _is_negative(self, *, is_framed: bool) -> _Array:
        owner = np.array([use.photograph for use in self.uses])
        framed = np.array([use.kind in _FRAMED for use in self.uses])
        both = framed[:, None] & framed
        found: _Array = np.triu((owner[:, None] != owner) & (both == is_framed), 1)
        return found

    def positives(self) -> dict[str, _Array]:
        """By what was done: the bits between each photograph and what became of it."""
        first = {use.photograph: at for at, use in enumerate(self.uses) if use.kind == ""}
        found: dict[str, list[int]] = {}
        for at, use in enumerate(self.uses):
            if use.kind:
                found.setdefault(use.kind, []).append(int(self.bits[first[use.photograph], at]))
        return {kind: np.array(bits) for kind, bits in found.items()}


def make_halves(folder: Path, leave_out: re.Pattern[str]) -> tuple[Half, Half]:
    """The set in two halves; prints what it holds and what a hash costs."""
    halves: tuple[list[Use], list[Use]] = ([], [])
    flat, spent_s, hashed = 0, 0.0, 0
    for number, (name, picture) in enumerate(photographs(folder, leave_out)):
        half = halves[sha256(name.encode()).digest()[0] % 2]
        for kind, body in (("", written(picture, 90)), *reuses(picture)):
            began = time.process_time()
            found = hash_photo(body)
            spent_s += time.process_time() - began
            hashed += 1
            if kind == "" and found.is_flat:
                flat += 1
                break
            half.append(Use(photograph=number, kind=kind, body=body, hash=found))
    counts = [len({use.photograph for use in half}) for half in halves]
    print(f"{counts[0]} + {counts[1]} photographs, {flat} more with too little to see")
    print(f"a hash takes {1e3 * spent_s / hashed:.1f} ms of CPU, {hashed} pictures")
    first, second = (Half(uses=half, bits=_bits_of(half)) for half in halves)
    return first, second


def _bits_of(uses: list[Use]) -> _Array:
    """The bits between any two pictures, as `bits_apart` counts them; 999 where one is flat."""
    words = np.frombuffer(b"".join(use.hash.views for use in uses), dtype=np.uint64)
    views = words.reshape(len(uses), VIEWS, VIEW_BYTES // 8)
    bits = np.full((len(uses), len(uses)), 999, dtype=np.int16)
    for view in range(VIEWS):
        here = views[:, view]
        for there in (0, view) if view in LIKE_VIEWS else (0,):
            apart = np.bitwise_count(here[:, None] ^ views[None, :, there]).sum(-1)
            bits = np.minimum(bits, np.minimum(apart, apart.T)).astype(np.int16)
    is_flat = np.array([use.hash.is_flat for use in uses])
    bits[is_flat] = bits[:, is_flat] = 999
    return bits


def _recall(half: Half, most_bits: int) -> dict[str, float]:
    return {kind: float((bits <= most_bits).mean()) for kind, bits in half.positives().items()}


def _false(negatives: _Array, most_bits: int) -> int:
    return int(np.searchsorted(negatives, most_bits, side="right"))


def report(halves: tuple[Half, Half]) -> None:
    """Print recall by transformation, thresholds from one half and figures from the other."""
    told: list[dict[str, float]] = []
    for learnt, judged in (halves, halves[::-1]):
        sorted_bits, negatives = learnt.negatives(), judged.negatives()
        limit = int(sorted_bits[int(_FALSE * len(sorted_bits))]) - 1
        none = int(sorted_bits[0]) - 1
        at_limit, at_none = _recall(judged, limit), _recall(judged, none)
        told += [at_limit, at_none, _recall(judged, SURE_BITS)]
        print(
            f"thresholds {limit} and {none} bits from {len(sorted_bits):,} negatives; the other "
            f"half: mean recall {_mean(at_limit):.3f} with {_false(negatives, limit)} false, "
            f"{_mean(at_none):.3f} with {_false(negatives, none)} false of {len(negatives):,}; "
            f"as the product has it ({SURE_BITS} bits): {_mean(told[-1]):.3f} with "
            f"{_false(negatives, SURE_BITS)} false; {MAYBE_BITS} bits: "
            f"{_false(negatives, MAYBE_BITS)} false"
        )
        framed = judged.framed()
        print(
            f"of {len(framed):,} pairs that share a page or a second picture, "
            f"{int((framed <= SURE_BITS).sum())} are taken for the same"
        )
        print(f"the false ones: {judged.false_kinds(SURE_BITS)}")
    print(f"\n| what was done | at {_FALSE:g} false | at none false | surely the same |")
    print("| --- | ---: | ---: | ---: |")
    for kind in told[0]:
        name = f"{kind} (no view for it)" if kind in UNEXPECTED else kind
        both = [(told[at][kind] + told[at + 3][kind]) / 2 for at in range(3)]
        print(f"| {name} | " + " | ".join(f"{each:.2f}" for each in both) + " |")


def _mean(recall: dict[str, float]) -> float:
    return sum(recall.values()) / len(recall)


def second_look(half: Half) -> None:
    """Print what the points say of each reuse, and of the different pictures that are nearest."""
    first = {use.photograph: use for use in half.uses if use.kind == ""}
    found: dict[str, list[tuple[bool, bool]]] = {}
    began, pairs = time.process_time(), 0
    for use in half.uses:
        if use.kind and use.photograph % _EVERY == 0:
            own = first[use.photograph]
            by_points = shared_points(own.body, use.body).is_same
            by_hash = bits_apart(own.hash.views, use.hash.views) <= SURE_BITS
            found.setdefault(use.kind, []).append((by_points, by_points or by_hash))
            pairs += 1
    print(f"\n{1e3 * (time.process_time() - began) / pairs:.0f} ms a pair with decoding\n")
    print("| what was done | by points | by hash or points |")
    print("| --- | ---: | ---: |")
    for kind, told in found.items():
        by_points, by_both = np.mean(np.array(told), axis=0)
        print(f"| {kind} | {by_points:.2f} | {by_both:.2f} |")
    owner = np.array([use.photograph for use in half.uses])
    others = np.where(owner[:, None] != owner, half.bits, 999)
    nearest = np.argsort(others, axis=None)[: 2 * _NEAREST : 2]
    counts = [
        shared_points(half.uses[one].body, half.uses[other].body).count
        for one, other in zip(*np.unravel_index(nearest, others.shape), strict=True)
        if not (half.uses[one].kind in _FRAMED and half.uses[other].kind in _FRAMED)
    ]
    wrong = sum(count >= LEAST_POINTS for count in counts)
    print(f"{wrong} of the {len(counts)} nearest different pictures share {LEAST_POINTS} points")


def look_ups(most: int) -> None:
    """Fill an index with made-up hashes and print what a look-up takes."""
    chance = np.random.default_rng(1)
    count = most // VIEWS
    made = chance.integers(0, 256, (count, HASH_BYTES), dtype=np.uint8)
    index = PhotoIndex(lambda at: made[at].tobytes())
    began = time.process_time()
    index.fill((at, made[at].tobytes()) for at in range(count))
    filled_s = time.process_time() - began
    spent = []
    for at in range(0, count, max(1, count // 200)):
        began = time.process_time()
        assert index.find(made[at].tobytes())[0].photo_id == at
        spent.append(1e3 * (time.process_time() - began))
    print(
        f"{count * VIEWS:,} hashes of {count:,} pictures: filled in {filled_s:.1f} s, "
        f"{index.size_bytes / 1e6:.0f} MB; a look-up takes {np.mean(spent):.1f} ms, "
        f"p99 {np.percentile(spent, 99):.1f} ms"
    )


@click.command()
@click.option(
    "--photographs",
    "folder",
    type=click.Path(exists=True, path_type=Path),
    help="Where wallpaper packages and the like are unpacked.",
)
@click.option("--leave-out", default=_NO_PHOTOGRAPH, help="Files that are no photographs.")
@click.option("--look-ups", "most", default=0, help="Fill an index with so many hashes.")
def main(folder: Path | None, leave_out: str, most: int) -> None:
    """Print the tables of docs/quality.md."""
    if folder is not None:
        halves = make_halves(folder, re.compile(leave_out))
        print(f"{len(EXPECTED) + len(UNEXPECTED) + 3} transformations")
        print(f"a picture is flat below a contrast of {LEAST_CONTRAST}")
        report(halves)
        if can_look_twice():
            second_look(halves[1])
    if most:
        look_ups(most)


if __name__ == "__main__":
    main()
