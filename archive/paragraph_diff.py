"""Two texts compared paragraph by paragraph: which stayed, changed, moved, came, went.

Paragraphs that are the same, and those that share most of their words, are paired first, wherever
they stand. Of the pairs the heaviest chain that keeps its order stays in place; the others moved.
A paragraph that was parted in two, or two that became one, are compared together.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum

from archive.alignment import align, heaviest_chain
from archive.word_diff import Piece, PieceKind, compare_words, words_in

BREAK = "\n\n"
_LEAST_LIKENESS = 0.4  # shared words of all words, of a paragraph that was edited
_LEAST_SHARE_OF_PART = 0.6  # words of a parted paragraph that its other half does not explain
_LEAST_WORDS = 3  # fewer ("***", a time) are told as deleted and inserted, never as moved
_RARE = 8  # paragraphs: a word in more of them says nothing about which two belong together
_MOST_CANDIDATES = 4


class ParagraphKind(StrEnum):
    """What became of a paragraph."""

    EQUAL = "equal"
    CHANGED = "changed"
    INSERTED = "inserted"
    DELETED = "deleted"
    MOVED = "moved"  # at its new place, perhaps with changes
    MOVED_AWAY = "moved away"  # at its old place, to show where it was


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphChange:
    """One paragraph, or several that were parted or joined, with its pieces.

    old_numbers  the paragraphs' numbers in the old text, from 1; () for an inserted one
    new_numbers  the same in the new text; () for a deleted one
    pieces       of MOVED_AWAY the old words, all as equal; a break within is a blank line
    """

    kind: ParagraphKind
    old_numbers: tuple[int, ...]
    new_numbers: tuple[int, ...]
    pieces: tuple[Piece, ...]

    @property
    def counted_pieces(self) -> tuple[Piece, ...]:
        """The pieces that say what changed, each once: none at the old place of a moved one."""
        return () if self.kind is ParagraphKind.MOVED_AWAY else self.pieces


class _Text:
    """A text's paragraphs, and the words of each once they were asked for."""

    def __init__(self, text: str) -> None:
        self.paragraphs = text.split(BREAK) if text else []
        self._bags: dict[int, Counter[str]] = {}

    def __len__(self) -> int:
        return len(self.paragraphs)

    def __getitem__(self, number: int) -> str:
        return self.paragraphs[number]

    def bag(self, number: int) -> Counter[str]:
        """The words of a paragraph with how often it has them; not to be changed."""
        if number not in self._bags:
            self._bags[number] = Counter(words_in(self.paragraphs[number]))
        return self._bags[number]


@dataclass(frozen=True, slots=True)
class _Pair:
    """Paragraphs of the old text and those of the new one that they became."""

    old: tuple[int, ...]
    new: tuple[int, ...]


def compare_texts(old: str, new: str) -> tuple[ParagraphChange, ...]:
    """All paragraphs of both texts, in the order of the new one.

    Deleted paragraphs, and the old places of moved ones, stand where they stood.
    """
    a, b = _Text(old), _Text(new)
    pairs = _pairs(a, b)
    places = [pair.new[0] for pair in pairs]
    weights = [1 + sum(len(a[i]) for i in pair.old) for pair in pairs]
    in_place = [pairs[index] for index in heaviest_chain(places, weights)]
    moved = set(pairs) - set(in_place)
    in_place, moved = _with_parts(a, b, in_place, moved)
    return tuple(_in_reading_order(a, b, in_place, moved))


def _pairs(a: _Text, b: _Text) -> list[_Pair]:
    """Paragraphs that belong together, by the order of the old text; each at most once."""
    partner = {
        run.old + step: run.new + step
        for run in align(a.paragraphs, b.paragraphs)
        for step in range(run.length)
    }
    gaps = _gaps(partner, len(a), len(b))
    taken = set(partner.values())
    places: defaultdict[str, list[int]] = defaultdict(list)
    for j in reversed(range(len(b))):
        if j not in taken and b.bag(j).total() >= _LEAST_WORDS:
            places[b[j]].append(j)
    for i, paragraph in enumerate(a.paragraphs):
        if i not in partner and places.get(paragraph):
            partner[i] = places[paragraph].pop()
    partner |= _alike(a, b, partner, gaps)
    return [_Pair((i,), (j,)) for i, j in sorted(partner.items())]


def _gaps(partner: dict[int, int], old_count: int, new_count: int) -> list[tuple[range, range]]:
    """The stretches between paragraphs that stayed, where both sides have something."""
    gaps = []
    i = j = 0
    for old, new in [*partner.items(), (old_count, new_count)]:
        if i < old and j < new:
            gaps.append((range(i, old), range(j, new)))
        i, j = old + 1, new + 1
    return gaps


def _alike(
    a: _Text, b: _Text, partner: dict[int, int], gaps: list[tuple[range, range]]
) -> dict[int, int]:
    """Pairs of unpaired paragraphs that share most of their words, the likest first."""
    taken = set(partner.values())
    old_bags = {i: a.bag(i) for i in range(len(a)) if i not in partner}
    new_bags = {j: b.bag(j) for j in range(len(b)) if j not in taken}
    scored = [
        (-_likeness(old_bags[i], new_bags[j]), abs(i - j), i, j)
        for i, j in _candidates(old_bags, new_bags, gaps)
    ]
    found: dict[int, int] = {}
    for score, _, i, j in sorted(scored):
        if -score >= _LEAST_LIKENESS and i not in found and j not in taken:
            found[i] = j
            taken.add(j)
    return found


