"""Reads a headline: the title, and the markers that the newsroom hangs on its end.

The list of markers is closed. A capital word that is not in it is a speaker, a rubric or a part
of the sentence, and stays; so does a marker that is not at the end, and one that the sentence
governs ("yeni üsul barədə XƏBƏRDARLIQ").
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipelines.letters import folded, tidied, words_of

# Always a label: no sentence ends in them unless as one.
_SHOWN = (
    "FOTO|FOTOLAR|FOTOLENT|FOTOREPORTAJ|FOTOSESSİYA|FOTOFAKT|FOTOXRONİKA|FOTOQALEREYA|FOTOSÜJET"
    "|VİDEO|VİDEOLAR|VİDEOREPORTAJ|VİDEOMÜSAHİBƏ|VİDEOÇARX|VİDEOSÜJET|AUDİO|İNFOQRAFİKA"
    "|YENİLƏNİB|YENİLƏNİR|YENİLƏNDİ|CANLI|CANLI YAYIM|ÖZƏL|EKSKLÜZİV"
    "|ФОТО|ВИДЕО|ФОТОСЕССИЯ|ФОТОРЕПОРТАЖ|ВИДЕОРЕПОРТАЖ|ОБНОВЛЕНО|ОБНОВЛЯЕТСЯ|ЭКСКЛЮЗИВ|PHOTO|PHOTOS|VIDEOS|UPDATED|EXCLUSIVE"
)
# A label too, but also a noun that a sentence can govern.
_GENRES = (
    "ŞƏRH|RƏY|TƏHLİL|MÜSAHİBƏ|REPORTAJ|ARAŞDIRMA|AÇIQLAMA|BƏYANAT|XƏBƏRDARLIQ|PROQNOZ|HESABAT|İCMAL"
    "|SİYAHI|CƏDVƏL|NƏTİCƏLƏR|ADLAR|SƏRƏNCAM|FƏRMAN|QƏRAR|RƏSMİ|KONFRANS|SON VƏZİYYƏT|FAKTİKİ HAVA"
    "|SABAHIN HAVASI|HAVA PROQNOZU|MƏLUMAT|TƏFƏRRÜAT|ANONS|DOSYE|KÖŞƏ|ESSE|SORĞU|STATİSTİKA|XRONİKA|OÇERK|PORTRET"
    "|ИНТЕРВЬЮ|СПИСОК|ТАБЛИЦА|КОММЕНТАРИЙ|АНАЛИТИКА|МНЕНИЕ|ПРОГНОЗ|РЕПОРТАЖ|ОФИЦИАЛЬНО"
)
_QUALIFIERS = "EKSKLÜZİV|ÖZƏL|RƏSMİ|BİRGƏ|CANLI"
_QUALIFIED = "MÜSAHİBƏ|REPORTAJ|PROQNOZ|AÇIQLAMA|BƏYANAT|MƏLUMAT|ŞƏRH|RƏY|TƏHLİL|VİDEO|FOTO"
# Before a bare marker these make it a phrase of the headline: "… İLK FOTO".
_ADJECTIVES = words_of(
    "ilk yeni anbaan sok sensasion maraqli gizli son dehsetli tam arxiv nadir"
    " resmi ozel ekskluziv birge canli"
)
_NUMBERED = frozenset({"YENİLƏNİB", "YENİLƏNİR", "YENİLƏNDİ", "ОБНОВЛЕНО", "UPDATED"})


def _canonical() -> dict[str, str]:
    phrases = {
        f"{first} {noun}" for first in _QUALIFIERS.split("|") for noun in _QUALIFIED.split("|")
    }
    return {
        folded(marker): marker for marker in {*_SHOWN.split("|"), *_GENRES.split("|"), *phrases}
    }


_MARKERS = _canonical()
_ALWAYS_LABELS = frozenset(_SHOWN.split("|"))
_LAST_WORDS = frozenset(marker.rpartition(" ")[2] for marker in _MARKERS)
_MOST_WORDS = max(marker.count(" ") + 1 for marker in _MARKERS)

_SPACES_AND_STOPS = " \t\r\n\u00a0.!;"
_MOST_MARKERS = 9  # of real headlines none has more than four
_LAST_CHARS = 60  # longer than the longest marker with its number
_WORD = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f])+")
_NUMBER_AT_END = re.compile(r"(?:\s*[-–—]\s*|\s+)?(?<!\d)(\d{1,2})$|\s*\((\d{1,2})\)$")
_BRACKETED = re.compile(r"[(\[/]\s*([^()\[\]]+?)\s*[)\]/]$")
_SEPARATOR = re.compile(r"(\s*)(?:([-–—−|•]+)|([:/+,&]|(?<=\s)(?i:və|ve|и|and)(?=\s)))?(\s*)$")
_BETWEEN = re.compile(r"\s*[/+,&;|–-]\s*(?!\d)|\s+(?i:və|ve|и|and)\s+|\)\s*\(|\s{2,}")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>?")
# A case or a postposition that asks for a noun: "fotoqrafla MÜSAHİBƏ", "üsul barədə XƏBƏRDARLIQ".
_GOVERNS = re.compile(r"(?:d[ae]n|n[iu]n|(?<!s)[iu]n|(?<!iy)a|e|bagli|dair|о|об|для)$")
_UNGOVERNING = words_of("gun dunya merhele mubarize tecrube qelebe vezife sahe muqavile hadise")
_SHORTEST_TWICE_CHARS = 20
_LONGEST_TWICE_WORDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A headline and what it is made of.

    headline   as printed
    title      the same without its markers, otherwise untouched
    markers    upper case, each once, in printed order, without number
    update_no  the number of YENİLƏNİB-2, or None
    """

    headline: str
    title: str
    markers: tuple[str, ...]
    update_no: int | None = None


