"""What lies on another host than the source's pages is that host's alone."""

import pytest

from archive.catalogue.work import Work
from archive.ledger import AddressKind
from crawler.elsewhere import is_elsewhere
from crawler.source import source_of_text
from tests.web.applications import API_HOST, HOST, ROOT, SOURCE


@pytest.mark.parametrize(
    ("url", "kind", "expected"),
    [
        (f"{ROOT}/xeber/42", AddressKind.PAGE, True),
        (f"{ROOT}/haqqimizda", AddressKind.PAGE, False),
        (f"http://{API_HOST}/v1/xeberler", AddressKind.LISTING, False),
        (f"{ROOT}/fayl/42/birinci.jpg", AddressKind.PHOTO, False),
        ("http://fayl.example/42.jpg", AddressKind.PHOTO, True),
    ],
    ids=["endpoint", "no article", "list", "own photo", "photo elsewhere"],
)
def test_a_photo_and_an_articles_endpoint_may_lie_elsewhere(
    url: str, kind: AddressKind, expected: bool
) -> None:
    source = source_of_text(SOURCE, f"{HOST}.yaml")

    assert is_elsewhere(Work(url=url, kind=kind), source) is expected
