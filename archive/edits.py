"""What kind of edit leads from one version to the next, told by plain rules as facts.

Nothing is judged: a number that differs is a `number`, a word with a capital letter within a
sentence a `name`, what stands between quotation marks a `quote`. One edit may be of several kinds.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from archive.article import Article
from archive.azerbaijani import fold
from archive.diff import Comparison, PhotoKind, compare
from archive.paragraph_diff import ParagraphKind
from archive.photo_keys import photo_key
from archive.versions import even
from archive.word_diff import Piece, PieceKind, words_in

_SHORTENED_TO = 0.6  # of the text that was there
_MOST_NEW_WORDS = 0.2  # of a shortened text: the paywall's own sentence
_SHORT_TEXT_WORDS = 60  # a shorter text says too little of a paywall
_MOST_PHRASES = 20  # kept of each side; the version has the rest
_LONGEST_PHRASE = 200  # characters
_TYPO_LETTERS = 2  # that may differ in a word of four letters and more
_NUMBER = re.compile(r"\d+(?:[.,:/ \u00a0\u202f]\d+)*")
_SENTENCE_END = re.compile(r"(?:^|[.!?…:]|\n)[\s\"'“”«»(-]*$")
_QUOTED = re.compile(r"“[^”“]*”|«[^»«]*»|„[^“”„]*[“”]|\"[^\"\n]*\"")


class EditKind(StrEnum):
    """What an edit did; the word is what the catalogue, the exports and the API say."""

    MARKER = "marker"  # a marker such as FOTO came or went
    HEADLINE = "headline"
    LEAD = "lead"
    SPELLING = "spelling"  # the same letters but for their marks: e became ə
    TYPO = "typo"  # one or two letters of a word
    ENDING = "ending"  # a word took another ending
    NUMBER = "number"
    NAME = "name"
    QUOTE = "quote"
    WORDS_REMOVED = "words-removed"
    WORDS_ADDED = "words-added"
    PARAGRAPH_ADDED = "paragraph-added"
    PARAGRAPH_REMOVED = "paragraph-removed"
    PARAGRAPH_MOVED = "paragraph-moved"
    SHORTENED = "shortened"  # most of the text is gone at once
    COMPLETED = "completed"  # the page before came half; the publisher need not have edited
    PHOTO_ADDED = "photo-added"
    PHOTO_REMOVED = "photo-removed"
    PHOTO_REPLACED = "photo-replaced"
    PHOTO_RECROPPED = "photo-recropped"  # another cut or size of the same picture
    PHOTO_MOVED = "photo-moved"
    CAPTION = "caption"
    CREDIT = "credit"
    DATE = "date"  # a date alone: neither text nor photos
    SECTION = "section"
    AUTHORS = "authors"
    TAGS = "tags"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One edit as facts.

    kinds           in the order of `EditKind`
    words_removed   in headline, lead and text together; `words_added` likewise
    removed, added  the first twenty phrases of each side, without those of a moved paragraph
    characters      by how much the text grew; negative where it shrank
    """

    kinds: tuple[EditKind, ...]
    words_removed: int = 0
    words_added: int = 0
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    characters: int = 0


@dataclass(slots=True)
class _Facts:
    kinds: set[EditKind] = field(default_factory=set)
    removed: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Swap:
    """What stood in one place before and after."""

    old: str
    new: str
    begins_sentence: bool
    is_quoted: bool


def edit_between(old: Article, new: Article, *, is_completed: bool = False) -> Edit:
    """The edit that leads from one version to the next; costs what `archive.diff.compare` costs.

    is_completed  the page of the old one came half, as `archive/catalogue/doubts.py` tells
    """
    comparison = compare(old, new)
    facts = _Facts()
    _read_words(facts, old, comparison)
    _read_paragraphs(facts, comparison)
    _read_fields(facts, old, new)
    _read_photos(facts, comparison)
    if is_shortened(old, new):
        facts.kinds.add(EditKind.SHORTENED)
    if is_completed:
        facts.kinds.add(EditKind.COMPLETED)
    if not facts.kinds and not _agreeing_dates(old, new):
        facts.kinds.add(EditKind.DATE)
    return Edit(
        kinds=tuple(kind for kind in EditKind if kind in facts.kinds),
        words_removed=sum(len(words_in(phrase)) for phrase in facts.removed),
        words_added=sum(len(words_in(phrase)) for phrase in facts.added),
        removed=_cut(facts.removed),
        added=_cut(facts.added),
        characters=len(new.text) - len(old.text),
    )


