"""The made-up sites: which page stands under which address, on which day.

A family is one function from (site, request path) to an answer, and a folder of templates.
"""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import md5, sha1
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup, escape

from tests.web.pictures import FORMATS, picture, thumbnail
from tests.web.truth import BAKU, SiteContent, TrueArticle, TruePhoto
from tests.web.wire import Answer, Request

MONTHS = [
    "yanvar",
    "fevral",
    "mart",
    "aprel",
    "may",
    "iyun",
    "iyul",
    "avqust",
    "sentyabr",
    "oktyabr",
    "noyabr",
    "dekabr",
]
FEED_LENGTH = 6
LIST_LENGTH = 4
DESCRIPTION_CHARACTERS = 350
YEARLESS_DAYS = 150
_HTML = "text/html; charset=utf-8"
_XML = "application/xml; charset=utf-8"
_ROBOTS = "User-agent: *\nDisallow: /axtar\nDisallow: /admin/\n"


@dataclass(slots=True, kw_only=True)
class SiteServer:
    """One site at work: its content, the day it is, and how often its pages were asked for.

    further  what was published beside its content, the newest first
    windows  so many times as much as usual stands in its feed and on a page of its list
    swapped  by address, the name of another picture that was put there
    """

    content: SiteContent
    now: datetime
    day: int = 1
    further: tuple[TrueArticle, ...] = ()
    windows: int = 1
    swapped: dict[str, str] = field(default_factory=dict)
    views: "count[int]" = field(default_factory=lambda: count(1204))

    @property
    def articles(self) -> tuple[TrueArticle, ...]:
        """Today's articles, newest first."""
        return self.further + self.content.on(self.day)

    @property
    def newest(self) -> tuple[TrueArticle, ...]:
        """What stands in its feed."""
        return self.articles[: FEED_LENGTH * self.windows]

    def article(self, article_id: str) -> TrueArticle | None:
        """Today's article of that number."""
        return next((each for each in self.articles if each.article_id == article_id), None)

    def photo(self, url: str) -> tuple[TruePhoto, datetime] | None:
        """The photo at that address, with the time it was put there."""
        for article in self.articles:
            for photo in article.photos:
                if photo.url == url and url in self.swapped:
                    return replace(photo, picture=self.swapped[url]), self.now
                if photo.url == url:
                    return photo, article.published
        return None


def answer_of(site: SiteServer, request: Request) -> Answer:
    """What the site says to a request for one of its hosts."""
    split = urlsplit(request.path)
    if split.path == "/robots.txt":
        return Answer(content_type="text/plain", body=_ROBOTS.encode(), modified_at=_EPOCH)
    found = _file_at(site, request.host, split.path)
    if found is None and request.host == site.content.host:
        page = int(found_page[1]) if (found_page := re.search(r"\bpage=(\d+)", split.query)) else 1
        found = _FAMILIES[site.content.family](site, split.path, page)
    return found or _page(site, "missing.html", status=404)


def _olke(site: SiteServer, path: str, page: int) -> Answer | None:
    if path in {"/", "/az/"}:
        return _list(site, site.newest, page=1, of="")
    if path == "/rss":
        return _feed(site)
    if path == "/az/son-xeberler/":
        return _list(site, site.articles, page=page, of="/az/son-xeberler/?page=")
    if match := re.fullmatch(r"/az/([a-z]+)/", path):
        of_category = tuple(each for each in site.articles if each.category == match[1])
        return _list(site, of_category, page=page, of=f"{path}?page=") if of_category else None
    match = re.fullmatch(r"/az/[a-z]+/(\d+)/[a-z0-9-]*/?", path)
    article = site.article(match[1]) if match else None
    if article is not None and not article.url.endswith(path):
        return Answer(status=301, headers=(("Location", article.url),))
    return _article(site, article)  # a view counter and no validators: it is always sent again


def _apa(site: SiteServer, path: str, page: int) -> Answer | None:
    if path == "/":
        return _list(site, site.newest, page=1, of="")
    if path == "/rss":
        return _feed(site)
    if path == "/all-news":
        return _list(site, site.articles, page=page, of="/all-news?page=")
    match = re.fullmatch(r"/[a-z]+/(?:[a-z0-9-]*-)?(\d+)", path)
    article = site.article(match[1]) if match else None  # whatever the slug: the number decides
    return _article(site, article, modified_at=article.changed_at if article else None)


def _axar(site: SiteServer, path: str, page: int) -> Answer | None:
    del page
    if path in {"/", "/latest/"}:
        return _list(site, site.articles, page=1, of="/latest/page")
    if match := re.fullmatch(r"/latest/page(\d+)/", path):
        return _list(site, site.articles, page=int(match[1]), of="/latest/page")
    if path == "/sitemap_latest.php":
        return _sitemap(site, site.newest)
    match = re.fullmatch(r"/news/[a-z]+/(\d+)\.html", path)
    article = site.article(match[1]) if match else None
    return _article(site, article, with_etag=True)


def _gov_ih(site: SiteServer, path: str, page: int) -> Answer | None:
    if path in {"/", "/az/", "/az/news/"}:
        return _list(site, site.articles, page=page, of="/az/news/?page=")
    if path == "/sitemap.xml":
        return _sitemap(site, site.articles)
    match = re.fullmatch(r"/az/news/(\d+)\.html", path)
    article = site.article(match[1]) if match else None
    changed_at = article.changed_at if article else None
    return _article(site, article, modified_at=changed_at, with_etag=True)


_FAMILIES: Mapping[str, Callable[[SiteServer, str, int], Answer | None]] = {
    "olke": _olke,
    "apa": _apa,
    "axar": _axar,
    "gov_ih": _gov_ih,
}
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_HAS_COUNTER = frozenset({"olke", "apa"})


