"""Two texts compared word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.word_diff import Piece, PieceKind, compare_words, count_words

azerbaijani = st.text("aəıiİI bcçdğşö.,-“”'12\n\t", max_size=60)


def old_of(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces if piece.kind is not PieceKind.INSERTED)


def new_of(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces if piece.kind is not PieceKind.DELETED)


def marked(old: str, new: str) -> str:
    """The pieces as `[-old-]{+new+}`, with | after the stem of a word that changed its ending."""
    marks = {"equal": ("", ""), "deleted": ("[-", "-]"), "inserted": ("{+", "+}")}
    return "".join(
        marks[piece.kind][0]
        + piece.stem
        + ("|" if piece.stem else "")
        + piece.rest
        + marks[piece.kind][1]
        for piece in compare_words(old, new)
    )


@given(azerbaijani, azerbaijani)
def test_the_pieces_give_both_texts_back(old: str, new: str) -> None:
    pieces = compare_words(old, new)

    assert old_of(pieces) == old
    assert new_of(pieces) == new


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_characters_come_back(old: str, new: str) -> None:
    pieces = compare_words(old, new)

    assert (old_of(pieces), new_of(pieces)) == (old, new)


@given(azerbaijani, azerbaijani)
def test_no_piece_is_empty_and_none_repeats_its_kind(old: str, new: str) -> None:
    pieces = [piece for piece in compare_words(old, new) if not piece.stem_chars]

    assert all(piece.text for piece in pieces)
    assert all(piece.kind is PieceKind.EQUAL for piece in compare_words(old, old))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            "Mərkəzdə 120 nəfər işləyir.",
            "Mərkəzdə 125 nəfər işləyir.",
            "Mərkəzdə [-120-]{+125+} nəfər işləyir.",
            id="a number is marked whole",
        ),
        pytest.param(
            "nazirliyin məlumatı",
            "nazirlikdən məlumatlar",
            "[-nazirli|yin-]{+nazirli|kdən+} [-məlumat|ı-]{+məlumat|lar+}",
            id="each ending on its own",
        ),
        pytest.param(
            "“ASAN xidmət”in mərkəzi",
            "“ASAN xidmət”dən mərkəzə",
            "“ASAN xidmət”[-in-]{+dən+} [-mərkəz|i-]{+mərkəz|ə+}",
            id="a suffix after a quote",
        ),
        pytest.param(
            "Yol bağlanıb.",
            "Yol müvəqqəti bağlanıb.",
            "Yol{+ müvəqqəti+} bağlanıb.",
            id="an inserted word brings its space",
        ),
        pytest.param(
            "Görüş saat 18:28-də başlayıb",
            "Görüş saat 18:30-da başlayıb",
            "Görüş saat [-18:28-də-]{+18:30-da+} başlayıb",
            id="a time with its suffix is one word",
        ),
        pytest.param(
            "Cəmi 1 800 yer ayrılıb",
            "Cəmi 2 400-dən çox yer ayrılıb",
            "Cəmi [-1 800-]{+2 400-dən çox+} yer ayrılıb",
            id="thousands parted by a space are one number",
        ),
        pytest.param("e", "ə", "[-e-]{+ə+}", id="one letter"),
        pytest.param("bir  iki", "bir iki", "bir[-  -]{+ +}iki", id="white space alone"),
    ],
)
def test_a_change_reads_as_a_person_would_mark_it(old: str, new: str, expected: str) -> None:
    assert marked(old, new) == expected


def test_a_lone_comma_between_larger_changes_is_no_island() -> None:
    old, new = "bir iki üç, dörd beş altı", "alma armud nar, heyva ərik gilas"

    assert marked(old, new) == f"[-{old}-]{{+{new}+}}"


def test_words_are_counted_by_kind() -> None:
    pieces = compare_words("Yol 3 gün bağlı olacaq.", "Yol bir həftə bağlı qalacaq.")

    assert count_words(pieces, PieceKind.DELETED) == 3
    assert count_words(pieces, PieceKind.INSERTED) == 3
