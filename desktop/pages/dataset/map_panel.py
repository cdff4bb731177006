"""The map of a dataset: look-alikes lie near each other, in the colours of their categories."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.pages.dataset.checking import Checked
from desktop.pages.dataset.state import DatasetState
from desktop.pages.dataset.wording import counted
from desktop.theme import GAP
from desktop.widgets.labels import Elided, button, label
from desktop.widgets.scatter import Scatter

__all__ = ["MapPanel"]

_HINT = "Click a point, or draw around some."


class MapPanel(QFrame):
    """Points, and what is caught of them.

    Signals:
        show_wanted: items are to be shown, and what they are.
    """

    show_wanted = Signal(list, str)

    def __init__(self, state: DatasetState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._checked: Checked | None = None
        self._head = ""
        self._caught: list[int] = []
        self.scatter = Scatter()
        self.scatter.caught.connect(self._catch)
        self._said = label(_HINT, "secondary")
        self._show = button("Show", on_click=self._show_caught)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.s)
        title = QHBoxLayout()
        title.addWidget(label("Map", "section"))
        self._by = Elided("", "secondary")
        title.addWidget(self._by, 1)
        column.addLayout(title)
        column.addWidget(self.scatter, 1)
        foot = QHBoxLayout()
        foot.addWidget(self._said, 1)
        foot.addWidget(self._show)
        column.addLayout(foot)
        self._catch([])

    def show_map(self, checked: Checked) -> None:
        """Show the map of ``checked`` in the colours of the question that the keys are for."""
        head = self._state.head if self._state.head in checked.groups else next(iter(checked.groups), "")
        if checked is self._checked and head == self._head:
            return
        self._checked, self._head = checked, head
        facts = (
            next((one for one in self._state.shown.heads if one.head.name == head), None) if self._state.shown else None
        )
        colours = tuple(facts.colours.values()) if facts is not None else ()
        count = len(checked.report.places)
        self.scatter.set_points(checked.report.places, checked.groups.get(head, [-1] * count), colours)
        self._by.set_text(f"look-alikes are near, coloured by {head}" if head else "look-alikes are near")
        self._catch([])

    def _catch(self, places: list[int]) -> None:
        self._caught = places
        self._said.setText(f"{counted(len(places))} chosen" if places else _HINT)
        self._show.setVisible(bool(places))

    def _show_caught(self) -> None:
        if self._checked is not None and self._caught:
            ids = self._checked.report.ids[self._caught].tolist()
            self.show_wanted.emit(ids, "Chosen on the map")
