"""An answer painted over a picture on its way to the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from desktop.widgets.pixels import to_image

if TYPE_CHECKING:  # NumPy comes with it, and the window is painted before that is loaded
    from models.heads import Result

__all__ = ["painted"]


def painted(result: Result, image: QImage) -> QImage:
    """``result`` as a picture, at the size of ``image``, which it answers and which stays as it is."""
    import numpy as np

    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    pixels = lines[:, : rgb.width() * 3].reshape(rgb.height(), rgb.width(), 3)  # lines end at a multiple of four bytes
    shown = result.paint(pixels)
    return to_image(shown.shape[1], shown.shape[0], shown.tobytes())
