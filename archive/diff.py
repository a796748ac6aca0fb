"""What differs between two versions of an article, field by field and word by word.

Pure: two articles in, one `Comparison` out, the same on every machine. The texts are compared
paragraph by paragraph first (see `archive.paragraph_diff`) and then word by word inside the changed
ones, so that a moved paragraph is told as moved and a new case ending as an ending.
`render_text` shows a comparison in the terminal: with marks as `wdiff` writes them, or in colour.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from archive.article import Article, Moment, ShownPhoto
from archive.paragraph_diff import BREAK, ParagraphChange, ParagraphKind, compare_texts
from archive.photo_keys import photo_key
from archive.word_diff import Piece, PieceKind, compare_words, count_words

_TEXT_FIELDS = ("headline", "title", "lead", "section", "language")
_LIST_FIELDS = ("markers", "authors", "tags")
_MOMENT_FIELDS = ("published", "modified")
# A page may carry escape sequences that would speak to the reader's terminal.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_FIRST_WORDS = 6  # of a moved paragraph, at its old place


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A field of text or a date that differs; `pieces` give both readings back."""

    name: str
    old: str
    new: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChange:
    """A field of several words (markers, authors, tags) that differs.

    An order that alone changed has neither `removed` nor `added`.
    """

    name: str
    kept: tuple[str, ...]
    removed: tuple[str, ...]
    added: tuple[str, ...]


