from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from models.errors import DamagedImageError, UnknownFormatError
from models.images.decode import decode
from tests.models.images.samples import dds, gradient, saved

RED_565, BLUE_565 = 0xF800, 0x001F


def bc1_block(first: int, second: int, indices: int) -> bytes:
    """Two 5:6:5 colours and 16 two-bit indices, the first pixel lowest."""
    return struct.pack("<HHI", first, second, indices)


def bc4_block(first: int, second: int, indices: int) -> bytes:
    return bytes([first, second]) + indices.to_bytes(6, "little")


def bc7_solid(red: int, green: int, blue: int, alpha: int) -> bytes:
    """Mode 6: both end points the same odd colour, all indices 0 (Khronos Data Format 1.3, BPTC)."""
    bits, at = 1 << 6, 7
    for channel in (red, green, blue, alpha):
        for _ in range(2):
            bits |= (channel >> 1) << at
            at += 7
    return (bits | 3 << at).to_bytes(16, "little")


def bc6h_solid(red: int, green: int, blue: int) -> bytes:
    """Mode 11: one region, 10-bit end points, both the same (Khronos Data Format 1.3, BPTC float)."""
    bits, at = 0b00011, 5
    for channel in (red, green, blue, red, green, blue):
        bits |= channel << at
        at += 10
    return bits.to_bytes(16, "little")


def test_dxt1_blocks_have_the_known_four_colours() -> None:
    picture = decode(dds(4, 4, bc1_block(RED_565, BLUE_565, 0b11_10_01_00), fourcc=b"DXT1"), "a.dds")
    np.testing.assert_allclose(
        picture.pixels[0].astype(int), [[255, 0, 0], [0, 0, 255], [170, 0, 85], [85, 0, 170]], atol=1
    )
    assert (picture.format, picture.channels, picture.bits) == ("DDS, DXT1", 3, 8)


def test_dxt1_with_its_transparent_colour() -> None:
    picture = decode(dds(4, 4, bc1_block(BLUE_565, RED_565, 0b11), fourcc=b"DXT1"), "a.dds")
    assert picture.pixels[0, 0, 3] == 0
    assert picture.pixels[0, 1].tolist() == [0, 0, 255, 255]
    assert picture.channels == 4


@pytest.mark.parametrize(("code", "shown"), [("DXT3", "DXT3"), ("DXT5", "DXT5"), ("BC2", "DXT3"), ("BC3", "DXT5")])
def test_what_pillow_packs_comes_back(code: str, shown: str) -> None:
    pixels = gradient(160, 96, 4)
    picture = decode(saved(pixels, "DDS", pixel_format=code), "a.dds")
    assert picture.format == f"DDS, {shown}"
    assert np.abs(picture.pixels[..., :3].astype(int) - pixels[..., :3]).mean() < 4
    assert picture.channels == 4


def test_dxt3_alpha_is_four_bits_a_pixel() -> None:
    block = bytes([0x10, 0x32, 0x54, 0x76, 0x98, 0xBA, 0xDC, 0xFE]) + bc1_block(RED_565, RED_565, 0)
    for picture in (decode(dds(4, 4, block, fourcc=b"DXT3"), "a"), decode(dds(4, 4, block, dxgi=75), "a")):
        assert picture.pixels[..., 3].reshape(-1).tolist() == [17 * step for step in range(16)]
        assert (picture.pixels[..., :3] == [255, 0, 0]).all()


def test_dxt5_alpha_runs_between_two_ends() -> None:
    block = bc4_block(240, 16, 0o76543210) + bc1_block(RED_565, RED_565, 0)
    picture = decode(dds(4, 4, block, fourcc=b"DXT5"), "a")
    assert picture.pixels[..., 3].reshape(-1)[:8].tolist() == [240, 16, 208, 176, 144, 112, 80, 48]


@pytest.mark.parametrize("fourcc", [b"ATI1", b"BC4U"])
def test_bc4_is_grey(fourcc: bytes) -> None:
    picture = decode(dds(4, 4, bc4_block(200, 100, 0b001), fourcc=fourcc), "a.dds")
    assert picture.pixels[0, 0].tolist() == [100, 100, 100]
    assert picture.pixels[3, 3].tolist() == [200, 200, 200]
    assert (picture.format, picture.channels) == ("DDS, BC4", 1)


