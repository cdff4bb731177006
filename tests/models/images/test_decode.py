from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from PIL import Image

from models.errors import DamagedImageError, EmptyFileError, ImageTooLargeError, UnknownFormatError
from models.images.decode import DECODERS, REDUCERS, decode
from models.images.formats import FORMATS
from tests.models.images.samples import every_format, gradient, png_of_size, saved

LOSSLESS = ["PNG", "TGA", "BMP", "TIFF"]


def test_the_table_reads_exactly_the_formats_that_are_promised() -> None:
    assert tuple(DECODERS) == FORMATS
    assert set(REDUCERS) <= set(FORMATS)


@pytest.mark.parametrize(("variant", "content"), every_format().items())
def test_every_format_gives_a_whole_picture(variant: str, content: bytes) -> None:
    picture = decode(content, f"{variant}.bin")
    assert picture.pixels.dtype == np.uint8
    assert picture.pixels.shape[:2] == (picture.height, picture.width)
    assert picture.pixels.shape[2] in (3, 4)
    assert picture.pixels.flags.c_contiguous
    assert picture.channels in (1, 3, 4)
    assert picture.bits in (8, 16)
    assert picture.format.upper().startswith(variant.partition("_")[0].upper())


@pytest.mark.parametrize("kind", [*LOSSLESS, "WEBP"])
def test_colour_survives_exactly(kind: str) -> None:
    pixels = gradient(19, 13)
    picture = decode(saved(pixels, kind, lossless=True), "a")
    np.testing.assert_array_equal(picture.pixels, pixels)
    assert (picture.channels, picture.bits) == (3, 8)


@pytest.mark.parametrize("kind", ["PNG", "TGA", "TIFF", "WEBP", "DDS"])
def test_alpha_survives_exactly(kind: str) -> None:
    pixels = gradient(19, 13, 4)
    picture = decode(saved(pixels, kind, lossless=True, exact=True), "a")
    np.testing.assert_array_equal(picture.pixels, pixels)
    assert (picture.channels, picture.has_alpha) == (4, True)


@pytest.mark.parametrize("kind", [*LOSSLESS, "GIF", "DDS"])
def test_grey_becomes_three_equal_channels(kind: str) -> None:
    grey = gradient(19, 13)[..., 0]
    picture = decode(saved(grey, kind), "a")
    np.testing.assert_array_equal(picture.pixels, np.repeat(grey[..., None], 3, axis=2))
    assert picture.channels == (3 if kind == "GIF" else 1)


def test_grey_with_alpha_keeps_both() -> None:
    picture = decode(saved(Image.fromarray(gradient(19, 13, 4)).convert("LA"), "PNG"), "a")
    assert picture.channels == 4
    np.testing.assert_array_equal(picture.pixels[..., 3], gradient(19, 13, 4)[..., 3])


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_become_the_upper_eight(kind: str) -> None:
    deep = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    picture = decode(saved(Image.fromarray(deep), kind), "a")
    np.testing.assert_array_equal(picture.pixels[..., 0], deep >> 8)
    assert (picture.bits, picture.channels) == (16, 1)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bit_colour(kind: str) -> None:
    deep = np.random.default_rng(1).integers(0, 65536, (11, 7, 3), np.uint16)
    done, content = cv2.imencode(f".{kind.lower()}", deep[..., ::-1])
    assert done
    picture = decode(content.tobytes(), "a")
    np.testing.assert_array_equal(picture.pixels, deep >> 8)
    assert (picture.bits, picture.channels) == (16, 3)


@pytest.mark.parametrize("mode", ["F", "I"])
def test_measurements_without_a_range_are_refused(mode: str) -> None:
    content = saved(Image.new(mode, (4, 4), 1), "TIFF")
    with pytest.raises(
        UnknownFormatError, match=r"height\.tif is a TIFF of a kind .*32-bit numbers.*; save it as PNG\."
    ):
        decode(content, "height.tif")


