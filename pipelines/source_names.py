"""Turns the words of a sentence that name a source into its name: quotes, case and carriers off.

`“Azərbaycan Dəmir Yolları” QSC-dən (ADY)` → `Azərbaycan Dəmir Yolları QSC (ADY)`,
`Ağ Evin saytına` → `Ağ Ev`, `WAM dövlət informasiya agentliyinə` → `WAM`.
"""

import re
from collections.abc import Sequence

from pipelines.case_endings import (
    Case,
    has_case,
    is_set_apart,
    possessed,
    without_apart,
    without_case,
)
from pipelines.letters import folded_word, tidied, words_of
from pipelines.publishers import is_domain, is_publisher

_QUOTES = (("„", "“"), ("«", "“"), ("»", "”"), ("″", '"'), ("‟", "“"))
_PAIR = re.compile(r'"([^"“”]{1,80})"|“([^"“”]{1,80})["“]|”([^"“”]{1,80})”')
# A lost blank before the ending: "Report" a, APA- ya.
_LOOSE_ENDING = re.compile(r"(”|\w-)\s(n?[ıiuü]n|d[aə]n|[ny]?[aə])(?=[\s,.]|$)")
_LOST_BLANK = re.compile(r"(?<=barədə)(?=[A-ZƏÇÖÜĞŞİ“])|(?<=\))(?=\w)")
_TOKEN = re.compile(r"“[^”]*”[^\s,;:]*|\([^)]*\)|[^\s,;]+")
_QUOTED_WITH_ENDING = re.compile(r"“([^”]*)”-?(\w+)")

# What a publisher is, said beside its name in quotes: “Axios” portalı.
_KINDS = words_of(
    "agentliyi portali qezeti telekanali kanali jurnali nesri sayti radiosu televiziyasi mediasi dergisi"
    " internet-portali xeber-portali gazetesi resursu neshri teleradiosu saiti"
)
# What carries someone's word, and is not the source itself: X-in saytı, X-nın məlumatları.
_CARRIERS = words_of(
    "sayti sehifesi melumati melumatlari xeberi xeberleri yazisi meqalesi aciqlamasi paylasimi"
    " resmi veb veb-sayti internet vebsayti saytindaki hesabi kanali bildirisi"
)
_LEADING = words_of("bu gun bugun dunen oz ise ki xeber melumati")
_PARTICIPLE = re.compile(r".{3,}(?:dig|diy|dug|duy)[iu]$")


def tokens_of(sentence: str) -> list[str]:
    """The words of a sentence; quoted names and brackets are one word, with the ending after them."""
    text = tidied(sentence)
    for mark, quote in _QUOTES:
        text = text.replace(mark, quote)
    if any(map(text.__contains__, '"“”')):
        text = _PAIR.sub(lambda pair: f"“{pair[1] or pair[2] or pair[3]}”", text)
    text = _LOST_BLANK.sub(" ", _LOOSE_ENDING.sub(r"\1\2", text))
    stripped = (token.rstrip(".:!?…") for token in _TOKEN.findall(text))
    return [token for token in stripped if token]


def is_quoted(token: str) -> bool:
    """Whether the word is a name in quotes, with or without an ending."""
    return token.startswith("“")


def is_bare(token: str) -> bool:
    """Whether no ending is set apart from the word."""
    return not is_set_apart(token)


def plain(token: str) -> str:
    """The word without quotes and without an ending that is set apart from it."""
    return without_apart(token).strip("“”\"'-")


def is_kind(token: str, case: Case | None = None) -> bool:
    """Whether the word says what kind of publisher a name is, in that case or in none."""
    return folded_word(without_case(token, case) if case else token) in _KINDS


def name_of(tokens: Sequence[str], case: Case | None = None) -> str | None:
    """The name that the words are, taken out of the case in which the last of them stands."""
    words = list(tokens)
    while words and folded_word(words[0]) in _LEADING:
        words.pop(0)
    words = _of_its_own(words)
    if not words:
        return None
    bracket = words.pop() if len(words) > 1 and words[-1].startswith("(") else None
    words = _without_carrier(_without_clause(words, case), case)
    words = _without_kind(words)
    if bracket:
        words.append(bracket)
    text = _QUOTED_WITH_ENDING.sub(r"\1-\2", " ".join(words))
    return re.sub(r"[“”\"]", "", text).strip(" ,.-–—") or None


def name_of_case(tokens: Sequence[str], case: Case) -> str | None:
    """The name that the words are, also where the ending stands before a bracket."""
    if len(tokens) > 1 and tokens[-1].startswith("("):
        return name_of([*tokens[:-2], without_case(tokens[-2], case), tokens[-1]])
    return name_of(tokens, case)


def _of_its_own(words: list[str]) -> list[str]:
    """What comes after the body that it is subordinate to: `X-nin tabeliyindəki Y` is Y."""
    for index, word in enumerate(words[:-1]):
        if folded_word(word).startswith("tabeliyinde"):
            return (
                words[index + 2 :]
                if folded_word(words[index + 1]) == "olan"
                else words[index + 1 :]
            )
    return words


def _without_clause(words: list[str], case: Case | None) -> list[str]:
    """`Prezidentinin bu gün imzaladığı sərəncama` → `Prezidentinin sərəncamı`, out of its case."""
    last = without_case(words[-1], case) if case else words[-1]
    said = [index for index, word in enumerate(words) if _PARTICIPLE.match(folded_word(word))]
    owners = [index for index, word in enumerate(words) if has_case(word, Case.GENITIVE)]
    if said and owners and owners[0] < said[-1] == len(words) - 2:
        return [*words[: owners[0] + 1], possessed(last)]
    return [*words[:-1], last]


def _without_carrier(words: list[str], case: Case | None) -> list[str]:
    """Whose site, page or message it was; unchanged where it was nobody's."""
    end = len(words)
    while end > 1 and case is not None and folded_word(words[end - 1]) in _CARRIERS:
        end -= 1
    owner = words[end - 1]
    if end < len(words) and has_case(owner, Case.GENITIVE):
        return [*words[: end - 1], without_case(owner, Case.GENITIVE)]
    return words


def _without_kind(words: list[str]) -> list[str]:
    """The name alone, where the rest only says what kind of publisher it is."""
    if len(words) < 2 or not is_kind(words[-1]):
        return words
    if is_quoted(words[-2]):
        return [words[-2]]
    is_name = (
        is_domain(words[0]) or is_publisher(words[0]) or (len(words[0]) > 1 and words[0].isupper())
    )
    return words[:1] if is_name and all(word == word.lower() for word in words[1:]) else words
