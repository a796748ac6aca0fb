import pytest

from pipelines.identity import identity_of
from pipelines.rules import Site
from tests.pipelines.pages import parsed

SITE = Site(
    name="olke.example",
    hosts=("olke.example",),
    articles=(r"^/az/[a-z]+/(?P<id>\d+)/",),
    trailing_slash=True,
)
OWN = "https://olke.example/az/sosium/84131/kohne-baslig/"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param("/az/sosium/84131/yeni-baslig/", "https://olke.example/az/sosium/84131/yeni-baslig/", id="new slug"),
        pytest.param("https://olke.example/", OWN, id="home page"),
        pytest.param("/az/sosium/", OWN, id="a section"),
        pytest.param("https://basqa.example/az/sosium/84131/x/", OWN, id="another site"),
        pytest.param("/az/sosium/99999/numune/", OWN, id="the template's article"),
        pytest.param("", OWN, id="nothing"),
    ],
)  # fmt: skip
def test_a_canonical_link_is_believed_only_where_it_is_the_article_s_own(
    told: str, expected: str
) -> None:
    page = parsed(f'<head><link rel="canonical" href="{told}"></head>', url=OWN)

    assert identity_of(page, SITE) == (expected, "84131")


def test_a_short_address_is_resolved_by_the_canonical_link() -> None:
    page = parsed(
        f'<head><link rel="canonical" href="{OWN}"></head>', url="https://olke.example/s/9f2"
    )

    assert identity_of(page, SITE) == (OWN, "84131")


def test_without_a_site_the_canonical_link_must_stay_on_the_host() -> None:
    own = "https://www.olke.example/a/1"
    kept = parsed('<head><link rel="canonical" href="https://olke.example/a/1"></head>', url=own)
    gone = parsed('<head><link rel="canonical" href="https://basqa.example/a/1"></head>', url=own)

    assert identity_of(kept, None) == ("https://olke.example/a/1", None)
    assert identity_of(gone, None) == (own, None)
