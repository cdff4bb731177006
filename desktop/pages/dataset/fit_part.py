"""What labels that were looked at say in the dataset that is open, and whether they are wanted there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.pages.dataset.importing import Preview
from desktop.pages.dataset.joining import fit_rows, fitting_of
from desktop.theme import GAP
from desktop.widgets.facts import Facts
from desktop.widgets.labels import label
from desktop.widgets.tick_box import TickBox

if TYPE_CHECKING:  # NumPy comes with it
    from training.datasets.heads import HeadDef

__all__ = ["FitPart"]

_NARROWEST = 80  # of words that may be cut


class FitPart(QWidget):
    """A part of a form; hidden where there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = label("", "section", wrap=True)
        self.facts = Facts()
        self.labels = TickBox("Bring their labels in too")
        self.labels.setMinimumWidth(_NARROWEST)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.s)
        for one in (self._title, self.facts, self.labels):
            column.addWidget(one)
        self.hide()

    @property
    def wanted(self) -> bool:
        """Whether the labels are to come too; none do where none fit."""
        return self.labels.isChecked()

    def show_fit(self, name: str, asked: Sequence[HeadDef], preview: Preview | None) -> None:
        """Say what fits the questions ``asked`` of the dataset called ``name``; ``preview`` None for nothing."""
        self.setVisible(bool(name) and preview is not None and bool(preview.heads))
        if preview is None or not preview.heads:
            return
        fit = fitting_of(asked, preview)
        self._title.setText(f"If added to {name}")
        self.facts.set_facts(fit_rows(fit))
        self.labels.setChecked(bool(fit.answers))
        self.labels.setVisible(bool(fit.answers))
