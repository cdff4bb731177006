"""The plan of a sorting, beside the pictures: where to, how, what will come into each folder. Nothing happens before
the button at its end is pressed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.actions.facts import file_size
from desktop.pages.sort.sorting import MODE_NAMES, UNSURE_NAMES, Wish
from desktop.theme import GAP
from desktop.widgets.choice import Choice
from desktop.widgets.counts import Counts
from desktop.widgets.labels import Elided, button, label

if TYPE_CHECKING:
    from desktop.actions.sorting_plan import SortPlan

__all__ = ["SortingPanel"]


class SortingPanel(QFrame):
    """Shows a wish and the plan it leads to.

    Signals:
        wished: another :class:`~desktop.pages.sort.sorting.Wish`; a plan is wanted for it.
        agreed: the plan is to be done.
        dismissed: nothing is to be done.
    """

    wished = Signal(object)
    agreed = Signal(object)
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self._wish = Wish(Path())
        self._plan: SortPlan | None = None
        body = QWidget()
        body.setObjectName("inspector_body")
        column = QVBoxLayout(body)
        column.setContentsMargins(GAP.lg, GAP.lg, GAP.lg, GAP.lg)
        column.setSpacing(GAP.s)
        column.addWidget(label("Sort into folders", "section"))
        column.addLayout(self._target_row())
        self._mode = Choice(MODE_NAMES, self._wish.mode)
        self._mode.chosen.connect(lambda mode: self._change(Wish(self._wish.target, mode, self._wish.unsure)))
        self._unsure = Choice(UNSURE_NAMES, self._wish.unsure)
        self._unsure.chosen.connect(lambda unsure: self._change(Wish(self._wish.target, self._wish.mode, unsure)))
        for name, choice in (("How", self._mode), ("Files whose answer is unsure", self._unsure)):
            column.addSpacing(GAP.xs)
            column.addWidget(label(name, "secondary"))
            column.addWidget(choice)
        column.addSpacing(GAP.s)
        self._counts = Counts()
        column.addWidget(self._counts)
        self._notes = label("", "secondary", wrap=True)
        column.addWidget(self._notes)
        column.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, GAP.lg)
        outer.addWidget(area, 1)
        outer.addLayout(self._buttons())

    def _target_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GAP.s)
        self._target = Elided()
        row.addWidget(self._target, 1)
        row.addWidget(button("Change…", on_click=self._choose_target))
        return row

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(GAP.lg, 0, GAP.lg, 0)
        row.setSpacing(GAP.s)
        self._go = button("", "primary", on_click=self._agree)
        row.addWidget(self._go, 1)
        row.addWidget(button("Cancel", on_click=self.dismissed.emit))
        return row

    def wish(self, wish: Wish) -> None:
        """Start with ``wish``; its plan is asked for."""
        self._mode.set_value(wish.mode)
        self._unsure.set_value(wish.unsure)
        self._change(wish)

    def show_plan(self, wish: Wish, plan: SortPlan) -> None:
        """The plan for ``wish``; one for another wish than the present is late, and ignored."""
        if wish != self._wish:
            return
        self._plan = plan
        self._counts.set_rows([(folder, f"{count:,}") for folder, count in plan.counts.items()])
        size = f"{file_size(plan.size)} in all." if plan.steps else "There is nothing to do."
        self._notes.setText("\n".join([size, *plan.notes()]))
        self._say(len(plan.steps))

    def _change(self, wish: Wish) -> None:
        self._wish, self._plan = wish, None
        self._target.set_text(str(wish.target))
        self._counts.set_rows([])
        self._notes.setText("Looking at what is there already…")
        self._say(0)
        self.wished.emit(wish)

    def _say(self, files: int) -> None:
        verb = MODE_NAMES[self._wish.mode]
        self._go.setText(f"{verb} {files:,} {'file' if files == 1 else 'files'}" if files else verb)
        self._go.setEnabled(files > 0)

    def _agree(self) -> None:
        if self._plan is not None:
            self.agreed.emit(self._plan)

    def _choose_target(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Choose a folder to sort into", str(self._wish.target))
        if folder:
            self._change(Wish(Path(folder), self._wish.mode, self._wish.unsure))
