"""The query language: what a reader writes is understood, or refused in a sentence."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import WrongUse
from archive.search.query import Clause, ClauseKind, Query, read_query

QUERY_SIGNS = "abəŞи1 -*:\"“”«»„'.,from:to:source:2023\ud800"


def said(query: Query) -> list[tuple[str, str]]:
    return [(clause.kind.value, " ".join(clause.terms.surface)) for clause in query.sought]


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("asan xidmət", [("word", "asan"), ("word", "xidmet")]),
        ("ASAN XİDMƏT", [("word", "asan"), ("word", "xidmet")]),
        ('"asan xidmət"', [("phrase", "asan xidmet")]),
        ("“ASAN xidmət”in", [("phrase", "asan xidmet")]),
        ("«ASAN xidmət»dən məlumat", [("phrase", "asan xidmet"), ("word", "melumat")]),
        ("“Bakı”da", [("word", "baki")]),
        ("nazir*", [("prefix", "nazir")]),
        ("fins.az", [("phrase", "fins az")]),
        ("10-cu sammit", [("word", "10"), ("word", "sammit")]),
        ("Trend: xəbər", [("word", "trend"), ("word", "xeber")]),
        ("from: Baku", [("word", "from"), ("word", "baku")]),
        ('yarımçıq "dırnaq', [("word", "yarimciq"), ("word", "dirnaq")]),
        ("xidmət”in", [("word", "xidmet")]),
        ('* - " «»', []),
    ],
)
def test_words_phrases_and_prefixes_are_told_apart(
    text: str, clauses: list[tuple[str, str]]
) -> None:
    assert said(read_query(text)) == clauses


def test_a_minus_sign_excludes_words_phrases_and_labels() -> None:
    query = read_query("seçki -prezident -“yerli özünüidarə” -source:olke.example")

    assert said(query) == [("word", "secki")]
    assert [clause.terms.surface for clause in query.unsought] == [
        ("prezident",),
        ("yerli", "ozunuidare"),
    ]
    assert query.unwanted.sources == ("olke.example",)


def test_labels_may_be_quoted_and_repeated() -> None:
    query = read_query(
        'source:olke.example Source:Fins.example section:"Sosial siyasət" language:AZ'
    )

    assert query.wanted.sources == ("olke.example", "fins.example")
    assert query.wanted.sections == (("sosial", "siyaset"),)
    assert query.wanted.languages == ("az",)
    assert query.sought == ()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("from:2023-02-14 to:2023-02-15", date(2023, 2, 14), date(2023, 2, 15)),
        ("from:2023-02 to:2024-02", date(2023, 2, 1), date(2024, 2, 29)),
        ("from:2023 to:2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("from:14.02.2023", date(2023, 2, 14), None),
        ('to:"5.3.2023"', None, date(2023, 3, 5)),
    ],
)
def test_days_months_and_years_are_times_with_both_ends(
    text: str, first: date | None, last: date | None
) -> None:
    query = read_query(text)

    assert (query.first_day, query.last_day) == (first, last)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("from:2023-13", "2023-13 is not a day"),
        ("to:2023-00", "2023-00 is not a day"),
        ("to:0000-02", "0000-02 is not a day"),
        ("from:31.02.2023", "31.02.2023 is not a day"),
        ("from:dünən", "dünən is not a day. Write from: and to: as"),
        ("from:2024 to:2023", "which is no time at all"),
        ("-from:2024", "Write from: without the minus sign"),
        ("a " * 201, "201 words; at most 200"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(WrongUse, match=sentence):
        read_query(text)


def test_nothing_written_is_told_from_nothing_understood() -> None:
    assert read_query("  ").is_blank
    assert not read_query("?!").is_blank


@given(st.one_of(st.text(), st.text(alphabet=QUERY_SIGNS)))
def test_any_text_is_a_query_or_refused(text: str) -> None:
    try:
        query = read_query(text)
    except WrongUse:
        return
    assert all(len(clause.terms.surface) == len(clause.terms.stems) > 0 for clause in query.sought)
    assert all(
        (clause.kind is ClauseKind.PHRASE) == (len(clause.terms.surface) > 1)
        for clause in (*query.sought, *query.unsought)
    )


def test_a_clause_is_a_value() -> None:
    assert read_query("asan").sought[0] == read_query("ASAN").sought[0]
    assert isinstance(read_query("asan").sought[0], Clause)
