"""Made-up sites that are there to misbehave: one with a page a fault, one shut, one forbidden."""

import re
from urllib.parse import urlsplit

from tests.web.faults import Fault, misbehaved, without_step
from tests.web.pictures import picture
from tests.web.wire import Answer, Misconduct, Request

ROGUE_HOST = "yaramaz.example"
DOWN_HOST = "sonuk.example"
FORBIDDEN_HOST = "qadaga.example"
ROGUE_HOSTS = frozenset({ROGUE_HOST, DOWN_HOST, FORBIDDEN_HOST})
GOOD_PATHS = ("/xeber/yaxsi-1.html", "/xeber/yaxsi-2.html")
FAULT_PATHS = {
    fault: f"/xeber/{fault}-{number}.html" for number, fault in enumerate(Fault, start=101)
}
FALSE_PHOTO_PATH = "/foto/saxta.jpg"

_FAULTS = {path: fault for fault, path in FAULT_PATHS.items()}
_SENTENCES = (
    "Rayonun mərkəzində yeni kitabxana binasının tikintisi başa çatıb.",
    "Binada uşaqlar üçün oxu zalı, səsyazma otağı və kiçik teatr səhnəsi var.",
    "Kitabxananın fondu 40 min nüsxəyə çatdırılıb, onların bir hissəsini sakinlər bağışlayıblar.",
    "Açılış günündə oxuculara pulsuz üzvlük vərəqəsi veriləcək.",
)


def rogue_answer(request: Request) -> Answer | Misconduct:
    """What one of the rogue hosts says, or does."""
    path = without_step(urlsplit(request.path).path)
    if request.host == DOWN_HOST:
        return misbehaved(Fault.DOWN, request, Answer())
    if path == "/robots.txt":
        rule = "Disallow: /" if request.host == FORBIDDEN_HOST else "Allow: /"
        return Answer(content_type="text/plain", body=f"User-agent: *\n{rule}\n".encode())
    if path == "/":
        return Answer(body=_home(request.host))
    if path == FALSE_PHOTO_PATH:
        return misbehaved(Fault.NOT_A_PHOTO, request, Answer())
    if re.fullmatch(r"/foto/\d+\.jpg", path):
        return Answer(content_type="image/jpeg", body=picture(path))
    fault = _FAULTS.get(path)
    if fault is None and path not in GOOD_PATHS:
        return Answer(status=404, body=b"<html><body><h1>404</h1></body></html>")
    proper = Answer(body=_article(path), etag=f'"{path}"')
    return proper if fault in (None, Fault.NOT_A_PHOTO) else misbehaved(fault, request, proper)


def _home(host: str) -> bytes:
    paths = (*GOOD_PATHS, *_FAULTS) if host == ROGUE_HOST else GOOD_PATHS
    links = "\n".join(f'<li><a href="{path}">{_title_of(path)}</a></li>' for path in paths)
    return f'<html><head><meta charset="utf-8"><title>Xəbərlər</title></head><body><ul>\n{links}\n</ul></body></html>'.encode()


def _article(path: str) -> bytes:
    paragraphs = "\n".join(f"<p>{sentence}</p>" for sentence in _SENTENCES * 5)
    number = re.sub(r"\D", "", path)
    photo = FALSE_PHOTO_PATH if path == FAULT_PATHS[Fault.NOT_A_PHOTO] else f"/foto/{number}.jpg"
    title = _title_of(path)
    return (
        f'<html lang="az"><head><meta charset="utf-8"><title>{title}</title></head><body>\n'
        f'<h1>{title}</h1>\n<span class="date">12.05.2024 10:30</span>\n<img class="photo" src="{photo}" alt="">\n'
        f'<div class="text">\n{paragraphs}\n</div>\n</body></html>'
    ).encode()


def _title_of(path: str) -> str:
    word = path.removeprefix("/xeber/").removesuffix(".html")
    return f"Yeni kitabxana açılıb: {word} sınağı"
