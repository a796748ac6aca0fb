"""A list in the place of a known article is none; a short article among links is one."""

from dataclasses import replace

import pytest

from pipelines.extract import read_page
from pipelines.replaced import why_replaced
from pipelines.rules import Layout, Site
from tests.pipelines.pages import PROSE, page_of

SITE = Site(name="olke.example", hosts=("olke.example",), articles=(r"^/az/(?P<id>\d+)",))
LONG = " ".join(PROSE * 4)
LINKS = "".join(
    f'<li><a href="/az/{number}">Şəhərin {number} nömrəli məktəbində yeni dərs ili başlayıb</a></li>'
    for number in range(100, 130)
)


def why(markup: str, *, title: str = "Körpü açılıb", site: Site = SITE) -> str | None:
    page = page_of(markup, url="https://olke.example/az/7")
    return why_replaced(page, site, read_page(page, site), title=title)


def test_a_page_of_headlines_that_names_the_article_at_most_among_them_is_a_list() -> None:
    shown = f"<title>Ölkə</title><h1>Son xəbərlər</h1><ul>{LINKS}<li>Körpü açılıb</li></ul>"

    assert "links with headlines" in (why(shown) or "")


@pytest.mark.parametrize(
    "markup",
    [
        f"<title>Körpü açılıb - Ölkə</title><h1>Yenilik</h1><ul>{LINKS}</ul>",
        f"<h1>KÖRPÜ AÇILIB – FOTO</h1><p>{PROSE[0]}</p><ul>{LINKS}</ul>",
        f"<h1>Körpü istifadəyə verilib</h1><p>{' '.join(PROSE * 4)}</p><ul>{LINKS}</ul>",
        f"<h1>Körpü istifadəyə verilib</h1><p>{PROSE[0]}</p>",
    ],
    ids=["its title", "its heading", "prose under another headline", "no links"],
)
def test_what_still_names_the_article_or_holds_prose_is_no_list(markup: str) -> None:
    assert why(markup) is None


def test_what_the_sites_own_rule_finds_is_no_list() -> None:
    ruled = replace(SITE, layouts=(Layout(body=("div.metn",)),))

    assert why(f"<h1>Yeni</h1><div class='metn'>{PROSE[0]}</div>{LINKS}", site=ruled) is None
