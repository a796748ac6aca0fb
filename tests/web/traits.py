"""A made-up site that has each of the twenty hardest traits of this press, a page or two for each.

Pages are numbered by trait: those of trait 7 are 71, 72 and so on. `edit` brings its second day.
"""

from collections.abc import Mapping

from tests.web.loopback import LoopbackServer
from tests.web.pictures import picture
from tests.web.wire import Answer, Request

HOST = "cetin.example"
MIRROR = f"m.{HOST}"
ROOT = f"http://{HOST}"
SOURCE = f"""# A made-up site with all that is hard at once.
publisher: Çətin Xəbər
host: {HOST}
mirrors: [{MIRROR}]
scheme: http
kind: news
language: az
pause_s: 0
articles: ['^/xeber/(?P<id>\\d+)(?:-[^/]*)?$']
rules:
  headline: h1
  date: span.tarix
  body: div.metn
  gallery: ul.qalereya li
  script: rawContent
  separator: '^\\s*\\*{{3,}}\\s*$'
discovery:
  - listing: /
"""
PARAGRAPHS = (
    "Şəhər kitabxanasının oxu zalı həftənin bütün günləri gecə saat onadək açıq olacaq.",
    "Kitabxananın fonduna bu il iki min üç yüzdən çox yeni kitab daxil edilib.",
    "Oxucular kitabları elektron kataloqdan seçib əvvəlcədən sifariş edə bilərlər.",
    "Tələbələr üçün ayrıca otaqda qırx kompüter və sürətli internet quraşdırılıb.",
)
OTHERS = (
    "Dağ kəndinə aparan on iki kilometrlik yolun təmiri payızın sonunda başa çatacaq.",
    "Yolun hər iki tərəfində suötürücü arxlar çəkilir, körpülər yenidən qurulur.",
    "Təmir müddətində avtobuslar köhnə yolla, qrafik üzrə hər saat hərəkət edəcək.",
)
TITLE = "Kitabxana gecə saatlarında da işləyəcək"


def _body(paragraphs: tuple[str, ...] = PARAGRAPHS) -> str:
    return "".join(f"<p>{each}</p>" for each in paragraphs)


def _page(
    title: str = TITLE,
    body: str = _body(),
    *,
    date: str = "14 Fevral",
    head: str = "",
    around: str = "{}",
    lang: str = "az",
) -> str:
    shown = around.format(f'<div class="metn">{body}</div>')
    return (
        f'<html lang="{lang}"><head><title>Çətin Xəbər</title>{head}</head><body>'
        f'<article><h1>{title}</h1><span class="tarix">{date}</span>{shown}</article></body></html>'
    )


_LINKS = "".join(f'<li><a href="/xeber/41">{TITLE}, {no}-ci gün</a></li>' for no in range(8))

