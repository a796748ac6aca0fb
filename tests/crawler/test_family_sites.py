"""A site that says nothing but its family is found, crawled and read whole."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawler.saved_pages import SavedPage
from tests.crawler.crawling import complaints_in, new_archive
from tests.crawler.golden import family_pages
from tests.web.families import FamiliesWeb

PAGES = list(family_pages())
NAMES = [f"{family}/{saved.stem}" for family, saved in PAGES]
# What does not hang on the moment of the capture or on the scheme.
FIELDS = (
    "headline",
    "title",
    "markers",
    "section",
    "lead",
    "text",
    "authors",
    "tags",
    "attribution",
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, dict[str, Any]]]:
    """The articles of one crawl of all sites, by host and path."""
    folder = tmp_path_factory.mktemp("families")
    with FamiliesWeb(PAGES) as web:
        sources = web.write_sources(folder)
        archive = new_archive(folder / "archive", web.proxy_url, sources=sources)
        done = archive.crawl()
        assert complaints_in([done]) == []
        yield {place_of(url): article for url, article in archive.newest().items()}


def place_of(url: str) -> str:
    """An address without its scheme."""
    split = urlsplit(url)
    return split.netloc + split.path


@pytest.mark.parametrize(("family", "saved"), PAGES, ids=NAMES)
def test_a_familys_site_is_read_with_nothing_but_its_family(
    kept: dict[str, dict[str, Any]], family: str, saved: SavedPage
) -> None:
    expected = saved.expected
    assert expected is not None
    found = kept[place_of(expected["canonical_url"])]

    assert {key: found.get(key) for key in FIELDS} == {key: expected.get(key) for key in FIELDS}
    photos = [place_of(photo["url"]) for photo in found["photos"]]
    assert photos == [place_of(photo["url"]) for photo in expected["photos"]]
