"""A source file says what it may say, or is told its mistakes by line."""

from pathlib import Path

import pytest

from archive.errors import SourceError, UnknownSource
from crawler.source import SourceKind, find_source, load_sources, source_of_address
from crawler.ways import Feed, Listing
from pipelines.addresses import article_id_of, article_key, is_article_address

SOURCES = load_sources()
PACKAGED = Path(__file__).parents[2] / "crawler" / "sources"
FAMILIES = sorted((PACKAGED / "families").glob("*.yaml"))

MINISTRY = """\
host: nazirlik.example
publisher: Nümunə Nazirliyi
kind: ministry
language: az
articles: '^/xeberler/(?P<id>\\d+)$'
discovery:
  - listing: /xeberler?page=1
    next: /xeberler?page={page}
"""


def folder_with(path: Path, **texts: str) -> Path:
    (path / "families").mkdir()
    for name, text in texts.items():
        place = path / "families" if name.startswith("family_") else path
        stem = name.removeprefix("family_").replace("_", ".")
        (place / f"{stem}.yaml").write_text(text, encoding="utf-8")
    return path


def mistakes_in(folder: Path) -> list[str]:
    with pytest.raises(SourceError) as caught:
        load_sources(folder)
    return str(caught.value).splitlines()


def test_a_source_is_named_after_its_file(tmp_path: Path) -> None:
    source = load_sources(folder_with(tmp_path, nazirlik_example=MINISTRY))["nazirlik.example"]

    assert source.kind is SourceKind.MINISTRY
    assert source.articles == (r"^/xeberler/(?P<id>\d+)$",)
    assert source.discovery == (
        Listing(
            listing="https://nazirlik.example/xeberler?page=1",
            next="https://nazirlik.example/xeberler?page={page}",
        ),
    )
    assert source.site.hosts == ("nazirlik.example",)


def test_a_source_takes_from_its_family_what_it_does_not_say(tmp_path: Path) -> None:
    family = """\
publisher: Ailə
kind: news
language: az
articles: ['/\\d+$']
never: [/tag/]
discovery: [{feed: /rss}]
rules: {headline: h1, body: div.text}
expect: {with_date: 0.5}
"""
    own = """\
extends: aile
host: sayt.example
publisher: Sayt
scheme: http
never: [/rubrika/]
rules: {body: [article, div.metn]}
expect: {with_body: 0.9}
"""
    source = load_sources(folder_with(tmp_path, sayt_example=own, family_aile=family))[
        "sayt.example"
    ]

    assert (source.publisher, source.never) == ("Sayt", ("/rubrika/",))
    assert source.discovery == (Feed(feed="http://sayt.example/rss"),)
    assert [(each.headline, each.body) for each in source.rules] == [
        (("h1",), ("article", "div.metn"))
    ]
    assert (source.expect.with_date, source.expect.with_body) == (0.5, 0.9)


def test_an_own_folder_may_extend_a_packaged_family(tmp_path: Path) -> None:
    own = "extends: modern\nhost: olke.example\npublisher: Ölkə\nscheme: http\n"
    source = load_sources(folder_with(tmp_path, olke_example=own))["olke.example"]

    assert article_key("http://olke.example/az/hadise/12/sel/", source.site) == "olke.example#12"


def test_all_mistakes_of_a_file_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    text = MINISTRY.replace("kind: ministry", "kind: nazirlik") + (
        "rules:\n  - headline: h1\n    bdy: div.text\nhots: [a.example]\nnever: ['(']\n"
    )

    assert mistakes_in(folder_with(tmp_path, nazirlik_example=text)) == [
        "nazirlik.example.yaml:3: kind: must be one of news, agency, broadcaster, aggregator, "
        "state, ministry, parliament, regional or party",
        "nazirlik.example.yaml:11: rules.bdy: unknown key (did you mean body?); allowed are "
        "authors, badges, body, captions, credits, date, gallery, headline, lead, match, "
        "modified, noise, photos, script, section, separator, since, tags, until",
        "nazirlik.example.yaml:12: hots: unknown key (did you mean hosts?); allowed are "
        + ", ".join(sorted(set(SOURCES["apa.az"].__slots__) - {"name"})),
        "nazirlik.example.yaml:13: never: must be a regular expression: missing ), "
        "unterminated subpattern at position 0",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("host: [\n", "nazirlik.example.yaml:2: no YAML: "),
        ("- host", "nazirlik.example.yaml:1: must hold keys and values"),
        (MINISTRY + "host: b.example\n", "nazirlik.example.yaml:9: host: said twice"),
        (MINISTRY + "name: x\n", "nazirlik.example.yaml:9: name: is the file's name; leave it out"),
        (MINISTRY + "enabled: false\n", "nazirlik.example.yaml:9: enabled: a source that is off"),
        (MINISTRY + "extends: mdern\n", "nazirlik.example.yaml:9: extends: no family is called"),
        (MINISTRY.replace("publisher: Nümunə Nazirliyi\n", ""), "nazirlik.example.yaml:1: publisher: is required"),
        (MINISTRY.replace("{page}", "{sehife}"), "nazirlik.example.yaml:7: discovery: next must hold {page}"),
        (MINISTRY.replace("listing:", "lisitng:"), "nazirlik.example.yaml:7: discovery: must hold exactly one of"),
        (MINISTRY.replace("nazirlik.example", "Nazirlik"), "nazirlik.example.yaml:1: host: must be a host name"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_file_line_and_field(
    tmp_path: Path, text: str, told: str
) -> None:
    (line, *more) = mistakes_in(folder_with(tmp_path, nazirlik_example=text))

    assert line.startswith(told)
    assert more == []


def test_a_mistake_of_the_family_is_told_where_the_family_has_it(tmp_path: Path) -> None:
    own = "extends: aile\nhost: sayt.example\npublisher: Sayt\n"
    family = "kind: news\nlanguage: az\narticles: /\ndiscovery:\n  - feed: /rss\n    itmes: a\n"

    (line,) = mistakes_in(folder_with(tmp_path, sayt_example=own, family_aile=family))

    assert line == "families/aile.yaml:6: discovery.itmes: unknown key; allowed are feed"


def test_an_unknown_source_is_told_the_nearest_name() -> None:
    with pytest.raises(
        UnknownSource, match=r"No source is called azertac\.az\. Did you mean azertag\.az\?"
    ):
        find_source("azertac.az", SOURCES)


@pytest.mark.parametrize("name", ["fins.az", "Fins.az", "https://www.fins.az/"])
def test_a_source_is_found_by_its_name_however_it_is_typed(name: str) -> None:
    assert find_source(name, SOURCES).name == "fins.az"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://president.az/ru/articles/view/7", "president.az.ru"),
        ("https://www.modern.az/az/hadise/1/a/", "modern.az"),
        ("https://apa.az/all-news", "apa.az"),
        ("https://basqa.example/", None),
        ("heç nə", None),
    ],
)
def test_an_address_tells_its_source(url: str, name: str | None) -> None:
    found = source_of_address(url)

    assert (found.name if found else None) == name


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="There is no folder"):
        load_sources(tmp_path / "yoxdur")


@pytest.mark.parametrize("name", SOURCES)
def test_each_source_matches_its_examples_and_no_other_source_does(name: str) -> None:
    source = SOURCES[name]
    others = [each.site for each in SOURCES.values() if each is not source]

    assert source.examples
    assert all(is_article_address(example, source.site) for example in source.examples)
    assert not [
        (example, site.name)
        for example in source.examples
        for site in others
        if is_article_address(example, site)
    ]


@pytest.mark.parametrize("name", SOURCES)
def test_no_way_of_a_source_starts_at_an_article(name: str) -> None:
    source = SOURCES[name]

    assert not [way.url for way in source.discovery if is_article_address(way.url, source.site)]


@pytest.mark.parametrize("name", SOURCES)
def test_each_source_says_its_evidence(name: str) -> None:
    assert SOURCES[name].seen


@pytest.mark.parametrize("path", FAMILIES, ids=lambda path: path.stem)
def test_each_family_resolves(path: Path, tmp_path: Path) -> None:
    own = f"extends: {path.stem}\nhost: sayt.example\npublisher: Sayt\n"

    assert load_sources(folder_with(tmp_path, sayt_example=own))


def test_the_language_versions_of_one_host_are_different_articles() -> None:
    az, ru = SOURCES["president.az"].site, SOURCES["president.az.ru"].site

    assert article_key("https://president.az/az/articles/view/7", az) == "president.az#7"
    assert article_key("https://president.az/ru/articles/view/7", ru) == "president.az/ru#7"


@pytest.mark.parametrize(
    ("url", "article_id"),
    [
        ("https://apa.az/europe/numune-yenilenib-2-967194", "967194"),
        ("https://special.azertag.az/az/xeber/4200001", "4200001"),
        ("https://www.qafqazinfo.az/news/detail/numune-521361", "521361"),
        ("http://axar.az/news/gundem/900001.html?fb=1", "900001"),
    ],
)
def test_the_number_of_an_article_is_read_from_its_address(url: str, article_id: str) -> None:
    owners = [s for s in SOURCES.values() if is_article_address(url, s.site)]

    assert [article_id_of(url, owner.site) for owner in owners] == [article_id]
