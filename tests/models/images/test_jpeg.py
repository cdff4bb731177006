from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from models.errors import DamagedImageError
from models.images.decode import decode
from models.images.jpeg import read_header
from models.images.orientation import SWAPPED
from tests.models.images.samples import gradient, saved

FLAT = {"quality": 95, "subsampling": 0}
CORNERS = {1: (0, 0), 2: (0, -1), 3: (-1, -1), 4: (-1, 0), 5: (0, 0), 6: (0, -1), 7: (-1, -1), 8: (-1, 0)}
"""Orientation -> where the stored top left corner is seen (CIPA DC-008, figure of tag 0x0112)."""


def turned(orientation: int, **options: object) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(gradient(48, 32), "JPEG", exif=exif, **FLAT, **options)


@pytest.mark.parametrize("orientation", CORNERS)
@pytest.mark.parametrize("max_side", [None, 16])
def test_a_turned_photo_stands_upright(orientation: int, max_side: int | None) -> None:
    picture = decode(turned(orientation), "photo.jpg", max_side=max_side)
    assert (picture.width, picture.height) == ((32, 48) if orientation in SWAPPED else (48, 32))
    height, width = picture.pixels.shape[:2]
    assert (width > height) == (picture.width > picture.height)
    # The stored top left corner is the darkest in red and green.
    darkness = picture.pixels[..., :2].sum(axis=2, dtype=int)
    row, column = CORNERS[orientation]
    assert darkness[row, column] == pytest.approx(darkness.min(), abs=12)
    # Red grows down the stored rows, so across the picture once it is turned by a quarter.
    across = picture.pixels[height // 2, :, 0].astype(int)
    down = picture.pixels[:, width // 2, 0].astype(int)
    along, still = (across, down) if orientation in SWAPPED else (down, across)
    assert np.ptp(along) > 180
    assert np.ptp(still) < 30


@pytest.mark.parametrize("orientation", CORNERS)
def test_png_and_webp_and_tiff_stand_upright_like_jpeg(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright = decode(turned(orientation), "a").pixels.astype(int)
    for kind in ("PNG", "WEBP", "TIFF"):
        picture = decode(saved(gradient(48, 32), kind, exif=exif, lossless=True), "a")
        assert picture.pixels.shape == upright.shape, kind
        assert np.abs(picture.pixels - upright).max() < 12, kind
        assert (picture.height, picture.width) == upright.shape[:2], kind


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_changes_nothing(value: int) -> None:
    assert decode(turned(value), "a").pixels.shape == (32, 48, 3)


def test_broken_exif_costs_the_orientation_not_the_picture() -> None:
    content = turned(6)
    start = content.index(b"Exif\0\0") + 6
    broken = content[:start] + b"XX" + content[start + 2 :]
    assert decode(broken, "a").pixels.shape == (32, 48, 3)


def test_colour_and_grey_stay_close_to_what_was_saved() -> None:
    pixels = gradient(48, 32)
    colour = decode(saved(pixels, "JPEG", **FLAT), "a")
    assert np.abs(colour.pixels.astype(int) - pixels).mean() < 2
    assert (colour.channels, colour.format) == (3, "JPEG")
    grey = decode(saved(pixels[..., 0], "JPEG", **FLAT), "a")
    assert np.abs(grey.pixels[..., 2].astype(int) - pixels[..., 0]).mean() < 2
    assert grey.channels == 1


def test_cmyk_keeps_its_colours() -> None:
    picture = decode(saved(Image.new("CMYK", (16, 16), (0, 255, 255, 0)), "JPEG", **FLAT), "print.jpg")
    red, green, blue = picture.pixels[8, 8].tolist()
    assert red > 240
    assert max(green, blue) < 15
    assert picture.channels == 4


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("size", [(1000, 700), (700, 1000), (640, 640), (448, 900), (447, 900), (30, 2000)])
@pytest.mark.parametrize("max_side", [1, 112, 224, 448])
def test_reduced_no_further_than_asked(mode: str, size: tuple[int, int], max_side: int) -> None:
    content = saved(Image.new(mode, size, "white" if mode != "CMYK" else (0, 0, 0, 0)), "JPEG")
    picture = decode(content, "a", max_side=max_side)
    shorter = min(picture.pixels.shape[:2])
    assert shorter >= min(max_side, *size)
    assert shorter <= 2 * max_side or shorter == min(size) or shorter == -(-min(size) // 8)
    assert (picture.width, picture.height) == size


def test_progressive_reads_like_baseline() -> None:
    pixels = gradient(48, 32)
    baseline = decode(saved(pixels, "JPEG", **FLAT), "a").pixels
    progressive = decode(saved(pixels, "JPEG", progressive=True, **FLAT), "a").pixels
    np.testing.assert_array_equal(baseline, progressive)


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("mode", ["RGB", "CMYK"])
def test_a_cut_off_file_is_damaged_not_half_grey(mode: str, progressive: bool) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (96, 128, 3), np.uint8)
    content = saved(Image.fromarray(noise).convert(mode), "JPEG", progressive=progressive)
    for kept in range(20, len(content) - 400, len(content) // 40):
        with pytest.raises(DamagedImageError, match=r"^photo\.jpg is a JPEG that is cut off or broken"):
            decode(content[:kept], "photo.jpg")


def test_a_thumbnail_inside_does_not_hide_the_cut() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (96, 128, 3), np.uint8)
    thumbnail = saved(noise[:24, :32], "JPEG")
    content = saved(noise, "JPEG", comment=thumbnail)
    assert decode(content, "a").width == 128
    with pytest.raises(DamagedImageError):
        decode(content[: len(content) * 2 // 3], "a")


def test_a_careless_writer_who_left_out_the_end_is_forgiven() -> None:
    content = saved(gradient(48, 32), "JPEG", **FLAT)
    assert content.endswith(b"\xff\xd9")
    whole, careless = decode(content, "a"), decode(content[:-2] + bytes(16), "a")
    np.testing.assert_allclose(careless.pixels.astype(int), whole.pixels, atol=2)


def test_the_header_walk_skips_fill_bytes_and_stops_at_nonsense() -> None:
    content = saved(gradient(48, 32), "JPEG")
    header = read_header(content[:2] + b"\xff\xff" + content[2:])
    assert header is not None
    assert (header.width, header.height, header.components, header.bits) == (48, 32, 3, 8)
    assert read_header(content[:2] + b"no" + content[2:]) is None
    assert read_header(content[:100]) is None
    assert read_header(b"\xff\xd8\xff\xe0\0\0") is None
