"""Parts a paragraph of the Azerbaijani press into sentences.

A dot ends no sentence after an initial (`M.P. Vaqif`, `N.Cəlal`), an abbreviation (`mln.`, `və s.`),
a number (`25.13`, `10.`), or inside a name (`Fins.Az`, `Metro.co.uk`).
"""

import re
from functools import lru_cache

_END = re.compile(r"[.!?…]++[”\"»’)\]]*(?=\s+[“\"«‘(—–-]?\s?[^\W_a-zəıöüğşçа-яё]|\s*$)")
_ABBREVIATED = re.compile(
    r"(?:^|[\s(“\"«])(?:[^\W\d_]|\d{1,2}|dos|prof|akad|dr|mr|mrs|st|mln|mlrd|trln|min|məs|küç|pr|səh|yan|fev|mar|apr|avq|sen|sent|okt|noy|dek"
    r"|və s|və b|və i|və sair|t\.e\.n|f\.e\.d|b\.e|ç\.a|c\.a|y\.e|им|ул|тыс|млн|млрд|г|гг|т\.е|т\.д|т\.п|др|(?:[^\W\d_]\.)+[^\W\d_])$",
    re.IGNORECASE,
)
_LONGER_THAN_ABBREVIATED = 6  # letters; spares nearly all searches
_GLUED = re.compile(r"[.!?](?<=[a-zəıöüğşçа-я]{3}[.!?])(?=[A-ZƏIİÖÜĞŞÇА-Я][^\W\d_]{3})")
_DOMAIN = re.compile(
    r"(?<![\w-])[\w-]+\.(?:az|com|net|org|info|ru|tv|ws|media|news|biz|uk|tr|ge|ua|fm|me|example)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=256)
def split_sentences(paragraph: str) -> tuple[str, ...]:
    """The sentences of one paragraph, trimmed, in order; joined by spaces they are the paragraph.

    >>> split_sentences("Görüş M.P. Vaqif küçəsində olub. Bu barədə Fins.Az-a məlumat verilib.")
    ('Görüş M.P. Vaqif küçəsində olub.', 'Bu barədə Fins.Az-a məlumat verilib.')
    """
    sentences, start = [], 0
    for end in _ends(paragraph):
        if sentence := paragraph[start:end].strip():
            sentences.append(sentence)
        start = end
    if rest := paragraph[start:].strip():
        sentences.append(rest)
    return tuple(sentences)


def _ends(paragraph: str) -> list[int]:
    """Where sentences end: in `verilib.Müsabiqə` too, where a line break was lost."""
    closed = list(_END.finditer(paragraph))
    ends = [
        found.end()
        for found in closed
        if found[0] != "."
        or paragraph[found.start() - _LONGER_THAN_ABBREVIATED : found.start()].isalpha()
        or not _ABBREVIATED.search(paragraph, max(0, found.start() - 12), found.start())
    ]
    if sum(map(paragraph.count, ".!?…")) == len(closed):  # none is left that could be glued
        return ends
    glued = list(_GLUED.finditer(paragraph))
    if not glued:
        return ends
    domains = [(found.start(), found.end()) for found in _DOMAIN.finditer(paragraph)]
    ends += [
        found.end()
        for found in glued
        if not any(start <= found.start() < end for start, end in domains)
    ]
    return sorted(ends)