@dataclass(frozen=True, slots=True)
class _Marked:
    """The end of a headline that turned out to be markers, and what stands before it."""

    before: str
    markers: tuple[str, ...]
    number: int | None = None


def read_headline(printed: str) -> Headline:
    """The headline parted into title and markers.

    >>> read_headline("Körpü açılıb - FOTO - YENİLƏNİB-2").markers
    ('FOTO', 'YENİLƏNİB')
    """
    title = printed.strip()
    markers: tuple[str, ...] = ()
    number: int | None = None
    for _ in range(_MOST_MARKERS):
        marked = _last_marker(title)
        if marked is None or not marked.before:
            break
        title, markers = marked.before, marked.markers + markers
        number = marked.number if number is None else number
    once = tuple(dict.fromkeys(markers))
    return Headline(headline=printed, title=title, markers=once, update_no=number)


def clean_headline(printed: str) -> str:
    """The headline as a reader sees it: entities and literal tags gone, printed once, white space unified.

    Some systems escape the editor's tags (`&lt;b style=…&gt;` in the title), some print the
    headline twice in one node; what stands between two letters stays as it is.
    """
    text = printed
    for _ in range(2):  # double-escaped on some sites: &amp;quot;
        text = html.unescape(text)
    text = tidied(_TAG.sub(" ", text)) if "<" in text else tidied(text)
    return _once(text)


def read_badges(printed: Iterable[str]) -> tuple[str, ...]:
    """The markers among badges that stand beside a headline, such as `Foto` or `Yenilənib`.

    >>> read_badges(["Foto", "Dünya"])
    ('FOTO',)
    """
    markers = (_MARKERS.get(folded(badge).strip("()[] -")) for badge in printed)
    return tuple(dict.fromkeys(marker for marker in markers if marker))


