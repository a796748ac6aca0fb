"""Makes a set of reused photographs: what newsrooms do to a picture, and what they seldom do.

`photographs` reads a folder; Debian's wallpaper packages and scikit-image's own data, unpacked, are
one. Every picture is first shrunk to a press photo; of a picture that lies there in many sizes the
largest file stands for all.
"""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

Picture = Image.Image
PRESS_PX = 1280
_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff")
_LEAST_PX = 300
_SIZE_ONLY = re.compile(r"\d+x\d+$")
_SIZE_IN_NAME = re.compile(r"_?\d{3,5}x\d{3,5}")


def photographs(folder: Path, leave_out: re.Pattern[str]) -> Iterator[tuple[str, Picture]]:
    """The pictures below a folder, as press photos, each with its name.

    leave_out  names of what is no photograph, or the same one under another name
    """
    largest: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.suffix.lower() not in _ENDINGS or leave_out.search(name) or not path.is_file():
            continue
        is_size = _SIZE_ONLY.match(path.stem)
        key = str(path.parent) if is_size else _SIZE_IN_NAME.sub("", str(path.with_suffix("")))
        if key not in largest or path.stat().st_size > largest[key].stat().st_size:
            largest[key] = path
    for key, path in sorted(largest.items()):
        with Image.open(path) as image:
            if min(image.size) < _LEAST_PX:
                continue
            image.draft("RGB", (PRESS_PX, PRESS_PX))
            picture = image.convert("RGBA" if image.has_transparency_data else "RGB")
        picture.thumbnail((PRESS_PX, PRESS_PX))
        if picture.mode == "RGBA":
            picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
        yield str(Path(key).relative_to(folder)), picture.convert("RGB")


def written(
    picture: Picture, quality: int = 80, kind: str = "JPEG", *, progressive: bool = False
) -> bytes:
    """The picture as a file."""
    file = io.BytesIO()
    picture.convert("RGB").save(file, kind, quality=quality, progressive=progressive)
    return file.getvalue()


def _resized(width: int) -> Callable[[Picture], Picture]:
    return lambda p: p.resize((width, round(p.height * width / p.width)))


def _cropped(left: float, top: float, right: float, bottom: float) -> Callable[[Picture], Picture]:
    """Cut so much, in parts of the picture, from each side."""
    return lambda p: p.crop(
        (
            round(p.width * left),
            round(p.height * top),
            round(p.width * (1 - right)),
            round(p.height * (1 - bottom)),
        )
    )


def _labelled(picture: Picture, words: str, place: tuple[float, float], share: float) -> Picture:
    """Words on a dark plate."""
    own = picture.copy()
    draw = ImageDraw.Draw(own)
    font = ImageFont.load_default(size=max(10, own.height * share))
    x, y = own.width * place[0], own.height * place[1]
    box = draw.textbbox((x, y), words, font=font)
    draw.rectangle((box[0] - 8, box[1] - 6, box[2] + 8, box[3] + 6), fill=(170, 20, 30))
    draw.text((x, y), words, fill="white", font=font)
    return own


def _logo(picture: Picture) -> Picture:
    return _labelled(picture, "NÜMUNƏ.AZ", (0.74, 0.04), 0.06)


def _watermark(picture: Picture) -> Picture:
    layer = Image.new("RGBA", picture.size)
    font = ImageFont.load_default(size=picture.height * 0.16)
    ImageDraw.Draw(layer).text(
        (picture.width * 0.08, picture.height * 0.4), "NÜMUNƏ", fill=(255, 255, 255, 96), font=font
    )
    return Image.alpha_composite(picture.convert("RGBA"), layer)


def _banner(picture: Picture) -> Picture:
    own = picture.copy()
    top = round(own.height * 0.85)
    ImageDraw.Draw(own).rectangle((0, top, own.width, own.height), fill=(15, 60, 140))
    return _labelled(own, "Son xəbər: şəhərdə yeni park açıldı", (0.04, 0.88), 0.055)


def _strip_below(picture: Picture) -> Picture:
    own = Image.new("RGB", (picture.width, round(picture.height * 1.14)), "white")
    own.paste(picture)
    font = ImageFont.load_default(size=picture.height * 0.05)
    ImageDraw.Draw(own).text(
        (20, picture.height * 1.03), "Foto: nümunə arxivi", fill="black", font=font
    )
    return own


def _text_over(picture: Picture) -> Picture:
    own = ImageEnhance.Brightness(picture).enhance(0.75)
    font = ImageFont.load_default(size=own.height * 0.09)
    ImageDraw.Draw(own).multiline_text(
        (own.width * 0.06, own.height * 0.55),
        "Bakıda yeni metro\nstansiyası açıldı",
        fill="white",
        font=font,
    )
    return own


