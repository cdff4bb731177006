"""How a whole is divided: a slider for each part, and a number of percent; together they are always 100."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSlider, QWidget

from desktop.theme import GAP
from desktop.widgets.labels import label

__all__ = ["Shares"]


class Shares(QWidget):
    """The sliders. What one takes, the last of the others gives first.

    Args:
        names: of the parts.
        values: percent of each, together 100.

    Signals:
        changed: percent of each part.
    """

    changed = Signal(list)

    def __init__(self, names: Sequence[str], values: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP.m)
        grid.setVerticalSpacing(GAP.s)
        grid.setColumnStretch(1, 1)
        self._values = list(values)
        self.sliders: list[QSlider] = []
        self._words = [label("", "") for _ in names]
        for row, name in enumerate(names):
            slider = QSlider(Qt.Orientation.Horizontal)
            slider.setRange(0, 100)
            slider.setPageStep(5)
            slider.setAccessibleName(f"{name}, percent")
            slider.valueChanged.connect(lambda value, row=row: self._move(row, value))
            self.sliders.append(slider)
            words = self._words[row]
            words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            words.setMinimumWidth(words.fontMetrics().horizontalAdvance("100 %") + GAP.xs)
            for column, one in enumerate((label(name, "secondary"), slider, words)):
                grid.addWidget(one, row, column)
        self._show()

    @property
    def values(self) -> list[int]:
        """Percent of each part."""
        return list(self._values)

    def set_values(self, values: Sequence[int]) -> None:
        """Show ``values``, together 100, without telling of it."""
        self._values = list(values)
        self._show()

    def _move(self, row: int, value: int) -> None:
        if value == self._values[row]:
            return
        owed = value - self._values[row]
        self._values[row] = value
        for other in [place for place in range(len(self._values) - 1, -1, -1) if place != row]:
            given = min(self._values[other], owed) if owed > 0 else max(self._values[other] - 100, owed)
            self._values[other] -= given
            owed -= given
        self._show()
        self.changed.emit(self.values)

    def _show(self) -> None:
        for slider, words, value in zip(self.sliders, self._words, self._values, strict=True):
            slider.blockSignals(True)
            slider.setValue(value)
            slider.blockSignals(False)
            words.setText(f"{value} %")
