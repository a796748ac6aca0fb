"""A few pages are fetched by hand with the manners of a crawl."""

import http.server
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from typing_extensions import override

from archive.errors import PageError, WrongUse
from crawler.visiting import Visitor
from pipelines.rules import Site

PAGE = b"<html><body><h1>Kanal</h1></body></html>"
ROBOTS = b"""User-agent: *
Disallow: /gizli
Crawl-delay: 3
Sitemap: https://nazirlik.example/sitemap.xml
"""


class _Pages(http.server.BaseHTTPRequestHandler):
    @override
    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "http://basqa.example/")
            self.end_headers()
            return
        body = ROBOTS if self.path == "/robots.txt" else PAGE
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def site() -> Iterator[Site]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    host = f"127.0.0.1:{server.server_port}"
    yield Site(name=host, hosts=(host,), scheme="http")
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_is_fetched_where_robots_txt_allows_it(site: Site) -> None:
    page = Visitor(site, pause_s=0).fetch(f"http://{site.hosts[0]}/xeber/7")

    assert (page.status, page.content_type, page.body) == (200, "text/html", PAGE)
    assert page.captured_at <= datetime.now(UTC)


def test_what_robots_txt_forbids_is_not_fetched(site: Site) -> None:
    with pytest.raises(WrongUse, match=r"/robots\.txt forbids .*/gizli/7"):
        Visitor(site, pause_s=0).fetch(f"http://{site.hosts[0]}/gizli/7")


def test_nothing_is_fetched_off_a_sources_hosts(site: Site) -> None:
    with pytest.raises(WrongUse, match="is not on a host of"):
        Visitor(site, pause_s=0).fetch("http://basqa.example/xeber/7")
    with pytest.raises(PageError, match="it redirects to"):
        Visitor(site, pause_s=0).fetch(f"http://{site.hosts[0]}/moved")


def test_a_host_that_is_down_is_told() -> None:
    site = Site(name="127.0.0.1:9", hosts=("127.0.0.1:9",), scheme="http")

    with pytest.raises(PageError, match="could not be fetched"):
        Visitor(site, pause_s=0).fetch("http://127.0.0.1:9/xeber/7")


def test_requests_follow_each_other_with_the_pause_that_robots_txt_asks_for(site: Site) -> None:
    pauses: list[float] = []
    visitor = Visitor(site, pause_s=1.0, sleep=pauses.append)

    for number in range(3):
        visitor.fetch(f"http://{site.hosts[0]}/xeber/{number}")

    assert pauses == [3.0, 3.0, 3.0]  # robots.txt itself was asked without one


def test_the_sitemaps_of_robots_txt_are_told(site: Site) -> None:
    found = Visitor(site, pause_s=0).find_sitemaps(f"http://{site.hosts[0]}/")

    assert found == ("https://nazirlik.example/sitemap.xml",)
