"""From bytes to a QImage. Safe in any thread."""

from __future__ import annotations

from PySide6.QtGui import QImage

__all__ = ["to_image"]


def to_image(width: int, height: int, rgb: bytes) -> QImage:
    """A QImage of its own memory from ``width * height * 3`` bytes of RGB, top row first."""
    image = QImage(rgb, width, height, width * 3, QImage.Format.Format_RGB888)
    return image.convertToFormat(QImage.Format.Format_RGB32)
