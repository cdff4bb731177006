from __future__ import annotations

import struct
from pathlib import Path

import pytest

from models.images.formats import FORMATS, SNIFF_BYTES, sniff, unknown
from tests.models.images.samples import every_format, gradient, saved

EXPECTED = {"png": "PNG", "jpeg": "JPEG", "tga": "TGA", "bmp": "BMP", "webp": "WebP", "tiff": "TIFF", "gif": "GIF"}
EXPECTED |= {"dds": "DDS", "tim2": "TIM2"}


@pytest.mark.parametrize(("variant", "content"), every_format().items())
def test_every_format_is_known_by_its_content(variant: str, content: bytes) -> None:
    found = sniff(content[:SNIFF_BYTES], "no-extension")
    assert found == EXPECTED[variant.partition("_")[0]]
    assert found in FORMATS


def test_every_real_texture_is_known_without_its_name(data: Path) -> None:
    suffixes = {".png": "PNG", ".jpg": "JPEG", ".tga": "TGA", ".dds": "DDS"}
    pictures = [path for path in (data / "textures").rglob("*") if path.suffix in suffixes]
    assert len(pictures) == 1160
    for path in pictures:
        with path.open("rb") as file:
            assert sniff(file.read(SNIFF_BYTES), "") == suffixes[path.suffix], path


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"B",
        b"BM",
        b"BMW is a maker of cars, and this is a sentence about it.",
        b"\x89PNG",
        b"RIFF\0\0\0\0WAVEfmt ",
        b"TIM\x10\0\0\0\x02",
        b"DDS is a name for a dentist in some countries",
        bytes(64),
        b"\0\0\x01\0\x01\0\x20\x20\0\0\x01\0\x20\0\0\0\0\0\0\0",  # an icon
        b"\0\0\x02\0\x01\0\x20\x20\0\0\x08\0\x08\0\0\0\0\0\0\0",  # a mouse pointer
        b"\0\0\x01\xba\x21\0\x01\0\x01\x80\x02\x01\0\0\x01\xbb\0\0",  # a film
        b"\0\x01\0\0\0\x0c\0\x80\0\x03\0\x40OS/2",  # a font
    ],
)
def test_what_is_no_picture_is_not_taken_for_one(head: bytes) -> None:
    assert sniff(head, "a.png") is None


def test_a_name_alone_makes_no_tga() -> None:
    assert sniff(b"just some text, long enough for a header", "wall.tga") is None
    assert sniff(bytes(64), "wall.tga") is None


def test_an_unusual_tga_header_is_believed_only_with_the_name() -> None:
    head = struct.pack("<BBBHHBHHHHBB", 0, 0, 2, 0, 0, 24, 0, 0, 64, 64, 24, 0) + bytes(46)
    assert sniff(head, "wall.tga") == "TGA"
    assert sniff(head, "wall.dat") is None


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"hello\nworld\n", "holds text, not a picture"),
        ("Gr\u00fc\u00dfe, \u4e16\u754c".encode(), "holds text"),
        ("\u4e16\u754c".encode()[:-1], "holds text"),
        ("Gr\u00fc\u00dfe aus dem alten K\u00f6ln".encode("latin-1"), "holds text"),
        ("\ufefftext".encode("utf-16"), "holds text"),
        (b"PK\x03\x04" + bytes(20), "zip archive"),
        (b"%PDF-1.7", "PDF"),
        (b"\0\0\0\x18ftypheic", "HEIC"),
        (b"\0\0\0\x18ftypisom", "film"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", "SVG"),
        (b"\x7fELF\x02\x01", "program"),
        (bytes(64), "is not a picture"),
        (b"\xff\xd8", "is not a picture"),
    ],
)
def test_the_sentence_says_what_the_file_holds(head: bytes, words: str) -> None:
    sentence = str(unknown(head, "wall.png"))
    assert sentence.startswith("wall.png ")
    assert words in sentence
    assert sentence.count("\n") == 0


def test_sniffing_needs_no_more_than_it_asks_for() -> None:
    content = saved(gradient(300, 200), "TGA")
    assert sniff(content[:SNIFF_BYTES], "") == sniff(content, "") == "TGA"
