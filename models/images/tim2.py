"""TIM2 (.tm2), the PlayStation 2's texture file: palettes in the graphics chip's own order, alpha where 128 is opaque.

Layout and the order of palettes follow Sony's own sample reader (tim2.h, tim2.c: Tim2GetClutColor).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.images.limits import check_size, damaged, unsupported
from models.images.picture import Picture

__all__ = ["decode"]

PICTURE_HEADER = struct.Struct("<IIIHHBBBBHH")
"""Bytes in all, of the palette, image and header; palette colours; format, mipmaps; palette and image type; size."""

LINEAR, GROUPED, COLOUR_BITS = 0x80, 0x40, 0x3F
"""Bits of the palette type: stored in plain order (CSM2); 16-colour palettes share an 8x2 grid; colour size."""

BYTES = {1: 2, 2: 3, 3: 4}
"""Colour type -> bytes a colour."""

INDEXED = {4: 4, 5: 8}
"""Image type -> bits a pixel of the palette images; the types in ``BYTES`` hold colours."""

OPAQUE = 128
"""The graphics chip's alpha for "as is"; up to 255 would brighten, which a picture can't."""


@dataclass(frozen=True, slots=True)
class Header:
    """The first picture of the file; offsets from the start of the file, sizes in bytes."""

    width: int
    height: int
    image_type: int
    palette_type: int
    colours: int
    image: int
    palette: int


def decode(data: bytes, name: str) -> Picture:
    """Decode the largest level of the first picture in the file.

    Alpha that is zero throughout is dropped: games that draw a texture without blending leave it empty.

    Raises:
        DamagedImageError: cut off or broken.
        ImageTooLargeError: too many pixels.
        UnknownFormatError: an image or palette type that does not exist in any document.
    """
    header = _read_header(data, name)
    check_size(name, "TIM2", header.width, header.height)
    count = header.width * header.height
    if header.image_type in INDEXED:
        bits = INDEXED[header.image_type]
        colours = _palette(data, header, name)
        indices = _indices(data, header, count, bits, name)
        # An index past a short palette shows as its first free entry would on the machine: black, fully transparent.
        table = np.zeros((1 << bits, 4), np.uint8)
        table[: len(colours)] = colours[: 1 << bits]
        rgba, label = table[indices], f"{bits}-bit palette"
    else:
        rgba = _colours(_slice(data, header.image, count * BYTES[header.image_type], name), header.image_type)
        label = f"{8 * BYTES[header.image_type]}-bit"
    pixels = rgba.reshape(header.height, header.width, 4)
    if not pixels[..., 3].any():
        pixels = np.ascontiguousarray(pixels[..., :3])
    stored = header.palette_type & COLOUR_BITS if header.image_type in INDEXED else header.image_type
    return Picture(pixels, header.width, header.height, f"TIM2, {label}", 3 if stored == 2 else 4, 8)


def _read_header(data: bytes, name: str) -> Header:
    start = 128 if data[5:6] == b"\1" else 16
    if len(data) < start + PICTURE_HEADER.size:
        raise damaged(name, "TIM2")
    if struct.unpack_from("<H", data, 6)[0] == 0:
        raise unsupported(name, "TIM2", "no picture in it")
    _, _, image_bytes, header_bytes, colours, _, _, palette_type, image_type, width, height = (
        PICTURE_HEADER.unpack_from(data, start)
    )
    if image_type not in BYTES and image_type not in INDEXED:
        raise unsupported(name, "TIM2", f"image type {image_type}")
    image = start + header_bytes
    return Header(width, height, image_type, palette_type, colours, image, image + image_bytes)


def _slice(data: bytes, start: int, size: int, name: str) -> NDArray[np.uint8]:
    if size <= 0 or start + size > len(data):
        raise damaged(name, "TIM2")
    return np.frombuffer(data, np.uint8, size, start)


def _indices(data: bytes, header: Header, count: int, bits: int, name: str) -> NDArray[np.uint8]:
    """uint8 (count,): palette indices; of two 4-bit pixels the lower half-byte comes first, rows are not padded."""
    if bits == 8:
        return _slice(data, header.image, count, name)
    packed = _slice(data, header.image, (count + 1) // 2, name)
    return np.stack((packed & 0x0F, packed >> 4), axis=1).reshape(-1)[:count]


def _palette(data: bytes, header: Header, name: str) -> NDArray[np.uint8]:
    """uint8 (n, 4): the colours in index order."""
    kind = header.palette_type & COLOUR_BITS
    if kind not in BYTES:
        raise unsupported(name, "TIM2", f"palette type {header.palette_type}")
    colours = _colours(_slice(data, header.palette, header.colours * BYTES[kind], name), kind)
    swapped = header.image_type == 5 or header.palette_type & GROUPED
    if header.palette_type & LINEAR or not swapped:
        return colours
    # CSM1: in each 32 colours the second and third 8 stand in each other's place.
    order = np.arange(len(colours) // 32 * 32).reshape(-1, 4, 8)[:, [0, 2, 1, 3]].reshape(-1)
    rest = np.arange(len(order), len(colours))
    return colours[np.concatenate((order, rest))]


def _colours(raw: NDArray[np.uint8], kind: int) -> NDArray[np.uint8]:
    """uint8 (n, 4) RGBA with alpha 0-255 from colours of 2 (A1B5G5R5), 3 (B8G8R8) or 4 (A8B8G8R8) bytes."""
    if kind == 1:
        values = raw.view("<u2")
        five = np.stack((values & 31, values >> 5 & 31, values >> 10 & 31), axis=1).astype(np.uint8)
        alpha = (values >> 15).astype(np.uint8) * np.uint8(255)
        return np.concatenate((five << 3 | five >> 2, alpha[:, None]), axis=1)
    colours = raw.reshape(-1, BYTES[kind])
    out = np.full((len(colours), 4), 255, np.uint8)
    out[:, :3] = colours[:, :3]
    if kind == 3:
        stored = np.minimum(colours[:, 3], OPAQUE).astype(np.uint16)
        out[:, 3] = (stored * 255 + OPAQUE // 2) // OPAQUE
    return out
