"""Sentences of the press, with its initials, abbreviations, numbers and names with dots."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.sentences import split_sentences


@pytest.mark.parametrize(
    ("paragraph", "sentences"),
    [
        ("Körpü açılıb. Yol da hazırdır!", ("Körpü açılıb.", "Yol da hazırdır!")),
        ("Görüş M.P. Vaqif küçəsində olub.", ("Görüş M.P. Vaqif küçəsində olub.",)),
        (
            "Gəlir 25.5 mln. manat olub. Xərc azalıb.",
            ("Gəlir 25.5 mln. manat olub.", "Xərc azalıb."),
        ),
        (
            "Bunu Gundem.Az yazıb. “Hazırdır.” – deyib.",
            ("Bunu Gundem.Az yazıb.", "“Hazırdır.” – deyib."),
        ),
        ("Alma, armud və s. meyvələr satılıb.", ("Alma, armud və s. meyvələr satılıb.",)),
        (
            "Tədbir başa çatıb.Qaliblər mükafatlandırılıb.",
            ("Tədbir başa çatıb.", "Qaliblər mükafatlandırılıb."),
        ),
        ("", ()),
    ],
)
def test_a_sentence_ends_where_a_reader_hears_its_end(
    paragraph: str, sentences: tuple[str, ...]
) -> None:
    assert split_sentences(paragraph) == sentences


@given(st.text(alphabet="abƏz. !?“”…1A\n", max_size=80))
def test_no_letter_is_lost_between_sentences(paragraph: str) -> None:
    joined = "".join(split_sentences(paragraph))

    assert "".join(joined.split()) == "".join(paragraph.split())
