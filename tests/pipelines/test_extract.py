import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.article import (
    Article,
    Embed,
    PageKind,
    Precision,
    ShownPhoto,
    article_to_json,
)
from archive.errors import PageError, PageTooCostly
from pipelines.extract import read_article, read_page
from pipelines.parsing import MAX_CHARS, find_links, parse_page
from pipelines.rules import Layout, Site
from tests.pipelines.pages import PROSE, SEEN, URL, page_of, paragraphs

LAYOUT = Layout(
    headline=("h1.basliq",),
    badges=(".nisan",),
    lead=(".giris",),
    body=("div.metn",),
    date=(".bas .tarix",),
    section=(".bas .bolme",),
    authors=(".muellif",),
    tags=(".teqler a",),
    photos=(".foto img",),
    gallery=(".qalereya a",),
    noise=(".reklam",),
)
SITE = Site(
    name="olke.example",
    hosts=("olke.example",),
    articles=(r"^/az/[a-z]+/(?P<id>\d+)/",),
    layouts=(LAYOUT,),
)
MARKUP = f"""<!DOCTYPE html><html><head>
<title>Şəkidə səyyar qəbul - Ölkə</title>
<meta property="og:title" content="Başqa başlıq"><meta property="og:image" content="/logo.png">
<link rel="canonical" href="{URL}">
</head><body>
<div class="saat">Bu gün 15 fevral 2023</div>
<article>
<div class="bas"><a class="bolme">SOSİUM</a> <span class="tarix">14 Fevral</span></div>
<h1 class="basliq">&ldquo;ASAN xidmət&rdquo; Şəkidə səyyar qəbula başlayır - FOTO</h1> <span class="nisan">Yenilənib</span>
<p class="giris">Qəbul üç gün davam edəcək.</p>
<figure class="foto"><img class="lazy" src="data:image/gif;base64,R0lG" data-src="//foto.olke.example/2023/02/14/1676381400_qebul.jpg" alt="Qəbul">
<figcaption>Səyyar avtobus</figcaption></figure>
<div class="metn">{paragraphs()}<div class="reklam"><img src="/reklam/1.jpg"></div>
<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe><p>Oxunub: 1204</p></div>
<div class="qalereya"><a href="//foto.olke.example/2023/02/14/1676381401_novbe.jpg"><img src="/k/2.jpg"></a></div>
<div class="muellif">Redaksiya</div><div class="teqler"><a>ASAN xidmət</a> <a>Şəki</a></div>
</article>
<div class="oxsar"><a href="/az/sosium/84130/x/"><img src="/foto/84130.jpg">Başqa bir xəbərin başlığı</a></div>
</body></html>"""


@pytest.fixture(scope="module")
def article() -> Article:
    return read_page(page_of(MARKUP), SITE)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("kind", PageKind.ARTICLE),
        ("reason", None),
        ("url", URL),
        ("canonical_url", URL),
        ("article_id", "84131"),
        ("headline", "“ASAN xidmət” Şəkidə səyyar qəbula başlayır - FOTO"),
        ("title", "“ASAN xidmət” Şəkidə səyyar qəbula başlayır"),
        ("markers", ("FOTO", "YENİLƏNİB")),
        ("lead", "Qəbul üç gün davam edəcək."),
        ("section", "SOSİUM"),
        ("authors", ("Redaksiya",)),
        ("tags", ("ASAN xidmət", "Şəki")),
        ("language", "az"),
        ("modified", None),
        ("text", "\n\n".join(PROSE)),
        ("embeds", (Embed(kind="youtube", url="https://www.youtube.com/embed/abcdefghijk"),)),
        ("doubts", ()),
        (
            "photos",
            (
                ShownPhoto(
                    url="https://foto.olke.example/2023/02/14/1676381400_qebul.jpg",
                    caption="Səyyar avtobus",
                    alt="Qəbul",
                ),
                ShownPhoto(url="https://foto.olke.example/2023/02/14/1676381401_novbe.jpg"),
            ),
        ),
        (
            "provenance",
            {
                "headline": "rule:headline",
                "text": "rule:body",
                "photos": "rule:photos",
                "published": "rule:date",
                "lead": "rule:lead",
                "section": "rule:section",
                "authors": "rule:authors",
                "tags": "rule:tags",
            },
        ),
    ],
)
def test_the_rules_of_a_site_give_every_field(
    article: Article, field: str, expected: object
) -> None:
    assert getattr(article, field) == expected


