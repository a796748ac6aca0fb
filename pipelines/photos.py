"""Finds the photos that an article shows, in order, in the largest form offered, with their words.

A photo is the article's own when it stands in its body, its head or its gallery and is neither
a placeholder, a logo, a face of the staff, a tracker nor the thumbnail of another item. The
photos' bytes are no business of this room.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice, takewhile
from urllib.parse import unquote, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from archive.article import ShownPhoto
from pipelines.captions import words_of
from pipelines.parsing import Either, absolute_url, clean_text, string_of
from pipelines.picture_addresses import (
    address_of,
    full_size,
    is_photo,
    is_small,
    names_a_picture,
)

_MOST_PHOTOS = 200
_DEEPEST = 100  # levels below a region; no page of a newsroom is so deep
_HIGHEST_LINK = 4  # levels above an image at which a rule points
_LARGEST_ASIDE = 0.4  # of the region's text; a larger box of that name holds the article

_STAFF = re.compile(
    r"(?:^|[\s_-])(?:avatar|author|byline|profile|userpic|logo|icon|emoji|flag|qr)s?(?:$|[\s_-])",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"""(?:^|[\s_-])(?: related\w* | similar | recommend\w* | more-?news | also-?read | read-?more | oxsar | diger | latest | popular
        | most-?read | share | sharing | social | banner | reklam | rek | advert\w* | ads? | adfox\w* | promo | sponsor\w* | sidebar
        | comments? | footer | nav | navbar | menu | breadcrumbs? | newsletter | subscribe | teaser\w* | author\w* | byline
        | carousel-related | lenta | outbrain | taboola | logo | cookie )(?:$|[\s_-])""",
    re.VERBOSE | re.IGNORECASE,
)
_ASIDE_TAGS = frozenset({"nav", "footer", "aside"})
_SIZE_SUFFIX = re.compile(
    r"(?:[_-]\d{2,4}x\d{2,4}c?|[_-]scaled|@\dx|[_-](?:w|h)?\d{3,4}(?:px)?|:\d{2,4})(?=\.\w{3,4}$|$)",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"(?:\.(?:jpe?g|jfif|png|webp|gif|avif))+$", re.IGNORECASE)
_IMAGES = Either("img", "amp-img")
_IMAGE_TAGS = ("img", "amp-img")
# Besides images: items of a gallery, by what they open, and boxes with a CSS background.
_SHOWN = Either(
    "img",
    "amp-img",
    "li[@data-src]",
    "div[@data-bg or contains(@style, 'url(')]",
    "a[@data-fancybox or @data-lightbox or @data-fslightbox or starts-with(@rel, 'lightbox')]",
)
_LONGEST_TEXT_ON_BACKGROUND_CHARS = 200
_PHOTO_PAGE = re.compile(
    r"/(?:photos?|foto(?:lar)?|images?|pictures?|galler(?:y|ies)|qalereya|media|attachment)/",
    re.IGNORECASE,
)
_SHORTEST_NAME_CHARS = 8
_HEADLINE = etree.XPath("boolean(.//h1)")
_WHOLE_PAGE = frozenset({"body", "html"})


@dataclass(frozen=True, slots=True)
class _Region:
    """Where photos are looked for.

    root     where the climb from an image ends; None where a rule points at the image itself
    skipped  nodes whose photos do not count
    holders  nodes that hold headline or body, so that no name makes them another item's
    asides   what was found of the boxes on the way, since many images stand in the same ones
    """

    base_url: str
    page_url: str = ""
    root: HtmlElement | None = None
    skipped: Collection[HtmlElement] = ()
    holders: Collection[HtmlElement] = ()
    asides: dict[HtmlElement, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an image stands: the picture that its link opens, and whether it is another item's."""

    opens: str | None = None
    is_foreign: bool = False


def photos_in(
    region: HtmlElement, base_url: str, *, skipped: Collection[HtmlElement] = (), page_url: str = ""
) -> list[ShownPhoto]:
    """The photos inside a region of the page, such as the body, in order.

    skipped   nodes whose photos do not count
    page_url  links to it do not make a photo that of another item
    """
    within = _Region(base_url, page_url, region, skipped)
    nodes = _shown_in(region)
    if skipped:  # most are related items' thumbnails, whose links need not be understood then
        nodes = [node for node in nodes if not any(map(skipped.__contains__, _boxes(node, region)))]
    shown = (_shown_photo(node, within) for node in nodes)
    return [photo for photo, _ in filter(None, shown)]


