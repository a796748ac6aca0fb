"""A made-up site of thousands of heavy pages, for benchmarks, served from a process of its own.

    with BulkWeb(pages=2000) as web:
        crawl(proxy=web.proxy_url)      # http://toplu.example/sitemap.xml names every page

Each page has 30 to 200 kB of markup as real ones have it (menus, scripts, related lists,
comments), 5 to 15 paragraphs of generated Azerbaijani and one of twenty stock photos. All is rendered before the
first request and gzipped, so that the server costs next to nothing while a crawler is measured.
"""

import random
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import click

from tests.web.loopback import LOOPBACK, LoopbackServer
from tests.web.pictures import picture
from tests.web.sentences import Writer
from tests.web.sites import printed_date
from tests.web.truth import BAKU
from tests.web.wire import Answer, Request, gzip_of

BULK_HOST = "toplu.example"
MIN_BYTES, MAX_BYTES = 30_000, 200_000
FIRST_ID = 100_001
LIST_LENGTH = 50
STOCK_PHOTOS = 20
_NEWEST = datetime(2026, 2, 14, 18, 28, tzinfo=BAKU)
_MODIFIED = datetime(2026, 2, 14, 14, 28, tzinfo=UTC)
_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkArticle:
    """One generated article, as a perfect reader finds it."""

    number: int
    slug: str
    title: str
    section: str
    published: datetime
    paragraphs: tuple[str, ...]

    @property
    def path(self) -> str:
        """The path of its page."""
        return f"/xeber/{self.number}/{self.slug}/"

    @property
    def photo_path(self) -> str:
        """The path of its photo: a newsroom has few of them for many articles."""
        return f"/foto/{self.number % STOCK_PHOTOS}.jpg"


