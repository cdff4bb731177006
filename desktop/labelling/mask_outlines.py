"""The pieces of one category of a mask as outlines with points to move: a mask made into polygons, and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from desktop.widgets.canvas import Canvas, CanvasShape, Clipboard, Point, SelectTool, bounds_of
from training.labelling.edges import Window
from training.labelling.geometry import is_simple, repair, simplify
from training.labelling.mask_painting import MaskPainting, joined
from training.labelling.outlines import trace
from training.labelling.planar import Region

__all__ = ["MaskOutlines", "as_shape"]

_MOST = 500
"""Pieces that are shown: the largest."""


def as_shape(
    number: int, name: str, colour: str, region: Region, tolerance: float, *, dashed: bool = False
) -> CanvasShape:
    """A region as the canvas draws it, its outlines off by at most ``tolerance`` pixels."""
    rings = [simplify(ring, tolerance) for ring in region.rings]
    polygons = tuple(tuple((float(x), float(y)) for x, y in ring) for ring in rings)
    return CanvasShape(number, name, colour, bounds_of(polygons[0]), polygons, dashed=dashed)


class MaskOutlines:
    """Outlines of what is painted with one category; what is done to them is painted.

    Args:
        canvas: shows them.
        painting: the mask.
        index: of the category.
        name: of it.
        colour: of it.
        done: called with what has changed of the mask, and words for it.
        said: called with a sentence.
        clipboard: shared between pictures.
    """

    def __init__(
        self,
        canvas: Canvas,
        painting: MaskPainting,
        index: int,
        name: str,
        colour: str,
        *,
        done: Callable[[Window | None, str], object],
        said: Callable[[str], object],
        clipboard: Clipboard,
    ) -> None:
        self._canvas, self._painting, self._index = canvas, painting, index
        self._name, self._colour, self._done, self._said = name, colour, done, said
        self._rings: dict[int, Sequence[NDArray[np.float64]]] = {}
        self._next = 0
        self.tool = SelectTool(
            canvas, changed=self._changed, removed=self._removed, pasted=self._pasted, clipboard=clipboard
        )

    def show(self) -> None:
        """Show the outlines of what is painted now."""
        longest = max(self._painting.size)
        tolerance = max(1.0, longest / 2000)
        regions = trace(self._painting.indices == self._index)
        self._rings = dict(enumerate(region.rings for region in regions[:_MOST]))
        self._next = len(self._rings)
        shapes = [as_shape(k, self._name, self._colour, one, tolerance) for k, one in enumerate(regions[:_MOST])]
        self._canvas.set_shapes(shapes)
        if not regions:
            self._said(f"Nothing is painted as {self._name}; paint it first.")
        elif len(regions) > _MOST:
            self._said(f"{self._name} is in {len(regions):,} pieces, and the largest {_MOST} are shown.")

    def _changed(self, shapes: tuple[CanvasShape, ...], words: str) -> None:
        changed: Window | None = None
        for shape in shapes:
            changed = joined(changed, self._erase(shape.id))
        for shape in shapes:
            changed = joined(changed, self._paint(shape))
        self._done(changed, f"{words}: {self._name}")

    def _removed(self, numbers: tuple[int, ...]) -> None:
        changed: Window | None = None
        for number in numbers:
            changed = joined(changed, self._erase(number))
            self._rings.pop(number, None)
        self._canvas.set_shapes([one for one in self._canvas.shapes if one.id not in numbers])
        self._done(changed, f"Removed {self._name}")

    def _pasted(self, shapes: tuple[CanvasShape, ...]) -> None:
        changed: Window | None = None
        added = []
        for shape in shapes:
            added.append(replace(shape, id=self._next, name=self._name, colour=self._colour, dashed=False))
            self._next += 1
            changed = joined(changed, self._paint(added[-1]))
        self._canvas.set_shapes([*self._canvas.shapes, *added])
        self._done(changed, f"Pasted {self._name}")

    def _erase(self, number: int) -> Window | None:
        rings = self._rings.get(number, ())
        return self._painting.rings(rings, self._painting.ground, only=self._index)

    def _paint(self, shape: CanvasShape) -> Window | None:
        polygons: Sequence[Sequence[Point]] = shape.polygons or (_corners(shape),)
        rings: list[NDArray[np.float64]] = []
        for polygon in polygons:
            ring = np.array(polygon, np.float64).reshape(-1, 2)
            if is_simple(ring):
                rings.append(ring)
            else:
                rings += [one for region in repair(ring) for one in region.rings]
                self._said("That outline crosses itself; all that it goes around is painted.")
        self._rings[shape.id] = rings
        return self._painting.rings(rings, self._index)


def _corners(shape: CanvasShape) -> Sequence[Point]:
    left, top, width, height = shape.box
    return (left, top), (left + width, top), (left + width, top + height), (left, top + height)
