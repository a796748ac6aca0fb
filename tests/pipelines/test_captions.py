import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement

from pipelines.captions import split_credit, words_of
from tests.pipelines.pages import parsed

PHOTO = '<img src="/foto/korpu.jpg" alt="Körpü">'
CAPTION = "Kür üzərində yeni körpü, 14 fevral"


def words(markup: str) -> tuple[str, str]:
    region = parsed(f"<div>{markup}</div>").root.find(".//div")
    assert isinstance(region, HtmlElement)
    return words_of(next(region.iter("img")), region)


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(f"<figure>{PHOTO}<figcaption>{CAPTION}</figcaption></figure>", id="figure"),
        pytest.param(
            f"<figure><picture><source srcset='/1.webp'><source srcset='/2.webp'><source srcset='/3.webp'>"
            f"<source srcset='/4.webp'>{PHOTO}</picture><figcaption>{CAPTION}</figcaption></figure>",
            id="a picture of many sources",
        ),
        pytest.param(f"<figure>{PHOTO}<p>{CAPTION}</p></figure>", id="figure without figcaption"),
        pytest.param(
            f"<div class='wp-caption'>{PHOTO}<p class='wp-caption-text'>{CAPTION}</p></div>",
            id="WordPress",
        ),
        pytest.param(
            f"<p class='caption'><span>{PHOTO}</span><span>{CAPTION}</span></p>",
            id="the box itself is called caption",
        ),
        pytest.param(
            f"<div class='media'><figure>{PHOTO}</figure></div><div><figcaption>{CAPTION}</figcaption></div>",
            id="figcaption beside the figure",
        ),
        pytest.param(
            f"<div class='image-box'>{PHOTO}<span>{CAPTION}</span></div>", id="a box called image"
        ),
        pytest.param(
            f"<a href='/foto/korpu.jpg' data-caption='&lt;p&gt;{CAPTION}&lt;/p&gt;'>{PHOTO}</a>",
            id="lightbox",
        ),
        pytest.param(
            f"<figure>{PHOTO}<button>Böyüt</button><figcaption><span class='sr-only'>Şəkilaltı</span>"
            f"{CAPTION}</figcaption></figure>",
            id="words for machines left out",
        ),
    ],
)
def test_a_caption_is_found_in_the_frame_of_its_photo(markup: str) -> None:
    region = markup if "beside" in markup else f"<section>{markup}</section>"

    assert words(region) == (CAPTION, "")


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(f"{PHOTO}<p>{CAPTION}</p>", id="a paragraph behind it"),
        pytest.param(f"<p>{PHOTO} {CAPTION}</p>", id="a paragraph around it"),
        pytest.param(
            f"<div>{PHOTO}<img src='/2.jpg'><p class='caption'>{CAPTION}</p></div>",
            id="two photos and one caption",
        ),
        pytest.param(f"<figure>{PHOTO}<p>{CAPTION * 20}</p></figure>", id="an article in a figure"),
    ],
)
def test_no_caption_is_made_of_words_that_are_not_called_one(markup: str) -> None:
    assert words(markup) == ("", "")


@pytest.mark.parametrize(
    ("printed", "credit"),
    [
        ("<span class='photo-credit'>Agentlik</span>", "Agentlik"),
        ("<small>Agentlik</small>", "Agentlik"),
        ("<strong class='author'>Agentlik / Arxiv</strong>", "Agentlik / Arxiv"),
        ("<span data-caption-author=''> / Agentlik</span>", "Agentlik"),
        ("<span class='credit'>Foto: Agentlik</span>", "Agentlik"),
        ("<span class='credit'>Redaksiya</span>/<span class='distributor'>Agentlik</span>",
         "Redaksiya / Agentlik"),
    ],
)  # fmt: skip
def test_an_element_that_is_called_a_credit_is_no_caption(printed: str, credit: str) -> None:
    markup = f"<figure>{PHOTO}<figcaption>{CAPTION} {printed}</figcaption></figure>"

    assert words(markup) == (CAPTION, credit)


@pytest.mark.parametrize(
    ("printed", "caption", "credit"),
    [
        ("Yeni körpü. Foto: Agentlik", "Yeni körpü.", "Agentlik"),
        ("Yeni körpü (Arxivfoto: Agentlik | Arxiv)", "Yeni körpü", "Agentlik | Arxiv"),
        ("Yeni körpü. (Redaksiya/AFP)", "Yeni körpü.", "Redaksiya/AFP"),
        ("Yeni körpü © Agentlik", "Yeni körpü", "Agentlik"),
        ("Yeni körpü | Agentlik", "Yeni körpü", "Agentlik"),
        ("Yeni körpü. Photo by Agentlik", "Yeni körpü.", "Agentlik"),
        ("Mənbə: Agentlik", "", "Agentlik"),
        ("Körpü (2023/24-cü ilin tikintisi)", "Körpü (2023/24-cü ilin tikintisi)", ""),
        ("Foto sərgisi açılıb", "Foto sərgisi açılıb", ""),
    ],
)
def test_a_credit_at_the_end_is_set_apart(printed: str, caption: str, credit: str) -> None:
    assert split_credit(printed) == (caption, credit)


@given(st.text(max_size=400))
def test_caption_and_credit_hold_nothing_that_was_not_printed(text: str) -> None:
    caption, credit = split_credit(text)

    assert caption.removesuffix(".") in text
    assert all(word in text for word in credit.split())
