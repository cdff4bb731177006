"""How large a picture is, upright, from as little of its file as will do."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from PIL import ImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile

from models.errors import FileError
from models.files import open_regular, trouble
from models.images.decode import decode
from models.images.formats import SNIFF_BYTES, sniff, unknown
from models.images.limits import check_size, damaged, empty
from models.sources import Source

__all__ = ["picture_size"]

# By name, as models.images.pillow does: Image.open would warn of, and refuse, what this program takes.
_PARSERS: Mapping[str, Callable[[BinaryIO], ImageFile.ImageFile]] = {
    "PNG": PngImageFile,
    "JPEG": JpegImageFile,
    "BMP": BmpImageFile,
    "GIF": GifImageFile,
    "TIFF": TiffImageFile,
}
_ORIENTATION = 0x0112
_TURNED = frozenset({5, 6, 7, 8})


def picture_size(path: Path, data: bytes | None = None) -> tuple[int, int]:
    """Width and height in pixels, as they are when the picture is upright.

    Args:
        path: of the file.
        data: its content, where that is at hand.

    Raises:
        FileError: it can't be read, or is no picture. A picture that is cut off behind its header has a size.
    """
    if data is not None:
        return _size(BytesIO(data), path, data)
    try:
        with open_regular(path) as file:
            return _size(file, path, None)
    except FileError:
        raise
    except (OSError, ValueError) as error:
        raise trouble(path, error) from error


def _size(file: BinaryIO, path: Path, data: bytes | None) -> tuple[int, int]:
    head = file.read(SNIFF_BYTES)
    if not head:
        raise empty(path.name)
    kind = sniff(head, path.name)
    if kind is None:
        raise unknown(head, path.name)
    if kind == "DDS" and len(head) >= 20:
        height, width = struct.unpack_from("<II", head, 12)
    elif kind == "TGA" and len(head) >= 16:
        width, height = struct.unpack_from("<HH", head, 12)
    elif kind in _PARSERS:
        file.seek(0)
        try:
            image = _PARSERS[kind](file)
            width, height = image.size
            if kind in ("JPEG", "TIFF") and image.getexif().get(_ORIENTATION, 1) in _TURNED:
                width, height = height, width
        except Exception as error:  # foreign parsers on foreign bytes
            raise damaged(path.name, kind) from error
    else:
        picture = decode(data if data is not None else Source(path).read(), path.name)
        width, height = picture.width, picture.height
    check_size(path.name, kind, width, height)
    return width, height
