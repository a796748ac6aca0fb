"""The code page: a whole text spelled in one step is the text spelled letter by letter."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import azerbaijani
from archive.code_page import CodePage
from pipelines import letters

LETTERS = "".join(map(chr, (*range(32, 384), *range(0x1DD, 0x1E0), *range(0x2B0, 0x310))))
WILD_TEXT = st.one_of(st.text(), st.text(alphabet=f"{LETTERS}\n\u200b–—‘’“”„…″₼−\ufeffәǝſªeu"))
SPELLINGS = [
    pytest.param(azerbaijani._CODE_PAGE, azerbaijani._with_quotes, id="search"),
    pytest.param(letters._CODE_PAGE, letters._spelled, id="reading"),
]


@pytest.mark.parametrize(("page", "spelled"), SPELLINGS)
@given(text=WILD_TEXT)
def test_what_is_spelled_in_one_step_is_what_is_spelled_step_by_step(
    page: CodePage, spelled: Callable[[str], str], text: str
) -> None:
    assert page.spelled(text) in (None, spelled(text))


@pytest.mark.parametrize(("page", "spelled"), SPELLINGS)
def test_every_letter_that_azerbaijani_is_written_with_is_known(
    page: CodePage, spelled: Callable[[str], str]
) -> None:
    text = "“Ağ gəmi” – ÇÖL, İŞIQ, Üzüm, «bağça»: jurnal’ı\n oxu!"

    assert page.spelled(text) == spelled(text)


def test_a_text_with_a_letter_that_is_not_known_is_left_to_the_function() -> None:
    page = CodePage(str.lower, "Ə")

    assert page.spelled("BAKI Сумгаит") is None
    assert page.spelled("BAKI") == "baki"
