"""How an ``image`` result is put in words; the picture itself is shown in the place of what was asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.results.said import lay_out
from desktop.widgets.facts import Facts

if TYPE_CHECKING:  # NumPy comes with it, and the window is painted before that is loaded
    from models.heads.image import ImageResult

__all__ = ["ImageWidget"]


class ImageWidget(QWidget):
    """The size of the picture in ``result``."""

    def __init__(self, result: ImageResult, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        facts = Facts()
        facts.set_facts([("Answer", f"{result.width:,} × {result.height:,} pixels")])
        lay_out(self, "The answer is a picture; it is shown in the place of the original", facts)
