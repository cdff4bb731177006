"""JPEG by OpenCV, which decodes the parts' JPEGs at twice Pillow's rate; the odd ones go to Pillow."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.images import pillow
from models.images.limits import check_size, damaged
from models.images.orientation import SWAPPED, upright
from models.images.picture import Picture

__all__ = ["decode"]

FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a frame header; the other three of the range are tables (ITU-T T.81, table B.1)."""

BARE = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a length: TEM and the restarts."""

REDUCED = (
    (8, cv2.IMREAD_REDUCED_GRAYSCALE_8),
    (4, cv2.IMREAD_REDUCED_GRAYSCALE_4),
    (2, cv2.IMREAD_REDUCED_GRAYSCALE_2),
)
"""Divisor of both sides -> OpenCV's flag for it (which, beside ``RGB``, decodes colour all the same)."""

RGB = cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the pixels: sizes as stored (before ``orientation``), and where the coded pixels start."""

    width: int
    height: int
    components: int
    bits: int
    orientation: object
    scan: int


def decode(data: bytes, name: str, max_side: int | None = None) -> Picture:
    """Decode a JPEG; with ``max_side`` at the smallest of 1/1, 1/2, 1/4, 1/8 whose shorter side still reaches it.

    Raises:
        DamagedImageError: cut off or broken. OpenCV would fill the missing part with grey.
        ImageTooLargeError: too many pixels.
    """
    header = read_header(data)
    if header is None:
        raise damaged(name, "JPEG")
    check_size(name, "JPEG", header.width, header.height)
    # Without its end marker the file may be cut off: Pillow tells that from a careless writer. CMYK: Pillow too.
    if header.components not in (1, 3) or header.bits != 8 or data.find(b"\xff\xd9", header.scan) < 0:
        return pillow.decode_jpeg(data, name, max_side)
    pixels = _read(data, header, max_side)
    if pixels is None:
        raise damaged(name, "JPEG")
    turned = header.orientation in SWAPPED
    return Picture(
        pixels=upright(pixels, header.orientation),
        width=header.height if turned else header.width,
        height=header.width if turned else header.height,
        format="JPEG",
        channels=header.components,
        bits=8,
    )


def read_header(data: bytes) -> Header | None:
    """Walk the segments up to the first scan; None when they lead nowhere (ITU-T T.81, annex B)."""
    frame: tuple[int, int, int, int] | None = None
    orientation: object = 1
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF or marker in BARE:
            at += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        if length < 2:
            return None
        if marker in FRAMES and length >= 8 and at + 10 <= len(data):
            frame = struct.unpack_from(">BHHB", data, at + 4)
        elif marker == 0xE1 and data[at + 4 : at + 10] == b"Exif\0\0":
            orientation = _orientation(data[at + 4 : at + 2 + length])
        elif marker == 0xDA:
            if frame is None:
                return None
            bits, height, width, components = frame
            return Header(width, height, components, bits, orientation, at + 2 + length)
        at += 2 + length
    return None


def _orientation(segment: bytes) -> object:
    exif = Image.Exif()
    try:
        exif.load(segment)
        return exif.get(0x0112, 1)
    except Exception:  # Pillow raises nearly anything on broken EXIF, and a picture is worth more than its EXIF.
        return 1


def _read(data: bytes, header: Header, max_side: int | None) -> NDArray[np.uint8] | None:
    flags = RGB
    if max_side is not None:
        shorter = min(header.width, header.height)
        flags |= next((flag for divisor, flag in REDUCED if shorter >= max_side * divisor), 0)
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error:
        return None
    return None if pixels is None else pixels.astype(np.uint8, copy=False)
