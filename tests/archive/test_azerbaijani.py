"""Words as keys: whoever types a word, however it is typed, meets the page that printed it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.azerbaijani import Terms, fold, placed_words, stem, terms, words

LETTERS = (
    "aəıiİIöüğşçABEHKMOPXYaceopxy АВЕНКМОРХУПЖйёәғһаеорсухпжґ“”\"'’-–\u0307\u0306\u0327\u00adＡﬁ"
)
WILD_TEXT = st.one_of(st.text(), st.text(alphabet=LETTERS))


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("İŞIĞI", "isigi"),
        ("ƏMƏKDAŞLIQ", "emekdasliq"),
        ("çörəkçi", "corekci"),
        ("i\u0307yul", "iyul"),
        ("I\u0307yul", "iyul"),
        ("g\u0306u\u0308ndu\u0308z", "gunduz"),
        ("«Bakı»nın", "bakinin"),
        ("“ASAN xidmət”in", "asan xidmetin"),
        ("mə'lumat", "melumat"),
        ("Bakı’da", "bakida"),
        ("mə´lumat", "melumat"),
        ("mü\u00adba\u00addi\u00adlə", "mubadile"),
        ("Ｂａｋı", "baki"),
        ("Kоmitә", "komite"),  # Cyrillic о and ә
        ("ПAPК", "парк"),  # Latin A and P
        ("Сумгаит и йод", "сумгаит и йод"),
        ("Ёлка", "елка"),
    ],
)
def test_spellings_of_one_word_fold_to_one_key(printed: str, key: str) -> None:
    assert fold(printed) == key


@given(WILD_TEXT)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“ASAN xidmət”in", "asan xidmet"),
        ("“ASAN xidmət”-in", "asan xidmet"),
        ('"ASAN xidmət"dən', "asan xidmet"),
        ("Fins.Az", "fins az"),
        ("Fins.Az-a", "fins az"),
        ("10-cu, 12-ci və 2023-cü ildə", "10 12 ve 2023 ilde"),
        ("10 000-ə yaxın, 5%-i", "10 000 yaxin 5"),
        ("BMT-nin və BƏƏ-yə", "bmt ve bee"),
        ("nazirliklər arası “Yol xəritəsi”nə", "nazirlikler arasi yol xeritesi"),
        ("ictimai-siyasi, COVID-19", "ictimai siyasi covid 19"),
        ('dedi:"Biz gəldik"', "dedi biz geldik"),
        ("", ""),
    ],
)
def test_an_ending_glued_to_a_quote_or_hyphen_belongs_to_the_word_before(
    text: str, expected: str
) -> None:
    assert words(text) == tuple(expected.split())


@given(WILD_TEXT)
def test_words_hold_letters_and_digits_alone(text: str) -> None:
    assert all(word.replace("_", "?").isalnum() for word in words(text))


@pytest.mark.parametrize(
    "forms",
    [
        "xidmət xidməti xidmətin xidmətlər xidmətlərin xidmətlərindən xidmətlərimizə xidmətdəki",
        "kitab kitabı kitaba kitabda kitabdan kitabın kitablar kitabında kitablarımızdan kitabdır",
        "nazirlik nazirliyi nazirliyin nazirliyə nazirliyində nazirliklər nazirliklərə",
        "torpaq torpağı torpağa torpağın torpaqlar torpaqlarda",
        "Bakı Bakıda Bakının Bakıya Bakıdan Bakıdakı",
        "ölkə ölkənin ölkəyə ölkəsi ölkəmizdə ölkələrin",
        "telefon telefonu telefonun telefona telefonda telefonlar",
        "vətəndaş vətəndaşı vətəndaşın vətəndaşlar vətəndaşlarına",
        "çıxış çıxışı çıxışında çıxışlar",
        "il ildə ilin illər illərdə",
        "yazmaq yazır yazıb yazdı yazan yazma yazmayıb",
        "başlamaq başladı başlayıb başlayır başlayan başlayacaq",
    ],
    ids=lambda forms: forms.partition(" ")[0],
)
def test_the_forms_of_a_word_share_its_stem(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1, [stem(f) for f in forms.split()]


def test_a_reader_without_diacritics_gets_the_same_stems() -> None:
    printed = "Şəhərin küçələrində işıqlandırma dirəkləri dəyişdirilib"

    assert terms(fold(printed)).stems == terms(printed).stems


@given(WILD_TEXT)
def test_a_stem_begins_its_word_and_keeps_three_letters(text: str) -> None:
    for word in words(text):
        key = stem(word)
        assert key[:-1] == word[: len(key) - 1]
        assert len(key) >= min(len(word), 3) or key in {
            "ad",
            "ay",
            "el",
            "ev",
            "il",
            "is",
            "od",
        } | {"ox", "su"}


def test_words_of_another_alphabet_and_numbers_stay_as_they_are() -> None:
    assert terms("Баку 2023 mənzil №7a") == Terms(
        surface=("баку", "2023", "menzil", "no7a"), stems=("баку", "2023", "menzil", "no7a")
    )


@given(WILD_TEXT)
def test_each_word_has_one_surface_form_and_one_stem(text: str) -> None:
    found = terms(text)

    assert found.surface == words(text)
    assert found.stems == tuple(map(stem, found.surface))


@given(WILD_TEXT)
def test_a_placed_word_is_the_key_of_what_is_printed_there(text: str) -> None:
    for start, end, word in placed_words(text):
        assert word in words(text[start:end])


def test_a_word_is_placed_where_it_is_printed_and_its_glued_ending_is_not_a_word() -> None:
    text = "Bu gün “ASAN xidmət”in 10-cu mə’lumatı"

    placed = [(text[start:end], word) for start, end, word in placed_words(text)]

    assert placed == [
        ("Bu", "bu"),
        ("gün", "gun"),
        ("ASAN", "asan"),
        ("xidmət", "xidmet"),
        ("10", "10"),
        ("mə’lumatı", "melumati"),
    ]


@pytest.mark.parametrize("piece", ["a", "я", "aя", "-a", '"', '"-', "a\u0301", "ə", "x”in "])
def test_a_page_without_spaces_costs_no_more_than_another(piece: str) -> None:
    started = time.process_time()

    terms(piece * 50_000)

    assert time.process_time() - started < 2
