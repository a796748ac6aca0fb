"""A feed gives its articles however it is broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import PageError
from crawler.feeds import read_feed
from pipelines.rules import Site

SITE = Site(
    name="xeber.example",
    hosts=("xeber.example",),
    articles=(r"^/[a-z]+/(?P<id>\d+)/[^/]*$",),
)
URL = "https://xeber.example/rss"
LINK = "https://xeber.example/hadise/7/yagis-yagib"


def rss(item: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    return f'{head}<rss version="2.0"><channel><item>{item}</item></channel></rss>'.encode()


ITEM = f"<title>Yağış yağıb</title><link>{LINK}</link><pubDate>Mon, 14 Sep 2026 01:35:00 +0400</pubDate>"


@pytest.mark.parametrize(
    "body",
    [
        rss(ITEM),
        b"\n\n   " + rss(ITEM, head=""),
        b"\xef\xbb\xbf" + rss(ITEM),
        b"<br />\n<b>Warning</b>: in line 3<br />\n" + rss(ITEM),
        rss(ITEM + "<guid isPermaLink=''>e82f0c5a</guid>"),
        rss(ITEM + "<description>Kəsilmiş &nbsp; mətn &ldquo</description>"),
        rss(ITEM + "<description>Ağ & qara &bilinmir; <![CDATA[&lt;b>]]></description>"),
        rss(ITEM + "<description><p>Bağlanmamış</description>"),
        rss(ITEM.replace("</title>", "<br></title>")),
        rss(ITEM.replace("yağıb<", "<b>yağıb<")),
        rss(ITEM.replace("<link>", "<link/>").replace("</link>", "")),
        rss(ITEM)[:-25],
        rss(ITEM.replace("Yağış", "<![CDATA[Yağış]]>").replace(" yağıb", "&#10; ya&#287;ıb")),
        rss(ITEM.replace(LINK, f"\n {LINK}?utm_source=rss&utm_medium=feed\n")),
        rss(ITEM.replace(LINK, "/hadise/7/yagis-yagib")),
        rss(ITEM.replace("link>", "guid>")),
        rss(ITEM + ITEM),
    ],
)  # fmt: skip
def test_an_article_is_found_in_rss_however_broken(body: bytes) -> None:
    (found,) = read_feed(body, URL, SITE)

    assert (found.url, found.title, found.position) == (LINK, "Yağış yağıb", 0)
    assert found.published == "Mon, 14 Sep 2026 01:35:00 +0400"


def test_a_title_escaped_twice_is_read_as_a_reader_sees_it() -> None:
    body = rss(ITEM.replace("Yağış yağıb", "<![CDATA[&ldquo;Araz&rdquo;&nbsp;- XAL]]>"))

    assert [each.title for each in read_feed(body, URL, SITE)] == ["“Araz” - XAL"]


@pytest.mark.parametrize(
    "photo",
    [
        '<enclosure url="//foto.example/a.jpg" type="image/jpeg" length="1"/>',
        '<enclosure url="https://foto.example/a.jpg"/>',
        '<media:content xmlns:media="http://search.yahoo.com/mrss/" url="https://foto.example/a.jpg" medium="image"/>',
        '<media:group xmlns:media="http://search.yahoo.com/mrss/"><media:thumbnail url="https://foto.example/a.jpg"/></media:group>',
        "<image><url>https://foto.example/a.jpg</url><title>Basqa</title></image>",
    ],
)
def test_the_photo_of_an_item_is_kept(photo: str) -> None:
    (found,) = read_feed(rss(ITEM + photo), URL, SITE)

    assert (found.photo_url, found.title) == ("https://foto.example/a.jpg", "Yağış yağıb")


def test_a_recording_is_no_photo() -> None:
    sound = '<enclosure url="https://ses.example/a.mp3" type="audio/mpeg"/>'

    assert [each.photo_url for each in read_feed(rss(ITEM + sound), URL, SITE)] == [None]


ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Lent</title><entry>
<title type="html">Yağış &amp;amp; külək</title><link rel="self" href="{URL}"/>
<link rel="alternate" href="{LINK}"/><published>2026-09-14T01:35:00+04:00</published>
<updated>2026-09-15T01:35:00+04:00</updated></entry></feed>"""
RDF = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel/>
<item rdf:about="{LINK}"><title>Yağış &amp; külək</title><link>{LINK}</link>
<dc:date>2026-09-14T01:35:00+04:00</dc:date></item></rdf:RDF>"""
JSON = f"""{{"version": "https://jsonfeed.org/version/1.1", "items": [{{"id": "1", "url": "{LINK}",
"title": "Yağış &amp; külək", "date_published": "2026-09-14T01:35:00+04:00"}}, 5]}}"""


@pytest.mark.parametrize("body", [ATOM, RDF, JSON], ids=["atom", "rdf", "json"])
def test_other_kinds_of_feed_are_read_alike(body: str) -> None:
    (found,) = read_feed(body.encode(), URL, SITE)

    assert (found.url, found.title) == (LINK, "Yağış & külək")
    assert found.published == "2026-09-14T01:35:00+04:00"


def test_a_feed_in_windows_1251_is_read_by_its_declaration() -> None:
    head = '<?xml version="1.0" encoding="windows-1251"?>'
    body = (head + f"<rss><item><title>Дождь</title><link>{LINK}</link></item></rss>").encode(
        "cp1251"
    )

    assert [each.title for each in read_feed(body, URL, SITE)] == ["Дождь"]


def test_what_leads_elsewhere_is_no_candidate() -> None:
    elsewhere = ITEM.replace("xeber.example/hadise/7", "basqa.example/hadise/7")

    assert read_feed(rss(elsewhere), URL, SITE) == ()


@pytest.mark.parametrize(
    "body",
    [b"", b"   ", b"<!doctype html><html><body>404</body></html>", b"{", b"{}", b"[1]", b"<a/>"],
)
def test_what_is_no_feed_is_told(body: bytes) -> None:
    with pytest.raises(PageError, match="is no feed"):
        read_feed(body, URL, SITE)


def test_entities_of_a_feed_are_never_expanded() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "ha"><!ENTITY f SYSTEM "file:///etc/hostname">{bomb}]>'

    (found,) = read_feed(rss(f"<title>&e11;&f;</title><link>{LINK}</link>", head), URL, SITE)

    assert len(found.title or "") < 20


@given(st.binary(max_size=300))
def test_any_bytes_give_candidates_or_a_page_error(noise: bytes) -> None:
    for body in (noise, rss(ITEM)[:60] + noise, b"{" + noise):
        try:
            read_feed(body, URL, SITE)
        except PageError:
            continue
