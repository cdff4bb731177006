"""How a ``grade`` result looks: the value in words, and where it lies on its scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.results.bars import Bar, Bars
from desktop.results.said import lay_out
from desktop.widgets.labels import label

if TYPE_CHECKING:  # NumPy comes with it, and the window is painted before that is loaded
    from models.heads.grade import GradeResult

__all__ = ["GradeWidget"]


class GradeWidget(QWidget):
    """The value of ``result``: "8.3 of 10"."""

    def __init__(self, result: GradeResult, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        fraction = (result.value - result.low) / (result.high - result.low)
        scale = Bars([Bar(f"{result.low:g}", fraction, f"{result.high:g}", strong=True)])
        name = result.best.category
        nearest = [] if name.isdecimal() else [label(f"Nearest: {name}", "secondary", wrap=True)]
        lay_out(self, f"{result.value:g} of {result.high:g}", scale, *nearest, role="section")
