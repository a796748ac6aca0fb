from dataclasses import replace
from random import Random

import pytest

from archive.article import PageKind
from pipelines.extract import read_page
from pipelines.items import Page
from pipelines.rules import Site
from tests.pipelines.pages import PROSE, page_of, paragraphs

LINKS = "\n".join(
    f'<li><a href="/az/xeber/{number}/">Şəhərin {number} nömrəli məktəbində yeni dərs ili başlayıb</a></li>'
    for number in range(100, 130)
)
ARTICLE = f"<title>Körpü açılıb</title><h1>Körpü açılıb</h1>{paragraphs(PROSE * 3)}"


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        pytest.param(page_of(ARTICLE), PageKind.ARTICLE, id="article"),
        pytest.param(replace(page_of(ARTICLE), status=404), PageKind.ERROR, id="404"),
        pytest.param(replace(page_of(""), status=503), PageKind.ERROR, id="503 without a body"),
        pytest.param(page_of(" \n"), PageKind.ERROR, id="no content"),
        pytest.param(page_of("<title>Xəta</title><h1>Xəta</h1><p>Sorğu yerinə yetirilmədi.</p>"), PageKind.ERROR, id="xəta with 200"),
        pytest.param(page_of("<title>Not Found (#404)</title><h1>Not Found (#404)</h1>"), PageKind.ERROR, id="yii 404 with 200"),
        pytest.param(page_of(f"<title>Səhifə tapılmadı - Ölkə</title><p>Yoxdur.</p><ul>{LINKS}</ul>"), PageKind.ERROR, id="not found with links"),
        pytest.param(page_of("<title>Страница не найдена</title><p>Увы.</p>"), PageKind.ERROR, id="russian"),
        pytest.param(page_of("<title>Just a moment...</title><div class='cf-challenge'></div>"), PageKind.BLOCK, id="challenge"),
        pytest.param(replace(page_of("<title>403</title><form class='g-recaptcha'></form><p>captcha</p>"), status=403), PageKind.BLOCK, id="captcha with 403"),
        pytest.param(page_of("<p>Davam etmək üçün robot olmadığınızı təsdiqləyin.</p>"), PageKind.BLOCK, id="proof of being human"),
        pytest.param(page_of("<title>Before you continue</title><p>Cookies</p>"), PageKind.CONSENT, id="consent"),
        pytest.param(page_of('<meta http-equiv="Refresh" content="0; URL=/az/yeni/1/"><p>Gözləyin</p>'), PageKind.MOVED, id="meta refresh"),
        pytest.param(page_of('<script>window.location.href = "/az/yeni/1/"</script>'), PageKind.MOVED, id="script"),
        pytest.param(replace(page_of(""), status=301, location="https://olke.example/"), PageKind.MOVED, id="301"),
        pytest.param(page_of(f"<title>Xəbərlər</title><h1>Bütün xəbərlər</h1><ul>{LINKS}</ul>"), PageKind.LIST, id="list"),
        pytest.param(page_of(ARTICLE, url="https://olke.example/"), PageKind.LIST, id="home page"),
        pytest.param(page_of(f"<h1>Körpü açılıb</h1><p>{PROSE[0]}</p><p>Daha çox oxumaq üçün daxil olun.</p>"), PageKind.STUB, id="stub"),
        pytest.param(page_of(f'<script type="application/ld+json">{{"@type": "NewsArticle", "isAccessibleForFree": "False"}}</script><h1>Körpü açılıb</h1><p>{PROSE[0]}</p>'), PageKind.STUB, id="stub by json-ld"),
        pytest.param(page_of(f"<h1>Körpü açılıb</h1>{paragraphs()}<p>Daha çox oxumaq üçün kanalımıza abunə olun.</p>"), PageKind.ARTICLE, id="a call to a channel"),
        pytest.param(page_of("<h1>Saytda texniki işlər aparılır</h1><p>Tezliklə qayıdacağıq.</p>"), PageKind.ERROR, id="works"),
        pytest.param(page_of("<b>Fatal error</b>: Uncaught Error in /index.php"), PageKind.ERROR, id="a broken program"),
        pytest.param(page_of("<h2>Kuki fayllarından istifadə</h2><p>Razılıq verin.</p><button>Qəbul edirəm</button>"), PageKind.CONSENT, id="consent without a title"),
        pytest.param(page_of(f"<h1>Körpü açılıb</h1><p>{PROSE[0]}</p><h2>Kuki siyasəti</h2><button>Qəbul edirəm</button>"), PageKind.ARTICLE, id="a banner on cookies"),
        pytest.param(page_of(f"<h1>Bizimlə əlaqə</h1><p>{PROSE[0]}</p>"), PageKind.OTHER, id="the site on itself"),
        pytest.param(page_of('<?xml version="1.0"?><rss version="2.0"><channel/></rss>'), PageKind.FEED, id="feed"),
        pytest.param(page_of('<?xml version="1.0"?><urlset xmlns="x"></urlset>'), PageKind.SITEMAP, id="sitemap"),
        pytest.param(page_of('{"items": []}'), PageKind.OTHER, id="json"),
        pytest.param(page_of(b"%PDF-1.7 ..."), PageKind.OTHER, id="pdf"),
        pytest.param(replace(page_of(b"\xff\xd8\xff\xe0"), content_type="image/jpeg"), PageKind.PHOTO, id="photo"),
        pytest.param(page_of("<h1>Əlaqə</h1>"), PageKind.OTHER, id="no body"),
    ],
)  # fmt: skip
def test_a_page_is_known_for_what_it_is(page: Page, kind: PageKind) -> None:
    article = read_page(page)

    assert article.kind is kind
    assert (article.reason is None) is (kind is PageKind.ARTICLE)


