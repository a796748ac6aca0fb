"""Finds what an article shows from elsewhere: videos, posts, recordings; kept as references."""

import re
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from archive.article import Embed
from pipelines.parsing import absolute_url

_MOST_EMBEDS = 50
_SHOWN = etree.XPath(
    ".//iframe | .//video | .//audio | .//blockquote[@class] | .//lite-youtube"
    " | .//*[contains(@class, 'rll-youtube')] | .//script[@data-telegram-post]"
)
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
    for node in _SHOWN(region):
        if any(each in skipped for each in node.iterancestors()):
            continue
        for address in _addresses_of(node, base_url):
            if not _NO_CONTENT.search(address):
                found.setdefault(address, Embed(kind=_kind_of(node, address), url=address))
    return tuple(found.values())[:_MOST_EMBEDS]


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
        video_id = node.get("videoid") or node.get("data-id") or ""
        written = node.get("data-lazy-src") or node.get("data-src") or node.get("src") or ""
        if not written and re.fullmatch(r"[\w-]{11}", video_id):
            written = f"https://www.youtube.com/watch?v={video_id}"
    address = absolute_url(base_url, written)
    if address is not None:
        yield address


def _kind_of(node: HtmlElement, address: str) -> str:
    host = urlsplit(address).hostname or ""
    for pattern, kind in _KINDS:
        if pattern.search(host):
            return kind
    return str(node.tag) if node.tag in {"video", "audio"} else "frame"
