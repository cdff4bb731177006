"""Vector icons in the theme's colours: lucide outlines (assets/icons), drawn in whatever colour is asked for."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
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


def _pixmap(name: str, colour: str, side: int, ratio: float) -> QPixmap:
    pixmap = QPixmap(QSize(side, side) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_icon(painter, name, colour, QRectF(0, 0, side, side))
    painter.end()
    return pixmap


def icon(name: str, colour: str, *, checked: str | None = None, side: int = ICON_SIDE) -> QIcon:
    """Icon ``name`` in ``colour``, and in ``checked`` while its button is checked; sharp on screens up to 3x."""
    result = QIcon()
    for ratio in (1.0, 2.0, 3.0):
        result.addPixmap(_pixmap(name, colour, side, ratio))
        if checked is not None:
            result.addPixmap(_pixmap(name, checked, side, ratio), QIcon.Mode.Normal, QIcon.State.On)
    return result


def program_icon() -> QIcon:
    """Sortwerk's own mark, for the window and the task bar."""
    return QIcon(str(_FOLDER / "sortwerk.svg"))
