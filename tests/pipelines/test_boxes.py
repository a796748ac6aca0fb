import pytest

from pipelines.boxes import locate, noise_in, printed_in, prose_box, widened
from tests.pipelines.pages import PROSE, paragraphs, parsed

HOST = "olke.example"
LONG = tuple(
    f"{number}. {text} Bu barədə nazirliyin saytında ətraflı məlumat dərc edilib."
    for number, text in enumerate(PROSE * 2)
)


def test_the_deepest_node_that_holds_most_of_the_text_is_located() -> None:
    root = parsed(
        f"<div id=a><div id=b>{paragraphs()}</div><p>Ən sonda başqa bir cümlə.</p></div>"
    ).root

    node = locate(root, PROSE)

    assert node is not None
    assert node.get("id") == "b"


def test_lines_that_only_breaks_part_are_located_too() -> None:
    lines = "<br><br>".join(f"<b>{text[:9]}</b>{text[9:]}" for text in PROSE)
    root = parsed(f"<div id=a><h1>Başlıq</h1><div id=b>{lines}</div></div>").root

    node = locate(root, PROSE)

    assert node is not None
    assert node.get("id") == "b"


@pytest.mark.parametrize("texts", [(), ("Səhifədə olmayan uzun bir cümlə.",)])
def test_text_that_is_not_on_the_page_is_located_nowhere(texts: tuple[str, ...]) -> None:
    assert locate(parsed(paragraphs()).root, texts) is None


def test_a_box_that_holds_the_first_part_of_a_body_is_widened_to_the_whole() -> None:
    root = parsed(
        f"<article><h1>Körpü</h1><div id=metn><div id=a>{paragraphs(LONG[:3])}</div><div>Reklam</div>"
        f"<div id=b>{paragraphs(LONG[3:])}</div></div></article>"
    ).root

    assert widened(root.find(".//div[@id='a']"), HOST).get("id") == "metn"


def test_posts_of_a_live_story_are_part_of_its_box() -> None:
    posts = "".join(
        f"<article><h3>21:0{n}</h3><p>{text}</p></article>" for n, text in enumerate(LONG)
    )
    root = parsed(f"<article id=canli><div id=a>{paragraphs(LONG[:2])}</div>{posts}</article>").root

    assert widened(root.find(".//div[@id='a']"), HOST).get("id") == "canli"


def test_cards_of_other_articles_do_not_widen_a_box() -> None:
    cards = "".join(
        f"<article><h3><a href='/{n}'>Başqa xəbər</a></h3><p>{text}</p></article>"
        for n, text in enumerate(LONG)
    )
    root = parsed(f"<article><div id=a>{paragraphs(LONG[:2])}</div>{cards}</article>").root

    assert widened(root.find(".//div[@id='a']"), HOST).get("id") == "a"


def test_a_box_outside_of_an_article_stays_as_it_is() -> None:
    root = parsed(f"<div><div id=a>{paragraphs(LONG[:2])}</div>{paragraphs(LONG[2:])}</div>").root

    assert widened(root.find(".//div[@id='a']"), HOST).get("id") == "a"


@pytest.mark.parametrize(
    "names",
    [
        "author-bio",
        "Article_AuthorBio__x1",
        "newsletter-signup",
        "sr-only",
        "post-meta",
        "relatedPosts",
    ],
)
def test_a_part_with_a_name_of_the_site_s_parts_is_noise(names: str) -> None:
    root = parsed(f"<div id=a>{paragraphs(LONG)}<div class='{names}'>Nazirlik</div></div>").root

    assert [node.get("class") for node in noise_in(root.find(".//div[@id='a']"), HOST)] == [names]


@pytest.mark.parametrize("names", ["authority", "paywall", "sidebar-grid", "biosphere"])
def test_a_name_that_only_looks_alike_or_wraps_bodies_too_is_no_noise(names: str) -> None:
    root = parsed(f"<div id=a>{paragraphs(LONG)}<div class='{names}'>Nazirlik</div></div>").root

    assert noise_in(root.find(".//div[@id='a']"), HOST) == frozenset()


def test_a_long_part_is_no_noise_whatever_its_name() -> None:
    root = parsed(f"<div id=a><div class='author'>{paragraphs(LONG)}</div></div>").root

    assert noise_in(root.find(".//div[@id='a']"), HOST) == frozenset()


def test_the_paragraphs_that_a_text_without_paragraphs_is_made_of_are_found() -> None:
    root = parsed(f"<p>Ən çox oxunan xəbərlər burada.</p>{paragraphs(LONG)}").root

    assert printed_in(root, " ".join(LONG)) == [*LONG]


def test_the_part_of_a_page_around_its_prose_is_what_holds_nearly_all_of_it() -> None:
    root = parsed(
        f"<ul><li>Bölmə</li></ul><div id=a><h1>Körpü</h1><div id=b>{paragraphs(LONG)}</div></div>"
    ).root
    part = prose_box(root, ())

    assert part is not None
    assert part.get("id") == "a"
    assert prose_box(parsed(paragraphs(LONG[:1])).root, ()) is None


CARDS = "".join(
    f"<div><img src='/{n}.jpg'><h4><a href='/{n}'>Şəkidə yeni park salınır</a></h4><p>{text}</p></div>"
    for n, text in enumerate(PROSE)
)


def test_cards_side_by_side_that_lead_to_other_pages_of_the_site_are_noise() -> None:
    root = parsed(f"<div id=a>{paragraphs(LONG)}<div id=b>{CARDS}</div></div>").root

    assert noise_in(root, HOST) == {*root.find(".//div[@id='b']")}


@pytest.mark.parametrize(
    "markup",
    [
        CARDS.replace("href='/", "href='https://magaza.example/"),
        CARDS.replace("href='/", "href='#"),
        CARDS.partition("</div>")[0] + "</div>",
    ],
    ids=["of other sites", "of this page", "alone"],
)
def test_other_boxes_with_a_linked_heading_are_no_noise(markup: str) -> None:
    root = parsed(f"<div id=a>{paragraphs(LONG)}<div id=b>{markup}</div></div>").root

    assert noise_in(root, HOST) == frozenset()
