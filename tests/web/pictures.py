"""Photos of the made-up web: real JPEG, PNG and WebP files, drawn from nothing but their name."""

import random
from functools import cache
from hashlib import sha256
from io import BytesIO

from PIL import Image, ImageDraw

FORMATS = {"jpeg": ("JPEG", "jpg"), "png": ("PNG", "png"), "webp": ("WEBP", "webp")}
_SKIES = (
    ("#1d3f72", "#f4c095"),
    ("#3a7ca5", "#e8f1f2"),
    ("#5b2a86", "#f7a072"),
    ("#0b525b", "#d8f3dc"),
)
_GROUNDS = ("#2f3e46", "#386641", "#6c584c", "#1b4332", "#7f5539", "#264653")
_ACCENTS = ("#e63946", "#ffb703", "#f1faee", "#2a9d8f", "#ef476f")


@cache
def picture(name: str, format_name: str = "jpeg", size: tuple[int, int] = (1200, 800)) -> bytes:
    """The file that belongs to a name: the same name gives the same picture.

    format_name  jpeg, png or webp;  size  width and height in pixels
    """
    image = _landscape(random.Random(name), size)  # noqa: S311 -- a drawing, not a secret
    written = BytesIO()
    image.save(written, FORMATS[format_name][0], quality=85)
    return written.getvalue()


def thumbnail(name: str, size: tuple[int, int] = (300, 200)) -> bytes:
    """A small JPEG of the picture of that name, as listings show it."""
    image = Image.open(BytesIO(picture(name))).resize(size)
    written = BytesIO()
    image.save(written, "JPEG", quality=70)
    return written.getvalue()


def sha256_of(data: bytes) -> str:
    """The digest of bytes in lower-case hex."""
    return sha256(data).hexdigest()


def _landscape(chance: random.Random, size: tuple[int, int]) -> Image.Image:
    top, bottom = chance.choice(_SKIES)
    image = _gradient(top, bottom, size)
    draw = ImageDraw.Draw(image)
    _sun(draw, chance, size)
    for layer in range(3):
        _hills(draw, chance, size, layer)
    _houses(draw, chance, size)
    _windows(draw, chance, size)
    return image


def _gradient(top: str, bottom: str, size: tuple[int, int]) -> Image.Image:
    mask = Image.linear_gradient("L").resize(size)
    return Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), mask)


def _sun(draw: ImageDraw.ImageDraw, chance: random.Random, size: tuple[int, int]) -> None:
    width, height = size
    x, y, radius = (
        chance.randrange(width),
        chance.randrange(height // 2),
        height // chance.randint(7, 14),
    )
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill="#ffe8a3")


def _hills(
    draw: ImageDraw.ImageDraw, chance: random.Random, size: tuple[int, int], layer: int
) -> None:
    width, height = size
    step = width // 12
    base = height * (5 + layer) // 9
    ridge = [(x, base - chance.randrange(height // 6)) for x in range(0, width + step, step)]
    draw.polygon([(0, height), *ridge, (width, height)], fill=chance.choice(_GROUNDS))


def _houses(draw: ImageDraw.ImageDraw, chance: random.Random, size: tuple[int, int]) -> None:
    width, height = size
    for _ in range(chance.randint(3, 9)):
        left, tall = chance.randrange(width), chance.randrange(height // 12, height // 4)
        wide = chance.randrange(width // 25, width // 10)
        box = (left, height - tall - height // 10, left + wide, height - height // 10)
        draw.rectangle(box, fill=chance.choice(_ACCENTS))


def _windows(draw: ImageDraw.ImageDraw, chance: random.Random, size: tuple[int, int]) -> None:
    width, height = size
    for _ in range(40):
        x, y = chance.randrange(width), height - chance.randrange(height // 4)
        draw.rectangle((x, y, x + width // 100, y + height // 80), fill="#fff3b0")
