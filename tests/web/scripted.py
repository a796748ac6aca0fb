"""A made-up newspaper whose pages say nothing until their script has run.

The shell is the same for every address. The script asks for the pieces of an article, which are
no interface that anybody could name: their addresses and their order are reckoned in the script,
and their letters are shifted. Beside that it asks for all that no crawl should load.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

from tests.web.loopback import LoopbackServer
from tests.web.wire import Answer, Misconduct, Request

HOST = "pencere.example"
ROOT = f"http://{HOST}"
ELSEWHERE = "sayac.example"
PAUSE_S = 0.1
SOURCE = f"""# A made-up site that can be read in a browser alone.
publisher: Pəncərə qəzeti
host: {HOST}
scheme: http
kind: news
language: az
pause_s: {PAUSE_S}
render: true
articles: '^/yazi/(?P<id>\\d+)$'
rules:
  headline: h1
  date: time@datetime
  body: div.metn
  photos: figure img
discovery:
  - listing: /
"""
_SHELL = f"""<!DOCTYPE html><html lang="az"><head><meta charset="utf-8"><title>Pəncərə</title>
<link rel="stylesheet" href="/pencere.css"><script src="http://{ELSEWHERE}/say.js"></script></head>
<body><main id="yer"></main><img src="/loqo.png"><script src="/pencere.js"></script></body></html>"""
_SCRIPT = """
const acar = text => [...text].map(c => String.fromCodePoint(c.codePointAt(0) - 7)).join('');
const al = async yol => { const cavab = await fetch(yol); return cavab.ok ? cavab.json() : null; };
const qoy = (ad, metn, hara) => {
  const yeni = document.createElement(ad); yeni.textContent = metn; hara.append(yeni); return yeni;
};
(async () => {
  const yer = document.getElementById('yer');
  const nomre = Number((location.pathname.match(/\\d+/) || [0])[0]);
  fetch('/gizli/oxucu').catch(() => 0);
  fetch('/say', {method: 'POST', body: 'x'}).catch(() => 0);
  navigator.sendBeacon('/say', 'x');
  new WebSocket('ws://' + location.host + '/canli');
  if (!nomre) {
    for (const each of await al('/hisse/siyahi')) {
      const bag = qoy('a', acar(each.ad), qoy('p', '', yer)); bag.href = '/yazi/' + each.no;
    }
    return;
  }
  const bas = await al('/hisse/' + nomre * 3);
  if (!bas) { qoy('h1', 'Səhifə tapılmadı', yer); return; }
  const govde = await al('/hisse/' + (nomre * 3 + bas.addim));
  qoy('h1', acar(bas.ad), yer);
  qoy('time', 'bu gün', yer).setAttribute('datetime', bas.vaxt);
  const sekil = qoy('img', '', qoy('figure', '', yer)); sekil.src = '/foto/' + nomre + '/bina.jpg';
  const metn = qoy('div', '', yer); metn.className = 'metn';
  for (const abzas of govde.abzaslar) qoy('p', acar(abzas), metn);
})();
"""
TEXT = (
    "Şəhər kitabxanasının yeni oxu zalı istifadəyə verilib.",
    "Zalda iki yüz oxucu üçün yer var, kitab fondu isə qırx min nüsxədən artıqdır.",
    "Kitabxana həftənin altı günü səhər saat doqquzdan axşam saat səkkizədək işləyəcək.",
    "Üzvlük pulsuzdur, vərəqəni şəxsiyyət vəsiqəsi ilə almaq olar.",
)


def title(number: int) -> str:
    """The headline of an article."""
    return f"Kitabxananın {number} nömrəli oxu zalı açılıb"


class ScriptedWeb(LoopbackServer):
    """The newspaper.

    articles  text of what is published, by number
    asked     method, address and moment of each request, in order
    """

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.articles: dict[int, tuple[str, ...]] = {11: TEXT, 12: TEXT[::-1]}
        self.asked: list[tuple[str, str, datetime]] = []

    def _answer(self, request: Request) -> Answer | Misconduct:
        url = f"http://{request.host}{request.path}"
        self.asked.append((request.method, url, datetime.now(UTC)))
        if request.path == "/robots.txt":
            return Answer(content_type="text/plain", body=b"User-agent: *\nDisallow: /gizli/\n")
        if request.path == "/pencere.js":
            return Answer(content_type="text/javascript", body=_SCRIPT.encode())
        if request.path.startswith("/hisse/"):
            return self._piece(request.path.removeprefix("/hisse/"))
        if request.path == "/" or request.path.startswith("/yazi/"):
            return Answer(body=_SHELL.encode())
        return Answer(status=404)

    def _piece(self, name: str) -> Answer:
        if name == "siyahi":
            newest = sorted(self.articles, reverse=True)
            return _json([{"no": each, "ad": _shifted(title(each))} for each in newest])
        number, step = divmod(int(name), 3)
        text = self.articles.get(number)
        if text is None:
            return Answer(status=404)
        if step == 0:
            at = datetime(2026, 5, number, 9, 30, tzinfo=UTC).isoformat()
            return _json({"ad": _shifted(title(number)), "vaxt": at, "addim": 1 + number % 2})
        return _json({"abzaslar": [_shifted(each) for each in text]})


def _shifted(text: str) -> str:
    return "".join(chr(ord(letter) + 7) for letter in text)


def _json(value: object) -> Answer:
    return Answer(content_type="application/json", body=json.dumps(value).encode())


def write_source(folder: Path) -> Path:
    """A folder with the newspaper's source file alone."""
    sources = folder / "sources"
    sources.mkdir(exist_ok=True)
    (sources / f"{HOST}.yaml").write_text(SOURCE, encoding="utf-8")
    return sources
