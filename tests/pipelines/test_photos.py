import time

import pytest

from archive.article import ShownPhoto
from pipelines.embeds import embeds_around
from pipelines.photos import (
    distinct_photos,
    photo_at,
    photo_key,
    photos_around,
    photos_at,
    photos_in,
    with_words,
)
from tests.pipelines.pages import PROSE, URL, paragraphs, parsed

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


def test_items_of_a_gallery_and_backgrounds_count_inside_a_body() -> None:
    markup = (
        '<ul><li data-src="/d/11111111.jpg"><img src="/k/d.jpg" alt="Bir"></li></ul>'
        '<a data-fancybox href="/d/22222222.jpg">Böyüt</a>'
        "<div style=\"background-image:url('/d/33333333.jpg')\"></div>"
        '<li data-src="https://www.youtube.com/watch?v=abcdefghijk"><img src="/k/v.jpg"></li>'
    )

    assert [photo.url for photo in photos_of(markup)] == [
        f"{BASE}d/{number * 8}.jpg" for number in ("1", "2", "3")
    ]


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(
            '<div class="sidebar-grid"><h1>Başlıq</h1><img src="/foto/1.jpg"></div>', id="headline"
        ),
        pytest.param(
            f'<div class="ads-free">{" ".join(PROSE)}<img src="/foto/1.jpg"></div>', id="the text"
        ),
    ],
)
def test_a_box_that_holds_the_article_is_no_aside_whatever_its_name(markup: str) -> None:
    assert len(photos_of(markup)) == 1


@pytest.mark.parametrize(
    ("link", "is_own"),
    [
        ("/foto/korpu-acilisi.html", True),
        (f"{URL}korpu-acilisi/", True),
        ("/az/sosium/korpu-acilisi", False),
    ],
)
def test_a_link_to_the_photo_s_own_page_makes_it_no_other_item_s(link: str, is_own: bool) -> None:
    shown = photos_of(f'<a href="{link}"><img src="/uploads/korpu-acilisi.jpg"></a>')

    assert bool(shown) == is_own


def test_a_photo_above_the_headline_inside_the_article_is_its_own() -> None:
    root = parsed(
        '<article><div><img src="/foto/11111111.jpg"></div><div><h1>Başlıq</h1><div class="m">'
        f"{paragraphs()}</div></div></article>"
    ).root
    headline, body = root.find(".//h1"), root.find(".//div[@class='m']")

    assert [photo.url for photo in photos_around(headline, body, (BASE, URL))[0]] == [
        f"{BASE}foto/11111111.jpg"
    ]
    assert photos_around(None, body, (BASE, URL)) == photos_around(headline, body, (BASE, URL))


@pytest.mark.parametrize(
    "inside",
    [
        '<img src="/foto/{}.jpg">',
        '<figure><img src="/foto/{}.jpg">',
        '<div class="ads"><img src="/foto/{}.jpg">',
        '<iframe src="https://youtu.be/{}"></iframe>',
    ],
)
def test_a_hostile_region_is_read_in_bounded_time(inside: str) -> None:
    many = "".join(inside.format(number) for number in range(2_000))
    root = parsed(f"<article><h1>Başlıq</h1>{'<div class=ads>' * 400}{PROSE[0] * 2_000}{many}").root
    body = next(root.iter("article"))
    begun = time.process_time()

    photos_in(body, BASE, page_url=URL)
    embeds_around(root.find(".//h1"), next(root.iter("div")), BASE)

    assert time.process_time() - begun < 5
