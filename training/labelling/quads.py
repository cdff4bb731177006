"""Four rough corners of something straight-edged (a card), snapped to its edges.

Each side's line is found in the rectified view, brought back, and cut with the line of the side before it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.labelling.geometry import is_simple
from training.labelling.rectifying import Corners, checked, crossed
from training.labelling.sides import LEAST, Sides, reach_of

__all__ = ["Snapped", "snap"]


@dataclass(frozen=True, slots=True)
class Snapped:
    """Corners that were moved onto edges.

    Attributes:
        corners: float64 (4, 2).
        confidence: of top, right, bottom and left, 0 to 1: the share of places along the side where an edge lies on the
            line. A side under ``LEAST`` has stayed where it was put.
    """

    corners: Corners
    confidence: tuple[float, float, float, float]


def snap(
    pixels: NDArray[np.uint8],
    corners: NDArray[np.floating],
    *,
    size: tuple[float, float] | None = None,
    reach: float | None = None,
) -> Snapped:
    """Move four rough corners so that each side lies on the strongest straight edge near it.

    Args:
        pixels: uint8 (H, W, 3).
        corners: (4, 2) in order.
        size: as ``rectify``.
        reach: pixels of the picture that an edge may lie away; None for 2.5 % of the shorter side, 4 at least.

    Raises:
        LabelError: the corners span no area, or cross.
    """
    quad = checked(corners)
    found = Sides(pixels, quad, size, reach).lines()
    narrow = reach if reach is not None else reach_of(quad)
    lines, confidence = [line for line, _ in found], [share for _, share in found]
    moved = crossed(lines)
    if moved is None or np.abs(moved - quad).max() > 4 * narrow + 2 or not is_simple(moved):
        return Snapped(quad, (0.0, 0.0, 0.0, 0.0))
    # once more from there, with a narrow band: the first view was askew
    again = Sides(pixels, moved, size, max(2.0, narrow / 3)).lines()
    final = crossed(
        [
            new if share >= LEAST and old >= LEAST else line
            for (new, share), line, old in zip(again, lines, confidence, strict=True)
        ]
    )
    if final is not None and is_simple(final) and np.abs(final - moved).max() <= narrow + 2:
        moved = final
    top, right, bottom, left = (float(share) for share in confidence)
    return Snapped(moved, (top, right, bottom, left))
