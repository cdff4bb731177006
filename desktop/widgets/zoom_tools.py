"""The row of buttons under a large picture: smaller, larger, whole, pixel for pixel, and how large it is."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from desktop.theme import GAP
from desktop.widgets.image_view import ImageView
from desktop.widgets.labels import IconButton, label

__all__ = ["ZoomTools"]

_STEP = 1.25


class ZoomTools(QHBoxLayout):
    """For ``view``; what is added behind them stands at the right end."""

    def __init__(self, view: ImageView) -> None:
        super().__init__()
        self.setSpacing(GAP.xs)
        size = label("", "secondary")
        view.zoom_changed.connect(lambda zoom: size.setText(f"{zoom * 100:.0f} %"))
        self.addWidget(IconButton("zoom-out", "Smaller (-)", lambda: view.zoom(1 / _STEP)))
        self.addWidget(IconButton("zoom-in", "Larger (+)", lambda: view.zoom(_STEP)))
        self.addWidget(IconButton("maximize", "Whole picture (0)", view.fit))
        self.addWidget(IconButton("square", "Pixel for pixel (1)", view.actual_size))
        self.addWidget(size)
        self.addStretch(1)
