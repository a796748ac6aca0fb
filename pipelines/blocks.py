"""Reads a body: one walk over its node gives paragraphs, headings, quotes, lists, tables, updates.

Text stays as printed, in NFC with single spaces. Line breaks part paragraphs where the text has
no paragraphs of its own, and are joined where lines were wrapped by hand. What is hidden, and
what is plainly no text of the article (scripts, buttons, share boxes), is left out; whether a
whole paragraph belongs to the article is asked in `pipelines/trimming.py`.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from lxml import etree
from lxml.html import HtmlElement

from archive.article import Block, BlockKind
from pipelines.letters import words_of
from pipelines.parsing import clean_text, string_of, text_of

_BREAK = "\x00"  # stands for <br> while a text is gathered; no parsed text can hold it
_LARGEST_NOISE = 0.4  # of the body's text; a larger box of that name holds the article
_LONGEST_CELL_CHARS = 300
_MOST_ROWS = 1000

# trafilatura's own names for the same things, so that its body is read by the same walk.
_ALIASES = {
    "list": "ul",
    "item": "li",
    "row": "tr",
    "cell": "td",
    "lb": "br",
    "ref": "a",
    "quote": "blockquote",
}
_HEADINGS = {"h1": 2, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BOXES = words_of(
    "p div section article main header footer address center blockquote pre ul ol li dl dt dd table thead"
    " tbody tfoot tr td th caption fieldset form details summary hr body html figure head"
) | frozenset(_HEADINGS)
_SKIPPED = words_of(
    "script style noscript template iframe object embed video audio button select textarea input svg canvas"
    " nav aside figcaption picture img map title math option graphic"
)
_SHOWN_ELSEWHERE = etree.XPath("boolean(.//img or .//picture or .//video or .//iframe)")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NOISE_NAME = re.compile(
    r"""(?:^|[\s_-])(?: related | similar | recommend(?:ed|ation)? | read-?(?:more|also) | also-?read | oxsar
        | share | sharing | sharer | social | addthis | sharedaddy | banner | reklam | rek | advert\w* | ads? | adv
        | adfox\w* | adsbygoogle | ainsyndication | adviad\w* | promo | subscribe | newsletter | breadcrumbs?
        | comments? | disqus | tags? | tagcloud | views? | hits | counter | player | pagination | popup | cookies?
        | wp-caption-text | (?:image|photo|img|foto)?-?captions? | photo-credit | outbrain | taboola | toolbar
    )(?:$|[\s_-])""",
    re.VERBOSE | re.IGNORECASE,
)
_DOCUMENT = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|rtf|odt|ods|zip|rar|7z)(?:$|[?#])", re.IGNORECASE
)
_POSTS = re.compile(
    r"(?:^|\s)(?:twitter-tweet|twitter-video|instagram-media|tiktok-embed|fb-post|fb-video)(?:$|\s)"
)

_HOLDS_POST = etree.XPath(
    "boolean(descendant-or-self::blockquote[contains(@class, 'twitter-tweet')"
    " or contains(@class, 'instagram-media') or contains(@class, 'tiktok-embed')])"
)

_SENTENCE_END = (".", "!", "?", "…", ":", ";", "”", "»", '"', ")", "*")
_SEVERAL_BREAKS = re.compile(rf"{_BREAK}\s*(?:{_BREAK}\s*)+")
SEPARATOR = re.compile(r"\*(?:\s*\*){2,}|_{3,}|[-—=]{5,}|#{3,}")
_CLOCK = re.compile(r"(?:saat:?\s)?((?:[01]?\d|2[0-3])[:.][0-5]\d)", re.IGNORECASE)
# An entry of a live story whose time stands before its sentence: `19:40 Yol açılıb.`
_TIMED = re.compile(r"((?:[01]?\d|2[0-3]):[0-5]\d)\s*(?:[-–—|]\s*|\s)(?=[^\W\d_a-z]|[“\"«])")
_SHORTEST_ENTRY_CHARS = 40
_FEWEST_ENTRIES = 3


@dataclass(frozen=True, slots=True)
class Draft:
    """A block as it stands in the markup, and what of it lies inside links that lead elsewhere.

    link_chars  how many of its characters, white space left out
    links       how many links; one may hold several blocks and counts in the first
    """

    block: Block
    link_chars: int = 0
    links: int = 0

    @property
    def is_link(self) -> bool:
        """Whether it is nothing but links."""
        return (
            self.link_chars > 0
            and self.link_chars * 10 >= len(self.block.text.replace(" ", "")) * 9
        )


def read_drafts(
    body: HtmlElement,
    *,
    skipped: Collection[HtmlElement] = (),
    separator: re.Pattern[str] | None = None,
    keeps_posts: bool = False,
) -> tuple[Draft, ...]:
    """The blocks of a body, in reading order.

    skipped    nodes of the same tree that are left out with all that is in them
    separator  fully matches the paragraphs that part the updates of a live story; None takes
               three asterisks or more
    keeps_posts  whether posts of social networks that are quoted whole stay as quotes
    """
    walk = _Walk()
    limit = len(string_of(body)) * _LARGEST_NOISE
    events = etree.iterwalk(body, events=("start", "end"))
    for event, node in events:
        if event == "end":
            walk.leave(node, is_root=node is body)
        elif node is not body and (
            node in skipped
            or (_is_left_out(node, limit) and not (keeps_posts and _HOLDS_POST(node)))
        ):
            walk.pass_by(node)
            events.skip_subtree()
        elif walk.enter(node):
            events.skip_subtree()
    return tuple(_with_updates(_parted(walk.finish()), separator or SEPARATOR))


def blocks_of_text(text: str) -> tuple[Draft, ...]:
    """The paragraphs of plain text such as JSON-LD's `articleBody`, parted at line ends."""
    lines = (clean_text(line) for line in text.splitlines())
    return tuple(_paragraph(line) for line in lines if line)


