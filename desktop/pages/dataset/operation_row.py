"""One operation of the augmentation: a tick, and while it is on a slider for how often and one for each range."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import GAP
from desktop.widgets.labels import label
from desktop.widgets.range_slider import CalmSlider, RangeSlider
from desktop.widgets.tick_box import TickBox

if TYPE_CHECKING:  # NumPy comes with it
    from training.augmentation.operations import Operation, Parameter, Range

__all__ = ["OperationRow", "range_words"]

_OFTEN = 0.5  # when it is ticked for the first time
_UNIT_NEXT = ("°",)  # to the number, without a space


class OperationRow(QWidget):
    """The row.

    Signals:
        changed: the operation as the person wants it now.
    """

    changed = Signal(object)

    def __init__(self, operation: Operation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from training.augmentation.operations import parameters

        self.operation = operation
        self._often = operation.probability or _OFTEN
        self.tick = TickBox(operation.title)
        self.tick.setToolTip(operation.sentence)
        self.tick.toggled.connect(self._turn)
        self._percent = label("", "secondary")
        head = QHBoxLayout()
        head.addWidget(self.tick)
        head.addStretch(1)
        head.addWidget(self._percent)
        self.probability = CalmSlider(f"{operation.title}: probability in percent", 1, 100)
        self.probability.valueChanged.connect(self._set_probability)
        self.ranges: dict[str, RangeSlider] = {}
        self._words = {}
        self._inside = QWidget()
        grid = QGridLayout(self._inside)
        grid.setContentsMargins(GAP.xl, 0, 0, GAP.xs)
        grid.setHorizontalSpacing(GAP.s)
        grid.setVerticalSpacing(GAP.xs)
        grid.setColumnStretch(0, 1)
        grid.addWidget(label("How often", "secondary"), 0, 0)
        grid.addWidget(self.probability, 1, 0, 1, 2)
        for place, one in enumerate(parameters(type(operation))):
            slider = RangeSlider(f"{operation.title}: {one.title}", one.unit, one.low, one.high, one.step, one.neutral)
            slider.changed.connect(partial(self._set_range, one))
            words = label("", "secondary")
            words.setAlignment(Qt.AlignmentFlag.AlignRight)
            self.ranges[one.name], self._words[one.name] = slider, words
            grid.addWidget(label(one.title, "secondary"), 2 * place + 2, 0)
            grid.addWidget(words, 2 * place + 2, 1)
            grid.addWidget(slider, 2 * place + 3, 0, 1, 2)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP.xs)
        self._column.addLayout(head)
        self._column.addWidget(self._inside)
        self.set_operation(operation)

    def add_inside(self, widget: QWidget) -> None:
        """Add what is there only while the operation is on."""
        layout = self._inside.layout()
        assert isinstance(layout, QGridLayout)  # noqa: S101 - made above
        layout.addWidget(widget, layout.rowCount(), 0, 1, 2)

    def set_operation(self, operation: Operation) -> None:
        """Show ``operation``, without telling of it."""
        from training.augmentation.operations import parameters

        self.operation = operation
        on = operation.probability > 0
        if on:
            self._often = operation.probability
        for widget, value in ((self.tick, on), (self.probability, round(self._often * 100))):
            widget.blockSignals(True)
            if isinstance(widget, TickBox):
                widget.setChecked(bool(value))
            else:
                widget.setValue(int(value))
            widget.blockSignals(False)
        self._percent.setText(f"{operation.probability * 100:.0f} %" if on else "")
        for one in parameters(type(operation)):
            low, high = getattr(operation, one.name)
            self.ranges[one.name].set_values(low, high)
            self._words[one.name].setText(range_words((low, high), one.unit))
        self._inside.setVisible(on)

    def _tell(self, operation: Operation) -> None:
        self.set_operation(operation)
        self.changed.emit(operation)

    def _turn(self, on: bool) -> None:
        self._tell(replace(self.operation, probability=self._often if on else 0.0))

    def _set_probability(self, percent: int) -> None:
        self._tell(replace(self.operation, probability=percent / 100))

    def _set_range(self, one: Parameter, low: float, high: float) -> None:
        self._tell(self.operation.with_range(one.name, (low, high)))


def range_words(span: Range, unit: str) -> str:
    """As a person reads a range: "-15° to 15°", "0.8 to 1.1 px"."""
    low, high = (f"{end:g}".replace("-", "−") for end in span)  # noqa: RUF001 - a minus sign
    if unit in _UNIT_NEXT:
        return f"{low}{unit} to {high}{unit}" if low != high else f"{low}{unit}"
    numbers = f"{low} to {high}" if low != high else low
    return f"{numbers} {unit}".rstrip()
