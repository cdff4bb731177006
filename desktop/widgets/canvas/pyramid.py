"""A picture at its own size and at halves of it, so that a large one is painted as fast as a small one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

__all__ = ["Pyramid"]

_SMALLEST = 512  # pixels along the longer side; a level below that saves nothing


class Pyramid:
    """Levels of one picture. Making it takes some 40 ms at 24 megapixels and touches no widget: a job may do it.

    Args:
        image: not null; 32 bits a pixel are painted fastest, so anything else is converted.
        width: of the picture at full size, where ``image`` is a reduced one; 0 where it is not.
        height: likewise.
    """

    def __init__(self, image: QImage, *, width: int = 0, height: int = 0) -> None:
        form = QImage.Format.Format_ARGB32_Premultiplied if image.hasAlphaChannel() else QImage.Format.Format_RGB32
        self._levels = [image if image.format() == form else image.convertToFormat(form)]
        self.width, self.height = width or image.width(), height or image.height()
        while max(self._levels[-1].width(), self._levels[-1].height()) >= 2 * _SMALLEST:
            last = self._levels[-1]
            half = last.scaled(
                max(1, (last.width() + 1) // 2),
                max(1, (last.height() + 1) // 2),
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            self._levels.append(half)

    @property
    def image(self) -> QImage:
        """The first level."""
        return self._levels[0]

    @property
    def smallest(self) -> QImage:
        """The last one, for a minimap."""
        return self._levels[-1]

    def level(self, scale: float) -> QImage:
        """The smallest level that is not enlarged at ``scale`` (pixels of the screen for one of the full picture)."""
        wanted = self.width * scale
        return next((one for one in reversed(self._levels) if one.width() >= wanted), self._levels[0])

    def paint(self, painter: QPainter, part: QRectF, scale: float) -> None:
        """Paint ``part`` of the picture with a painter in full-size coordinates; reads no more of it than is seen.

        Args:
            painter: to paint with.
            part: in pixels of the full-size picture; may be larger than the picture.
            scale: pixels of the screen for one of the picture.
        """
        level = self.level(scale)
        across, down = self.width / level.width(), self.height / level.height()
        # Whole pixels of the level, so that strips that are painted one after another fit together without a seam.
        left = max(0, int(part.left() / across) - 2)
        top = max(0, int(part.top() / down) - 2)
        right = min(level.width(), int(part.right() / across) + 3)
        bottom = min(level.height(), int(part.bottom() / down) + 3)
        if right <= left or bottom <= top:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale * across < 1)
        source = QRectF(left, top, right - left, bottom - top)
        target = QRectF(left * across, top * down, source.width() * across, source.height() * down)
        painter.drawImage(target, level, source)
