"""Turns the bytes of a page into text, once, by what the bytes are rather than by what they claim.

The order: byte order mark, UTF-16 without one, UTF-8 where the bytes validate (a page that
declares windows-1251 and is UTF-8 is UTF-8), the charset of the header, that of the markup, and
last the letters themselves. Letters that the publisher destroyed stay destroyed.
Source: WHATWG Encoding (labels), WHATWG HTML section 13.2.3 (determining the encoding).
"""

import codecs
import re
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PROBE_BYTES = 4096
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{3,40})""")
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{3,40})""", re.IGNORECASE)
# Labels under which browsers read a wider code page than the name says.
_WIDER = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_MOST_BROKEN = 0.02  # of the letters beyond ASCII; more means that the bytes are no UTF-8
_CYRILLIC_RUN = re.compile(rb"[\xc0-\xff\xa8\xb8]{4,}")
_HIGH = re.compile(rb"[\x80-\xff]+")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a page, the encoding it was read with, and what named that encoding.

    how      `bom`, `bytes` (they validate), `header`, `markup` or `letters`
    as_sent  the page's own bytes, where they are UTF-8
    """

    text: str
    encoding: str
    how: str
    as_sent: bytes | None = None

    @property
    def utf8(self) -> bytes:
        """The text in UTF-8."""
        return self.text.encode("utf-8", "replace") if self.as_sent is None else self.as_sent


def decode_page(body: bytes, content_type: str | None = None) -> Decoded:
    """The text of a page's bytes; never fails, what cannot be decoded becomes U+FFFD.

    A character that a size limit cut in two at the end is dropped.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return Decoded(body[len(mark) :].decode(encoding, "replace"), encoding, "bom")
    if utf16 := _utf16_without_mark(body[:_PROBE_BYTES]):
        return Decoded(body.decode(utf16, "replace"), utf16, "bytes")
    try:
        text, length = codecs.utf_8_decode(body, "strict", False)
        return Decoded(text, "utf-8", "bytes", as_sent=body[:length])
    except UnicodeDecodeError:
        return _decode_by_claim(body, content_type)


def is_wide(body: bytes) -> bool:
    """Whether a body looks like UTF-16 or UTF-32, in which letters hold bytes of control codes."""
    if any(body.startswith(mark) for mark, _ in _BOMS):
        return True
    return _utf16_without_mark(body[:_PROBE_BYTES]) is not None


def _utf16_without_mark(head: bytes) -> str | None:
    if head.count(0) * 3 < len(head) or len(head) < 4:
        return None
    odd, even = head[1::2].count(0), head[::2].count(0)
    if min(odd, even) * 4 > max(odd, even):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _decode_by_claim(body: bytes, content_type: str | None) -> Decoded:
    header = _HEADER_CHARSET.search(content_type or "")
    markup = _DECLARED.search(body[:_PROBE_BYTES])
    claims = (
        ("header", header[1] if header else ""),
        ("markup", markup[1].decode("ascii") if markup else ""),
    )
    for how, label in claims:
        encoding = _codec_of(label)
        if encoding == "utf-8" and not _is_mostly_utf8(body):
            continue
        if encoding is not None:
            return Decoded(body.decode(encoding, "replace"), encoding, how)
    if _is_mostly_utf8(body):
        return Decoded(body.decode("utf-8", "replace"), "utf-8", "letters")
    encoding = _encoding_by_letters(body)
    return Decoded(body.decode(encoding, "replace"), encoding, "letters")


def _codec_of(label: str) -> str | None:
    """Python's codec for a charset label, None where it is unknown or is not a text encoding."""
    name = label.strip().lower().replace("win-", "windows-")
    try:
        codec = codecs.lookup(name)
        "".encode(codec.name)
    except (LookupError, UnicodeError):  # `rot13` and `hex` are codecs, but not of text
        return None
    return _WIDER.get(codec.name, codec.name)


def _is_mostly_utf8(body: bytes) -> bool:
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return broken <= beyond_ascii * _MOST_BROKEN


def _encoding_by_letters(body: bytes) -> str:
    """windows-1251 or KOI8-R where runs of high bytes read as Russian words, else windows-1254.

    windows-1254 has the Turkish letters in which Azerbaijani pages of that age are typed.
    """
    in_runs = sum(map(len, _CYRILLIC_RUN.findall(body)))
    high = sum(map(len, _HIGH.findall(body)))
    if in_runs * 2 < high:
        return "cp1254"
    lower_1251 = len(re.findall(rb"[\xe0-\xff]", body))
    lower_koi8 = len(re.findall(rb"[\xc0-\xdf]", body))
    return "cp1251" if lower_1251 >= lower_koi8 else "koi8-r"