def is_shortened(old: Article, new: Article) -> bool:
    """Whether most of the text is gone and what is left was there: a paywall was put up."""
    before, after = words_in(fold(old.text)), words_in(fold(new.text))
    if len(before) < _SHORT_TEXT_WORDS or len(after) > _SHORTENED_TO * len(before):
        return False
    known = set(before)
    strange = sum(word not in known for word in after)
    return strange <= max(_MOST_NEW_WORDS * len(after), 3)


def _cut(phrases: Iterable[str]) -> tuple[str, ...]:
    told = [phrase.strip() for phrase in phrases if phrase.strip()][:_MOST_PHRASES]
    return tuple(
        phrase if len(phrase) <= _LONGEST_PHRASE else phrase[: _LONGEST_PHRASE - 1] + "…"
        for phrase in told
    )


# Words


def _read_words(facts: _Facts, old: Article, comparison: Comparison) -> None:
    for change in comparison.fields:
        if change.name in ("title", "lead"):
            swaps = [swap for swap in _swaps(change.pieces) if even(swap.old) != even(swap.new)]
            if swaps and even(change.old) != even(change.new):
                is_title = change.name == "title"
                facts.kinds.add(EditKind.HEADLINE if is_title else EditKind.LEAD)
                for swap in swaps:
                    _read_swap(facts, swap)
    for paragraph in comparison.paragraphs:
        if paragraph.kind in (ParagraphKind.CHANGED, ParagraphKind.MOVED):
            for swap in _swaps(paragraph.pieces):
                if even(swap.old) != even(swap.new):
                    _read_swap(facts, swap)


def _read_swap(facts: _Facts, swap: _Swap) -> None:
    facts.removed.append(swap.old)
    facts.added.append(swap.new)
    facts.kinds |= _kinds_of(swap)


def _kinds_of(swap: _Swap) -> set[EditKind]:
    kinds = {EditKind.QUOTE} if swap.is_quoted else set()
    old, new = words_in(swap.old), words_in(swap.new)
    if _NUMBER.findall(swap.old) != _NUMBER.findall(swap.new):
        return kinds | {EditKind.NUMBER} | _counted(_wordy(old), _wordy(new))
    if [fold(word) for word in old] == [fold(word) for word in new]:
        return kinds | {EditKind.SPELLING if old != new else EditKind.TYPO}
    if len(old) == len(new) == 1:
        return kinds | _kinds_of_word(old[0], new[0], begins_sentence=swap.begins_sentence)
    if _names(old, begins_sentence=swap.begins_sentence) != _names(
        new, begins_sentence=swap.begins_sentence
    ):
        kinds.add(EditKind.NAME)
    return kinds | _counted(old, new)


def _kinds_of_word(old: str, new: str, *, begins_sentence: bool) -> set[EditKind]:
    one, other = fold(old), fold(new)
    shared = _shared_letters(one, other)
    if min(len(one), len(other)) >= 4 and _letters_apart(one, other) <= _TYPO_LETTERS:
        is_ending = shared >= min(len(one), len(other)) - 1 and len(one) != len(other)
        return {EditKind.ENDING if is_ending else EditKind.TYPO}
    if shared >= max(3, 0.5 * min(len(one), len(other))):
        return {EditKind.ENDING}
    kinds = {EditKind.WORDS_REMOVED, EditKind.WORDS_ADDED}
    if old[0].isupper() and new[0].isupper() and not begins_sentence:
        kinds.add(EditKind.NAME)
    return kinds


def _counted(old: list[str], new: list[str]) -> set[EditKind]:
    kinds = set()
    if old:
        kinds.add(EditKind.WORDS_REMOVED)
    if new:
        kinds.add(EditKind.WORDS_ADDED)
    return kinds


def _wordy(words: list[str]) -> list[str]:
    return [word for word in words if not word[0].isdigit()]


def _names(words: list[str], *, begins_sentence: bool) -> list[str]:
    """Words with a capital letter, but for one that begins its sentence."""
    return [word for word in words[1 if begins_sentence else 0 :] if word[0].isupper()]


