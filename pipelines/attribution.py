"""Finds the sentences that say where a story comes from, and whom they name.

Kinds of a sentence: `opener` (says where the news comes from), `closer` (stands at the end and
belongs to the article: source mark, author, background), `boilerplate` (belongs to the site, to
be cut), `none`. An article's attributions tell openers apart further: `dateline`, `signature`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from archive.article import Attribution
from pipelines.boilerplate import DOMAIN, is_boilerplate, is_boilerplate_key
from pipelines.letters import folded, tidied
from pipelines.openers import Opening, may_open, read_opener
from pipelines.publishers import is_domain, is_of_host, is_publisher, is_publisher_at_home
from pipelines.sentences import split_sentences

_OPENING_PARAGRAPHS = 4
_CLOSING_PARAGRAPHS = 2
_LONGEST_OPENER_CHARS = 600
_LONGEST_DATELINE_CHARS = 160
_LONGEST_SIGNATURE_CHARS = 120
_LONGEST_MARK_CHARS = 48  # `(Report)`, `./Report/`, `.APA`

_DATELINE = re.compile(
    r"^(?:[^\W\d_]+,\s)?(?P<city>[^\W\d_]{3,}(?:\s[^\W\d_]{3,})?)\s?[,./]?\s?"
    r"(?:\d{1,2}(?:\.\d\d){1,2}|\d{1,2}\s[^\W\d_]+\.?(?:\s\d{4})?)?\s?[,./–—-]*\s?/?\s?"
    r"(?P<site>[^\W_][\w.-]*?)\s?(?:(?:müxbir\w*|xüsusi|корр)[^/]{0,60}/|/)?\s?(?:[.:–—-]|--|$)(?=\s|$)"
)
_AT_END = re.compile(
    r"(?:^|[\s.!?”\"])(?:\((?P<round>[^()/]{2,40})\)|/(?P<slashed>[^/]{2,40})/)[.!]?$|(?<=[^\W\d_]{3})\.(?P<glued>[A-ZƏÇÖÜĞŞİ][\w.]{1,20})$"
)
_ENDS_OF_MARKS = (")", "/", ").", "/.", ")!", "/!")
_BY_LINE = re.compile(r"^(?P<author>[^\W\d_][^/|]{2,60}?)\s?[/|]\s?(?P<site>[\w.-]+\.\w{2,6})$")
_CREDIT = re.compile(
    r"^(?P<what>foto|fotolar|video|muellif|mətn|metn|menbe|hazirladi|tercume|redaktor|фото|видео|автор|источник|photo|author|source|by)\s?:\s?(?P<who>.{2,80})$"
)
_SURNAME = r"[^\W\d_]+(?:ov|ova|yev|yeva|li|lu|zade|oglu|qizi|bəyli|beyli|skaya|ский|ская|ов|ова|ев|ева|ин|ина|заде|лы|ли)"
_PERSON = re.compile(rf"^[^\W\d_]+ {_SURNAME}(?:, (?:[^\W\d_]\.){{1,2}})?$")
_PRESS_SERVICE = re.compile(r"(?:metbuat|pr) (?:xidmeti|sobesi|merkezi)$")
_BACKGROUND = re.compile(
    r"(?:qeyd ed(?:ek|ey|im|ilir)|xatirlad(?:aq|iriq|ilir)|bildirek|elave edek|onu da (?:qeyd|bildirek|deyek)\w*|xatirlayaq|melumat ucun)\b.{0,20}\bki\b"
    r"|(?:faktla|hadise ile|mesele ile|olayla) (?:elaqedar|bagli) (?:hazirda )?(?:arasdirma|istintaq|cinayet isi|emeliyyat|yoxlama)\w* "
    r"|(?:arasdirma|istintaq)(?:lar)? (?:aparilir|davam edir)"
    r"|напомним|отметим|стоит отметить|recall(?: that)?\b|it should be noted"
)
# With one of these begins every background sentence; `startswith` is ten times as fast as a match.
_MAY_BE_BACKGROUND = (
    "qeyd ed", "xatirla", "bildirek", "elave edek", "onu da ", "melumat ucun", "faktla",
    "hadise ile", "mesele ile", "olayla", "arasdirma", "istintaq", "напомним", "отметим",
    "стоит отметить", "recall", "it should be noted",
)  # fmt: skip
_RU_TELL = r"(?:сообща(?:ет|ют|ло)|сообщил[аи]?|переда[её](?:т|ют)|передал[аи]?|пиш(?:ет|ут)|информиру(?:ет|ют)|отмеча(?:ет|ют)|заявил[аи]?)"
_RU_NAME = r"(?P<who>[«\"“]?[^\s,«»\"“”][^,«»\"“”]{0,60}?)[»\"”]?"
_RU_CITED = r"(?:\s(?:со )?ссылк(?:ой|ою) на (?P<cited>[^,.]{2,80}))?"
_RUSSIAN = (
    re.compile(rf"^как (?:уже )?{_RU_TELL} {_RU_NAME}{_RU_CITED}(?:,|\.?$)", re.IGNORECASE),
    re.compile(rf"^об этом {_RU_TELL} {_RU_NAME}{_RU_CITED}[.,]?$", re.IGNORECASE),
    re.compile(rf",\s{_RU_TELL} {_RU_NAME}{_RU_CITED}[.,]?$", re.IGNORECASE),
)
_EN_TELL = r"(?:reports?|reported|informs|says|writes)"
_EN_CITING = r"(?:citing|quoting|via|referring to|with reference to)"
_ENGLISH = (
    re.compile(rf"^as (?P<who>[^,]{{2,40}}?) {_EN_TELL},", re.IGNORECASE),
    re.compile(
        rf"(?:^|,\s)(?P<who>[A-Z][\w.-]+(?:\s[A-Z][\w.-]+)?) {_EN_TELL}(?:,? {_EN_CITING} (?P<cited>(?:(?! that )[^,.]){{2,80}}))?[.,]?(?:\s|$)"
    ),
    re.compile(r"(?:[Aa]ccording to|[Cc]iting) (?P<cited>(?:the )?[A-Z][^,.]{2,60})(?:[,.]|$)"),
)
# One of these is in all that the foreign patterns find; a search for each costs a tenth of them.
_MAY_BE_FOREIGN = (
    "report", "informs", "says", "writes", "according to", "citing", "сообща", "сообщил", "переда",
    "пишет", "пишут", "информиру", "отмеча", "заявил",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one sentence is.

    kind    `opener`, `closer`, `boilerplate` or `none`
    site    the publishing site that it names, as printed without its case ending, or None
    source  the body, agency or person that it names as the source, out of quotes and case, or None
    """

    kind: str
    site: str | None = None
    source: str | None = None