def test_bc5_is_two_channels() -> None:
    content = bc4_block(200, 100, 0) + bc4_block(30, 20, 0)
    for picture in (
        decode(dds(4, 4, content, fourcc=b"ATI2"), "a"),
        decode(dds(4, 4, content, dxgi=83), "a"),
    ):
        assert picture.pixels[1, 1].tolist() == [200, 30, 0]
        assert picture.format == "DDS, BC5"


@pytest.mark.parametrize("dxgi", [97, 98, 99])
def test_bc7(dxgi: int) -> None:
    picture = decode(dds(8, 4, bc7_solid(11, 101, 201, 255) + bc7_solid(255, 1, 3, 77), dxgi=dxgi), "a")
    assert picture.pixels[0, 0].tolist() == [11, 101, 201, 255]
    assert picture.pixels[3, 7].tolist() == [255, 1, 3, 77]
    assert (picture.format, picture.channels) == ("DDS, BC7", 4)


def test_bc6h_is_clipped_at_white() -> None:
    # 462 stands for the half-precision number nearest 0.5, 1023 for the largest there is.
    picture = decode(dds(4, 4, bc6h_solid(1023, 462, 0), dxgi=95), "a")
    np.testing.assert_allclose(picture.pixels[2, 2].astype(int), [255, 128, 0], atol=1)
    assert (picture.format, picture.bits) == ("DDS, BC6H", 16)


@pytest.mark.parametrize(("plain", "srgb"), [(71, 72), (74, 75), (77, 78)])
def test_srgb_variants_store_the_same_bytes(plain: int, srgb: int) -> None:
    content = bytes(np.random.default_rng(plain).integers(0, 256, 64, np.uint8))
    first, second = decode(dds(8, 8, content, dxgi=plain), "a"), decode(dds(8, 8, content, dxgi=srgb), "a")
    np.testing.assert_array_equal(first.pixels, second.pixels)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (5, 7), (3, 9), (13, 2)])
