"""Short facts in two columns: what, and its value, which can be selected and copied."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.theme import GAP
from desktop.widgets.labels import label

__all__ = ["Facts"]

_HASH = re.compile("[0-9a-f]{16}(?=[0-9a-f]{16})")
"""Of long hexadecimal numbers, the parts after which a line may end."""


class Facts(QWidget):
    """A two-column list of (name, value)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP.lg)
        self._grid.setVerticalSpacing(GAP.xs)
        self._grid.setColumnStretch(1, 1)

    def set_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show ``facts``, first on top."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()  # at once; deleting waits for the event loop
                widget.deleteLater()
        for row, (name, value) in enumerate(facts):
            what = label(name, "secondary")
            said = label(_breakable(value), wrap=True)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            said.setToolTip(value)
            self._grid.addWidget(what, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(said, row, 1, Qt.AlignmentFlag.AlignTop)


def _breakable(value: str) -> str:
    """Long names without spaces may be broken after the signs that join their parts (zero-width spaces)."""
    for sign in "/\\_-.":
        value = value.replace(sign, sign + "\u200b")
    value = value.replace(" %", "\u00a0%")
    return _HASH.sub("\\g<0>\u200b", value)
