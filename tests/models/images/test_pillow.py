"""What the formats that Pillow reads need beside Pillow; most of it is TGA."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from PIL import Image

from models.errors import DamagedImageError
from models.images.decode import decode
from models.images.pillow import STRIP
from tests.models.images.samples import every_format, gradient, saved


def tga(
    width: int, height: int, kind: int, depth: int, content: bytes, *, descriptor: int = 0x20, palette: bytes = b"",
    entry_bits: int = 0, note: bytes = b"",
) -> bytes:  # fmt: skip
    """A TGA whose rows run from the top unless ``descriptor`` says otherwise."""
    colours = len(palette) // max((entry_bits + 7) // 8, 1)
    head = struct.pack("<BBBHHB", len(note), int(colours > 0), kind, 0, colours, entry_bits)
    return head + struct.pack("<HHHHBB", 0, 0, width, height, depth, descriptor) + note + palette + content


@pytest.mark.parametrize(
    ("origin", "seen"), [(0x20, [1, 2, 3, 4]), (0x00, [3, 4, 1, 2]), (0x30, [2, 1, 4, 3]), (0x10, [4, 3, 2, 1])]
)
def test_a_tga_may_start_in_any_corner(origin: int, seen: list[int]) -> None:
    picture = decode(tga(2, 2, 3, 8, bytes([1, 2, 3, 4]), descriptor=origin), "a.tga")
    assert picture.pixels[..., 0].reshape(-1).tolist() == seen
    assert picture.channels == 1


def test_a_tga_of_a_single_pixel() -> None:
    picture = decode(tga(1, 1, 2, 32, b"\x03\x02\x01\x80", descriptor=0x28), "a.tga")
    assert picture.pixels.tolist() == [[[1, 2, 3, 128]]]


@pytest.mark.parametrize("descriptor", [0x20, 0x28])
def test_a_tga_whose_alpha_was_never_filled_in_is_opaque(descriptor: int) -> None:
    picture = decode(tga(2, 1, 2, 32, b"\x03\x02\x01\0\x06\x05\x04\0", descriptor=descriptor), "a.tga")
    assert picture.pixels.tolist() == [[[1, 2, 3], [4, 5, 6]]]


@pytest.mark.parametrize("depth", [15, 16])
def test_a_tga_of_five_bits_a_colour(depth: int) -> None:
    content = struct.pack("<3H", 0x7C00, 0x83E0, 0x001F)
    picture = decode(tga(3, 1, 2, depth, content), "a.tga")
    assert picture.pixels.tolist() == [[[255, 0, 0], [0, 255, 0], [0, 0, 255]]]
    assert picture.channels == 3


def test_a_tga_of_five_bits_a_colour_and_one_of_alpha() -> None:
    picture = decode(tga(2, 1, 2, 16, struct.pack("<2H", 0x7C00, 0x83E0), descriptor=0x21), "a.tga")
    assert picture.pixels.tolist() == [[[255, 0, 0, 0], [0, 255, 0, 255]]]
    assert picture.channels == 4


@pytest.mark.parametrize(
    ("entry_bits", "palette"),
    [
        (15, struct.pack("<2H", 0x7C00, 0x001F)),
        (16, struct.pack("<2H", 0x7C00, 0x801F)),
        (24, b"\0\0\xff\xff\0\0"),
        (32, b"\0\0\xff\xff\xff\0\0\xff"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_a_tga_with_a_palette_of_every_depth(entry_bits: int, palette: bytes, packed: bool) -> None:
    content, kind = (b"\x80\1\x81\0", 9) if packed else (b"\1\0\0", 1)
    picture = decode(tga(3, 1, kind, 8, content, palette=palette, entry_bits=entry_bits, note=b"by hand"), "a.tga")
    assert picture.pixels.tolist() == [[[0, 0, 255], [255, 0, 0], [255, 0, 0]]]


def test_packed_and_plain_tga_are_the_same() -> None:
    samples = every_format()
    np.testing.assert_array_equal(decode(samples["tga_rle"], "a").pixels, gradient())
    np.testing.assert_array_equal(decode(samples["tga"], "a").pixels, gradient(channels=4))


@pytest.mark.parametrize("variant", ["webp", "webp_lossy"])
def test_a_webp_is_measured_before_it_is_opened(variant: str) -> None:
    content = every_format()[variant]
    with pytest.raises(DamagedImageError, match=r"^a is a WebP that is cut off"):
        decode(content[:24], "a")
    picture = decode(content, "a")
    assert (picture.width, picture.height) == (24, 16)


def test_an_extended_webp_states_its_size_elsewhere() -> None:
    flat = every_format()["webp_lossy"]
    canvas = b"VP8X" + struct.pack("<IIHBHB", 10, 0, 24 - 1, 0, 16 - 1, 0)
    extended = b"RIFF" + struct.pack("<I", len(flat) - 8 + len(canvas)) + b"WEBP" + canvas + flat[12:]
    np.testing.assert_array_equal(decode(extended, "a").pixels, decode(flat, "a").pixels)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "I;16"])
def test_a_picture_of_many_strips_is_whole(mode: str) -> None:
    pixels = gradient(1700, 2600, 4)
    image = Image.fromarray(pixels).convert(mode if mode != "I;16" else "L")
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image).astype(np.uint16) << 8)
    assert image.width * image.height > 2 * STRIP
    expected = image.convert("RGBA" if mode == "RGBA" else "RGB") if mode != "I;16" else image
    picture = decode(saved(image, "TIFF"), "a.tif")
    if mode == "I;16":
        np.testing.assert_array_equal(picture.pixels[..., 1], np.asarray(expected) >> 8)
    else:
        np.testing.assert_array_equal(picture.pixels, np.asarray(expected))