def _letterbox(picture: Picture) -> Picture:
    own = Image.new("RGB", (picture.width, round(picture.height * 1.25)))
    own.paste(picture, (0, round(picture.height * 0.125)))
    return own


def _gamma(power: float) -> Callable[[Picture], Picture]:
    table = [round(255 * (value / 255) ** power) for value in range(256)] * 3
    return lambda p: p.point(table)


def _turned(degrees: float) -> Callable[[Picture], Picture]:
    return lambda p: p.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=(0, 0, 0))


def _perspective(picture: Picture) -> Picture:
    w, h = picture.size
    corners = (0.04 * w, 0.03 * h, 0, h, w, 0.95 * h, 0.97 * w, 0)
    return picture.transform(picture.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)


def _collage(picture: Picture) -> Picture:
    """The picture beside another one, which is made up."""
    w, h = picture.size
    own = Image.new("RGB", (2 * w, h), (90, 110, 60))
    own.paste(picture)
    draw = ImageDraw.Draw(own)
    for at in range(12):
        x, y = w + at * 37 % w, at * 91 % h
        draw.ellipse((x, y, x + w * 0.3, y + h * 0.4), fill=(20 * at, 255 - 15 * at, 80))
    return own


def _screenshot(picture: Picture) -> Picture:
    """The picture within a page: a bar above, words beside and below."""
    w, h = picture.size
    own = Image.new("RGB", (round(w * 1.3), round(h * 1.5)), "white")
    draw = ImageDraw.Draw(own)
    draw.rectangle((0, 0, own.width, h * 0.12), fill=(30, 40, 60))
    own.paste(picture, (round(w * 0.05), round(h * 0.2)))
    for line in range(12):
        draw.rectangle(
            (w * 1.08, h * (0.2 + 0.1 * line), w * 1.26, h * (0.23 + 0.1 * line)), "grey"
        )
    return own


def _sharpened(picture: Picture) -> Picture:
    return picture.filter(ImageFilter.UnsharpMask(3, 180))


def _border(picture: Picture) -> Picture:
    return ImageOps.expand(picture, round(picture.width * 0.03), "white")


# Those that the hash has views for, or that leave the picture where it is.
EXPECTED: dict[str, Callable[[Picture], Picture]] = {
    "640 px wide": _resized(640),
    "300 px wide": _resized(300),
    "150 px wide": _resized(150),
    "crop 5 % centre": _cropped(0.025, 0.025, 0.025, 0.025),
    "crop 10 % centre": _cropped(0.05, 0.05, 0.05, 0.05),
    "crop 10 % corner": _cropped(0, 0, 0.1, 0.1),
    "crop 10 % side": _cropped(0.1, 0, 0, 0),
    "crop 20 % centre": _cropped(0.1, 0.1, 0.1, 0.1),
    "crop 20 % corner": _cropped(0.2, 0, 0, 0.2),
    "crop 20 % side": _cropped(0, 0, 0.2, 0),
    "crop 30 % centre": _cropped(0.15, 0.15, 0.15, 0.15),
    "square": lambda p: ImageOps.fit(p, (min(p.size), min(p.size))),
    "without the bottom 15 %": _cropped(0, 0, 0, 0.15),
    "logo": _logo,
    "watermark": _watermark,
    "banner over the bottom": _banner,
    "caption strip below": _strip_below,
    "letterbox": _letterbox,
    "mirrored": ImageOps.mirror,
    "grey": lambda p: p.convert("L"),
    "brighter": lambda p: ImageEnhance.Brightness(p).enhance(1.35),
    "gamma 0.6": _gamma(0.6),
    "sharpened": _sharpened,
    "border 3 %": _border,
    "words over": _text_over,
}
# Those that nothing was made for.
UNEXPECTED: dict[str, Callable[[Picture], Picture]] = {
    "turned 3°": _turned(3),
    "perspective": _perspective,
    "collage of two": _collage,
    "crop off the grid": _cropped(0.13, 0.04, 0.02, 0.11),
    "crop 30 % corner": _cropped(0.3, 0, 0, 0.3),
    "in a screenshot": _screenshot,
    "stretched by 15 %": lambda p: p.resize((round(p.width * 1.15), p.height)),
    "logo and mirrored": lambda p: _logo(ImageOps.mirror(p)),
    "300 px wide of a crop": lambda p: _resized(300)(_cropped(0.05, 0.08, 0.05, 0.02)(p)),
}


def reuses(picture: Picture) -> Iterator[tuple[str, bytes]]:
    """What became of one photograph, each with its transformation's name."""
    yield "JPEG quality 30", written(picture, quality=30)
    yield "JPEG quality 60", written(picture, quality=60)
    yield "WebP", written(picture, quality=60, kind="WEBP")
    for name, change in (EXPECTED | UNEXPECTED).items():
        yield name, written(change(picture))
