"""A source's author sees what each rule found on a page, and what did not answer."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from crawler.checking import RuleCheck, check_source, page_of_file
from crawler.source import Language, Source, SourceKind
from pipelines.rules import Layout

SOURCE = Source(
    name="nazirlik.example",
    publisher="Nümunə Nazirliyi",
    host="nazirlik.example",
    scheme="http",
    kind=SourceKind.MINISTRY,
    language=Language.AZ,
    articles=(r"^/xeber/(?P<id>\d+)$",),
    rules=(
        Layout(headline=("h1.basliq",), body=("div.metn",), date=("span.tarix",), section=("a.yox",)),
    ),
)  # fmt: skip
SENTENCE = (
    "Nazirlik yeni suvarma kanalının istifadəyə verildiyini və işlərin davam etdiyini bildirib. "
)
PAGE = f"""<html lang="az"><head><meta charset="utf-8"><title>Kanal</title></head><body>
<h1 class="basliq">Yeni suvarma kanalı istifadəyə verilib - FOTO</h1><span class="tarix">24.05.2026 18:28</span>
<div class="metn"><p>{SENTENCE * 3}</p><p>{SENTENCE * 2}</p></div></body></html>"""


def test_each_field_is_shown_with_what_found_it(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(PAGE, encoding="utf-8")

    page = page_of_file(file, "http://nazirlik.example/xeber/7")
    checks = {each.field: each for each in check_source(SOURCE, page)}

    assert (checks["kind"].value, checks["kind"].doubt) == ("article", None)
    assert checks["article_id"].value == "7"
    assert checks["headline"].value == "Yeni suvarma kanalı istifadəyə verilib - FOTO"
    assert (checks["headline"].found_by or "").startswith("rule")
    assert (checks["published"].value or "").startswith("2026-05-24T18:28")
    assert checks["section"].value is None
    assert checks["section"].doubt == "the source's rule for section found nothing"
    assert checks["lead"].doubt is None


def test_an_address_of_another_shape_is_doubted(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(PAGE, encoding="utf-8")

    (kind, *_) = check_source(SOURCE, page_of_file(file, "http://nazirlik.example/haqqinda"))

    assert kind.doubt == "the address matches none of the source's article patterns"


def test_each_selector_is_shown_with_how_much_it_finds(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(PAGE, encoding="utf-8")

    checks = {
        each.field: each
        for each in check_source(SOURCE, page_of_file(file, "http://nazirlik.example/xeber/7"))
    }

    assert checks["text"].rules == (RuleCheck(selector="div.metn", matches=1),)
    assert checks["section"].rules == (RuleCheck(selector="a.yox", matches=0),)
    assert checks["lead"].rules == ()


def test_a_field_without_a_rule_is_told_the_selector_of_the_one_element_that_holds_it(
    tmp_path: Path,
) -> None:
    file = tmp_path / "page.html"
    file.write_text(PAGE, encoding="utf-8")
    source = replace(SOURCE, rules=(Layout(body=("div.metn",), date=("span.vaxt",)),))

    checks = {
        each.field: each
        for each in check_source(source, page_of_file(file, "http://nazirlik.example/xeber/7"))
    }

    assert checks["headline"].suggested == "h1.basliq"
    assert checks["published"].suggested == "span.tarix"
    assert checks["published"].doubt == "the source's rule for date found nothing"
    assert checks["text"].suggested is None


def test_of_several_layouts_the_one_that_reads_the_page_is_named(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(PAGE, encoding="utf-8")
    old = Layout(until=date(2024, 1, 31), headline=("h2",), body=("td.metn",))
    source = replace(SOURCE, rules=(old, *SOURCE.rules))

    (_, layout, *_) = check_source(source, page_of_file(file, "http://nazirlik.example/xeber/7"))

    assert (layout.field, layout.value) == ("layout", "2 of 2; always to now")