class PhotoKind(StrEnum):
    """What became of a photo from one version to the next."""

    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"  # the same address, another caption, credit or alternative text
    REORDERED = "reordered"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoChange:
    """One photo that differs; `old` is None for an added one, `new` for a removed one.

    caption, credit  the words beside it as pieces; empty where they did not change
    """

    kind: PhotoKind
    old: ShownPhoto | None
    new: ShownPhoto | None
    caption: tuple[Piece, ...] = ()
    credit: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Everything that differs between two versions of an article.

    paragraphs     the whole body, equal paragraphs too, in reading order of the new version
    words_removed  in the body; `words_added` likewise; a moved paragraph counts in neither
    """

    fields: tuple[FieldChange, ...]
    lists: tuple[ListChange, ...]
    photos: tuple[PhotoChange, ...]
    paragraphs: tuple[ParagraphChange, ...]
    words_removed: int
    words_added: int

    @property
    def is_equal(self) -> bool:
        """Whether nothing differs in what is compared."""
        return not (self.fields or self.lists or self.photos or self.is_text_changed)

    @property
    def is_text_changed(self) -> bool:
        """Whether the body differs, be it by the place of one paragraph."""
        return any(paragraph.kind is not ParagraphKind.EQUAL for paragraph in self.paragraphs)


def compare(old: Article, new: Article) -> Comparison:
    """Compare two versions of an article.

    Two texts of 5 kB take 1 to 5 ms, two of 100 kB 20 to 125 ms, the most where both are one
    paragraph of words that repeat without end (`tests/archive/test_diff.py` holds the limits).
    """
    paragraphs = compare_texts(old.text, new.text)
    pieces = [piece for paragraph in paragraphs for piece in paragraph.counted_pieces]
    return Comparison(
        fields=_field_changes(old, new),
        lists=_list_changes(old, new),
        photos=_photo_changes(old.photos, new.photos),
        paragraphs=paragraphs,
        words_removed=count_words(pieces, PieceKind.DELETED),
        words_added=count_words(pieces, PieceKind.INSERTED),
    )


def _field_changes(old: Article, new: Article) -> tuple[FieldChange, ...]:
    pairs = [(name, getattr(old, name) or "", getattr(new, name) or "") for name in _TEXT_FIELDS]
    pairs += [
        (name, _words_of(getattr(old, name)), _words_of(getattr(new, name)))
        for name in _MOMENT_FIELDS
    ]
    return tuple(
        FieldChange(name=name, old=before, new=after, pieces=_pieces_of(name, before, after))
        for name, before, after in pairs
        if before != after
    )


def _words_of(moment: Moment | None) -> str:
    return moment.at if moment else ""


def _pieces_of(name: str, old: str, new: str) -> tuple[Piece, ...]:
    """Words for what is read, the whole value for a date or a code of language."""
    if name in _MOMENT_FIELDS or name == "language":
        both = (Piece(kind=PieceKind.DELETED, text=old), Piece(kind=PieceKind.INSERTED, text=new))
        return tuple(piece for piece in both if piece.text)
    return compare_words(old, new)


def _list_changes(old: Article, new: Article) -> tuple[ListChange, ...]:
    return tuple(
        _list_change(name, getattr(old, name), getattr(new, name))
        for name in _LIST_FIELDS
        if getattr(old, name) != getattr(new, name)
    )


def _list_change(name: str, old: Sequence[str], new: Sequence[str]) -> ListChange:
    return ListChange(
        name=name,
        kept=_without(new, _without(new, old)),
        removed=_without(old, new),
        added=_without(new, old),
    )


def _without(words: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """The words that `others` does not have as often, in order."""
    left = Counter(others)
    rest = []
    for word in words:
        if left[word]:
            left[word] -= 1
        else:
            rest.append(word)
    return tuple(rest)


def _photo_changes(old: Sequence[ShownPhoto], new: Sequence[ShownPhoto]) -> tuple[PhotoChange, ...]:
    """Photos by what names the picture in their address: gone, new, other words beside one, another
    order of the kept ones."""
    old_by_url = {photo_key(photo.url): photo for photo in old}
    new_by_url = {photo_key(photo.url): photo for photo in new}
    gone = [photo for url, photo in old_by_url.items() if url not in new_by_url]
    come = [photo for url, photo in new_by_url.items() if url not in old_by_url]
    kept_urls = [url for url in old_by_url if url in new_by_url]
    order = {url: place for place, url in enumerate(new_by_url)}
    kept_in_new_order = sorted(kept_urls, key=order.__getitem__)
    changes = [PhotoChange(kind=PhotoKind.REMOVED, old=photo, new=None) for photo in gone]
    changes += [PhotoChange(kind=PhotoKind.ADDED, old=None, new=photo) for photo in come]
    for old_url, url in zip(kept_urls, kept_in_new_order, strict=True):
        before, after = old_by_url[url], new_by_url[url]
        if _said(before) != _said(after):
            changes.append(_reworded(before, after))
        elif old_url != url:
            changes.append(PhotoChange(kind=PhotoKind.REORDERED, old=before, new=after))
    return tuple(changes)


def _said(photo: ShownPhoto) -> tuple[str | None, ...]:
    return photo.caption, photo.credit, photo.alt


def _reworded(old: ShownPhoto, new: ShownPhoto) -> PhotoChange:
    return PhotoChange(
        kind=PhotoKind.REWORDED,
        old=old,
        new=new,
        caption=_changed_words(old.caption, new.caption),
        credit=_changed_words(old.credit, new.credit),
    )


def _changed_words(old: str | None, new: str | None) -> tuple[Piece, ...]:
    return compare_words(old or "", new or "") if old != new else ()


@dataclass(frozen=True, slots=True)
class _Marks:
    """What stands around a deleted and an inserted piece, and around an ending that changed."""

    deleted: tuple[str, str]
    inserted: tuple[str, str]
    ending: tuple[str, str]
    faint: tuple[str, str]


_PLAIN = _Marks(deleted=("[-", "-]"), inserted=("{+", "+}"), ending=("", ""), faint=("", ""))
_COLOURED = _Marks(
    deleted=("\x1b[31;9m", "\x1b[0m"),
    inserted=("\x1b[32;4m", "\x1b[0m"),
    ending=("\x1b[1m", ""),
    faint=("\x1b[2m", "\x1b[0m"),
)


def render_text(comparison: Comparison, *, colour: bool = False) -> str:
    """The comparison as lines of text, ending with a new line; equal paragraphs are counted.

    colour  ANSI colours in place of `[-old-]{+new+}`
    """
    marks = _COLOURED if colour else _PLAIN
    if comparison.is_equal:
        return "No difference.\n"
    lines = [f"{field.name}: {_written(field.pieces, marks)}" for field in comparison.fields]
    lines += [f"{change.name}: {_list_line(change, marks)}" for change in comparison.lists]
    lines += [f"photo: {_photo_line(change, marks)}" for change in comparison.photos]
    if comparison.is_text_changed:
        lines += ["", *_text_lines(comparison.paragraphs, marks)]
    removed, added = comparison.words_removed, comparison.words_added
    lines += ["", f"{removed} {'word' if removed == 1 else 'words'} removed, {added} added"]
    return "\n".join(lines).strip("\n") + "\n"


def _written(pieces: Iterable[Piece], marks: _Marks) -> str:
    return "".join(_marked(piece, marks) for piece in pieces)


def _marked(piece: Piece, marks: _Marks) -> str:
    if piece.kind is PieceKind.EQUAL:
        return _safe(piece.text)
    start, end = marks.deleted if piece.kind is PieceKind.DELETED else marks.inserted
    ending_start, ending_end = marks.ending if piece.stem_chars else ("", "")
    return f"{start}{_safe(piece.stem)}{ending_start}{_safe(piece.rest)}{ending_end}{end}"


def _safe(text: str) -> str:
    """The text without control characters; a paragraph break within it is shown as ¶."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace(BREAK, "¶\n\n"))


