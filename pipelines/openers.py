"""Reads the sentences that open a story by saying where it comes from.

`X xəbər verir ki`, `X Y-yə istinadən xəbər verir`, `Bu barədə X-a Y-dən məlumat verilib`,
`Y-dən X-a verilən məlumata görə`, `X-nın məlumatına görə`, `Bu barədə Z bildirib`: X is the
publishing site, Y and Z the source. Grammar decides; names are looked up only to tell a site from
a source where the sentence does not.
"""

import re
from dataclasses import dataclass

from pipelines.case_endings import Case, has_case, without_case
from pipelines.letters import folded_word, words_of
from pipelines.publishers import is_domain, is_of_host, is_publisher, is_publisher_at_home
from pipelines.source_names import (
    is_bare,
    is_kind,
    is_quoted,
    name_of,
    name_of_case,
    plain,
    tokens_of,
)
from pipelines.tellers import STAGE, teller_of

_CITING = re.compile(r"ist[ina]{2,5}d(?:en|an|la|le|i)$")
_NEWS = r"(?:xe+be?r|melumat|malumat)"
_TOLD = re.compile(
    rf"{_NEWS}(?:lar|ler)?(?:in)?[ae]$|(?:aciqlama|bildiris)\w*[ae]$|(?:bildir|yaz|ver|yay)(?:diy|dig)ine$"
)
_GIVEN = re.compile(r"(?:(?:ver\w*il|edil|olun|yayil|gonderil)[ae]n|olan)$")
_VERB = re.compile(
    rf"(?:{_NEWS} (?:ver|yay|paylas)\w*|(?:xeberi|melumati) (?:yay|paylas|ver)\w*|(?:beyanat|aciqlama) (?:yay|ver)ib"
    r"|yayi(?:b|r)|yaz(?:ir|ib|ilir|ilib)|(?:fikir )?bildir\w*|dey(?:ib|ir|ilir|ilib|ibler)|soyle(?:yib|yir)"
    r"|(?:qeyd|derc|beyan|elan) (?:ed|olun)\w+|aciqla(?:yib|yir|nib)|vurgula(?:yib|nir|nib)"
    r"|tesdiqle(?:yib|yir)|paylasib|paylasim edib|daxil olub)$"
)
_PASSIVE = re.compile(
    r"(?:ver|bildir|yay|paylas|elan ed|qeyd ed)il\w*$|bildiribler$|melumat verib?ler$|olunub$|daxil olub$"
)
_TELLS = re.compile(rf"{_NEWS} (?:verir|verib|yayir|yayib)$|yazir$|yazib$|bildirir$")
_TOPIC_WORDS = words_of("barede barde haqda haqqinda sozleri fikirleri fikri xeberi melumati")
_TOPICS = words_of("bunu bbunu bunlari")
_LONGEST_PLAIN = 10  # words: longer sentences on "məlumat yayıb" are prose


