"""Of a known article whose address answers with something else, nothing becomes a version."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.crawler.crawling import complaints_in, new_archive
from tests.web.ways import WaysWeb, html, write_source
from tests.web.wire import Answer

WAYS = "  - feed: /rss\n  - listing: /son\n    next: /son?page={page}\n"
_HEAD = '<html><head><meta charset="utf-8">'
_TITLE = "Yeni avtobus xətti açılıb"
INSTEAD = {
    "a challenge with 200": html(
        f"{_HEAD}<title>Just a moment...</title></head><body><div class='cf-challenge'></div></body></html>"
    ),
    "a captcha with 403": Answer(
        status=403,
        body=f"{_HEAD}<title>403</title></head><body><form class='g-recaptcha'></form></body></html>".encode(),
    ),
    "a proof of being human": html(
        f"{_HEAD}</head><body><p>Davam etmək üçün robot olmadığınızı təsdiqləyin.</p></body></html>"
    ),
    "a consent wall": html(
        f"{_HEAD}<title>Before you continue</title></head><body><p>Cookies</p></body></html>"
    ),
    "an error with 200": html(
        f"{_HEAD}<title>Xəta</title></head><body><h1>Xəta</h1><p>Sorğu yerinə yetirilmədi.</p></body></html>"
    ),
    "an error of the server": Answer(status=500, body=b"<h1>500</h1>"),
    "nothing": html(""),
    "a stub": html(
        f"{_HEAD}</head><body><h1>{_TITLE}</h1><div class='metn'><p>Şəhərdə yeni xətt açılıb.</p>"
        "<p>Daha çox oxumaq üçün daxil olun.</p></div></body></html>"
    ),
    "a page whose text has not come": html(
        f"{_HEAD}</head><body><h1>{_TITLE}</h1><div class='metn'></div></body></html>"
    ),
    "a page that ends in its text": html(
        f"{_HEAD}</head><body><h1>{_TITLE}</h1><div class='metn'>"
        "<p>Şəhərin şimal hissəsində yeni avtobus xətti istifadəyə verilib.</p>"
        "<p>Xətt üzrə hər on dəqiqədən bir avto"
    ),
    "a page that ends with a sentence": html(
        f"{_HEAD}</head><body><h1>{_TITLE}</h1><div class='metn'>"
        "<p>Şəhərin şimal hissəsində yeni avtobus xətti istifadəyə verilib.</p>"
        "<p>Xətt üzrə hər on dəqiqədən bir avtobus hərəkət edəcək.</p>"
    ),
    "a page that ends after its text": html(
        f"{_HEAD}</head><body><h1>{_TITLE}</h1><div class='metn'>"
        "<p>Şəhərin şimal hissəsində yeni avtobus xətti istifadəyə verilib.</p>"
        "<p>Xətt üzrə hər on dəqiqədən bir avtobus hərəkət edəcək.</p>"
        "<p>Sərnişinlər gediş haqqını kartla və ya telefonla ödəyə bilərlər.</p>"
        "<p>Dayanacaqlarda elektron lövhələr quraşdırılıb, yaxın günlərdə onlar işə salınacaq.</p>"
    ),
    "a page that ends in its head": html(f"{_HEAD}<title>{_TITLE}"),
}


def test_only_an_article_after_an_article_makes_a_version(tmp_path: Path) -> None:
    with WaysWeb() as web:
        web.publish(
            len(INSTEAD) + 2,
            since=datetime.now(UTC) - timedelta(hours=20),
            every=timedelta(hours=1),
        )
        archive = new_archive(
            tmp_path / "archive", web.proxy_url, sources=write_source(tmp_path, WAYS)
        )
        done = [archive.crawl()]
        for each, answer in zip(web.published, INSTEAD.values(), strict=False):
            web.instead[each.number] = answer
        web.asked.clear()
        done.append(archive.crawl())

    versions = dict(archive.rows("SELECT key, versions FROM article"))
    changes = dict(archive.rows("SELECT kind, count(*) FROM change GROUP BY kind"))
    assert complaints_in(done) == []
    assert set(web.asked_pages()) == {each.number for each in web.published}
    assert set(versions.values()) == {1}
    assert len(versions) == len(INSTEAD) + 2
    assert changes == {"appeared": len(INSTEAD) + 2}
