import pytest

from archive.article import Precision
from pipelines.publication import find_published, is_date_line
from pipelines.structured import read_structured
from tests.pipelines.pages import URL, page_of, parsed


@pytest.mark.parametrize(
    ("markup", "at", "witness"),
    [
        pytest.param('<head><meta property="article:published_time" content="2023-02-10T09:00:00+06:00"></head><h1>A</h1>', "2023-02-10T09:00:00+06:00", "opengraph", id="told, in its own zone"),
        pytest.param('<h1>Körpü</h1><div class="tarix">14 fevral 2023, 18:28</div>', "2023-02-14T18:28:00+04:00", "near-headline", id="under the headline"),
        pytest.param('<h1>Körpü</h1><time datetime="2023-02-14T18:28:00+04:00">14 fevral 2023</time>', "2023-02-14T18:28:00+04:00", "time", id="printed without the hour that its element has"),
        pytest.param('<span>SOSİUM</span> <span>14 Fevral</span><h1>Körpü</h1>', "2023-02-14", "near-headline", id="above it, without a year"),
        pytest.param('<h1>Körpü</h1><p>Müəllif: Redaksiya / 14.02.2023</p>', "2023-02-14", "near-headline", id="inside a line"),
        pytest.param('<h1>Körpü</h1><p>February 14, 2023 - 11:28 AMT</p>', "2023-02-14T11:28:00+04:00", "near-headline", id="in a neighbour's zone"),
    ],
)  # fmt: skip
def test_the_date_is_told_or_printed_near_the_headline(markup: str, at: str, witness: str) -> None:
    page = parsed(markup)

    found = find_published(page, read_structured(page), page.root.find(".//h1"), timezone=None)

    assert found is not None
    assert (found.moment.at, found.witness) == (at, witness)


def test_the_address_dates_an_article_that_prints_no_date() -> None:
    page = parsed("<h1>Körpü</h1>", url="https://olke.example/2023/02/14/korpu")

    found = find_published(page, read_structured(page), page.root.find(".//h1"), timezone=None)

    assert found is not None
    assert (found.moment.at, found.moment.precision, found.witness) == (
        "2023-02-14",
        Precision.DAY,
        "url",
    )


def test_a_bare_time_dates_nothing() -> None:
    page = parsed('<h1>Körpü</h1><span class="date">18:49</span>')

    assert (
        find_published(page, read_structured(page), page.root.find(".//h1"), timezone=None) is None
    )


def test_a_date_in_a_sidebar_is_not_the_article_s() -> None:
    page = parsed('<aside><span class="date">14.02.2023</span></aside><h1>Körpü</h1>')

    assert (
        find_published(page, read_structured(page), page.root.find(".//h1"), timezone="Asia/Baku")
        is None
    )


def test_a_line_is_a_date_only_as_a_whole() -> None:
    page = page_of("", url=URL)

    assert is_date_line("14 Fevral 2023, 18:28", page, "Asia/Baku")
    assert not is_date_line("14 Fevralda körpü açılıb", page, "Asia/Baku")


@pytest.mark.parametrize(
    ("printed", "at"),
    [
        pytest.param("24 fevral 2020, 21:25", "2020-02-24T21:25:00+04:00", id="the day before"),
        pytest.param("25 fevral 2020", "2020-02-25T02:25:54+00:00", id="the same day"),
        pytest.param("12 yanvar 2020", "2020-02-25T02:25:54+00:00", id="another day"),
    ],
)
def test_an_instant_in_utc_is_on_the_day_that_the_reader_is_shown(printed: str, at: str) -> None:
    page = parsed(
        '<head><meta property="article:published_time" content="2020-02-25T02:25:54Z"></head>'
        f'<h1>Körpü</h1><p class="date">{printed}</p>'
    )

    found = find_published(page, read_structured(page), page.root.find(".//h1"), timezone=None)

    assert found is not None
    assert found.moment.at == at


def test_the_country_of_the_host_tells_the_zone_of_an_instant() -> None:
    page = parsed(
        '<head><meta property="article:published_time" content="2021-11-04T23:00:00Z"></head><h1>A</h1>',
        url="https://zeitung.example.de/a",
    )

    found = find_published(page, read_structured(page), page.root.find(".//h1"), timezone=None)

    assert found is not None
    assert found.moment.at == "2021-11-05T00:00:00+01:00"


@pytest.mark.parametrize(
    "markup",
    [
        '<h1>A</h1><span itemprop="datePublished" content="08:00">8:00</span>',
        '<h1>A</h1><div itemscope itemtype="https://schema.org/Review"><meta itemprop="datePublished" content="2020-06-08"></div>',
        '<h1>A</h1><ol class="commentlist"><li><time datetime="2020-06-08">8</time></li></ol>',
        '<head><meta property="og:type" content="website"><meta property="article:published_time" content="2020-06-08"></head><h1>A</h1>',
    ],
    ids=["a bare time", "of a review", "of a comment", "of a page that is no article"],
)
def test_testimony_on_something_else_dates_nothing(markup: str) -> None:
    page = parsed(markup)

    assert (
        find_published(page, read_structured(page), page.root.find(".//h1"), timezone=None) is None
    )


def test_the_data_of_a_script_dates_an_article_where_it_names_one_day() -> None:
    page = parsed('<h1>A</h1><script>let state = {"publishedAt":"2022-01-31T15:58:43Z"}</script>')

    found = find_published(page, read_structured(page), page.root.find(".//h1"), timezone=None)

    assert found is not None
    assert (found.moment.at, found.witness) == ("2022-01-31T15:58:43+00:00", "script")


@pytest.mark.parametrize(
    ("printed", "changed", "at"),
    [
        pytest.param("", "2021-07-25T11:04:09+00:00", None, id="kept for a year, undated"),
        pytest.param("", "2020-04-14T11:04:09+00:00", "2020-04-12", id="corrected once"),
        pytest.param("12.04.2020", "2021-07-25T11:04:09+00:00", "2020-04-12", id="dated"),
    ],
)
def test_a_page_kept_for_long_has_no_date_that_it_shows_nobody(
    printed: str, changed: str, at: str | None
) -> None:
    page = parsed(
        '<head><meta property="article:published_time" content="2020-04-12T09:00:00+00:00">'
        f'<meta property="article:modified_time" content="{changed}"></head>'
        f'<h1>Bağda suvarma qaydaları</h1><p class="date">{printed}</p>'
    )

    found = find_published(page, read_structured(page), page.root.find(".//h1"), timezone=None)

    assert (found.moment.at[:10] if found else None) == at


def test_the_day_of_an_update_is_not_that_of_publication_where_another_is_shown() -> None:
    page = parsed(
        '<h1>Körpü</h1><p class="meta"><b>Son yenilənmə:</b> <span class="date">15.02.2023</span></p>'
        '<p class="meta"><b>Dərc edilib:</b> <span class="date">13.02.2023</span></p>'
    )

    found = find_published(page, read_structured(page), page.root.find(".//h1"), timezone=None)

    assert found is not None
    assert found.moment.at == "2023-02-13"
