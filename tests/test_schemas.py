"""The JSON Schemas say what leaves the archive: every key, every word, and nothing else."""

import json
from dataclasses import fields
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry, Resource

from archive.article import (
    Article,
    Attribution,
    Block,
    BlockKind,
    Claim,
    Confidence,
    Embed,
    Moment,
    PageKind,
    Precision,
    ShownPhoto,
    article_to_dict,
)
from archive.catalogue.reader import CatalogueReader
from archive.catalogue.rows import ChangeKind
from archive.exports.jsonl import change_lines
from archive.shapes import SCHEMA_VERSION
from docs.generate import REFERENCE
from tests.archive.web.small_archive import make_small_archive


def schema(name: str) -> dict[str, Any]:
    shape: dict[str, Any] = json.loads((REFERENCE / name).read_text(encoding="utf-8"))
    return shape


ARTICLE, EXPORT = schema("article.schema.json"), schema("export.schema.json")
REGISTRY: Registry[Any] = Registry().with_resources(
    (shape["$id"], Resource.from_contents(shape)) for shape in (ARTICLE, EXPORT)
)


def validator(shape: dict[str, Any]) -> Draft202012Validator:
    Draft202012Validator.check_schema(shape)
    return Draft202012Validator(shape, registry=REGISTRY)


@pytest.mark.parametrize(
    ("shape", "keys"),
    [
        (Article, ARTICLE["properties"].keys() - {"archive"}),
        (Moment, ARTICLE["$defs"]["moment"]["properties"].keys()),
        (Block, ARTICLE["$defs"]["block"]["properties"].keys()),
        (Attribution, ARTICLE["$defs"]["attribution"]["properties"].keys()),
        (ShownPhoto, ARTICLE["$defs"]["photo"]["properties"].keys()),
        (Claim, ARTICLE["$defs"]["claim"]["properties"].keys()),
        (Embed, ARTICLE["$defs"]["embed"]["properties"].keys()),
    ],
)
def test_the_schema_names_each_key_of_an_article(shape: type, keys: set[str]) -> None:
    assert keys == {key.name for key in fields(shape)}


def test_the_schemas_know_every_word() -> None:
    assert ARTICLE["properties"]["kind"]["enum"] == list(PageKind)
    assert ARTICLE["$defs"]["moment"]["properties"]["precision"]["enum"] == list(Precision)
    assert ARTICLE["$defs"]["block"]["properties"]["kind"]["enum"] == list(BlockKind)
    words = ARTICLE["properties"]["confidence"]["additionalProperties"]["enum"]
    assert words == list(Confidence)
    assert EXPORT["properties"]["change"]["enum"] == list(ChangeKind)
    assert EXPORT["properties"]["schema"]["const"] == SCHEMA_VERSION


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = make_small_archive(tmp_path_factory.mktemp("docs") / "archive")
    with CatalogueReader.open(folder.catalogue_path) as reader:
        return [json.loads(line) for _, line in change_lines(reader, 0)]


def test_every_exported_line_is_what_the_schema_says(lines: list[dict[str, Any]]) -> None:
    check = validator(EXPORT)

    assert len(lines) > 5
    assert [error.message for line in lines for error in check.iter_errors(line)] == []


def test_no_exported_key_is_undocumented(lines: list[dict[str, Any]]) -> None:
    known = ARTICLE["$defs"]

    assert {key for line in lines for key in line} == EXPORT["properties"].keys()
    assert {key for line in lines for key in line["article"]} == ARTICLE["properties"].keys()
    archives = [line["article"]["archive"] for line in lines]
    exported = known["archive"]["properties"].keys() - {
        "pictures",  # these four: of show and the API
        "places",
        "sightings",
        "feed_titles",
    }
    assert {key for each in archives for key in each} == exported
    assert {key for each in archives for key in each["capture"]} == known["capture"][
        "properties"
    ].keys()
    told = {key for line in lines for key in line["detail"]}
    assert told <= EXPORT["$defs"]["detail"]["properties"].keys()


def test_the_schema_refuses_an_article_without_its_text() -> None:
    article = Article(kind=PageKind.ARTICLE, url="https://a.example/", canonical_url="")
    shape = article_to_dict(article)
    del shape["text"]

    with pytest.raises(ValidationError, match="'text' is a required property"):
        validator(ARTICLE).validate(json.loads(json.dumps(shape)))
