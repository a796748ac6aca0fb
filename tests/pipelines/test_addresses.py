"""One article has one address, however it is written."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.addresses import (
    article_id_of,
    article_key,
    canonical_address,
    is_address_of,
    is_article_address,
    normal_address,
)
from pipelines.rules import Site

NUMBERED = Site(
    name="xeber.example",
    hosts=("xeber.example", "m.xeber.example"),
    mirrors=("special.xeber.example",),
    articles=(
        r"^/(?:az/)?[a-z-]+/[^/]*-(?P<id>\d+)/?$",
        r"^/az/xeber/(?P<id>\d+)$",
        r"^/index\.php\?(?:.*&)?newsid=(?P<id>\d+)",
    ),
    never=(r"^/bolme/", r"[?&]search="),
    trailing_slash=False,
)
SLUGGED = Site(
    name="bank.example",
    hosts=("bank.example",),
    articles=(r"^/[^/]+/$", r"^/[^/]+$"),
    never=(r"^/(?:category|tag|page)/", "^/$"),
    trailing_slash=True,
)
ROUTED = Site(
    name="meclis.example",
    hosts=("meclis.example",),
    scheme="http",
    articles=(r"^/\?/az/[a-z]+/view/(?P<id>\d+)", r"^/cat\.php"),
    keep_query=True,
)
SITES = (NUMBERED, SLUGGED, ROUTED, None)


@pytest.mark.parametrize(
    "written",
    [
        "http://xeber.example/hadise/sel-olub-77",
        "https://www.xeber.example/hadise/sel-olub-77/",
        "https://m.xeber.example/hadise/sel-olub-77?utm_source=telegram&utm_medium=social",
        "HTTPS://Xeber.Example:443/hadise/sel-olub-77#foto",
        "//xeber.example/hadise/sel-olub-77",
        "https://xeber.example/hadise/sel-olub-77/amp/",
        "https://xeber.example/amp/hadise/sel-olub-77",
        "https://xeber.example/hadise/sel-olub-77/print",
        "https://xeber.example/hadise/sel-olub-77?News_page=412",
        "https://xeber.example//hadise/./x/../sel-olub-77",
        " https://user:word@xeber.example./hadise/sel-olub-77?fbclid=abc\n",
    ],
)
def test_each_way_of_writing_an_article_leads_to_one_address(written: str) -> None:
    assert canonical_address(written, NUMBERED) == "https://xeber.example/hadise/sel-olub-77"


@pytest.mark.parametrize(
    "written",
    [
        "https://bank.example/xəbər/",
        "https://bank.example/x%c9%99b%c9%99r/",
        "https://bank.example/x%C9%99b%C9%99r",
        "https://bank.example/%78%C9%99b%C9%99r/embed/",
    ],
)
def test_a_letter_has_one_percent_encoding(written: str) -> None:
    assert canonical_address(written, SLUGGED) == "https://bank.example/x%C9%99b%C9%99r/"


@pytest.mark.parametrize("written", ["si\u0307yahi", "si%CC%87yahi", "siyahi"])
def test_a_combining_dot_over_i_is_folded(written: str) -> None:
    assert canonical_address(f"https://bank.example/{written}/", SLUGGED).endswith("/siyahi/")


def test_bytes_that_are_no_utf8_stay_escapes() -> None:
    assert normal_address("http://kohne.example/%fe%2f%e9") == "http://kohne.example/%FE%2F%E9"


def test_a_query_that_is_the_address_stays() -> None:
    routed = "http://meclis.example/?/az/legislation/view/4371"

    assert canonical_address("https://meclis.example/?/az/legislation/view/4371", ROUTED) == routed
    assert article_id_of(routed, ROUTED) == "4371"
    assert (
        canonical_address("http://meclis.example/cat.php?cat=72&lang=az&utm_source=x", ROUTED)
        == "http://meclis.example/cat.php?cat=72&lang=az"
    )


def test_a_query_is_cut_to_the_parameter_that_names_the_article() -> None:
    written = "https://xeber.example/index.php?do=show&newsid=12&start=3"

    assert canonical_address(written, NUMBERED) == "https://xeber.example/index.php?newsid=12"
    assert article_id_of(written, NUMBERED) == "12"


def test_the_query_of_a_page_that_is_no_article_stays() -> None:
    assert canonical_address("https://xeber.example/all-news?page=2", NUMBERED).endswith("?page=2")
    assert normal_address("https://xeber.example/rss?utm_source=a&n=5").endswith(
        "?utm_source=a&n=5"
    )


def test_a_slug_may_change_and_the_article_stays() -> None:
    before = "https://xeber.example/hadise/sel-olub-77"
    after = "https://www.xeber.example/incident/sel-sularinda-uc-nefer-yenilenib-77"

    assert article_key(before, NUMBERED) == article_key(after, NUMBERED) == "xeber.example#77"


def test_a_slug_may_be_empty() -> None:
    assert article_id_of("https://xeber.example/medeniyyet/-41550", NUMBERED) == "41550"


def test_a_mirror_keeps_its_address_and_shares_the_article() -> None:
    mirrored = "https://special.xeber.example/az/xeber/77"

    assert canonical_address(mirrored, NUMBERED) == mirrored
    assert article_key(mirrored, NUMBERED) == "xeber.example#77"


def test_articles_stay_the_same_when_their_site_moves_to_another_host() -> None:
    numbered = replace(NUMBERED, hosts=("yeni.example", *NUMBERED.hosts), known_as="xeber.example")
    slugged = replace(SLUGGED, hosts=("yeni.example", *SLUGGED.hosts), known_as=SLUGGED.hosts[0])

    assert article_key("https://yeni.example/hadise/sel-77", numbered) == "xeber.example#77"
    for host in slugged.hosts:
        known = article_key(f"https://{host}/yeni-kart/", slugged)
        assert known == article_key("https://bank.example/yeni-kart/", SLUGGED)


def test_without_a_number_the_canonical_address_is_the_key() -> None:
    assert (
        article_key("http://bank.example/yeni-kart?fbclid=1", SLUGGED)
        == "https://bank.example/yeni-kart/"
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://xeber.example/bolme/rubrika-9",
        "https://xeber.example/hadise/sel-olub-77?search=sel",
        "https://xeber.example/hadise/",
        "https://basqa.example/hadise/sel-olub-77",
        "mailto:redaksiya@xeber.example",
        "javascript:void(0)",
        "http://[",
        "",
    ],
)
def test_what_only_looks_like_an_article_is_none(url: str) -> None:
    assert not is_article_address(url, NUMBERED)
    assert article_id_of(url, NUMBERED) is None


def test_a_port_keeps_the_scheme_it_was_given_with() -> None:
    site = Site(name="yerli", hosts=("127.0.0.1:8080",), articles=(r"^/(?P<id>\d+)$",))

    assert canonical_address("http://127.0.0.1:8080/5", site) == "http://127.0.0.1:8080/5"
    assert article_key("http://127.0.0.1:8080/5", site) == "127.0.0.1:8080#5"


def test_the_hosts_of_a_site_are_its_own_and_no_others() -> None:
    assert is_address_of("https://m.xeber.example/", NUMBERED)
    assert is_address_of("https://special.xeber.example/az", NUMBERED)
    assert not is_address_of("https://xeber.example.org/", NUMBERED)


_PIECES = st.sampled_from(
    ["/", "//", ".", "..", "amp", "print", "embed", "?", "&", "=", "#", "%", "%c9%99", "%2F", "%2541",
     "ə", "i\u0307", "%CC%87", "hadise", "-77", "77", "index.php", "newsid=12", "amp;", "utm_source=x",
     "News_page=4", "/az/law/view/7", " ", "\u0327", "%ff", "print:page,1,", ".html", "search=", "\\"]
)  # fmt: skip
_HOSTS = st.sampled_from(
    ["xeber.example", "WWW.m.xeber.example", "special.xeber.example", "bank.example:80", "meclis.example",
     "bank.example:8080", "düşərgə.example", "[::1]", "a.example."]
)  # fmt: skip
_URLS = st.builds(
    lambda scheme, host, pieces: f"{scheme}//{host}/{''.join(pieces)}",
    st.sampled_from(["http:", "https:", "HTTP:", ""]),
    _HOSTS,
    st.lists(st.one_of(_PIECES, st.text(max_size=3)), max_size=9),
)


@given(url=st.one_of(_URLS, st.text()), site=st.sampled_from(SITES))
def test_canonicalising_twice_changes_nothing(url: str, site: Site | None) -> None:
    once = canonical_address(url, site)

    assert canonical_address(once, site) == once


@given(url=st.one_of(_URLS, st.text()))
def test_normalising_twice_changes_nothing(url: str) -> None:
    once = normal_address(url)

    assert normal_address(once) == once


@given(url=_URLS, site=st.sampled_from((NUMBERED, SLUGGED, ROUTED)))
def test_the_canonical_address_is_the_same_article(url: str, site: Site) -> None:
    assert article_key(canonical_address(url, site), site) == article_key(url, site)