def _list_line(change: ListChange, marks: _Marks) -> str:
    words = [_safe(word) for word in change.kept]
    words += [_around(word, marks.deleted) for word in change.removed]
    words += [_around(word, marks.inserted) for word in change.added]
    is_reordered = not (change.removed or change.added)
    return ", ".join(words) + (" (other order)" if is_reordered else "")


def _around(text: str, marks: tuple[str, str]) -> str:
    return f"{marks[0]}{_safe(text)}{marks[1]}"


def _photo_line(change: PhotoChange, marks: _Marks) -> str:
    if change.new is None:
        return _around(change.old.url if change.old else "", marks.deleted)
    if change.kind is PhotoKind.ADDED:
        return _around(change.new.url, marks.inserted)
    if change.kind is PhotoKind.REORDERED:
        return f"{_safe(change.new.url)} (other place)"
    words = [_written(pieces, marks) for pieces in (change.caption, change.credit) if pieces]
    return " ".join([_safe(change.new.url), *words])


def _text_lines(paragraphs: Iterable[ParagraphChange], marks: _Marks) -> list[str]:
    """The changed paragraphs, and how many unchanged ones lie between them."""
    lines: list[str] = []
    unchanged = 0
    for paragraph in paragraphs:
        if paragraph.kind is ParagraphKind.EQUAL:
            unchanged += 1
            continue
        lines += _unchanged_lines(unchanged, marks)
        lines += [_paragraph_line(paragraph, marks), ""]
        unchanged = 0
    return (lines + _unchanged_lines(unchanged, marks))[:-1]


def _unchanged_lines(count: int, marks: _Marks) -> list[str]:
    if not count:
        return []
    noun = "paragraph" if count == 1 else "paragraphs"
    return [f"{marks.faint[0]}… {count} {noun} unchanged …{marks.faint[1]}", ""]


def _paragraph_line(paragraph: ParagraphChange, marks: _Marks) -> str:
    if paragraph.kind is ParagraphKind.MOVED_AWAY:
        number = paragraph.new_numbers[0]
        words = _shortened(paragraph.pieces)
        return f"{marks.faint[0]}(moved to paragraph {number}: {words}){marks.faint[1]}"
    words = _written(paragraph.pieces, marks)
    if paragraph.kind is ParagraphKind.MOVED:
        return f"(moved from paragraph {paragraph.old_numbers[0]}) {words}"
    return words


def _shortened(pieces: Iterable[Piece]) -> str:
    words = "".join(_safe(piece.text) for piece in pieces).split()
    return " ".join(words[:_FIRST_WORDS]) + (" …" if len(words) > _FIRST_WORDS else "")
