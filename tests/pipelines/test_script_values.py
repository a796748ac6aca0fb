import json
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.script_values import Named, assigned_values, load_json, read_literal


@pytest.mark.parametrize(
    ("script", "name", "value"),
    [
        (r'const rawContent = "<p>Şəki\u0259 \"sitat\"<\/p>";', "rawContent", '<p>Şəkiə "sitat"</p>'),
        ("let metn=`bir\niki`", "metn", "bir\niki"),
        ("var a = 'bir' +\n  \"iki\"", "a", "biriki"),
        ('data: {"content": "bir"}', "data", {"content": "bir"}),
        ("window.__STATE__ = {a:1, 'b':[!0, null,], /* qeyd */ c: x.y}", "__STATE__",
         {"a": "1", "b": [True, None], "c": Named("x.y")}),
        (r"""v = JSON.parse('{"k":"\\u0131"}')""", "v", {"k": "ı"}),
        ('v = decodeURIComponent("%C9%99")', "v", "ə"),
        (r'v = "\ud83d\ude00 \ud83d"', "v", "😀 \ufffd"),
        ('window.__NUXT__=(function(a,b){return {t:a,c:[b]}}("bir","iki"));', "__NUXT__",
         {"t": "bir", "c": ["iki"]}),
    ],
)  # fmt: skip
def test_a_literal_is_read_as_javascript_means_it(script: str, name: str, value: object) -> None:
    assert (name, value) in list(assigned_values(script))


@pytest.mark.parametrize(
    "script", ["x = `bir${iki}`", "x = function(){}", 'x = "açıq', "x = {a: /b/}", "x = ["]
)
def test_what_only_a_run_would_tell_is_no_value(script: str) -> None:
    assert [value for name, value in assigned_values(script) if name == "x"] == []


@given(st.text())
@example("x=" + "[" * 5_000)
@example('x={"a":' * 5_000)
@example('x="\\')
@example('x="\\u{ffffffff}"')
def test_any_script_is_read_without_an_error(script: str) -> None:
    list(assigned_values(script))
    read_literal(script)
    load_json(script)


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_what_json_writes_is_read_back(value: object) -> None:
    assert read_literal(json.dumps(value))[0] == value


@pytest.mark.parametrize(
    ("begin", "unit", "count"),
    [
        ("", 'a="', 1_000_000),
        ("", "a={", 1_000_000),
        ("", 'a="b"+', 500_000),
        ("", "x=/*", 900_000),
        ("", "a=`${", 500_000),
        ("a=", "[", 3_900_000),
        ("a=[", "1,", 1_900_000),
        ("", "a", 50_000_000),
        ('a="', "x", 50_000_000),
    ],
)
def test_a_hostile_script_is_read_in_bounded_time(begin: str, unit: str, count: int) -> None:
    script = begin + unit * count
    begun = time.process_time()

    list(assigned_values(script))

    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    "script",
    ['"a":[' * 30_000, '"a":{' * 30_000, '"a":[' * 900 + "1," * 200_000, 'a=["b",' * 30_000],
    ids=["lists", "objects", "a long list deep inside", "lists of texts"],
)
def test_values_without_end_are_given_up_in_bounded_time(script: str) -> None:
    begun = time.process_time()

    list(assigned_values(script))

    assert time.process_time() - begun < 2
