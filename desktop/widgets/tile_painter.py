"""How headers and tiles look, and the pictures they have been given so far (bounded)."""

from __future__ import annotations

import time

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from desktop.theme import GAP, TYPE, Tokens, draw_icon, sized, tokens
from desktop.widgets.grid_layout import Cell, GridLayout
from desktop.widgets.lru import Lru
from desktop.widgets.tile_look import CORRECTED, Chip, Tile, draw_chips

__all__ = ["MARGIN", "Chip", "Tile", "TilePainter"]

MARGIN = 6  # beside the tiles: room for the ring of a selected one, and the outline of a section
_CORNER = 4
_MARK = 11
_PICTURE_BYTES = 96 << 20  # thumbnails kept at the size they were loaded
_SCALING_SECONDS = 0.006
_SCALED_BYTES = 64 << 20  # and at the size they are shown; twice what a 4K screen of the smallest tiles needs


class TilePainter:
    """Paints for ``widget``, whose palette, font and screen resolution it follows."""

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        self._pictures: Lru[int, QImage] = Lru(_PICTURE_BYTES)
        self._scaled: Lru[int, QPixmap] = Lru(_SCALED_BYTES)
        self._broken: set[int] = set()
        self._scaling = 0.0  # seconds that this paint has scaled so far; what else it does must not use them up
        self.behind = False

    def begin(self) -> None:
        """A paint starts. It scales new pictures for a few milliseconds; with more of them, ``behind`` is set and they
        come with the next paint, so that the window never waits for them.
        """
        self._scaling = 0.0
        self.behind = False

    @property
    def picture_bytes(self) -> int:
        """Bytes of the pictures that are kept."""
        return self._pictures.cost

    def wants(self, key: int) -> bool:
        """Whether a picture for ``key`` is missing and might be had."""
        return key not in self._pictures and key not in self._broken

    def give(self, key: int, picture: QImage | None) -> None:
        """Keep the picture of a tile; None when there is none to be had."""
        if picture is None:
            self._broken.add(key)
        else:
            self._pictures.put(key, picture, picture.sizeInBytes())
            self._scaled.discard(key)

    def drop(self, key: int) -> None:
        """Let go of the picture of one tile, or of there being none."""
        self._pictures.discard(key)
        self._scaled.discard(key)
        self._broken.discard(key)

    def forget_sizes(self) -> None:
        """Tiles changed size or theme: scale the pictures anew."""
        self._scaled.clear()

    def forget(self) -> None:
        """Let go of every picture."""
        self._pictures.clear()
        self._scaled.clear()
        self._broken.clear()

    def header_box(self, layout: GridLayout, position: int) -> QRectF:
        """What of a section's header can be clicked, in content pixels: its title and its count."""
        section = layout.sections[position]
        width = QFontMetricsF(self._title_font()).horizontalAdvance(section.title) + GAP.s
        width += QFontMetricsF(self._widget.font()).horizontalAdvance(f"{section.count:,}")
        return QRectF(0, layout.tops[position], MARGIN + width + GAP.s, layout.header)

    def _title_font(self) -> QFont:
        font = sized(self._widget.font(), TYPE.section)
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def header(self, painter: QPainter, layout: GridLayout, position: int, *, hovered: bool) -> None:
        """Paint the header of the section at ``position``: its title, underlined where the pointer is on it, and its
        count in a quieter colour.
        """
        colours = tokens(self._widget.palette())
        section = layout.sections[position]
        baseline = layout.tops[position] + layout.header - GAP.m
        font = self._title_font()
        font.setUnderline(hovered)
        painter.setFont(font)
        painter.setPen(QColor(colours.text))
        painter.drawText(QPointF(MARGIN, baseline), section.title)
        width = painter.fontMetrics().horizontalAdvance(section.title)
        painter.setFont(self._widget.font())
        painter.setPen(QColor(colours.secondary))
        painter.drawText(QPointF(MARGIN + width + GAP.s, baseline), f"{section.count:,}")

    def target(self, painter: QPainter, layout: GridLayout, position: int, width: int) -> None:
        """Paint, under header and tiles, the ground of the section that what is carried would be dropped on."""
        colours = tokens(self._widget.palette())
        section = layout.sections[position]
        top = layout.tops[position] + self._widget.fontMetrics().height() // 2
        bottom = layout.tops[position] + layout.header + layout.rows(section) * layout.row_height
        box = QRectF(1, top, width - 2, bottom - top)
        shape = QPainterPath()
        shape.addRoundedRect(box, _CORNER + 2, _CORNER + 2)
        painter.save()
        painter.setClipPath(shape)
        tinted = QRectF(0, top, width, layout.tops[position] + layout.header - top)
        painter.fillRect(tinted.adjusted(0, 0, 0, -GAP.xs), QColor(colours.selected))
        painter.restore()
        painter.setPen(QPen(QColor(colours.accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, _CORNER + 2, _CORNER + 2)

    def tile(self, painter: QPainter, cell: Cell, key: int, look: Tile, *, selected: bool, current: bool) -> None:
        """Paint one tile: picture, bar or lines, mark, and a ring when it is selected."""
        colours = tokens(self._widget.palette())
        square = QRectF(cell.x, cell.y, cell.width, cell.width)
        if selected:
            pen = QPen(QColor(colours.accent), 3 if current else 2)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(square.adjusted(-1, -1, 1, 1), _CORNER + 1, _CORNER + 1)
        painter.setPen(Qt.PenStyle.NoPen)
        pixmap = self._pixmap(key, cell.width)
        if pixmap is None:
            painter.setBrush(QColor(colours.canvas))
            painter.drawRoundedRect(square, _CORNER, _CORNER)
            if key in self._broken:
                middle = square.center()
                draw_icon(painter, "image-off", colours.secondary, QRectF(middle.x() - 12, middle.y() - 12, 24, 24))
        else:
            painter.drawPixmap(square.topLeft(), pixmap)
        footer = QRectF(cell.x, cell.y + cell.width, cell.width, cell.height - cell.width)
        draw_chips(painter, self._widget.font(), colours, look, footer)
        if look.mark:
            self._mark(painter, square, look.mark, colours)

    def _mark(self, painter: QPainter, square: QRectF, mark: str, colours: Tokens) -> None:
        painter.setFont(sized(self._widget.font(), _MARK))
        metrics = painter.fontMetrics()
        checked = mark == CORRECTED
        height = metrics.height() + 4
        width = height if checked else metrics.horizontalAdvance(mark) + 10
        box = QRectF(square.right() - width - 4, square.top() + 4, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent if checked else colours.raised))
        painter.drawRoundedRect(box, 3, 3)
        if checked:
            draw_icon(painter, "check", colours.on_accent, box.adjusted(2, 2, -2, -2))
            return
        painter.setPen(QColor(colours.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, mark)

    def thumbnail(self, key: int, side: int) -> QPixmap | None:
        """The tile's picture in a square of ``side`` device-independent pixels, or None before it has been loaded."""
        picture = self._pictures.get(key)
        return self._render(picture, side) if picture is not None else None

    def _pixmap(self, key: int, shown: int) -> QPixmap | None:
        """The tile's picture at the size it is shown, rounded, on the canvas colour; made once and kept."""
        scaled = self._scaled.get(key)
        if scaled is not None:
            return scaled
        picture = self._pictures.get(key)
        if picture is None:
            return None
        if self._scaling > _SCALING_SECONDS:
            self.behind = True
            return None
        started = time.perf_counter()
        pixmap = self._render(picture, shown)
        self._scaling += time.perf_counter() - started
        self._scaled.put(key, pixmap, pixmap.width() * pixmap.height() * 4)
        return pixmap

    def _render(self, picture: QImage, shown: int) -> QPixmap:
        ratio = self._widget.devicePixelRatioF()
        side = round(shown * ratio)
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        fitted = picture.size().scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
        smooth = fitted.width() <= 2 * picture.width()  # pixel art stays pixels
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(0, 0, side, side), _CORNER * ratio, _CORNER * ratio)
        painter.setClipPath(shape)
        painter.fillRect(0, 0, side, side, QColor(tokens(self._widget.palette()).canvas))
        where = QRect((side - fitted.width()) // 2, (side - fitted.height()) // 2, fitted.width(), fitted.height())
        painter.drawImage(where, picture)
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap
