"""How a ``boxes`` result looks: what was found, how often, and how sure the best of each is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.results.bars import Bar, Bars
from desktop.results.said import lay_out, more
from desktop.widgets.bar import percent

if TYPE_CHECKING:  # NumPy comes with it, and the window is painted before that is loaded
    from models.heads.boxes import BoxesResult

__all__ = ["BoxesWidget"]

_SHOWN = 12


class BoxesWidget(QWidget):
    """The legend of ``result``: a row for each category that has a box, the best on top."""

    def __init__(self, result: BoxesResult, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from models.heads.painting import hex_colour

        counts = result.counts
        found = [score for score in result.top(len(counts)) if counts[result.categories.index(score.category)]]
        rows = []
        for score in found[:_SHOWN]:
            index = result.categories.index(score.category)
            name = f"{score.category} × {counts[index]}" if counts[index] > 1 else score.category
            strong = score.category == result.best.category
            rows.append(Bar(name, score.confidence, percent(score.confidence), hex_colour(index), strong))
        things = "1 thing" if result.shown == 1 else f"{result.shown} things"
        sentence = f"{things} found; each bar is the best of its kind" if found else "Nothing found"
        lay_out(self, sentence, Bars(rows), *more(len(found) - _SHOWN))
