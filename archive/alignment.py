"""Two sequences laid side by side: which runs they share, in order, in bounded time.

Everyday edits get the shortest edit script. Long or unlike sequences are first parted at what
occurs once in both (patience), so that the work stays near linear; where neither way comes to an
end within its steps, the stretch counts as replaced. Steps are counted, never seconds: the same
input gives the same answer on any machine.

Source: E. Myers, An O(ND) Difference Algorithm and Its Variations, Algorithmica 1 (1986), greedy
form; B. Cohen, patience diff (2008), for the anchors.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise

MAX_STEPS = 100_000  # of one alignment, about 40 ms
STEPS_AN_ELEMENT = 6  # of one stretch, before it is given up as replaced
STEPS_WITHOUT_ANCHOR = 2  # the same of a long stretch in which nothing occurs just once
SHORT_STRETCH = 400  # elements of both sides: below it the edit script is tried before anchors
MAX_DEPTH = 12
ANCHOR_LENGTHS = (1, 3, 8)  # elements; the longer ones for texts of few, often repeated words


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """Elements that both sequences share: where the run starts in each, and its length."""

    old: int
    new: int
    length: int


_Round = tuple[int, list[int]]  # the lowest diagonal of a round, and what it and the next reached


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of both sequences that is not aligned yet; ends are exclusive."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int
    depth: int = 0

    @property
    def size(self) -> int:
        return self.old_end - self.old_start + self.new_end - self.new_start

    @property
    def is_one_sided(self) -> bool:
        return self.old_start == self.old_end or self.new_start == self.new_end


def align(old: Sequence[Hashable], new: Sequence[Hashable]) -> tuple[Run, ...]:
    """The runs that both sequences share, in order, none touching the next on both sides.

    >>> align("abcd", "axcd")
    (Run(old=0, new=0, length=1), Run(old=2, new=2, length=2))
    """
    numbers: dict[Hashable, int] = {}
    a = [numbers.setdefault(element, len(numbers)) for element in old]
    b = [numbers.setdefault(element, len(numbers)) for element in new]
    runs: list[Run] = []
    waiting = [_Stretch(0, len(a), 0, len(b))]
    steps_left = MAX_STEPS
    while waiting:
        stretch, ends = _trimmed(a, b, waiting.pop())
        runs += ends
        if stretch.is_one_sided or steps_left <= 0:
            continue
        if stretch.size <= SHORT_STRETCH or not (anchors := _anchors(a, b, stretch)):
            each = STEPS_AN_ELEMENT if stretch.size <= SHORT_STRETCH else STEPS_WITHOUT_ANCHOR
            limit = min(steps_left, each * stretch.size + 1_000)
            script, steps = _shortest_script(a, b, stretch, limit)
            steps_left -= steps
            if script is not None:
                runs += script
                continue
            anchors = _anchors(a, b, stretch) if stretch.size <= SHORT_STRETCH else []
        steps_left -= stretch.size // 2
        runs += anchors
        waiting += _parts(stretch, anchors) if anchors else []
    return _joined(runs)


def _trimmed(a: list[int], b: list[int], stretch: _Stretch) -> tuple[_Stretch, list[Run]]:
    """The stretch without what both sides share at its start and end, and those two runs."""
    i, j = stretch.old_start, stretch.new_start
    i_end, j_end = stretch.old_end, stretch.new_end
    while i < i_end and j < j_end and a[i] == b[j]:
        i += 1
        j += 1
    while i_end > i and j_end > j and a[i_end - 1] == b[j_end - 1]:
        i_end -= 1
        j_end -= 1
    ends = [
        Run(stretch.old_start, stretch.new_start, i - stretch.old_start),
        Run(i_end, j_end, stretch.old_end - i_end),
    ]
    return _Stretch(i, i_end, j, j_end, stretch.depth), [run for run in ends if run.length]


def _anchors(a: list[int], b: list[int], stretch: _Stretch) -> list[Run]:
    """What occurs once on both sides of a stretch, the longest chain in order; else shingles."""
    if stretch.depth >= MAX_DEPTH:
        return []
    old, new = a[stretch.old_start : stretch.old_end], b[stretch.new_start : stretch.new_end]
    for length in ANCHOR_LENGTHS:
        if chain := _chain_of_unique(_shingles(old, length), _shingles(new, length)):
            return _without_overlaps(chain, length, stretch)
    return []


def _without_overlaps(chain: list[tuple[int, int]], length: int, stretch: _Stretch) -> list[Run]:
    runs: list[Run] = []
    for i, j in chain:
        run = Run(stretch.old_start + i, stretch.new_start + j, length)
        last = runs[-1] if runs else None
        if last is None or (
            run.old >= last.old + last.length and run.new >= last.new + last.length
        ):
            runs.append(run)
    return runs


def _shingles(elements: list[int], length: int) -> Sequence[Hashable]:
    if length == 1:
        return elements
    return list(zip(*(elements[start:] for start in range(length)), strict=False))


def _chain_of_unique(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Pairs of places of what occurs exactly once in both, the longest increasing chain."""
    old_counts, new_counts = Counter(old), Counter(new)
    place = {element: j for j, element in enumerate(new) if new_counts[element] == 1}
    pairs = [
        (i, place[element])
        for i, element in enumerate(old)
        if element in place and old_counts[element] == 1
    ]
    return [pairs[index] for index in longest_chain([j for _, j in pairs])]


