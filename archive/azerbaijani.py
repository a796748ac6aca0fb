"""Azerbaijani words as search keys: folded, cut into words, brought to a stem.

Nothing here is ever stored as text: the archive keeps what was printed, keys live in the search
index alone. Everything after `fold` works on folded letters, so that a reader who types without
diacritics and a page that was typed with them meet at the same key; what folding hides (ı and i,
ö and o, ş and s) is the price.

Source: Unicode Standard Annex 15 (NFKD, NFC); UTS 39 section 4 for letters that look alike.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from archive.code_page import CodePage

CACHED_STEMS = 1 << 16  # forms; about 10 MB when full, then it starts over
_LONGEST_STEMMED = 40  # letters; above it a "word" is an address or a torn page

# A chain of str.replace takes 17 µs for 2,000 letters, str.translate 70 µs.
_QUOTES = "“”„‟«»‹›″＂"
_DASHES = "–—−‐‑‒―"
_GONE = "'’‘‛`´ʼʹʻ′＇\u00ad\u200b\u200c\u200d\u2060\ufeff"
_MARKS = (
    *((quote, '"') for quote in _QUOTES),
    *((dash, "-") for dash in _DASHES),
    *((gone, "") for gone in _GONE),
    *((space, " ") for space in "\u00a0…•₼"),
)
_AZERBAIJANI_LETTERS = tuple(zip("ƏəĞğŞşÇçÖöÜüİIıƎǝ", "eeggssccoouuiiiee", strict=True))
# й is a letter of its own; every other accent goes, U+0307 of a badly lowered İ among them.
_ACCENT = re.compile("(?<![иИ])\u0306|[\u0300-\u0305\u0307-\u036f]")

# One attempt a run (and below a word), so that a page without spaces costs no more than another.
_WITH_OTHER_LETTERS = re.compile(r"(?<!\S)[!-~]*[^\s!-~]\S*")

_CYRILLIC = "АВЕКМНОРСТУХІЈЅҺӘӨԚԜаеорсухіјѕһәөԛԝ"
_LATIN = "ABEKMHOPCTYXIJSHEOQWaeopcyxijsheoqw"  # what each looks like, or stands for
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_TO_CYRILLIC = str.maketrans("ABEKMHOPCTYXaeopcyx", "АВЕКМНОРСТУХаеорсух")
_TWO_SCRIPTS = re.compile(r"(?<![^\W\d_])[^\W\d_]*?(?:[A-Za-zÀ-ʯ][Ѐ-ԯ]|[Ѐ-ԯ][A-Za-zÀ-ʯ])[^\W\d_]*")
_LATIN_LETTER = re.compile("[A-Za-zÀ-ʯ]")
_CYRILLIC_LETTER = re.compile("[Ѐ-ԯ]")

# Of folded ASCII: to split it at spaces then takes half the time of finding its words.
_APART = {at: " " for at in range(128) if not chr(at).isalnum() and chr(at) != "\n"}
_NO_WORD = re.compile(r"(?:[^\w\n]|_)+")
_PRINTED_WORD = re.compile(rf"[^\W_]+(?:[{_GONE}\u0300-\u036f]+[^\W_]+)*")
_GLUE = f'"-{_QUOTES}{_DASHES}'
# “ASAN xidmət”in, Fins.Az-a, 10-cu, 5%-i: the ending belongs to the word before and is no word.
_GLUED_ENDING = re.compile(
    r"""["-](?<=[\w%)"]["-])-?(?=[a-z])
    (?:l[ae]r)?
    (?:s?[iu]|[iu]?nc[iu]|c[iu]|l[iu][kq])?
    (?:n?d[ae](?:n|k[iu])?|n?[iu]n?|y[iu]|[yn]?[ae]|y?l[ae]|d[iu]r)?
    (?![^\W_])""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Terms:
    """The keys of a text in the order of its words: `surface[n]` and `stems[n]` are one word."""

    surface: tuple[str, ...]
    stems: tuple[str, ...]


def fold(text: str) -> str:
    """The text in small letters without diacritics, quotes, apostrophes and soft hyphens.

    Letters of two alphabets in one word become one alphabet where they only look alike
    (Cyrillic а and ә in a Latin word). Folding twice is folding once.

    >>> fold("“ASAN xidmət”in İŞIĞI")
    'asan xidmetin isigi'
    """
    if (known := _CODE_PAGE.spelled(text)) is not None:
        return known.replace('"', "")
    return _folded(_replaced(text, _MARKS).replace('"', ""))


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text: runs of letters and digits.

    An ending that is glued to a quotation mark or a hyphen belongs to the word before it and is
    left out.

    >>> words("Fins.Az-a “ASAN xidmət”in 10-cu ili")
    ('fins', 'az', 'asan', 'xidmet', '10', 'ili')
    """
    return tuple(_words(text))


def bare_words(plain: str) -> str:
    """A folded text with spaces for all that is no letter or digit, its lines as they are."""
    return plain.translate(_APART) if plain.isascii() else _NO_WORD.sub(" ", plain)


def stem(word: str) -> str:
    """The key that the forms of one word share; at least three letters, but of short nouns.

    Endings of nouns (plural, possessive, case, -dakı, copula) and the common ones of verbs are
    taken off from the right as long as vowel harmony and the sound before them allow, then the
    last vowel, so that a noun in a vowel meets its own forms. It is a key, not a lemma. Words in
    other letters and words with digits are returned folded.

    >>> stem("xidmətlərindən"), stem("nazirliyə"), stem("illərdə")
    ('xidmet', 'nazirlik', 'il')
    """
    return _STEMS[fold(word)]


def terms(text: str) -> Terms:
    """The keys of a text: its folded words, and the stem of each."""
    surface = _words(text)
    return Terms(surface=tuple(surface), stems=tuple(map(_STEMS.__getitem__, surface)))


def placed_words(text: str) -> tuple[tuple[int, int, str], ...]:
    """The folded words of a text with their places: start, end (in characters), word.

    For marking what a reader searched for in text as it was printed. Endings after a quotation
    mark or hyphen are left out, as in `words`.
    """
    return tuple(
        (*match.span(), word)
        for match in _PRINTED_WORD.finditer(text)
        if not _is_glued_ending(text, match.start(), match[0])
        for word in words(match[0])
    )


def _is_glued_ending(text: str, start: int, printed: str) -> bool:
    before, glue = text[max(0, start - 2) : start - 1], text[start - 1 : start]
    is_glued = bool(before) and glue in _GLUE and (before.isalnum() or before in _GLUE + "%)")
    return is_glued and words("a-" + printed) == ("a",)


def _words(text: str) -> list[str]:
    known = _CODE_PAGE.spelled(text)
    plain = _GLUED_ENDING.sub(" ", _with_quotes(text) if known is None else known)
    return bare_words(plain).split()


def _with_quotes(text: str) -> str:
    return _folded(_replaced(text, _MARKS))


def _folded(text: str) -> str:
    plain = _replaced(text, _AZERBAIJANI_LETTERS)
    if not plain.isascii():
        plain = _WITH_OTHER_LETTERS.sub(_run_folded, plain)
    return plain.lower()


def _run_folded(match: re.Match[str]) -> str:
    run = unicodedata.normalize("NFKD", match.group())
    run = unicodedata.normalize("NFC", _ACCENT.sub("", _replaced(run, _MARKS)))
    return _TWO_SCRIPTS.sub(_in_one_script, _replaced(run, _AZERBAIJANI_LETTERS))


def _replaced(text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for old, new in pairs:
        text = text.replace(old, new)
    return text


def _in_one_script(match: re.Match[str]) -> str:
    word = match.group()
    latin = word.translate(_TO_LATIN)
    if not _CYRILLIC_LETTER.search(latin):
        return latin
    cyrillic = word.translate(_TO_CYRILLIC)
    return word if _LATIN_LETTER.search(cyrillic) else cyrillic


_CODE_PAGE = CodePage(
    _with_quotes,
    (*(old for old, _ in (*_MARKS, *_AZERBAIJANI_LETTERS)), *map(chr, range(0xA0, 0x100))),
)

# Stems

_VOWELS = frozenset("aeiou")
_SHORT_NOUNS = frozenset({"ad", "ay", "el", "ev", "il", "is", "od", "ox", "su"})

# Endings by the sound that may stand before them. A is a or e, I is i or u, K is k, q, g or y.
_ENDINGS = {
    # after a consonant: kitab-ın, kitab-a, kitab-ım; yaz-ır, yaz-ıb, yaz-acaq, yaz-an, yaz-ma
    "consonant": "In A I Im ImIz InIz Ir IrAm IrIK IrsAn IrsInIz Ib An AcAK ArAK ArkAn mA mAdI",
    # after a vowel: ata-nın, ata-ya, ata-m; oxu-yur, oxu-yub, oxu-yan
    "vowel": "nIn nI yA m mIz nIz yIr yIb yAn yAcAK yArAK",
    # after the possessive of the third person: kitab-ı-nda, ata-sı-na
    "possessive": "nA ndA ndAn ndAkI",
    "any": "lAr dA dAn dAkI dAk lA dIr dIrlAr mAK mAlI mAyI mIr mIs dIK sA",
    "si": "sI",  # ata-sı, but not yarış-ı or vətəndaş-ı, which fold to the same letters
    "weak": "mA dI",  # başla-ma, oxu-du, but not sistem-ə or məqsəd-i
    "past": "dI dIm dIK dInIz",  # yaz-dı, but not kənd-i
}
_LETTERS = {"A": "ae", "I": "iu", "K": "kqgy"}


def _spelled(pattern: str) -> list[str]:
    """All spellings of an ending that keep vowel harmony within it."""
    spellings = [""]
    for letter in pattern:
        spellings = [head + each for head in spellings for each in _LETTERS.get(letter, letter)]
    return [each for each in spellings if _is_harmonic_inside(each)]


def _is_harmonic_inside(ending: str) -> bool:
    vowels = [letter for letter in ending if letter in _VOWELS]
    return all(_harmonises(before, after) for before, after in pairwise(vowels))


def _harmonises(before: str, after: str) -> bool:
    """May a vowel follow the vowel before it? Folded i and u stand for both of their kinds."""
    if after in "ae":
        return before not in "ae" or before == after
    return before in ("aei" if after == "i" else "ou")


def _endings() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for place, patterns in _ENDINGS.items():
        for pattern in patterns.split():
            for spelled in _spelled(pattern):
                table[spelled] = (*table.get(spelled, ()), place)
    return table


_PLACES = _endings()
_LONGEST_ENDING = max(map(len, _PLACES))
_FIRST_VOWEL = {
    ending: next((letter for letter in ending if letter in _VOWELS), "") for ending in _PLACES
}


class _Stems(dict[str, str]):
    """The stems of forms met so far; a hit costs half of what functools.lru_cache takes."""

    def __missing__(self, word: str) -> str:
        if len(word) > _LONGEST_STEMMED:
            return word
        if len(self) >= CACHED_STEMS:
            self.clear()
        self[word] = found = _stem(word)
        return found


_STEMS = _Stems()


def _stem(word: str) -> str:
    if not (word.isascii() and word.isalpha()):
        return word
    while rest := _without_ending(word):
        word = rest
    if word[-1] in "gy" and sum(letter in _VOWELS for letter in word) > 1:
        word = word[:-1] + ("q" if word[-1] == "g" else "k")  # torpağ-ı, nazirliy-i
    return word[:-1] if len(word) > 3 and word[-1] in _VOWELS else word


def _without_ending(word: str) -> str | None:
    """The word without its longest ending, or None where no ending can be taken off."""
    for length in range(min(_LONGEST_ENDING, len(word) - 2), 0, -1):
        places = _PLACES.get(word[-length:])
        if places is None:
            continue
        rest, ending = word[:-length], word[-length:]
        is_long_enough = len(rest) > 2 or rest in _SHORT_NOUNS
        if (
            is_long_enough
            and _is_harmonic(rest, _FIRST_VOWEL[ending])
            and any(_may_follow(rest, ending, place) for place in places)
        ):
            return rest
    return None


def _is_harmonic(rest: str, vowel: str) -> bool:
    last = _last_vowel(rest)
    return bool(last) and (not vowel or _harmonises(last, vowel))


def _last_vowel(text: str) -> str:
    return next((letter for letter in reversed(text) if letter in _VOWELS), "")


def _may_follow(rest: str, ending: str, place: str) -> bool:
    """May this ending stand here? `place` is a key of `_ENDINGS`."""
    last = rest[-1]
    match place:
        case "consonant":
            return last not in _VOWELS
        case "vowel":
            return last in _VOWELS and not _hides_consonant(rest, ending)
        case "possessive":
            return last in "iu" and _is_harmonic(rest[:-1], last)
        case "si":
            return _may_take_si(rest)
        case "weak":
            return last == "u" or (len(rest) > 4 and rest.endswith(("la", "le")))
        case "past":
            return last not in _VOWELS and (last != "n" or len(rest) > 4)
        case _:
            return True


def _hides_consonant(rest: str, ending: str) -> bool:
    """telefon-u and nazirliy-ə, not telefo-nu and nazirli-yə."""
    if ending[0] == "n":
        return rest[-1] == "o"
    return ending == "ye" and rest.endswith(("li", "lu", "ci"))


def _may_take_si(rest: str) -> bool:
    if rest[-1] in "iu":
        return rest[-2] == "c" and len(rest) > 3  # yazıçı-sı, not çıxış-ı
    if rest.endswith("da"):
        return rest[-3:-2] == "y"  # qayda-sı, not vətəndaş-ı
    return rest[-1] in _VOWELS
