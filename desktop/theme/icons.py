"""Vector icons in the theme's colours: lucide outlines (assets/icons), drawn in whatever colour is asked for."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

__all__ = ["ICON_SIDE", "draw_icon", "icon", "program_icon"]

ICON_SIDE = 18
_FOLDER = Path(__file__).resolve().parents[2] / "assets" / "icons"


@lru_cache(maxsize=256)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    svg = (_FOLDER / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    return QSvgRenderer(QByteArray(svg.encode()))


def draw_icon(painter: QPainter, name: str, colour: str, where: QRectF) -> None:
    """Draw icon ``name`` (a file of assets/icons, without its ending) in ``colour`` (#RRGGBB) into ``where``."""
    _renderer(name, colour).render(painter, where)


class _Engine(QIconEngine):
    """Paints an icon when and as large as it is asked for, so that a button's icon costs nothing before it is shown."""

    def __init__(self, name: str, colour: str, checked: str) -> None:
        super().__init__()
        self._name, self._colour, self._checked = name, colour, checked

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self._checked if state is QIcon.State.On else self._colour
        draw_icon(painter, self._name, colour, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)  # in device pixels: Qt has multiplied by the screen's resolution
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, pixmap.rect(), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._colour, self._checked)


def icon(name: str, colour: str, *, checked: str | None = None) -> QIcon:
    """Icon ``name`` in ``colour``, and in ``checked`` while its button is checked; sharp on every screen."""
    return QIcon(_Engine(name, colour, checked or colour))


def program_icon() -> QIcon:
    """Sortwerk's own mark, for the window and the task bar."""
    return QIcon(str(_FOLDER / "sortwerk.svg"))
