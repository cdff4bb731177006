"""Straight edges near the four sides of a quad, to a fraction of a pixel.

In the rectified view each side is nearly upright or level. Across it, the greatest changes of colour are found in a
band at many places; the line that most of them lie on is found by trials (RANSAC: Fischler, Bolles, 1981) and fitted
by weighted least squares.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training.labelling.rectifying import Corners, rectify

__all__ = ["LEAST", "Sides", "reach_of"]

LEAST = 0.35
"""Below this share of places on one line a side has no edge to be snapped to."""

_SHARE = 0.025
"""Half of the band that is searched, in parts of the shorter side."""
_SAMPLES = 160
_ENDS = 0.08
"""Part of a side at each end that is not looked at: cards are rounded and worn there."""
_TRIALS = 300
_NEAR = 1.0
"""Pixels of the rectified view that a point may lie off its line."""
_WEAK = 3.0
_CLEAR = 30.0
"""Levels of colour a pixel: less is no edge, and more counts no more."""
_TWIN = 0.6
_LINE = 3.0
"""A drawn line has two edges, up to so many pixels apart, the outer of which has so much of the other's support."""


def reach_of(quad: Corners) -> float:
    """How far from a side its edge is looked for, in pixels of the picture."""
    sides = np.hypot(*(np.roll(quad, -1, axis=0) - quad).T)
    return max(4.0, _SHARE * float(sides.min()))


class Sides:
    """The four sides of a quad in its rectified view.

    Args:
        pixels: uint8 (H, W, 3).
        quad: float64 (4, 2), checked.
        size: as ``rectify``.
        reach: half of the band, in pixels of the picture; None for ``reach_of``.
    """

    def __init__(
        self, pixels: NDArray[np.uint8], quad: Corners, size: tuple[float, float] | None, reach: float | None
    ) -> None:
        wide = reach if reach is not None else reach_of(quad)
        sides = np.hypot(*(np.roll(quad, -1, axis=0) - quad).T)
        self._view = rectify(pixels, quad, size, margin=2 * wide / float(sides.min()) + 0.02)
        frame = self._view.to_view(quad)
        self._frame = frame
        scale = np.hypot(*(frame[1] - frame[0])) / max(sides[0], sides[2])
        self._reach = max(2.0, wide * float(scale))
        lab = cv2.cvtColor(self._view.pixels, cv2.COLOR_RGB2LAB).astype(np.float32)
        self._lab = cv2.GaussianBlur(lab, (0, 0), 0.8)

    def lines(self) -> list[tuple[Corners, float]]:
        """Two points in the picture of each side's line (its own where no edge was found), and its share of support."""
        found: list[tuple[Corners, float]] = []
        for side in range(4):
            start, end = self._frame[side], self._frame[(side + 1) % 4]
            line, share = self._line(start, end)
            if share < LEAST:
                line = np.stack([start, end])
            found.append((self._view.to_picture(line), share))
        return found

    def _line(self, start: Corners, end: Corners) -> tuple[Corners, float]:
        length = float(np.hypot(*(end - start)))
        along = (end - start) / length
        inward = np.array([-along[1], along[0]])  # the corners run from x towards y: the inside is there
        places = np.linspace(_ENDS, 1 - _ENDS, _SAMPLES) * length
        step = 0.5
        offsets = np.arange(-self._reach, self._reach + step / 2, step)
        x = start[0] + places[:, None] * along[0] + offsets[None] * inward[0]
        y = start[1] + places[:, None] * along[1] + offsets[None] * inward[1]
        band = cv2.remap(
            self._lab,
            (x - 0.5).astype(np.float32),
            (y - 0.5).astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        band = cv2.blur(band, (1, 5))  # along the side: what is no edge of it evens out
        change = np.zeros(band.shape[:2], np.float32)
        change[:, 1:-1] = np.sqrt(np.sum((band[:, 2:] - band[:, :-2]) ** 2, axis=2))
        points, strength = _peaks(change, places, offsets)
        if len(points) < 8:
            return np.empty((0, 2)), 0.0
        slope, height, support = _fit(points, strength, length, self._reach)
        ends = np.array([(0.0, height), (length, height + slope * length)])
        return start + ends[:, :1] * along + ends[:, 1:] * inward, support


def _peaks(change: NDArray[np.float32], places: Corners, offsets: Corners) -> tuple[Corners, Corners]:
    """Local maxima of each row, to a part of a sample (parabola), as (place, offset) and their strength."""
    before, here, after = change[:, :-2], change[:, 1:-1], change[:, 2:]
    rows, columns = np.nonzero((here >= before) & (here > after) & (here > _WEAK))
    left, middle, right = before[rows, columns], here[rows, columns], after[rows, columns]
    bend = left - 2 * middle + right
    shift = np.where(bend < 0, 0.5 * (left - right) / np.where(bend < 0, bend, -1), 0)
    offset = offsets[columns + 1] + shift * (offsets[1] - offsets[0])
    return np.stack([places[rows], offset], axis=1), middle.astype(np.float64)


def _fit(points: Corners, strength: Corners, length: float, reach: float) -> tuple[float, float, float]:
    """The line (slope, height at 0) that most edge strength lies on, and the share of places that it goes through."""
    rng = np.random.default_rng(0)
    weight = np.sqrt(np.minimum(strength, _CLEAR))
    chance = weight / weight.sum()
    first, second = (rng.choice(len(points), _TRIALS, p=chance) for _ in range(2))
    run = points[second, 0] - points[first, 0]
    fair = np.abs(run) > 0.2 * length
    slopes = np.where(fair, (points[second, 1] - points[first, 1]) / np.where(fair, run, 1), 0.0)
    fair &= np.abs(slopes) < 0.12
    heights = points[first, 1] - slopes * points[first, 0]
    off = np.abs(points[None, :, 1] - heights[:, None] - slopes[:, None] * points[None, :, 0])
    score = np.where(fair, np.sum(np.maximum(0, 1 - (off / _NEAR) ** 2) * weight, axis=1), -1)
    ends = np.stack([heights, heights + slopes * length])
    likely = score * np.exp(-0.5 * np.mean(ends**2, axis=0) / reach**2)
    best = int(np.argmax(likely))
    # of the two edges of a drawn line the outer one is meant
    outward = ends[:, best, None] - ends
    twin = (score >= _TWIN * score[best]) & np.all((outward > 1) & (outward < _LINE), axis=0)
    if twin.any():
        best = int(np.argmax(np.where(twin, score, 0)))
    slope, height = slopes[best], heights[best]
    for _ in range(4):
        off = points[:, 1] - height - slope * points[:, 0]
        on = np.maximum(0, 1 - (off / _NEAR) ** 2) ** 2 * weight
        if np.count_nonzero(on) < 4:
            break
        mean = on @ points / on.sum()
        spread = points - mean
        slope = float((on * spread[:, 0]) @ spread[:, 1] / max((on * spread[:, 0]) @ spread[:, 0], 1e-9))
        height = float(mean[1] - slope * mean[0])
    off = np.abs(points[:, 1] - height - slope * points[:, 0])
    support = len(np.unique(points[off < _NEAR, 0])) / _SAMPLES
    return float(slope), float(height), float(support)