def _once(text: str) -> str:
    """The text, or its first half where the second says the same again (markers aside)."""
    words = text.split(" ")
    if len(words) > _LONGEST_TWICE_WORDS:
        return text
    for cut in range(max(2, len(words) // 3), len(words) - len(words) // 3):
        first, second = " ".join(words[:cut]), " ".join(words[cut:])
        if words[0] != words[cut] or len(first) < _SHORTEST_TWICE_CHARS:
            continue
        if first == second or read_headline(first).title == read_headline(second).title:
            return max(first, second, key=len)
    return text


def _last_marker(title: str) -> _Marked | None:
    text = title.rstrip(_SPACES_AND_STOPS)
    return _bracketed_markers(text) or _joined_marker(text)


def _bracketed_markers(text: str) -> _Marked | None:
    """`(FOTO)`, `[Video]`, `(FOTO/VİDEO)`, `/FOTO/`: all that is in the brackets must be markers."""
    found = _BRACKETED.search(text, max(0, len(text) - _LAST_CHARS))
    if found is None:
        return None
    markers, number = [], None
    for part in _BETWEEN.split(found[1]):
        named = _marker_of(part) or next(iter(_numbered_marker(part)), None)
        if named is None:
            return None
        markers.append(named[0])
        number = number or named[1]
    return _Marked(_without_separator(text[: found.start()]), tuple(markers), number)


def _joined_marker(text: str) -> _Marked | None:
    """A marker after a dash, or bare in capitals."""
    for word, number, start in _endings(text):
        marker = _MARKERS.get(folded(word))
        if marker is None or (number is not None and marker not in _NUMBERED):
            continue
        separator = _SEPARATOR.search(text, max(0, start - _LAST_CHARS), start)
        before = text[: separator.start()] if separator else ""
        if separator and before and _is_label(word, marker, before, separator):
            return _Marked(_without_separator(before), (marker,), number)
    return None


def _endings(text: str) -> Iterator[tuple[str, int | None, int]]:
    """The last words of the text, most words first, with the number after them, and their start."""
    ends: list[tuple[int, int | None]] = [(len(text), None)]
    if number := _NUMBER_AT_END.search(text, max(0, len(text) - _LAST_CHARS)):
        ends.insert(0, (number.start(), int(number[1] or number[2])))
    for end, figure in ends:
        starts = [found.start() for found in _WORD.finditer(text, max(0, end - _LAST_CHARS), end)]
        if not starts or folded(text[starts[-1] : end]) not in _LAST_WORDS:
            continue  # as of nearly all headlines
        for start in starts[-_MOST_WORDS:]:
            yield text[start:end], figure, start


def _marker_of(word: str) -> tuple[str, int | None] | None:
    marker = _MARKERS.get(folded(word))
    return (marker, None) if marker else None


def _numbered_marker(part: str) -> Iterator[tuple[str, int | None]]:
    number = _NUMBER_AT_END.search(part)
    marker = _MARKERS.get(folded(part[: number.start()])) if number else None
    if number and marker in _NUMBERED:
        yield marker, int(number[1] or number[2])


def _is_label(word: str, marker: str, before: str, separator: re.Match[str]) -> bool:
    """Whether a listed word at the end is a label, and not a part of the sentence."""
    space, dash, joint, space_after = separator.groups()
    is_capital = word == word.upper()
    if dash and (space or space_after):
        return True
    if not is_capital:
        return False
    if _ends_in_listed(before):
        return True
    last_word = before.split()[-1]
    if dash or joint:
        return marker in _ALWAYS_LABELS and not last_word.isupper()
    if before.isupper() or folded(last_word) in _ADJECTIVES:
        return False
    return marker in _ALWAYS_LABELS or not _asks_for_noun(folded(last_word))


def _ends_in_listed(text: str) -> bool:
    text = text.rstrip(_SPACES_AND_STOPS)
    if _bracketed_markers(text):
        return True
    return any(word.isupper() and folded(word) in _MARKERS for word, _, _ in _endings(text))


def _asks_for_noun(word: str) -> bool:
    return word not in _UNGOVERNING and _GOVERNS.search(word) is not None


def _without_separator(text: str) -> str:
    return text.rstrip().rstrip("-–—−|•").rstrip()
