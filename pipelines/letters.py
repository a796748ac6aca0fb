"""One spelling for the many ways in which the press types a letter; for matching, never for show.

İ, I, ı and i with a stray U+0307 become one i; ə typed as Cyrillic, as a turned e or as a plain e
becomes e; ş, ç, ğ, ö, ü lose their marks; case and kinds of space and dash no longer matter.
"""

import re
import unicodedata
from functools import lru_cache

from archive.code_page import CodePage

_MARKED = (("ə", "e"), ("ı", "i"), ("ş", "s"), ("ç", "c"), ("ğ", "g"), ("ö", "o"), ("ü", "u"))
_DOT_ABOVE = ("\u0307", "")
_OFTEN = (("“", '"'), ("”", '"'), ("–", "-"), ("’", "'"), ("`", "'"))
# Taken one after the other, since `replace` of a letter is many times as fast as `translate`.
_COMMON = (*_MARKED, _DOT_ABOVE, *_OFTEN)
_RARE = str.maketrans(
    {
        **dict.fromkeys("әǝ", "e"),
        "ё": "е",
        **dict.fromkeys("\u00ad\u200b\u200e\u200f\ufeff"),
        **dict.fromkeys("‐‑‒—−", "-"),
        **dict.fromkeys("‘ʼ", "'"),
        **dict.fromkeys("„«»″", '"'),
    }
)
_BETWEEN = re.compile(r"[\W_]+")


@lru_cache(maxsize=2_048)  # a body's sentences are asked for three times, by three readers
def folded(text: str) -> str:
    """The text in one spelling: lower case, no marks on Latin letters, single spaces, trimmed.

    >>> folded("30 İYUN,\\u00a0 Dünən")
    '30 iyun, dunen'
    """
    known = _CODE_PAGE.spelled(text)
    return " ".join((_spelled(text) if known is None else known).split())


def _spelled(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).lower()
    for letter, plain in _COMMON:
        text = text.replace(letter, plain)
    return text if text.isascii() else text.translate(_RARE)


_CODE_PAGE = CodePage(
    _spelled, (*map(chr, range(0xA0, 0x180)), *(old for old, _ in _COMMON), *map(chr, _RARE))
)


@lru_cache(maxsize=16_384)
def folded_word(word: str) -> str:
    """The same for one word of a sentence; words come back, so the answers are kept."""
    return folded(word)


def letters_of(text: str) -> str:
    """The letters and digits of a text in one spelling, and nothing between them."""
    return _BETWEEN.sub("", folded(text))


def words_of(line: str) -> frozenset[str]:
    """The words of a line as a set, for lists of words that read as a line."""
    return frozenset(line.split())


@lru_cache(maxsize=2_048)
def tidied(text: str) -> str:
    """The text as printed, but in NFC and with every run of white space as one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())