def photos_around(
    headline: HtmlElement | None, body: HtmlElement, own_urls: tuple[str, str]
) -> tuple[list[ShownPhoto], list[ShownPhoto]]:
    """The photos of an article that stand outside its body: before it, and behind it.

    Before the body count those in the `article` or the box that it shares with the headline (only
    from the headline on, where that box is the whole page); behind it, those that open a larger
    picture.

    headline  its node, or None where nothing on the page is it; then the body's `article` is the box
    own_urls  the page's base and its own address
    """
    box = box_around(headline, body)
    if box is None or box is body:
        return [], []
    holders = {*body.iterancestors(), *(headline.iterancestors() if headline is not None else ())}
    within = _Region(*own_urls, root=box, holders=holders)
    wanted, inside = set(_shown_in(box)), set(body.iter())
    is_whole_page = box.tag in _WHOLE_PAGE
    before: list[ShownPhoto] = []
    behind: list[ShownPhoto] = []
    is_behind, counts = False, not is_whole_page
    for node in box.iter(etree.Element):
        counts = counts or node is headline
        is_behind = is_behind or node is body
        if node not in wanted or node in inside or not counts or (is_behind and is_whole_page):
            continue
        if found := _shown_photo(node, within):
            photo, opens = found
            if not is_behind:
                before.append(photo)
            elif opens:
                behind.append(photo)
    return before, behind


def photos_of_article(
    headline: HtmlElement | None,
    body: HtmlElement,
    own_urls: tuple[str, str],
    skipped: Collection[HtmlElement],
) -> list[ShownPhoto]:
    """The photos around a body and in it, in the order of the page; no rule says where they are."""
    inside = photos_in(body, own_urls[0], skipped=skipped, page_url=own_urls[1])
    before, behind = photos_around(headline, body, own_urls)
    return [*before, *inside, *behind]


def box_around(headline: HtmlElement | None, body: HtmlElement) -> HtmlElement | None:
    """The `article` around headline and body, else the smallest box that holds both."""
    if headline is None:
        return next(body.iterancestors("article"), None)
    around = {headline, *headline.iterancestors()}
    box = next((node for node in (body, *body.iterancestors()) if node in around), None)
    if box is None or box.tag in _WHOLE_PAGE or box.tag == "article":
        return box
    return next(box.iterancestors("article"), box)


def set_apart(
    nodes: Iterable[HtmlElement], root: HtmlElement, holders: Collection[HtmlElement]
) -> set[HtmlElement]:
    """Those of the nodes that stand in a box of the region that is called or meant for something else.

    holders  nodes that hold headline or body, so that no name sets them apart
    """
    within = _Region("", root=root, holders=holders)
    return {node for node in nodes if any(_is_aside(box, within) for box in _boxes(node, root))}


def _boxes(node: HtmlElement, root: HtmlElement) -> Iterator[HtmlElement]:
    return takewhile(lambda box: box is not root, islice(node.iterancestors(), _DEEPEST))


def photos_at(nodes: Iterable[HtmlElement | str], base_url: str) -> list[ShownPhoto]:
    """The photos that a rule points at: images, links to pictures, boxes with either, addresses."""
    return [photo for node in nodes for photo in _photos_at(node, base_url)]


def photo_at(url: str | None, base_url: str) -> ShownPhoto | None:
    """The photo at an address that metadata names, None where it is a placeholder or a logo."""
    address = absolute_url(base_url, url)
    return ShownPhoto(url=full_size(address)) if address and is_photo(address) else None


def distinct_photos(photos: Iterable[ShownPhoto]) -> tuple[ShownPhoto, ...]:
    """Each photo once, where it stands first; words that a later showing adds are kept."""
    kept: dict[str, ShownPhoto] = {}
    for photo in photos:
        key = photo_key(photo.url)
        first = kept.get(key)
        kept[key] = photo if first is None else _joined(first, photo)
    return tuple(kept.values())[:_MOST_PHOTOS]


def photo_key(url: str) -> str:
    """What is alike for all sizes of one photo: mostly the file's name without its size."""
    path = unquote(urlsplit(url).path).lower().rstrip("/")
    name = _EXTENSION.sub("", _SIZE_SUFFIX.sub("", path.rpartition("/")[2]))
    return name if len(name) >= 8 else path


def with_words(
    photos: list[ShownPhoto], captions: list[str], credits_: list[str]
) -> list[ShownPhoto]:
    """The photos with captions and credits that stand apart from them: as many, or one for the first."""
    worded = photos
    for name, texts in (("caption", captions), ("credit", credits_)):
        if any(getattr(photo, name) for photo in worded):
            continue  # a figure says itself which of its words are whose
        if texts and worded and (len(texts) == len(worded) or len(texts) == 1):
            pairs = zip(worded, texts, strict=False)
            worded = [replace(photo, **{name: text}) for photo, text in pairs] + worded[
                len(texts) :
            ]
    return worded


def _shown_in(region: HtmlElement) -> list[HtmlElement]:
    """The nodes of a region that show a picture: of an item and the image in it, one of the two."""
    nodes = _SHOWN(region)[: _MOST_PHOTOS * 5]
    if all(node.tag in _IMAGE_TAGS for node in nodes):
        return nodes
    thumbnails = {image for node in nodes if node.tag == "li" for image in _IMAGES(node)}
    return [
        node
        for node in nodes
        if node.tag == "li"
        or (node not in thumbnails if node.tag in _IMAGE_TAGS else not _IMAGES(node))
    ]