def test_a_date_without_a_year_is_resolved_by_the_capture(article: Article) -> None:
    assert article.published is not None
    assert (article.published.at, article.published.precision) == ("2023-02-14", Precision.DAY)
    assert (article.published.printed, article.published.how) == ("14 Fevral", "year-less")


def test_the_source_is_named_and_its_paragraph_marked(article: Article) -> None:
    (attribution,) = article.attribution

    assert (attribution.name, attribution.kind) == ("ASAN xidmət", "opener")
    assert [block.role for block in article.blocks] == [None, "attribution", None, None]


def test_a_photo_s_name_bounds_a_date_without_a_year() -> None:
    old = MARKUP.replace("1676381400_qebul", "1644822000_qebul")  # 14 February 2022

    published = read_page(page_of(old), SITE).published

    assert published is not None
    assert published.at == "2022-02-14"


def test_where_the_rules_do_not_answer_the_witnesses_are_heard() -> None:
    site = Site(
        name="olke.example", hosts=("olke.example",), layouts=(Layout(headline=(".yoxdur",)),)
    )
    markup = MARKUP.replace("Başqa başlıq", "“ASAN xidmət” Şəkidə səyyar qəbula başlayır - FOTO")

    article = read_page(page_of(markup), site)

    assert article.title == "“ASAN xidmət” Şəkidə səyyar qəbula başlayır"
    assert "\n\n".join(PROSE) in article.text
    assert article.title not in article.text
    assert article.provenance["headline"] == "h1"
    assert article.provenance["text"] != "rule:body"
    assert article.published is not None
    assert article.provenance["published"] == "near-headline"


def test_json_ld_fills_what_the_rules_leave_open() -> None:
    layout = Layout(headline=("h1",), body=("div.metn",))
    script = '<script type="application/ld+json">{"@type": "NewsArticle", "articleSection": "Cəmiyyət", "datePublished": "2023-02-14T18:28:00+04:00"}</script>'
    site = Site(name="olke.example", hosts=("olke.example",), layouts=(layout,))

    article = read_page(page_of(MARKUP.replace("<title>", f"{script}<title>")), site)

    assert article.section == "Cəmiyyət"
    assert article.provenance["section"] == article.provenance["published"] == "json-ld"


def test_a_marker_that_promises_photos_is_doubted_where_one_is_found() -> None:
    lone = MARKUP.replace('class="qalereya"', 'class="video"')

    assert read_page(page_of(lone), SITE).doubts == (
        "The headline says FOTO, but one photo was found.",
    )


def test_a_rule_date_that_says_no_day_is_doubted() -> None:
    doubts = read_page(page_of(MARKUP.replace("14 Fevral", "tezliklə")), SITE).doubts

    assert doubts == ("The date 'tezliklə' is not understood.",)


def test_labels_in_a_row_without_blanks_give_a_rule_its_date() -> None:
    row = '<span class="tarix"><i>14 fevral 2023</i><i>18:05</i><i>1204</i></span>'
    markup = MARKUP.replace('<span class="tarix">14 Fevral</span>', row)

    article = read_page(page_of(markup), SITE)

    assert article.published is not None
    assert (article.published.at, article.doubts) == ("2023-02-14T18:05:00+04:00", ())


def test_a_date_below_the_headline_is_no_body() -> None:
    markup = "<article><h1>Oxu zalı açılıb</h1><span>14 Fevral</span></article>"

    assert read_page(page_of(f"<html><body>{markup}</body></html>"), SITE).text == ""


def test_a_declared_charset_does_not_spoil_a_page() -> None:
    page = page_of(MARKUP.replace("<head>", '<head><meta charset="windows-1251">'))

    assert read_page(page, SITE) == read_page(page_of(MARKUP), SITE)


