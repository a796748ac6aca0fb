import pytest
from lxml.html import HtmlElement

from pipelines.picture_addresses import address_of, is_photo
from tests.pipelines.pages import parsed

BASE = "https://olke.example/"
WHOLE = "https://olke.example/foto/korpu.jpg"


def image(markup: str) -> HtmlElement:
    return next(parsed(markup).root.iter("img"))


@pytest.mark.parametrize(
    "source_set",
    [
        "/k/1.jpg 300w, /foto/korpu.jpg 1200w",
        "/foto/korpu.jpg 1200w,/k/1.jpg 300w",
        "/k/1.jpg 1x,/foto/korpu.jpg 2x",
        "/k/w_300,h_200/1.jpg 300w, /foto/korpu.jpg 900w",
        "  /k/1.jpg,  /foto/korpu.jpg 700w  ",
        "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw== 2000w, /foto/korpu.jpg 10w",
    ],
)
def test_the_widest_offer_of_a_srcset_is_taken(source_set: str) -> None:
    assert address_of(image(f'<img src="/k/0.jpg" srcset="{source_set}">'), BASE) == WHOLE


def test_what_was_uploaded_is_larger_than_any_srcset() -> None:
    markup = '<img src="/k/0.jpg" srcset="/k/1.jpg 900w" data-orig-file="/foto/korpu.jpg">'

    assert address_of(image(markup), BASE) == WHOLE


def test_a_srcset_of_commas_alone_is_read_in_bounded_time() -> None:
    hostile = image(f'<img src="/foto/korpu.jpg" srcset="{"," * 500_000}{" ," * 200_000}">')

    assert address_of(hostile, BASE) == WHOLE


@pytest.mark.parametrize(
    "address",
    [
        f"{BASE}assets/logo.png",
        f"{BASE}foto/%7Bwidth%7D/1.jpg",
        f"{BASE}foto/{{{{ news.image }}}}",
        "https://profile-image.olke.example/1234567890",
        "https://mc.yandex.ru/watch/1",
        f"{BASE}img/placeholder.jpg",
    ],
)
def test_logos_faces_trackers_and_templates_are_no_photos(address: str) -> None:
    assert not is_photo(address)
