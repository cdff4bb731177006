"""DDS: the header is read here, blocks are decoded by Pillow's C decoder, plain pixels by NumPy.

Pillow's own DDS reader is not used: it unpacks plain pixels one by one in Python and knows fewer variants.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.images.limits import check_size, damaged, unsupported
from models.images.picture import Picture

__all__ = ["decode"]


@dataclass(frozen=True, slots=True)
class Blocks:
    """A block format: 4x4 pixels in ``size`` bytes."""

    label: str
    size: int
    mode: str  # Pillow's mode of the result
    arguments: tuple[int, str]  # of Pillow's "bcn" decoder: which BCn, and a name that tells signed from unsigned


@dataclass(frozen=True, slots=True)
class Plain:
    """Plain pixels of ``bits`` bits, each channel a mask; a single mask in ``red`` alone is grey."""

    label: str
    bits: int
    red: int
    green: int = 0
    blue: int = 0
    alpha: int = 0


BC1 = Blocks("DXT1", 8, "RGBA", (1, "DXT1"))
BC2 = Blocks("DXT3", 16, "RGBA", (2, "DXT3"))
BC3 = Blocks("DXT5", 16, "RGBA", (3, "DXT5"))
BC4 = Blocks("BC4", 8, "L", (4, "BC4"))
BC5 = Blocks("BC5", 16, "RGB", (5, "BC5"))
BC5S = Blocks("BC5", 16, "RGB", (5, "BC5S"))
BC6H = Blocks("BC6H", 16, "RGB", (6, "BC6H"))
BC6HS = Blocks("BC6H", 16, "RGB", (6, "BC6HS"))
BC7 = Blocks("BC7", 16, "RGBA", (7, "BC7"))
RGBA8 = Plain("32-bit", 32, 0xFF, 0xFF00, 0xFF0000, 0xFF000000)
BGRA8 = Plain("32-bit", 32, 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
BGRX8 = Plain("32-bit", 32, 0xFF0000, 0xFF00, 0xFF)

# DXT2 and DXT4 differ from DXT3 and DXT5 only in colours multiplied by alpha; almost nobody wrote them so.
FOURCC: Mapping[bytes, Blocks] = MappingProxyType(
    {
        b"DXT1": BC1,
        b"DXT2": BC2,
        b"DXT3": BC2,
        b"DXT4": BC3,
        b"DXT5": BC3,
        b"ATI1": BC4,
        b"BC4U": BC4,
        b"ATI2": BC5,
        b"BC5U": BC5,
        b"BC5S": BC5S,
    }
)

DXGI: Mapping[int, Blocks | Plain] = MappingProxyType(
    {
        **dict.fromkeys((70, 71, 72), BC1),
        **dict.fromkeys((73, 74, 75), BC2),
        **dict.fromkeys((76, 77, 78), BC3),
        **dict.fromkeys((79, 80), BC4),
        **dict.fromkeys((82, 83), BC5),
        84: BC5S,
        **dict.fromkeys((94, 95), BC6H),
        96: BC6HS,
        **dict.fromkeys((97, 98, 99), BC7),
        **dict.fromkeys((27, 28, 29), RGBA8),
        **dict.fromkeys((87, 90, 91), BGRA8),
        **dict.fromkeys((88, 92, 93), BGRX8),
        24: Plain("10-bit", 32, 0x3FF, 0xFFC00, 0x3FF00000, 0xC0000000),
        49: Plain("two channels", 16, 0xFF, 0xFF00),
        56: Plain("16-bit grey", 16, 0xFFFF),
        61: Plain("grey", 8, 0xFF),
        85: Plain("16-bit", 16, 0xF800, 0x7E0, 0x1F),
        86: Plain("16-bit", 16, 0x7C00, 0x3E0, 0x1F, 0x8000),
        115: Plain("16-bit", 16, 0xF00, 0xF0, 0xF, 0xF000),
    }
)
"""DXGI_FORMAT -> layout (Microsoft, dxgiformat.h). An sRGB variant stores the same bytes as its plain one."""

HAS_ALPHA, FOURCC_FLAG, PALETTE, RGB, GREY = 0x1, 0x4, 0x20, 0x40, 0x20000
"""Bits of DDS_PIXELFORMAT.dwFlags."""

BAND = 1 << 20
"""Plain pixels are unpacked this many at a time, so that 32-bit intermediates stay small."""


def decode(data: bytes, name: str) -> Picture:
    """Decode the largest level of the first picture (of a cube map: its first face).

    Raises:
        DamagedImageError: cut off or broken.
        ImageTooLargeError: too many pixels.
        UnknownFormatError: a DDS in a layout that is not read.
    """
    if len(data) < 128:
        raise damaged(name, "DDS")
    height, width = struct.unpack_from("<II", data, 12)
    check_size(name, "DDS", width, height)
    layout, start = _layout(data, name)
    if isinstance(layout, Blocks):
        pixels = _unpack_blocks(data, start, width, height, layout, name)
        channels = {"L": 1, "RGB": 3, "RGBA": 4}[layout.mode]
    else:
        pixels = _unpack_plain(data, start, width, height, layout, name)
        channels = 1 if layout.green == 0 and not layout.alpha else pixels.shape[2]
    if layout is BC1 and pixels[..., 3].min() == 255:
        channels = 3  # its one transparent colour is never used
    bits = 16 if layout in (BC6H, BC6HS) or layout == DXGI[56] else 8
    return Picture(pixels, width, height, f"DDS, {layout.label}", channels, bits)


def _layout(data: bytes, name: str) -> tuple[Blocks | Plain, int]:
    """How the pixels are stored, and where they start."""
    flags, code, bits, *masks = struct.unpack_from("<I4sI4I", data, 80)
    if flags & FOURCC_FLAG:
        if code == b"DX10":
            if len(data) < 148:
                raise damaged(name, "DDS")
            (dxgi,) = struct.unpack_from("<I", data, 128)
            if dxgi not in DXGI:
                raise unsupported(name, "DDS", f"format number {dxgi}")
            return DXGI[dxgi], 148
        if code not in FOURCC:
            raise unsupported(name, "DDS", code.decode("latin-1") if code.isalnum() else f"number {code.hex()}")
        return FOURCC[code], 128
    if bits not in (8, 16, 24, 32) or flags & PALETTE or not flags & (RGB | GREY):
        raise unsupported(name, "DDS", "neither blocks nor plain colours")
    red, green, blue, alpha = masks
    if not flags & HAS_ALPHA:
        alpha = 0
    if flags & GREY:
        # Writers disagree on a grey picture's mask, or leave it out; the layout is always grey first, alpha last.
        red = (1 << (bits // 2 if alpha else bits)) - 1
        return Plain("grey", bits, red, alpha=red << (bits // 2) if alpha else 0), 128
    return Plain(f"{bits}-bit", bits, red, green, blue, alpha), 128


def _unpack_blocks(data: bytes, start: int, width: int, height: int, layout: Blocks, name: str) -> NDArray[np.uint8]:
    size = -(-width // 4) * -(-height // 4) * layout.size
    if len(data) < start + size:
        raise damaged(name, "DDS")
    image = Image.frombytes(layout.mode, (width, height), data[start : start + size], "bcn", *layout.arguments)
    return np.asarray(image if layout.mode != "L" else image.convert("RGB"), dtype=np.uint8)


def _unpack_plain(data: bytes, start: int, width: int, height: int, layout: Plain, name: str) -> NDArray[np.uint8]:
    step = layout.bits // 8
    count = width * height
    if len(data) < start + count * step:
        raise damaged(name, "DDS")
    raw = np.frombuffer(data, np.uint8, count * step, start).reshape(count, step)
    grey = layout.green == layout.blue == 0 and layout.label != "two channels"
    masks = [layout.red] * 3 if grey else [layout.red, layout.green, layout.blue]
    if layout.alpha:
        masks.append(layout.alpha)
    out = np.empty((count, len(masks)), np.uint8)
    for top in range(0, count, BAND):
        band = raw[top : top + BAND]
        values = np.zeros(len(band), np.uint32)
        for byte in range(step):
            values |= band[:, byte].astype(np.uint32) << np.uint32(8 * byte)
        for channel, mask in enumerate(masks):
            out[top : top + BAND, channel] = _channel(values, mask)
    return out.reshape(height, width, len(masks))


def _channel(values: NDArray[np.uint32], mask: int) -> NDArray[np.uint8]:
    """The bits of ``mask``, stretched to 0-255 and rounded to nearest; a mask of no bits gives 0."""
    if not mask:
        return np.zeros(len(values), np.uint8)
    low = (mask & -mask).bit_length() - 1
    full = mask >> low
    stored = (values & np.uint32(mask)) >> np.uint32(low)
    if full == 255:
        return stored.astype(np.uint8)
    return ((stored.astype(np.uint64) * 255 + full // 2) // full).astype(np.uint8)
