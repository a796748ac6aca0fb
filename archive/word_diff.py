"""Two texts compared word by word, in pieces that a reader can follow.

A piece is kept, deleted or inserted; the pieces give both texts back, letter for letter. A word is
always marked whole. Where a word only changed its ending ("xidmətin" to "xidmətdən"), both pieces
say how many letters they share, so that the ending can be shown on its own.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from archive.alignment import Run, align

# A number keeps its points, its spaces between thousands and its suffix (12.04.2023, 18:28, 1 800,
# 2023-cü); a word its hyphen and apostrophe. A closing quote parts a name from its suffix
# (“ASAN xidmət” + dən), as it is read.
_NUMBER = r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d+)(?:[.,:/]\d+)*(?:-\w+)?"
_LETTERS = r"\w+(?:[-'’]\w+)*"
_TOKEN = re.compile(rf"({_NUMBER}|{_LETTERS}|[^\w\s])")
_WORD = re.compile(rf"{_NUMBER}|{_LETTERS}")
_SHORTEST_STEM = 3  # letters
_LONGEST_PAIRED = 12  # words of a change that are compared one by one for their endings


class PieceKind(StrEnum):
    """Whether a piece stands in both texts, in the old one alone, or in the new one alone."""

    EQUAL = "equal"
    DELETED = "deleted"
    INSERTED = "inserted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text with its kind.

    stem_chars  of one word whose ending changed, how many leading letters it shares with the
                piece beside it; else 0
    """

    kind: PieceKind
    text: str
    stem_chars: int = 0

    @property
    def stem(self) -> str:
        """The part of a word that stayed, often empty."""
        return self.text[: self.stem_chars]

    @property
    def rest(self) -> str:
        """What follows the stem: the ending, or the whole piece."""
        return self.text[self.stem_chars :]


@dataclass(frozen=True, slots=True)
class _Tokens:
    """A text cut into words and signs; `gaps[i]` is the white space before `words[i]`.

    There is one gap more than there are words: the white space at the end.
    """

    words: list[str]
    gaps: list[str]

    @classmethod
    def of(cls, text: str) -> Self:
        """Cut a text."""
        parts = _TOKEN.split(text)
        return cls(parts[1::2], parts[0::2])

    def text(self, start: int, end: int) -> str:
        """The words from start to end with the white space between them."""
        if start == end:
            return ""
        parts = [self.words[start]]
        for at in range(start + 1, end):
            parts += (self.gaps[at], self.words[at])
        return "".join(parts)


_Part = tuple[_Tokens, int, int]  # words of a text from start to end


