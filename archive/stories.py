"""Whether two articles carry the same text: sentences, their anchors, and the look at both texts.

Templates, not edits, decide: weather, rates, decrees and match reports share most of their words
from day to day. So a sentence that was seen on four days is boilerplate and speaks for nothing,
and of two texts that share the others the numbers and the names must agree too. Attribution and
promotion are left out, since every reprint has its own.
"""

import re
from collections import Counter
from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

from archive.article import Article
from archive.azerbaijani import fold, stem

WINDOW_DAYS = 3  # a match further apart is a later reprint, not the same story
BOILERPLATE_DAYS = 4
MOST_CANDIDATES = 20
_LEAST_SHARED = 0.30  # rare shingles of the shorter text that the longer one has too
_LEAST_OF_LONGER = 0.15  # else a digest of the day would join all of its stories
_LEAST_NUMBERS = 0.70
_LEAST_NAMES = 0.50
_LEAST_SHINGLES = 8  # of the shorter text: fewer agree by chance
_LEAST_OF_PARTNER = 0.2  # shingles of a sentence that is the same but for what was filled in
_SHINGLE_WORDS = 4
_SENTENCE_WORDS = 6  # a shorter sentence has no anchor
_NEVER = 1 << 32
_MOST_ANCHORS = 16  # of a document: the smallest, which another text with its sentences has too
_MOST_CHARS = 40_000

_CAPITAL = "A-ZƏĞIİÖÜÇŞÂÎÛÀ-ÖØ-ÞА-ЯЁ"
_SENTENCE_BREAK = re.compile(rf"(?<=[.!?…])[\"”»)]*\s+(?=[\"“«(–—-]*\s*[{_CAPITAL}\d])|\n+")
# Folded: who reports, and where to follow the site. Every reprint has its own.
_TOLD = re.compile(
    r"istinad\w*|xeber ver|melumat (?:ver|yay)|bildiril|bu barede|press-reliz|"
    r"bizi (?:\w+ ){1,6}izleyin|abune ol|telegram|whatsapp|facebook|"
    r"qeyd edek ki|xatirladaq ki|daha etrafli|according to|reported by|subscribe|"
    r"сообща|передает|ссылк|подпис"
)
_TOLD_WITHIN = 3  # sentences from the beginning or the end
_LONGEST_TOLD = 16  # words: a longer one also tells the news
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_NAME = re.compile(rf"(?<=[^\s.!?…:])[\s\"“«(]+([{_CAPITAL}][^\W\d_]+)")


@dataclass(frozen=True)
class Sentence:
    """One sentence with its folded words, and the anchors that it is found by."""

    text: str
    words: list[str]
    anchors: tuple[int, ...]

    @cached_property
    def shingles(self) -> tuple[int, ...]:
        """The hashes of its four-word shingles; wanted where two texts are compared."""
        starts = range(len(self.words) - _SHINGLE_WORDS + 1)
        return tuple([_shingle_at(self.words, at) for at in starts])

    @cached_property
    def numbers(self) -> Counter[str]:
        """Its numbers as printed."""
        return Counter(_NUMBER.findall(self.text))

    @cached_property
    def names(self) -> frozenset[str]:
        """Words with a capital letter within it, by their stem."""
        return frozenset([stem(name) for name in _NAME.findall(self.text)])


@dataclass(frozen=True)
class StoryText:
    """What the stories know of a text; `anchors` are the ones it is found by."""

    sentences: tuple[Sentence, ...]
    anchors: tuple[int, ...]

    @cached_property
    def shingles(self) -> frozenset[int]:
        """The shingles of all sentences."""
        return frozenset([shingle for each in self.sentences for shingle in each.shingles])


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How alike two texts are, each figure from 0 to 1.

    shared     rare shingles of the shorter text that the longer one has too
    longer     the same as a share of the longer one
    numbers    that agree in sentences that are the same but for them; 0 where too little is shared
    names      that agree, likewise
    sentences  of the first text that the second one has too
    """

    shared: float
    longer: float
    numbers: float = 0.0
    names: float = 0.0
    sentences: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether it is the same text."""
        return (
            self.shared >= _LEAST_SHARED
            and self.longer >= _LEAST_OF_LONGER
            and self.numbers >= _LEAST_NUMBERS
            and self.names >= _LEAST_NAMES
        )


def story_text_of(article: Article) -> StoryText:
    """The text of an article as stories compare it: without attribution and what else is marked."""
    text = "\n".join(block.text for block in article.blocks if block.role is None)
    for each in article.attribution:
        text = text.replace(each.sentence, " ")
    return read_story_text(text or article.text)


