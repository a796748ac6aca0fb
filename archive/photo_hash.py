"""What a picture looks like: perceptual hashes that survive other sizes, crops and logos.

Each view of the picture (whole, mirrored, cropped in the ways of newsrooms, square, without the
bars around it) is shrunk, turned into
frequencies and kept as 256 bits, a bit a low frequency: is it above the median? Two pictures are
held against each other by the bits that differ. `benchmarks/photos.py` measured the views and
the thresholds.

Source: C. Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010.
"""

import io
import math
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from archive.errors import PageError
from archive.jpeg_scans import coarse_scans, has_absurd_scans

if TYPE_CHECKING:  # numpy takes 0.1 s to import: a crawl that hashes no photo does not pay it
    import numpy as np
    from PIL import Image, ImageFile

VIEWS = 25
VIEW_BYTES = 32
HASH_BYTES = VIEWS * VIEW_BYTES
SURE_BITS = 68  # of 256 that may differ: 72 of 6,884,640 pairs of strangers came so close
MAYBE_BITS = 76  # a candidate, for a second look or to be shown as "may be the same"
_SURE_UP_TO = 3000  # photos; among more of them a stranger comes so close by chance
_BITS_A_TENFOLD = 4.2  # every 4 bits fewer, a ninth of the strangers is left
_LEAST_SURE_BITS = 40
LEAST_CONTRAST = 0.012  # of drawings and skies with less than that, any two are alike
# What newsrooms publish; Pillow's other decoders are a larger surface than an archive needs.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "BMP", "TIFF")
MAX_PIXELS = 50_000_000
_EXIF_ORIENTATION = 0x0112
# Whatever Pillow's decoders raise for a damaged file; a bug of theirs costs one photo's hash.
_FAILURES = (OSError, ValueError, SyntaxError, LookupError, EOFError, TypeError, AttributeError,
             ArithmeticError, AssertionError, MemoryError, RuntimeError, struct.error)  # fmt: skip
_DRAFT_PX = 256
_BASE_PX = 128
_VIEW_PX = 32
_FREQUENCIES = 16
LIKE_VIEWS = (2, 3, 23, 24)  # hardly less than the whole picture: held against their like too
INNER_VIEWS = (4, 7, 10, 13, 16, 19, 22)  # narrow: a frame, banner or logo is not in all of them
CENTRE = 4
MOST_CENTRE_BITS = 80  # that may differ there between wholes of one picture
MOST_INNER_BITS = 96  # in all inner views but one, which may have a logo
MIRROR = 1  # the place of the mirrored view, which is made of the whole one's frequencies
_MOST_BORDER = 0.2  # of a side, that is a bar or a frame
_BORDER_SPREAD = 3.0  # grey levels within a line of it, and from one line to the next