def _is_left_out(node: HtmlElement, limit: float) -> bool:
    tag = node.tag
    if not isinstance(tag, str) or tag in _SKIPPED:
        return True
    if tag == "figure":
        return bool(_SHOWN_ELSEWHERE(node))
    attributes = node.attrib
    if not attributes:
        return False
    names = f"{attributes.get('class', '')} {attributes.get('id', '')}"
    if len(names) > 1 and _NOISE_NAME.search(names) and len(string_of(node)) <= limit:
        return True
    if tag == "blockquote" and _POSTS.search(names):
        return True
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style", "")))


@dataclass(slots=True)
class _Walk:
    """What has been gathered so far; `enter` and `leave` follow the walk over the tree."""

    drafts: list[Draft] = field(default_factory=list)
    gathered: list[str] = field(default_factory=list)
    link_chars: int = 0
    links: int = 0
    links_open: int = 0
    level: int | None = None
    quotes_open: int = 0
    lists_open: int = 0
    items: list[str] = field(default_factory=list)
    item: list[str] = field(default_factory=list)
    list_link_chars: int = 0
    list_links: int = 0
    preformatted: bool = False

    def enter(self, node: HtmlElement) -> bool:
        """Take in the start of a node; True where it was read whole, without a walk through it."""
        tag = _ALIASES.get(node.tag, node.tag)
        if tag == "br":
            self.gathered.append(_BREAK)
            return True
        if tag == "a":
            if _leads_elsewhere(node):
                self.links_open += 1
                self.links += 1
        elif tag in _BOXES:
            self.flush()
            if tag == "table" and (rows := _rows_of(node)):
                self.add_table(rows, node)
                return True
            self.open_box(tag, node)
        self.add(node.text)
        return False

    def leave(self, node: HtmlElement, *, is_root: bool) -> None:
        tag = _ALIASES.get(node.tag, node.tag)
        if tag == "a":
            if _leads_elsewhere(node):
                self.links_open = max(0, self.links_open - 1)
        elif tag in _BOXES:
            self.flush()
            self.close_box(tag)
        if not is_root:
            self.add(node.tail)

    def pass_by(self, node: HtmlElement) -> None:
        """Take in that a node is left out: a box still parts what is before and after it.

        Its end is still told; the counts that its end takes back are raised here.
        """
        tag = _ALIASES.get(node.tag, node.tag)
        if tag == "a":
            self.links_open += _leads_elsewhere(node)
        elif tag in _BOXES:
            self.flush()
            self.open_box(tag, node)

    def add(self, text: str | None) -> None:
        if text:
            if self.preformatted:
                text = text.replace("\n", _BREAK)
            self.gathered.append(text)
            if self.links_open:
                self.link_chars += len("".join(text.split()))

    def open_box(self, tag: str, node: HtmlElement) -> None:
        if tag in _HEADINGS or tag == "head":
            self.level = _HEADINGS.get(node.get("rend", tag), 2)
        elif tag == "blockquote":
            self.quotes_open += 1
        elif tag in {"ul", "ol"}:
            self.lists_open += 1
        elif tag == "li":
            self.end_item()
        elif tag == "pre":
            self.preformatted = True

    def close_box(self, tag: str) -> None:
        if tag in _HEADINGS or tag == "head":
            self.level = None
        elif tag == "blockquote":
            self.quotes_open = max(0, self.quotes_open - 1)
        elif tag in {"ul", "ol"}:
            self.end_item()
            self.lists_open = max(0, self.lists_open - 1)
            if not self.lists_open:
                self.end_list()
        elif tag == "li":
            self.end_item()
        elif tag == "pre":
            self.preformatted = False

    def flush(self) -> None:
        """Make blocks of what was gathered since the last box began or ended."""
        raw, link_chars, links = "".join(self.gathered), self.link_chars, self.links
        self.gathered.clear()
        self.link_chars = self.links = 0
        if not raw or raw.isspace():  # as between most boxes
            return
        for text in _lines_of(raw):
            if self.lists_open:
                self.item.append(text)
                self.list_link_chars += link_chars
                self.list_links += links
            elif self.level is not None:
                block = Block(kind=BlockKind.HEADING, text=text, level=self.level)
                self.drafts.append(Draft(block, link_chars, links))
            else:
                kind = BlockKind.QUOTE if self.quotes_open else BlockKind.PARAGRAPH
                self.drafts.append(Draft(Block(kind=kind, text=text), link_chars, links))
            link_chars = links = 0

    def end_item(self) -> None:
        self.flush()
        if self.item:
            self.items.append(" ".join(self.item))
            self.item.clear()

    def end_list(self) -> None:
        if self.items:
            items = tuple(self.items)
            block = Block(kind=BlockKind.LIST, text="\n".join(items), items=items)
            self.drafts.append(Draft(block, self.list_link_chars, self.list_links))
        self.items.clear()
        self.list_link_chars = self.list_links = 0

    def add_table(self, rows: tuple[tuple[str, ...], ...], table: HtmlElement) -> None:
        text = "\n".join("\t".join(row) for row in rows)
        links = [link for link in table.iter("a", "ref") if _leads_elsewhere(link)]
        link_chars = sum(len("".join(string_of(link).split())) for link in links)
        block = Block(kind=BlockKind.TABLE, text=text, rows=rows)
        self.drafts.append(Draft(block, link_chars, len(links)))

    def finish(self) -> list[Draft]:
        self.end_item()
        self.end_list()
        return self.drafts


