"""One spelling for the many ways of typing a letter."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.letters import folded, tidied


def test_every_broken_i_and_schwa_is_one_letter() -> None:
    assert {folded(text) for text in ("İYUL", "IYUL", "i\u0307yul", "ıyul", "iyul")} == {"iyul"}
    assert {folded(text) for text in ("gecə", "gecә", "GECƏ", "gecǝ", "gece")} == {"gece"}


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text(max_size=60))
def test_tidied_text_keeps_its_letters(text: str) -> None:
    assert tidied(tidied(text)) == tidied(text)