def read_story_text(text: str) -> StoryText:
    """The sentences and anchors of a text; about 0.1 ms for 2,000 letters."""
    printed = _SENTENCE_BREAK.sub("\n", text[:_MOST_CHARS]).split("\n")
    folded = fold("\n".join(printed)).split("\n")
    edges = (_TOLD_WITHIN, len(folded) - 1 - _TOLD_WITHIN)
    sentences = tuple(
        [
            Sentence(line, words, _anchors_of(words))
            for at, (line, keys) in enumerate(zip(printed, folded, strict=True))
            if len(words := _WORD.findall(keys)) >= _SHINGLE_WORDS
            and not (
                len(words) <= _LONGEST_TOLD
                and (at <= edges[0] or at >= edges[1])
                and _TOLD.search(keys)
            )
        ]
    )
    anchors = sorted({anchor for each in sentences for anchor in each.anchors})
    return StoryText(sentences, tuple(anchors[:_MOST_ANCHORS]))


def _anchors_of(words: list[str]) -> tuple[int, ...]:
    """The shingles that begin with the two words of the smallest hash: the same ones wherever the
    sentence stands, at the cost of two shingles."""
    if len(words) < _SENTENCE_WORDS:
        return ()
    keys = [crc32(word.encode()) for word in words[: 1 - _SHINGLE_WORDS]]
    first = keys.index(min(keys))
    keys[first] = _NEVER
    second = keys.index(min(keys))
    return _shingle_at(words, first), _shingle_at(words, second)


def _shingle_at(words: list[str], at: int) -> int:
    return crc32(" ".join(words[at : at + _SHINGLE_WORDS]).encode())


def likeness_of(
    one: StoryText, other: StoryText, boilerplate: Set[int], rare: Set[int] | None = None
) -> Likeness:
    """How alike two texts are, whichever is the first; sentences with an anchor that is
    boilerplate count for their numbers and names alone.

    rare  `rare_shingles` of the first, where it is held against many
    """
    a = rare_shingles(one, boilerplate) if rare is None else rare
    b = rare_shingles(other, boilerplate)
    least, most = sorted((len(a), len(b)))
    both = len(a & b)
    if least < _LEAST_SHINGLES or both < _LEAST_SHARED * least or both < _LEAST_OF_LONGER * most:
        return Likeness(shared=both / max(1, least), longer=both / max(1, most))
    numbers, names = _agreements(*sorted((one, other), key=lambda text: text.anchors))
    return Likeness(
        shared=both / least,
        longer=both / most,
        numbers=numbers,
        names=names,
        sentences=shared_sentences(one, other),
    )


def shared_sentences(one: StoryText, other: StoryText) -> tuple[str, ...]:
    """The sentences of the first text of which half of the shingles stand in the second."""
    there = other.shingles
    return tuple(
        each.text.strip()
        for each in one.sentences
        if 2 * sum(shingle in there for shingle in each.shingles) >= len(each.shingles)
    )


def may_be_same(one: StoryText, other: StoryText) -> bool:
    """Whether a closer look is worth it: half of the least share, counting boilerplate too."""
    least = min(len(one.shingles), len(other.shingles))
    return len(one.shingles & other.shingles) >= _LEAST_SHARED / 2 * least


def rare_shingles(text: StoryText, boilerplate: Set[int]) -> Set[int]:
    """The shingles of the sentences without an anchor that is boilerplate."""
    if not boilerplate:
        return text.shingles
    return {
        shingle
        for each in text.sentences
        if boilerplate.isdisjoint(each.anchors)
        for shingle in each.shingles
    }


def _agreements(one: StoryText, other: StoryText) -> tuple[float, float]:
    """The share of numbers, and of names, that agree in sentences that are the same but for them.

    A reprint leaves the figures and names of a sentence as they are and adds sentences of its own;
    a template is filled with others. 1 where there are none; names are not asked where the numbers
    decide.
    """
    by_shingle = {shingle: each for each in other.sentences for shingle in each.shingles}
    pairs = [(each, partner) for each in one.sentences if (partner := _partner(each, by_shingle))]
    numbers = _share(
        sum((a.numbers & b.numbers).total() for a, b in pairs),
        sum((a.numbers | b.numbers).total() for a, b in pairs),
    )
    if numbers < _LEAST_NUMBERS:
        return numbers, 0.0
    names = _share(
        sum(len(a.names & b.names) for a, b in pairs),
        sum(len(a.names | b.names) for a, b in pairs),
    )
    return numbers, names


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _partner(sentence: Sentence, by_shingle: dict[int, Sentence]) -> Sentence | None:
    """The other text's sentence that shares the most shingles, if they are enough."""
    found = [by_shingle[each] for each in sentence.shingles if each in by_shingle]
    if len(found) < _LEAST_OF_PARTNER * len(sentence.shingles):
        return None
    votes = Counter(map(id, found))
    best, count = votes.most_common(1)[0]
    if count < _LEAST_OF_PARTNER * len(sentence.shingles):
        return None
    return next(each for each in found if id(each) == best)
