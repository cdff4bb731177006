from __future__ import annotations

import struct

import numpy as np
import pytest

from models.errors import DamagedImageError, UnknownFormatError
from models.images.decode import decode
from tests.models.images.samples import tim2

CSM2, GROUPED = 0x80, 0x40


def ramp(count: int) -> bytes:
    """A 32-bit palette whose n-th stored colour is (n, 255 - n, 7), opaque."""
    return b"".join(bytes([index, 255 - index, 7, 0x80]) for index in range(count))


def test_an_8_bit_palette_is_put_in_order() -> None:
    picture = decode(tim2(16, 16, bytes(range(256)), 5, ramp(256), 3, 256), "wall.tm2")
    stored = picture.pixels[..., 0].reshape(-1).tolist()
    # In each 32, entries 8-15 and 16-23 stand in each other's place.
    assert stored[:32] == [*range(8), *range(16, 24), *range(8, 16), *range(24, 32)]
    assert stored[232:248] == [*range(240, 248), *range(232, 240)]
    assert sorted(stored) == list(range(256))
    assert (picture.format, picture.channels, picture.bits) == ("TIM2, 8-bit palette", 4, 8)
    assert not picture.has_alpha


def test_an_8_bit_palette_stored_in_plain_order() -> None:
    picture = decode(tim2(16, 16, bytes(range(256)), 5, ramp(256), 3 | CSM2, 256), "a")
    assert picture.pixels[..., 0].reshape(-1).tolist() == list(range(256))


def test_of_two_4_bit_pixels_the_low_half_comes_first() -> None:
    picture = decode(tim2(4, 2, b"\x10\x32\x54\xfe", 4, ramp(16), 3, 16), "a")
    assert picture.pixels[..., 0].tolist() == [[0, 1, 2, 3], [4, 5, 14, 15]]
    assert picture.format == "TIM2, 4-bit palette"


def test_4_bit_rows_of_odd_width_follow_without_a_gap() -> None:
    picture = decode(tim2(3, 3, b"\x10\x32\x54\x76\x08", 4, ramp(16), 3, 16), "a")
    assert picture.pixels[..., 0].tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]


def test_grouped_16_colour_palettes_share_a_grid() -> None:
    """With the flag, colours 8-15 of the first palette stand 16 entries on."""
    picture = decode(
        tim2(4, 4, bytes([0x10, 0x32, 0x54, 0x76, 0x98, 0xBA, 0xDC, 0xFE]), 4, ramp(32), 3 | GROUPED, 32), "a"
    )
    assert picture.pixels[..., 0].reshape(-1).tolist() == [*range(8), *range(16, 24)]


@pytest.mark.parametrize(("stored", "seen"), [(0, 0), (1, 2), (64, 128), (127, 253), (128, 255), (255, 255)])
def test_alpha_128_is_opaque(stored: int, seen: int) -> None:
    image = bytes([9, 8, 7, stored]) + bytes([1, 2, 3, 0x40])
    picture = decode(tim2(2, 1, image, 3), "a")
    assert picture.pixels.tolist() == [[[9, 8, 7, seen], [1, 2, 3, 128]]]
    assert picture.format == "TIM2, 32-bit"


def test_alpha_that_was_never_filled_in_is_dropped() -> None:
    picture = decode(tim2(2, 1, bytes([9, 8, 7, 0, 6, 5, 4, 0]), 3), "a")
    assert picture.pixels.tolist() == [[[9, 8, 7], [6, 5, 4]]]


def test_24_bit_pixels() -> None:
    picture = decode(tim2(2, 2, bytes(range(1, 13)), 2), "a")
    assert picture.pixels.tolist() == [[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]]
    assert (picture.format, picture.channels) == ("TIM2, 24-bit", 3)


def test_16_bit_pixels_have_red_lowest_and_alpha_highest() -> None:
    image = struct.pack("<4H", 0x801F, 0x83E0, 0xFC00, 0x0010)
    picture = decode(tim2(2, 2, image, 1), "a")
    assert picture.pixels.tolist() == [[[255, 0, 0, 255], [0, 255, 0, 255]], [[0, 0, 255, 255], [132, 0, 0, 0]]]


@pytest.mark.parametrize(
    ("kind", "entry", "seen"),
    [(1, b"\x1f\x80", [255, 0, 0]), (2, b"\x05\x06\x07", [5, 6, 7]), (3, b"\x05\x06\x07\x80", [5, 6, 7])],
)
def test_palettes_of_every_depth(kind: int, entry: bytes, seen: list[int]) -> None:
    picture = decode(tim2(8, 4, bytes(32), 5, entry * 256, kind, 256), "a")
    assert (picture.pixels == seen).all()
    assert picture.channels == (3 if kind == 2 else 4)


def test_a_short_palette_leaves_the_rest_empty() -> None:
    picture = decode(tim2(2, 1, bytes([3, 200]), 5, ramp(16), 3, 16), "a")
    assert picture.pixels.tolist() == [[[3, 252, 7, 255], [0, 0, 0, 0]]]


@pytest.mark.parametrize("align", [16, 128])
@pytest.mark.parametrize("pictures", [1, 3])
def test_the_first_picture_wherever_the_header_puts_it(align: int, pictures: int) -> None:
    levels = [bytes([50] * 16), bytes([90] * 4)]
    content = tim2(8, 8, bytes(range(64)), 5, ramp(256), 3 | CSM2, 256, align=align, pictures=pictures, mipmaps=levels)
    picture = decode(content, "a")
    assert picture.pixels[..., 0].reshape(-1).tolist() == list(range(64))


@pytest.mark.parametrize("kept", [4, 15, 16, 40, 63, 100, 64 + 255, 64 + 256 + 1023])
def test_a_cut_off_file_is_damaged(kept: int) -> None:
    content = tim2(16, 16, bytes(256), 5, ramp(256), 3, 256)
    assert len(content) == 64 + 256 + 1024
    with pytest.raises(DamagedImageError, match=r"^wall\.tm2 is a TIM2 that is cut off"):
        decode(content[:kept], "wall.tm2")


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (tim2(4, 4, bytes(64), 9), "image type 9"),
        (tim2(4, 4, bytes(64), 5, bytes(64), 0, 16), "palette type 0"),
        (tim2(4, 4, bytes(64), 3, pictures=0), "no picture"),
    ],
)
def test_a_variant_that_is_not_read_says_so(content: bytes, named: str) -> None:
    with pytest.raises(UnknownFormatError, match=named):
        decode(content + bytes(64), "wall.tm2")


def test_level_0_is_as_large_as_pixels_say() -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (64, 32, 3), np.uint8)
    np.testing.assert_array_equal(decode(tim2(32, 64, pixels.tobytes(), 2), "a").pixels, pixels)