def longest_chain(places: Sequence[int]) -> list[int]:
    """Indexes of the longest strictly increasing subsequence of distinct places."""
    tails: list[int] = []
    tail_indexes: list[int] = []
    before: list[int] = []
    for index, place in enumerate(places):
        position = bisect_left(tails, place)
        before.append(tail_indexes[position - 1] if position else -1)
        tails[position : position + 1] = [place]
        tail_indexes[position : position + 1] = [index]
    return _walk_back(before, tail_indexes[-1] if tail_indexes else -1)


def heaviest_chain(places: Sequence[int], weights: Sequence[int]) -> list[int]:
    """Indexes of the strictly increasing subsequence of distinct places that weighs most.

    All weights are positive.
    """
    front: list[int] = []  # places, rising; a longer prefix weighs more
    front_weights: list[int] = []
    front_indexes: list[int] = []
    before: list[int] = []
    for index, (place, weight) in enumerate(zip(places, weights, strict=True)):
        position = bisect_left(front, place)
        before.append(front_indexes[position - 1] if position else -1)
        total = weight + (front_weights[position - 1] if position else 0)
        end = position
        while end < len(front) and front_weights[end] <= total:
            end += 1
        front[position:end] = [place]
        front_weights[position:end] = [total]
        front_indexes[position:end] = [index]
    return _walk_back(before, front_indexes[-1] if front_indexes else -1)


def _walk_back(before: list[int], index: int) -> list[int]:
    chain = []
    while index >= 0:
        chain.append(index)
        index = before[index]
    return chain[::-1]


def _parts(stretch: _Stretch, anchors: list[Run]) -> list[_Stretch]:
    """The stretches that lie between the anchors."""
    first = Run(stretch.old_start, stretch.new_start, 0)
    last = Run(stretch.old_end, stretch.new_end, 0)
    return [
        _Stretch(
            left.old + left.length,
            right.old,
            left.new + left.length,
            right.new,
            stretch.depth + 1,
        )
        for left, right in pairwise([first, *anchors, last])
    ]


def _shortest_script(
    a: list[int], b: list[int], stretch: _Stretch, limit: int
) -> tuple[list[Run] | None, int]:
    """The runs of a shortest edit script, or None when `limit` steps did not reach its end."""
    old, new = a[stretch.old_start : stretch.old_end], b[stretch.new_start : stretch.new_end]
    n, m = len(old), len(new)
    middle = n + m + 1
    reach = [0] * (2 * middle + 1)  # of diagonal x - y, at middle + x - y
    trail: list[_Round] = []
    steps = 0
    for edits in range(n + m + 1):
        low = -edits if edits <= m else edits - 2 * m
        high = edits if edits <= n else 2 * n - edits
        for at in range(middle + low, middle + high + 1, 2):
            left, right = reach[at - 1] + 1, reach[at + 1]
            x = right if at == middle - edits or (at != middle + edits and left <= right) else left
            y = x + middle - at
            start = x
            while x < n and y < m and old[x] == new[y]:
                x += 1
                y += 1
            reach[at] = x
            steps += 1 + x - start
            if x >= n and y >= m:
                return _runs_on(trail, n, m, stretch), steps
        trail.append((low, reach[middle + low : middle + high + 1]))
        if steps > limit:
            return None, steps
    raise AssertionError("two sequences have no edit script")


def _runs_on(trail: list[_Round], n: int, m: int, stretch: _Stretch) -> list[Run]:
    """Walk the reached points back from the end and note each diagonal of equal elements."""
    runs = []
    x, y = n, m
    for edits in range(len(trail), -1, -1):
        before_x = before_y = after_x = after_y = 0
        if edits:
            reached, k = trail[edits - 1], x - y
            is_insertion = k == -edits or (
                k != edits and _reach(reached, k - 1) < _reach(reached, k + 1)
            )
            before_x = _reach(reached, k + 1 if is_insertion else k - 1)
            before_y = before_x - (k + 1 if is_insertion else k - 1)
            after_x = before_x if is_insertion else before_x + 1
            after_y = before_y + 1 if is_insertion else before_y
        if x > after_x:
            runs.append(Run(stretch.old_start + after_x, stretch.new_start + after_y, x - after_x))
        x, y = before_x, before_y
    return runs


def _reach(reached: _Round, k: int) -> int:
    """How far diagonal `k` had been reached; -1 for one that the round did not look at."""
    low, points = reached
    return points[k - low] if low <= k < low + len(points) else -1


def _joined(runs: list[Run]) -> tuple[Run, ...]:
    """The runs in order, those that touch on both sides made one."""
    joined: list[Run] = []
    for run in sorted(runs):
        last = joined[-1] if joined else None
        if last and (last.old + last.length, last.new + last.length) == (run.old, run.new):
            joined[-1] = Run(last.old, last.new, last.length + run.length)
        else:
            joined.append(run)
    return tuple(joined)
