"""How a plan of pictures to be taken is made: every combination of some answers, or a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from desktop.theme import GAP
from desktop.widgets.labels import button, label
from desktop.widgets.tick_list import Tick, TickList

if TYPE_CHECKING:
    from training.datasets.heads import HeadDef

__all__ = ["CameraPlanForm"]

_USUAL = 8


class CameraPlanForm(QWidget):
    """The form.

    Signals:
        every: question -> categories, and angles of each combination.
        table: path of a CSV file.
    """

    every = Signal(object, int)
    table = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heads: tuple[HeadDef, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP.s, 0, 0)
        column.setSpacing(GAP.s)
        column.addWidget(label("Every combination of the answers to", "secondary", wrap=True))
        self._ticks = TickList()
        self._ticks.changed.connect(lambda _: self._count())
        column.addWidget(self._ticks)
        row = QHBoxLayout()
        row.addWidget(label("Angles of each"))
        self.angles = QSpinBox()
        self.angles.setRange(1, 1000)
        self.angles.setValue(_USUAL)
        self.angles.setAccessibleName("Angles of each")
        self.angles.valueChanged.connect(lambda _: self._count())
        row.addWidget(self.angles)
        row.addStretch(1)
        column.addLayout(row)
        self._sum = label("", "secondary", wrap=True)
        column.addWidget(self._sum)
        self._do = button("Make it", on_click=lambda: self.every.emit(self._chosen(), self.angles.value()))
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP.s)
        buttons.addWidget(self._do)
        buttons.addWidget(button("From a table…", on_click=self._choose, tip="CSV: a column each, and “angles”"))
        buttons.addWidget(button("Cancel", on_click=self.hide))
        buttons.addStretch(1)
        column.addLayout(buttons)
        self.hide()

    def begin(self, heads: Sequence[HeadDef]) -> None:
        """Offer these questions, all of them ticked."""
        self._heads = tuple(heads)
        self._ticks.set_ticks([Tick(head.name, f"{len(head.categories):,}") for head in heads], range(len(heads)))
        self.show()
        self._count()

    def _chosen(self) -> dict[str, tuple[str, ...]]:
        ticked = [box.isChecked() for box in self._ticks.boxes]
        return {head.name: head.categories for head, on in zip(self._heads, ticked, strict=True) if on}

    def _count(self) -> None:
        count = self.angles.value()
        chosen = self._chosen()
        for categories in chosen.values():
            count *= len(categories)
        self._sum.setText(f"{count:,} pictures in all." if chosen and count else "Choose a question with categories.")
        self._do.setEnabled(bool(chosen) and count > 0)

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Choose a table of what is to be taken", "", "Tables (*.csv)")
        if path:
            self.table.emit(Path(path))
