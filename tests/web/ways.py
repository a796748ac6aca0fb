"""A made-up site whose articles can be found in every way there is, and as many as a test wants.

Each article has a number and a day; feeds and lists are short, so that what is older than a few
days must be looked for. `yollar.example` serves its photos from nowhere: its articles have none.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from tests.web.loopback import LoopbackServer
from tests.web.wire import Answer, Misconduct, Request

HOST = "yollar.example"
CHANNEL = "http://kanal.example/s/yollar"
ROOT = f"http://{HOST}"
LIST_LENGTH = 5
_SENTENCES = (
    "Şəhərin şimal hissəsində yeni avtobus xətti istifadəyə verilib.",
    "Xətt üzrə hər on dəqiqədən bir avtobus hərəkət edəcək.",
    "Sərnişinlər gediş haqqını kartla və ya telefonla ödəyə bilərlər.",
    "Dayanacaqlarda elektron lövhələr quraşdırılıb, yaxın günlərdə onlar işə salınacaq.",
)
_SOURCE = """# A made-up site, for a test of one of its ways.
publisher: Yollar Xəbər
host: yollar.example
scheme: http
kind: news
language: az
pause_s: 0
articles: ['^/xeber/(?P<id>\\d+)$']
rules:
  - headline: h1
    date: time@datetime
    body: div.metn
discovery:
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One article of the site."""

    number: int
    at: datetime

    @property
    def url(self) -> str:
        """Its address."""
        return f"{ROOT}/xeber/{self.number}"

    @property
    def title(self) -> str:
        """Its headline."""
        return f"{self.number} nömrəli avtobus xətti açılıb"


class WaysWeb(LoopbackServer):
    """The site; each test publishes what it needs, and looks at what was asked for.

    robots    what it says for robots.txt, by host
    unlisted  numbers of articles that no list shows
    instead   what answers in the place of the article of a number
    """

    def __init__(self) -> None:
        super().__init__(self._answer_and_log)
        self.published: list[Published] = []
        self.asked: list[tuple[str, datetime]] = []
        self.robots: dict[str, Answer | Misconduct] = {}
        self.unlisted: set[int] = set()
        self.instead: dict[int, Answer] = {}
        self.further: dict[str, Callable[[Request], Answer | None]] = {}

    def publish(self, count: int, *, since: datetime, every: timedelta, step: int = 1) -> None:
        """Publish so many more articles, the first of them at `since`."""
        last = self.published[-1].number if self.published else 100
        self.published += [
            Published(number=last + step * (n + 1), at=since + every * n) for n in range(count)
        ]

    @property
    def paths(self) -> list[str]:
        """What was asked for, with its host, in order."""
        return [url for url, _ in self.asked]

    def asked_pages(self) -> list[int]:
        """The numbers of the articles that were asked for, in order."""
        start = f"{ROOT}/xeber/"
        return [int(url.removeprefix(start)) for url in self.paths if url.startswith(start)]

    def page_of(self, path: str, articles: list[Published]) -> Answer | None:
        """The page of one of these articles, whether it is listed or not."""
        number = path.removeprefix("/xeber/")
        return next((_page(each) for each in articles if str(each.number) == number), None)

    def _answer_and_log(self, request: Request) -> Answer | Misconduct:
        self.asked.append((f"http://{request.host}{request.path}", datetime.now(UTC)))
        if request.path == "/robots.txt":
            return self.robots.get(request.host, Answer(status=404))
        return self._answer(request) or Answer(status=404, body=b"<h1>404</h1>")

    def _answer(self, request: Request) -> Answer | None:
        path, query = urlsplit(request.path).path, parse_qs(urlsplit(request.path).query)
        newest = self.published[::-1]
        if path.startswith("/xeber/") and (number := path.removeprefix("/xeber/")).isdigit():
            if instead := self.instead.get(int(number)):
                return instead
        else:
            newest = [each for each in newest if each.number not in self.unlisted]
        if f"http://{request.host}{path}" == CHANNEL:
            before = int(query.get("before", ["1000000"])[0])
            return _channel([each for each in self.published if each.number < before])
        if path.startswith("/xeber/"):
            found = self.page_of(path, newest)
            more = self.further.get("/xeber/")
            return found or (more(request) if more else None)
        if path == "/son":
            start = (int(query.get("page", ["1"])[0]) - 1) * LIST_LENGTH
            return _list(newest[start : start + LIST_LENGTH])
        if path == "/davami":
            since = datetime.fromisoformat(unquote(query["date"][0])).replace(tzinfo=UTC)
            older = [each for each in newest if each.at < since]
            return _list(older[:LIST_LENGTH], is_fragment=True)
        if day := re.fullmatch(r"/arxiv/(\d{4})/(\d\d)/(\d\d)/(?:sehife(\d+)/)?", path):
            printed = f"{day[1]}-{day[2]}-{day[3]}"
            return _day([each for each in newest if f"{each.at:%Y-%m-%d}" == printed], path, day[4])
        if path == "/api/xeberler":
            start = (int(query.get("page", ["1"])[0]) - 1) * LIST_LENGTH
            return _json(newest[start : start + LIST_LENGTH])
        return next(
            (
                found
                for start, say in self.further.items()
                if path.startswith(start) and (found := say(request))
            ),
            None,
        )


def _day(articles: list[Published], path: str, page: str | None) -> Answer | None:
    """A page of the archive: a day without articles has none, a long one has several."""
    start = (int(page or 1) - 1) * LIST_LENGTH
    shown = articles[start : start + LIST_LENGTH]
    if not shown:
        return None
    more = len(articles) > start + LIST_LENGTH
    root = path.partition("sehife")[0]
    link = f'<a rel="next" href="{root}sehife{int(page or 1) + 1}/">Davamı</a>' if more else ""
    return html(f"<html><body>{_blocks(shown)}{link}</body></html>")


def _channel(articles: list[Published]) -> Answer:
    """The preview page of the site's channel: a message an article, the newest last."""
    shown = articles[-LIST_LENGTH:]
    messages = "\n".join(
        f'<div class="tgme_widget_message_wrap"><div class="tgme_widget_message">'
        f'<div class="tgme_widget_message_text"><b>{each.title}</b><br>'
        f'<a href="{each.url}">Ətraflı</a></div>'
        f'<a href="{CHANNEL}/{each.number}"><time datetime="{each.at.isoformat()}">…</time></a>'
        "</div></div>"
        for each in shown
    )
    older = f'<link rel="prev" href="/s/yollar?before={shown[0].number}">' if shown else ""
    return html(f"<html><head>{older}</head><body>{messages}</body></html>")


