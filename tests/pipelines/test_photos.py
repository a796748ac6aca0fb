import pytest

from archive.article import ShownPhoto
from pipelines.photos import distinct_photos, photo_at, photo_key, photos_at, photos_in, with_words
from tests.pipelines.pages import URL, parsed

BASE = "https://olke.example/"
PHOTO = "https://foto.olke.example/2023/02/14/1676381400_korpu.jpg"
PATH = "//foto.olke.example/2023/02/14/1676381400_korpu.jpg"
BLANK = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


def photos_of(markup: str) -> list[ShownPhoto]:
    return photos_in(parsed(f"<div>{markup}</div>").root.find(".//div"), BASE, page_url=URL)


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(f'<img src="{PATH}">', id="protocol-relative"),
        pytest.param(f'<img src="{BLANK}" data-src="{PATH}">', id="lazy"),
        pytest.param(
            f'<img src="/img/placeholder.svg" data-lazy-src="{PHOTO}">', id="lazy with a drawing"
        ),
        pytest.param(f'<img src="/i/blank.gif" rel="{PHOTO}">', id="address in rel"),
        pytest.param(f'<img src="{BLANK}"><noscript><img src="{PHOTO}"></noscript>', id="noscript"),
        pytest.param(
            f'<img src="/k/1_300x200.jpg" srcset="/k/1.jpg 300w, {PHOTO} 1200w">', id="srcset"
        ),
        pytest.param(
            f'<picture><source srcset="{PHOTO} 2x"><img src="/k/1.jpg"></picture>', id="picture"
        ),
        pytest.param(
            f'<a href="{PATH}" data-fancybox><img src="/thumbs/1.jpg"></a>', id="lightbox"
        ),
        pytest.param(f'<a href="{URL}"><img src="{PHOTO}"></a>', id="a link to the page itself"),
    ],
)
def test_the_largest_photo_offered_is_taken(markup: str) -> None:
    assert [photo.url for photo in photos_of(markup)] == [PHOTO]


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param('<img src="/assets/logo.png">', id="logo"),
        pytest.param('<img src="/i/banner/12.jpg">', id="banner"),
        pytest.param('<img src="/i/ok.svg">', id="drawing"),
        pytest.param('<img src="/foto/1.jpg" width="16" height="16">', id="icon"),
        pytest.param('<img class="author-avatar" src="/foto/1.jpg">', id="face of the staff"),
        pytest.param('<img src="https://mc.yandex.ru/watch/1">', id="tracker"),
        pytest.param('<a href="/az/x/1/"><img src="/foto/1.jpg"></a>', id="another item"),
        pytest.param('<div class="related"><img src="/foto/1.jpg"></div>', id="related"),
        pytest.param('<aside><img src="/foto/1.jpg"></aside>', id="aside"),
        pytest.param(f'<img src="{BLANK}">', id="placeholder"),
        pytest.param('<img src="http://[">', id="broken address"),
    ],
)
def test_what_is_not_the_article_s_own_is_no_photo(markup: str) -> None:
    assert photos_of(markup) == []


def test_a_figure_tells_caption_and_credit() -> None:
    markup = (
        f'<figure><img src="{PHOTO}" alt="Körpü"><figcaption><span>Yeni körpü</span>'
        ' <span class="credit">Olke.Example</span></figcaption></figure>'
    )

    assert photos_of(markup) == [
        ShownPhoto(url=PHOTO, caption="Yeni körpü", credit="Olke.Example", alt="Körpü")
    ]


@pytest.mark.parametrize(
    ("printed", "caption", "credit"),
    [
        ("Yeni körpü. Foto: Agentlik.Example", "Yeni körpü.", "Agentlik.Example"),
        ("Yeni körpü (© Agentlik.Example)", "Yeni körpü", "Agentlik.Example"),
        ("Yeni körpü", "Yeni körpü", None),
    ],
)
def test_a_credit_inside_the_caption_is_set_apart(
    printed: str, caption: str, credit: str | None
) -> None:
    (photo,) = photos_of(f'<figure><img src="{PHOTO}"><figcaption>{printed}</figcaption></figure>')

    assert (photo.caption, photo.credit) == (caption, credit)


def test_a_rule_may_point_at_images_links_boxes_items_and_addresses() -> None:
    root = parsed(
        '<img src="/a/1111.jpg"><a href="/b/2222.jpg"><img src="/k/b.jpg" alt="İki"></a>'
        "<div style=\"background-image: url('/c/3333.jpg')\"></div>"
        '<li data-src="/d/4444.jpg"><img src="/k/d.jpg"></li><p><img src="/e/5555.jpg"></p>'
    ).root
    nodes = [root.find(f".//{tag}") for tag in ("img", "a", "div", "li", "p")]

    shown = photos_at([*nodes, "/f/6666.jpg"], BASE)

    assert [photo.url for photo in shown] == [
        f"{BASE}{name}.jpg" for name in ("a/1111", "b/2222", "c/3333", "d/4444", "e/5555", "f/6666")
    ]
    assert shown[1].alt == "İki"


def test_the_thumbnail_of_the_apa_family_becomes_the_whole_picture() -> None:
    photo = photo_at("/storage/news/2026/february/14/resize/63e.jpg", BASE)

    assert photo is not None
    assert photo.url == f"{BASE}storage/news/2026/february/14/big/63e.jpg"


def test_a_photo_in_several_sizes_is_shown_once_with_all_its_words() -> None:
    small = ShownPhoto(url=f"{BASE}korpu-acilisi-300x200.jpg", alt="Körpü")
    large = ShownPhoto(url=f"{BASE}korpu-acilisi.webp", caption="Yeni körpü")

    assert distinct_photos([small, large]) == (
        ShownPhoto(url=small.url, caption="Yeni körpü", alt="Körpü"),
    )
    assert photo_key(small.url) == photo_key(large.url)


def test_captions_that_stand_apart_are_given_in_order() -> None:
    shown = [ShownPhoto(url=f"{BASE}{number}.jpg") for number in (1, 2)]

    assert [photo.caption for photo in with_words(shown, ["Bir", "İki"], [])] == ["Bir", "İki"]
    assert [photo.caption for photo in with_words(shown, ["Bir"], [])] == ["Bir", None]
