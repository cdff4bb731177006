"""Shapes that were copied, from picture to picture; and where they land."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desktop.widgets.canvas.shapes import CanvasShape, bounds_of, moved

__all__ = ["Clipboard", "copies"]


@dataclass
class Clipboard:
    """One for all pictures."""

    shapes: tuple[CanvasShape, ...] = ()


def copies(
    shapes: Sequence[CanvasShape], present: Sequence[CanvasShape], size: tuple[int, int], step: float
) -> tuple[CanvasShape, ...]:
    """Copies of ``shapes``, with ids of -1: where they were; beside that where one of them lies there already.

    Args:
        shapes: what was copied.
        present: what there is.
        size: of the picture; copies that lay outside of it are brought in.
        step: pixels to the right and below.
    """
    if not shapes:
        return ()
    taken = {(one.name, one.box, one.polygons) for one in present}
    shift = 0.0
    while any((one.name, one.box, one.polygons) in taken for one in (moved(o, shift, shift) for o in shapes)):
        shift += step
    points = [
        (one.bounds[0] + x * one.bounds[2], one.bounds[1] + y * one.bounds[3])
        for one in shapes
        for x in (0, 1)
        for y in (0, 1)
    ]
    left, top, width, height = bounds_of(points)
    across = _inside(left + shift, width, size[0]) - left
    down = _inside(top + shift, height, size[1]) - top
    return tuple(replace(moved(one, across, down), id=-1, dashed=False, selected=False) for one in shapes)


def _inside(start: float, length: float, room: float) -> float:
    """Where a length begins so that as much as can be lies in the room; one that stuck out keeps within."""
    return max(0.0, min(start, room - length))