# What is in every opener, and in a third of all other sentences.
_OPENING_WORD = re.compile(
    r"\bb?bu(?:n[ua]?)?\b|xe+b|melum|ist[ina]{2,5}d|bildir|yazi|\bgore\b|esasen|\bbununla\b"
)
_OFTEN_OPENING = ("bildir", "xeb", "melum")  # spare most searches for the word
_CITED = re.compile(r"ist[ina]{2,5}d")
_THAT = re.compile(r" ki\b")
_NEWS_OR_TOPIC = (
    "xeb", "xeeb", "lumat", "yazi", "bildir", "barede", "barde", "haqda", "haqqinda", "sozleri",
    "fikri", "fikirleri", "bunu", "bbunu", "veril", "yayil", "edil", "olunub",
)  # fmt: skip
_MARKS = ' ,;:.!?…"'
_TELLING = (
    "ver", "yay", "yaz", "bildir", "dey", "soyle", "ed", "olun", "aciqla", "vurgula", "tesdiqle",
    "paylas", "olub",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opening:
    """What an opener names: the publishing site and the source, each None where it names none."""

    site: str | None = None
    source: str | None = None


def may_open(key: str) -> bool:
    """Whether a folded sentence may be an opener: few others pass, and the grammar costs time.

    An opener cites; or it names its topic or news that somebody gives, and its first clause or
    the whole of it ends in a verb of telling.
    """
    cites = "gore" in key or "esasen" in key or ("ist" in key and _CITED.search(key))
    if not cites:
        that = (found.start() for found in _THAT.finditer(key)) if " ki" in key else ()
        if not _ends_in_telling(key) and not any(_ends_in_telling(key[:at]) for at in that):
            return False
        if not any(map(key.__contains__, _NEWS_OR_TOPIC)):
            return False
    return any(map(key.__contains__, _OFTEN_OPENING)) or _OPENING_WORD.search(key) is not None


def _ends_in_telling(clause: str) -> bool:
    return clause.rstrip(_MARKS).rpartition(" ")[2].startswith(_TELLING)


def read_opener(sentence: str, *, host: str | None = None) -> Opening | None:
    """What the sentence names if it opens a story, or None where it is no opener.

    host  of the page, where known: it tells whether “X” is the site itself
    """
    tokens = tokens_of(sentence)
    keys = [folded_word(token) for token in tokens]
    end = keys.index("ki") if "ki" in keys else None
    head = tokens[:end]
    found = _read_clause(head, host, has_said=end is not None)
    if found is None or end is None or (found.site and found.source):
        return found
    tail = tokens[end + 1 :]
    tail = tail[: keys.index("ki", end + 1) - end - 1] if "ki" in keys[end + 1 :] else tail
    inner = _read_clause(tail, host, has_said=False, must_be_topical=True)
    if inner is None or inner.source is None:
        return found
    site = found.site or (
        found.source if found.source and is_publisher_at_home(found.source) else None
    )
    return Opening(site, inner.source) if site else found


def _read_clause(
    tokens: list[str], host: str | None, *, has_said: bool, must_be_topical: bool = False
) -> Opening | None:
    words, topic_at = _without_topic(tokens)
    if not words or (must_be_topical and topic_at != 0):
        return None
    keys = [folded_word(word) for word in words]
    for index, key in enumerate(keys):
        says_told = index > 1 and key in {"gore", "esasen"} and _TOLD.match(keys[index - 1])
        tells_too = says_told and _VERB.match(" ".join(keys[index + 1 : index + 3]))
        if index and (_CITING.match(key) or tells_too):
            return _citing(words[:index], host, is_topical=topic_at is not None)
        if says_told:
            return _according(words[: index - 1], keys[index - 2], host)
    return _telling(words, keys, host, is_topical=topic_at is not None, has_said=has_said)


def _without_topic(tokens: list[str]) -> tuple[list[str], int | None]:
    """The words without `bu barədə`, `bunu`, `bu sözləri`, and where that stood."""
    keys = [folded_word(token) for token in tokens[:6]]
    for index, key in enumerate(keys):
        following = keys[index + 1] if index + 1 < len(keys) else ""
        is_pair = key in {"bu", "bun", "buu"} and following in _TOPIC_WORDS
        is_pair = is_pair or (key == "bununla" and following in {"bagli", "elaqedar"})
        if is_pair or key in _TOPICS:
            rest = tokens[:index] + tokens[index + 1 + is_pair :]
            is_after_subject = index == 0 or (
                rest and 0 < _subject_length([*tokens[:index], ""]) == index
            )
            return (rest, index) if is_after_subject else (tokens, None)
    return tokens, None


def _citing(words: list[str], host: str | None, *, is_topical: bool) -> Opening:
    """`X Y-yə istinadən`: X is the site, or itself the source where it is somebody else."""
    count = _subject_length(words)
    if count == 0:
        return Opening(source=name_of(words, Case.DATIVE))
    subject = name_of(words[:count])
    cited = name_of(words[count:], Case.DATIVE)
    is_own = subject and host is not None and is_of_host(subject, host)
    if is_own or (
        subject and (is_domain(subject) or (not is_topical and is_publisher_at_home(subject)))
    ):
        return Opening(site=subject, source=cited)
    return Opening(source=subject)


def _is_site(name: str, host: str | None) -> bool:
    return is_publisher_at_home(name) or (host is not None and is_of_host(name, host))


def _subject_length(words: list[str]) -> int:
    """How many of the words are who tells; 0 where all of them are who is cited."""
    first = words[0]
    if len(words) == 1:
        return 0
    if is_domain(plain(first)) and is_bare(first):
        return 1
    if is_quoted(first) and is_bare(first):
        return _with_kind(words)
    if is_publisher(plain(first)) and is_bare(first):
        rest_is_its_kind = all(word == word.lower() for word in words[1:]) and is_kind(
            words[-1], Case.DATIVE
        )
        return 0 if rest_is_its_kind else _with_kind(words)
    return next((index + 1 for index, word in enumerate(words[:-1]) if index and is_kind(word)), 0)


def _with_kind(words: list[str]) -> int:
    if is_kind(words[1]):
        return 2 if len(words) > 2 else 0
    return 0 if len(words) == 2 and is_kind(words[1], Case.DATIVE) else 1


def _according(words: list[str], before: str, host: str | None) -> Opening | None:
    """`Y-dən X-a verilən məlumata görə`, `X-nın məlumatına görə`, `X-nın əldə etdiyi məlumata görə`."""
    if _GIVEN.match(before):
        given = _given(words[:-1], host)
        if given.site or any(has_case(word, Case.ABLATIVE) for word in words):
            return given
    owner = next((index for index, word in enumerate(words) if has_case(word, Case.GENITIVE)), None)
    if owner is None:
        return Opening(site=plain(words[0])) if is_domain(plain(words[0])) else None
    if _GIVEN.match(before) or before.endswith(("diyi", "digi", "duyu", "dugu")):
        words = words[: owner + 1]
    elif not has_case(words[-1], Case.GENITIVE):
        return None
    first = plain(words[0]) if len(words) > 1 else None
    name = name_of(words, Case.GENITIVE)
    if name is None:
        return None
    if first and is_publisher_at_home(first) and folded_word(words[-1]).startswith("buro"):
        return Opening(site=first, source=name)
    return Opening(site=name) if _is_site(name, host) else Opening(source=name)


def _given(words: list[str], host: str | None) -> Opening:
    """Who was told (dative) and by whom (ablative): `Banker.az-a Dövlət İmtahan Mərkəzindən`."""
    site, rest = _without_recipient(words, host)
    last = next(
        (index for index in reversed(range(len(rest))) if has_case(rest[index], Case.ABLATIVE)),
        None,
    )
    if last is not None:
        has_bracket = last + 1 < len(rest) and rest[last + 1].startswith("(")
        return Opening(
            site=site, source=name_of_case(rest[: last + 1 + has_bracket], Case.ABLATIVE)
        )
    return Opening(site=site, source=name_of(rest) if rest and rest[0][:1].isupper() else None)


def _without_recipient(words: list[str], host: str | None) -> tuple[str | None, list[str]]:
    """The site that was told, known or set apart in quotes, and the words without it."""
    for index, word in enumerate(words):
        name = without_case(word, Case.DATIVE).strip("“”")
        is_told = name != word.strip("“”") and _is_site(name, host)
        if is_told or (is_domain(plain(word)) and index == 0):
            return plain(word) if not is_told else name, words[:index] + words[index + 1 :]
    if is_quoted(words[0]) and not is_bare(words[0]) and has_case(words[0], Case.DATIVE):
        others = words[1:]
        if any(has_case(word, Case.ABLATIVE) for word in others):
            return plain(words[0]), others
    return None, words


def _telling(
    words: list[str], keys: list[str], host: str | None, *, is_topical: bool, has_said: bool
) -> Opening | None:
    """A clause that ends in a verb of telling."""
    for count in (2, 1):
        phrase = " ".join(keys[-count:])
        if len(words) >= count and _VERB.match(phrase):
            break
    else:
        return None
    told, told_keys = words[:-count], keys[:-count]
    if not told:
        return None
    if has_said and (bureau := _bureau(told, host)):
        return bureau
    if not is_topical and not _stands_alone(told, phrase, host, has_said=has_said):
        return None
    if len(told) > 2 and told_keys[-1] == "melumatda" and _GIVEN.match(told_keys[-2]):
        return _given(told[:-2], host)
    return (
        _given(told, host)
        if _PASSIVE.search(phrase) and not _has_stage(told_keys)
        else _told_by(told, told_keys, host)
    )


def _bureau(told: list[str], host: str | None) -> Opening | None:
    """`“Report”un Sumqayıt bürosu məlumat verir ki`."""
    site = plain(told[0])
    is_bureau = len(told) > 1 and folded_word(told[-1]) == "burosu" and _is_site(site, host)
    return Opening(site=site, source=name_of(told)) if is_bureau else None


def _stands_alone(told: list[str], phrase: str, host: str | None, *, has_said: bool) -> bool:
    """Whether the clause is an opener without saying `bu barədə`."""
    if _PASSIVE.search(phrase):
        site, rest = _without_recipient(told, host)
        told_by = (
            rest[-2] if len(rest) > 1 and rest[-1].startswith("(") else rest[-1] if rest else ""
        )
        named = (
            any(has_case(word, Case.ABLATIVE) for word in rest)
            if site
            else has_case(told_by, Case.ABLATIVE)
        )
        return has_said and named and len(told) <= _LONGEST_PLAIN + 2
    if phrase.endswith("melumat yayib") and not has_said:
        return len(told) <= _LONGEST_PLAIN and told[0][:1].isupper()
    count = max(_subject_length([*told, "ki"]), 1)
    is_name = is_publisher(plain(told[0])) or is_quoted(told[0])
    return _TELLS.match(phrase) is not None and is_name and len(told) <= count + 1


def _has_stage(keys: list[str]) -> bool:
    return bool(keys) and STAGE.match(keys[-1]) is not None


def _told_by(words: list[str], keys: list[str], host: str | None) -> Opening:
    """Who tells, and where: on a network, to an outlet, in a statement."""
    site = None
    if outlet := _outlet(words, keys):
        if not is_domain(outlet) and not (host is not None and is_of_host(outlet, host)):
            return Opening(source=outlet)
        site = outlet
    elif is_domain(words[0]) and len(words) > 1 and not is_kind(words[1]):
        site, words, keys = words[0], words[1:], keys[1:]
    else:
        to = next(
            (i for i, word in enumerate(words) if is_domain(plain(word)) and not is_bare(word)),
            None,
        )
        if to is not None:
            site, words, keys = (
                plain(words[to]),
                words[:to] + words[to + 1 :],
                keys[:to] + keys[to + 1 :],
            )
    name = teller_of(words, keys)
    if name and site is None and _names_itself(name, host):
        return Opening(site=name)
    return Opening(site=site, source=name)


def _names_itself(name: str, host: str | None) -> bool:
    """Whether who tells is the site: X in `X xəbər verir ki`, where X is no agency."""
    return (
        is_of_host(name, host)
        if host
        else name.lower().endswith((".az", ".com", ".tv")) and is_domain(name)
    )


def _outlet(words: list[str], keys: list[str]) -> str | None:
    """The outlet whom somebody told it in an interview: `“CNBC News” telekanalına müsahibəsində`."""
    for index, key in enumerate(keys):
        if index == 0 or not key.startswith(("musahibe", "aciqlama")) or not STAGE.match(key):
            continue
        told = words[index - 1]
        if is_kind(told, Case.DATIVE) and index > 1:
            return name_of(words[index - 2 : index], Case.DATIVE)
        name = plain(without_case(told, Case.DATIVE))
        if has_case(told, Case.DATIVE) and (is_quoted(told) or is_publisher(name)):
            return name
    return None