def _article(
    site: SiteServer,
    article: TrueArticle | None,
    *,
    modified_at: datetime | None = None,
    with_etag: bool = False,
) -> Answer | None:
    if article is None:
        return None
    others = [each for each in site.articles if each is not article]
    if site.content.family in _HAS_COUNTER:
        related = random.sample(others, 4)
        views = next(site.views)
    else:
        related, views = others[:4], 0
    answer = _page(site, "article.html", article=article, related=related, views=views)
    etag = f'"{sha1(answer.body).hexdigest()}"' if with_etag else None  # noqa: S324 -- an ETag
    return Answer(body=answer.body, modified_at=modified_at, etag=etag)


def _list(
    site: SiteServer, articles: tuple[TrueArticle, ...], *, page: int, of: str
) -> Answer | None:
    length = LIST_LENGTH * site.windows if of else len(articles)
    shown = articles[(page - 1) * length : page * length]
    has_more = len(articles) > page * length
    suffix = "/" if of.endswith("page") else ""
    following = f"{of}{page + 1}{suffix}" if has_more else None
    if not shown:
        return None
    return _page(site, "list.html", articles=shown, page=page, following=following)


def _feed(site: SiteServer) -> Answer:
    body = _render(site, "rss.xml", articles=site.newest)
    etag = f'"{sha1(body).hexdigest()}"'  # noqa: S324 -- an ETag
    content_type = "application/rss+xml; charset=utf-8"
    return Answer(
        content_type=content_type, body=body, etag=etag if site.content.family == "apa" else None
    )


def _sitemap(site: SiteServer, articles: tuple[TrueArticle, ...]) -> Answer:
    body = _render(site, "sitemap.xml", articles=articles)
    return Answer(content_type=_XML, body=body, etag=f'"{sha1(body).hexdigest()}"')  # noqa: S324


def _page(site: SiteServer, template: str, *, status: int = 200, **values: Any) -> Answer:
    body = _render(site, template, **values)
    return Answer(status=status, content_type=_HTML, body=body)


def _file_at(site: SiteServer, host: str, path: str) -> Answer | None:
    """A photo, its thumbnail, or one of the small files that each page asks for."""
    if found := site.photo(f"http://{host}{path}"):
        photo, put_at = found
        content_type = f"image/{FORMATS[photo.format_name][0].lower()}"
        return _binary(content_type, photo.data, put_at)
    if match := re.fullmatch(r"/thumbs/([a-z0-9-]+)\.jpg", path):
        return _binary("image/jpeg", thumbnail(match[1]), _EPOCH)
    if path in {"/assets/logo.png", "/assets/banner.png"}:
        return _binary("image/png", picture("logo", "png", (240, 60)), _EPOCH)
    if path == "/assets/site.css":
        return Answer(
            content_type="text/css", body=b"body { font-family: sans-serif }", modified_at=_EPOCH
        )
    return None


def _binary(content_type: str, data: bytes, put_at: datetime) -> Answer:
    etag = f'"{sha1(data).hexdigest()}"'  # noqa: S324 -- an ETag
    return Answer(content_type=content_type, body=data, etag=etag, modified_at=put_at)


def _render(site: SiteServer, template: str, **values: Any) -> bytes:
    folder = site.content.family
    name = f"{folder}/{template}" if template not in _SHARED else template
    now = site.now.astimezone(BAKU)
    return _ENVIRONMENT.get_template(name).render(site=site.content, now=now, **values).encode()


_SHARED = frozenset({"sitemap.xml", "missing.html"})


def printed_day(moment: datetime, now: datetime) -> str:
    """A day as fresh news prints it: `14 Fevral`, with the year when it is long ago."""
    local = moment.astimezone(BAKU)
    month = MONTHS[local.month - 1]
    day = f"{local.day} {'İ' if month[0] == 'i' else month[0].upper()}{month[1:]}"
    return day if (now - moment).days < YEARLESS_DAYS else f"{day} {local.year}"


def printed_date(moment: datetime) -> str:
    """A day with its year: `06 iyul 2020`."""
    local = moment.astimezone(BAKU)
    return f"{local.day:02} {MONTHS[local.month - 1]} {local.year}"


def with_entities(text: str) -> Markup:
    """Text as editors that write entities leave it: `&ldquo;`, `&ndash;` and `&nbsp;`."""
    raw = str(escape(text))
    for character, entity in (
        ("“", "&ldquo;"),
        ("”", "&rdquo;"),
        ("–", "&ndash;"),
        (". ", ".&nbsp; "),
    ):
        raw = raw.replace(character, entity)
    return Markup(raw)  # noqa: S704 -- escaped above


def cut_description(article: TrueArticle) -> Markup:
    """The first characters of a body, cut wherever they end, be it inside an entity."""
    text = with_entities(" ".join(article.paragraphs))
    return Markup(str(text)[:DESCRIPTION_CHARACTERS])  # noqa: S704 -- goes into CDATA


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "day": printed_day,
        "date": printed_date,
        "clock": lambda moment: f"{moment.astimezone(BAKU):%H:%M}",
        "rfc2822": format_datetime,
        "entities": with_entities,
        "cut": cut_description,
        "md5": lambda text: md5(text.encode()).hexdigest(),  # noqa: S324 -- as the sites do
        "relative": lambda url: url.removeprefix("http:"),
        "path": lambda url: urlsplit(url).path,
        "small": lambda url: url.replace("/big/", "/resize/"),
    }
    return environment


_ENVIRONMENT = _environment()
