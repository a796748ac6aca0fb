"""The words in a photo's file."""

import io

from PIL import Image

from archive.photo_hash import opened
from archive.photo_words import PhotoWords, read_photo_words
from tests.archive.test_photo_hash import file_of
from tests.archive.test_photo_hash import opened as drawn


def words_of(body: bytes) -> PhotoWords:
    with opened(body) as image:
        return read_photo_words(image)


def iptc(*fields: tuple[int, str]) -> bytes:
    """A JPEG with fields of IPTC's second record, as Photoshop writes them."""
    block = b"".join(
        b"\x1c\x02" + bytes([tag]) + len(value.encode()).to_bytes(2) + value.encode()
        for tag, value in fields
    )
    block += b"\0" * (len(block) % 2)
    resource = b"8BIM\x04\x04\0\0" + len(block).to_bytes(4) + block
    segment = b"Photoshop 3.0\0" + resource
    plain = file_of(drawn("park"))
    return plain[:2] + b"\xff\xed" + (len(segment) + 2).to_bytes(2) + segment + plain[2:]


def test_exif_says_who_took_a_picture_and_what_it_shows() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Şəhər parkı".encode()
    exif[0x013B] = "Nümunə Agentliyi".encode()
    exif[0x8298] = "nümunə agentliyi".encode()

    found = words_of(file_of(drawn("park"), exif=exif))

    assert found.caption == "Şəhər parkı"
    assert found.credit == "Nümunə Agentliyi"


def test_iptc_says_it_too() -> None:
    found = words_of(
        iptc((120, "Bulvar axşam"), (80, "Nümunə Agentliyi"), (110, "Nümunə Agentliyi"))
    )

    assert found == PhotoWords(caption="Bulvar axşam", credit="Nümunə Agentliyi")


def test_what_a_camera_writes_by_itself_is_no_caption() -> None:
    exif = Image.Exif()
    exif[0x010E] = "OLYMPUS DIGITAL CAMERA         "

    assert words_of(file_of(drawn("park"), exif=exif)) == PhotoWords()


def test_a_file_without_words_says_nothing() -> None:
    body = io.BytesIO()
    Image.new("RGB", (20, 20)).save(body, "PNG")

    assert words_of(body.getvalue()) == PhotoWords()