_NOTHING = Reading(kind="none")


def read_attribution(sentence: str, *, host: str | None = None) -> Reading:
    """What the sentence is, and the site and source that it names.

    host  of the page, where known; it decides whether “X” in "X-in məlumatına görə" is the site

    >>> read_attribution("Bu barədə Fins.Az-a “ASAN xidmət”dən məlumat verilib.").source
    'ASAN xidmət'
    """
    text = tidied(sentence)
    if is_boilerplate_key(folded(text)):
        domain = DOMAIN.search(text)
        return Reading(kind="boilerplate", site=domain[0] if domain else None)
    return _read_own(text, host)


def find_attributions(
    paragraphs: Sequence[str], *, host: str | None = None
) -> tuple[Attribution, ...]:
    """The sentences of a body that say where it comes from, in reading order.

    Openers and datelines are looked for in the first paragraphs, signatures in the last; what
    only gives background or belongs to the site is no attribution.
    """
    last = max(len(paragraphs) - _CLOSING_PARAGRAPHS, _OPENING_PARAGRAPHS)
    found = [
        attribution
        for index, paragraph in enumerate(paragraphs[:_OPENING_PARAGRAPHS])
        for attribution in _attributions_in(tidied(paragraph), host, index)
    ]
    for paragraph in paragraphs[last:]:
        found += _signatures_in(tidied(paragraph))
    return tuple(found)


def role_of(paragraph: str, *, host: str | None = None) -> str | None:
    """The role of a block: `attribution`, `dateline`, `signature`, `background`, or None.

    A paragraph has a role only if it is nothing but that; one with news of its own has none.
    """
    text = tidied(paragraph)
    if site := _read_dateline(text):
        return "dateline" if len(text) < len(site) + 60 else None
    if _read_signature(text) and len(split_sentences(text)) == 1:
        return "signature"
    first, *others = split_sentences(text) or ("",)
    kind = _read_own(first, host).kind
    if kind == "closer":
        return "background"
    is_opener = kind == "opener" and all(
        _read_own(sentence, host).kind == "opener" for sentence in others
    )
    return "attribution" if is_opener else None


@lru_cache(maxsize=1024)  # a body's sentences are asked for twice: as blocks, and by sentence
def _read_own(text: str, host: str | None) -> Reading:
    """What a tidied sentence says of its source; what belongs to the site says nothing."""
    key = folded(text)
    reading = (
        _read_signature(text)
        or _read_opening_dateline(text)
        or _read_background(key)
        or _read_opener(text, key, host)
    )
    return _NOTHING if reading is None or is_boilerplate_key(key) else reading


