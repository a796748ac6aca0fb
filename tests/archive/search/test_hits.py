"""Finding: the same articles in any spelling, in an order that makes sense."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import WrongUse
from archive.search.hits import ENOUGH, EXACT_TOTAL_BELOW, Order, search
from archive.search.index import SearchIndex
from archive.search.query import read_query
from tests.archive.search.small_catalogue import SmallCatalogue


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    catalogue = SmallCatalogue()
    catalogue.add(  # 1
        "“ASAN xidmət”in yeni mərkəzi açılıb",
        "Rayonda “ASAN xidmət” mərkəzi fəaliyyətə başlayıb.",
        section="SOSİUM",
        published_on="2023-02-14",
    )
    catalogue.add(  # 2
        "Nazirlik hesabat təqdim edib",
        "Nazirliyin xidmətləri asan oldu. Hesabatda yeni xidmətlərdən danışılır.",
        section="İqtisadiyyat",
        source="fins.example",
        published_on="2023-03-01",
    )
    catalogue.add(  # 3
        "Hava proqnozu", "Sabah Bakıda külək əsəcək.", published_on="2022-12-31"
    )
    catalogue.add("Прогноз погоды", "Завтра в Баку ветрено.", language="ru")  # 4
    catalogue.add(  # 5: two versions
        "Qəsəbədə məktəb tikilir", "Məktəbin tikintisi davam edir.", published_on="2023-05-05"
    )
    catalogue.add(
        "Qəsəbədə məktəb açılıb",
        "Məktəb şagirdləri qəbul etdi.",
        article_id=5,
        published_on="2023-05-05",
    )
    folder = tmp_path_factory.mktemp("archive") / "search"
    with SearchIndex.open(folder) as index:
        index.catch_up(catalogue)
        yield index


def found(index: SearchIndex, query: str) -> list[int]:
    """The numbers of the articles that have all that is sought."""
    page = search(index, read_query(query))
    return [hit.article_id for hit in page.hits[: page.complete]]


@pytest.mark.parametrize(
    "query",
    [
        "asan xidmət",
        "ASAN XİDMƏT",
        "asan xidmet",
        "“ASAN xidmət”in",
        '"asan xidmət"',
        "Asan Xidmətdən",
    ],
)
def test_any_spelling_of_a_name_finds_its_article_first(index: SearchIndex, query: str) -> None:
    assert found(index, query)[0] == 1


@pytest.mark.parametrize(
    ("query", "articles"),
    [
        ("asan xidmət", [1, 2]),
        ('"asan xidmət"', [1]),
        ("xidmət -hesabat", [1]),
        ("xidmət source:fins.example", [2]),
        ("xidmət -source:fins.example", [1]),
        ("xidmət section:iqtisadiyyat", [2]),
        ("section:sosium", [1]),
        ("xidmət section:sosium section:iqtisadiyyat", [1, 2]),
        ("bakıdan", [3]),
        ("баку", [4]),
        ("language:ru", [4]),
        ("nazir*", [2]),
        ("from:2023-03 to:2023-12", [5, 2]),
        ("to:2022", [3]),
        ("məktəb", [5]),
        ("məktəb tikilir", [5]),
        ("olmayan", []),
        ("?!", []),
    ],
)
def test_a_query_finds_what_it_says(index: SearchIndex, query: str, articles: list[int]) -> None:
    assert found(index, query) == articles


def test_an_article_is_one_hit_by_the_version_that_fits_best(index: SearchIndex) -> None:
    of_old = search(index, read_query("məktəb tikilir")).hits
    of_new = search(index, read_query("məktəb şagird")).hits

    assert [(hit.article_id, hit.version_id) for hit in of_old] == [(5, 5)]
    assert [(hit.article_id, hit.version_id) for hit in of_new] == [(5, 6)]


def test_a_blank_query_gives_everything_the_newest_first(index: SearchIndex) -> None:
    page = search(index, read_query(""))

    assert page.total == 5
    assert [hit.article_id for hit in page.hits[-2:]] == [1, 3]


def test_articles_with_some_of_the_words_follow_those_with_all(index: SearchIndex) -> None:
    page = search(index, read_query("nazirlik hesabat proqnoz"))

    assert (page.complete, page.total) == (0, 2)
    assert {hit.article_id for hit in page.hits} == {2, 3}
    assert search(index, read_query("nazirlik hesabat proqnoz -külək")).total == 1


def test_pages_follow_one_another_without_gap_or_repetition(tmp_path: Path) -> None:
    catalogue = SmallCatalogue()
    for number in range(ENOUGH - 4):
        catalogue.add(f"Seçki komissiyası {number}")
    for number in range(ENOUGH):
        catalogue.add(f"Seçki günü {number}")
    with SearchIndex.open(tmp_path) as index:
        index.catch_up(catalogue)
        query = read_query("seçki komissiya")
        whole = search(index, query, limit=50)

        pages = [search(index, query, limit=5, offset=offset).hits for offset in range(0, 20, 5)]

    assert whole.total == 2 * ENOUGH - 4
    assert [hit for page in pages for hit in page] == list(whole.hits)


def test_pages_of_more_than_can_be_counted_follow_one_another(tmp_path: Path) -> None:
    catalogue = SmallCatalogue()
    for _ in range(EXACT_TOTAL_BELOW + 1):
        catalogue.add("Seçki")
    with SearchIndex.open(tmp_path) as index:
        index.catch_up(catalogue)
        query = read_query("seçki")

        for order in Order:
            pages = [search(index, query, 30, offset, order) for offset in range(0, 600, 30)]

            assert len({hit.article_id for page in pages for hit in page.hits}) == 600
            assert not any(page.is_exact for page in pages)


@pytest.mark.parametrize(
    ("order", "articles"), [(Order.NEWEST, [3, 2, 1]), (Order.OLDEST, [1, 2, 3])]
)
def test_articles_can_be_ordered_by_their_days(
    tmp_path: Path, order: Order, articles: list[int]
) -> None:
    catalogue = SmallCatalogue()
    catalogue.add("Seçki", "Seçki seçki seçki.", published_on="2022-05-01")
    catalogue.add("Səsvermə", "Bu gün seçki keçirilir.", published_on="2023-05-01")
    catalogue.add("Seçki günü", published_on="2024-05-01")
    with SearchIndex.open(tmp_path) as index:
        index.catch_up(catalogue)
        hits = search(index, read_query("seçki"), order=order).hits

    assert [hit.article_id for hit in hits] == articles
    assert {hit.score for hit in hits} == {0}


def test_an_exact_form_ranks_above_another_form_and_a_title_above_a_body(tmp_path: Path) -> None:
    catalogue = SmallCatalogue()
    catalogue.add("Birinci xəbər", "Burada kitabların siyahısı verilir.")
    catalogue.add("İkinci xəbər", "Burada kitab siyahısı verilir indi.")
    catalogue.add("Yeni kitab", "Burada onların siyahısı verilir indi.")
    with SearchIndex.open(tmp_path) as index:
        index.catch_up(catalogue)

        assert found(index, "kitab") == [3, 2, 1]
        assert found(index, "kitabların -yeni") == [1, 2]


@given(st.one_of(st.text(), st.text(alphabet='abəи1 -*:"“”.source:\ud800', max_size=30)))
def test_any_text_can_be_searched_for(index: SearchIndex, text: str) -> None:
    try:
        query = read_query(text)
    except WrongUse:
        return
    assert search(index, query).total >= 0
