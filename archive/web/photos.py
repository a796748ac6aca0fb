"""A photo's bytes, out of the WARC record that holds them."""

import hashlib
import io
from dataclasses import dataclass

from PIL import Image, ImageOps

from archive.catalogue.reader import CatalogueReader
from archive.errors import IntegrityError
from archive.folder import ArchiveFolder
from archive.holdings import Holdings
from archive.http_message import http_of

_SMALL_PX = 480  # the longer side; a result's thumbnail on a dense screen
_MOST_PX = 50_000_000  # larger ones are not opened, only passed on


@dataclass(frozen=True, slots=True)
class PhotoBytes:
    """An image as it goes to a browser; `mime` is what its first bytes say."""

    body: bytes
    mime: str


def find_photo(folder: ArchiveFolder, reader: CatalogueReader, sha256: str) -> PhotoBytes | None:
    """The photo with this digest, or None where the archive does not hold it as an image.

    Raises:
        IntegrityError: the record is not there, or holds other bytes than the digest says.
        StoreError: only the store has it, and does not answer.
    """
    capture = reader.photo_capture(sha256)
    if capture is None:
        return None
    body = http_of(Holdings(folder, is_cached=True).read(capture.location)).content().body
    if hashlib.sha256(body).hexdigest() != sha256:
        raise IntegrityError(
            f"The photo {sha256} in segment {capture.location.segment} at byte "
            f"{capture.location.offset} does not match its digest. Run `salname verify`."
        )
    mime = mime_of(body)
    return PhotoBytes(body, mime) if mime else None


def mime_of(body: bytes) -> str | None:
    """The type of an image by its first bytes; None for all that is no photo, SVG too.

    A publisher's header is not believed: what a browser would run must never leave as a photo.

    Source: WHATWG MIME Sniffing, section 6.1; ISO/IEC 14496-12 for the brand of an AVIF.
    """
    if body.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if body.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if body.startswith(b"RIFF") and body[8:12] == b"WEBP":
        return "image/webp"
    if body[4:8] == b"ftyp" and body[8:12] in (b"avif", b"avis"):
        return "image/avif"
    return None


def small(photo: PhotoBytes) -> PhotoBytes:
    """The photo as a JPEG of at most 480 pixels a side; itself where that cannot be made."""
    try:
        with Image.open(io.BytesIO(photo.body)) as image:
            if image.width * image.height > _MOST_PX:
                return photo
            image.draft("RGB", (_SMALL_PX * 2, _SMALL_PX * 2))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((_SMALL_PX, _SMALL_PX))
            written = io.BytesIO()
            _on_white(upright).save(written, "JPEG", quality=80)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return photo  # Pillow raises any of these for a broken image; the browser may do better
    return PhotoBytes(written.getvalue(), "image/jpeg")


def _on_white(image: Image.Image) -> Image.Image:
    """A JPEG has no transparency."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    opaque = image.convert("RGBA")
    ground = Image.new("RGBA", opaque.size, "white")
    return Image.alpha_composite(ground, opaque).convert("RGB")
