import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.decoding import decode_page

TEXT = "Gənclər şəhərində çay bayramı keçirilir"
RUSSIAN = "Сегодня в городе открылась новая библиотека"


def test_utf8_is_believed_before_what_the_header_says() -> None:
    decoded = decode_page(TEXT.encode(), "text/html; charset=windows-1251")

    assert (decoded.text, decoded.encoding, decoded.how) == (TEXT, "utf-8", "bytes")


def test_utf8_is_believed_before_what_the_markup_says() -> None:
    body = f'<meta charset="windows-1251"><p>{TEXT}'.encode()

    assert TEXT in decode_page(body).text


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(codecs.BOM_UTF8 + TEXT.encode(), id="utf-8 with a mark"),
        pytest.param(TEXT.encode("utf-16"), id="utf-16 with a mark"),
        pytest.param(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), id="utf-16-be with a mark"),
        pytest.param(f"<p>{TEXT}</p>".encode("utf-16-le"), id="utf-16-le without a mark"),
    ],
)
def test_a_page_is_read_by_what_its_bytes_are(body: bytes) -> None:
    assert TEXT in decode_page(body, "text/html").text


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(RUSSIAN.encode("cp1251"), "text/html; charset=windows-1251", id="header"),
        pytest.param(b"<meta charset=win-1251>" + RUSSIAN.encode("cp1251"), None, id="markup"),
        pytest.param(RUSSIAN.encode("cp1251"), None, id="letters of windows-1251"),
        pytest.param(RUSSIAN.encode("koi8-r"), None, id="letters of koi8-r"),
    ],
)
def test_russian_of_an_older_charset_is_read(body: bytes, content_type: str | None) -> None:
    assert RUSSIAN in decode_page(body, content_type).text


def test_latin_without_a_charset_is_read_with_the_turkish_letters() -> None:
    assert decode_page("çay üçün şəkər".replace("ə", "e").encode("cp1254")).text == "çay üçün şeker"


def test_a_character_cut_in_two_at_the_end_is_dropped() -> None:
    assert decode_page(TEXT.encode() + "ə".encode()[:1]).text == TEXT


def test_a_codec_that_is_no_text_encoding_is_not_believed() -> None:
    decoded = decode_page(RUSSIAN.encode("cp1251"), "text/html; charset=rot13")

    assert decoded.text == RUSSIAN


@given(st.binary(max_size=300), st.one_of(st.none(), st.text(max_size=40)))
def test_any_bytes_become_text(body: bytes, content_type: str | None) -> None:
    assert isinstance(decode_page(body, content_type).text, str)
