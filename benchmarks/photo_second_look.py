"""What the points say of reused pictures, and of different ones under the same words or banner.

Called by `benchmarks.photos`. The least share that must look alike is learnt on one half and judged
on the other: it is what no different pictures reached, in steps of a twentieth.
"""

import itertools
import math
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from archive.photo_hash import SURE_BITS
from archive.photo_points import (
    LEAST_ALIKE,
    LEAST_POINTS,
    Points,
    describe,
    shared_between,
)

# What lies over the pictures of one publisher: two different ones share it.
_OVERLAID = (
    "words over", "banner over the bottom", "logo", "watermark", "caption strip below",
    "letterbox", "border 3 %", "logo and mirrored",
)  # fmt: skip
FRAMED = ("collage of two", "in a screenshot")  # any two share a part, and are no negatives
_PAIRS_A_KIND = 250
_NEAREST = 300
_BY_CHANCE = 500
_EVERY = 3  # photographs, of whose other reuses the points are asked
_STEP = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """One half of the set: of each picture its photograph, what was done, its bytes and bits.

    bits  between any two of them
    """

    photographs: Sequence[int]
    kinds: Sequence[str]
    bodies: Sequence[bytes]
    bits: "np.ndarray[Any, Any]"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLooks:
    """What was found in one half.

    reuses  by what was done: the points, and the bits of the hash
    others  of different pictures
    framed  of different pictures in the same page, or beside the same other one
    pair_ms  CPU time a pair, with its part of describing the pictures
    """

    reuses: dict[str, list[tuple[Points, int]]]
    others: list[Points]
    framed: list[Points]
    pair_ms: float

    @property
    def learnt(self) -> float:
        """The least share that must look alike, so that none of the others is the same."""
        highest = max(each.alike for each in self.others if each.count >= LEAST_POINTS)
        return (math.floor(highest / _STEP) + 1) * _STEP

    def recall(self, kind: str, least: float = LEAST_ALIKE) -> float:
        """The share of the reuses of one kind that the points recognise."""
        return float(np.mean([_is_same(points, least) for points, _ in self.reuses[kind]]))

    def recall_with_hash(self, kind: str) -> float:
        """The same for those that hash or points recognise."""
        told = [_is_same(points) or bits <= SURE_BITS for points, bits in self.reuses[kind]]
        return float(np.mean(told))

    def false(self, least: float = LEAST_ALIKE) -> int:
        """How many different pictures are taken for the same."""
        return sum(_is_same(points, least) for points in self.others)


def look_twice(half: Pictures) -> SecondLooks:
    """Ask for the points of a half's pairs; a minute or two."""
    began, counts = time.process_time(), 0
    described = [describe(body) for body in half.bodies]
    at = {(owner, kind): i for i, (owner, kind) in enumerate(_keys(half))}
    reuses: dict[str, list[tuple[Points, int]]] = defaultdict(list)
    for (owner, kind), i in at.items():
        if kind and ("crop" in kind or kind in FRAMED or owner % _EVERY == 0):
            own = at[owner, ""]
            points = shared_between(described[own], described[i])
            reuses[kind].append((points, int(half.bits[own, i])))
            counts += 1
    others = [
        shared_between(described[i], described[j])
        for i, j in itertools.chain(_overlaid(half, at), _nearest(half), _by_chance(half))
    ]
    framed = [shared_between(described[i], described[j]) for i, j in _same_kind(half, at, FRAMED)]
    counts += len(others) + len(framed)
    spent_ms = 1e3 * (time.process_time() - began) / counts
    return SecondLooks(reuses=dict(reuses), others=others, framed=framed, pair_ms=spent_ms)


def tables(halves: tuple[SecondLooks, SecondLooks]) -> Iterator[str]:
    """What is printed of both halves, as Markdown."""
    yield "| shared points | learnt on | 10 % crops | 20 % crops | false there | of |"
    yield "| --- | --- | ---: | ---: | ---: | ---: |"
    for name, learnt, judged in (("first", *halves), ("second", *halves[::-1])):
        least = learnt.learnt
        yield _line(f"{LEAST_POINTS}, {least:.0%} alike", f"the {name} half", judged, least)
    for name, judged in zip(("first", "second"), halves, strict=True):
        limit = f"{LEAST_POINTS}, {LEAST_ALIKE:.0%} alike, as the product has it"
        yield _line(limit, f"fixed; judged on the {name}", judged, LEAST_ALIKE)
    framed = [points for half in halves for points in half.framed]
    yield ""
    yield "| figure of the second look | measured |"
    yield "| --- | ---: |"
    yield f"| pairs in the same page, or beside the same other picture | {len(framed):,} |"
    yield f"| of these, taken for the same | {sum(map(_is_same, framed))} |"
    cost_ms = max(half.pair_ms for half in halves)
    yield f"| CPU ms for a pair, each picture described once | {cost_ms:.0f} |"
    yield ""
    yield "| what was done | by points | by hash or points |"
    yield "| --- | ---: | ---: |"
    for kind in halves[0].reuses:
        by_points = _mean(half.recall(kind) for half in halves)
        by_both = _mean(half.recall_with_hash(kind) for half in halves)
        yield f"| {kind} | {by_points:.2f} | {by_both:.2f} |"


def _line(limit: str, name: str, judged: SecondLooks, least: float) -> str:
    crops = [
        _mean(judged.recall(kind, least) for kind in judged.reuses if kind.startswith(crop))
        for crop in ("crop 10 %", "crop 20 %")
    ]
    counts = f"{judged.false(least)} | {len(judged.others):,}"
    return f"| {limit} | {name} | {crops[0]:.3f} | {crops[1]:.3f} | {counts} |"


def _is_same(points: Points, least: float = LEAST_ALIKE) -> bool:
    return points.count >= LEAST_POINTS and points.alike >= least


def _mean(values: Iterator[float] | Sequence[float]) -> float:
    return float(np.mean(list(values)))


def _keys(half: Pictures) -> Iterator[tuple[int, str]]:
    return zip(half.photographs, half.kinds, strict=True)


def _overlaid(half: Pictures, at: dict[tuple[int, str], int]) -> Iterator[tuple[int, int]]:
    return _same_kind(half, at, _OVERLAID)


def _same_kind(
    half: Pictures, at: dict[tuple[int, str], int], kinds: Sequence[str]
) -> Iterator[tuple[int, int]]:
    chance = random.Random(7)  # noqa: S311 -- pairs, no secrets
    owners = sorted(set(half.photographs))
    for kind in kinds:
        pairs = list(itertools.combinations(owners, 2))
        for one, other in chance.sample(pairs, min(_PAIRS_A_KIND, len(pairs))):
            yield at[one, kind], at[other, kind]


def _nearest(half: Pictures) -> Iterator[tuple[int, int]]:
    owner, is_framed = np.array(half.photographs), np.isin(half.kinds, FRAMED)
    both = is_framed[:, None] & is_framed
    others = np.where(np.triu(owner[:, None] != owner, 1) & ~both, half.bits, 999)
    nearest = np.argsort(others, axis=None)[:_NEAREST]
    yield from zip(
        *(each.tolist() for each in np.unravel_index(nearest, others.shape)), strict=True
    )


def _by_chance(half: Pictures) -> Iterator[tuple[int, int]]:
    chance = random.Random(8)  # noqa: S311 -- pairs, no secrets
    for _ in range(_BY_CHANCE):
        i, j = (chance.randrange(len(half.kinds)) for _ in range(2))
        if half.photographs[i] != half.photographs[j]:
            yield i, j