_Box = tuple[float, float, float, float]  # left, top, right and bottom, as parts of the picture
_WHOLE: _Box = (0.0, 0.0, 1.0, 1.0)
_CROPS: tuple[_Box, ...] = (
    (0.0, 0.0, 1.0, 0.82),  # a strip with a caption or a banner lies below
    (0.07, 0.07, 0.93, 0.93),
    (0.15, 0.15, 0.85, 0.85),
    *((0.0, 0.0, part, 1.0) for part in (0.9, 0.8, 0.5)),
    *((1 - part, 0.0, 1.0, 1.0) for part in (0.9, 0.8, 0.5)),
    *((0.0, 0.0, part, part) for part in (0.9, 0.8, 0.7)),
    *((1 - part, 0.0, 1.0, part) for part in (0.9, 0.8, 0.7)),
    *((0.0, 1 - part, part, 1.0) for part in (0.9, 0.8, 0.7)),
    *((1 - part, 1 - part, 1.0, 1.0) for part in (0.9, 0.8, 0.7)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoHash:
    """What a picture looks like.

    views     `VIEWS` hashes of `VIEW_BYTES` bytes, the whole picture's first
    contrast  how much there is to see, from 0; below `LEAST_CONTRAST` it links with nothing
    """

    views: bytes
    contrast: float

    @property
    def is_flat(self) -> bool:
        """Whether there is too little to see for a judgement."""
        return self.contrast < LEAST_CONTRAST


def hash_photo(body: bytes) -> PhotoHash:
    """The hash of an image file; 3 to 5 ms of CPU for a press photo, 25 for one of 12 megapixels.

    Raises:
        PageError: it cannot be decoded whole, or claims more than `MAX_PIXELS`; the message is
            the reason.
    """
    with opened(for_hashing(body)) as image:
        return hash_image(image)


def for_hashing(body: bytes) -> bytes:
    """An image file with all that its hash and its words need, and perhaps less to decode."""
    return coarse_scans(body, _DRAFT_PX)


def hash_image(image: "Image.Image") -> PhotoHash:
    """The hash of an image file that `opened` gave; nothing of it may have been decoded yet."""
    size = _upright_size(image)
    return _hash_of(_base_of(image), size)


def sure_bits(photos: int) -> int:
    """How many bits may differ for a picture to be surely the same as one among so many photos.

    A stranger is as rare among a million as among 3,000.

    >>> [sure_bits(photos) for photos in (1, 10_000, 100_000, 1_000_000)]
    [68, 65, 61, 57]
    """
    fewer = _BITS_A_TENFOLD * math.log10(max(photos, _SURE_UP_TO) / _SURE_UP_TO)
    return max(SURE_BITS - math.ceil(fewer), _LEAST_SURE_BITS)


def bits_apart(one: bytes, other: bytes) -> int:
    """How many bits differ between the nearest views of two pictures, of 256.

    The whole of either is held against each view of the other. A narrow view is not held against
    its like: in two screenshots of one page, or under one banner, it would be the same frame.
    Two wholes may be near by such a frame alone; so the narrow views within them must be alike.
    """
    a, b = _views(one), _views(other)
    crops = range(MIRROR + 1, VIEWS)
    nearest = min(min((a[0] ^ b[at]).bit_count(), (a[at] ^ b[0]).bit_count()) for at in crops)
    wholes = min((a[at] ^ b[at]).bit_count() for at in (0, *LIKE_VIEWS))
    if wholes < nearest and _are_alike_within(a, b):
        nearest = wholes
    mirrored = min((a[0] ^ b[MIRROR]).bit_count(), (a[MIRROR] ^ b[0]).bit_count())
    if mirrored < nearest:
        centre = a[CENTRE] ^ b[CENTRE] ^ int.from_bytes(mirrored_bits())
        if centre.bit_count() <= MOST_CENTRE_BITS:
            return mirrored
    return nearest


def _are_alike_within(a: list[int], b: list[int]) -> bool:
    if (a[CENTRE] ^ b[CENTRE]).bit_count() > MOST_CENTRE_BITS:
        return False
    apart = sorted((a[at] ^ b[at]).bit_count() for at in INNER_VIEWS)
    return apart[-2] <= MOST_INNER_BITS


def _views(views: bytes) -> list[int]:
    return [
        int.from_bytes(views[at : at + VIEW_BYTES], "big")
        for at in range(0, HASH_BYTES, VIEW_BYTES)
    ]


@contextmanager
def opened(body: bytes) -> Iterator["ImageFile.ImageFile"]:
    """An image file, open for decoding, its size read and found sane.

    Raises:
        PageError: whatever fails in Pillow, here or in the block.
    """
    from PIL import Image, UnidentifiedImageError

    if has_absurd_scans(body):
        raise PageError("the image is written in an absurd number of scans")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # damaged EXIF and the like
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(body), formats=FORMATS) as image:
                width, height = image.size
                if not 0 < width * height <= MAX_PIXELS:
                    raise PageError(f"the image claims {width} × {height} pixels")
                yield image
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise PageError("the image claims an absurd size") from error
        except UnidentifiedImageError as error:
            raise PageError("it is not an image of a known format") from error
        except _FAILURES as error:
            raise PageError(f"the image cannot be decoded: {error}") from error


def _base_of(image: "Image.Image") -> "np.ndarray[Any, Any]":
    """The picture upright, grey and `_BASE_PX` square, whatever its shape."""
    import numpy as np
    from PIL import Image, ImageOps

    image.draft("L", (_DRAFT_PX, _DRAFT_PX))  # a JPEG is decoded no larger than is needed
    upright = ImageOps.exif_transpose(image)
    if upright.has_transparency_data:
        opaque = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", opaque.size, "white"), opaque)
    grey = upright.convert("L").resize((_BASE_PX, _BASE_PX), Image.Resampling.BOX)
    return np.asarray(grey, dtype=np.float32)


def _upright_size(image: "Image.Image") -> tuple[int, int]:
    width, height = image.size
    turned = image.getexif().get(_EXIF_ORIENTATION, 1) >= 5
    return (height, width) if turned else (width, height)


def _hash_of(base: "np.ndarray[Any, Any]", size: tuple[int, int]) -> PhotoHash:
    import numpy as np

    boxes = (_WHOLE, *_CROPS, _square(size), _within_borders(base))
    by_rows: dict[tuple[float, float], np.ndarray[Any, Any]] = {}
    spectra = []
    for left, top, right, bottom in boxes:
        if (top, bottom) not in by_rows:
            by_rows[top, bottom] = _weights(top, bottom) @ base
        spectra.append(by_rows[top, bottom] @ _weights(left, right).T)
    strength = np.abs(spectra[0])
    spectra.insert(MIRROR, spectra[0] * np.where(np.arange(_FREQUENCIES) % 2, -1.0, 1.0))
    flat = np.stack(spectra).reshape(VIEWS, -1)[:, _low_first()]
    bits = flat > np.median(flat, axis=1, keepdims=True)
    strength[0, 0] = 0.0
    return PhotoHash(
        views=np.packbits(bits, axis=1).tobytes(),
        contrast=round(float(np.median(strength)) / 255, 4),
    )


def _square(size: tuple[int, int]) -> _Box:
    """The middle of the picture, as wide as it is high."""
    width, height = size
    x, y = (round((1 - min(size) / side) / 2, 2) for side in (width, height))
    return x, y, 1 - x, 1 - y


def _within_borders(base: "np.ndarray[Any, Any]") -> _Box:
    """The picture without bars and frames of one colour; the whole one where there are none."""
    top, bottom = _border(base), _border(base[::-1])
    left, right = _border(base.T), _border(base.T[::-1])
    return left, top, 1 - right, 1 - bottom


def _border(lines: "np.ndarray[Any, Any]") -> float:
    most = lines[: int(_BASE_PX * _MOST_BORDER)]
    plain = (most.std(axis=1) < _BORDER_SPREAD) & (
        abs(most.mean(axis=1) - most[0].mean()) < _BORDER_SPREAD
    )
    count = int(plain.argmin()) if not plain.all() else len(plain)
    return count / _BASE_PX


@lru_cache(maxsize=256)
def _weights(start: float, end: float) -> "np.ndarray[Any, Any]":
    """What takes a line of the base to the low frequencies of the part from `start` to `end`."""
    import numpy as np

    edges = np.linspace(start * _BASE_PX, end * _BASE_PX, _VIEW_PX + 1)
    pixels = np.arange(_BASE_PX)
    shrink = np.clip(
        np.minimum(pixels + 1, edges[1:, None]) - np.maximum(pixels, edges[:-1, None]), 0, 1
    )
    shrink /= shrink.sum(axis=1, keepdims=True)
    places = (np.arange(_VIEW_PX) + 0.5) * np.pi / _VIEW_PX
    cosines = np.cos(np.arange(_FREQUENCIES)[:, None] * places)
    weights: np.ndarray[Any, Any] = (cosines @ shrink * np.sqrt(2 / _VIEW_PX)).astype(np.float32)
    return weights


@cache
def _low_first() -> "np.ndarray[Any, Any]":
    """The places of a spectrum, the eight lowest frequencies of rows and columns first."""
    import numpy as np

    row, column = np.divmod(np.arange(_FREQUENCIES**2), _FREQUENCIES)
    order: np.ndarray[Any, Any] = np.lexsort((column, row, np.maximum(row, column) >= 8))
    return order


@cache
def mirrored_bits() -> bytes:
    """The bits of a view that a mirror turns: those of odd frequencies from left to right."""
    import numpy as np

    return bytes(np.packbits(_low_first() % _FREQUENCIES % 2 == 1).tobytes())
