"""Made-up pages for the tests of the readers, as small as the promise that they serve allows."""

from datetime import UTC, datetime

from pipelines.items import Page
from pipelines.parsing import ParsedPage, parse_page

URL = "https://olke.example/az/sosium/84131/asan-xidmet-sekide/"
SEEN = datetime(2023, 2, 14, 14, 0, tzinfo=UTC)
PROSE = (
    "Şəkidə səyyar xidmət avtobusu üç gün ərzində kənd sakinlərini qəbul edəcək.",
    "Bu barədə Olke.Example-a “ASAN xidmət”dən məlumat verilib.",
    "Sakinlər şəxsiyyət vəsiqəsini yeniləmək və arayış almaq üçün növbəsiz müraciət edə biləcəklər.",
    "Qəbul hər gün saat 10:00-dan 18:00-dək davam edəcək.",
)


def page_of(markup: str | bytes, *, url: str = URL, seen: datetime = SEEN) -> Page:
    """A page with this markup, answered with status 200."""
    body = markup.encode() if isinstance(markup, str) else markup
    return Page(url=url, captured_at=seen, body=body, content_type="text/html; charset=utf-8")


def parsed(markup: str | bytes, *, url: str = URL) -> ParsedPage:
    """The same, parsed."""
    return parse_page(page_of(markup, url=url))


def paragraphs(texts: tuple[str, ...] = PROSE) -> str:
    """The texts as p elements."""
    return "\n".join(f"<p>{text}</p>" for text in texts)