def test_palettes_and_single_bits_expand() -> None:
    palette = Image.fromarray(gradient(24, 16)).quantize(16)
    expected = np.asarray(palette.convert("RGB"))
    for kind in ("PNG", "GIF", "BMP", "TGA", "TIFF"):
        picture = decode(saved(palette, kind), "a")
        np.testing.assert_array_equal(picture.pixels, expected, err_msg=kind)
        assert picture.channels == 3
    bits = decode(saved(Image.new("1", (9, 5), 1), "PNG"), "a")
    assert (bits.pixels.min(), bits.channels, bits.bits) == (255, 1, 8)


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_transparent_palette_entry_becomes_alpha(kind: str) -> None:
    indices = np.zeros((4, 4), np.uint8)
    indices[1, 2] = 1
    image = Image.fromarray(indices, "P")
    image.putpalette([10, 20, 30, 200, 100, 50])
    picture = decode(saved(image, kind, transparency=1), "a")
    assert picture.pixels[1, 2, 3] == 0
    assert picture.pixels[0, 0].tolist() == [10, 20, 30, 255]
    assert picture.channels == 4


def test_alpha_that_says_nothing_is_left_out() -> None:
    pixels = gradient(8, 8, 4)
    pixels[..., 3] = 255
    picture = decode(saved(pixels, "PNG"), "a")
    assert picture.pixels.shape == (8, 8, 3)
    assert picture.channels == 4


@pytest.mark.parametrize("name", ["gif", "gif_animated"])
def test_an_animation_shows_its_first_frame(name: str) -> None:
    picture = decode(every_format()[name], "a.gif")
    assert np.abs(picture.pixels.astype(int) - gradient()).max() < 40


def test_the_content_decides_not_the_name() -> None:
    assert decode(every_format()["jpeg"], "wall.png").format == "JPEG"
    assert decode(every_format()["dds_dxt1"], "wall.txt").format == "DDS, DXT1"


def test_a_text_file_called_png_is_refused() -> None:
    with pytest.raises(UnknownFormatError, match=r"^notes\.png holds text, not a picture; leave it out\.$"):
        decode(b"buy milk\n", "notes.png")


def test_no_bytes() -> None:
    with pytest.raises(EmptyFileError, match=r"^a\.png is empty"):
        decode(b"", "a.png")


def test_a_bomb_is_refused_from_its_header() -> None:
    with pytest.raises(ImageTooLargeError, match=r"^bomb\.png is 30,000 x 30,000 pixels"):
        decode(png_of_size(30_000, 30_000), "bomb.png")


SIZE_FIELDS = [
    ("tga", 12, "<u2"),
    ("bmp", 18, "<i4"),
    ("gif", 6, "<u2"),
    ("dds_dxt1", 12, "<u4"),
    ("dds_plain", 12, "<u4"),
    ("tim2_8", 16 + 20, "<u2"),
    ("tim2_32", 16 + 20, "<u2"),
    ("jpeg", every_format()["jpeg"].index(b"\xff\xc0") + 5, ">u2"),
]


@pytest.mark.parametrize(("variant", "offset", "kind"), SIZE_FIELDS)
@pytest.mark.parametrize("extreme", ["min", "max"])
def test_a_size_of_nothing_or_of_everything_is_refused(variant: str, offset: int, kind: str, extreme: str) -> None:
    value = 0 if extreme == "min" else np.iinfo(kind).max
    content = bytearray(every_format()[variant])
    content[offset : offset + 2 * np.dtype(kind).itemsize] = np.array([value, value], kind).tobytes()
    if extreme == "max":
        with pytest.raises(ImageTooLargeError):
            decode(bytes(content), "a")
    elif variant != "gif":  # a GIF's frame makes up for a screen of no size
        with pytest.raises((DamagedImageError, UnknownFormatError)):
            decode(bytes(content), "a")
    else:
        assert decode(bytes(content), "a").width == 24


def test_threads_get_the_same_pictures() -> None:
    contents = list(every_format().values()) * 8
    alone = [decode(content, "a").pixels for content in contents]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda content: decode(content, "a").pixels, contents))
    for first, second in zip(alone, together, strict=True):
        np.testing.assert_array_equal(first, second)