def _candidates(
    old_bags: dict[int, Counter[str]],
    new_bags: dict[int, Counter[str]],
    gaps: list[tuple[range, range]],
) -> set[tuple[int, int]]:
    """Pairs worth a look: neighbours in a small gap, and those that share rare words."""
    found = {
        (i, j)
        for old, new in gaps
        if len(old) * len(new) <= _RARE * _RARE
        for i in old
        for j in new
        if i in old_bags and j in new_bags
    }
    places: defaultdict[str, list[int]] = defaultdict(list)
    for j, bag in new_bags.items():
        for word in bag:
            places[word].append(j)
    for i, bag in old_bags.items():
        if bag.total() < _LEAST_WORDS:
            continue
        votes: Counter[int] = Counter()
        for word in bag:
            if len(sharing := places.get(word, ())) <= _RARE:
                votes.update(sharing)
        found.update((i, j) for j, _ in votes.most_common(_MOST_CANDIDATES))
    return found


def _likeness(old: Counter[str], new: Counter[str]) -> float:
    """The share of words that both have (Dice's coefficient on bags of words)."""
    total = old.total() + new.total()
    return 2 * _shared(old, new) / total if total else 0.0


def _shared(old: Counter[str], new: Counter[str]) -> int:
    return sum(min(count, new[word]) for word, count in old.items() if word in new)


def _with_parts(
    a: _Text, b: _Text, in_place: list[_Pair], moved: set[_Pair]
) -> tuple[list[_Pair], set[_Pair]]:
    """The pairs in place, grown by unpaired neighbours that are the rest of one side."""
    old_taken = {i for pair in [*in_place, *moved] for i in pair.old}
    new_taken = {j for pair in [*in_place, *moved] for j in pair.new}
    grown = []
    for pair in in_place:
        (i,), (j,) = pair.old, pair.new
        old, new = pair.old, pair.new
        if a[i] != b[j]:
            new = _grown(a.bag(i), b, new, new_taken)
            old = _grown(b.bag(j), a, old, old_taken) if new == pair.new else old
        grown.append(_Pair(old, new))
    return grown, moved


def _grown(
    whole: Counter[str], parts: _Text, numbers: tuple[int, ...], taken: set[int]
) -> tuple[int, ...]:
    """`numbers` with the neighbours whose words `whole` has beyond those of `numbers`."""
    rest = whole - parts.bag(numbers[0])
    while rest:
        for number in (numbers[-1] + 1, numbers[0] - 1):
            if number in taken or not 0 <= number < len(parts):
                continue
            bag = parts.bag(number)
            if bag.total() >= _LEAST_WORDS and (
                _shared(bag, rest) >= _LEAST_SHARE_OF_PART * bag.total()
            ):
                break
        else:
            return numbers
        taken.add(number)
        numbers = tuple(sorted((*numbers, number)))
        rest = rest - bag
    return numbers


def _in_reading_order(
    a: _Text, b: _Text, in_place: list[_Pair], moved: set[_Pair]
) -> list[ParagraphChange]:
    moved_from = {pair.old[0]: pair for pair in moved}
    moved_to = {pair.new[0]: pair for pair in moved}
    changes: list[ParagraphChange] = []
    i = j = 0
    for pair in [*in_place, _Pair((len(a),), (len(b),))]:
        changes += [_left(a, number, moved_from.get(number)) for number in range(i, pair.old[0])]
        changes += [_come(a, b, number, moved_to.get(number)) for number in range(j, pair.new[0])]
        if pair.old[0] < len(a) or pair.new[0] < len(b):
            changes.append(_stayed(a, b, pair))
        i, j = pair.old[-1] + 1, pair.new[-1] + 1
    return changes


def _left(a: _Text, number: int, moved: _Pair | None) -> ParagraphChange:
    kind = PieceKind.EQUAL if moved else PieceKind.DELETED
    return ParagraphChange(
        kind=ParagraphKind.MOVED_AWAY if moved else ParagraphKind.DELETED,
        old_numbers=(number + 1,),
        new_numbers=(moved.new[0] + 1,) if moved else (),
        pieces=_whole(kind, a[number]),
    )


def _come(a: _Text, b: _Text, number: int, moved: _Pair | None) -> ParagraphChange:
    return ParagraphChange(
        kind=ParagraphKind.MOVED if moved else ParagraphKind.INSERTED,
        old_numbers=(moved.old[0] + 1,) if moved else (),
        new_numbers=(number + 1,),
        pieces=compare_words(a[moved.old[0]], b[number])
        if moved
        else _whole(PieceKind.INSERTED, b[number]),
    )


def _stayed(a: _Text, b: _Text, pair: _Pair) -> ParagraphChange:
    old = BREAK.join(a[i] for i in pair.old)
    new = BREAK.join(b[j] for j in pair.new)
    return ParagraphChange(
        kind=ParagraphKind.EQUAL if old == new else ParagraphKind.CHANGED,
        old_numbers=tuple(i + 1 for i in pair.old),
        new_numbers=tuple(j + 1 for j in pair.new),
        pieces=compare_words(old, new),
    )


def _whole(kind: PieceKind, text: str) -> tuple[Piece, ...]:
    return (Piece(kind=kind, text=text),) if text else ()
