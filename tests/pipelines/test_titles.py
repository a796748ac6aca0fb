import pytest

from pipelines.structured import read_structured
from pipelines.titles import find_headline
from tests.pipelines.pages import parsed

HEADLINE = "Şəkidə yeni körpü istifadəyə verilib"


def _headline_of(markup: str) -> str | None:
    page = parsed(markup)
    found = find_headline(page, read_structured(page))
    return found.value if found else None


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(f'<title>Şəkidə körpü açıldı | Ölkə</title><meta property="og:title" content="Şəkidə körpü açıldı"><h1>{HEADLINE}</h1>', id="search engines are told another wording"),
        pytest.param(f"<title>{HEADLINE}</title><h1><span class='kicker'>İnfrastruktur</span> {HEADLINE}</h1>", id="kicker in the h1"),
        pytest.param(f"<title>{HEADLINE}</title><h1>{HEADLINE} <small>14.02.2023</small></h1>", id="date in the h1"),
        pytest.param(f'<title>{HEADLINE}</title><h1><em>Bölgələr:</em> {HEADLINE}</h1>', id="kicker that is told apart"),
        pytest.param(f'<meta property="og:site_name" content="Ölkə - xəbər"><title>{HEADLINE} | Ölkə - xəbər</title><h2>{HEADLINE}</h2>', id="site's name with a separator in it"),
        pytest.param(f'<title>{HEADLINE}</title><h1>Xəbərin təfərrüatı</h1><h2>{HEADLINE}</h2>', id="h1 of the template"),
    ],
)  # fmt: skip
def test_the_headline_is_the_one_that_the_reader_is_shown(markup: str) -> None:
    assert _headline_of(markup) == HEADLINE


def test_a_headline_that_has_a_dash_is_not_cut_at_it() -> None:
    headline = "Körpü açıldı – yük maşınları oktyabradək gözləyəcək"

    assert _headline_of(f'<title>{headline}</title><meta property="og:title" content="{headline}"><h1>{headline}</h1>') == headline  # fmt: skip


def test_a_kicker_that_json_ld_counts_as_headline_stays() -> None:
    data = '{"@type": "NewsArticle", "headline": "Nazirlik: Şəkidə yeni körpü istifadəyə verilib"}'

    assert (
        _headline_of(f'<script type="application/ld+json">{data}</script><h1><span class="topline">Nazirlik:</span> {HEADLINE}</h1>')
        == f"Nazirlik: {HEADLINE}"
    )  # fmt: skip