def _json(articles: list[Published]) -> Answer:
    items = [
        {"id": each.number, "basliq": each.title, "tarix": each.at.isoformat()} for each in articles
    ]
    body = json.dumps({"data": {"items": items, "html": _blocks(articles)}})
    return Answer(content_type="application/json", body=body.encode())


def write_source(folder: Path, ways: str, **more: str) -> Path:
    """A folder with the site's source file alone; `ways` are the lines of its discovery."""
    sources = folder / "sources"
    sources.mkdir(exist_ok=True)
    lines = "".join(f"{key}: {value}\n" for key, value in more.items())
    text = _SOURCE.replace("pause_s: 0\n", "") if "pause_s" in more else _SOURCE
    (sources / f"{HOST}.yaml").write_text(text.replace("articles:", f"{lines}articles:") + ways)
    return sources


def html(body: str) -> Answer:
    """A page, or a piece of one."""
    return Answer(body=body.encode())


def _page(article: Published) -> Answer:
    text = "\n".join(f"<p>{sentence}</p>" for sentence in _SENTENCES * 3)
    return html(
        f'<html lang="az"><head><meta charset="utf-8"><title>{article.title}</title></head><body>\n'
        f'<h1>{article.title}</h1><time datetime="{article.at.isoformat()}">…</time>\n'
        f'<div class="metn">{text}</div></body></html>'
    )


def _list(articles: list[Published], *, is_fragment: bool = False) -> Answer:
    blocks = _blocks(articles)
    return html(blocks if is_fragment else f"<html><body>{blocks}</body></html>")


def _blocks(articles: list[Published]) -> str:
    return "\n".join(
        f'<div class="blok" data-vaxt="{each.at:%Y-%m-%d %H:%M:%S}">'
        f'<a href="/xeber/{each.number}">{each.title}</a>'
        f"<time>{each.at:%Y-%m-%d %H:%M}</time></div>"
        for each in articles
    )