class BulkWeb:
    """The bulk site in a process of its own, while the block lasts."""

    def __init__(self, *, pages: int = 2000) -> None:
        self.pages = pages
        self.port = 0
        self._process: subprocess.Popen[str] | None = None

    @property
    def proxy_url(self) -> str:
        """The address to give a crawler as its HTTP proxy."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def urls(self) -> tuple[str, ...]:
        """The address of every article."""
        return tuple(f"http://{BULK_HOST}{article.path}" for article in bulk_articles(self.pages))

    def __enter__(self) -> Self:
        command = [
            sys.executable,
            "-m",
            "tests.web.bulk",
            "--pages",
            str(self.pages),
            "--port",
            "0",
        ]
        self._process = subprocess.Popen(
            [*command, "--until-stdin-ends"],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        words = self._process.stdout.readline().split()
        if not words:
            raise RuntimeError("the bulk web ended before it served; see its message above")
        self.port = int(words[-1])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process is not None
        self._process.communicate()  # closes its standard input, upon which it ends


@cache
def bulk_articles(pages: int) -> tuple[BulkArticle, ...]:
    """So many articles, newest first; the same number always gives the same articles."""
    return tuple(_article(number) for number in range(FIRST_ID + pages - 1, FIRST_ID - 1, -1))


def _article(number: int) -> BulkArticle:
    writer = Writer(number)
    title = writer.headline()
    return BulkArticle(
        number=number,
        slug=writer.slug_of(title),
        title=title,
        section=writer.section(),
        published=_NEWEST - timedelta(minutes=7 * (number - FIRST_ID)),
        paragraphs=tuple(writer.paragraph() for _ in range(writer.chance.randint(5, 15))),
    )


class BulkSite:
    """Every answer of the site, made beforehand."""

    def __init__(self, pages: int) -> None:
        articles = bulk_articles(pages)
        furniture = Furniture()
        self._answers = {article.path: furniture.page(article) for article in articles}
        self._answers["/robots.txt"] = Answer(
            content_type="text/plain", body=b"User-agent: *\nAllow: /\n"
        )
        self._answers["/sitemap.xml"] = _sitemap(articles)
        for start in range(0, pages, LIST_LENGTH):
            path = f"/xeberler/?page={start // LIST_LENGTH + 1}"
            self._answers[path] = _list(articles[start : start + LIST_LENGTH])
        self._answers["/"] = self._answers["/xeberler/"] = self._answers["/xeberler/?page=1"]
        self._photo = picture("toplu")

    def answer(self, request: Request) -> Answer:
        """What the site says to a request."""
        if request.host != BULK_HOST:
            return Answer(status=502)
        if found := self._answers.get(request.path):
            return found
        name = urlsplit(request.path).path.rpartition("/")[2]
        if request.path.startswith("/foto/") and name.removesuffix(".jpg").isdigit():
            return self._numbered_photo(name)
        return Answer(status=404, body=b"<html><body><h1>404</h1></body></html>")

    def _numbered_photo(self, name: str) -> Answer:
        """One picture with a comment segment of its own for each page, so that all bytes differ.

        Source: ITU-T T.81 (JPEG), section B.2.4.5: FFFE, length in two bytes, comment.
        """
        comment = name.encode()
        segment = b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
        body = self._photo[:2] + segment + self._photo[2:]
        return Answer(content_type="image/jpeg", body=body, etag=f'"{name}"', modified_at=_MODIFIED)


class Furniture:
    """What surrounds the articles: the same pieces on every page, in a number that fills its size."""

    def __init__(self) -> None:
        writer = Writer(0)
        self._menu = "\n".join(
            f'<li class="menu-item menu-item-{n}"><a href="/bolme/{n}/"><span>{writer.section()}</span></a></li>'
            for n in range(60)
        )
        self._scripts = [_script(writer, n) for n in range(40)]
        self._comments = [_comment(writer, n) for n in range(200)]
        self._related = [_related(writer, FIRST_ID + n) for n in range(200)]

    def page(self, article: BulkArticle) -> Answer:
        """The page of an article, gzipped, with its validators."""
        chance = random.Random(article.number)  # noqa: S311 -- furniture, not a secret
        wanted = int(MIN_BYTES * (MAX_BYTES / MIN_BYTES) ** chance.random())
        before, after = self._around(article)
        filler, size = [], len(before.encode()) + len(after.encode())
        while size < wanted:
            pieces = chance.choice((self._scripts, self._comments, self._related))
            piece = chance.choice(pieces)
            filler.append(piece)
            size += len(piece.encode())
        body = "\n".join((before, *filler, after)).encode()
        gzipped = gzip_of(body, level=4)
        return Answer(gzipped=gzipped, etag=f'"{article.number}"', modified_at=_MODIFIED)

    def _around(self, article: BulkArticle) -> tuple[str, str]:
        paragraphs = [f"<p>{paragraph}</p>" for paragraph in article.paragraphs]
        paragraphs.insert(2, '<div class="advert"><ins class="slot" data-slot="77"></ins></div>')
        paragraphs.insert(5, f'<div class="read-also">{self._related[article.number % 200]}</div>')
        before = _BEFORE.format(
            article=article, date=printed_date(article.published), host=BULK_HOST, menu=self._menu,
            scripts="\n".join(self._scripts[:4]), text="\n".join(paragraphs),
        )  # fmt: skip
        return before, '</div>\n<footer class="footer">© Toplu Xəbər</footer>\n</body>\n</html>\n'


_BEFORE = """<!DOCTYPE html>
<html lang="az">
<head>
<meta charset="utf-8">
<title>{article.title} - Toplu Xəbər</title>
<meta property="og:type" content="article">
<meta property="og:title" content="{article.title}">
<meta property="og:image" content="http://{host}{article.photo_path}">
<link rel="canonical" href="http://{host}{article.path}">
{scripts}
</head>
<body class="single single-post">
<header class="header"><a class="logo" href="/">Toplu Xəbər</a><nav><ul>
{menu}
</ul></nav></header>
<main>
<article class="post">
<div class="article-head"><a class="section" href="/bolme/1/">{article.section}</a> <time datetime="{article.published:%Y-%m-%dT%H:%M:%S%z}">{date}</time></div>
<h1 class="headline">{article.title}</h1>
<figure class="lead-photo"><img class="lazy" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="{article.photo_path}" alt=""><figcaption>{article.title}</figcaption></figure>
<div class="article-text">
{text}
</div>
<div class="article-tags"><a href="/teq/1/">{article.section}</a></div>
</article>
</main>
<div class="below">"""


def _script(writer: Writer, number: int) -> str:
    pairs = ",".join(f'"k{n}":{{"v":{writer.chance.random():.12f},"t":{n}}}' for n in range(45))
    return f"<script>window.cfg{number}={{{pairs}}};(function(w,d){{w.run=w.run||[];w.run.push({number});}})(window,document);</script>"


def _comment(writer: Writer, number: int) -> str:
    return (
        f'<div class="comment" id="comment-{number}"><div class="comment-meta"><span class="user">oxucu{number}</span> '
        f'<span class="when">{number % 24} saat əvvəl</span></div><div class="comment-body"><p>{writer.sentence()}</p></div>'
        f'<div class="comment-tools"><button data-id="{number}">Cavab yaz</button></div></div>'
    )


def _related(writer: Writer, number: int) -> str:
    title = writer.headline()
    slug = writer.slug_of(title)
    return (
        f'<div class="related-item"><a class="thumb" href="/oxsar/{number}-{slug}"><img class="lazy" '
        f'data-src="/kicik/{number}.jpg" alt="" width="120" height="80"></a><div class="related-text">'
        f'<a class="title" href="/oxsar/{number}-{slug}">{title}</a><span class="views">{number % 977}</span></div></div>'
    )


def _sitemap(articles: tuple[BulkArticle, ...]) -> Answer:
    rows = "\n".join(
        f"<url><loc>http://{BULK_HOST}{article.path}</loc>"
        f"<lastmod>{article.published.isoformat()}</lastmod></url>"
        for article in articles
    )
    start = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    body = f"{start}\n{rows}\n</urlset>\n".encode()
    return Answer(content_type="application/xml", gzipped=gzip_of(body))


def _list(articles: tuple[BulkArticle, ...]) -> Answer:
    rows = "\n".join(
        f'<li><a href="{article.path}">{article.title}</a></li>' for article in articles
    )
    page = f'<html><head><meta charset="utf-8"><title>Xəbərlər</title></head><body><ul>\n{rows}\n</ul></body></html>'
    return Answer(content_type=_HTML, gzipped=gzip_of(page.encode()))


@click.command()
@click.option("--pages", default=2000, show_default=True, help="How many articles.")
@click.option(
    "--port", default=8801, show_default=True, help="The port on 127.0.0.1; 0: a free one."
)
@click.option("--until-stdin-ends", is_flag=True, help="End when standard input is closed.")
def main(pages: int, port: int, *, until_stdin_ends: bool) -> None:
    """Serve the bulk site until Ctrl-C."""
    with LoopbackServer(BulkSite(pages).answer, port=port) as server:
        click.echo(f"serving {BULK_HOST} on {server.port}")
        sys.stdout.flush()
        try:
            if until_stdin_ends:
                sys.stdin.read()
            else:
                server.wait()
        except KeyboardInterrupt:
            click.echo("")


if __name__ == "__main__":
    main()
