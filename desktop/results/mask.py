"""How a ``mask`` result looks: the colours of the parts in the picture, and how much of it each takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.results.bars import Bar, Bars
from desktop.results.said import lay_out, more
from desktop.widgets.bar import percent

if TYPE_CHECKING:  # NumPy comes with it, and the window is painted before that is loaded
    from models.heads.mask import MaskResult

__all__ = ["MaskWidget"]

_SHOWN = 12


class MaskWidget(QWidget):
    """The legend of ``result``: every part that is there, largest first; the background has no colour."""

    def __init__(self, result: MaskResult, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from models.heads.mask import background
        from models.heads.painting import hex_colour

        empty = background(result.categories)
        parts = [score for score in result.top(len(result.categories)) if score.confidence > 0]
        rows = []
        for score in parts[:_SHOWN]:
            index = result.categories.index(score.category)
            swatch = "" if index == empty else hex_colour(index)
            words = percent(score.confidence) if score.confidence >= 0.005 else "< 1 %"
            rows.append(Bar(score.category, score.confidence, words, swatch, score.category == result.best.category))
        sure = f"sure to {percent(result.confidence)}"
        nothing = all(result.categories.index(score.category) == empty for score in parts)
        sentence = f"Nothing in it, {sure}" if nothing else f"What is where, {sure}"
        lay_out(self, sentence, Bars(rows), *more(len(parts) - _SHOWN))
