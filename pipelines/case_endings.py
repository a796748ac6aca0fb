"""Takes Azerbaijani case endings off names: “ASAN xidmət”dən, Fins.Az-a, Mətbuat xidmətindən.

A name ends in a case because the sentence needs it; the name itself is what stands without.
The harmony of vowels decides which endings exist (dan/dən, nın/nin/nun/nün); a possessive keeps
its vowel (xidmət-i-n-dən → xidməti), and final k and q come back (nazirliyin → nazirlik).
"""

import re
from enum import Enum
from functools import lru_cache

_ABLATIVE = re.compile(r"d[aə]n$")
_POSSESSED_ABLATIVE = re.compile(r"(?<=[ıiuü])nd[aə]n$")
_POSSESSED_DATIVE = re.compile(r"(?<=[ıiuü])n[aə]$")
_VOWEL_DATIVE = re.compile(r"(?<=[aəeıioöuü])y[aə]$")
_DATIVE = re.compile(r"[aə]$")
_VOWEL_GENITIVE = re.compile(r"(?<=[aəeıioöuü])n[ıiuü]n$")
_GENITIVE = re.compile(r"[ıiuü]n$")
# Set apart by a hyphen or by closing quotes, where press and schools disagree: Fins.Az-a, “APA”ya.
_SET_APART = re.compile(
    r"(?:-\s?|(?<=[”\"»])\s?-?)(?:n?[ıiuü]n|n?d[aə]n?|[ny]?[aə]|[ny]?[ıiuü]|y?l[aə])$"
)
# The n belongs to these, although it looks like the ending of a possessive.
_STEMS_IN_N = re.compile(
    r"(?:stan|azərbaycan|iran|sudan|oman|vatikan|berlin|pekin|putin|dublin|kremlin|lenin|qazaxıstan)$"
)


class Case(Enum):
    """The cases in which a source is named."""

    GENITIVE = "genitive"
    DATIVE = "dative"
    ABLATIVE = "ablative"


def lowered(text: str) -> str:
    """Lower case by Azerbaijani rules: I becomes ı, İ becomes i; as many letters as before."""
    return text.replace("İ", "i").replace("I", "ı").lower()


def is_set_apart(word: str) -> bool:
    """Whether the word ends in a case ending after a hyphen or after closing quotes."""
    return _SET_APART.search(lowered(word)) is not None


def has_case(word: str, case: Case) -> bool:
    """Whether the word may stand in that case."""
    return without_case(word, case) != word


@lru_cache(maxsize=4_096)  # the words of who tells come back, and are asked for several times
def without_case(word: str, case: Case) -> str:
    """The word without its ending of that case; unchanged where it has none.

    >>> without_case("xidmətindən", Case.ABLATIVE), without_case("nazirliyə", Case.DATIVE)
    ('xidməti', 'nazirlik')
    """
    low = lowered(word)
    if len(low) != len(word):
        return word
    apart = _SET_APART.search(low)
    if apart:
        return word[: apart.start()] if _fits(apart[0].strip("- "), case) else word
    if len(word) < 4:
        return word
    take = {Case.ABLATIVE: _of_ablative, Case.DATIVE: _of_dative, Case.GENITIVE: _of_genitive}[case]
    return take(word, low)


def without_apart(word: str) -> str:
    """The word without an ending that a hyphen or quotes set apart, whatever its case."""
    apart = _SET_APART.search(lowered(word))
    return word[: apart.start()] if apart else word


def _fits(ending: str, case: Case) -> bool:
    patterns = {
        Case.ABLATIVE: r"n?d[aə]n",
        Case.DATIVE: r"[ny]?[aə]",
        Case.GENITIVE: r"n?[ıiuü]n",
    }
    return re.fullmatch(patterns[case], ending) is not None


def _of_ablative(word: str, low: str) -> str:
    if (found := _POSSESSED_ABLATIVE.search(low)) and not _STEMS_IN_N.search(low[:-3]):
        return word[: found.start()]
    return word[:-3] if _ABLATIVE.search(low) else word


def _of_dative(word: str, low: str) -> str:
    if (found := _POSSESSED_DATIVE.search(low)) and not _STEMS_IN_N.search(low[:-1]):
        return word[: found.start()]
    if low.endswith(("liyə", "lüyə")):
        return word[:-2] + "k"
    if found := _VOWEL_DATIVE.search(low):
        return word[: found.start()]
    if not _DATIVE.search(low):
        return word
    return _hardened(word[:-1])


def _of_genitive(word: str, low: str) -> str:
    if (found := _VOWEL_GENITIVE.search(low)) and not _STEMS_IN_N.search(low[:-2]):
        return word[: found.start()]
    return _hardened(word[:-2]) if _GENITIVE.search(low) else word


def _hardened(stem: str) -> str:
    """The stem with the k or q that a vowel had softened: prokurorluğ- is prokurorluq."""
    if stem.endswith("ğ"):
        return stem[:-1] + "q"
    return stem[:-1] + "k" if stem.endswith(("liy", "lüy")) else stem


def possessed(noun: str) -> str:
    """The noun as something's own: sərəncam → sərəncamı, fərman → fərmanı, qayda → qaydası.

    >>> possessed("sərəncam"), possessed("bildiriş")
    ('sərəncamı', 'bildirişi')
    """
    vowels = re.findall(r"[aəeıioöuü]", lowered(noun))
    if not vowels:
        return noun
    ending = {"a": "ı", "ı": "ı", "e": "i", "ə": "i", "i": "i", "o": "u", "u": "u"}.get(
        vowels[-1], "ü"
    )
    return noun + ("s" if lowered(noun)[-1] in "aəeıioöuü" else "") + ending
