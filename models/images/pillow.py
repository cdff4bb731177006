"""The formats Pillow decodes, and what it takes to turn its modes into 8-bit RGB or RGBA."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from io import BytesIO
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TgaImagePlugin import TgaImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from models.images.limits import check_size, unsupported
from models.images.orientation import upright
from models.images.picture import Picture

__all__ = ["decode_bmp", "decode_gif", "decode_jpeg", "decode_png", "decode_tga", "decode_tiff", "decode_webp"]

# The parsers are called by name instead of through Image.open: only the one that the content asks for ever sees the
# bytes, and the size limit is ours, without changing Pillow's for the whole process.

ORIENTATION = 0x0112
BITS_PER_SAMPLE = 258

CHANNELS: Mapping[str, int] = MappingProxyType(
    {"1": 1, "L": 1, "I;16": 1, "I;16L": 1, "I;16B": 1, "RGB": 3, "YCbCr": 3}
)
"""Pillow's mode -> stored channels; every mode not here counts as 4 (grey with alpha counts as what it expands to)."""

DEEP = frozenset({"I;16", "I;16L", "I;16B", "I;16N"})
"""16-bit grey."""

STRIP = 1 << 21
"""Pixels copied out of Pillow at a time."""

TGA_PALETTES = frozenset({1, 9})
"""Image types of TGA whose pixels are indices."""

MEASUREMENTS = frozenset({"I", "F"})
"""32-bit whole and floating numbers: they have no white, so no honest way to 8 bits without being told the range."""


def decode_png(data: bytes, name: str) -> Picture:
    """Decode a PNG; 16 bits become the upper 8."""
    bits = 16 if data[24:25] == b"\x10" else 8
    return _picture(PngImageFile(BytesIO(data)), name, "PNG", bits)


def decode_bmp(data: bytes, name: str) -> Picture:
    """Decode a BMP."""
    return _picture(BmpImageFile(BytesIO(data)), name, "BMP", 8)


def decode_gif(data: bytes, name: str) -> Picture:
    """Decode the first frame of a GIF."""
    return _picture(GifImageFile(BytesIO(data)), name, "GIF", 8)


def decode_tiff(data: bytes, name: str) -> Picture:
    """Decode the first page of a TIFF; 16 bits become the upper 8."""
    image = TiffImageFile(BytesIO(data))
    stored = image.tag_v2.get(BITS_PER_SAMPLE, (8,))
    return _picture(image, name, "TIFF", 16 if 16 in stored else 8)


def decode_webp(data: bytes, name: str) -> Picture:
    """Decode a WebP, the first frame of an animated one."""
    # Pillow's parser allocates the canvas as it opens the file.
    check_size(name, "WebP", *_webp_size(data))
    return _picture(WebPImageFile(BytesIO(data)), name, "WebP", 8)


def decode_jpeg(data: bytes, name: str, max_side: int | None = None) -> Picture:
    """Decode a JPEG that is not plain grey or colour, or has no end; reduced as ``models.images.jpeg`` does."""
    image = JpegImageFile(BytesIO(data))
    check_size(name, "JPEG", *image.size)
    full = image.size
    if max_side is not None:
        image.draft(None, (max_side, max_side))
    picture = _picture(image, name, "JPEG", 8)
    width, height = full if image.getexif().get(ORIENTATION, 1) not in (5, 6, 7, 8) else full[::-1]
    return Picture(picture.pixels, width, height, picture.format, picture.channels, picture.bits)


def decode_tga(data: bytes, name: str) -> Picture:
    """Decode a TGA.

    A 32-bit TGA whose alpha is zero throughout is opaque: many exporters leave the unused channel empty.
    """
    kind, palette_bits, depth, alpha_bits = data[2], data[7], data[16], data[17] & 0x0F
    # Pillow knows colours of 15 bits only as 16.
    known = data[:7] + bytes([_even(palette_bits)]) + data[8:16] + bytes([_even(depth)]) + data[17:]
    # It also looks for a 26-byte footer in files that are shorter than that.
    image = TgaImageFile(BytesIO(known if len(known) >= 64 else known + bytes(64)))
    picture = _picture(image, name, "TGA", 8)
    if not picture.has_alpha:
        return picture
    pixels = picture.pixels
    if _even(palette_bits if kind in TGA_PALETTES else depth) == 16:
        # Pillow takes the sixteenth bit for transparency; where the header says it is used, it stands for opacity.
        pixels = pixels ^ np.array([0, 0, 0, 255], np.uint8)
        if not alpha_bits:
            pixels = pixels[..., :3]
    if pixels.shape[2] == 4 and not pixels[..., 3].any():
        pixels = pixels[..., :3]
    channels = 3 if pixels.shape[2] == 3 and not alpha_bits else picture.channels
    return Picture(np.ascontiguousarray(pixels), picture.width, picture.height, "TGA", channels, 8)


def _even(bits: int) -> int:
    return 16 if bits == 15 else bits


def _picture(image: ImageFile.ImageFile, name: str, kind: str, bits: int) -> Picture:
    check_size(name, kind, *image.size)
    if image.mode in MEASUREMENTS:
        raise unsupported(name, kind, "32-bit numbers for each pixel")
    image.load()
    mode = image.mode
    channels = CHANNELS.get(mode, 4)
    if mode == "P":
        channels = 4 if image.has_transparency_data else 3
    pixels = upright(_pixels(image), image.getexif().get(ORIENTATION, 1))
    height, width = pixels.shape[:2]
    return Picture(pixels, width, height, kind, channels, bits)


def _pixels(image: Image.Image) -> NDArray[np.uint8]:
    """uint8 (H, W, 3) or (H, W, 4) of a loaded image.

    Strip by strip: converting and copying a large picture in one go needs its memory three times over, and holds up
    every other thread, the window's too.
    """
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    width, height = image.size
    rows = max(STRIP // width, 1)
    if height <= rows:
        return _strip(image, wanted)
    pixels = np.empty((height, width, len(wanted)), np.uint8)
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        pixels[top:bottom] = _strip(image.crop((0, top, width, bottom)), wanted)
    return pixels


def _strip(image: Image.Image, wanted: str) -> NDArray[np.uint8]:
    if image.mode in DEEP:
        grey = (np.asarray(image) >> 8).astype(np.uint8)
        return np.repeat(grey[..., None], 3, axis=2)
    return np.asarray(image if image.mode == wanted else image.convert(wanted), dtype=np.uint8)


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height of the canvas (RFC 9649, sections 2.5-2.7); raises struct.error when cut off."""
    kind = data[12:16]
    if kind == b"VP8X":
        low, high, low_y, high_y = struct.unpack_from("<HBHB", data, 24)
        return (low | high << 16) + 1, (low_y | high_y << 16) + 1
    if kind == b"VP8L":
        (packed,) = struct.unpack_from("<I", data, 21)
        return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF
