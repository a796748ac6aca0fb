"""Tells the language of a text by its letters, endings and smallest words, not by what the page says.

Pages marked `az` hold Russian, feeds named `ru` hold Azerbaijani. Azerbaijani is known in Latin
letters, in Cyrillic ones (ә ғ ҹ ҝ ө ү һ ј) and without its marks, as it is typed on foreign
keyboards ("asan xidmet"). The neighbours that press and agencies mix in are Russian, English and
Turkish; anything else, and what is too short to tell, is None.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.letters import folded, words_of

_READ_CHARS = 1500  # more changes nothing and costs time
_ADDRESS = re.compile(r"\S*(?:://|www\.|@)\S*")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-zÀ-ɏəƏ]")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_MARKED = re.compile(r"[əƏıİşŞçÇğĞöÖüÜәӘ]")
_SCHWA = re.compile(r"[əƏәӘ]")  # ә in Latin text is ə from another keyboard
_TURKIC_LETTER = re.compile(r"[ıİşŞğĞ]")
_AZERBAIJANI_CYRILLIC = re.compile(r"[ҹҸҝҜәӘғҒөӨүҮһҺјЈ]")
_OTHER_CYRILLIC = re.compile(r"[іїєґІЇЄҐқңұўҚҢҰЎљњћђ]")

# Every eleventh letter of Azerbaijani is ə; English on "Heydər Əliyev" has one in a hundred.
_SURE_SCHWA_SHARE = 0.06
_SCHWA_SHARE = 0.02
_OTHER_CYRILLIC_SHARE = 0.01
_TURKIC_SHARE = 0.25
_ENGLISH_SHARE = 0.12
_SHORT_CHARS = 20
_SURE_WORDS = 12  # in longer text one hint is chance

# All lists are folded: they must hold without marks too.
_RUSSIAN = words_of(
    "и в на не что с по из за как это для от к о у а но его она они он мы был была было были также после при до"
    " со или который которые которая где когда об года году более уже только между во чтобы их есть"
)
_ENGLISH = words_of(
    "the of and to in is was for on that with as by at from it he she they be are were has have had not an this which"
    " will would its his her their been or but said after about more than who when where what also between during"
)
_EUROPEAN = words_of(
    "el la los las que y en del por para con una se es lo como le les des et du dans est pour pas sur qui une au ne"
    " der die und das den dem ist von zu mit sich nicht ein eine auf fur im het een van dat det att som til av og ikke"
    " il di che della non si per sono os um uma nao da na em w z sie ze je dla jak"
)
_TURKIC = words_of(
    "ve ile bir bu hem olan olub daha ki icin ucun gibi kimi her ise sonra var yox yok gore uzre uzerinde idi oldu"
    " edir edib edildi edilib olacaq olacak yeni gun qeder kadar haqqinda hakkinda cox cok bele boyle sozlerine"
)
_TURKIC_WORD = re.compile(
    r".{2,}(?:l[ae]r(?:i|in|ini|ina|ine|inda|inde|indan|inden|da|de|dan|den|a|e)?|[iu]nd[ae]n?|d[ae]n|[iu]nin|n[iu]n"
    r"|l[iu][kq]|liyi|ligi|lugu|m[ae][kq]|[iu]b|mis|ibl[ae]r|[iu]r|yor|ac[ae][kq]|ec[ae]k|d[iu]r?|maqda|mekde|[st]in[ae])$"
    r"|.*q(?!u)|x[aeiou]"
)
_AZERBAIJANI_ONLY = words_of(
    "ucun olub edib edilib olunub bildirib haqqinda barede uzre qeyd xeber verilib kecirilib deyil yox kimi evvel nece"
    " niye erzinde nefer manat nazirliyi dovlet hansi qarsi qeder yalniz lakin teskil bele olke seher men edir"
    " terefinden kecib deyib neticesinde artiq hele azerbaycanin bakida asan xidmet olaraq olacaq verir elan davam idi"
)
_TURKISH_ONLY = words_of(
    "icin gibi cok ancak degil kadar soyledi dedi etti ediyor yilinda yil baskani bakani nasil neden olarak degildir"
    " bulunan henuz simdi aciklama belirtti kaydetti oldugunu yapildi tarafindan istiyor iyi kotu once olacak yok edildi"
)
_AZERBAIJANI_SPELLING = re.compile(
    r"q(?!u)|.[iu]b(?:l[ae]r)?$|x|[aeiu]sdir|[iu]lir$|mege$|maga$|.dir$"
)
_TURKISH_SPELLING = re.compile(
    r"yor(?:du|lar|um|uz)?$|a[ck]ak$|[iu]k$|w|mistir$|[dt]ig[iu]|h[iu]k|ak$|lik$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageReading:
    """What a text is written in.

    language  `az`, `ru`, `en`, `tr`, or None where it is another or cannot be told
    script    `Latn`, `Cyrl`, or `ascii` for Azerbaijani without its marks; None without letters
    """

    language: str | None
    script: str | None


def read_language(text: str) -> LanguageReading:
    """The language and script of the text; short strings are read where their letters suffice.

    >>> read_language("Nazirlikdə keçirilən görüş başa çatıb")
    LanguageReading(language='az', script='Latn')
    """
    head = text[:_READ_CHARS]
    if head.count("ə") + head.count("Ə") > _SURE_SCHWA_SHARE * len(head):
        return LanguageReading(language="az", script="Latn")  # nearly all: spares the counting
    head = _ADDRESS.sub(" ", head)
    latin, cyrillic = len(_LATIN.findall(head)), len(_CYRILLIC.findall(head))
    if latin + cyrillic == 0:
        return LanguageReading(language=None, script=None)
    if cyrillic > latin:
        return LanguageReading(language=_read_cyrillic(head, cyrillic), script="Cyrl")
    language = _read_latin(head, latin)
    is_bare = language == "az" and _MARKED.search(head) is None
    return LanguageReading(language=language, script="ascii" if is_bare else "Latn")


def _read_cyrillic(text: str, letters: int) -> str | None:
    own = len(_AZERBAIJANI_CYRILLIC.findall(text))
    foreign = len(_OTHER_CYRILLIC.findall(text))
    if own > max(1, _SCHWA_SHARE * letters) and foreign * 4 < own:
        return "az"
    if foreign > _OTHER_CYRILLIC_SHARE * letters:
        return None
    is_russian = letters > _SHORT_CHARS or any(
        word in _RUSSIAN for word in _WORD.findall(folded(text))
    )
    return "ru" if is_russian else None


def _read_latin(text: str, letters: int) -> str | None:
    """Azerbaijani by its ə, English by its small words, the Turkic sisters by their endings."""
    schwas = len(_SCHWA.findall(text))
    if schwas > _SURE_SCHWA_SHARE * letters:
        return "az"
    words = _WORD.findall(folded(text))
    turkic = sum(word in _TURKIC or _TURKIC_WORD.match(word) is not None for word in words)
    english = sum(word in _ENGLISH for word in words)
    european = sum(word in _EUROPEAN for word in words)
    if english > european and english >= _ENGLISH_SHARE * len(words) and english * 2 > turkic:
        return "en"
    if schwas > _SCHWA_SHARE * letters:
        return "az"
    is_turkic = turkic >= max(1, _TURKIC_SHARE * len(words)) and turkic > 2 * max(english, european)
    has_letters = len(_TURKIC_LETTER.findall(text)) > _SCHWA_SHARE * letters
    return _sister(words, letters) if is_turkic or has_letters else None


def _sister(words: Sequence[str], letters: int) -> str | None:
    """Azerbaijani or Turkish, by words and spellings that only one of them has."""
    azerbaijani = sum(_hint(word, _AZERBAIJANI_ONLY, _AZERBAIJANI_SPELLING) for word in words)
    turkish = sum(_hint(word, _TURKISH_ONLY, _TURKISH_SPELLING) for word in words)
    most = max(azerbaijani, turkish)
    if (len(words) > _SURE_WORDS and most < 2) or (letters > _SHORT_CHARS and most == 0):
        return None
    return "az" if azerbaijani >= turkish else "tr"


def _hint(word: str, own: frozenset[str], spelling: re.Pattern[str]) -> int:
    return 2 * (word in own) + (spelling.search(word) is not None)
