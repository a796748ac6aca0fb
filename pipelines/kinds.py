"""Judges a response before it is read: article, list, error, block page, consent wall, stub, moved.

Only an article may become a version, so a page that is none must be known for what it is although
its status says 200. Each judgement comes with its reason. `judge_response` asks the status, the
headers and the first bytes; `judge_page` the tree; `judge_reading` what the reading found.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from archive.article import Block, PageKind
from pipelines.addresses import canonical_address, is_article_address
from pipelines.items import Page
from pipelines.letters import folded
from pipelines.parsing import (
    ParsedPage,
    absolute_url,
    clean_text,
    is_text,
    stands_aside,
    string_of,
    text_of,
)
from pipelines.rules import Site

_SHORT_PAGE_CHARS = 1_500  # of visible text; an error or a challenge says little else
_STUB_CHARS = 700
_STUB_WORDS = tuple(
    word.encode() for word in ("oxumaq", "abunə", "ubscri", "ontinue", "ign in", "читать", "подпис")
)
_LONGEST_ERROR_CHARS = 100
_FEW_ERROR_PARAGRAPHS = 3
_MOST_PARAGRAPHS = 100  # that are looked at
_REFRESH_AT_ONCE_S = 10  # oxu.az reloads itself after 600
_LIST_LINKS = 15
_LIST_PROSE_CHARS = 600
_LIST_BLOCKS = 20
_MOST_LINK_CHARS = 1_000_000
_LONGEST_PARAGRAPH_CHARS = 2_000  # one block that is longer is a page whose structure was lost
_ENDS_SENTENCE = re.compile(r"[.!?…][”\"»)]*$")
_HEAD_BYTES = 400

_TITLE = etree.XPath("string(/html/head/title)", smart_strings=False)
_REFRESH = etree.XPath(
    "/html/*/meta[contains(translate(@http-equiv, 'REFSH', 'refsh'), 'refresh')]/@content",
    smart_strings=False,
)
_BODY = etree.XPath("/html/body")
_SHOWN = etree.XPath(
    "descendant::text()[not(parent::script or parent::style or parent::template)]",
    smart_strings=False,
)
_LINKED = etree.XPath("/descendant::a[@href]")  # `//a` takes 30 s for 100,000 of one parent

_XML_KINDS = (
    (re.compile(rb"<(?:rss|rdf:RDF|feed)[\s>]"), PageKind.FEED, "is a feed"),
    (re.compile(rb"<(?:urlset|sitemapindex)[\s>]"), PageKind.SITEMAP, "is a sitemap"),
)
_REFRESH_TARGET = re.compile(r"\s*(\d+)\s*[;,]\s*(?:url\s*=)?\s*['\"]?([^'\"]+)", re.IGNORECASE)
_SCRIPT_MOVE = re.compile(
    r"(?:window|document|self|top)?\.?location(?:\.href)?\s*=\s*['\"]([^'\"]+)['\"]|location\.replace\(\s*['\"]([^'\"]+)"
)
_ERROR_TITLE = re.compile(
    r"""(?: xeta(?:\sbas\sverdi|\s?\(?\#?\d{3}\)?)? | (?:error|ошибка|oops|uups)?[\s:,-]*\#?\(?\#?(?:400|401|403|404|410|500|502|503|504)\)?
        | (?:axtardiginiz\s)?(?:sehife|xeber|melumat|material)\s(?:movcud\sdeyil|tapilmadi|silinib)\S* | belesehifeyoxdur | bele\ssehife\syoxdur
        | (?:page\s|file\s|object\s)?not\sfound(?:\s?\(\#?\d{3}\))? | (?:the\s)?page\s(?:you\s(?:requested|are\slooking\sfor)\s)?(?:(?:was|could|can)\s?not\s(?:be\s)?found|does\snot\sexist|not\sfound)
        | (?:страница|запись|материал|новость)\sне\s(?:найден[ао]?|существует) | (?:internal\s)?server\serror | bad\s(?:gateway|request)
        | (?:sayt(?:da|imizda)?\s)?(?:hazirda\s)?(?:texniki|profilaktik)\sisler(?:\s(?:aparilir|gedir|gorulur))?
        | (?:(?:web)?site\s|we\sare\s)?(?:is\s)?(?:currently\s)?(?:under|down\sfor)\s(?:scheduled\s)?maintenance
        | (?:на\sсайте\s)?(?:ведутся|проводятся)\sтехнические\sработы
        | service\s(?:temporarily\s)?unavailable | database\serror | error\sestablishing\sa\sdatabase\sconnection | error | ошибка
        | (?:error\s)?(?:404|500|503|502)(?:\s?[:!.|–-]+\s?.{0,40}|\s(?:not\sfound|error|page\snot\sfound|forbidden|sehife\s.{0,20})) )[.!]?""",
    re.VERBOSE,
)
# What a program that broke prints instead of the page.
_BROKEN = re.compile(
    r"\s*(?:(?:php )?(?:fatal|parse) error\s?:|uncaught (?:error|exception)|sqlstate\[|error establishing a database|traceback \(most recent)"
)
_BLOCK_TITLE = re.compile(
    r"just a moment|attention required! \| cloudflare|access (?:to this page has been )?denied|ddos-guard|are you (?:a )?(?:human|robot)"
    r"|robot (?:or human|check)|checking your browser|security check|verify(?:ing)? (?:you are|that you are)? ?human|pardon our interruption"
    r"|request (?:blocked|rejected)|403 forbidden|bot (?:verification|protection)|human verification|captcha|проверка браузера|доступ (?:ограничен|запрещен)"
)
_BLOCK_MARKUP = re.compile(
    r"cf-browser-verification|cf-challenge|challenge-platform|_cf_chl_opt|/cdn-cgi/challenge|g-recaptcha|h-captcha|ddos-guard|_incapsula_|px-captcha"
    r"|captcha-form|captcha\.js|smartcaptcha|name=[\"']?captcha",
    re.IGNORECASE,
)
# One of these is in all that `_BLOCK_MARKUP` finds; a search for each costs a hundredth of it.
_MAY_BLOCK = (
    b"captcha", b"cf-browser", b"cf-challenge", b"challenge-platform", b"_cf_chl_opt",
    b"cdn-cgi/challenge", b"ddos-guard", b"_incapsula_",
)  # fmt: skip
_BLOCK_MARKUP_BYTES = 200_000
_BLOCK_TEXT = re.compile(
    r"captcha|(?:you have been|your (?:ip|request) (?:has been|was)) blocked|unusual traffic|enable javascript and cookies to continue|robot olmadigin|подтвердите, что вы не робот"
)
_CONSENT_TITLE = re.compile(
    r"before you continue|consent required|cookie (?:consent|wall)|yahoo (?:is part|family)|razilig verin"
)
_CONSENT_HOST = re.compile(r"^(?:consent|guce|cmp)\.")
_CONSENT_HEADING = re.compile(r"\b(?:kuki|cookie|cerez|куки)|\bfayllari?ndan istifade|razilig ver")
_ACCEPTS = re.compile(
    r"(?:hamisini )?qebul ed|raziyam|razilasiram|accept|agree|i agree|приня|соглас"
)
# The page of a site on itself: no address of an article, whatever text stands there.
_SERVICE = re.compile(
    r"(?:bizimle )?elaqe|haqqimizda|sayt haqqinda|reklam(?: haqqinda)?|daxil ol(?:un)?|giris|qeydiyyat(?:dan kecin)?"
    r"|istifade (?:qaydalari|sertleri)|mexfilik siyaseti|redaksiya(?: heyeti)?|sifreni unutmusunuz\??"
    r"|контакты|о нас|о сайте|реклама(?: на сайте)?|вход|войти|регистрация|редакция|политика конфиденциальности"
    r"|contacts?(?: us)?|about(?: us)?|log ?in|sign (?:in|up)|register|registration|terms of use|privacy policy"
)
_NOT_FREE = re.compile(rb"isAccessibleForFree\W{1,8}(?:https?://schema\.org/)?false", re.IGNORECASE)
_CHANNELS = "kanal|tele[gq]ram|whatsapp|youtube|instagram|facebook|sebeke|izle"
_STUB_TEXT = re.compile(
    rf"(?:daha cox|tam metni) oxumaq ucun(?!.{{0,60}}(?:{_CHANNELS}))|davamini oxumaq ucun (?:abune|daxil|qeydiyyat)|yalniz abuneci|abunecilere ozel"
    r"|subscribe to (?:continue|read)|to continue reading|this (?:article|content) is for subscribers|sign in to (?:continue|read)|already a subscriber"
    r"|чтобы (?:прочитать|продолжить)|доступно только (?:подписчикам|по подписке)|для подписчиков"
)
# One of these is in all that `_STUB_TEXT` finds.
_MAY_BE_STUB = (
    "oxumaq ucun", "yalniz abuneci", "abunecilere ozel", "subscribe to ", "to continue reading",
    "for subscribers", "sign in to ", "already a subscriber", "чтобы про", "доступно только ",
    "для подписчиков",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a response is, and why."""

    kind: PageKind
    reason: str


def judge_response(page: Page) -> Judgement | None:
    """What the status, the headers and the first bytes tell; None where the page must be parsed."""
    if page.location is not None or (300 <= page.status < 400 and page.status != 304):
        return Judgement(PageKind.MOVED, f"redirects to {page.location or 'nowhere'}")
    if page.status == 304:
        return Judgement(PageKind.UNCHANGED, "has not changed since the last capture")
    if not page.body or page.body.isspace():
        if page.status >= 400:
            return Judgement(PageKind.ERROR, f"status {page.status}")
        return Judgement(PageKind.ERROR, "the response has no content")
    if not is_text(page):
        said = (page.content_type or "").strip()
        if said.startswith("text/"):
            return Judgement(PageKind.OTHER, f"is no text, although it is sent as {said}")
        kind = PageKind.PHOTO if said.startswith("image/") else PageKind.OTHER
        return Judgement(kind, f"is not a page: {said or 'binary content'}")
    head = page.body[:_HEAD_BYTES].lstrip()
    for pattern, kind, reason in _XML_KINDS:
        if head.startswith(b"<") and pattern.search(head) and b"<html" not in head.lower():
            return Judgement(kind, reason)
    if head[:1] in (b"{", b"["):
        return Judgement(PageKind.OTHER, "is JSON, not a page")
    return None


def judge_page(parsed: ParsedPage, site: Site | None) -> Judgement | None:
    """What the tree tells before it is read; None where it may be an article."""
    page, root = parsed.page, parsed.root
    title = folded(clean_text(_TITLE(root)))
    visible = _visible_chars(root)
    judgement = _judge_block(parsed, title, visible)
    if judgement is None and page.status >= 400:
        judgement = Judgement(PageKind.ERROR, f"status {page.status}")
    return (
        judgement
        or _judge_move(parsed, visible)
        or _judge_error(root, title, visible)
        or _judge_consent(parsed, title, visible)
        or _judge_address(page, site)
    )


def judge_reading(
    parsed: ParsedPage, site: Site | None, headline: str, blocks: Sequence[Block], *, is_sure: bool
) -> Judgement | None:
    """What the reading tells: a page without a body, a list, a stub; None for an article.

    is_sure  the site's own rules found the body, or structured data tells of an article; then it
             is no list
    """
    text_chars = sum(len(block.text) for block in blocks)
    if not blocks and not headline:
        return Judgement(PageKind.OTHER, "has neither a headline nor a body")
    if not is_sure and (reason := _list_reason(parsed, site, blocks)):
        return Judgement(PageKind.LIST, reason)
    if not is_sure and _SERVICE.fullmatch(folded(headline)):
        return Judgement(PageKind.OTHER, f"a page of the site on itself: {headline[:80]}")
    if text_chars < _STUB_CHARS and blocks and _NOT_FREE.search(parsed.page.body):
        return Judgement(PageKind.STUB, "says that it is not free and shows the beginning only")
    may_be_stub = text_chars < _STUB_CHARS and any(word in parsed.page.body for word in _STUB_WORDS)
    if may_be_stub and _asks_to_subscribe(parsed.root):
        return Judgement(PageKind.STUB, "shows the beginning only and asks to subscribe or log in")
    if not blocks:
        return Judgement(PageKind.OTHER, "has a headline but no body")
    return None


def _asks_to_subscribe(root: HtmlElement) -> bool:
    shown = folded("".join(_SHOWN(_body_of(root))))
    return any(map(shown.__contains__, _MAY_BE_STUB)) and _STUB_TEXT.search(shown) is not None


def _judge_block(parsed: ParsedPage, title: str, visible: int) -> Judgement | None:
    if visible > _SHORT_PAGE_CHARS:
        return None
    if _BLOCK_TITLE.search(title):
        return Judgement(PageKind.BLOCK, f"a block page: {title[:80]}")
    if _has_challenge(parsed.page.body[:_BLOCK_MARKUP_BYTES], visible):
        return Judgement(PageKind.BLOCK, "a captcha stands in front of the page")
    if visible < _SHORT_PAGE_CHARS // 2 and _BLOCK_TEXT.search(
        folded(string_of(_body_of(parsed.root)))
    ):
        return Judgement(PageKind.BLOCK, "the site asks for proof of being human")
    return None


def _has_challenge(body: bytes, visible: int) -> bool:
    if not any(map(body.lower().__contains__, _MAY_BLOCK)):
        return False
    markup = body.decode("utf-8", "ignore")
    return _BLOCK_MARKUP.search(markup) is not None and (
        visible < _SHORT_PAGE_CHARS // 3 or _BLOCK_TEXT.search(folded(markup)) is not None
    )


def _judge_move(parsed: ParsedPage, visible: int) -> Judgement | None:
    for content in _REFRESH(parsed.root)[:3]:
        found = _REFRESH_TARGET.match(content)
        if found is None or int(found[1][:6]) > _REFRESH_AT_ONCE_S:
            continue
        target = absolute_url(parsed.base_url, found[2])
        if target and canonical_address(target) != canonical_address(parsed.page.url):
            return Judgement(PageKind.MOVED, f"refreshes to {target}")
    if visible < 100 and parsed.page.is_truncated is False and len(parsed.page.body) < 4_000:
        script = _SCRIPT_MOVE.search(parsed.page.body.decode("utf-8", "ignore"))
        target = absolute_url(parsed.base_url, script[1] or script[2]) if script else None
        if target and canonical_address(target) != canonical_address(parsed.page.url):
            return Judgement(PageKind.MOVED, f"a script leads to {target}")
    return None


def _judge_error(root: HtmlElement, title: str, visible: int) -> Judgement | None:
    if _has_paragraphs(root):
        return None
    if visible < _SHORT_PAGE_CHARS // 2 and _BROKEN.match(folded(string_of(_body_of(root)))):
        return Judgement(PageKind.ERROR, "the error of a program stands in place of the page")
    headings = _headings_of(root)
    named = re.split(r"\s[|–—-]\s", title)
    for words in (*headings, title, *named):
        if _ERROR_TITLE.fullmatch(words):
            return Judgement(PageKind.ERROR, f"an error page: {words[:80]}")
    return None


def _judge_consent(parsed: ParsedPage, title: str, visible: int) -> Judgement | None:
    host = urlsplit(parsed.page.url).hostname or ""
    if _CONSENT_HOST.match(host) or (visible < _SHORT_PAGE_CHARS and _CONSENT_TITLE.search(title)):
        return Judgement(PageKind.CONSENT, "a wall that asks for consent stands before the page")
    if visible < _SHORT_PAGE_CHARS // 2 and _is_consent(parsed.root):
        return Judgement(PageKind.CONSENT, "says nothing but that it asks for consent")
    return None


def _is_consent(root: HtmlElement) -> bool:
    """Whether all headings are on cookies, and a button accepts them."""
    headings = _headings_of(root)
    if not headings or not all(map(_CONSENT_HEADING.search, headings)):
        return False
    buttons = islice(root.iter("button", "a", "input"), _MOST_PARAGRAPHS)
    return any(_ACCEPTS.match(folded(text_of(each) or each.get("value", ""))) for each in buttons)


def _headings_of(root: HtmlElement) -> list[str]:
    printed = [text_of(node) for node in islice(root.iter("h1", "h2"), 3)]
    return [folded(text) for text in printed if len(text) <= _LONGEST_ERROR_CHARS]


def _judge_address(page: Page, site: Site | None) -> Judgement | None:
    parts = urlsplit(page.url)
    if parts.path in {"", "/"} and not parts.query:
        return Judgement(PageKind.LIST, "is the home page")
    return None


def _list_reason(parsed: ParsedPage, site: Site | None, blocks: Sequence[Block]) -> str | None:
    """Why the page is a list: many headlines of others, or many short entries, and little prose."""
    if site is not None and site.articles and is_article_address(parsed.page.url, site):
        return None
    prose = [
        block for block in blocks if len(block.text) > 80 and _ENDS_SENTENCE.search(block.text)
    ]
    if len(blocks) >= _LIST_BLOCKS and len(prose) * 10 < len(blocks):
        return f"{len(blocks)} short entries and hardly a sentence"
    is_dump = len(blocks) == 1 and len(blocks[0].text) > _LONGEST_PARAGRAPH_CHARS
    prose_chars = 0 if is_dump else sum(len(block.text) for block in prose)
    if prose_chars >= _LIST_PROSE_CHARS:
        return None
    linked = {text for text in _link_texts(parsed.root) if len(text) > 25}
    if len(linked) >= _LIST_LINKS and sum(map(len, linked)) > 3 * prose_chars:
        return f"{len(linked)} links with headlines and little text beside them"
    alike = Counter((node.tag, node.get("class")) for node in parsed.root.iter("h2", "h3", "h4"))
    count = max(alike.values(), default=0)
    return (
        f"{count} headings of one kind and little text beside them"
        if count >= _LIST_LINKS
        else None
    )


def _link_texts(root: HtmlElement) -> Iterator[str]:
    """The texts of the first links, which may lie in each other: only so much of them."""
    chars = 0
    for node in _LINKED(root)[:2_000]:
        text = string_of(node)
        chars += len(text)
        if chars > _MOST_LINK_CHARS:
            return
        yield clean_text(text)


def _has_paragraphs(root: HtmlElement) -> bool:
    """Whether the page has as many paragraphs of prose as no error page has."""
    count = 0
    for node in islice(root.iter("p"), _MOST_PARAGRAPHS):
        if len(clean_text(string_of(node))) > 80 and not stands_aside(node):
            count += 1
            if count == _FEW_ERROR_PARAGRAPHS:
                return True
    return False


def _body_of(root: HtmlElement) -> HtmlElement:
    found = _BODY(root)
    return found[0] if found else root


def _visible_chars(root: HtmlElement) -> int:
    """The characters of the body that are not in scripts; counted as far as a page is short."""
    body = _body_of(root)
    total = _chars_in(body.iter("p"))  # of most pages they are enough, and few
    return total if total > _SHORT_PAGE_CHARS else _chars_in(body.iter(etree.Element))


def _chars_in(nodes: Iterable[HtmlElement]) -> int:
    total = 0
    for node in nodes:
        if node.tag not in {"script", "style", "noscript", "template"} and node.text:
            total += len(node.text.strip())
        if node.tail:
            total += len(node.tail.strip())
        if total > _SHORT_PAGE_CHARS:
            break
    return total
