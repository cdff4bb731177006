"""Finding the largest thing with four corners in a picture, so that a person only has to nod."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training.labelling.rectifying import Corners, crossed

__all__ = ["find_quad"]

_LONGEST = 400
_SMALLEST, _LARGEST = 0.08, 0.985
"""Parts of the picture that the thing may cover."""
_ROUNDED = 0.12
_OFF = 0.03
"""Parts of a side: at each end, where corners may be round, and away from it."""


def find_quad(pixels: NDArray[np.uint8], ratio: float | None = None) -> Corners | None:
    """The largest thing with four corners in a picture, (4, 2), not yet snapped; None where there is none.

    Args:
        pixels: uint8 (H, W, 3).
        ratio: width over height of the thing, to leave out what is far from it.
    """
    height, width = pixels.shape[:2]
    scale = min(1.0, _LONGEST / max(height, width))
    small = cv2.resize(
        pixels, (max(8, round(width * scale)), max(8, round(height * scale))), interpolation=cv2.INTER_AREA
    )
    best: tuple[float, Corners] | None = None
    for mask in _candidates(small):
        outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for outline in outlines:
            hull = cv2.convexHull(outline)
            size = cv2.contourArea(hull)
            if not _SMALLEST * mask.size <= size <= _LARGEST * mask.size:
                continue
            quad = _four(hull)
            if quad is None:
                continue
            full = cv2.contourArea(quad.astype(np.float32))
            score = (
                float(size / max(full, 1.0)) * min(1.0, cv2.contourArea(outline) / size) * (full / mask.size) ** 0.25
            )
            ordered = _ordered(quad)
            sides = np.hypot(*(np.roll(ordered, -1, axis=0) - ordered).T)
            if ratio is not None:
                seen = (sides[0] + sides[2]) / max(1e-6, sides[1] + sides[3])
                score *= max(0.0, 1 - 2 * abs(np.log(seen / ratio)))
            if score > 0.4 and (best is None or score > best[0]):
                best = score, (ordered + 0.5) / scale
    return None if best is None else best[1]


def _candidates(small: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Masks, uint8, that may show the thing: by edges at several strengths, and by colour unlike that of the frame."""
    lab = cv2.cvtColor(cv2.GaussianBlur(small, (0, 0), 1.5), cv2.COLOR_RGB2LAB)
    masks = []
    for low in (15, 30, 60):
        edges = np.max(
            [cv2.Canny(np.ascontiguousarray(lab[..., channel]), low, 3 * low) for channel in range(3)], axis=0
        )
        masks.append(cv2.morphologyEx(edges, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)))
    rim = np.concatenate(
        [lab[:4].reshape(-1, 3), lab[-4:].reshape(-1, 3), lab[:, :4].reshape(-1, 3), lab[:, -4:].reshape(-1, 3)]
    )
    centre = np.median(rim, axis=0)
    away = np.sqrt(np.sum((lab.astype(np.float32) - centre) ** 2, axis=2))
    grey = np.minimum(away * 3, 255).astype(np.uint8)
    _, mask = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    masks.append(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)))
    return masks


def _four(hull: NDArray[np.int32]) -> Corners | None:
    """A hull with four corners: where its four longest straight parts meet."""
    length = cv2.arcLength(hull, True)
    for share in (0.01, 0.015, 0.02, 0.03, 0.05):
        few = cv2.approxPolyDP(hull, share * length, True).reshape(-1, 2).astype(np.float64)
        if len(few) < 4:
            return None
        sides = np.roll(few, -1, axis=0) - few
        longest = np.sort(np.argsort(-np.hypot(*sides.T))[:4])
        corners = crossed([np.stack([few[side], few[(side + 1) % len(few)]]) for side in longest])
        if corners is not None and cv2.isContourConvex(corners.astype(np.float32)):
            grown = cv2.contourArea(corners.astype(np.float32)) / max(1.0, cv2.contourArea(hull))
            if grown < 1.15:
                return _fitted(hull.reshape(-1, 2).astype(np.float64), corners)
    return None


def _fitted(hull: Corners, corners: Corners) -> Corners:
    """The same corners from lines through all of the hull that runs along each side."""
    steps = np.linspace(0, 1, 20, endpoint=False)[:, None]
    around = np.concatenate([a + steps * (b - a) for a, b in zip(hull, np.roll(hull, -1, axis=0), strict=True)])
    lines = []
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        along = end - start
        length = float(np.hypot(*along))
        share = (around - start) @ along / length**2
        off = np.abs((around - start) @ np.array([-along[1], along[0]])) / length
        near = around[(share > _ROUNDED) & (share < 1 - _ROUNDED) & (off < _OFF * length)]
        if len(near) < 2:
            return corners
        dx, dy, x, y = cv2.fitLine(near.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
        lines.append(np.array([(x, y), (x + dx, y + dy)], np.float64))
    fitted = crossed(lines)
    return corners if fitted is None or np.abs(fitted - corners).max() > 20 else fitted


def _ordered(quad: Corners) -> Corners:
    """From the corner nearest to the top left on, round from x towards y."""
    around = quad[np.argsort(np.arctan2(*(quad - quad.mean(axis=0)).T[::-1]))]
    first = int(np.argmin(around.sum(axis=1)))
    return np.roll(around, -first, axis=0)
