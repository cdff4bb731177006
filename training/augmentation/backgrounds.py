"""What is put behind things: pictures of a folder, arrays, or plain colours."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from models.errors import DatasetError, one_line

__all__ = ["Backgrounds", "FolderBackgrounds", "PictureBackgrounds", "PlainBackgrounds"]

Picture = NDArray[np.uint8]
_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})
_LARGEST = 1024  # pixels of the longer side that are kept of a background
_KEPT = 32


class Backgrounds(Protocol):
    """Gives backgrounds."""

    def picture(self, width: int, height: int, draw: Sequence[float]) -> Picture:
        """uint8 (height, width, 3) RGB for six numbers in [0, 1): the same for the same numbers."""


class PlainBackgrounds:
    """Any colour, darker towards one side, as a table or a wall is."""

    def picture(self, width: int, height: int, draw: Sequence[float]) -> Picture:
        """See ``Backgrounds``."""
        colour = np.array(draw[:3]) * 255
        fall = np.linspace(1.0, 1.0 - 0.4 * draw[3], height if draw[4] < 0.5 else width)
        line = np.rint(fall[:, None] * colour).astype(np.uint8)
        whole = line[:, None] if draw[4] < 0.5 else line[None]
        return np.ascontiguousarray(np.broadcast_to(whole, (height, width, 3)))


class PictureBackgrounds:
    """A part of one of several pictures, uint8 (H, W, 3) RGB of any size."""

    def __init__(self, pictures: Sequence[Picture]) -> None:
        if not pictures:
            raise DatasetError("There is no picture to be put behind things; give at least one.")
        self._pictures = pictures

    def picture(self, width: int, height: int, draw: Sequence[float]) -> Picture:
        """See ``Backgrounds``."""
        return _cover(self._pictures[int(draw[0] * len(self._pictures))], width, height, draw)


class FolderBackgrounds:
    """The pictures of a folder and those below it; opened when they are needed, and the last few kept.

    Args:
        folder: that they lie in.

    Raises:
        DatasetError: there is none in it.
    """

    def __init__(self, folder: Path) -> None:
        self._paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _ENDINGS)
        if not self._paths:
            raise DatasetError(f"{one_line(folder)} holds no picture to be put behind things; choose another folder.")
        self._kept: OrderedDict[Path, Picture] = OrderedDict()
        self._lock = Lock()

    def picture(self, width: int, height: int, draw: Sequence[float]) -> Picture:
        """See ``Backgrounds``. Raises ``DatasetError``: a file is no picture."""
        return _cover(self._read(self._paths[int(draw[0] * len(self._paths))]), width, height, draw)

    def _read(self, path: Path) -> Picture:
        with self._lock:
            found = self._kept.get(path)
        if found is None:
            found = _decoded(path)
            with self._lock:
                self._kept[path] = found
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        return found


def _decoded(path: Path) -> Picture:
    try:
        data = np.fromfile(path, np.uint8)
        read = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    except (OSError, cv2.error):
        read = None
    if read is None:
        raise DatasetError(f"{one_line(path)} can't be read as a background; take it out of the folder.")
    scale = _LARGEST / max(read.shape[:2])
    if scale < 1:
        read = cv2.resize(read, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    rgb: Picture = cv2.cvtColor(read, cv2.COLOR_BGR2RGB)
    return rgb


def _cover(picture: Picture, width: int, height: int, draw: Sequence[float]) -> Picture:
    """A part of ``picture`` with the right shape, at least 60 % of the largest there is, brought to the size."""
    high, wide = picture.shape[:2]
    scale = min(wide / width, high / height) * (0.6 + 0.4 * draw[3])
    across, down = max(1, min(wide, round(width * scale))), max(1, min(high, round(height * scale)))
    left, top = int(draw[1] * (wide - across + 1)), int(draw[2] * (high - down + 1))
    part = picture[top : top + down, left : left + across]
    if draw[4] < 0.5:
        part = part[:, ::-1]
    brought: Picture = cv2.resize(np.ascontiguousarray(part), (width, height), interpolation=cv2.INTER_LINEAR)
    return brought
