"""Finds the photos that an article shows, in order, in the largest form offered, with their words.

A photo is the article's own when it stands in its body, its head or its gallery and is neither
a placeholder, a logo, a face of the staff, a tracker nor the thumbnail of another item. The
photos' bytes are no business of this room.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from archive.article import ShownPhoto
from pipelines.parsing import absolute_url, clean_text, text_of

_MOST_PHOTOS = 200
_SMALLEST_PX = 100  # as the markup says; what is smaller is an icon or a face
_ANCESTORS_WITH_CAPTION = 4
_LONGEST_CAPTION_CHARS = 1000

# In the order of trust: what a lightbox or a lazy loader opens is larger than what stands in src.
_SOURCE_ATTRIBUTES = (
    "data-orig-file", "data-full", "data-full-src", "data-large", "data-large-file", "data-zoom-image",
    "data-original", "data-lazy-src", "data-src", "data-lazy", "data-echo", "data-img", "data-image",
    "data-url", "data-bg", "data-thumb", "src",
)  # fmt: skip
_SRCSET_ATTRIBUTES = ("data-lazy-srcset", "data-srcset", "srcset", "imagesrcset")
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
    r"doubleclick|google-analytics|googlesyndication|mc\.yandex|counter|top\.mail\.ru|liveinternet|facebook\.com/tr|scorecardresearch|/pixel|adfox|adriver|openx|/ads?[./]",
    re.IGNORECASE,
)
_STAFF = re.compile(
    r"(?:^|[\s_-])(?:avatar|author|byline|profile|userpic|logo|icon|emoji|flag|qr)s?(?:$|[\s_-])",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"""(?:^|[\s_-])(?: related\w* | similar | recommend\w* | more-?news | also-?read | read-?more | oxsar | diger | latest | popular
        | most-?read | share | sharing | social | banner | reklam | rek | advert\w* | ads? | adfox\w* | promo | sponsor\w* | sidebar
        | comments? | widget | footer | nav | navbar | menu | breadcrumbs? | newsletter | subscribe | teaser\w* | author\w* | byline
        | carousel-related | lenta | outbrain | taboola | logo | cookie )(?:$|[\s_-])""",
    re.VERBOSE | re.IGNORECASE,
)
_ASIDE_TAGS = frozenset({"nav", "footer", "aside"})
_BACKGROUND = re.compile(r"background(?:-image)?\s*:[^;]*?url\(\s*['\"]?([^'\")]+)", re.IGNORECASE)
_SIZE_SUFFIX = re.compile(
    r"(?:[_-]\d{2,4}x\d{2,4}c?|[_-]scaled|@\dx|[_-](?:w|h)?\d{3,4}(?:px)?|:\d{2,4})(?=\.\w{3,4}$|$)",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"(?:\.(?:jpe?g|jfif|png|webp|gif|avif))+$", re.IGNORECASE)
_THUMBNAIL = re.compile(
    r"(/storage/[^?#]*/\d{1,2}/)resize(?=/)"
)  # of the APA family; `big` is the whole
_CREDIT_CLASS = re.compile(
    r"credit|copyright|photographer|photo-?by|img-?author|image-?source|agency", re.IGNORECASE
)
_CREDIT = re.compile(
    r"\s*[\[(|–—/-]*\s*((?:©|\(c\)|(?:Foto(?:qraf)?|Şəkil|Mənbə|Photo|Photograph|Image|Picture|Credit|Source|Bild|Фото|Фотограф|Источник|Снимок)"
    r"(?: (?:by|credit|courtesy|de|von))?\s?[:/©])\s*(?P<credit>[^|]{2,80}?))[\])]?\s*$",
    re.IGNORECASE,
)
_CAPTION_CLASS = re.compile(
    r"caption|photo-?text|img-?text|image-?(?:text|desc)|sekil-?alti", re.IGNORECASE
)

_IMAGES = etree.XPath(".//img | .//amp-img")
_FRAMED = etree.XPath(".//figcaption | .//*[contains(@class, 'aption')]")
_OWN = ("img", "amp-img")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an image stands: the picture that its link opens, its frame, what says it is not ours."""

    opens: str | None = None
    frame: HtmlElement | None = None
    is_foreign: bool = False


