"""A made-up site for each family: the pages that ship with it, behind its family's own lists.

A page stands at the address at which it was made; feeds, sitemaps and lists name all of a site.
"""

from collections import defaultdict
from collections.abc import Iterable
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from crawler.saved_pages import SavedPage
from tests.web.loopback import LoopbackServer
from tests.web.wire import Answer, Request

_SOURCE = """# A made-up site that says nothing but its family.
extends: {family}
publisher: {family}
host: {host}
scheme: http
pause_s: 0
"""
# Where a family's list has items of a shape of its own; else a link is enough.
_ITEMS = {
    "apa": '<a class="news-item" data-news-id="1" href="{path}"><h2 class="title">{title}</h2></a>',
    "axar": '<table id="catNews"><tr><td id="cat_news_title"><a href="{path}">{title}</a></td></tr>'
    "</table>",
    "report": '<div class="index-post-block" data-timestamp="1757865600"><a href="{path}">{title}'
    "</a></div>",
}
_FEEDS = ("/rss", "/rss.xml", "/rss/", "/az/rss/", "/feed/", "/?format=feed&type=rss")


class FamiliesWeb(LoopbackServer):
    """The sites; `pages` are those of all families, each with its family's name."""

    def __init__(self, pages: Iterable[tuple[str, SavedPage]]) -> None:
        super().__init__(self._answer)
        self.family_of: dict[str, str] = {}
        self._pages: dict[str, dict[str, SavedPage]] = defaultdict(dict)
        for family, saved in pages:
            split = urlsplit(saved.page.url)
            self.family_of[split.netloc] = family
            self._pages[split.netloc][split.path] = saved

    def write_sources(self, folder: Path) -> Path:
        """A folder with a source file for each site."""
        sources = folder / "sources"
        sources.mkdir()
        for host, family in self.family_of.items():
            text = _SOURCE.format(family=family, host=host)
            (sources / f"{host}.yaml").write_text(text, encoding="utf-8")
        return sources

    def _answer(self, request: Request) -> Answer:
        pages = self._pages.get(request.host, {})
        if saved := pages.get(request.path):
            return Answer(content_type=saved.page.content_type or "", body=saved.page.body)
        if request.path in _FEEDS:
            return _xml(f"<rss><channel>{_joined(pages, _ENTRY, request.host)}</channel></rss>")
        if "sitemap" in request.path:
            return _xml(f"<urlset>{_joined(pages, _PLACE, request.host)}</urlset>")
        if "?" in request.path or request.path == "/robots.txt" or request.path.count("/") > 2:
            return Answer(status=404)
        item = _ITEMS.get(self.family_of.get(request.host, ""), '<li><a href="{path}">{title}</a>')
        return Answer(body=f"<h1>Son xəbərlər</h1>{_joined(pages, item, request.host)}".encode())


_ENTRY = "<item><title>{title}</title><link>http://{host}{path}</link></item>"
_PLACE = "<url><loc>http://{host}{path}</loc></url>"


def _xml(text: str) -> Answer:
    return Answer(content_type="application/xml", body=text.encode())


def _joined(pages: dict[str, SavedPage], form: str, host: str) -> str:
    return "".join(
        form.format(path=path, title=escape((saved.expected or {})["headline"]), host=host)
        for path, saved in pages.items()
    )
