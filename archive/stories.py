"""Whether two articles carry the same text: sentences, their anchors, and the look at both texts.

Templates, not edits, decide: weather, rates, decrees and match reports share most of their words
from day to day. So a sentence that was seen on four days is boilerplate and speaks for nothing,
and of two texts that share the others the numbers and the names must agree too. Attribution and
promotion are left out, since every reprint has its own.
"""

import re
from collections import Counter
from collections.abc import KeysView, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from zlib import crc32

from archive.article import Article
from archive.azerbaijani import bare_words, fold, stem

WINDOW_DAYS = 3  # a match further apart is a later reprint, not the same story
BOILERPLATE_DAYS = 4
MOST_CANDIDATES = 20
_LEAST_SHARED = 0.30  # rare shingles of the shorter text that the longer one has too
_LEAST_OF_LONGER = 0.15  # else a digest of the day would join all of its stories
_LEAST_NUMBERS = 0.70
_LEAST_NAMES = 0.50
_MOST_REPLACED = 0.20  # more is a template whose other figures are the same by chance
_LEAST_SHINGLES = 8  # of the shorter text: fewer agree by chance
_LEAST_OF_PARTNER = 0.2  # shingles of a sentence that is the same but for what was filled in
_SHINGLE_WORDS = 4
_SENTENCE_WORDS = 6  # a shorter sentence has no anchor
_NEVER = 1 << 32
_MOST_WORDS_HELD = 1 << 16  # about 8 MB when full, then it starts over
_MOST_ANCHORS = 10  # of a document: each is a row, in a page of the table of its own
_MOST_CHARS = 40_000

_CAPITAL = "A-ZƏĞIİÖÜÇŞÂÎÛÀ-ÖØ-ÞА-ЯЁ"
# It begins with the white space, of which there is less than of places to look behind.
_SENTENCE_BREAK = re.compile(
    rf"\s(?:(?<=[.!?…]\s)|(?<=[.!?…][\"”»)]\s))(?=[\"“«(–—-]*\s*[{_CAPITAL}\d])"
)
# Folded: who reports, and where to follow the site. Every reprint has its own.
_TOLD = re.compile(
    r"istinad\w*|xeber ver|melumat (?:ver|yay)|bildiril|bu barede|press-reliz|"
    r"bizi (?:\w+ ){1,6}izleyin|abune ol|telegram|whatsapp|facebook|"
    r"qeyd edek ki|xatirladaq ki|daha etrafli|according to|reported by|subscribe|"
    r"сообща|передает|ссылк|подпис"
)
_TOLD_WITHIN = 3  # sentences from the beginning or the end
_LONGEST_TOLD = 16  # words: a longer one also tells the news
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_NAME = re.compile(rf"(?<=[^\s.!?…:])[\s\"“«(]+([{_CAPITAL}][^\W\d_]+)")


