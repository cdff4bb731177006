"""The hand of the mask editor: its tools, what they do to the mask, and what becomes one act."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from desktop.labelling.mask_assists import Assists
from desktop.labelling.mask_outlines import MaskOutlines
from desktop.labelling.mask_rough import RoughBox
from desktop.labelling.mask_tools import PatchMap, PatchTool, RoughTool
from desktop.widgets.canvas import (
    Box,
    BrushTool,
    Canvas,
    Clipboard,
    EraserTool,
    FillTool,
    LassoTool,
    PathTool,
    Point,
    PolygonTool,
    Tool,
)
from models.heads.painting import hex_colour
from training.datasets.masks import UNKNOWN_PIXEL
from training.labelling.edges import Window
from training.labelling.mask_painting import MaskPainting, joined

__all__ = ["BRUSHES", "MaskHand"]

BRUSHES = ("brush", "eraser")
"""Keys of the tools that have a size."""

_PATCHES = (25, 6400)
_WHOLE = 1200
"""Pixels of a picture's longer side up to which patches are of all of it, not of what is seen."""
_UNKNOWN_COLOUR = "#808080"

PatchPixels = Callable[[int], tuple[Window, NDArray[np.bool_]]]


class MaskHand:
    """Paints on one mask after another.

    Args:
        canvas: shows the mask.
        done: called after each act with words for it, only where a pixel has changed.
        said: called with a sentence on what to do, "" for nothing more to say.
        sized: called with another radius of the brushes.
    """

    def __init__(
        self,
        canvas: Canvas,
        *,
        done: Callable[[str], object],
        said: Callable[[str], object],
        sized: Callable[[float], object],
    ) -> None:
        self._canvas, self._done, self._said = canvas, done, said
        self._painting: MaskPainting | None = None
        self._assists: Assists | None = None
        self._index, self._name = 0, ""
        self._rough: RoughBox | None = None
        self._looking: list[RoughBox] = []
        self._outlines: MaskOutlines | None = None
        self._changed: Window | None = None
        self._clipboard = Clipboard()
        self._patch_count = 400
        self._patch_pixels: PatchPixels | None = None
        brush = BrushTool(canvas, painted=self._brush, done=self._brushed, radius_changed=sized)
        eraser = EraserTool(canvas, painted=self._erase, done=self._erased, radius_changed=sized)
        self._brushes = (brush, eraser)
        self._patches = PatchTool(
            canvas,
            painted=self._paint_patch,
            done=self._brushed,
            resized=self._resize_patches,
            missing=self._find_patches,
        )
        self._tools: dict[str, Tool] = {
            "brush": brush,
            "eraser": eraser,
            "fill": FillTool(canvas, done=self._fill),
            "polygon": PolygonTool(canvas, done=self._outline),
            "lasso": LassoTool(canvas, done=self._outline),
            "scissors": PathTool(canvas, path=self._path, done=self._outline, begun=lambda at: self._path(at, at)),
            "rough": RoughTool(canvas, done=self._draw_rough, corrected=self._correct_rough),
            "patches": self._patches,
        }

    @property
    def outlining(self) -> bool:
        """Whether outlines are shown to be moved."""
        return self._outlines is not None

    def begin(self, painting: MaskPainting, assists: Assists) -> None:
        """Paint on this one from now on."""
        if assists is not self._assists:
            self._patches.set_patches(None)
            self._patch_pixels = None
        self._drop_rough()
        self._painting, self._assists = painting, assists
        self._outlines = self._changed = None

    def end(self) -> None:
        """Paint no more."""
        self._drop_rough()
        self._canvas.set_tool(None)
        self._painting = self._assists = self._outlines = self._changed = None
        self._patches.set_patches(None)

    def set_category(self, index: int, name: str) -> None:
        """Paint with this."""
        self._index, self._name = index, name

    def set_radius(self, radius: float) -> None:
        """How large the brushes are, pixels of the picture."""
        for brush in self._brushes:
            if brush.radius != radius:
                brush.set_radius(radius)

    def take(self, key: str) -> None:
        """Take a tool, or the outlines of what is painted with the category."""
        painting, assists = self._painting, self._assists
        if painting is None or assists is None:
            return
        self._outlines = None
        if key == "outlines":
            colour = hex_colour(self._index) if self._index != UNKNOWN_PIXEL else _UNKNOWN_COLOUR
            self._outlines = MaskOutlines(
                self._canvas,
                painting,
                self._index,
                self._name,
                colour,
                done=self._outlines_done,
                said=self._said,
                clipboard=self._clipboard,
            )
            self._canvas.set_tool(self._outlines.tool)
            self._outlines.show()
            return
        self._canvas.set_tool(self._tools[key])
        if key in ("scissors", "rough"):
            assists.prepare()
        elif key == "patches" and self._patches.patches is None:
            self._find_patches()

    # -- acts ---------------------------------------------------------------------------------------------------------

    def touch(self, changed: Window | None) -> None:
        """Part of an act: shown, and not yet one."""
        if changed is not None:
            self._changed = joined(self._changed, changed)
            self._canvas.mask_changed((changed.left, changed.top, *changed.size))

    def finish(self, changed: Window | None, words: str) -> None:
        """The end of an act that was not the rough box's: strokes correct that no more; its answer may still come."""
        self._rough = None
        self._finish(changed, words)

    def _finish(self, changed: Window | None, words: str) -> None:
        self.touch(changed)
        if self._changed is not None:
            self._changed = None
            self._done(words)

    def _drop_rough(self) -> None:
        for one in self._looking:
            one.stop()
        self._rough, self._looking = None, []

    def _outlines_done(self, changed: Window | None, words: str) -> None:
        self.finish(changed, words)

    def _brush(self, points: tuple[Point, ...], radius: float) -> None:
        if self._painting is not None:
            self.touch(self._painting.stroke(points, radius, self._index))

    def _brushed(self) -> None:
        self.finish(None, f"Painted {self._name}")

    def _erase(self, points: tuple[Point, ...], radius: float) -> None:
        if self._painting is not None:
            self.touch(self._painting.stroke(points, radius, self._painting.ground, erase=True))

    def _erased(self) -> None:
        self.finish(None, "Erased")

    def _fill(self, column: int, row: int) -> None:
        if self._painting is not None:
            self.finish(self._painting.fill_at(column, row, self._index), f"Filled with {self._name}")

    def _outline(self, points: tuple[Point, ...]) -> None:
        if self._painting is not None:
            self.finish(self._painting.outline(points, self._index), f"Painted {self._name}")

    # -- assists ------------------------------------------------------------------------------------------------------

    def _path(self, start: Point, end: Point) -> Sequence[Point]:
        if self._assists is None:
            return [start, end]
        return self._assists.scissors_path(start, end, max(1, int(1 / self._canvas.scale_now)))

    def _draw_rough(self, box: Box) -> None:
        if self._painting is None or self._assists is None:
            return
        self._rough = RoughBox(self._painting, self._assists, box, self._index, self._name, self._rough_done)
        self._looking = [*(one for one in self._looking if one.pending), self._rough]
        self._said("Looking for it…")
        self._rough.run()

    def _rough_done(self, changed: Window | None, name: str) -> None:
        self._said("" if changed is not None else f"Nothing new was found for {name} there; draw the box wider.")
        self._finish(changed, f"Painted {name} by a rough box")

    def _correct_rough(self, points: tuple[Point, ...], radius: float, belongs: bool) -> None:
        if self._rough is None:
            self._said("Draw a rough box first: strokes correct what was found in it.")
        else:
            self._rough.correct(points, radius, belongs=belongs)

    def _find_patches(self) -> None:
        if self._assists is None:
            return
        whole = QRectF(0, 0, *self._canvas.picture_size)
        seen = self._canvas.seen.intersected(whole) if max(self._canvas.picture_size) > _WHOLE else whole
        self._said("Looking for patches…")
        self._assists.patches(
            (seen.left(), seen.top(), seen.width(), seen.height()), self._patch_count, self._patches_found
        )

    def _patches_found(self, found: tuple[PatchMap, PatchPixels]) -> None:
        patches, self._patch_pixels = found
        self._patches.set_patches(patches)
        self._said("")

    def _resize_patches(self, factor: float) -> None:
        self._patch_count = int(min(_PATCHES[1], max(_PATCHES[0], self._patch_count / factor)))
        self._find_patches()

    def _paint_patch(self, patch: int) -> None:
        if self._painting is not None and self._patch_pixels is not None:
            window, covered = self._patch_pixels(patch)
            self.touch(self._painting.paint(window, covered, self._index))
