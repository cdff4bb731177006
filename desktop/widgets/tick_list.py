"""Things to tick, a row each, with a few words under the name; any number, it scrolls with whatever holds it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.theme import GAP
from desktop.widgets.labels import label
from desktop.widgets.tick_box import TickBox

__all__ = ["Tick", "TickList"]

_INDENT = 16 + GAP.s  # of the words behind a box
_NARROWEST = 80


@dataclass(frozen=True, slots=True)
class Tick:
    """One of them: its name, words under it, and whether it can be ticked."""

    name: str
    detail: str = ""
    enabled: bool = True


class TickList(QWidget):
    """The rows.

    Signals:
        changed: places of the rows that are ticked, 0 on top.
    """

    changed = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes: list[TickBox] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    @property
    def boxes(self) -> Sequence[TickBox]:
        """First on top."""
        return self._boxes

    def set_ticks(self, ticks: Sequence[Tick], ticked: Collection[int]) -> None:
        """Show ``ticks``, those at the places ``ticked`` ticked; nothing is told."""
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()  # at once; deleting waits for the event loop
                widget.deleteLater()
        self._boxes = []
        for place, tick in enumerate(ticks):
            row = QWidget()
            column = QVBoxLayout(row)
            column.setContentsMargins(0, 0, 0, GAP.s)
            column.setSpacing(0)
            box = TickBox(tick.name.replace("&", "&&"))
            box.setToolTip(tick.name)
            box.setMinimumWidth(_NARROWEST)  # a long name is cut; its tip says it in full
            box.setAccessibleDescription(tick.detail)
            box.setChecked(place in ticked)
            box.setEnabled(tick.enabled)
            box.toggled.connect(lambda _: self._tell())
            column.addWidget(box)
            if tick.detail:
                said = label(tick.detail, "secondary", wrap=True)
                said.setContentsMargins(_INDENT, 0, 0, 0)
                column.addWidget(said)
            self._boxes.append(box)
            self._column.addWidget(row)

    def _tell(self) -> None:
        self.changed.emit([place for place, box in enumerate(self._boxes) if box.isChecked()])
