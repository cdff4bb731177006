"""The canvas: a picture with what is marked on it, and a tool in the hand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGraphicsItem, QGraphicsView, QStyleOptionGraphicsItem, QWidget

from desktop.theme import tokens
from desktop.widgets.canvas.mask_layer import MaskLayer
from desktop.widgets.canvas.pyramid import Pyramid
from desktop.widgets.canvas.shapes import Box, CanvasShape
from desktop.widgets.canvas.shapes_layer import ShapesLayer
from desktop.widgets.canvas.surroundings import Surroundings
from desktop.widgets.canvas.tool import Tool

__all__ = ["Canvas"]

_REACH = 6.0  # pixels of the screen from an edge, within which it is meant
_PARTS = 8
_TOOL_EDGE = 14.0  # likewise, that a tool may paint beyond what it says


class Canvas(Surroundings):
    """One picture, upright, at full-size pixel coordinates.

    Signals:
        pointed: x and y of the picture under the pointer; -1, -1 where it is off the picture.
        shapes_selected: ids of the shapes that the person selected.
        context_wanted: x and y of the picture and where on the screen, at the right button.
    """

    pointed = Signal(float, float)
    shapes_selected = Signal(list)
    context_wanted = Signal(float, float, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mask_layer, self._shapes_layer, self._tool_layer = MaskLayer(), ShapesLayer(), _ToolLayer(self)
        self._mask_layer.set_palette(())
        for layer in (self._mask_layer, self._shapes_layer, self._tool_layer):
            self._held_scene.addItem(layer)
        self._overlay = 1.0
        self._tool: Tool | None = None
        self._name = ""
        self._tool_reach: QRectF | None = QRectF()
        self._key_filter: Callable[[QKeyEvent], bool] | None = None
        self.set_overlay(0.6)
        self._say()

    # -- the picture --------------------------------------------------------------------------------------------------

    def set_picture(
        self,
        image: QImage | Pyramid | None,
        *,
        width: int = 0,
        height: int = 0,
        message: str = "",
        sign: str = "image-off",
        name: str = "",
    ) -> None:
        """Show a picture, fitted, with nothing marked on it.

        Args:
            image: the picture, or None.
            width: of it at full size, where ``image`` is a reduced one.
            height: likewise.
            message: what to say in place of a picture.
            sign: the icon over it.
            name: for who can't see it.
        """
        if self._tool is not None:
            self._tool.cancel()
        self._message, self._sign, self._name = message, sign, name
        self._picture_layer.set_picture(_pyramid(image, width, height))
        self._mask_layer.set_mask(None, self.picture_size)
        self._shapes_layer.set_shapes(())
        self._curtain_changed()
        self._say()
        self.fit()

    def swap_picture(self, image: QImage | Pyramid) -> None:
        """Show a picture of the same size in place of the one there is, at the same place and zoom."""
        width, height = self.picture_size
        picture = _pyramid(image, width, height)
        if picture is not None:
            self._picture_layer.swap_picture(picture)

    def set_compare(self, image: QImage | Pyramid | None, words: tuple[str, str] = ("Before", "After")) -> None:
        """Show ``image`` right of a curtain over the picture; None for no curtain."""
        width, height = self.picture_size
        self._picture_layer.set_other(_pyramid(image, width, height))
        self._words = words
        self._curtain_changed()

    def set_superimposed(self, image: QImage | None) -> None:
        """Lay a picture with transparency over the picture, stretched; None for none."""
        self._picture_layer.set_above(image)

    # -- mask and shapes ----------------------------------------------------------------------------------------------

    def set_mask(self, indices: NDArray[np.uint8] | None, palette: Sequence[str] = ()) -> None:
        """Show a category for each pixel.

        Args:
            indices: contiguous uint8 (H, W), stretched over the picture, not copied: call ``mask_changed`` after
                writing into it; 255 is unknown, and hatched. None for no mask.
            palette: #RRGGBB of each category, "" for one that is not painted.
        """
        self._mask_layer.set_mask(indices, self.picture_size)
        self._mask_layer.set_palette(palette)

    def set_mask_palette(self, palette: Sequence[str]) -> None:
        """Paint the mask in other colours."""
        self._mask_layer.set_palette(palette)

    def mask_changed(self, box: tuple[int, int, int, int] | None = None) -> None:
        """Paint left, top, width, height of the mask anew, in its own pixels; None for all of it."""
        self._mask_layer.changed(box)

    def set_overlay(self, opacity: float) -> None:
        """How much of what is filled hides the picture, 0 to 1."""
        self._overlay = min(1.0, max(0.0, opacity))
        self._mask_layer.setOpacity(self._overlay)
        self._shapes_layer.set_fill(self._overlay)

    @property
    def overlay(self) -> float:
        """As ``set_overlay``."""
        return self._overlay

    @property
    def shapes(self) -> tuple[CanvasShape, ...]:
        """All, the lowest first."""
        return self._shapes_layer.shapes

    @property
    def selected(self) -> tuple[CanvasShape, ...]:
        """Those that are, the lowest first."""
        return tuple(one for one in self.shapes if one.selected)

    def shape(self, number: int) -> CanvasShape | None:
        """By its id."""
        return self._shapes_layer.find(number)

    def set_shapes(self, shapes: Sequence[CanvasShape]) -> None:
        """Show these, the lowest first; no two with one id."""
        self._shapes_layer.set_shapes(shapes)
        self.redraw_tool()
        self._say()

    def update_shapes(self, shapes: Sequence[CanvasShape]) -> None:
        """Show these in place of those with their ids."""
        self._shapes_layer.set_pixel(1 / self._scale)
        self._shapes_layer.update_shapes(shapes)
        self.redraw_tool()

    def select(self, ids: Collection[int]) -> None:
        """Let these stand out, and no others."""
        wanted = set(ids)
        self.update_shapes(
            [replace(one, selected=not one.selected) for one in self.shapes if one.selected != (one.id in wanted)]
        )
        self._say()

    def pick(self, ids: Collection[int]) -> None:
        """As ``select``, because the person did it."""
        before = [one.id for one in self.selected]
        self.select(ids)
        after = [one.id for one in self.selected]
        if after != before:
            self.shapes_selected.emit(after)

    def shape_at(self, x: float, y: float) -> CanvasShape | None:
        """The smallest shape under a point of the picture, or with an edge a few pixels of the screen away."""
        return self._shapes_layer.at(x, y, _REACH / self._scale)

    def shapes_within(self, area: QRectF) -> list[CanvasShape]:
        """Those whose box touches ``area`` of the picture."""
        return self._shapes_layer.within(area)

    def show_shape(self, box: Box) -> None:
        """Bring a box into view."""
        self.show_box(box)

    def _say(self) -> None:
        self.setAccessibleName(f"Picture {self._name}".strip())
        marked, chosen = len(self.shapes), [one.name for one in self.selected]
        said = f"{marked:,} marked" if marked else "Nothing marked"
        self.setAccessibleDescription(f"{said}; selected: {', '.join(chosen[:8])}" if chosen else said)

    # -- tool ---------------------------------------------------------------------------------------------------------

    @property
    def tool(self) -> Tool | None:
        """In the hand."""
        return self._tool

    def set_tool(self, tool: Tool | None) -> None:
        """Take a tool in hand, None for none: then the left button pans."""
        if self._tool is not None and self._tool is not tool:
            self._tool.cancel()
        self._tool = tool
        self._show_cursor()
        self.redraw_tool()

    def redraw_tool(self) -> None:
        """Paint what the tool paints anew, where it was and where it is."""
        reach = self._tool.reach() if self._tool is not None else QRectF()
        for area in (self._tool_reach, reach):
            if area is None:
                self._tool_layer.update()
            elif not area.isNull():
                edge = _TOOL_EDGE / self._scale
                self._tool_layer.update(area.adjusted(-edge, -edge, edge, edge))
        self._tool_reach = reach

    def paint_tool(self, painter: QPainter) -> None:
        """For the layer of the tool."""
        if self._tool is not None and all(self.picture_size):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._tool.paint(painter, tokens(self.palette()), 1 / self._scale)

    def set_key_filter(self, keys: Callable[[QKeyEvent], bool] | None) -> None:
        """Offer keys that the tool doesn't take to ``keys``, before the canvas takes them itself."""
        self._key_filter = keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """To the tool, to whoever asked for keys, then to the canvas."""
        if self._tool is not None and all(self.picture_size):
            if event.key() == Qt.Key.Key_Escape and self._tool.busy:
                self._tool.cancel()
                return
            if self._tool.key(event):
                return
        if self._key_filter is not None and self._key_filter(event):
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The layers paint what of the screen is asked for, part by part."""
        back = self.viewportTransform().inverted()[0]
        region = event.region()
        boxes = [region.boundingRect()] if region.rectCount() > _PARTS else list(region)  # type: ignore[call-overload]
        parts = [back.mapRect(QRectF(box)) for box in boxes]
        self._picture_layer.parts = self._mask_layer.parts = parts
        if self._shapes_layer.look(self.seen, parts):
            self.viewport().update()
        super().paintEvent(event)

    # -- parts --------------------------------------------------------------------------------------------------------

    def _framed(self, frame: QRectF) -> None:
        super()._framed(frame)
        self._shapes_layer.set_frame(frame)
        self._tool_layer.set_frame(frame)

    def _curtain_changed(self) -> None:
        closed = self._picture_layer.other is None
        modes = QGraphicsView.ViewportUpdateMode
        # The curtain stays where it is on the screen, so nothing can be shifted while one is there.
        self.setViewportUpdateMode(modes.MinimalViewportUpdate if closed else modes.FullViewportUpdate)
        self._hang_curtain()
        self.viewport().update()

    def _point(self, at: QPointF) -> None:
        point, (width, height) = self.to_picture(at), self.picture_size
        on = 0 <= point.x() <= width and 0 <= point.y() <= height and width > 0
        self.pointed.emit(point.x() if on else -1.0, point.y() if on else -1.0)

    def _ask_context(self, point: QPointF, where: QPoint) -> None:
        self.context_wanted.emit(point.x(), point.y(), where)


class _ToolLayer(QGraphicsItem):
    """What the tool paints, over all shapes."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        self._canvas = canvas
        self._frame = QRectF()

    def set_frame(self, frame: QRectF) -> None:
        self.prepareGeometryChange()
        self._frame = frame

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        return self._frame

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        self._canvas.paint_tool(painter)


def _pyramid(image: QImage | Pyramid | None, width: int, height: int) -> Pyramid | None:
    if image is None or isinstance(image, Pyramid):
        return image
    return None if image.isNull() else Pyramid(image, width=width, height=height)
