"""Boxes and outlines through a homography: warped, clipped to the picture, and measured."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.augmentation.sample import Sample

__all__ = ["warp_points", "warp_shapes"]

Points = NDArray[np.float64]
Size = tuple[int, int]
_EXACT = 1e-9


def warp_points(points: Points, matrix: NDArray[np.float64]) -> Points:
    """float64 (..., 2): where ``points`` are after ``matrix``, (3, 3)."""
    if not points.size:
        return points
    moved = points @ matrix[:, :2].T + matrix[:, 2]
    warped: Points = moved[..., :2] / moved[..., 2:]
    return warped


def warp_shapes(
    sample: Sample, matrix: NDArray[np.float64], size: Size, min_visible: float
) -> tuple[Points, NDArray[np.int64], list[Points], NDArray[np.int64], NDArray[np.int64]]:
    """Boxes and outlines as they are after ``matrix``.

    Args:
        sample: whose they are.
        matrix: float64 (3, 3), between label coordinates.
        size: width and height afterwards.
        min_visible: share of the area that must be left.

    Returns:
        Boxes (M, 4), the old places of the boxes (M,), outlines, the old places of the outlines, and their owners.
    """
    outlines: list[Points] = []
    outlines_of: list[int] = []
    owned: dict[int, list[Points]] = {}
    shares: dict[int, list[float]] = {}
    owners = sample.owners.tolist()
    for place, (polygon, owner) in enumerate(zip(sample.polygons, owners, strict=True)):
        clipped, left, whole = _through(polygon, matrix, sample.size, size)
        if owner >= 0:
            areas = shares.setdefault(owner, [0.0, 0.0])
            areas[0] += left
            areas[1] += whole
        elif left < min_visible * whole:
            continue
        if len(clipped) >= 3:
            outlines.append(clipped)
            outlines_of.append(place)
            if owner >= 0:
                owned.setdefault(owner, []).append(clipped)
    kept, boxes = [], []
    bare = _bare_boxes(sample.boxes, matrix, sample.size, size)
    for place, (bare_box, bare_share) in enumerate(bare):
        box, share = bare_box, bare_share
        if place in shares:
            left, whole = shares[place]
            share = left / whole if whole > 0 else share
            if place in owned:
                every = np.concatenate(owned[place])
                box = np.concatenate([every.min(0), every.max(0)])
        if box is not None and share >= min_visible:
            kept.append(place)
            boxes.append(box)
    new = {old: at for at, old in enumerate(kept)}
    alive = [at for at, old in enumerate(outlines_of) if owners[old] < 0 or owners[old] in new]
    return (
        np.array(boxes).reshape(-1, 4),
        np.array(kept, np.int64),
        [outlines[at] for at in alive],
        np.array([outlines_of[at] for at in alive], np.int64),
        np.array([new.get(owners[outlines_of[at]], -1) for at in alive], np.int64),
    )


def _bare_boxes(
    boxes: Points, matrix: NDArray[np.float64], before: Size, after: Size
) -> list[tuple[Points | None, float]]:
    """For each box, itself by its corners, and which share of it is left."""
    if not len(boxes):
        return []
    corners = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)
    inside = _within(corners, before)
    warped = np.zeros_like(corners)
    warped[inside] = warp_points(corners[inside], matrix)
    whole = inside & _within(warped, after)
    found: list[tuple[Points | None, float]] = []
    for place, entire in enumerate(whole.tolist()):
        if entire:
            found.append((np.concatenate([warped[place].min(0), warped[place].max(0)]), 1.0))
            continue
        clipped, left, area = _through(corners[place], matrix, before, after)
        box = np.concatenate([clipped.min(0), clipped.max(0)]) if len(clipped) else None
        found.append((box, left / area if area > 0 else float(box is not None)))
    return found


def _within(points: Points, size: Size) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = np.all((points >= -_EXACT) & (points <= np.array(size) + _EXACT), axis=(1, 2))
    return inside


def _through(polygon: Points, matrix: NDArray[np.float64], before: Size, after: Size) -> tuple[Points, float, float]:
    """What of a polygon is in the picture, its area, and the area that was in the picture and has been moved.

    It is clipped before as well: beyond the picture may lie the horizon of a perspective.
    """
    seen = _clip(polygon, before)
    if len(seen) < 3:
        return seen, 0.0, 0.0
    warped = warp_points(seen, matrix)
    clipped = _clip(warped, after)
    return clipped, _area(clipped), _area(warped)


def _area(points: Points) -> float:
    """The shoelace formula."""
    if len(points) < 3:
        return 0.0
    x, y = points[:, 0], points[:, 1]
    closing = x[-1] * y[0] - y[-1] * x[0]
    return abs(float(x[:-1] @ y[1:] - y[:-1] @ x[1:] + closing)) / 2


def _clip(points: Points, size: Size) -> Points:
    """Sutherland and Hodgman, "Reentrant polygon clipping", 1974, against the picture."""
    if ((points >= -_EXACT) & (points <= np.array(size) + _EXACT)).all():
        return points
    corners: list[list[float]] = points.tolist()
    for axis, limit, sign in ((0, 0.0, 1.0), (0, float(size[0]), -1.0), (1, 0.0, 1.0), (1, float(size[1]), -1.0)):
        corners = _clip_side(corners, axis, limit, sign)
    return np.array(corners).reshape(-1, 2)


def _clip_side(corners: list[list[float]], axis: int, limit: float, sign: float) -> list[list[float]]:
    kept: list[list[float]] = []
    for before, here in zip([*corners[-1:], *corners[:-1]], corners, strict=True):
        last, now = (before[axis] - limit) * sign, (here[axis] - limit) * sign
        if (last < 0) != (now < 0):
            part = last / (last - now)
            crossing = [before[0] + part * (here[0] - before[0]), before[1] + part * (here[1] - before[1])]
            crossing[axis] = limit
            kept.append(crossing)
        if now >= 0:
            kept.append(here)
    return kept
