import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.parsing import (
    Link,
    absolute_url,
    clean_text,
    find_links,
    parse_page,
    string_of,
    text_of,
)
from tests.pipelines.pages import URL, page_of, parsed


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("/az/bank/", "https://olke.example/az/bank/"),
        ("//foto.olke.example/1.jpg", "https://foto.olke.example/1.jpg"),
        ("../../84130/", "https://olke.example/az/sosium/84130/"),
        (" \n/foto/yay gunu.jpg#a", "https://olke.example/foto/yay%20gunu.jpg"),
        ("http://basqa.example/x", "http://basqa.example/x"),
        ("#yuxari", None),
        ("javascript:void(0)", None),
        ("mailto:redaksiya@olke.example", None),
        ("data:image/gif;base64,R0lG", None),
        ("http://[", None),
        (None, None),
    ],
)
def test_a_reference_becomes_an_absolute_address_or_none(
    reference: str | None, expected: str | None
) -> None:
    assert absolute_url(URL, reference) == expected


def test_base_href_counts_for_relative_addresses() -> None:
    page = parsed('<base href="https://foto.olke.example/a/"><a href="b">Şəkil</a>')

    assert find_links(page) == (Link("https://foto.olke.example/a/b", "Şəkil"),)


def test_an_address_is_linked_once_with_the_longest_of_its_texts() -> None:
    page = page_of(
        '<a href="/1"><img></a><a href="/1#rey">Yeni körpü\n açılıb</a><a href="/2">2</a>'
    )

    assert find_links(page) == (
        Link("https://olke.example/1", "Yeni körpü açılıb"),
        Link("https://olke.example/2", "2"),
    )


def test_white_space_is_folded_and_letters_stay_as_printed() -> None:
    assert clean_text(" \u201cASAN\u00a0 xidmət\u201d\u200b\n in ") == "\u201cASAN xidmət\u201d in"


def test_letters_are_composed() -> None:
    assert clean_text("s\u0327əhər") == "şəhər"


def test_a_line_break_parts_words_and_a_script_says_nothing() -> None:
    root = parsed("<h1>Bakıda<br>yağış<script>var a</script> yağıb</h1>").root

    assert text_of(root.find(".//h1")) == "Bakıda yağış yağıb"


def test_a_million_attributes_cost_no_time_and_the_text_is_kept() -> None:
    attributes = " ".join(f"a{number}='>'" for number in range(1_000_000))
    page = parse_page(page_of(f"<div {attributes}><p>Mətn</p></div>"))

    assert string_of(page.root) == "Mətn"


def test_a_hundred_thousand_nested_tags_are_parsed() -> None:
    page = parse_page(page_of("<div>" * 100_000 + "Mətn"))

    assert page.root.tag == "html"


def test_characters_that_xml_forbids_are_taken_out() -> None:
    page = parse_page(page_of("<p>a\x00b\x02c&#3;d&#xB;e&#xD800;f\ufffe&#601;</p>"))

    assert string_of(page.root) == "abcdefə"


@pytest.mark.parametrize("body", [b"", b"   ", b"<!-- -->", b"%PDF-1.7 ..."])
def test_a_page_without_a_document_has_an_empty_tree(body: bytes) -> None:
    assert string_of(parse_page(page_of(body)).root).strip() == ""


@given(st.text(max_size=200))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_reference_breaks_the_joining(base: str, reference: str) -> None:
    absolute_url(f"https://{base}", reference)
    absolute_url(URL, reference)
