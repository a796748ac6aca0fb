"""Finds the largest form in which an element offers a picture, and tells photos from other pictures.

An image names its picture in `src`, in the attributes of lazy loaders, in `srcset`, in the sources
of a `picture`; a link or an item of a gallery in what it opens; a box in its CSS background.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.parsing import absolute_url

_SMALLEST_PX = 100  # as the markup says; what is smaller is an icon or a face
_PX_OF_DENSITY = 600.0  # what a picture without a stated width is taken for

# What a lightbox opens, or what was uploaded, is larger than any srcset; that is larger than src.
_WHOLE_ATTRIBUTES = (
    "data-orig-file", "data-full", "data-full-src", "data-fullsrc", "data-full-url", "data-large", "data-large-file",
    "data-zoom-image", "data-zoom-src", "data-hires", "data-big", "data-original",
)  # fmt: skip
_SOURCE_ATTRIBUTES = (
    "data-lazy-src", "data-src", "data-lazy", "data-echo", "data-img", "data-image", "data-url",
    "data-bg", "data-background", "data-background-image", "data-thumb", "src",
)  # fmt: skip
_SRCSET_ATTRIBUTES = ("data-lazy-srcset", "data-srcset", "srcset", "imagesrcset")
# WHATWG HTML: an address ends at white space, and loses the commas at its end.
_OFFER = re.compile(r"[\s,]*+(\S*[^\s,])(?:\s++([^,]*)|,+(?=\s|$)|$)")
_MOST_OFFERS = 60
_PICTURE = re.compile(r"\.(?:jpe?g|jfif|png|webp|avif|gif|bmp|tiff?)(?:[?#:!/]|$)", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"placeholder|blank\.|spacer|pixel\.|1x1|transparent|lazy[-_]?load|loading|no[-_]?(?:image|photo|img)|/default[-_.]|dummy|grey\.|empty\.",
    re.IGNORECASE,
)
_NEVER = re.compile(
    r"""logo | (?:^|[/_.-])(?: icons? | avatars? | sprites? | banners? | reklam | ads? | advert\w* | emoji\w* | smil(?:e|ey|ies)
        | button s? | share | social | captcha | flags? | userpic | gravatar | rating | counter | informer | qr )(?:[/_.-]|$)
        | \.svg(?:$|\?) | /wp-includes/ | gravatar\.com""",
    re.VERBOSE | re.IGNORECASE,
)
_NEVER_HOSTS = re.compile(
    r"doubleclick|google-analytics|googlesyndication|mc\.yandex|counter|top\.mail\.ru|liveinternet|facebook\.com/tr|scorecardresearch|/pixel|adfox|adriver|openx|/ads?[./]"
    r"|//(?:profile|avatar|userpic)s?[-.]",
    re.IGNORECASE,
)
_UNFILLED = re.compile(r"[{}]|%7[BD]|\[\[", re.IGNORECASE)  # a template that a script fills
_BACKGROUND = re.compile(r"background(?:-image)?\s*:[^;]*?url\(\s*['\"]?([^'\")]+)", re.IGNORECASE)
_THUMBNAIL = re.compile(
    r"(/storage/[^?#]*/\d{1,2}/)resize(?=/)"
)  # of the APA family; `big` is the whole


def address_of(node: HtmlElement, base_url: str) -> str | None:
    """The largest address that an image, a link or a box offers; placeholders are none."""
    named = node.keys()
    for name in _WHOLE_ATTRIBUTES:
        if name in named and (address := _named_address(node, name, base_url)):
            return address
    if (source_set := _largest_of_sets(node)) and (address := absolute_url(base_url, source_set)):
        return address
    for name in _SOURCE_ATTRIBUTES:
        if name in named and (address := _named_address(node, name, base_url)):
            return address
    for value in (node.get("rel", ""), node.get("href", "")):  # day.az keeps the address in rel
        if _PICTURE.search(value):
            return absolute_url(base_url, value)
    background = _BACKGROUND.search(node.get("style", ""))
    return absolute_url(base_url, background[1]) if background else None


def names_a_picture(address: str) -> bool:
    """Whether an address ends as those of image files do."""
    return _PICTURE.search(address) is not None


def is_photo(address: str) -> bool:
    """Whether an address may be a photo's: no logo, banner, face, tracker, placeholder, template."""
    parts = urlsplit(address)
    return not (
        _NEVER.search(parts.path)
        or _PLACEHOLDER.search(parts.path.rpartition("/")[2])
        or _NEVER_HOSTS.search(address)
        or _UNFILLED.search(address)
    )


def is_small(image: HtmlElement) -> bool:
    """Whether the markup gives an image the size of an icon; one pixel is what lazy loaders write."""
    for name in ("width", "height"):
        figure = re.fullmatch(r"\s*(\d{1,5})(?:px)?\s*", image.get(name, ""))
        if figure and int(figure[1]) < _SMALLEST_PX:
            return int(figure[1]) > 1 or not image.get("data-src")
    return False


def full_size(address: str) -> str:
    """The address of the whole picture where it is known how it follows from the thumbnail's."""
    return _THUMBNAIL.sub(r"\1big", address)


def _named_address(node: HtmlElement, name: str, base_url: str) -> str | None:
    value = node.get(name, "")
    if not value or value.startswith("data:") or _PLACEHOLDER.search(value):
        return None
    return absolute_url(base_url, value)


def _largest_of_sets(image: HtmlElement) -> str | None:
    nodes = [image]
    # libxml2 does not know `source` as empty: the image lies inside the last of them.
    if (picture := next(image.iterancestors("picture"), None)) is not None:
        nodes += picture.iter("source")
    offers: list[tuple[float, str]] = []
    for node in nodes:
        named = node.keys()
        for name in _SRCSET_ATTRIBUTES:
            if name in named:
                offers += _offers_of(node.get(name, ""))
    return max(offers, key=lambda offer: offer[0])[1] if offers else None


def _offers_of(source_set: str) -> Iterator[tuple[float, str]]:
    """The addresses of a srcset with their width in pixels, or their density as if of 600 pixels."""
    position = 0
    for _ in range(_MOST_OFFERS):
        offer = _OFFER.match(source_set, position)
        if offer is None:
            return
        position = offer.end()
        address, size = offer[1], offer[2] or ""
        if address.startswith("data:") or _PLACEHOLDER.search(address):
            continue
        figure = re.match(r"\s*(\d{1,5}(?:\.\d+)?)([wx])", size)
        if figure is None:
            yield _PX_OF_DENSITY, address
        else:
            yield float(figure[1]) * (_PX_OF_DENSITY if figure[2] == "x" else 1), address
