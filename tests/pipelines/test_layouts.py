import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.cssselect import CSSSelector

from archive.errors import SourceError
from pipelines.layouts import View, choose_layouts, compile_layouts, compile_selector
from pipelines.rules import Layout, Site
from tests.pipelines.pages import parsed

MARKUP = """
<div class="lent"><span class="tarix">Bu gün</span></div>
<article class="xeber">
  <div class="bas"><a class="bolme">SOSİUM</a> <span class="tarix">14 Fevral</span></div>
  <h1 class="basliq iri">Körpü açılıb</h1>
  <div class="metn"><p>Qısa.</p></div>
  <div class="metn"><p>Körpü bu gün istifadəyə verilib.</p><div class="reklam">Reklam</div></div>
  <img data-src="/1.jpg">
</article>
"""


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("h1.basliq", ["Körpü açılıb"]),
        (".bas .tarix", ["14 Fevral"]),
        ("article > h1", ["Körpü açılıb"]),
        ("//h1", ["Körpü açılıb"]),
        ("(//p)[1]", ["Qısa."]),
        ("img@data-src", ["/1.jpg"]),
        ("//img/@data-src", ["/1.jpg"]),
        ("//img@data-src", ["/1.jpg"]),
        ("img@src", []),
    ],
)
def test_a_selector_is_css_or_xpath_with_or_without_an_attribute(
    selector: str, expected: list[str]
) -> None:
    layout = compile_layouts(
        Site(name="x", hosts=("x.example",), layouts=(Layout(lead=(selector,)),))
    )

    assert layout[0].texts("lead", View(parsed(MARKUP))) == expected


@pytest.mark.parametrize("selector", ["h1..x", "//h1[", "nosuch(//p)/x(", "p:hover::after("])
def test_a_selector_that_is_neither_is_told(selector: str) -> None:
    with pytest.raises(SourceError, match="neither a CSS selector nor an XPath"):
        compile_selector(selector)


def test_of_several_bodies_the_one_with_most_text_is_taken() -> None:
    layout = compile_layouts(site_with(Layout(body=("div.metn",))))[0]

    body = layout.body(View(parsed(MARKUP)))

    assert body is not None
    assert body.findtext("p") == "Körpü bu gün istifadəyə verilib."


def test_what_stands_in_the_article_s_box_comes_before_what_stands_elsewhere() -> None:
    page = parsed(MARKUP)
    view = View(page)
    view.enclose(page.root.find(".//h1"), page.root.find(".//div[@class='metn']"))

    assert compile_layouts(site_with(Layout(date=(".tarix",))))[0].texts("date", view) == [
        "14 Fevral"
    ]


def test_noise_is_found_inside_the_body() -> None:
    view = View(parsed(MARKUP))
    layout = compile_layouts(
        site_with(Layout(body=("div.metn",), noise=(".reklam", "article h1")))
    )[0]
    body = layout.body(view)

    assert body is not None
    assert {node.get("class") for node in layout.noise(view, body)} == {"reklam", "basliq iri"}


def test_the_layout_seen_on_the_day_of_the_capture_is_tried_first() -> None:
    new = Layout(since=date(2025, 1, 1), headline=("h2",))
    old = Layout(until=date(2024, 12, 31), headline=("h1",))
    page = parsed(MARKUP)

    chosen = list(choose_layouts(page, site_with(new, old), View(page)))

    assert [each.layout for each in chosen] == [old, new]


def test_a_layout_whose_mark_is_not_on_the_page_is_not_tried() -> None:
    page = parsed(MARKUP)
    absent, present = Layout(match=("#yoxdur",)), Layout(match=("article.xeber",))

    chosen = list(choose_layouts(page, site_with(absent, present), View(page)))

    assert [each.layout for each in chosen] == [present]


@pytest.mark.parametrize("selector", [".metn .qeyd", "div .qeyd", "div.metn b", ".yox b"])
def test_a_selector_takes_no_square_of_time_in_boxes_within_boxes(selector: str) -> None:
    page = parsed("<div class=metn>" * 300 + "<b>x</b>" * 5_000)
    layout = Layout(section=(selector,))
    (compiled,) = choose_layouts(page, site_with(layout), View(page))

    begun = time.process_time()
    compiled.texts("section", View(page))

    assert time.process_time() - begun < 2


@pytest.mark.parametrize("selector", ["b:last-child", "b:nth-child(3)", "b ~ i", "i ~ b", "b + i"])
def test_a_selector_takes_no_square_of_time_among_many_siblings(selector: str) -> None:
    page = parsed("<b>x</b>" * 20_000)

    begun = time.process_time()
    View(page).found_by(compile_selector(selector))

    assert time.process_time() - begun < 2


@given(
    markup=st.recursive(
        st.sampled_from(["<b>x</b>", "<i>y</i>", "text", "<b class=bir></b>"]),
        lambda inner: st.lists(inner, max_size=6).map(lambda each: f"<div>{''.join(each)}</div>"),
    ),
    selector=st.sampled_from(
        [
            *("b:first-child", "b:last-child", "b:only-child", "b:first-of-type", "b:nth-child(2)"),
            *("b:nth-child(2n+1)", "i:nth-last-child(1)", "b:nth-of-type(2)", "b:not(:last-child)"),
            *("b + i", "b ~ i", "div > b + b", "div b.bir", "div > i ~ b.bir", "b ~ div i"),
            *("i, b", "b.bir, div > i", "div ~ b, i ~ b + i", ".bir, .yox"),
        ]
    ),
)
def test_a_selector_means_what_it_means_in_css(markup: str, selector: str) -> None:
    root = parsed(f"<div>{markup}</div>").root

    found = compile_selector(selector).found_in(root)

    assert found == CSSSelector(selector)(root)


def site_with(*layouts: Layout) -> Site:
    return Site(name="olke.example", hosts=("olke.example",), layouts=layouts)
