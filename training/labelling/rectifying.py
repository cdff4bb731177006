"""The flat view of something seen askew, between its four corners.

Corners are in pixels, (0, 0) the outer corner of the first; order: top left, top right, bottom right, bottom left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.errors import LabelError
from training.labelling.geometry import is_simple
from training.labelling.planar import ring_area

__all__ = ["Corners", "Rectified", "checked", "crossed", "rectify"]

Corners = NDArray[np.float64]

_LONGEST = 900
"""Pixels of the view's longer side: enough for a tenth of a millimetre on a card."""


@dataclass(frozen=True, slots=True)
class Rectified:
    """A flat view of what lies between four corners, with a margin around it.

    Attributes:
        pixels: uint8 (h, w, 3).
        homography: float64 (3, 3), from the picture to ``pixels``.
        margin: pixels around the corners' frame.
    """

    pixels: NDArray[np.uint8]
    homography: NDArray[np.float64]
    margin: float

    def to_view(self, points: NDArray[np.floating]) -> Corners:
        """From the picture, (n, 2)."""
        return _mapped(self.homography, points)

    def to_picture(self, points: NDArray[np.floating]) -> Corners:
        """From the view, (n, 2)."""
        return _mapped(np.linalg.inv(self.homography), points)


def rectify(
    pixels: NDArray[np.uint8],
    corners: NDArray[np.floating],
    size: tuple[float, float] | None = None,
    margin: float = 0.06,
) -> Rectified:
    """The flat view.

    Args:
        pixels: uint8 (H, W, 3).
        corners: (4, 2) in order.
        size: width and height of the thing itself, in any unit (mm), for its proportions; None for the mean of
            opposite sides.
        margin: around it, in parts of the shorter side.

    Raises:
        LabelError: the corners span no area, or cross.
    """
    quad = checked(corners)
    sides = np.hypot(*(np.roll(quad, -1, axis=0) - quad).T)
    across, down = (sides[0] + sides[2]) / 2, (sides[1] + sides[3]) / 2
    if size is not None and size[0] > 0 and size[1] > 0:
        ratio = (size[0] / size[1]) ** 0.5
        mean = (across * down) ** 0.5
        across, down = mean * ratio, mean / ratio
    shrink = min(1.0, _LONGEST / max(across, down))
    across, down = max(8.0, across * shrink), max(8.0, down * shrink)
    around = float(np.ceil(margin * min(across, down)))
    frame = np.array([(0, 0), (across, 0), (across, down), (0, down)]) + around
    # OpenCV's pixel (0, 0) is the middle of the first one
    homography = np.asarray(
        cv2.getPerspectiveTransform((quad - 0.5).astype(np.float32), (frame - 0.5).astype(np.float32))
    )
    shape = int(np.ceil(across + 2 * around)), int(np.ceil(down + 2 * around))
    view = cv2.warpPerspective(pixels, homography, shape, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    return Rectified(view, half @ homography @ np.linalg.inv(half), around)


def crossed(lines: Sequence[Corners]) -> Corners | None:
    """Where each side meets the one before, or None where two are parallel."""
    ends = np.stack(lines)
    first, last = (np.concatenate([ends[:, end], np.ones((4, 1))], axis=1) for end in (0, 1))
    whole = np.cross(first, last)
    meets = np.cross(np.roll(whole, 1, axis=0), whole)
    if np.any(np.abs(meets[:, 2]) < 1e-9):
        return None
    return np.asarray(meets[:, :2] / meets[:, 2:])


def checked(corners: NDArray[np.floating]) -> Corners:
    """float64 (4, 2). Raises ``LabelError``: they don't go round one area from the top left on."""
    quad = np.asarray(corners, np.float64)
    if quad.shape != (4, 2) or not is_simple(quad) or ring_area(quad) <= 0 or not _convex(quad):
        raise LabelError("The four corners don't go round one area; set them from the top left on, clockwise.")
    return quad


def _convex(quad: Corners) -> bool:
    return bool(cv2.isContourConvex(quad.astype(np.float32)))


def _mapped(homography: NDArray[np.floating], points: NDArray[np.floating]) -> Corners:
    found = cv2.perspectiveTransform(np.asarray(points, np.float64).reshape(-1, 1, 2), homography)
    return np.asarray(found, np.float64).reshape(-1, 2)
