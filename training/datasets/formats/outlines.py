"""Shapes as the formats say them: boxes, polygons and run lengths, made into the store's own, and measured."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from training.datasets.formats import rle
from training.datasets.formats.documents import whole
from training.datasets.values import Rle, Shape

__all__ = ["area", "bounds", "box_shape", "outline_shape", "region_shape"]


def box_shape(category: str, left: float, top: float, right: float, bottom: float) -> Shape:
    """A box by its corners; ``ValueError`` where they are the wrong way round."""
    if right < left or bottom < top:
        raise ValueError("its box ends before it begins")
    return Shape(category, left, top, right - left, bottom - top)


def outline_shape(
    category: str, box: Sequence[float] | None, polygons: Sequence[Sequence[float]], *, crowd: bool = False
) -> Shape:
    """A box (left, top, width, height) with polygons (x, y, x, y, ...), or the box around them.

    Raises:
        ValueError: neither is there, the box has a negative side, or a polygon has fewer than three points.
    """
    if any(len(polygon) < 6 or len(polygon) % 2 for polygon in polygons):
        raise ValueError("its outline has fewer than three points")
    if box is None:
        if not polygons:
            raise ValueError("it has neither a box nor an outline")
        box = bounds(polygons)
    left, top, width, height = box
    if width < 0 or height < 0:
        raise ValueError("its box ends before it begins")
    return Shape(category, left, top, width, height, polygons=tuple(tuple(one) for one in polygons), crowd=crowd)


def region_shape(
    category: str,
    box: Sequence[float] | None,
    region: Mapping[str, Any],
    size: tuple[int, int] | None,
    *,
    crowd: bool = False,
) -> Shape:
    """A box with run lengths, a list or a COCO text, or the box around them.

    Raises:
        ValueError: the run lengths are none, or of a picture of another size than ``size`` (width, height).
    """
    stated = region.get("size")
    if not isinstance(stated, list) or len(stated) != 2:
        raise ValueError("its run lengths say no size")
    height, width = (whole(side) for side in stated)
    if size is not None and size != (width, height):
        raise ValueError(f"its run lengths are of {width} x {height} pixels, the picture of {size[0]} x {size[1]}")
    said = region.get("counts")
    if isinstance(said, str):
        counts = rle.unpack(said)
    elif isinstance(said, list):
        counts = tuple(whole(count) for count in said)
    else:
        raise ValueError("its run lengths are missing")
    rle.check(counts, width, height)
    left, top, across, down = box if box is not None else rle.bounds(counts, height)
    if across < 0 or down < 0:
        raise ValueError("its box ends before it begins")
    return Shape(category, left, top, across, down, rle=Rle(counts, height, width), crowd=crowd)


def bounds(polygons: Sequence[Sequence[float]]) -> tuple[float, float, float, float]:
    """Left, top, width and height of the box around polygons."""
    across = [x for polygon in polygons for x in polygon[0::2]]
    down = [y for polygon in polygons for y in polygon[1::2]]
    return min(across), min(down), max(across) - min(across), max(down) - min(down)


def area(shape: Shape) -> float:
    """Square pixels of what is known best: the run lengths, the polygons (shoelace formula), the box; always finite."""
    if shape.rle is not None:
        return float(rle.area(shape.rle.counts))
    if not shape.polygons:
        return min(shape.width * shape.height, sys.float_info.max)
    total = 0.0
    for polygon in shape.polygons:
        xs, ys = polygon[0::2], polygon[1::2]
        ends = zip(xs, ys, (*xs[1:], xs[0]), (*ys[1:], ys[0]), strict=True)
        total += abs(sum(x * next_y - next_x * y for x, y, next_x, next_y in ends)) / 2
    return total if math.isfinite(total) else sys.float_info.max
