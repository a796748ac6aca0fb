"""A spelling for search and comparison, taken of a whole text in one step.

A chain of `str.replace` walks the text once for every letter that it looks for. A text whose
letters are all known can be encoded in a code page of our own, one byte a letter, and the bytes
folded by `bytes.translate`: a fifth of the time.
"""

import codecs
from collections.abc import Callable, Iterable
from unicodedata import combining

_ASCII = "".join(map(chr, range(128)))
_UNUSED = "\ufffe"  # as `codecs.charmap_build` names a byte that means nothing
_BYTES = 256


class CodePage:
    """What a function of texts makes of each letter, where it makes one ASCII letter or none of it.

    The function must treat each of these letters for itself, whatever stands beside it. Combining
    marks are never among them.
    """

    def __init__(self, spelled: Callable[[str], str], letters: Iterable[str]) -> None:
        """Learn what `spelled` makes of ASCII and, as far as it is of that kind, of `letters`."""
        others = [
            letter
            for letter in dict.fromkeys(letters)
            if not letter.isascii()
            and not combining(letter)
            and len(made := spelled(letter)) <= 1
            and made.isascii()
        ]
        known = f"{_ASCII}{''.join(others)}"
        self._page = codecs.charmap_build(known.ljust(_BYTES, _UNUSED))
        made_of = [spelled(letter) for letter in known]
        self._gone = bytes(at for at, made in enumerate(made_of) if not made)
        self._table = bytes(ord(made or "\0") for made in made_of).ljust(_BYTES, b"\0")

    def spelled(self, text: str) -> str | None:
        """What the function makes of a text; None where a letter of it is not known."""
        try:
            encoded, _ = codecs.charmap_encode(text, "strict", self._page)
        except UnicodeEncodeError:
            return None
        return encoded.translate(self._table, self._gone).decode("ascii")