def test_a_page_that_reloads_itself_later_is_not_moved() -> None:
    assert (
        read_page(page_of('<meta http-equiv="refresh" content="600">' + ARTICLE)).kind
        is PageKind.ARTICLE
    )


def test_an_article_about_errors_is_an_article() -> None:
    markup = f"<title>404 nömrəli avtobus</title><h1>404 nömrəli avtobusun marşrutu dəyişib</h1>{paragraphs(PROSE * 3)}"

    assert read_page(page_of(markup)).kind is PageKind.ARTICLE


def test_the_address_of_an_article_makes_no_list_of_a_short_one() -> None:
    site = Site(
        name="olke.example", hosts=("olke.example",), articles=(r"^/az/sosium/(?P<id>\d+)/",)
    )
    markup = f"<h1>Körpü açılıb</h1><div>{paragraphs(PROSE[:2])}</div><ul>{LINKS}</ul>"

    assert read_page(page_of(markup), site).kind is PageKind.ARTICLE


@pytest.mark.parametrize("size_bytes", [300, 3_000, 300_000])
@pytest.mark.parametrize("seed", range(5))
def test_bytes_that_are_no_text_are_no_article_whatever_the_header_says(
    size_bytes: int, seed: int
) -> None:
    random = Random(seed)  # noqa: S311  # the same bytes each time

    read = read_page(page_of(random.randbytes(size_bytes)))

    assert read.kind is PageKind.OTHER
    assert read.reason == "is no text, although it is sent as text/html; charset=utf-8"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(ARTICLE.replace("Körpü", "Kör\x0bpü").encode(), id="control codes"),
        pytest.param(f"<html>{ARTICLE}".encode("utf-16-le"), id="UTF-16 without a mark"),
        pytest.param(f"<html>{ARTICLE}".encode("utf-16"), id="UTF-16"),
        pytest.param(f"<html>{ARTICLE}".encode("utf-32"), id="UTF-32"),
    ],
)
def test_text_is_read_in_spite_of_its_odd_bytes(body: bytes) -> None:
    assert read_page(page_of(body)).title == "Körpü açılıb"
