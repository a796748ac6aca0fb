"""Measures a photo's bytes: what format they are and how large the picture is."""

import io
import warnings
from hashlib import sha256

from PIL import Image, UnidentifiedImageError

from archive.errors import PageError
from archive.photo_hash import FORMATS, MAX_PIXELS
from archive.reading import PhotoFacts


def measure_photo(body: bytes) -> PhotoFacts:
    """The facts of an image file, read from its head; the picture is not decoded.

    Raises:
        PageError: it is not an image of a known format, or has no sane size.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # nothing is decoded
            with Image.open(io.BytesIO(body), formats=FORMATS) as image:
                width, height = image.size
                mime = Image.MIME[image.format or ""]
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, KeyError) as error:
        raise PageError("the answer is not an image of a known format") from error
    except Image.DecompressionBombError as error:
        raise PageError("the image claims an absurd size") from error
    if not 0 < width * height <= MAX_PIXELS:
        raise PageError(f"the image claims {width} × {height} pixels")
    return PhotoFacts(
        sha256=sha256(body).hexdigest(),
        mime=mime,
        width_px=width,
        height_px=height,
        size_bytes=len(body),
    )