@dataclass(frozen=True, eq=False)
class StoryText:
    """What the stories know of a text.

    sentences  as printed
    words      the folded words of each sentence
    found_by   the anchors of each sentence
    anchors    those that the text is found by
    """

    sentences: tuple[str, ...]
    words: tuple[list[str], ...]
    found_by: tuple[tuple[int, ...], ...]
    anchors: tuple[int, ...]
    _numbers: dict[int, list[str]] = field(default_factory=dict)
    _names: dict[int, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def sentence_of(self) -> dict[int, int]:
        """Where in `sentences` each four-word shingle stands, the last time that it does.

        Shingles are known by hashes that no other process knows.
        """
        found: dict[int, int] = {}
        for at, words in enumerate(self.words):
            shingles = map(hash, zip(words, words[1:], words[2:], words[3:], strict=False))
            found.update(dict.fromkeys(shingles, at))
        return found

    @property
    def shingles(self) -> KeysView[int]:
        """The shingles of all sentences."""
        return self.sentence_of.keys()

    def shingles_in(self, at: int) -> int:
        """How many shingles a sentence has."""
        return len(self.words[at]) - _SHINGLE_WORDS + 1

    def numbers_in(self, at: int) -> list[str]:
        """The numbers of a sentence as printed, in the order of their figures."""
        if (found := self._numbers.get(at)) is None:
            found = self._numbers[at] = sorted(_NUMBER.findall(self.sentences[at]))
        return found

    def names_in(self, at: int) -> frozenset[str]:
        """The words with a capital letter within a sentence, by their stem."""
        if (found := self._names.get(at)) is None:
            found = self._names[at] = frozenset(map(stem, _NAME.findall(self.sentences[at])))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How alike two texts are, each figure from 0 to 1.

    shared     rare shingles of the shorter text that the longer one has too
    longer     the same as a share of the longer one
    numbers    that agree in sentences that are the same but for them; 0 where too little is shared
    names      that agree, likewise
    replaced   of these sentences, those in which a number or a name stands in the place of another
    sentences  of the first text that the second one has too, where it is the same text
    """

    shared: float
    longer: float
    numbers: float = 0.0
    names: float = 0.0
    replaced: float = 0.0
    sentences: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether it is the same text."""
        return (
            self.shared >= _LEAST_SHARED
            and self.longer >= _LEAST_OF_LONGER
            and self.numbers >= _LEAST_NUMBERS
            and self.names >= _LEAST_NAMES
            and self.replaced <= _MOST_REPLACED
        )


def story_text_of(article: Article) -> StoryText:
    """The text of an article as stories compare it: without attribution and what else is marked."""
    text = "\n".join(block.text for block in article.blocks if block.role is None)
    for each in article.attribution:
        text = text.replace(each.sentence, " ")
    return read_story_text(text or article.text)


def read_story_text(text: str) -> StoryText:
    """The sentences and anchors of a text; about 0.15 ms for 3,000 letters."""
    printed = _SENTENCE_BREAK.sub("\n", text[:_MOST_CHARS]).split("\n")
    plain = fold("\n".join(printed))
    folded = plain.split("\n")
    edges = (_TOLD_WITHIN, len(folded) - 1 - _TOLD_WITHIN)
    kept = [
        (line, words)
        for at, (line, keys, bare) in enumerate(
            zip(printed, folded, bare_words(plain).split("\n"), strict=True)
        )
        if len(words := bare.split()) >= _SHINGLE_WORDS
        and not (
            len(words) <= _LONGEST_TOLD
            and (at <= edges[0] or at >= edges[1])
            and _TOLD.search(keys)
        )
    ]
    found_by = tuple([_anchors_of(words) for _, words in kept])
    return StoryText(
        sentences=tuple([line for line, _ in kept]),
        words=tuple([words for _, words in kept]),
        found_by=found_by,
        anchors=_chosen(found_by),
    )


def _chosen(found_by: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    """The anchors that a text is found by: the smallest, which another text with its sentences has
    too, and one of each sentence before a second one of any."""
    first = {anchors[0] for anchors in found_by if anchors}
    if len(first) >= _MOST_ANCHORS:
        return tuple(sorted(first)[:_MOST_ANCHORS])
    second = sorted({anchors[1] for anchors in found_by if anchors} - first)
    return tuple(sorted([*first, *second[: _MOST_ANCHORS - len(first)]]))


class _WordKeys(dict[str, int]):
    """The CRC-32 of words; they come back, so the answers are kept."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _MOST_WORDS_HELD:
            self.clear()
        self[word] = found = crc32(word.encode())
        return found


_KEYS = _WordKeys()


def _anchors_of(words: list[str]) -> tuple[int, ...]:
    """The shingles that begin with the two words of the smallest hash: the same ones wherever the
    sentence stands, at the cost of two shingles."""
    if len(words) < _SENTENCE_WORDS:
        return ()
    keys = list(map(_KEYS.__getitem__, words[: 1 - _SHINGLE_WORDS]))
    first = keys.index(min(keys))
    keys[first] = _NEVER
    second = keys.index(min(keys))
    return _anchor_at(words, first), _anchor_at(words, second)


def _anchor_at(words: list[str], at: int) -> int:
    return crc32(" ".join(words[at : at + _SHINGLE_WORDS]).encode())


def likeness_of(
    one: StoryText, other: StoryText, rare: tuple[Set[int], Set[int]] | None = None
) -> Likeness:
    """How alike two texts are, whichever is the first.

    rare  the `rare_shingles` of both; all of them, where nothing is known of boilerplate
    """
    a, b = rare or (one.shingles, other.shingles)
    least, most = sorted((len(a), len(b)))
    both = len(a & b)
    if least < _LEAST_SHINGLES or both < _LEAST_SHARED * least or both < _LEAST_OF_LONGER * most:
        return Likeness(shared=both / max(1, least), longer=both / max(1, most))
    numbers, names, replaced = _agreements(one, other)
    found = Likeness(
        shared=both / least,
        longer=both / most,
        numbers=numbers,
        names=names,
        replaced=replaced,
    )
    return replace(found, sentences=shared_sentences(one, other)) if found.is_same else found


def shared_sentences(one: StoryText, other: StoryText) -> tuple[str, ...]:
    """The sentences of the first text of which half of the shingles stand in the second."""
    shared = Counter(map(one.sentence_of.__getitem__, one.shingles & other.shingles))
    return tuple(
        sentence.strip()
        for at, sentence in enumerate(one.sentences)
        if 2 * shared[at] >= one.shingles_in(at)
    )


def rare_shingles(text: StoryText, boilerplate: Set[int]) -> Set[int]:
    """The shingles of the sentences without an anchor that is boilerplate."""
    if not boilerplate:
        return text.shingles
    common = {at for at, anchors in enumerate(text.found_by) if not boilerplate.isdisjoint(anchors)}
    return {shingle for shingle, at in text.sentence_of.items() if at not in common}


def _agreements(one: StoryText, other: StoryText) -> tuple[float, float, float]:
    """The share of numbers, and of names, that agree in sentences that are the same but for them,
    and the share of these sentences in which one stands in the place of another.

    A reprint leaves the figures and names of a sentence as they are, leaves some out, and adds
    sentences of its own; a template is filled with others. 1 where there are none, and for a single
    name; names are not asked where the numbers decide. IDF weights of shingles, numbers and names
    were measured: they do not part templates better, and lose reprints.
    """
    pairs = _partners(one, other)
    replaced = [False] * len(pairs)
    both = either = 0
    for place, (at, partner) in enumerate(pairs):
        here, there = one.numbers_in(at), other.numbers_in(partner)
        agreed = len(here) if here == there else (Counter(here) & Counter(there)).total()
        replaced[place] = agreed < len(here) and agreed < len(there)
        both += agreed
        either += len(here) + len(there) - agreed
    numbers = _share(both, either)
    if numbers < _LEAST_NUMBERS:
        return numbers, 0.0, 0.0
    both = either = 0
    for place, (at, partner) in enumerate(pairs):
        a, b = one.names_in(at), other.names_in(partner)
        agreed = len(a & b)
        replaced[place] |= agreed < len(a) and agreed < len(b)
        both += agreed
        either += len(a) + len(b) - agreed
    # an edit takes the one name away, or makes one of a word
    names = 1.0 if either <= 1 else both / either
    return numbers, names, sum(replaced) / len(pairs)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _partners(one: StoryText, other: StoryText) -> list[tuple[int, int]]:
    """Each sentence with the sentence of the other text that is the same but for what was filled
    in: they share the most shingles of either, and enough of the longer one."""
    both = one.shingles & other.shingles
    here, there = one.sentence_of.__getitem__, other.sentence_of.__getitem__
    shared = Counter(zip(map(here, both), map(there, both), strict=True))
    taken: tuple[set[int], set[int]] = (set(), set())
    pairs = []
    for (at, partner), count in sorted(shared.items(), key=lambda pair: (-pair[1], *pair[0])):
        if at in taken[0] or partner in taken[1]:
            continue
        if count >= _LEAST_OF_PARTNER * min(one.shingles_in(at), other.shingles_in(partner)):
            taken[0].add(at)
            taken[1].add(partner)
            pairs.append((at, partner))
    return pairs