def _attributions_in(paragraph: str, host: str | None, index: int) -> Iterator[Attribution]:
    if index == 0 and (site := _read_dateline(paragraph)):
        found = _DATELINE.match(paragraph[:_LONGEST_DATELINE_CHARS])
        sentence = found[0].strip() if found else paragraph
        yield Attribution(name=None, sentence=sentence, kind="dateline", site=site)
        paragraph = paragraph[len(sentence) :].strip()
    for sentence in split_sentences(paragraph):
        reading = _read_own(sentence, host)
        is_named = reading.site is not None or reading.source is not None
        if reading.kind == "opener" and is_named:
            yield Attribution(
                name=reading.source, sentence=sentence, kind="opener", site=reading.site
            )
        elif reading.kind == "closer" and is_named:
            yield Attribution(
                name=reading.source, sentence=sentence, kind="signature", site=reading.site
            )


def _signatures_in(paragraph: str) -> Iterator[Attribution]:
    for sentence in split_sentences(paragraph):
        reading = _read_signature(sentence)
        is_named = reading is not None and (reading.site or reading.source)
        if reading is not None and is_named and not is_boilerplate(sentence):
            yield Attribution(
                name=reading.source, sentence=sentence, kind="signature", site=reading.site
            )


def _read_dateline(text: str) -> str | None:
    """The site of `BAKI, 7 fevral. TELEQRAF`, `Bakı. Trend:`, `Bakı/12.01.23/Turan:`, or None."""
    head = text[:_LONGEST_DATELINE_CHARS]
    if not ("/" in head or ":" in head or head[:3].isupper()):
        return None  # as of nearly all paragraphs
    found = _DATELINE.match(head)
    if found is None:
        return None
    site = found["site"].strip(".:-")
    return site if is_publisher_at_home(site) else None


def _read_signature(text: str) -> Reading | None:
    """A source mark, an author's line or a press service's name, as they stand at the end."""
    may_end_so = text.endswith(_ENDS_OF_MARKS) or "." in text[-22:-1]
    if may_end_so and (found := _AT_END.search(text[-_LONGEST_MARK_CHARS:])):
        name = (found["round"] or found["slashed"] or found["glued"]).strip()
        if is_publisher(name):
            return Reading(kind="closer", source=name)
    if len(text) > _LONGEST_SIGNATURE_CHARS:
        return None
    if len(text) <= _LONGEST_MARK_CHARS and is_publisher(text) and not is_domain(text):
        return Reading(kind="closer", source=text.rstrip("."))
    key = folded(text)
    has_bar = "/" in text or "|" in text
    if has_bar and (found := _BY_LINE.match(text)):
        return Reading(kind="closer", site=found["site"]) if is_domain(found["site"]) else None
    if ":" in key and (found := _CREDIT.match(key)):
        is_source = found["what"] in {"menbe", "источник", "source"}
        return Reading(kind="closer", source=text.partition(":")[2].strip() if is_source else None)
    if text.istitle() and _PERSON.match(key):
        return Reading(kind="closer")
    is_service = key.endswith(("xidmeti", "sobesi", "merkezi")) and _PRESS_SERVICE.search(key)
    return Reading(kind="closer", source=text) if is_service else None


def _read_opening_dateline(text: str) -> Reading | None:
    site = _read_dateline(text)
    return Reading(kind="opener", site=site) if site else None


def _read_background(key: str) -> Reading | None:
    is_background = key.startswith(_MAY_BE_BACKGROUND) and _BACKGROUND.match(
        key[:_LONGEST_DATELINE_CHARS]
    )
    return Reading(kind="closer") if is_background else None


def _read_opener(text: str, key: str, host: str | None) -> Reading | None:
    if len(text) > _LONGEST_OPENER_CHARS:
        return None
    opening = read_opener(text, host=host) if may_open(key) else None
    opening = opening or _read_foreign(text, key, host)
    return Reading(kind="opener", site=opening.site, source=opening.source) if opening else None


def _read_foreign(text: str, key: str, host: str | None) -> Opening | None:
    """Openers in Russian and English."""
    if text.count("ə") > 2 or not any(map(key.__contains__, _MAY_BE_FOREIGN)):
        return None  # as of all sentences in Azerbaijani: spare six searches
    for pattern in (*_RUSSIAN, *_ENGLISH):
        found = pattern.search(text)
        if found is None:
            continue
        parts = found.groupdict()
        who, cited = (_bare_name(parts.get(part)) for part in ("who", "cited"))
        if pattern in _ENGLISH and who and not is_publisher(who):
            continue
        if who and (
            is_domain(who)
            or (host is not None and is_of_host(who, host))
            or (cited and is_publisher_at_home(who))
        ):
            return Opening(site=who, source=cited)
        return Opening(source=who or cited)
    return None


def _bare_name(name: str | None) -> str | None:
    return name.strip(' «»"“”,.') if name else None
