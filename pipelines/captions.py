"""Reads the words that belong to a photo: its caption and its credit, out of the frame around it.

A frame is a `figure`, or a box that holds one image and an element that is called its caption.
What stands in it is the caption but for what names who took or owns the picture: elements that are
called credit, author or source, and endings such as `Foto: …`, `© …` or `(… / …)`. Nothing else
is taken for a caption: a photo without words of its own has none.
"""

import re
from collections.abc import Collection, Iterator
from html import unescape

from lxml import etree
from lxml.html import HtmlElement

from pipelines.parsing import clean_text

_HIGHEST_FRAME = 6  # boxes between an image and its frame
_MOST_CHILDREN = 6
_MOST_NODES = 200  # of a frame; a larger one is no frame
_LONGEST_CAPTION_CHARS = 1000
_LONGEST_NAMELESS_CHARS = 400
_LONGEST_BARE_CREDIT_CHARS = 60
_LONGEST_CREDIT_CHARS = 120

# libxml2 does not know `source` as empty: an image may lie inside several of them.
_TRANSPARENT = frozenset({"picture", "source", "noscript", "a", "amp-img"})
_IMAGE_TAGS = frozenset({"img", "amp-img"})
_SILENT = frozenset(
    {"script", "style", "template", "noscript", "button", "svg", "iframe", "video", "audio"}
)
_CAPTION_NAME = re.compile(
    r"caption(?!ed|able)|cutline|photo-?text|img-?text|image-?(?:text|desc)|foto-?(?:text|metn|alti)|sekil-?alti|legende?(?:$|[\s_-])",
    re.IGNORECASE,
)
_IMAGE_NAME = re.compile(
    r"(?:^|[\s_-])(?:image|photo|foto|picture|figure|sekil)(?:$|[\s_-])", re.IGNORECASE
)
_CREDIT_NAME = re.compile(
    r"credit|copyright|photographer|photo-?by|(?:img|image|photo|picture|media|caption)[-_]?(?:author|source|agency|owner)|fotoqraf",
    re.IGNORECASE,
)
_CREDIT_IN_CAPTION = re.compile(
    r"author|autor|source|agency|distributor|provider|byline|creator|rights|licen[cs]e|muellif|menbe",
    re.IGNORECASE,
)
_HIDDEN_NAME = re.compile(r"visually-?hidden|sr-only|screen-?reader", re.IGNORECASE)

_LABEL = (
    r"(?:\w{0,12}(?:foto(?:s|qraf|grafie?)?|photo(?:s|graph(?:er)?)?|bild(?:quelle)?|quelle)|images?|imagen|picture|credits?|crédito?s?"
    r"|sources?|şəkil(?:lər)?|mənbə|copyright|фото(?:граф)?|источник|снимок)"
)
_BY = r"(?:photo(?:graph)?s?|images?|pictures?|foto) (?:by|courtesy(?: of)?|credit)"
_LABELLED = re.compile(
    rf"(?P<before>^|[\s(\[|–—/.,;-]+)(?:©|\(c\)|{_LABEL}(?: (?:credit|de|von))?\s?[:©]|(?:foto|photo|фото)/|{_BY}:?\s)\s*"
    r"(?P<credit>[^\n]{2,120}?)[\])]?[\s.;]*$",
    re.IGNORECASE,
)
_AGENCY = (
    r"AP|AFP|EPA|dpa|ANSA|EFE|PA|SIPA|Reuters|REUTERS|Getty(?: Images)?|Shutterstock|Imago|IMAGO"
    r"|Bloomberg|Xinhua|TASS|ТАСС|РИА Новости|AZƏRTAC|APA|Trend|Report|Anadolu|AA"
)
_BRACKETED = re.compile(
    rf"[\s.]*[(\[](?P<credit>[^()\[\]\d]{{2,60}}/[^()\[\]]{{2,60}}|(?:{_AGENCY})(?: [^()\[\]]{{1,60}})?)[)\]][\s.]*$"
)
_BARRED = re.compile(r"\s[|•]\s+(?P<credit>[^\W\d_][^|•]{1,60})$")
_EDGES = " |/–—-•·"

_NAMED = etree.XPath("descendant::*[@* or self::figcaption or self::small or self::cite]")


def words_of(image: HtmlElement, region: HtmlElement | None) -> tuple[str, str]:
    """The caption and the credit of an image, each empty where none is told.

    region  where the search for a frame ends; None searches as far as frames reach
    """
    caption, credit = _words_in_attributes(image)
    if not caption and (frame := _frame_of(image, region)) is not None:
        caption, told = _words_in(frame)
        credit = credit or told
    return caption[:_LONGEST_CAPTION_CHARS], credit


def split_credit(text: str) -> tuple[str, str]:
    """A caption as printed, parted into what the picture shows and who it is by."""
    if (found := _LABELLED.search(text)) and _is_credit(found):
        return _trimmed(text, found)
    for pattern in (_BRACKETED, _BARRED):
        if (found := pattern.search(text)) and found.start() > 0:
            return _trimmed(text, found)
    return text, ""


def _is_credit(found: re.Match[str]) -> bool:
    """A label at the very start may begin a sentence: then what follows must be as short as a name."""
    return found.start() > 0 or len(found["credit"]) <= _LONGEST_BARE_CREDIT_CHARS


