"""The JSON API over HTTP."""

import httpx
import pytest

from archive.article import article_from_dict
from tests.archive.web.small_archive import FIRST, THIRD


def test_an_article_has_the_shape_of_the_command_line(client: httpx.Client) -> None:
    shape = client.get("/api/article/1").json()

    assert article_from_dict(shape) == THIRD
    assert (shape["archive"]["version"], shape["archive"]["versions"]) == (3, 3)


def test_every_version_can_be_read(client: httpx.Client) -> None:
    shapes = client.get("/api/article/1/versions").json()["versions"]

    assert [shape["archive"]["version"] for shape in shapes] == [1, 2, 3]
    assert article_from_dict(shapes[0]) == FIRST
    assert client.get("/api/article/1/versions/1").json() == shapes[0]


def test_changes_come_each_once_behind_a_cursor(client: httpx.Client) -> None:
    seen, cursor = [], 0
    while changes := client.get(f"/api/changes?after={cursor}&limit=4").json()["changes"]:
        seen += [change["cursor"] for change in changes]
        cursor = changes[-1]["cursor"]

    assert seen == list(range(1, 10))


def test_the_difference_is_given_in_pieces(client: httpx.Client) -> None:
    comparison = client.get("/api/article/1/diff/1/2").json()

    kinds = {paragraph["kind"] for paragraph in comparison["paragraphs"]}
    assert kinds == {"equal", "changed", "moved", "moved away"}


def test_a_search_gives_the_articles(client: httpx.Client) -> None:
    found = client.get("/api/search", params={"q": "asan xidmet"}).json()

    assert found["total"] == len(found["results"])
    assert 1 in {result["article"]["id"] for result in found["results"]}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/article/99", 404),
        ("/api/article/1/versions/9", 404),
        ("/api/search", 400),
        ("/api/changes?after=-1", 400),
        ("/api/changes?after=999999", 400),
        ("/api/search?q=asan&order=worst", 400),
        ("/api/nothing", 404),
    ],
)
def test_an_error_is_a_sentence_in_json(client: httpx.Client, path: str, status: int) -> None:
    answer = client.get(path)

    assert answer.status_code == status
    assert answer.json()["error"]


def test_edits_of_one_kind_come_newest_first_and_an_unknown_kind_is_told(
    client: httpx.Client,
) -> None:
    found = client.get("/api/changes?edit=paragraph-moved").json()["changes"]

    assert [change["article"]["archive"]["version"] for change in found] == [2]
    assert "paragraph-moved" in found[0]["detail"]["edit"]["kinds"]
    assert "number" in client.get("/api/changes?edit=nonsense").json()["error"]
