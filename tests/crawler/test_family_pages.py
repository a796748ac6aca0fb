"""The made-up pages of the families are read as a person has confirmed, field by field.

`make golden` writes the expectations again; the difference is reviewed like code.
"""

from dataclasses import fields

import pytest

from archive.article import Article
from crawler.families import recognised, score_families
from crawler.family_file import family_names
from crawler.saved_pages import SavedPage, differences
from pipelines.parsing import parse_page
from tests.crawler.golden import family_pages, reading_of

FIELDS = [key.name for key in fields(Article) if key.name != "provenance"]


PAGES = list(family_pages())
NAMES = [f"{family}/{saved.stem}" for family, saved in PAGES]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(("family", "saved"), PAGES, ids=NAMES)
def test_each_field_is_as_confirmed(family: str, saved: SavedPage, field: str) -> None:
    assert saved.expected is not None
    found = {each.field: each for each in differences(saved.expected, reading_of(family, saved))}

    assert found.get(field) is None


def test_every_family_has_a_page() -> None:
    assert {family for family, _ in PAGES} == set(family_names())


@pytest.mark.parametrize(("family", "saved"), PAGES, ids=NAMES)
def test_the_family_is_recognised_by_one_of_its_pages(family: str, saved: SavedPage) -> None:
    best = recognised(score_families([parse_page(saved.page)]))

    assert best is not None
    assert best.family == family
