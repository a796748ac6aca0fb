import pytest

from archive.article import Embed
from pipelines.embeds import embeds_around, embeds_in
from tests.pipelines.pages import parsed

BASE = "https://olke.example/"


def test_videos_and_posts_are_kept_as_references() -> None:
    body = parsed(
        '<div><iframe src="//www.youtube.com/embed/abcdefghijk"></iframe>'
        '<div class="rll-youtube-player" data-id="lmnopqrstuv"></div>'
        '<video><source src="/video/1.mp4"></video>'
        '<blockquote class="twitter-tweet"><p>Mətn</p><a href="https://twitter.com/a/status/1">14 fevral</a></blockquote>'
        '<script data-telegram-post="olkeexample/12"></script></div>'
    ).root.find(".//div")

    assert embeds_in(body, BASE) == (
        Embed(kind="youtube", url="https://www.youtube.com/embed/abcdefghijk"),
        Embed(kind="youtube", url="https://www.youtube.com/watch?v=lmnopqrstuv"),
        Embed(kind="video", url="https://olke.example/video/1.mp4"),
        Embed(kind="twitter", url="https://twitter.com/a/status/1"),
        Embed(kind="telegram", url="https://t.me/olkeexample/12"),
    )


def test_advertisements_and_quotations_are_no_embeds() -> None:
    body = parsed(
        '<div><iframe src="https://ad.doubleclick.net/x"></iframe><iframe src="about:blank"></iframe>'
        '<blockquote class="sitat"><a href="/1">Sitat</a></blockquote></div>'
    ).root.find(".//div")

    assert embeds_in(body, BASE) == ()


def test_an_embed_inside_a_skipped_node_is_left_out() -> None:
    body = parsed(
        '<div><p class="x"><iframe src="https://youtu.be/abcdefghijk"></iframe></p></div>'
    ).root.find(".//div")

    assert embeds_in(body, BASE, skipped=[body.find("p")]) == ()


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param('<iframe src="about:blank" data-lazy-src="{}"></iframe>', id="lazy"),
        pytest.param('<iframe data-cmp-src="{}"></iframe>', id="behind a consent"),
        pytest.param('<figure class="media"><oembed url="{}"></oembed></figure>', id="CKEditor"),
        pytest.param('<div data-oembed-url="{}"></div>', id="oEmbed"),
        pytest.param('<div class="wp-block-embed__wrapper">\n{}\n</div>', id="WordPress"),
        pytest.param('<amp-youtube data-videoid="abcdefghijk"></amp-youtube>', id="AMP"),
        pytest.param('<div data-youtube-id="abcdefghijk"></div>', id="player made by script"),
    ],
)
def test_a_video_is_known_however_its_player_is_kept_back(markup: str) -> None:
    url = "https://www.youtube.com/watch?v=abcdefghijk"
    body = parsed(f"<div>{markup.format(url)}</div>").root.find(".//div")

    assert embeds_in(body, BASE) == (Embed(kind="youtube", url=url),)


def test_a_player_above_the_text_is_the_article_s_but_not_one_beside_it() -> None:
    root = parsed(
        '<article><h1>Başlıq</h1><div class="player"><iframe src="https://youtu.be/abcdefghijk"></iframe></div>'
        '<iframe src="https://hava.example/bu-gun"></iframe><div class="m"><p>Mətn</p></div>'
        '<div class="related"><iframe src="https://youtu.be/lmnopqrstuv"></iframe></div></article>'
    ).root

    found = embeds_around(root.find(".//h1"), root.find(".//div[@class='m']"), BASE)

    assert found == (Embed(kind="youtube", url="https://youtu.be/abcdefghijk"),)
