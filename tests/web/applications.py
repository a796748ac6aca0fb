"""A made-up ministry's site that is an application: each address answers with the same empty shell.

Its script asks `api.tetbiq.example` for the article.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.web.loopback import LoopbackServer
from tests.web.wire import Answer, Misconduct, Request

HOST = "tetbiq.example"
API_HOST = "api.tetbiq.example"
ROOT = f"http://{HOST}"
BEGAN = datetime(2026, 5, 4, 5, 30, tzinfo=UTC)
SOURCE = """# A made-up application: the article stands behind an endpoint, never on its page.
publisher: Meşə Təsərrüfatı Agentliyi
host: tetbiq.example
mirrors: api.tetbiq.example
scheme: http
kind: state
language: az
pause_s: 0
articles: '^/xeber/(?P<id>\\d+)$'
endpoint: http://api.tetbiq.example/v1/xeberler/{id}
rules:
  headline: $.data.basliq
  lead: $.data.qisa
  date: $.data.tarix
  section: $.data.bolme.ad
  tags: $.data.acar_sozler[*]
  body: $.data.metn
  photos: $.data.sekiller[*].url
  captions: $.data.sekiller[*].izah
  noise: .bildiris
discovery:
  - endpoint: http://api.tetbiq.example/v1/xeberler
    items: data
    link: http://tetbiq.example/xeber/{id}
    title: basliq
    date: tarix
"""
_SHELL = (
    '<!DOCTYPE html><html lang="az"><head><meta charset="utf-8"><title>Meşə Təsərrüfatı Agentliyi'
    '</title></head><body><div id="tetbiq"></div><script src="/tetbiq.js"></script></body></html>'
)
_SENTENCES = (
    "Ağacəkmə tədbirində agentliyin əməkdaşları və könüllülər iştirak ediblər.",
    "Yamac boyu iki min palıd və min beş yüz şam tingi əkilib.",
    "Tinglərin suvarılması üçün damcı üsulu ilə işləyən xətt çəkilib.",
    "Növbəti tədbir payızda keçiriləcək.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One article as the interface tells it."""

    number: int
    title: str
    text: str

    @property
    def at(self) -> datetime:
        """When it was published."""
        return BEGAN + timedelta(hours=self.number)


def told(number: int) -> Told:
    """The article of that number."""
    words = "".join(f"<p>{sentence}</p>" for sentence in _SENTENCES)
    aside = '<div class="bildiris"><p>Agentliyin xidmət mərkəzi hər gün açıqdır.</p></div>'
    title = f"{number} hektar ərazidə meşə salınıb"
    return Told(number=number, title=title, text=f"{words}{aside}</div>")


class ApplicationWeb(LoopbackServer):
    """The application and its interface; what is in `articles` is published.

    robots  what hosts say for robots.txt; others have none
    asked   the addresses that were asked for, in order
    reshaped  articles that the interface tells in another shape
    is_tired  it lists articles and fails to tell one
    """

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.articles: dict[int, Told] = {number: told(number) for number in (41, 42, 43, 44)}
        self.robots: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.reshaped: set[int] = set()
        self.is_tired = False

    def _answer(self, request: Request) -> Answer | Misconduct:
        self.asked.append(f"http://{request.host}{request.path}")
        if request.path == "/robots.txt":
            return self.robots.get(request.host, Answer(status=404))
        if request.host == HOST:
            return Answer(body=_SHELL.encode())
        if request.host == API_HOST and request.path.startswith("/v1/xeberler"):
            return self._told(request.path.removeprefix("/v1/xeberler").removeprefix("/"))
        return Answer(status=404)

    def _told(self, number: str) -> Answer:
        if not number:
            listed = sorted(self.articles.values(), key=lambda each: -each.number)
            return _json({"data": [_brief(each) for each in listed]})
        if self.is_tired:
            return Answer(status=500)
        article = self.articles.get(int(number))
        if article is None:
            return _json({"error": "not found"}, status=404)
        if article.number in self.reshaped:
            return _json({"xeber": _whole(article)})
        return _json({"data": _whole(article), "status": "ok"})


def _brief(article: Told) -> dict[str, object]:
    return {"id": article.number, "basliq": article.title, "tarix": article.at.isoformat()}


def _whole(article: Told) -> dict[str, object]:
    return {
        **_brief(article),
        "qisa": "Agentlik yamacda yeni meşə zolağı salıb.",
        "bolme": {"id": 7, "ad": "Ekologiya"},
        "acar_sozler": ["meşə", "ağacəkmə"],
        "metn": article.text,
        "sekiller": [
            {"url": f"/fayl/{article.number}/birinci.jpg", "izah": "Yeni əkilən tinglər"},
            {"url": f"/fayl/{article.number}/ikinci.jpg", "izah": "Könüllülər iş başında"},
        ],
        "baxis": 1204,
    }


def _json(value: object, status: int = 200) -> Answer:
    return Answer(
        status=status,
        content_type="application/json; charset=utf-8",
        body=json.dumps(value, ensure_ascii=False).encode(),
    )


def write_source(folder: Path) -> Path:
    """A folder with the application's source file alone."""
    sources = folder / "sources"
    sources.mkdir(exist_ok=True)
    (sources / f"{HOST}.yaml").write_text(SOURCE, encoding="utf-8")
    return sources
