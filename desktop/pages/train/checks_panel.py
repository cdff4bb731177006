"""Beside a plan: what would be trained on, and what a look beforehand has found, with what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.pages.train.checks import CheckRow, Deed
from desktop.theme import GAP
from desktop.widgets.facts import Facts
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import button, label
from desktop.widgets.side_panel import SidePanel

__all__ = ["ChecksPanel"]

_INDENT = 18 + GAP.s
_FINE = "Nothing stands in the way."


class ChecksPanel(SidePanel):
    """Facts and findings.

    Signals:
        deed_wanted: what a button is to do (``checks.Deed``).
    """

    deed_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("What will be trained", parent)
        self._facts = Facts()
        self._title = label("Checked beforehand", "section", wrap=True)
        self._busy = label("Looking…", "secondary")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(GAP.lg)
        self.column.addWidget(self._facts)
        self.column.addSpacing(GAP.xs)
        self.column.addWidget(self._title)
        self.column.addWidget(self._busy)
        self.column.addLayout(self._rows)

    def set_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """What would be trained on."""
        self._facts.set_facts(facts)

    def set_busy(self) -> None:
        """It is being looked at; what was found before stays until then."""
        self._busy.show()

    def set_rows(self, rows: Sequence[CheckRow]) -> None:
        """What was found, the worst first."""
        self._busy.hide()
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()  # at once; deleting waits for the event loop
                widget.deleteLater()
        for row in rows:
            self._rows.addWidget(self._row(row))
        if not any(row.severity in ("error", "warning") for row in rows):
            fine = IconLabel()
            fine.show_words("circle-check", "good", _FINE)
            self._rows.insertWidget(0, fine)

    def _row(self, row: CheckRow) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.xs)
        said = IconLabel()
        said.show_words(row.icon, row.colour, row.sentence)
        column.addWidget(said)
        if row.fix:
            fix = label(row.fix, "secondary", wrap=True)
            fix.setContentsMargins(_INDENT, 0, 0, 0)
            column.addWidget(fix)
        if row.deed is not None:
            act = button(row.deed.words, "link", on_click=partial(self._do, row.deed))
            holder = QVBoxLayout()
            holder.setContentsMargins(_INDENT - 7, 0, 0, 0)  # the link's padding brings it under the words
            holder.addWidget(act)
            column.addLayout(holder)
            act.setSizePolicy(act.sizePolicy().Policy.Maximum, act.sizePolicy().Policy.Fixed)
        return made

    def _do(self, deed: Deed) -> None:
        self.deed_wanted.emit(deed)