def _photos_at(node: HtmlElement | str, base_url: str) -> Iterator[ShownPhoto]:
    if isinstance(node, str):
        if photo := photo_at(node, base_url):
            yield photo
    elif node.tag in _IMAGE_TAGS:
        place = _place_of(node, _Region(base_url))
        if photo := _photo_of(node, base_url, place.opens, None):
            yield photo
    elif (address := address_of(node, base_url)) and is_photo(address):
        yield _opened_photo(node, full_size(address), base_url)
    else:
        for image in _IMAGES(node):
            yield from _photos_at(image, base_url)


def _shown_photo(node: HtmlElement, within: _Region) -> tuple[ShownPhoto, bool] | None:
    """The photo that a node of a region shows, and whether it opens a larger one."""
    if node.tag in _IMAGE_TAGS:
        place = _place_of(node, within)
        if place.is_foreign:
            return None
        photo = _photo_of(node, within.base_url, place.opens, within.root)
        return (photo, place.opens is not None) if photo else None
    address = address_of(node, within.base_url)
    if address is None or not names_a_picture(address) or not is_photo(address):
        return None
    is_item = node.tag in {"a", "li"}
    if not is_item and len(string_of(node).strip()) > _LONGEST_TEXT_ON_BACKGROUND_CHARS:
        return None  # it decorates a text
    if _place_of(node, within).is_foreign or _STAFF.search(_names_of(node)):
        return None
    return _opened_photo(node, full_size(address), within.base_url), is_item


def _opened_photo(node: HtmlElement, address: str, base_url: str) -> ShownPhoto:
    """The photo that a link or an item of a gallery opens, with the words of the image inside it."""
    inside = [photo for image in _IMAGES(node)[:1] for photo in _photos_at(image, base_url)]
    title = clean_text(node.get("data-caption") or node.get("title") or "") or None
    if not inside:
        return ShownPhoto(url=address, caption=title)
    return replace(inside[0], url=address, caption=inside[0].caption or title)


def _photo_of(
    image: HtmlElement, base_url: str, opens: str | None, region: HtmlElement | None
) -> ShownPhoto | None:
    if is_small(image) or _STAFF.search(_names_of(image)):
        return None
    address = opens or address_of(image, base_url)
    if address is None or not is_photo(address):
        return None
    caption, credit = words_of(image, region)
    alt = clean_text(image.get("alt") or "")
    return ShownPhoto(
        url=full_size(address), caption=caption or None, credit=credit or None, alt=alt or None
    )


def _place_of(image: HtmlElement, within: _Region) -> _Place:
    """Climb from an image to the end of its region."""
    opens: str | None = None
    for height, node in enumerate(image.iterancestors()):
        if node is within.root or (within.root is None and height >= _HIGHEST_LINK):
            break
        if height >= _DEEPEST:
            return _Place(is_foreign=True)
        if node.tag == "a" and (url := absolute_url(within.base_url, node.get("href"))):
            if names_a_picture(url):
                opens = url
            elif within.root is not None and not _is_own_page(url, image, within):
                return _Place(is_foreign=True)
        if within.root is not None and _is_aside(node, within):
            return _Place(is_foreign=True)
    return _Place(opens)


def _is_aside(node: HtmlElement, within: _Region) -> bool:
    known = within.asides.get(node)
    if known is None:
        known = within.asides[node] = _is_called_aside(node, within)
    return known


def _is_called_aside(node: HtmlElement, within: _Region) -> bool:
    if node in within.skipped or node.tag in _ASIDE_TAGS:
        return True
    if node in within.holders or not _ASIDE.search(_names_of(node)) or _HEADLINE(node):
        return False
    assert within.root is not None
    return len(string_of(node)) <= _LARGEST_ASIDE * len(string_of(within.root))


def _is_own_page(url: str, image: HtmlElement, within: _Region) -> bool:
    """Whether a link leads to the page itself, or to a page that shows nothing but the photo."""
    own = within.page_url.rstrip("/")
    if url in (within.base_url, within.page_url):
        return True
    if urlsplit(own).path and url.startswith(f"{own}/"):  # an attachment's page in WordPress
        return True
    key = photo_key(address_of(image, within.base_url) or "")
    is_named = len(key) >= _SHORTEST_NAME_CHARS and "/" not in key and key in url.lower()
    return is_named and _PHOTO_PAGE.search(url) is not None


def _names_of(node: HtmlElement) -> str:
    return f"{node.get('class', '')} {node.get('id', '')}"


def _joined(first: ShownPhoto, second: ShownPhoto) -> ShownPhoto:
    return replace(
        first,
        caption=first.caption or second.caption,
        credit=first.credit or second.credit,
        alt=first.alt or second.alt,
    )
