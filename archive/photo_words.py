"""What a photo's file says of itself: who took it, and what it shows.

Agencies write both into the file, and the page that prints the photo often leaves them out.

Source: EXIF 2.32, section 4.6.4 (ImageDescription, Artist, Copyright); IPTC-NAA Information
Interchange Model 4.2, record 2 (caption 120, by-line 80, credit 110, source 115, copyright 116).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import ImageFile

_EXIF_CAPTION = 0x010E
_EXIF_CREDITS = (0x013B, 0x8298)
_IPTC_CAPTION = 120
_IPTC_CREDITS = (80, 110, 115, 116)
_LONGEST = 1000  # characters
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")
# What cameras and programs write where nobody wrote anything.
_EMPTY = re.compile(
    r"(?:olympus digital camera|sony dsc|dcim|digital camera|unknown|default|untitled|\W*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoWords:
    """The words in a photo's file; None where it says nothing."""

    caption: str | None = None
    credit: str | None = None


def read_photo_words(image: "ImageFile.ImageFile") -> PhotoWords:
    """The words of an open image file: EXIF's and IPTC's, each said once."""
    exif, iptc = image.getexif(), _iptc_of(image)
    caption = _first((exif.get(_EXIF_CAPTION), *iptc.get(_IPTC_CAPTION, ())))
    credited = [exif.get(tag) for tag in _EXIF_CREDITS]
    for tag in _IPTC_CREDITS:
        credited += iptc.get(tag, ())
    said: dict[str, str] = {}
    for credit in credited:
        if words := _plain(credit):
            said.setdefault(words.casefold(), words)
    return PhotoWords(caption=caption, credit=" / ".join(said.values())[:_LONGEST] or None)


def _iptc_of(image: "ImageFile.ImageFile") -> dict[int, tuple[bytes, ...]]:
    from PIL import IptcImagePlugin

    found = IptcImagePlugin.getiptcinfo(image) or {}
    return {
        tag: tuple(value) if isinstance(value, list) else (value,)
        for (record, tag), value in found.items()
        if record == 2
    }


def _first(values: Iterable[object]) -> str | None:
    return next(filter(None, map(_plain, values)), None)


def _plain(value: object) -> str | None:
    """Words on one line; Pillow reads UTF-8 in EXIF as Latin-1."""
    if isinstance(value, str):
        is_latin = all(ord(letter) < 256 for letter in value)
        written = value.encode("latin-1" if is_latin else "utf-8", "surrogatepass")
    elif isinstance(value, bytes):
        written = value
    else:
        return None
    try:
        text = written.decode()
    except UnicodeDecodeError:
        text = written.decode("latin-1")
    words = _CONTROL.sub(" ", text).strip()
    return None if _EMPTY.match(words) else words[:_LONGEST]
