"""Finds who tells: the person with title and name, or the body, without where it was told.

`ABŞ Prezidenti Donald Tramp jurnalistlərə açıqlamasında`, `Ağ Evin bəyanatında`,
`Misirin Mülki Aviasiya Nazirliyi özünün Facebook səhifəsində`.
"""

import re

from pipelines.case_endings import Case, has_case
from pipelines.letters import folded_word, words_of
from pipelines.source_names import is_quoted, name_of, name_of_case

_AUDIENCE = re.compile(
    r"(?:jurnalist|media|metbuat|kiv|kutlevi|xeberci|reporty?or)\w*-?(?:lere|lara|a|e|ya|ye|na|ne)$"
)
# Where something was said: the person ends before it.
STAGE = re.compile(
    r"(?:musahibe|aciqlama|cixis|brifinq|beyanat|melumat|bildiris|paylasim|konfrans|gorus|hesab|hesabat|iclas"
    r"|sehife|kanal|mesaj|meqale|yazi|sebeke|tedbir|sessiya|merasim|zirve|forum|muraciet|arasdirma|efir"
    r"|verilis|bulleten|jurnal|layihe|qezet|portal|sayt|program|mubahise|sammit)"
    r"(?:lar|ler)?(?:s?[iu]n?)?d[ae]$"
)
_LOCATIVE = re.compile(r".{2,}(?<!za)[dt][ae]$")
_TITLE = re.compile(
    r"(?:sedr|nazir|muavin|katib|prezident|rehber|direktor|mudir|numayende|komekci|musavir|sefir|lider|deputat|ekspert"
    r"|professor|reis|basci|qubernator|mer|sozcu|spiker|kansler|komandan|idareci|icraci|rektor|dekan|hekim|komissar"
    r"|koordinator|politoloq|iqtisadci|analitik|huquqsunas|vekil|mutexessis|jurnalist|general|polkovnik|temsilci)(?:s?[iu])?$"
)
_SURNAME_OWNS = re.compile(r".{3,}(?:ov|yev|ev|ova|eva|yeva|zade|li|lu|oglu|qizi|beyli|i)n?[iu]n$")
# What tells the stage apart, and nothing of who stands on it.
_BESIDE_STAGE = re.compile(
    r"(?:resmi|sosial|media|birge|metbuat|illik|audit|yerli|oz|ozunun|novbeti|federal|budce|son|yeni|xususi|etrafli"
    r"|bugunku|plenar|derc|ile|bagli|elaqedar|movzusunda|canli|telegram|facebook|sebeke|sebekesi|.+(?:diyi|digi|duyu|dugu|ilen|ulen|unan|inan|mis|mus))$"
)
_SURNAME = re.compile(r"(?:ov|yev|ev|ova|eva|yeva|zade|li|lu|oglu|qizi|beyli)$")
_LONGEST_NAME = 3
_PRONOUNS = words_of("o oz ozu ozunun onlar biz men bunlar")
_NETWORK = re.compile(r"(?:hesab|sosial|sehife|kanal|platforma|mikrobloq|sebeke)")
_NETWORK_NAME = re.compile(
    r"(?:facebook|feysbuk|twitter|tvitter|instagram|telegram|teleqram|youtube|tiktok|linkedin)"
)


def teller_of(words: list[str], keys: list[str]) -> str | None:
    """The person or body that tells, without the words on where and when."""
    start, end = _person(words, keys)
    if end == 0:
        end = _body_end(words, keys)
    if end == 0:
        stage = next((index for index, key in enumerate(keys) if STAGE.match(key)), 0)
        start, end = stage + 1, len(words)
    named = words[start:end]
    owner = named[-2] if len(named) > 1 and named[-1].startswith("(") else (named or [""])[-1]
    is_owner = end < len(words) and has_case(owner, Case.GENITIVE)
    if (
        not named
        or folded_word(named[0]) in _PRONOUNS
        or (named[0].islower() and _LOCATIVE.match(folded_word(named[0])))
    ):
        return None
    is_surname = start < end and bool(_person(words, keys)[1])
    if is_owner and (not is_surname or _SURNAME_OWNS.search(folded_word(owner))):
        return name_of_case(named, Case.GENITIVE)
    return name_of(named)


def _person(words: list[str], keys: list[str]) -> tuple[int, int]:
    """Where a title and the name after it stand: from the start or the last event before; else 0, 0."""
    found = 0, 0
    for title, key in enumerate(keys[:-1]):
        if not _TITLE.match(key) or not words[title + 1][:1].isupper():
            continue
        end = _name_end(words, keys, title + 1)
        events = [index + 1 for index in range(title) if STAGE.match(keys[index])]
        found = (events[-1] if events else 0), end
        is_owner = has_case(words[end - 1], Case.GENITIVE) and end - 1 > title
        if not is_owner:
            return found
    return found


def _name_end(words: list[str], keys: list[str], start: int) -> int:
    """The end of the person's name that starts there; `start` itself where a body or place does."""
    if _is_body(words, start):
        return start
    end = start
    while end < min(len(words), start + _LONGEST_NAME) and _is_name(words[end]):
        is_other = (
            words[end].isupper()
            or _TITLE.match(keys[end])
            or (end > start + 1 and _is_body(words, end))
        )
        if end > start and is_other:
            break
        end += 1
        is_whole = end - start > 1 and _SURNAME.search(keys[end - 1])
        if is_whole and not (end < len(words) and _SURNAME.search(keys[end])):
            break
    return end


def _is_body(words: list[str], start: int) -> bool:
    """Whether capital words up to one in the genitive start there: `Ağ Evin Oval kabinetində`."""
    for index in range(start + 1, min(len(words) - 1, start + 3)):
        if not words[index][:1].isupper():
            return False
        if has_case(words[index], Case.GENITIVE):
            follows = words[index + 1]
            return follows[:1].isupper() or follows.startswith("(") or index > start + 1
    return False


def _is_name(word: str) -> bool:
    return word[:1].isupper() and not is_quoted(word) and not _LOCATIVE.match(folded_word(word))


def _body_end(words: list[str], keys: list[str]) -> int:
    """Where the words end that name a body; 0 where the sentence begins with where it was told."""
    end = _stage_start(words, keys)
    while end > 1 and (_BESIDE_STAGE.match(keys[end - 1]) or is_quoted(words[end - 1])):
        end -= 1
    return end


def _stage_start(words: list[str], keys: list[str]) -> int:
    """Where the words end that say who tells, and those begin that say where."""
    for index, key in enumerate(keys):
        on_network = (
            is_quoted(words[index]) and index + 1 < len(keys) and _NETWORK.match(keys[index + 1])
        )
        if on_network or _AUDIENCE.match(key) or _NETWORK_NAME.match(key):
            return index
        if STAGE.match(key) or (index == len(keys) - 1 and _LOCATIVE.match(key) and index):
            return index
    return len(words)
