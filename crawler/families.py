"""Recognises the content system behind a site: how well each family answers on its pages.

The evidence of a family is counted in points, each of which can be told: its signs, the shape of
the article's address, and the rules that find something. A rule that names nothing but a tag
(`h1`) finds something anywhere and counts for nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import NamedTuple

from crawler.family_file import family_names
from crawler.source import Source, source_of_family
from crawler.suggesting import finds
from pipelines.addresses import is_article_address
from pipelines.parsing import ParsedPage
from pipelines.rules import Layout

_SIGN_POINTS = 3  # what no other system has
_ADDRESS_POINTS = 2
_MAIN_POINTS = 2
_MAIN = frozenset({"headline", "body", "date"})
_NO_RULES = frozenset({"since", "until", "match", "noise", "separator"})
_ENOUGH_SHARE = 0.5
_IS_TAG_ALONE = re.compile(r"[a-z0-9]+(?:\s*>?\s*[a-z0-9]+)*(?:@[\w-]+)?")


class Evidence(NamedTuple):
    """One thing that a family could show on pages: its name, whether it did, its points."""

    name: str
    is_there: bool
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyScore:
    """How well a family answers on the pages of a site.

    evidence  everything that was asked
    """

    family: str
    evidence: tuple[Evidence, ...]

    @property
    def points(self) -> int:
        """What was found."""
        return sum(each.points for each in self.evidence if each.is_there)

    @property
    def most_points(self) -> int:
        """What could have been found."""
        return sum(each.points for each in self.evidence)

    @property
    def share(self) -> float:
        """What was found of what could have been, 0 to 1."""
        return self.points / self.most_points if self.most_points else 0.0

    @property
    def in_words(self) -> str:
        """Its points and what gave them."""
        found = [each.name for each in self.evidence if each.is_there]
        return f"{self.points} of {self.most_points} points: {', '.join(found) or 'nothing'}"

    @property
    def is_recognised(self) -> bool:
        """Whether this is enough: half of it, and more than the shape of an address."""
        return self.share >= _ENOUGH_SHARE and self.points > _ADDRESS_POINTS


def score_families(
    pages: Sequence[ParsedPage], folder: Path | None = None
) -> tuple[FamilyScore, ...]:
    """Every family's score on the pages of one site, the best first.

    folder  a folder of sources whose own families are asked too
    """
    scores = [_score(name, pages, folder) for name in family_names(folder)]
    return tuple(sorted(scores, key=lambda each: (-each.points, -each.share, each.family)))


def recognised(scores: Iterable[FamilyScore]) -> FamilyScore | None:
    """The family that the pages are of, or None where none is sure enough."""
    return next((each for each in scores if each.is_recognised), None)


def ruled_fields(layout: Layout) -> dict[str, tuple[str, ...]]:
    """The fields that a layout has selectors for, each with them."""
    return {
        each.name: getattr(layout, each.name)
        for each in fields(layout)
        if isinstance(getattr(layout, each.name), tuple) and getattr(layout, each.name)
    }


def _score(name: str, pages: Sequence[ParsedPage], folder: Path | None) -> FamilyScore:
    asked: list[Evidence] = []
    for parsed in pages[:1]:
        source = source_of_family(name, _host_of(parsed), folder)
        asked += _signs(source, pages)
        is_shape = all(is_article_address(each.page.url, source.site) for each in pages)
        asked.append(Evidence("address", is_shape, _ADDRESS_POINTS))
        asked += _rules(source, pages)
    return FamilyScore(family=name, evidence=tuple(asked))


def _host_of(parsed: ParsedPage) -> str:
    return parsed.page.url.partition("://")[2].partition("/")[0].lower()


def _signs(source: Source, pages: Sequence[ParsedPage]) -> Iterable[Evidence]:
    """The signs together: pages rarely show them all."""
    if source.signs:
        seen = any(finds(sign, each.root) for sign in source.signs for each in pages)
        yield Evidence("signs", seen, _SIGN_POINTS)


def _rules(source: Source, pages: Sequence[ParsedPage]) -> Iterable[Evidence]:
    rules: dict[str, list[str]] = {}
    for layout in source.rules:
        for field, selectors in ruled_fields(layout).items():
            telling = [each for each in selectors if not _IS_TAG_ALONE.fullmatch(each)]
            if field not in _NO_RULES and telling:
                rules.setdefault(field, []).extend(telling)
    for field, telling in rules.items():
        answers = any(finds(each, parsed.root) for each in telling for parsed in pages)
        yield Evidence(field, answers, _MAIN_POINTS if field in _MAIN else 1)
