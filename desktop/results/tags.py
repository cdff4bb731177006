"""How a ``tags`` result looks: every likely tag as a bar, with a mark from where on it applies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.results.bars import Bar, Bars
from desktop.results.said import lay_out, more
from desktop.widgets.bar import percent

if TYPE_CHECKING:  # NumPy comes with it, and the window is painted before that is loaded
    from models.heads.tags import TagsResult

__all__ = ["TagsWidget"]

_SHOWN = 8


class TagsWidget(QWidget):
    """The tags of ``result``, most probable first; all that apply, and at least eight."""

    def __init__(self, result: TagsResult, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from models.heads.tags import PRESENT

        present = set(result.present)
        scores = result.top(max(_SHOWN, len(present)))
        rows = [
            Bar(one.category, one.confidence, percent(one.confidence), strong=one.category in present) for one in scores
        ]
        names = [one.category for one in scores if one.category in present]
        sentence = f"It is {', '.join(names)}" if names else f"None reaches {percent(PRESENT)}"
        lay_out(self, sentence, Bars(rows, mark=PRESENT), *more(len(result.categories) - len(rows)))
