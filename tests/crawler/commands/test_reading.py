"""Pages and strings read by hand, without an archive."""

import json
from pathlib import Path

import pytest

from tests.crawler.crawling import Done, ask
from tests.test_schemas import ARTICLE, validator
from tests.web.pictures import picture

URL = "https://numune.example/xeber/41/park/"
AT = "2026-02-14T18:00:00+04:00"
SENTENCES = (
    "Rayonun mərkəzində yeni park salınıb və axşam saatlarında sakinlərin ixtiyarına verilib.",
    "Parkda uşaqlar üçün meydança, velosiped zolağı və kölgəli oturacaqlar quraşdırılıb.",
    "Ağacların bir hissəsi qonşu rayonun tinglik təsərrüfatından gətirilib.",
)
PAGE = f"""<html lang="az"><head><meta charset="utf-8"><title>Yeni park açılıb - FOTO</title></head>
<body><h1>Yeni park açılıb - FOTO</h1><time datetime="2026-02-14T17:20:00+04:00">14 fevral</time>
<article>{"".join(f"<p>{sentence}</p>" for sentence in SENTENCES)}</article></body></html>"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


def lines_of(done: Done) -> list[dict[str, object]]:
    assert done.code == 0, done.err
    return [json.loads(line) for line in done.out.splitlines()]


def test_a_saved_page_becomes_an_article_as_the_schema_says(page: Path) -> None:
    (article,) = lines_of(ask("extract", str(page), "--url", URL, "--at", AT))

    assert [error.message for error in validator(ARTICLE).iter_errors(article)] == []
    assert article["headline"] == "Yeni park açılıb - FOTO"
    assert (article["title"], article["markers"]) == ("Yeni park açılıb", ["FOTO"])
    assert article["text"] == "\n\n".join(SENTENCES)


def test_a_page_is_read_with_the_rules_of_a_folder_of_ones_own(page: Path, tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "numune.example.yaml").write_text(
        "host: numune.example\npublisher: Nümunə\nkind: news\nlanguage: az\n"
        "articles: '^/xeber/(?P<id>\\d+)'\ndiscovery: {listing: /}\nrules: {headline: h1, body: article}\n",
        encoding="utf-8",
    )
    own = ("--sources", str(tmp_path / "sources"))

    (article,) = lines_of(ask("extract", str(page), "--url", URL, "--at", AT, *own))

    assert article["article_id"] == "41"
    assert validator(ARTICLE["properties"]["provenance"]).is_valid(article["provenance"])
    assert "rule:body" in json.dumps(article["provenance"])


def test_a_batch_gives_a_line_for_each_line(page: Path) -> None:
    asked = [
        {"id": "a", "path": str(page), "url": URL, "at": AT},
        {"id": "b", "path": str(page), "url": URL},
    ]

    found = lines_of(ask("extract", "--batch", stdin="\n".join(map(json.dumps, asked))))

    assert [line["id"] for line in found] == ["a", "b"]
    assert {line["headline"] for line in found} == {"Yeni park açılıb - FOTO"}


def test_a_page_without_anything_to_read_is_a_line_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty.html").touch()
    (tmp_path / "photo.html").write_bytes(picture("park"))

    for name in ("empty.html", "photo.html"):
        (found,) = lines_of(ask("extract", str(tmp_path / name), "--url", URL))
        assert found["kind"] != "article"
        assert found["reason"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("no json", "Not a line of a batch"),
        ('{"id": "a"}', "Not a line of a batch ('path')"),
        ('{"id": "a", "path": "x.html", "at": "dünən"}', "is no time"),
        ('{"id": "a", "path": "/nowhere/x.html"}', "/nowhere/x.html cannot be read"),
    ],
)
def test_a_line_of_a_batch_that_cannot_be_used_is_told(line: str, said: str) -> None:
    done = ask("extract", "--batch", stdin=line)

    assert done.code == 2
    assert said in done.err


def test_extract_says_what_it_needs(page: Path) -> None:
    done = ask("extract", str(page))

    assert done.code == 2
    assert "--url" in done.err


@pytest.mark.parametrize(
    ("what", "line", "expected"),
    [
        (
            "date",
            "14 Fevral",
            {"printed": "14 Fevral", "at": "2026-02-14", "precision": "day"},
        ),
        ("date", "bahar gəldi", {"at": None}),
        (
            "headline",
            "Sammit başladı - FOTO - YENİLƏNİB-2",
            {"title": "Sammit başladı", "markers": ["FOTO", "YENİLƏNİB"], "update_no": 2},
        ),
        (
            "attribution",
            "Bu barədə Nazirlikdən məlumat verilib.",
            {"kind": "opener", "source": "Nazirlik"},
        ),
        (
            "language",
            "Rayonun mərkəzində yeni park salınıb və sakinlərin ixtiyarına verilib.",
            {"language": "az", "script": "Latn"},
        ),
        ("terms", "Kitablarımız", {"text": "Kitablarımız", "surface": ["kitablarimiz"]}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_string_is_read_as_json(what: str, line: str, expected: dict[str, object]) -> None:
    (found,) = lines_of(ask("read", what, "--at", AT, stdin=f"{line}\n"))

    assert {key: found[key] for key in expected} == expected


def test_each_line_of_the_input_gives_a_line(page: Path) -> None:
    del page

    assert len(lines_of(ask("read", "headline", stdin="Bir\nİki - VİDEO\n\nÜç"))) == 4