def test_article_and_links_come_from_one_parse() -> None:
    parsed = parse_page(page_of(MARKUP))

    assert read_article(parsed, SITE) == read_page(page_of(MARKUP), SITE)
    assert "https://olke.example/az/sosium/84130/x/" in {link.url for link in find_links(parsed)}


def test_reading_changes_nothing_on_the_tree() -> None:
    parsed = parse_page(page_of(MARKUP))

    first, second = read_article(parsed), read_article(parsed)

    assert first == second


def test_a_crowd_of_elements_deep_in_each_other_is_refused() -> None:
    with pytest.raises(PageTooCostly, match="too deep"):
        read_page(page_of(b"<div>" * 1_900 + b"<b>x</b>" * 80_000), SITE)


def test_a_page_beyond_all_measure_is_refused() -> None:
    with pytest.raises(PageError, match="characters"):
        read_page(page_of(b"a" * (MAX_CHARS + 1)))


_FRAGMENTS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "<p>", "</p>", "<div class=metn>", "</div>", "<h1>", "<table><tr><td>", "<li>", "<br>", "<a href='/1'>",
                "<img src=/1.jpg srcset='a 1x, b'>", "<time datetime=2023>", "<meta property=og:title content='", "&#xD800;", "&",
                "<script type=application/ld+json>{\"@graph\":[", "<link rel=canonical href='http://['>", "14 Fevral", "****",
                "<blockquote class=twitter-tweet>", "<figure><figcaption>", "ə\u0307", "\x00", "<base href='//['>", PROSE[1],
            ]
        ),
        st.text(max_size=8),
    ),
    max_size=40,
)  # fmt: skip


@given(_FRAGMENTS, st.booleans())
def test_any_markup_gives_an_article_or_a_reason(fragments: list[str], with_site: bool) -> None:
    page = page_of("".join(fragments).encode("utf-8", "surrogatepass"))

    article = read_page(page, SITE if with_site else None)

    assert article.kind is PageKind.ARTICLE or article.reason
    assert article_to_json(article)


@given(st.binary(max_size=400), st.one_of(st.none(), st.text(max_size=30)))
@example(b"\xff\xfe<\x00p\x00>\x00\x00\xd8", None)
@example(b"<a href='http://[::1'>x</a>" * 3, "text/html; charset=utf-16")
def test_any_bytes_give_an_article_or_a_reason(body: bytes, content_type: str | None) -> None:
    page = page_of(body)

    article = read_page(type(page)(url=URL, captured_at=SEEN, body=body, content_type=content_type))

    assert article.kind is PageKind.ARTICLE or article.reason
    assert article_to_json(article)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<div>" * 100_000 + b"x", id="nested tags"),
        pytest.param(b"<p " + b" ".join(b"a%d=1" % n for n in range(1_000_000)) + b">x", id="attributes"),
        pytest.param(b"<p>" + b"&amp" * 1_000_000, id="entities"),
        pytest.param(b"<div><a href=/x>" * 900 + b"<b>x</b>" * 20_000, id="links within links"),
        pytest.param(b"<a href=/x>" * 100_000, id="links beside each other"),
        pytest.param(b"<table><tr><td>" * 20_000 + b"x", id="tables in tables"),
        pytest.param(b"<p>" + "Mətn ".encode() * 200_000, id="one long paragraph"),
        pytest.param(("<h2 class=a>14 Fevral</h2>" * 20_000).encode(), id="headings"),
        pytest.param(b"<a href=/x><img src=/1.jpg></a>" * 20_000, id="linked photos"),
        pytest.param(b"<span>x" * 100_000, id="open spans"),
        pytest.param(b"<p>" + b"\x00" * 1_000_000, id="nul bytes"),
        pytest.param(b'<script type="application/ld+json">' + b"[" * 100_000, id="nested json"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("site", [SITE, None], ids=["by rules", "without"])
def test_hostile_pages_are_read_in_bounded_time(site: Site | None, body: bytes) -> None:
    article = read_page(page_of(body), site)

    assert article.kind is not PageKind.ARTICLE or article.text
    assert article_to_json(article)
