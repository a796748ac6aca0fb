"""A selector is suggested only where it finds a field, and nothing else, on every page."""

from datetime import UTC, datetime

import pytest

from crawler.suggesting import ReadPage, suggest_rule
from pipelines.extract import read_article
from pipelines.items import Page
from pipelines.parsing import parse_page
from pipelines.rules import Site

SITE = Site(name="sayt.example", hosts=("sayt.example",))
SENTENCE = "Bağ sakinlərin ixtiyarına verilib və axşam saatlarında da açıq olacaq."
PAGE = """<html lang="az"><head><meta charset="utf-8"><title>{title}</title></head><body>
<div class="menyu"><span class="ad">{section}</span> <span class="ad">Elm</span></div>
<div class="xeber"><p class="rubrika">{section}</p><div class="text-center vaxt2">{date}</div>
<h1>{title}</h1><figure class="esas"><img src="/file/{photo}.jpg" width="800" height="500"></figure>
<div class="col-md-8 metn">{body}</div></div>
<div class="yan"><h3>Oxşar xəbərlər</h3><p>Köhnə bina təmir olunur və yaxında açılacaq.</p></div></body></html>"""


def read(number: int, section: str, markup: str = PAGE) -> ReadPage:
    body = f"<p>{SENTENCE}</p>" * 4
    html = markup.format(
        title=f"{number}-ci məhəllədə yeni bağ salınıb",
        section=section,
        date=f"{number} fevral 2026",
        photo=f"bag{number}",
        body=body,
    )
    page = Page(
        url=f"https://sayt.example/xeber/{number}/",
        captured_at=datetime(2026, 2, 20, tzinfo=UTC),
        body=html.encode(),
    )
    parsed = parse_page(page)
    return ReadPage(parsed, read_article(parsed, SITE))


@pytest.mark.parametrize(
    ("field", "selector"),
    [("headline", "h1"), ("body", "div.metn"), ("photos", "figure.esas img")],
)
def test_what_one_element_holds_on_every_page_is_suggested(field: str, selector: str) -> None:
    found = suggest_rule(field, [read(12, "İdman"), read(13, "Region")])

    assert found is not None
    assert (found.selector, found.pages) == (selector, 2)


def test_names_that_only_dress_an_element_or_hold_a_number_are_not_suggested() -> None:
    found = suggest_rule("date", [read(12, "İdman"), read(13, "Region")])

    assert found is None or "vaxt2" not in found.selector
    assert found is None or "text-center" not in found.selector


def test_a_field_that_stands_twice_alike_has_no_suggestion() -> None:
    twice = PAGE.replace("<h1>{title}</h1>", "<h1>{title}</h1><h1>{title}</h1>")

    assert suggest_rule("headline", [read(12, "İdman", twice)]) is None


def test_a_selector_that_fails_on_one_page_is_not_suggested() -> None:
    other = PAGE.replace('class="col-md-8 metn"', 'class="yeni-metn"')

    assert suggest_rule("body", [read(12, "İdman"), read(13, "Region", other)]) is None


def test_a_field_that_is_on_no_page_has_no_suggestion() -> None:
    assert suggest_rule("tags", [read(12, "İdman")]) is None