def _leads_elsewhere(link: HtmlElement) -> bool:
    """Whether a link leads to another page; a mere anchor, and a document that a text hands out, do not."""
    target = link.get("href") or link.get("target") or ""
    return target[:1] not in {"", "#"} and _DOCUMENT.search(target) is None


def _rows_of(table: HtmlElement) -> tuple[tuple[str, ...], ...]:
    """The rows of a table of data; empty for a table that only lays out the page."""
    if table.find(".//table") is not None:
        return ()
    rows = []
    for row in table.iter("tr", "row"):
        cells = tuple(text_of(cell) for cell in row if cell.tag in {"td", "th", "cell"})
        if any(len(cell) > _LONGEST_CELL_CHARS for cell in cells):
            return ()
        if any(cells):
            rows.append(cells)
    is_data = sum(sum(map(bool, row)) > 1 for row in rows) > 1
    return tuple(rows[:_MOST_ROWS]) if is_data else ()


def _lines_of(raw: str) -> Iterator[str]:
    """The paragraphs of a text whose line breaks are `_BREAK`."""
    if _BREAK not in raw:
        if text := clean_text(raw):
            yield text
        return
    for part in _SEVERAL_BREAKS.split(raw):
        lines = [text for line in part.split(_BREAK) if (text := clean_text(line))]
        yield from _joined(lines)


def _joined(lines: list[str]) -> Iterator[str]:
    """Lines that single breaks part: a line that goes on in lower case was wrapped by hand."""
    wrapped: list[str] = []  # joined at the end: adding to a text takes the square of its lines
    for line in lines:
        is_wrapped = wrapped and not wrapped[-1].endswith(_SENTENCE_END) and line[0].islower()
        if wrapped and not is_wrapped:
            yield " ".join(wrapped)
            wrapped.clear()
        wrapped.append(line)
    if wrapped:
        yield " ".join(wrapped)


def _parted(drafts: list[Draft]) -> list[Draft]:
    """The drafts with the times of a live story's entries as updates, where several begin with one."""
    timed = {
        index: found
        for index, draft in enumerate(drafts)
        if draft.block.text[:1].isdigit() and (found := _time_of(draft))
    }
    if len(timed) < _FEWEST_ENTRIES:
        return drafts
    parted: list[Draft] = []
    for index, draft in enumerate(drafts):
        if found := timed.get(index):
            parted.append(Draft(Block(kind=BlockKind.UPDATE, text=found[1], at=found[1])))
            block = replace(draft.block, text=draft.block.text[found.end() :])
            parted.append(replace(draft, block=block))
        else:
            parted.append(draft)
    return parted


def _time_of(draft: Draft) -> re.Match[str] | None:
    """The time before a paragraph that is an entry of a live story."""
    text = draft.block.text
    is_entry = draft.block.kind is BlockKind.PARAGRAPH and text.endswith(_SENTENCE_END)
    is_entry = is_entry and 2 * draft.link_chars < len(text)  # a list of other news has times too
    found = _TIMED.match(text) if is_entry else None
    return found if found and len(text) - found.end() >= _SHORTEST_ENTRY_CHARS else None


def _with_updates(drafts: list[Draft], separator: re.Pattern[str]) -> Iterator[Draft]:
    """The drafts with the separators of a live story, and the time under each, as updates."""
    pending: str | None = None
    for draft in drafts:
        text = draft.block.text
        if pending is not None:
            clock = _CLOCK.fullmatch(text)
            at = clock[1] if clock else None
            yield Draft(Block(kind=BlockKind.UPDATE, text=pending, at=at))
            pending = None
            if at is not None:
                continue
        if draft.block.kind is BlockKind.PARAGRAPH and separator.fullmatch(text):
            pending = text
        else:
            yield draft
    if pending is not None and not SEPARATOR.fullmatch(pending):
        yield _paragraph(pending)


def _paragraph(text: str) -> Draft:
    return Draft(Block(kind=BlockKind.PARAGRAPH, text=text))
