"""The row of buttons under a large picture: smaller, larger, whole, pixel for pixel, and how large it is."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QHBoxLayout

from desktop.theme import GAP
from desktop.widgets.labels import IconButton, label

__all__ = ["ZoomTools", "Zoomable"]

_STEP = 1.25


class Zoomable(Protocol):
    """A view of one picture, such as ``ImageView`` and the canvas."""

    @property
    def zoom_changed(self) -> SignalInstance:
        """Emits device pixels on screen for one pixel of the picture, a float."""
        ...

    def zoom(self, factor: float) -> None:
        """Zoom about the middle."""
        ...

    def fit(self) -> None:
        """Show the whole picture."""
        ...

    def actual_size(self) -> None:
        """Show pixel for pixel."""
        ...


class ZoomTools(QHBoxLayout):
    """For ``view``; what is added behind them stands at the right end."""

    def __init__(self, view: Zoomable) -> None:
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
