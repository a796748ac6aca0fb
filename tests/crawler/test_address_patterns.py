"""What is common to the addresses of a site's articles is read from a few of them."""

from dataclasses import replace

import pytest

from crawler.address_patterns import articles_among, find_patterns
from crawler.source import load_sources
from pipelines.addresses import article_id_of
from pipelines.rules import Site

SITE = Site(name="sayt.example", hosts=("sayt.example",))


def patterns_of(*paths: str, links: tuple[str, ...] = ()) -> list[str]:
    urls = [f"https://sayt.example{path}" for path in paths]
    others = [f"https://sayt.example{path}" for path in links]
    return [each.pattern for each in find_patterns(urls, others, SITE)]


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("/az/sosium/84131/seyyar-qebul/", r"^/az/[^/]+/(?P<id>\d+)/[^/]*/?$"),
        ("/hadise/yolda-yeni-kecid-acilib-913417", r"^/[^/]+/[^/]*[-_](?P<id>\d+)$"),
        ("/news/gundem/552817.html", r"^/news/[^/]+/(?P<id>\d+)\.html$"),
        ("/iqtisadiyyat/4051-alma-ucuzlasib.html", r"^/[^/]+/(?P<id>\d+)[-_][^/]*\.html$"),
        ("/2026/02/14/yeni-park-salinib/", r"^/\d{4}/\d{1,2}/\d{1,2}/[^/]+(?:[-_][^/]+){2,}/?$"),
        ("/modul.php?name=xeber&news=938", r"^/modul\.php\?(?:.*&)?news=(?P<id>\d+)"),
        ("/news/2019.html", r"^/news/(?P<id>\d+)\.html$"),
    ],
)
def test_one_address_gives_a_pattern(path: str, pattern: str) -> None:
    assert patterns_of(path) == [pattern]


def test_links_of_the_same_shape_tell_what_stays() -> None:
    (pattern,) = patterns_of(
        "/bolme/idman/1204-final",
        links=("/bolme/elm/1205-rəsədxana", "/bolme/idman/1199-yarış", "/haqqimizda"),
    )

    assert pattern == r"^/bolme/[^/]+/(?P<id>\d+)[-_][^/]*$"


def test_addresses_of_two_shapes_give_two_patterns() -> None:
    assert patterns_of("/xeber/41/yeni-park", "/41") == [
        r"^/xeber/(?P<id>\d+)/[^/]*$",
        r"^/(?P<id>\d+)$",
    ]


def test_the_articles_among_links_are_the_most_frequent_shape_with_a_number() -> None:
    links = ("/", "/haqqimizda", "/az/elm/11/a/", "/az/elm/12/b/", "/rss", "/sekil-12345.jpg")

    found = articles_among([f"https://sayt.example{each}" for each in links], SITE)

    assert found == ("https://sayt.example/az/elm/11/a/", "https://sayt.example/az/elm/12/b/")


def test_what_packaged_sources_show_as_numbers_is_found_again() -> None:
    pairs = [
        (example, source)
        for source in load_sources().values()
        for example in source.examples
        if article_id_of(example, source.site) and "?" not in example
    ]

    missed = [example for example, source in pairs if not _has_same_id(example, source.site)]

    # A word for a number, and numbers glued to letters, are left to a person.
    assert len(missed) <= 0.05 * len(pairs), missed


def _has_same_id(url: str, site: Site) -> bool:
    bare = replace(site, articles=(), never=(), layouts=())
    (found,) = find_patterns([url], [], bare)
    drafted = replace(bare, articles=(found.pattern,))
    return article_id_of(url, drafted) == article_id_of(url, site)
