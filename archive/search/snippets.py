"""Showing what was found: the passage of a stored text round the words of a query.

The text is the catalogue's, as printed; the index is not asked, so that a passage can be shown
for any version and any query.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from archive.azerbaijani import placed_words, stem
from archive.search.query import Clause, ClauseKind, Query


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text; `is_match` where it is a word of the query."""

    text: str
    is_match: bool


def marked(text: str, query: Query) -> tuple[Piece, ...]:
    """The whole text in pieces, its words that match the query marked; joined it is the text."""
    return _pieces(text, _matches(text, query), 0, len(text))


def snippet(text: str, query: Query, length: int = 240) -> tuple[Piece, ...]:
    """The passage of about `length` characters with most of the query's words, in pieces.

    It begins and ends between words, white space is folded, and `…` stands where text is left
    out. Without a match it is the beginning of the text.
    """
    text = " ".join(text.split())
    matches = _matches(text, query)
    start = _best_start(text, matches, length)
    end = _before_space(text, start + length)
    pieces = list(_pieces(text, matches, start, end))
    if start > 0:
        pieces.insert(0, Piece("… ", is_match=False))
    if end < len(text):
        pieces.append(Piece(" …", is_match=False))
    return tuple(pieces)


def _matches(text: str, query: Query) -> list[tuple[int, int, str]]:
    """The places of the words that match, in their order, each once, with the word's stem."""
    placed = placed_words(text)
    stems = [stem(word) for _, _, word in placed]
    found: dict[tuple[int, int], str] = {}
    for clause in query.sought:
        for position in _positions(clause, [word for _, _, word in placed], stems):
            start, end, _ = placed[position]
            found[start, end] = stems[position]
    return [(start, end, key) for (start, end), key in sorted(found.items())]


def _positions(clause: Clause, words: list[str], stems: list[str]) -> Iterator[int]:
    """The numbers of the words that a clause matches."""
    if clause.kind is ClauseKind.PREFIX:
        prefix = clause.terms.surface[0]
        yield from (n for n, word in enumerate(words) if word.startswith(prefix))
        return
    sought = list(clause.terms.stems)
    for first in range(len(stems) - len(sought) + 1):
        if stems[first] == sought[0] and stems[first : first + len(sought)] == sought:
            yield from range(first, first + len(sought))


def _best_start(text: str, matches: list[tuple[int, int, str]], length: int) -> int:
    """Where the passage begins that holds the most different words, then the most words."""
    if not matches or len(text) <= length:
        return 0
    inside: Counter[str] = Counter()
    last, best, best_worth = 0, 0, (0, 0)
    for number, (start, _, key) in enumerate(matches):
        while last < len(matches) and matches[last][1] <= start + length:
            inside[matches[last][2]] += 1
            last += 1
        if (worth := (len(+inside), last - number)) > best_worth:
            best, best_worth = start, worth
        inside[key] -= 1
    lead = min(best, length // 4)  # some words before the first match, to understand it by
    return _after_space(text, min(best - lead, len(text) - length))


def _after_space(text: str, place: int) -> int:
    return 0 if place <= 0 else text.rfind(" ", 0, place) + 1


def _before_space(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    space = text.find(" ", place)
    return len(text) if space < 0 else space


def _pieces(
    text: str, matches: list[tuple[int, int, str]], start: int, end: int
) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    at = start
    for first, last, _ in matches:
        if start <= first and last <= end and first >= at:
            pieces += [
                Piece(text[at:first], is_match=False),
                Piece(text[first:last], is_match=True),
            ]
            at = last
    pieces.append(Piece(text[at:end], is_match=False))
    return tuple(piece for piece in pieces if piece.text)
