"""One head's answer among others: its name where there are several, and the widget of its kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.theme import GAP
from desktop.widgets.labels import label

if TYPE_CHECKING:  # NumPy comes with it, and the window is painted before that is loaded
    from models.heads import Result

__all__ = ["ResultPane"]


class ResultPane(QWidget):
    """Shows the latest result.

    Args:
        make: of a result, the widget that shows it; from ``desktop.results.WIDGETS``.
        name: of the head; "" where the model has no other.
    """

    def __init__(self, make: Callable[[Result], QWidget], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make = make
        self._result: Result | None = None
        self._shown: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP.s)
        if name:
            self._column.addWidget(label(name, "section", wrap=True))

    def show_result(self, result: Result) -> None:
        """Show ``result``, in the place of the one before."""
        if result is self._result:
            return
        if self._shown is not None:
            self._shown.hide()  # at once; deleting waits for the event loop
            self._column.removeWidget(self._shown)
            self._shown.deleteLater()
        self._result, self._shown = result, self._make(result)
        self._column.addWidget(self._shown)