def compare_words(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces that lead from the old text to the new one.

    >>> [str(p.kind) + " " + p.text for p in compare_words("beş nəfər", "altı nəfər")]
    ['deleted beş', 'inserted altı', 'equal  nəfər']
    """
    if old == new:
        return (Piece(kind=PieceKind.EQUAL, text=old),) if old else ()
    a, b = _Tokens.of(old), _Tokens.of(new)
    writing = _Writing()
    i = j = 0
    ends = Run(len(a.words), len(b.words), 0)
    for run in [*_readable(align(a.words, b.words), ends), ends]:
        if i < run.old or j < run.new:
            _write_replaced(writing, (a, i, run.old), (b, j, run.new))
        i, j = run.old + run.length, run.new + run.length
        if run.length:
            writing.gap(a.gaps[run.old], b.gaps[run.new])
            _write_equal(writing, (a, run.old, i), (b, run.new, j))
    writing.gap(a.gaps[-1], b.gaps[-1])
    return writing.pieces()


def words_in(text: str) -> list[str]:
    """The words and numbers of a text, without signs."""
    return _WORD.findall(text)


def count_words(pieces: Iterable[Piece], kind: PieceKind) -> int:
    """How many words the pieces of one kind have."""
    return sum(len(words_in(piece.text)) for piece in pieces if piece.kind is kind)


def _readable(runs: Sequence[Run], ends: Run) -> list[Run]:
    """The runs without small islands between larger changes, which only unsettle the reader.

    One word or comma goes when three words on each side of it changed, two when six did.
    """
    kept: list[Run] = []
    for index, run in enumerate(runs):
        last = kept[-1] if kept else Run(0, 0, 0)
        before = max(run.old - last.old - last.length, run.new - last.new - last.length)
        following = runs[index + 1] if index + 1 < len(runs) else ends
        after = max(following.old - run.old - run.length, following.new - run.new - run.length)
        if run.length > 2 or run.length * 3 > min(before, after):
            kept.append(run)
    return kept


class _Writing:
    """Collects pieces: of each change first what went, then what came."""

    def __init__(self) -> None:
        self._pieces: list[Piece] = []
        self._equal: list[str] = []
        self._deleted: list[str] = []
        self._inserted: list[str] = []

    def equal(self, text: str) -> None:
        if not text:
            return
        self._end_change()
        self._equal.append(text)

    def change(self, deleted: str, inserted: str) -> None:
        self._deleted.append(deleted)
        self._inserted.append(inserted)

    def gap(self, old: str, new: str) -> None:
        if old == new:
            self.equal(old)
        else:
            self.change(old, new)

    def ending(self, old: str, new: str, stem_chars: int) -> None:
        """One word of which only the ending changed."""
        self._end_change()
        self._end_equal()
        self._add(PieceKind.DELETED, old, stem_chars)
        self._add(PieceKind.INSERTED, new, stem_chars)

    def pieces(self) -> tuple[Piece, ...]:
        self._end_change()
        self._end_equal()
        return tuple(self._pieces)

    def _end_change(self) -> None:
        if not self._deleted:
            return
        self._end_equal()
        self._add(PieceKind.DELETED, "".join(self._deleted))
        self._add(PieceKind.INSERTED, "".join(self._inserted))
        self._deleted, self._inserted = [], []

    def _end_equal(self) -> None:
        self._add(PieceKind.EQUAL, "".join(self._equal))
        self._equal = []

    def _add(self, kind: PieceKind, text: str, stem_chars: int = 0) -> None:
        if text:
            self._pieces.append(Piece(kind=kind, text=text, stem_chars=stem_chars))


def _write_equal(writing: _Writing, old: _Part, new: _Part) -> None:
    """Write words that stayed, with the white space between them, which may have changed."""
    (a, i, i_end), (b, j, j_end) = old, new
    if a.gaps[i + 1 : i_end] == b.gaps[j + 1 : j_end]:
        writing.equal(a.text(i, i_end))
        return
    writing.equal(a.words[i])
    for step in range(1, i_end - i):
        writing.gap(a.gaps[i + step], b.gaps[j + step])
        writing.equal(a.words[i + step])


def _write_replaced(writing: _Writing, old: _Part, new: _Part) -> None:
    """Write one change; word by word where each word only got another ending."""
    (a, i, i_end), (b, j, j_end) = old, new
    if i < i_end and j < j_end:
        writing.gap(a.gaps[i], b.gaps[j])
        lead_old = lead_new = ""
    else:
        lead_old, lead_new = (a.gaps[i], "") if i < i_end else ("", b.gaps[j])
    stems = _stems_of(old, new)
    if not any(stems):
        writing.change(lead_old + a.text(i, i_end), lead_new + b.text(j, j_end))
        return
    for step, stem_chars in enumerate(stems):
        if step:
            writing.equal(a.gaps[i + step])
        if stem_chars:
            writing.ending(a.words[i + step], b.words[j + step], stem_chars)
        else:
            writing.change(a.words[i + step], b.words[j + step])


def _stems_of(old: _Part, new: _Part) -> list[int]:
    """For each word of a change the letters it shares with the word in its place; [] for none.

    Words are in each other's place only where as many came as went and half of them are alike.
    """
    (a, i, i_end), (b, j, j_end) = old, new
    count = i_end - i
    if count != j_end - j or count > _LONGEST_PAIRED:
        return []
    if a.gaps[i + 1 : i_end] != b.gaps[j + 1 : j_end]:
        return []
    stems = [
        _stem_chars(before, after)
        for before, after in zip(a.words[i:i_end], b.words[j:j_end], strict=True)
    ]
    return stems if 2 * sum(map(bool, stems)) >= count else []


def _stem_chars(old: str, new: str) -> int:
    """Letters that two words share at the start if that is their stem, else 0.

    A stem is letters only, three at least, and half of the longer word: "il" is none of "ildə",
    and 12 none of 125, whose digits are another number and not an ending.
    """
    shared = 0
    for before, after in zip(old, new, strict=False):
        if before != after or not before.isalpha():
            break
        shared += 1
    return shared if shared >= max(_SHORTEST_STEM, len(old) / 2, len(new) / 2) else 0
