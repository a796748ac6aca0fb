"""A comparison as text for the terminal: marks as `wdiff` writes them, or colours."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from archive.diff import Comparison, ListChange, PhotoChange, PhotoKind
from archive.paragraph_diff import BREAK, ParagraphChange, ParagraphKind
from archive.word_diff import Piece, PieceKind

# A page may carry escape sequences that would speak to the reader's terminal.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_FIRST_WORDS = 6  # of a moved paragraph, at its old place


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


def render_text(comparison: Comparison, *, is_coloured: bool = False) -> str:
    """The comparison as lines of text, ending with a new line; equal paragraphs are counted.

    is_coloured  ANSI colours in place of `[-old-]{+new+}`
    """
    marks = _COLOURED if is_coloured else _PLAIN
    if comparison.is_equal:
        return "No difference.\n"
    lines = [f"{field.name}: {_written(field.pieces, marks)}" for field in comparison.fields]
    lines += [f"{change.name}: {_list_line(change, marks)}" for change in comparison.lists]
    lines += [f"photo: {_photo_line(change, marks)}" for change in comparison.photos]
    if comparison.is_text_changed:
        lines += ["", *_text_lines(comparison.paragraphs, marks)]
    lines += ["", f"{comparison.words_removed} words removed, {comparison.words_added} added"]
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