def photos_in(
    region: HtmlElement, base_url: str, *, skipped: Collection[HtmlElement] = (), page_url: str = ""
) -> list[ShownPhoto]:
    """The photos inside a region of the page, such as the body, in order.

    skipped   nodes whose photos do not count
    page_url  links to it do not make a photo that of another item
    """
    found = []
    for image in _IMAGES(region)[: _MOST_PHOTOS * 5]:
        place = _place_of(image, region, skipped, (base_url, page_url))
        if not place.is_foreign and (photo := _photo_of(image, base_url, place)):
            found.append(photo)
    return found


def photos_around(
    headline: HtmlElement, body: HtmlElement, own_urls: tuple[str, str]
) -> tuple[list[ShownPhoto], list[ShownPhoto]]:
    """The photos of an article that stand outside its body: before it, and behind it.

    Before the body count those in the box that it shares with the headline (only from the headline
    on, where that box is the whole page); behind it, those that open a larger picture.

    own_urls  the page's base and its own address
    """
    around = {headline, *headline.iterancestors()}
    box = next((node for node in (body, *body.iterancestors()) if node in around), None)
    if box is None or box is body:
        return [], []
    inside = set(body.iter())
    is_whole_page = box.tag in {"body", "html"}
    before: list[ShownPhoto] = []
    behind: list[ShownPhoto] = []
    shown, counts = before, not is_whole_page
    for node in box.iter(etree.Element):
        counts = counts or node is headline
        if node is body:
            shown = behind
        if node.tag not in _OWN or node in inside or not counts:
            continue
        place = _place_of(node, box, (), own_urls)
        is_wanted = shown is before or (place.opens is not None and not is_whole_page)
        if is_wanted and not place.is_foreign and (photo := _photo_of(node, own_urls[0], place)):
            shown.append(photo)
    return before, behind


def photos_at(nodes: Iterable[HtmlElement | str], base_url: str) -> list[ShownPhoto]:
    """The photos that a rule points at: images, links to pictures, boxes with either, addresses."""
    return [photo for node in nodes for photo in _photos_at(node, base_url)]


def photo_at(url: str | None, base_url: str) -> ShownPhoto | None:
    """The photo at an address that metadata names, None where it is a placeholder or a logo."""
    address = absolute_url(base_url, url)
    return ShownPhoto(url=_full_size(address)) if address and _is_photo(address) else None


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


def _photos_at(node: HtmlElement | str, base_url: str) -> Iterator[ShownPhoto]:
    if isinstance(node, str):
        if photo := photo_at(node, base_url):
            yield photo
    elif node.tag in _OWN:
        place = _place_of(node, None, (), (base_url, ""))
        if photo := _photo_of(node, base_url, place):
            yield photo
    elif (address := _address_of(node, base_url)) and _is_photo(address):
        yield _opened_photo(node, _full_size(address), base_url)
    else:
        for image in _IMAGES(node):
            yield from _photos_at(image, base_url)


def _opened_photo(node: HtmlElement, address: str, base_url: str) -> ShownPhoto:
    """The photo that a link or an item of a gallery opens, with the words of the image inside it."""
    inside = [photo for image in _IMAGES(node)[:1] for photo in _photos_at(image, base_url)]
    title = clean_text(node.get("data-caption") or node.get("title") or "") or None
    if not inside:
        return ShownPhoto(url=address, caption=title)
    return replace(inside[0], url=address, caption=inside[0].caption or title)


def _photo_of(image: HtmlElement, base_url: str, place: _Place) -> ShownPhoto | None:
    if _is_small(image) or _STAFF.search(f"{image.get('class', '')} {image.get('id', '')}"):
        return None
    address = place.opens or _address_of(image, base_url)
    if address is None or not _is_photo(address):
        return None
    caption, credit = _words_in(place.frame) if place.frame is not None else ("", "")
    alt = clean_text(image.get("alt") or "")
    return ShownPhoto(
        url=_full_size(address), caption=caption or None, credit=credit or None, alt=alt or None
    )


def _place_of(
    image: HtmlElement,
    region: HtmlElement | None,
    skipped: Collection[HtmlElement],
    own_urls: tuple[str, str],
) -> _Place:
    """Climb from an image to the end of its region."""
    opens: str | None = None
    frame: HtmlElement | None = None
    base_url = own_urls[0]
    for height, node in enumerate(image.iterancestors()):
        if node is region:
            break
        if region is None and height >= _ANCESTORS_WITH_CAPTION:
            break
        if node.tag == "a" and (url := absolute_url(base_url, node.get("href"))):
            if _PICTURE.search(url):
                opens = url
            elif region is not None and url not in own_urls:
                return _Place(is_foreign=True)
        names = f"{node.get('class', '')} {node.get('id', '')}"
        if region is not None and (
            node in skipped or node.tag in _ASIDE_TAGS or _ASIDE.search(names)
        ):
            return _Place(is_foreign=True)
        if (
            frame is None
            and height < _ANCESTORS_WITH_CAPTION
            and (node.tag == "figure" or _is_frame(node))
        ):
            frame = node
    return _Place(opens, frame)


