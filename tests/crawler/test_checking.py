"""A source's author sees what each rule found on a page, and what did not answer."""

import http.server
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typing_extensions import override

from archive.errors import PageError, WrongUse
from crawler.checking import check_source, fetch_page, page_of_file
from crawler.source import Language, Source, SourceKind
from pipelines.rules import Layout

SOURCE = Source(
    name="nazirlik.example",
    publisher="Nümunə Nazirliyi",
    host="nazirlik.example",
    scheme="http",
    kind=SourceKind.MINISTRY,
    language=Language.AZ,
    articles=(r"^/xeber/(?P<id>\d+)$",),
    rules=(
        Layout(headline=("h1.basliq",), body=("div.metn",), date=("span.tarix",), section=("a.yox",)),
    ),
)  # fmt: skip
SENTENCE = (
    "Nazirlik yeni suvarma kanalının istifadəyə verildiyini və işlərin davam etdiyini bildirib. "
)
PAGE = f"""<html lang="az"><head><meta charset="utf-8"><title>Kanal</title></head><body>
<h1 class="basliq">Yeni suvarma kanalı istifadəyə verilib - FOTO</h1><span class="tarix">24.05.2026 18:28</span>
<div class="metn"><p>{SENTENCE * 3}</p><p>{SENTENCE * 2}</p></div></body></html>"""


def test_each_field_is_shown_with_what_found_it(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(PAGE, encoding="utf-8")

    page = page_of_file(file, "http://nazirlik.example/xeber/7")
    checks = {each.field: each for each in check_source(SOURCE, page)}

    assert (checks["kind"].value, checks["kind"].doubt) == ("article", None)
    assert checks["article_id"].value == "7"
    assert checks["headline"].value == "Yeni suvarma kanalı istifadəyə verilib - FOTO"
    assert (checks["headline"].found_by or "").startswith("rule")
    assert (checks["published"].value or "").startswith("2026-05-24T18:28")
    assert checks["section"].value is None
    assert checks["section"].doubt == "the source's rule for section found nothing"
    assert checks["lead"].doubt is None


def test_an_address_of_another_shape_is_doubted(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(PAGE, encoding="utf-8")

    (kind, *_) = check_source(SOURCE, page_of_file(file, "http://nazirlik.example/haqqinda"))

    assert kind.doubt == "the address matches none of the source's article patterns"


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
        body = b"User-agent: *\nDisallow: /gizli" if self.path == "/robots.txt" else PAGE.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def served() -> Iterator[Source]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield replace(SOURCE, host=f"127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_is_fetched_where_robots_txt_allows_it(served: Source) -> None:
    page = fetch_page(f"http://{served.host}/xeber/7", served)

    assert (page.status, page.content_type, page.body) == (200, "text/html", PAGE.encode())
    assert page.captured_at <= datetime.now(UTC)


def test_what_robots_txt_forbids_is_not_fetched(served: Source) -> None:
    with pytest.raises(WrongUse, match=r"The robots\.txt of .* forbids"):
        fetch_page(f"http://{served.host}/gizli/7", served)


def test_nothing_is_fetched_off_a_sources_hosts(served: Source) -> None:
    with pytest.raises(WrongUse, match="is not on a host of"):
        fetch_page("http://basqa.example/xeber/7", served)
    with pytest.raises(PageError, match="it redirects to"):
        fetch_page(f"http://{served.host}/moved", served)


def test_a_host_that_is_down_is_told() -> None:
    source = replace(SOURCE, host="127.0.0.1:9")

    with pytest.raises(PageError, match="could not be fetched"):
        fetch_page("http://127.0.0.1:9/xeber/7", source)
