"""The right side of the mask editor: what to paint with, how large the brush is, and what is proposed."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from desktop.theme import GAP
from desktop.widgets.labels import label
from desktop.widgets.swatch_rows import SwatchRow, SwatchRows
from desktop.widgets.tick_box import TickBox

__all__ = ["MaskPanel"]

_LEAST, _SPAN = 0.5, 1000.0


class MaskPanel(QWidget):
    """Shows and asks; knows nothing of masks.

    Signals:
        category_chosen: place of the row.
        radius_changed: of the brush, pixels of the picture.
        keep_changed: whether what is painted is kept.
        proposed_chosen: place of the row among what is proposed.
    """

    category_chosen = Signal(int)
    radius_changed = Signal(float)
    keep_changed = Signal(bool)
    proposed_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._categories = SwatchRows("Paint with")
        self._categories.chosen.connect(self.category_chosen)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, 100)
        self._slider.setAccessibleName("Size of the brush")
        self._slider.valueChanged.connect(self._slid)
        self._size = label("", "secondary")
        self._brush = QWidget()
        row = QHBoxLayout(self._brush)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP.s)
        row.addWidget(label("Brush", "secondary"))
        row.addWidget(self._slider, 1)
        row.addWidget(self._size)
        self._keep = TickBox("Keep what is painted (K)")
        self._keep.toggled.connect(self.keep_changed)
        self._proposed_words = label("", "secondary", wrap=True)
        self._proposed = SwatchRows("Proposed")
        self._proposed.chosen.connect(self.proposed_chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.s)
        for one in (self._categories, self._brush, self._keep, self._proposed_words, self._proposed):
            column.addWidget(one)
        self.show_proposed("", ())

    def show_categories(self, rows: Sequence[SwatchRow], current: int) -> None:
        """The categories, and which is painted with."""
        self._categories.set_rows(rows, current)

    def show_proposed(self, words: str, rows: Sequence[SwatchRow]) -> None:
        """What is proposed and by whom; nothing where there are no rows."""
        self._proposed_words.setText(words)
        self._proposed_words.setVisible(bool(rows))
        self._proposed.setVisible(bool(rows))
        self._proposed.set_rows(rows)

    def show_keep(self, keep: bool) -> None:
        """Whether what is painted is kept."""
        self._keep.blockSignals(True)
        self._keep.setChecked(keep)
        self._keep.blockSignals(False)

    def show_radius(self, radius: float, *, used: bool) -> None:
        """How large the brush is; hidden where the tool has none."""
        self._brush.setVisible(used)
        self._slider.blockSignals(True)
        self._slider.setValue(round(100 * math.log(max(radius, _LEAST) / _LEAST) / math.log(_SPAN)))
        self._slider.blockSignals(False)
        self._size.setText(f"{2 * radius:.0f} px")

    def _slid(self, place: int) -> None:
        self.radius_changed.emit(_LEAST * _SPAN ** (place / 100))
