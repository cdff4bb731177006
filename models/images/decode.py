"""From a file's bytes to a ``Picture``: which decoder reads which format, and one sentence when it fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from PIL.Image import DecompressionBombError

from models.errors import FileError, ImageTooLargeError
from models.images import dds, jpeg, pillow, tim2
from models.images.formats import SNIFF_BYTES, sniff, unknown
from models.images.limits import MAX_BYTES, damaged, empty, too_many_bytes
from models.images.picture import Picture

__all__ = ["decode", "sniff"]

Decoder = Callable[[bytes, str], Picture]
Reducer = Callable[[bytes, str, int], Picture]

# Measured on textures and parts, two threads: JPEG by OpenCV 1.4-2.3 times Pillow's rate; PNG, WebP and TIFF within a
# fifth of each other, and there Pillow tells a cut-off file from a whole one.
DECODERS: Mapping[str, Decoder] = MappingProxyType(
    {
        "PNG": pillow.decode_png,
        "JPEG": jpeg.decode,
        "TGA": pillow.decode_tga,
        "BMP": pillow.decode_bmp,
        "WebP": pillow.decode_webp,
        "TIFF": pillow.decode_tiff,
        "GIF": pillow.decode_gif,
        "DDS": dds.decode,
        "TIM2": tim2.decode,
    }
)

REDUCERS: Mapping[str, Reducer] = MappingProxyType({"JPEG": jpeg.decode})
"""Formats that can be decoded at a reduced size for less work."""


def decode(data: bytes, name: str, *, max_side: int | None = None) -> Picture:
    """Decode a whole file, upright. Safe to call from several threads; the heavy part releases the GIL.

    Args:
        data: the file's content, which alone decides the format.
        name: for the sentence when it fails.
        max_side: the picture may come back smaller, as long as its shorter side has at least this many pixels. Only
            JPEG makes use of it, where it saves most of the work. Never reduces a picture whose shorter side is less.

    Returns:
        The picture. An alpha channel that is opaque throughout is left out of its pixels.

    Raises:
        EmptyFileError: no bytes.
        UnknownFormatError: not a picture, or a variant that is not read.
        DamagedImageError: cut off or broken.
        ImageTooLargeError: more pixels or bytes than is safe.
    """
    if not data:
        raise empty(name)
    if len(data) > MAX_BYTES:
        raise too_many_bytes(name)
    head = data[:SNIFF_BYTES]
    kind = sniff(head, name)
    if kind is None:
        raise unknown(head, name)
    try:
        if max_side is not None and kind in REDUCERS:
            picture = REDUCERS[kind](data, name, max_side)
        else:
            picture = DECODERS[kind](data, name)
    except FileError:
        raise
    except (MemoryError, DecompressionBombError) as error:
        raise ImageTooLargeError(name, "needs more memory than is safe to give it", "make it smaller") from error
    except Exception as error:  # Foreign parsers on foreign bytes: Pillow alone raises a dozen kinds.
        raise damaged(name, kind) from error
    return _without_opaque_alpha(picture)


def _without_opaque_alpha(picture: Picture) -> Picture:
    """Most DDS and many PNG carry an alpha that says nothing; without it nobody composites it, twice a picture."""
    if not picture.has_alpha or picture.pixels[..., 3].min() < np.uint8(255):
        return picture
    pixels = np.ascontiguousarray(picture.pixels[..., :3])
    return Picture(pixels, picture.width, picture.height, picture.format, picture.channels, picture.bits)
