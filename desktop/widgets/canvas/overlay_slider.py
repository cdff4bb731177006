"""How much of what is marked hides the picture: a slider beside the zoom buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QWidget

from desktop.theme import GAP
from desktop.widgets.canvas.canvas import Canvas
from desktop.widgets.labels import label

__all__ = ["OverlaySlider"]


class OverlaySlider(QWidget):
    """Sets the overlay of ``canvas``, 0 to 100 %."""

    def __init__(self, canvas: Canvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP.xs)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, 100)
        self._slider.setPageStep(10)
        self._slider.setFixedWidth(96)
        self._slider.setValue(round(canvas.overlay * 100))
        self._slider.setAccessibleName("Overlay, per cent")
        self._slider.setToolTip("How much of the marks hides the picture")
        self._slider.valueChanged.connect(lambda value: canvas.set_overlay(value / 100))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)  # the words stay beside the slider
        row.addWidget(label("Overlay", "secondary"))
        row.addWidget(self._slider)