def _trimmed(text: str, found: re.Match[str]) -> tuple[str, str]:
    caption = text[: found.start()].rstrip(_EDGES + ",;([")
    if "." in found.groupdict().get("before", "") or text[found.start() : found.start() + 1] == ".":
        caption += "."
    return caption, clean_text(found["credit"]).strip(_EDGES + "©;")


def _words_in_attributes(image: HtmlElement) -> tuple[str, str]:
    """What lightboxes and content systems write beside the address: `data-caption`, `data-credit`."""
    caption = credit = ""
    for node in (image, *image.iterancestors("a")):
        for name in node.keys():  # noqa: SIM118  # a node's iteration gives its children
            if not name.startswith("data-"):
                continue
            value = node.get(name)
            if name in {"data-caption", "data-image-caption"}:
                caption = caption or clean_text(re.sub(r"<[^<>]{1,300}>", " ", unescape(value)))
            elif len(value) <= _LONGEST_CREDIT_CHARS and _CREDIT_NAME.search(name):
                credit = credit or clean_text(value)
    if caption and not credit:
        return split_credit(caption)
    return caption, credit


def _frame_of(image: HtmlElement, region: HtmlElement | None) -> HtmlElement | None:
    height = 0
    for node in image.iterancestors():
        if node is region or node.tag in {"body", "html", "article", "main"}:
            return None
        if node.tag in _TRANSPARENT:
            continue
        if _is_frame(node):
            return node
        height += 1
        if height >= _HIGHEST_FRAME:
            return None
    return None


def _is_frame(node: HtmlElement) -> bool:
    is_figure = node.tag == "figure"
    images = _count_images(node)
    if images is None or not (is_figure or (len(node) <= _MOST_CHILDREN and images == 1)):
        return False
    if any(True for _ in _captions_in(node)):
        return True
    names = node.get("class", "")
    is_named = is_figure or _IMAGE_NAME.search(names) or _CAPTION_NAME.search(names)
    return bool(is_named) and 0 < len(_text_without(node, ())) <= _LONGEST_NAMELESS_CHARS


def _count_images(node: HtmlElement) -> int | None:
    """The images of a box, None where it is too large for a frame; a `noscript` repeats an image."""
    count = 0
    for number, each in enumerate(node.iter(etree.Element)):
        if number > _MOST_NODES:
            return None
        if each.tag in _IMAGE_TAGS and next(each.iterancestors("noscript"), None) is None:
            count += 1
    return count


def _captions_in(frame: HtmlElement) -> Iterator[HtmlElement]:
    """The elements that are called a caption and hold no image."""
    for node in _NAMED(frame)[:_MOST_NODES]:
        is_caption = node.tag == "figcaption" or _CAPTION_NAME.search(node.get("class", ""))
        if is_caption and not any(each.tag in _IMAGE_TAGS for each in node.iter(etree.Element)):
            yield node


def _words_in(frame: HtmlElement) -> tuple[str, str]:
    captions = list(_captions_in(frame))
    figcaptions = [node for node in captions if node.tag == "figcaption"]
    box = next(iter(figcaptions or captions), frame)
    credit_nodes = _credits_in(frame, box)
    caption, told = split_credit(_text_without(box, credit_nodes).strip(_EDGES))
    texts = dict.fromkeys(_text_without(node, ()).strip(_EDGES) for node in credit_nodes)
    credit = " / ".join(filter(None, texts))
    rest, named = split_credit(credit)
    if named and not rest:  # the element repeats the label: `Foto: …`
        credit = named
    return caption, (credit or told).strip(_EDGES + "©")


def _credits_in(frame: HtmlElement, box: HtmlElement) -> list[HtmlElement]:
    """The elements that are called a credit, the outermost of each."""
    inside, around = set(box.iterdescendants()), {box, *box.iterancestors()}
    found: list[HtmlElement] = []
    for node in _NAMED(frame)[:_MOST_NODES]:
        names = " ".join(
            (node.get("class", ""), node.get("id", ""), node.get("itemprop", ""), *node.keys())
        )
        is_credit = bool(_CREDIT_NAME.search(names)) or (
            node in inside
            and (node.tag in {"small", "cite"} or bool(_CREDIT_IN_CAPTION.search(names)))
        )
        if (
            is_credit
            and node not in around
            and not any(each in found for each in node.iterancestors())
        ):
            found.append(node)
    return found


def _text_without(box: HtmlElement, left_out: Collection[HtmlElement]) -> str:
    """The text of a box without some of its elements, and without what is no reader's text."""
    parts = [box.text or ""]
    walk = etree.iterwalk(box, events=("start", "end"))
    for event, node in walk:
        if node is box:
            continue
        if event == "end":
            parts.append(
                f" {node.tail or ''}" if node.tag in {"p", "div", "br"} else node.tail or ""
            )
        elif node in left_out or node.tag in _SILENT or _HIDDEN_NAME.search(node.get("class", "")):
            walk.skip_subtree()
            parts.append(" ")
        else:
            parts.append(node.text or "")
    return clean_text("".join(parts)[: 2 * _LONGEST_CAPTION_CHARS])
