"""When is it a new version: what counts as content, and what changed between two readings."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from unicodedata import normalize

from archive.article import Article, Moment, Precision
from archive.azerbaijani import fold
from archive.photo_keys import photo_key

# Quotes and dashes that newsrooms and their software swap without an edit. Taken one after the
# other, since `replace` of a letter that is rare is many times as fast as `translate`.
_UNIFIED = (
    *((mark, '"') for mark in "“”„‟«»″"),
    *((mark, "'") for mark in "‘’‚‛′`´"),
    *((mark, "-") for mark in "–—‒―‑"),
    ("…", "..."),
    *((mark, "") for mark in "\u00ad\u200b\u2060\ufeff"),  # where an editor's paste may break lines
)
_SENTENCE_ENDS = '.!?…:;)"”»'
_AGO = re.compile(r"əvvəl|öncə|qabaq|назад|ago")
_WEEKS = re.compile(r"həftə|недел|week")
_CLOCK = timedelta(minutes=5)  # the publisher's and ours may go apart so far
_MIN_COMPARED_CHARS = 200  # shorter texts agree by chance: rates, weather, one-line notices


def even(text: str) -> str:
    """The text as versions compare it: NFC, quotes, dashes and white space evened out."""
    text = normalize("NFC", text)
    for mark, plain in _UNIFIED:
        text = text.replace(mark, plain)
    return " ".join(text.split())


def _photos_of(article: Article) -> str:
    return "\n".join(
        f"{photo_key(photo.url)}\t{even(photo.caption or '')}\t{even(photo.credit or '')}"
        for photo in article.photos
    )


def _markers_of(article: Article) -> str:
    return "|".join((*article.markers, str(article.update_no or "")))


def _many(values: tuple[str, ...]) -> str:
    return "\n".join(map(even, values))


_CONTENT: dict[str, Callable[[Article], str]] = {
    "title": lambda article: even(article.title),
    "markers": _markers_of,
    "lead": lambda article: even(article.lead),
    "text": lambda article: even(article.text),
    "section": lambda article: even(article.section),
    "authors": lambda article: _many(article.authors),
    "tags": lambda article: _many(article.tags),
    "photos": _photos_of,
}


def version_sha256(article: Article) -> str:
    """The digest of everything that makes a version, in lower-case hex.

    Text is compared after white space, quotes and dashes are evened out. Relative dates
    ("2 saat əvvəl") are left out, since they are read anew at each look.
    """
    parts = [content(article) for content in _CONTENT.values()]
    parts += [_date_of(article.published), _date_of(article.modified)]
    return sha256("\0".join(parts).encode()).hexdigest()


def folded_sha256(article: Article) -> str:
    """The digest of title, lead and text as search folds them, in lower-case hex.

    Two versions whose exact digests differ while these are equal differ in their spelling alone
    (e became ə), or in what is no text.
    """
    text = fold(f"{article.title}\0{article.lead}\0{article.text}")
    return sha256(" ".join(text.split()).encode()).hexdigest()


def text_sha256(article: Article) -> str | None:
    """The digest of the folded text without its attribution, or None where it is too short.

    Equal digests mean the same text, whoever reprinted it under whatever opener.
    """
    named = {each.sentence for each in article.attribution}
    text = "\n".join(block.text for block in article.blocks if block.role is None)
    for sentence in named:
        text = text.replace(sentence, " ")
    folded = " ".join(fold(text).split())
    if len(folded) < _MIN_COMPARED_CHARS:
        return None
    return sha256(folded.encode()).hexdigest()


def changed_fields(old: Article, new: Article) -> tuple[str, ...]:
    """The names of the fields whose content differs; empty when both are the same version."""
    changed = [name for name, content in _CONTENT.items() if content(old) != content(new)]
    if not _agree(old.published, new.published):
        changed.append("published")
    if not _agree(old.modified, new.modified):
        changed.append("modified")
    return tuple(changed)


def is_page_clock(changed: tuple[str, ...], article: Article, seen_at: datetime) -> bool:
    """Whether all that changed is a date of modification that is the moment of the look.

    Some content systems print the time of each answer there. A true one that was missed for this
    differs at the next look again.
    """
    modified = article.modified
    if changed != ("modified",) or modified is None or modified.precision is Precision.DAY:
        return False
    try:
        said = datetime.fromisoformat(modified.at)
    except ValueError:
        return False
    return said.tzinfo is not None and abs(said - seen_at) <= _CLOCK


def is_half_loaded(old: Article, new: Article) -> bool:
    """Whether a page came half although its server called it whole: its text is the beginning of
    what was there, and ends within a sentence.

    Who shortens a text ends its sentence, or says with dots that more follows.
    """
    before, now = old.text, new.text.rstrip()
    return (
        0 < len(now) < len(before)
        and before.startswith(now)
        and before[len(now)] != "\n"
        and now[-1] not in _SENTENCE_ENDS
    )


def is_beginning(old: Article, new: Article) -> bool:
    """Whether a text is the beginning of what was there, or the whole of it."""
    return old.text.startswith(new.text.rstrip())


def _date_of(moment: Moment | None) -> str:
    return "" if moment is None or moment.precision is Precision.HOUR else moment.at


def _agree(old: Moment | None, new: Moment | None) -> bool:
    """Whether two readings can be the same moment: a page that prints "18:28, Bu gün" today and
    "22 fevral 2026" tomorrow was not edited, and a date that is no longer read proves nothing."""
    if old is None or new is None or Precision.HOUR in (old.precision, new.precision):
        return True
    slack = max(_slack_of(old), _slack_of(new))
    if Precision.DAY in (old.precision, new.precision):
        days = datetime.fromisoformat(old.at[:10]) - datetime.fromisoformat(new.at[:10])
        return abs(days) <= slack
    if slack:
        return (
            abs(datetime.fromisoformat(old.at[:16]) - datetime.fromisoformat(new.at[:16])) <= slack
        )
    return old.at[:16] == new.at[:16]


def _slack_of(moment: Moment) -> timedelta:
    """How far a moment that the page counts from now may be off: "1 gün əvvəl" is said until two
    days have passed."""
    printed = moment.printed.lower()
    if moment.how != "relative" or not _AGO.search(printed):
        return timedelta(0)
    if moment.precision is not Precision.DAY:
        return _CLOCK
    return timedelta(days=7 if _WEEKS.search(printed) else 1)
