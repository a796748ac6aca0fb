import json
import time
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.article import ShownPhoto
from pipelines.extract import read_page
from pipelines.rules import Layout, Site
from tests.pipelines.pages import PROSE, page_of, paragraphs

TITLE = "Şəkidə səyyar xidmət avtobusu sakinləri qəbul edir"
OTHER = "Mingəçevirdə yeni məktəb binası istifadəyə verilib"
TEXT = "\n\n".join(PROSE)
MARKUP = f'{paragraphs()}<p><img src="/foto/qebul-2023.jpg"></p>'
OTHER_MARKUP = "".join(f"<p>{OTHER} və şagirdlər dərsə başlayıb. {text}</p>" for text in PROSE * 2)
STATE = {
    "props": {
        "latest": [{"title": OTHER, "content": OTHER_MARKUP}],
        "article": {"title": TITLE, "content": MARKUP},
    }
}
BLOCKS = {"headline": TITLE, "body": [{"type": "text", "text": text} for text in PROSE]}
FLAT = [{"article": 1}, {"title": 2, "content": 3}, TITLE, MARKUP]
FLIGHT = f"1f:T{len(MARKUP.encode()):x},{MARKUP}2:[]\n"


def page(inside: str) -> str:
    return (
        f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><div id='metn'></div>"
        f"{inside}<footer>Bütün hüquqlar qorunur.</footer></body></html>"
    )


def script(code: str) -> str:
    return f"<script>{code}</script>"


@pytest.mark.parametrize(
    ("inside", "witness"),
    [
        pytest.param(
            script(f"const rawContent = {json.dumps(MARKUP)};"), "script:rawContent", id="variable"
        ),
        pytest.param(script(f"let rawContent = `{MARKUP}`;"), "script:rawContent", id="template"),
        pytest.param(
            f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(STATE)}</script>',
            "script:content",
            id="Next",
        ),
        pytest.param(
            script(f"self.__next_f.push([1,{json.dumps(FLIGHT[:90])}])")
            + script(f"self.__next_f.push([1,{json.dumps(FLIGHT[90:])}])"),
            "script:__next_f",
            id="Next, streamed",
        ),
        pytest.param(
            script(
                f"window.__NUXT__=(function(a,b){{return {{data:[{{title:a,content:b}}]}}}}"
                f"({json.dumps(TITLE)},{json.dumps(MARKUP)}));"
            ),
            "script:content",
            id="Nuxt 2",
        ),
        pytest.param(
            f'<script id="__NUXT_DATA__" type="application/json">{json.dumps(FLAT)}</script>',
            "script:content",
            id="Nuxt 3",
        ),
        pytest.param(
            script(f"window.__STATE__ = {json.dumps(BLOCKS)}"), "script:body", id="blocks"
        ),
        pytest.param(
            script(
                f"app.post = {json.dumps({'title': {'rendered': TITLE}, 'content': {'rendered': MARKUP}})}"
            ),
            "script:content",
            id="WordPress",
        ),
        pytest.param(
            f'<div data-content="{escape(MARKUP)}"></div>', "script:content", id="attribute"
        ),
        pytest.param(
            f'<article-view :article="{escape(json.dumps(STATE["props"]["article"]))}"></article-view>',
            "script:content",
            id="Vue",
        ),
        pytest.param(
            script(f"const rawContent = {json.dumps(escape(MARKUP))};"),
            "script:rawContent",
            id="escaped",
        ),
    ],
)
def test_a_body_that_stands_in_a_script_is_read(inside: str, witness: str) -> None:
    article = read_page(page_of(page(inside)))

    assert article.text == TEXT
    assert article.provenance["text"] == witness
    assert article.title == TITLE


def test_the_photos_of_such_a_body_are_its_own() -> None:
    article = read_page(page_of(page(script(f"const rawContent = {json.dumps(MARKUP)};"))))

    assert article.photos == (ShownPhoto(url="https://olke.example/foto/qebul-2023.jpg"),)


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param(
            script(f"window.latest = {json.dumps(STATE['props']['latest'])}"), id="other articles"
        ),
        pytest.param(
            script(f"const content = {json.dumps('<p>Saytdan istifadə qaydaları belədir. ' * 20)}"),
            id="a notice",
        ),
        pytest.param(script(f"const content = {json.dumps(PROSE[0])}"), id="a teaser"),
        pytest.param(
            script(f"const t = {{title: {json.dumps(TITLE)}, content: 'a{{b:c;d:e}}' }}"), id="code"
        ),
    ],
)
def test_a_text_that_may_be_another_s_is_no_body(inside: str) -> None:
    assert read_page(page_of(page(inside))).text == ""


def test_a_page_that_shows_its_body_is_not_asked_for_scripts() -> None:
    shown = f"<article>{paragraphs(PROSE * 3)}</article>"

    article = read_page(
        page_of(page(shown + script(f"const rawContent = {json.dumps(MARKUP * 9)}")))
    )

    assert not article.provenance["text"].startswith("script:")


def test_a_rule_names_where_a_short_body_stands() -> None:
    site = Site(name="x", hosts=("olke.example",), layouts=(Layout(script=("qisaXeber",)),))
    other = script(f"const content = {json.dumps(MARKUP)}")

    article = read_page(page_of(page(other + script(f"qisaXeber = '<p>{PROSE[0]}</p>'"))), site)

    assert article.text == PROSE[0]
    assert article.provenance["text"] == "script:qisaXeber"


@settings(max_examples=50)
@given(st.text(max_size=200), st.sampled_from(["script", "json", "attribute"]))
def test_any_script_leaves_the_page_readable(wild: str, place: str) -> None:
    inside = {
        "script": script(f"content = {wild}"),
        "json": f'<script type="application/json">{wild}</script>',
        "attribute": f'<div data-content="{wild}{"x" * 300}">',
    }[place]

    read_page(page_of(page(inside).encode("utf-8", "replace")))


@pytest.mark.parametrize(
    "value",
    ["[" * 1_000_000, '{"content":' * 500_000, '["content",' + "1," * 1_000_000, "<p>" * 1_000_000],
    ids=lambda value: value[:9],
)
def test_hostile_state_is_given_up_in_bounded_time(value: str) -> None:
    inside = f'<script type="application/json">{value}</script>{script(f"content = `{value}`")}'
    hostile = page_of(page(f'{inside}<i data-content="{escape(value[:1_000_000])}"></i>'))
    begun = time.process_time()

    read_page(hostile)

    assert time.process_time() - begun < 10
