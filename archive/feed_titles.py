"""The titles that a feed gave an article and that its page never had: a headline that was changed
before anybody looked, or one that is told to feeds alone.
"""

from collections.abc import Iterable

from archive.azerbaijani import fold
from archive.catalogue.prominence import FeedTitle, feed_titles_of
from archive.catalogue.reader import CatalogueReader

_CUT = ("…", "...")  # how feeds end a title that was too long for them


def unseen_titles(reader: CatalogueReader, article_id: int) -> tuple[FeedTitle, ...]:
    """The titles that feeds gave an article and no version of it had, the first said first."""
    said = feed_titles_of(reader.db, article_id)
    if not said:
        return ()
    seen = [
        title
        for version in reader.version_list(article_id)
        for title in (version.headline, version.title)
        if title
    ]
    return tuple(each for each in said if not is_one_of(each.title, seen))


def is_one_of(title: str, seen: Iterable[str]) -> bool:
    """Whether a title is one of those, but for its spelling, its labels, or its cut end.

    >>> is_one_of("Park yenilenir - FOTO", ["Park yenilənir"])
    True
    >>> is_one_of("Park bağlanır", ["Park yenilənir"])
    False
    """
    short = title.rstrip()
    for mark in _CUT:
        if short.endswith(mark):
            begun = _letters(short.removesuffix(mark))
            return any(_letters(each).startswith(begun) for each in seen)
    folded = _letters(title)
    return any(_agree(title, folded, each) for each in seen)


def _agree(title: str, folded: str, other: str) -> bool:
    known = _letters(other)
    if folded == known:
        return True
    longer, shorter = (title, known) if len(folded) > len(known) else (other, folded)
    if not shorter or longer == longer.upper() or not _letters(longer).startswith(shorter):
        return False
    rest = [word for word in longer.split() if any(map(str.isalnum, word))]
    kept = 0
    while rest and kept < len(shorter):
        kept += len(_letters(rest.pop(0)))
    return bool(rest) and all(word.upper() == word for word in rest)  # FOTO, VİDEO: labels


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text)))