def test_sides_that_are_no_multiple_of_four(width: int, height: int) -> None:
    blocks = -(-width // 4) * -(-height // 4)
    picture = decode(dds(width, height, bc1_block(RED_565, RED_565, 0) * blocks, fourcc=b"DXT1"), "a")
    assert picture.pixels.shape == (height, width, 3)
    assert (picture.pixels == [255, 0, 0]).all()


PLAIN = [
    (
        "bgra",
        {"flags": 0x41, "bits": 32, "masks": (0xFF0000, 0xFF00, 0xFF, 0xFF000000)},
        b"\x03\x02\x01\x80",
        [1, 2, 3, 128],
    ),
    (
        "rgba",
        {"flags": 0x41, "bits": 32, "masks": (0xFF, 0xFF00, 0xFF0000, 0xFF000000)},
        b"\x01\x02\x03\x80",
        [1, 2, 3, 128],
    ),
    ("bgrx", {"flags": 0x40, "bits": 32, "masks": (0xFF0000, 0xFF00, 0xFF, 0)}, b"\x03\x02\x01\x80", [1, 2, 3]),
    ("bgr", {"flags": 0x40, "bits": 24, "masks": (0xFF0000, 0xFF00, 0xFF, 0)}, b"\x03\x02\x01", [1, 2, 3]),
    ("565", {"flags": 0x40, "bits": 16, "masks": (0xF800, 0x7E0, 0x1F, 0)}, struct.pack("<H", 0xF810), [255, 0, 132]),
    (
        "1555",
        {"flags": 0x41, "bits": 16, "masks": (0x7C00, 0x3E0, 0x1F, 0x8000)},
        struct.pack("<H", 0x03E0),
        [0, 255, 0, 0],
    ),
    (
        "4444",
        {"flags": 0x41, "bits": 16, "masks": (0xF00, 0xF0, 0xF, 0xF000)},
        struct.pack("<H", 0x8421),
        [68, 34, 17, 136],
    ),
    ("332", {"flags": 0x40, "bits": 8, "masks": (0xE0, 0x1C, 0x3, 0)}, b"\xe2", [255, 0, 170]),
    ("grey", {"flags": 0x20000, "bits": 8, "masks": (0xFF, 0, 0, 0)}, b"\x4d", [77, 77, 77]),
    ("grey 16", {"flags": 0x20000, "bits": 16, "masks": (0xFFFF, 0, 0, 0)}, b"\xff\x7f", [127, 127, 127]),
    ("grey alpha", {"flags": 0x20001, "bits": 16, "masks": (0xFF, 0, 0, 0xFF00)}, b"\x4d\x80", [77, 77, 77, 128]),
    ("dx10 rgba", {"dxgi": 28}, b"\x01\x02\x03\x80", [1, 2, 3, 128]),
    ("dx10 bgra", {"dxgi": 91}, b"\x03\x02\x01\x80", [1, 2, 3, 128]),
    ("dx10 bgrx", {"dxgi": 88}, b"\x03\x02\x01\x80", [1, 2, 3]),
    ("dx10 10-bit", {"dxgi": 24}, struct.pack("<I", 1023 | 512 << 10 | 1 << 30), [255, 128, 0, 85]),
    ("dx10 red", {"dxgi": 61}, b"\x4d", [77, 77, 77]),
    ("dx10 two", {"dxgi": 49}, b"\x4d\x08", [77, 8, 0]),
    ("dx10 565", {"dxgi": 85}, struct.pack("<H", 0x001F), [0, 0, 255]),
]


@pytest.mark.parametrize(("header", "pixel", "seen"), [case[1:] for case in PLAIN], ids=[case[0] for case in PLAIN])
def test_plain_pixels(header: dict[str, Any], pixel: bytes, seen: list[int]) -> None:
    picture = decode(dds(3, 2, pixel * 6, **header), "a.dds")
    assert picture.pixels.shape == (2, 3, len(seen))
    assert (picture.pixels == seen).all()


def test_plain_pixels_agree_with_pillow() -> None:
    pixels = gradient(700, 1600, 4)  # more than one band
    content = saved(pixels, "DDS")
    np.testing.assert_array_equal(decode(content, "a").pixels, pixels)


def test_real_textures_agree_with_pillow(data: Path) -> None:
    paths = sorted((data / "textures").rglob("*.dds"))[::10]
    assert len(paths) > 20
    for path in paths:
        with Image.open(path) as image:
            expected = np.asarray(image.convert("RGBA"))
        pixels = decode(path.read_bytes(), path.name).pixels
        np.testing.assert_array_equal(pixels, expected[..., : pixels.shape[2]])


@pytest.mark.parametrize(
    "content",
    [
        dds(8, 8, bytes(31), fourcc=b"DXT1"),
        dds(8, 8, bytes(63), fourcc=b"DXT5"),
        dds(8, 8, bytes(63), dxgi=98),
        dds(8, 8, bytes(255), flags=0x41, bits=32, masks=(255, 255 << 8, 255 << 16, 255 << 24)),
        dds(8, 8, b"", dxgi=98)[:140],
        dds(8, 8, b"", fourcc=b"DXT1")[:100],
        dds(0, 8, bytes(64), fourcc=b"DXT1"),
    ],
)
def test_a_cut_off_file_is_damaged(content: bytes) -> None:
    with pytest.raises(DamagedImageError, match=r"^wall\.dds is a DDS that is cut off"):
        decode(content, "wall.dds")


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (dds(8, 8, bytes(512), dxgi=10), "format number 10"),
        (dds(8, 8, bytes(512), fourcc=b"ETC2"), "ETC2"),
        (dds(8, 8, bytes(512), fourcc=b"\x71\0\0\0"), "number 71000000"),
        (dds(8, 8, bytes(512), flags=0x200, bits=16), "neither blocks nor plain"),
        (dds(8, 8, bytes(512), flags=0x40, bits=12), "neither blocks nor plain"),
    ],
)
def test_a_variant_that_is_not_read_says_so(content: bytes, named: str) -> None:
    with pytest.raises(UnknownFormatError, match=f"a kind this program does not read .*{named}"):
        decode(content, "wall.dds")