PAGES: Mapping[str, str] = {
    "11": _page("Dağ kəndinin yolu təmir olunur", _body(OTHERS)),
    "21": _page("Yağışlı hava bu gün də davam edəcək", _body((*OTHERS[::-1], "Cəmi 15 ev var."))),
    "31": _page(f"{TITLE} {TITLE}"),
    "32": _page('Oxu zalı açılıb <span class="badge">VİDEO</span>'),
    "41": _page("Oxu zalı açılıb (YENİLƏNİB-2) –\u00a0FOTO"),
    "42": _page("Oxu zalında yanğın olmayıb - FHN"),
    "51": _page(around='<div class="bu-gun">Bu gün: 3 mart 2019</div>{}'),
    "61": _page("BAKI NAZIRLIYI YENI I\u0307STILIK QURĞUSU ALIR"),
    "71": _page(head='<meta charset="windows-1251">').replace("ə", "&#601;"),
    "72": _page(head='<meta charset="windows-1251">'),
    "81": _page(
        body=f'{_body(PARAGRAPHS[:2])}<div class="related"><h4>Oxşar xəbərlər</h4><ul>{_LINKS}</ul>'
        f"</div>{_body(PARAGRAPHS[2:])}<p>Kanalımıza abunə olun!</p>"
    ),
    "91": _page(body="").replace(
        "</body>", f"<script>const rawContent = `{_body()}`;</script></body>"
    ),
    "101": _page(body="<br><br>".join(PARAGRAPHS) + "<o:p>&nbsp;</o:p>"),
    "111": _page(
        body=f'<div class="news-content"><div class="apa texts">{_body(PARAGRAPHS[:2])}</div></div>'
        f"{_body(PARAGRAPHS[2:])}"
    ),
    "121": _page(around=f'<div class="metn"><ul>{_LINKS}</ul></div>{{}}'),
    "131": _page(
        body='<img src="data:image/svg+xml;base64,PHN2Zy8+" data-src="//cetin.example/foto/zal.jpg">'
        f"{_body()}"
    ),
    "141": _page("Su kəməri çəkilir", f'<img src="/foto/cins.jpg">{_body(OTHERS[1:])}'),
    "142": _page("Bazar günü hava", f'<img src="/foto/cins.jpg">{_body(PARAGRAPHS[2:])}'),
    "151": _page(
        f"{TITLE} - FOTO",
        f'{_body()}<ul class="qalereya"><li data-src="/foto/bir.jpg"></li>'
        '<li data-src="/foto/iki.jpg"></li><li data-src="/foto/uc.jpg"></li></ul>',
    ),
    "161": _page(body=f"<p>{PARAGRAPHS[3]}</p><p>***</p>{_body(PARAGRAPHS[:2])}"),
    "171": _page("Kitabxananın həyəti də açılır"),
    "181": _page(
        "Oxu zalının iş vaxtı uzadılır",
        f"<p>Numune.Az xəbər verir ki, kitabxana yeni qrafikə keçir.</p>{_body()}",
    ),
    "191": _page(
        head='<meta name="author" content="Veb Studiya MMC"><meta property="og:title" '
        'content="[[GLB_TITLE]]"><meta name="keywords" content="HTML5 Template">',
        lang="ru",
    ),
    "201": "<html><head><title>Xəta</title></head><body><h1>Xəta</h1><p>Səhifə tapılmadı.</p>"
    "</body></html>",
}
_SLUG_BEFORE, _SLUG_AFTER = "-yol-temir-olunur", "-yol-acilib"


class TraitsWeb(LoopbackServer):
    """The site, on its first day until `edit` is called."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self._pages = dict(PAGES)
        self._slug = _SLUG_BEFORE

    def edit(self) -> None:
        """The second day: one article moves with its new title, one is edited where it stands."""
        self._slug = _SLUG_AFTER
        self._pages["21"] = self._pages["21"].replace("15 ev", "16 ev")

    def _answer(self, request: Request) -> Answer:
        path = request.path
        if path == "/":
            return Answer(body=self._list().encode())
        if path.startswith("/foto/"):
            return Answer(content_type="image/jpeg", body=picture(path))
        number, _, slug = path.removeprefix("/xeber/").partition("-")
        if number == "11" and f"-{slug}" != self._slug:
            moved = (("Location", f"{ROOT}/xeber/11{self._slug}"),)
            return Answer(status=301, headers=moved)
        if (text := self._pages.get(number)) is None:
            return Answer(status=404, body=b"<h1>404</h1>")
        if number == "71":
            return Answer(
                content_type="text/html", body=text.encode("windows-1251", "xmlcharrefreplace")
            )
        return Answer(content_type="text/html", body=text.encode())

    def _list(self) -> str:
        paths = [
            f"{number}{self._slug if number == '11' else '-i%CC%87stilik' * (number == '61')}"
            for number in self._pages
        ]
        links = "".join(f'<p><a href="/xeber/{path}">{TITLE}</a></p>' for path in paths)
        mirror = f'<p><a href="http://{MIRROR}/xeber/171">{TITLE}</a></p>'
        return f'<meta property="og:type" content="article"><h1>Xəbərlər</h1>{links}{mirror}'