def _is_frame(node: HtmlElement) -> bool:
    """Whether a box holds one photo and words that are called its caption."""
    return (
        node.tag not in {"body", "article", "main"}
        and len(node) <= 6
        and bool(_FRAMED(node))
        and len(_IMAGES(node)) <= 2
    )


def _words_in(frame: HtmlElement) -> tuple[str, str]:
    """The caption and the credit inside a figure."""
    caption_node = next(iter(_FRAMED(frame)), None)
    if caption_node is None:
        return "", ""
    credit_node = next(
        (
            each
            for each in frame.iter()
            if isinstance(each.tag, str) and _CREDIT_CLASS.search(each.get("class", ""))
        ),
        None,
    )
    credit = text_of(credit_node) if credit_node is not None else ""
    caption = text_of(caption_node)[:_LONGEST_CAPTION_CHARS]
    if credit and credit in caption:
        caption = caption.replace(credit, "", 1).strip(" |/–—-")
    if not credit and (found := _CREDIT.search(caption)):
        credit, caption = clean_text(found["credit"]), caption[: found.start()].strip()
    return caption, credit.strip(" ©|/")


def _address_of(node: HtmlElement, base_url: str) -> str | None:
    """The largest address that an image or a link offers."""
    if (source_set := _largest_of_sets(node)) and (address := absolute_url(base_url, source_set)):
        return address
    for name in _SOURCE_ATTRIBUTES:
        value = node.get(name, "")
        is_address = value and not value.startswith("data:") and not _PLACEHOLDER.search(value)
        if is_address and (address := absolute_url(base_url, value)):
            return address
    for value in (node.get("rel", ""), node.get("href", "")):  # day.az keeps the address in rel
        if _PICTURE.search(value):
            return absolute_url(base_url, value)
    background = _BACKGROUND.search(node.get("style", ""))
    return absolute_url(base_url, background[1]) if background else None


def _largest_of_sets(image: HtmlElement) -> str | None:
    nodes = [image]
    # libxml2 does not know `source` as empty: the image lies inside the last of them.
    if (picture := next(image.iterancestors("picture"), None)) is not None:
        nodes += picture.iter("source")
    offers: list[tuple[float, str]] = []
    for node in nodes:
        for name in _SRCSET_ATTRIBUTES:
            offers += _offers_of(node.get(name, ""))
    return max(offers, key=lambda offer: offer[0])[1] if offers else None


def _offers_of(source_set: str) -> Iterator[tuple[float, str]]:
    """The addresses of a srcset with their width in pixels, or their density as if of 600 pixels."""
    for offer in re.split(r",\s+|,(?=https?:|//)", source_set.strip()):
        address, _, size = offer.strip().rstrip(",").partition(" ")
        if not address or address.startswith("data:") or _PLACEHOLDER.search(address):
            continue
        figure = re.match(r"\s*(\d{1,5}(?:\.\d+)?)([wx])", size)
        width = float(figure[1]) * (600 if figure[2] == "x" else 1) if figure else 600.0
        yield width, address


def _is_small(image: HtmlElement) -> bool:
    for name in ("width", "height"):
        figure = re.fullmatch(r"\s*(\d{1,5})(?:px)?\s*", image.get(name, ""))
        if figure and int(figure[1]) < _SMALLEST_PX:
            return int(figure[1]) > 1 or not image.get("data-src")
    return False


def _is_photo(address: str) -> bool:
    parts = urlsplit(address)
    return not (
        _NEVER.search(parts.path)
        or _PLACEHOLDER.search(parts.path.rpartition("/")[2])
        or _NEVER_HOSTS.search(address)
    )


def _full_size(address: str) -> str:
    return _THUMBNAIL.sub(r"\1big", address)


def _joined(first: ShownPhoto, second: ShownPhoto) -> ShownPhoto:
    return replace(
        first,
        caption=first.caption or second.caption,
        credit=first.credit or second.credit,
        alt=first.alt or second.alt,
    )