def _shared_letters(one: str, other: str) -> int:
    """How many letters two words have in common from their beginning."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _letters_apart(one: str, other: str) -> int:
    """Levenshtein's distance of two words, counted to three at most."""
    if abs(len(one) - len(other)) > _TYPO_LETTERS or max(len(one), len(other)) > 40:
        return _TYPO_LETTERS + 1
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def _swaps(pieces: tuple[Piece, ...]) -> Iterator[_Swap]:
    """The places that differ; words parted by white space alone are one place."""
    old = "".join(piece.text for piece in pieces if piece.kind is not PieceKind.INSERTED)
    new = "".join(piece.text for piece in pieces if piece.kind is not PieceKind.DELETED)
    old_quotes = [found.span() for found in _QUOTED.finditer(old)]
    new_quotes = [found.span() for found in _QUOTED.finditer(new)]
    for (old_start, old_end), (new_start, new_end) in _places(pieces):
        yield _Swap(
            old=old[old_start:old_end],
            new=new[new_start:new_end],
            begins_sentence=bool(_SENTENCE_END.search(old[max(0, old_start - 20) : old_start])),
            is_quoted=_lies_in(old_quotes, old_start, old_end)
            or _lies_in(new_quotes, new_start, new_end),
        )


def _places(pieces: tuple[Piece, ...]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Where the old and the new text differ: start and end in each."""
    at = {PieceKind.DELETED: 0, PieceKind.INSERTED: 0}
    start: tuple[int, int] | None = None
    end = (0, 0)
    for piece in pieces:
        if piece.kind is PieceKind.EQUAL:
            if start is not None and piece.text.strip():
                yield (start[0], end[0]), (start[1], end[1])
                start = None
            at = {kind: place + len(piece.text) for kind, place in at.items()}
            continue
        if start is None:
            start = (at[PieceKind.DELETED], at[PieceKind.INSERTED])
        at[piece.kind] += len(piece.text)
        end = (at[PieceKind.DELETED], at[PieceKind.INSERTED])
    if start is not None:
        yield (start[0], end[0]), (start[1], end[1])


def _lies_in(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    return start < end and any(a < end and start < b for a, b in spans)


# Paragraphs, fields and photos


def _read_paragraphs(facts: _Facts, comparison: Comparison) -> None:
    for paragraph in comparison.paragraphs:
        words = "".join(piece.text for piece in paragraph.pieces)
        if paragraph.kind is ParagraphKind.INSERTED:
            facts.kinds.add(EditKind.PARAGRAPH_ADDED)
            facts.added.append(words)
        elif paragraph.kind is ParagraphKind.DELETED:
            facts.kinds.add(EditKind.PARAGRAPH_REMOVED)
            facts.removed.append(words)
        elif paragraph.kind is ParagraphKind.MOVED:
            facts.kinds.add(EditKind.PARAGRAPH_MOVED)


def _read_fields(facts: _Facts, old: Article, new: Article) -> None:
    pairs = (
        (EditKind.MARKER, (old.markers, old.update_no), (new.markers, new.update_no)),
        (EditKind.SECTION, even(old.section), even(new.section)),
        (EditKind.AUTHORS, tuple(map(even, old.authors)), tuple(map(even, new.authors))),
        (EditKind.TAGS, tuple(map(even, old.tags)), tuple(map(even, new.tags))),
    )
    facts.kinds |= {kind for kind, before, after in pairs if before != after}


def _agreeing_dates(old: Article, new: Article) -> bool:
    return (old.published, old.modified) == (new.published, new.modified)


def _read_photos(facts: _Facts, comparison: Comparison) -> None:
    changes = comparison.photos
    gone = {photo_key(c.old.url) for c in changes if c.kind is PhotoKind.REMOVED and c.old}
    come = {photo_key(c.new.url) for c in changes if c.kind is PhotoKind.ADDED and c.new}
    gone, come = gone - come, come - gone
    if swapped := min(len(gone), len(come)):
        facts.kinds.add(EditKind.PHOTO_REPLACED)
    if len(come) > swapped:
        facts.kinds.add(EditKind.PHOTO_ADDED)
    if len(gone) > swapped:
        facts.kinds.add(EditKind.PHOTO_REMOVED)
    for change in changes:
        if change.kind is PhotoKind.REORDERED:
            facts.kinds.add(EditKind.PHOTO_MOVED)
        if change.kind is PhotoKind.REWORDED and change.old and change.new:
            if even(change.old.caption or "") != even(change.new.caption or ""):
                facts.kinds.add(EditKind.CAPTION)
            if even(change.old.credit or "") != even(change.new.credit or ""):
                facts.kinds.add(EditKind.CREDIT)
