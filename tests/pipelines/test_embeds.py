from archive.article import Embed
from pipelines.embeds import embeds_in
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
