"""Snippets: the passage round what was sought, from the text as it was printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import WrongUse
from archive.search.query import read_query
from archive.search.snippets import Piece, marked, snippet

TEXT = (
    "Şəhərdə keçirilən tədbirdə qurumların nümayəndələri iştirak ediblər. "
    "Bu barədə “ASAN xidmət”dən məlumat verilib.\n\n"
    "Tədbirdə xidmətlərin keyfiyyəti müzakirə olunub, asanlaşdırılmış qaydalar təqdim edilib."
)


def shown(pieces: tuple[Piece, ...]) -> str:
    return "".join(f"[{piece.text}]" if piece.is_match else piece.text for piece in pieces)


@pytest.mark.parametrize("query", ["asan xidmət", "ASAN XİDMƏT", "asan xidmet"])
def test_words_are_marked_as_printed_whatever_their_form(query: str) -> None:
    text = shown(marked(TEXT, read_query(query)))

    assert "“[ASAN] [xidmət]”dən məlumat" in text
    assert "[xidmətlərin] keyfiyyəti" in text


def test_of_a_phrase_only_words_side_by_side_are_marked() -> None:
    text = shown(marked(TEXT, read_query("“ASAN xidmət”in")))

    assert text.count("[") == 2
    assert "“[ASAN] [xidmət]”dən" in text


def test_a_prefix_marks_words_that_begin_so() -> None:
    assert "[asanlaşdırılmış]" in shown(marked(TEXT, read_query("asan*")))


def test_a_snippet_shows_the_passage_with_most_of_the_words() -> None:
    text = shown(snippet(TEXT, read_query("keyfiyyət qayda"), length=80))

    assert text.startswith("… ")
    assert "[keyfiyyəti]" in text
    assert "[qaydalar]" in text
    assert "Şəhərdə" not in text


def test_without_a_match_a_snippet_is_the_beginning() -> None:
    assert shown(snippet(TEXT, read_query("olmayan"), length=30)) == (
        "Şəhərdə keçirilən tədbirdə qurumların …"
    )


def test_a_short_text_is_shown_whole_with_its_white_space_folded() -> None:
    assert shown(snippet("Bir\n\n iki", read_query("iki"))) == "Bir [iki]"


@given(st.text(alphabet="abə \n”“-'", max_size=200), st.text(alphabet="abə ", max_size=5))
def test_marking_never_changes_a_text(text: str, sought: str) -> None:
    pieces = marked(text, read_query(sought))

    assert "".join(piece.text for piece in pieces) == text


@given(st.text(), st.text(max_size=10), st.integers(min_value=1, max_value=50))
def test_a_snippet_can_be_made_of_any_text(text: str, sought: str, length: int) -> None:
    try:
        query = read_query(sought)
    except WrongUse:
        return
    pieces = snippet(text, query, length)

    assert "".join(piece.text for piece in pieces).strip("… ") in " ".join(text.split())
