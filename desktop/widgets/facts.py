"""Short facts in two columns: what, and its value, which can be selected and copied."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.theme import GAP
from desktop.widgets.labels import label

__all__ = ["Facts"]

_LONG = re.compile(r"[^\W\u200b]{10}(?=[^\W\u200b]{6})")
"""Of hexadecimal numbers and other long words, the parts after which a line may end."""


class Facts(QWidget):
    """A two-column list of (name, value).

    Args:
        most: characters of a value that are shown, of a name a quarter of them; the rest is in the tip. 0 for all.
    """

    def __init__(self, parent: QWidget | None = None, *, most: int = 0) -> None:
        super().__init__(parent)
        self._most = most
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP.lg)
        self._grid.setVerticalSpacing(GAP.xs)
        self._grid.setColumnStretch(1, 2 if most else 1)
        self._grid.setColumnStretch(0, 1 if most else 0)

    def set_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show ``facts``, first on top."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()  # at once; deleting waits for the event loop
                widget.deleteLater()
        for row, (name, value) in enumerate(facts):
            what = label(name, "secondary")
            if self._most:  # names that somebody gave, of any length
                what.setText(_breakable(_cut(name, self._most // 4)))
                what.setWordWrap(True)
                what.setToolTip(_plain(name))
            said = label(_breakable(_cut(value, self._most)), wrap=True)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            said.setToolTip(_plain(value))
            self._grid.addWidget(what, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(said, row, 1, Qt.AlignmentFlag.AlignTop)


def _cut(text: str, most: int) -> str:
    return text if not most or len(text) <= most else text[:most].rstrip() + "…"


def _plain(tip: str) -> str:
    """A tip that is shown as it is written, also where it looks like HTML."""
    return f"<qt>{html.escape(tip)}</qt>" if "<" in tip else tip


def _breakable(value: str) -> str:
    """Long names without spaces may be broken after the signs that join their parts (zero-width spaces)."""
    for sign in "/\\_-.":
        value = value.replace(sign, sign + "\u200b")
    return _LONG.sub("\\g<0>\u200b", value.replace(" %", "\u00a0%"))
