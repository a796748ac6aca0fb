"""Which articles left a list early, and whether that says anything: pure rules over two readings.

A list in order of time loses its articles at its end. One that is taken off goes while older ones
stay; where a list often does that, it is made by hand and says nothing.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import takewhile

_OLDER_LEFT = 3  # so many older articles must have stayed at the end of the list
_DEPARTURES = 20  # so many must have left a list before its habit is known
_EARLY_SHARE = 0.05  # of those that left; a list with more is not in order of time
_REARRANGED = 0.25  # of a list that goes at once: another list is shown in its place


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An article's address on a list.

    id        of the address; of those that were found at one moment, the smaller stood higher
    found_at  when anything offered the address first
    """

    id: int
    found_at: str

    @property
    def age(self) -> tuple[str, int]:
        """Sorts the older before the newer."""
        return self.found_at, -self.id


def left_early(before: Sequence[Listed], now: Sequence[Listed]) -> frozenset[int]:
    """The addresses that left a list between two readings while older ones stayed at its end.

    An old one above newer ones is pinned, or came up again when it was edited, and says nothing.
    A departure counts only where the list now shows something newer: else it may be a copy of the
    list from before the article stood on it, which many sites hand out at times.

    now  in the order of the list
    """
    there, stood = {each.id for each in now}, {each.id for each in before}
    newest = max((each.age for each in now), default=("", 0))
    return frozenset(
        each.id
        for each in before
        if each.id not in there
        and each.age < newest
        and _older_at_the_end(each, now, stood) >= _OLDER_LEFT
    )


def _older_at_the_end(left: Listed, now: Sequence[Listed], stood: Set[int]) -> int:
    """How many older ones the list ends with that stood on it before."""
    last = takewhile(lambda each: each.age < left.age, reversed(now))
    return sum(each.id in stood for each in last)


def is_telling(early: int, *, shown: int, departures: int, early_before: int) -> bool:
    """Whether it says something that so many articles left a list early.

    early       that left it now, of `shown` that stood on it
    departures  articles that have left it before, of which `early_before` early
    """
    has_order = departures >= _DEPARTURES and early_before <= departures * _EARLY_SHARE
    return has_order and early <= max(1, shown * _REARRANGED)
