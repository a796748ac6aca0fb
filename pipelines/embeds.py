"""Finds what an article shows from elsewhere: videos, posts, recordings; kept as references."""

import re
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.article import Embed
from pipelines.parsing import Either, absolute_url
from pipelines.photos import box_around, set_apart

_MOST_EMBEDS = 50
_MOST_NODES = 1_000
_SHOWN = Either(
    *("iframe", "video", "audio", "blockquote[@class]", "script[@data-telegram-post]", "embed"),
    *("oembed", "lite-youtube", "amp-youtube", "amp-iframe"),
    "div[@data-oembed-url or @data-youtube-id or @class"
    " and (contains(@class, 'rll-youtube') or contains(@class, 'fb-video') or contains(@class, 'fb-post')"
    " or contains(@class, 'wp-block-embed__wrapper'))]",
)
# A lazy loader or a wall of consent keeps the address back.
_FRAME_ATTRIBUTES = (
    "data-lazy-src", "data-src", "data-litespeed-src", "data-cmp-src", "data-cookieblock-src", "data-orig-src",
    "data-oembed-url", "data-href", "url", "src",
)  # fmt: skip
_VIDEO_ID = re.compile(r"[\w-]{11}")
_ADDRESS = re.compile(r"\s*(https?://\S{1,2000})\s*")
_KINDS = (
    (re.compile(r"(?:^|\.)(?:youtube(?:-nocookie)?\.com|youtu\.be)$"), "youtube"),
    (re.compile(r"(?:^|\.)(?:facebook\.com|fb\.watch)$"), "facebook"),
    (re.compile(r"(?:^|\.)(?:twitter|x)\.com$"), "twitter"),
    (re.compile(r"(?:^|\.)instagram\.com$"), "instagram"),
    (re.compile(r"(?:^|\.)(?:t\.me|telegram\.(?:me|org))$"), "telegram"),
    (re.compile(r"(?:^|\.)tiktok\.com$"), "tiktok"),
    (
        re.compile(
            r"(?:^|\.)(?:vimeo\.com|dailymotion\.com|rutube\.ru|ok\.ru|vk\.com|vkvideo\.ru)$"
        ),
        "video",
    ),
    (re.compile(r"(?:^|\.)(?:soundcloud\.com|spotify\.com)$"), "audio"),
)
_NO_CONTENT = re.compile(
    r"doubleclick|googlesyndication|googletagmanager|/ads?[./]|adfox|banner|plugins/(?:like|share|page)|recaptcha|about:blank"
)
_POST = re.compile(r"(?:^|\s)(?:twitter-|instagram-media|tiktok-embed|fb-post)")


def embeds_in(
    region: HtmlElement, base_url: str, *, skipped: Collection[HtmlElement] = ()
) -> tuple[Embed, ...]:
    """The embeds of a region, in order, each address once; players of advertisements left out."""
    found: dict[str, Embed] = {}
    for node in _SHOWN(region)[:_MOST_NODES]:
        if node in skipped or any(each in skipped for each in node.iterancestors()):
            continue
        for address in _addresses_of(node, base_url):
            if not _NO_CONTENT.search(address):
                found.setdefault(address, Embed(kind=_kind_of(node, address), url=address))
    return tuple(found.values())[:_MOST_EMBEDS]


def embeds_around(
    headline: HtmlElement | None, body: HtmlElement, base_url: str
) -> tuple[Embed, ...]:
    """The videos and posts between headline and body, such as a player above the text.

    headline  its node, or None where nothing on the page is it
    """
    box = box_around(headline, body)
    if box is None or box.tag in {"body", "html"}:
        return ()
    holders = {*body.iterancestors(), *(headline.iterancestors() if headline is not None else ())}
    skipped = set_apart(_SHOWN(box)[:_MOST_NODES], box, holders)
    found = embeds_in(box, base_url, skipped=skipped)
    return tuple(embed for embed in found if embed.kind != "frame")


def _addresses_of(node: HtmlElement, base_url: str) -> Iterator[str]:
    """The one address that an embedding node shows, as far as it shows any."""
    if node.tag == "blockquote":
        links = node.xpath(".//a/@href") if _POST.search(node.get("class", "")) else []
        written = (
            node.get("data-instgrm-permalink") or node.get("cite") or (links[-1] if links else "")
        )
        written = written if _POST.search(node.get("class", "")) else ""
    elif node.tag == "script":
        written = f"https://t.me/{node.get('data-telegram-post')}"
    elif node.tag in {"video", "audio"}:
        sources = node.xpath("./source/@src")
        written = node.get("src") or node.get("data-src") or (sources[0] if sources else "")
    else:
        written = _framed_address(node)
    address = absolute_url(base_url, written)
    if address is not None:
        yield address


def _framed_address(node: HtmlElement) -> str:
    for name in _FRAME_ATTRIBUTES:
        value: str = node.get(name, "")
        if value and not value.startswith(("about:", "data:")):
            return value
    for name in ("videoid", "data-videoid", "data-youtube-id", "data-id"):
        if _VIDEO_ID.fullmatch(node.get(name, "")):
            return f"https://www.youtube.com/watch?v={node.get(name)}"
    # WordPress leaves the bare address where it could not fetch the post.
    bare = _ADDRESS.fullmatch(node.text or "") if len(node) == 0 else None
    return bare[1] if bare else ""


def _kind_of(node: HtmlElement, address: str) -> str:
    host = urlsplit(address).hostname or ""
    for pattern, kind in _KINDS:
        if pattern.search(host):
            return kind
    return str(node.tag) if node.tag in {"video", "audio"} else "frame"
