"""What the other witnesses of a page say of a field, where it is not what was taken.

`pipelines/extract.py` takes one value a field; here the finished article is held against all
testimony that was heard on the way, so that nobody has to take the choice on trust. Nothing is read
for this alone: a page that its site's rules read whole has heard nobody.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from lxml import etree

from archive.article import Article, Claim, Confidence, Moment, Precision
from pipelines.letters import letters_of
from pipelines.parsing import ParsedPage, clean_text
from pipelines.photos import photo_at, photo_key
from pipelines.publication import read_told_date
from pipelines.structured import Said, Structured

_MOST_HEARD = 8  # values a field
_MOST_KEPT = 4
_LONGEST_CHARS = 300
_SHORTEST_PART = 8  # letters; a shorter headline is in any text by chance
_ANOTHER_MINUTE_S = 60

_TITLE = etree.XPath("string(/html/head/title)", smart_strings=False)


def weighed(
    article: Article, heard: Structured, parsed: ParsedPage, timezone: str | None
) -> Article:
    """The article with the confidence in its fields, and what witnesses say otherwise.

    heard     the testimony that the reading has asked for
    timezone  of the site, None where it is unknown
    """
    confidence: dict[str, Confidence] = {}
    disagreements: dict[str, tuple[Claim, ...]] = {}
    fields = {
        "headline": _on_headline(article, heard, parsed),
        "published": _on_date(article.published, heard.of("published"), parsed, timezone),
        "modified": _on_date(article.modified, heard.of("modified"), parsed, timezone),
        "authors": _on_authors(article, heard),
        "photos": _on_photos(article, heard, parsed),
    }
    for name, answers in fields.items():
        own = article.provenance.get(name)
        others = [(said, is_same) for said, is_same in answers if said.witness != own]
        against = [said for said, is_same in others if not is_same]
        if against:
            disagreements[name] = _kept([*article.disagreements.get(name, ()), *_as_kept(against)])
        if against or name in article.disagreements:
            confidence[name] = Confidence.DISPUTED
        elif own is not None:
            confidence[name] = Confidence.AGREED if others else Confidence.ALONE
    return replace(
        article, confidence=confidence, disagreements={**article.disagreements, **disagreements}
    )


def other_dates(moment: Moment | None, shown: Iterable[Moment]) -> tuple[Claim, ...]:
    """The dates shown near the headline that are not the moment that was taken."""
    said = (each.printed for each in shown if moment is None or not same_moment(moment, each))
    return _kept(Claim(witness="near-headline", value=_cut(text)) for text in said)


def same_moment(one: Moment, other: Moment) -> bool:
    """Whether two dates can be one, at the precision of the coarser."""
    if Precision.DAY in (one.precision, other.precision):
        return one.at[:10] == other.at[:10]
    apart = datetime.fromisoformat(one.at) - datetime.fromisoformat(other.at)
    return abs(apart.total_seconds()) < _ANOTHER_MINUTE_S


Answers = Iterator[tuple[Said, bool]]


def _on_headline(article: Article, heard: Structured, parsed: ParsedPage) -> Answers:
    own = letters_of(article.headline)
    title = Said(clean_text(_TITLE(parsed.root)), "title")
    for said in (*heard.of("headline")[:_MOST_HEARD], title):
        if other := letters_of(said.value):
            short, long = sorted((own, other), key=len)
            yield said, own == other or (len(short) >= _SHORTEST_PART and short in long)


def _on_date(
    moment: Moment | None, told: Sequence[Said], parsed: ParsedPage, timezone: str | None
) -> Answers:
    for said in told[:_MOST_HEARD]:
        if moment is not None and said.value == moment.printed:
            yield said, True
            continue
        other = read_told_date(said.value, said.witness, parsed.page, timezone)
        if other is not None:
            yield said, moment is not None and same_moment(moment, other)


def _on_authors(article: Article, heard: Structured) -> Answers:
    own = [letters_of(name) for name in article.authors]
    for said in heard.of("authors")[:_MOST_HEARD]:
        other = letters_of(said.value)
        if other and not said.value.startswith("http"):
            yield said, any(name in other or other in name for name in own)


def _on_photos(article: Article, heard: Structured, parsed: ParsedPage) -> Answers:
    """What witnesses call the photo of the page; a logo is nobody's."""
    own = {photo_key(photo.url) for photo in article.photos}
    for witness in dict.fromkeys(said.witness for said in heard.of("photos")):
        photo = photo_at(heard.by("photos", witness)[0], parsed.base_url)
        if photo is not None:
            yield Said(photo.url, witness), photo_key(photo.url) in own


def _as_kept(said: Iterable[Said]) -> Iterator[Claim]:
    return (Claim(witness=each.witness, value=_cut(each.value)) for each in said)


def _kept(testimony: Iterable[Claim]) -> tuple[Claim, ...]:
    return tuple(dict.fromkeys(testimony))[:_MOST_KEPT]


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_CHARS else f"{text[: _LONGEST_CHARS - 1]}…"
