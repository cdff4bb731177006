"""How a ``categories`` result looks: the five most probable as bars with numbers, and a word when two are close."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.theme import GAP
from desktop.widgets.labels import label
from desktop.widgets.suggestions import Suggestion, Suggestions

if TYPE_CHECKING:  # NumPy comes with it, and the window is painted before that is loaded
    from models.heads.categories import CategoriesResult

__all__ = ["CategoriesWidget"]

_SHOWN = 5
_CLOSE = 0.15


class CategoriesWidget(QWidget):
    """Shows the top five of ``result``."""

    def __init__(self, result: CategoriesResult, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        top = result.top(_SHOWN)
        close = len(top) > 1 and top[0].confidence - top[1].confidence < _CLOSE
        hint = f"Two are close: {top[0].category} or {top[1].category}?" if close else "What it looks like"
        answers = Suggestions(clickable=False)
        answers.set_rows([Suggestion(score.category, score.confidence) for score in top])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.xs)
        column.addWidget(label(hint, "secondary", wrap=True))
        column.addWidget(answers)
