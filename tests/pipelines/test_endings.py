"""Whether a page's markup came to its end."""

import pytest

from pipelines.endings import is_unclosed


@pytest.mark.parametrize(
    ("body", "is_cut"),
    [
        (b"<html><body><p>Yol</p></body></html>", False),
        (b"<HTML><BODY><P>Yol</P></BODY></HTML >\n<!-- 0.03 s -->", False),
        (b"<html><body><p>Yol</p></body>", True),
        (b"<html><body><p>Yol.", True),
        (b"", True),
    ],
    ids=["closed", "capitals and a comment below", "cut in its last tag", "cut", "empty"],
)
def test_a_page_without_the_end_of_its_document_is_unclosed(body: bytes, is_cut: bool) -> None:
    assert is_unclosed(body) is is_cut
