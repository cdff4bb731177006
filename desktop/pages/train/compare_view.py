"""Two runs beside each other: what they came to, and the settings by which they differ."""

from __future__ import annotations

from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from desktop.pages.train.details import Compared
from desktop.pages.train.entries import Entry
from desktop.theme import GAP
from desktop.widgets.figure_table import Column, FigureRow, FigureTable
from desktop.widgets.labels import label
from desktop.widgets.sub_page import SubPage

__all__ = ["CompareView"]

_SAME = "They have the same settings and the same pictures."
_LONGEST = 28


class CompareView(SubPage):
    """Shows what differs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Compare runs", "Train", parent=parent)
        self._area = QScrollArea(widgetResizable=True)
        self._area.viewport().setAutoFillBackground(False)
        self.body.addWidget(self._area)

    def open(self, first: Entry, second: Entry, compared: Compared) -> None:
        """Show two runs."""
        self.set_title("Compare runs", f"{first.name} and {second.name}")
        inside = QWidget()
        inside.setAutoFillBackground(False)
        column = QVBoxLayout(inside)
        column.setContentsMargins(GAP.xl, GAP.xs, GAP.xl, GAP.xl)
        column.setSpacing(GAP.m)
        columns = [Column(_cut(first.name), first.name), Column(_cut(second.name), second.name)]
        figures = FigureTable("Figure", columns)
        figures.set_rows(
            [
                FigureRow(what, (_mark(one, better is True), _mark(other, better is False)))
                for what, one, other, better in compared.figures
            ]
        )
        column.addWidget(label("What they came to", "section"))
        column.addWidget(figures)
        column.addSpacing(GAP.m)
        column.addWidget(label("Settings that differ", "section"))
        if compared.settings:
            settings = FigureTable("Setting", columns)
            settings.set_rows([FigureRow(what, (_cut(one), _cut(other))) for what, one, other in compared.settings])
            column.addWidget(settings)
        else:
            column.addWidget(label(_SAME, "secondary"))
        column.addStretch(1)
        self._area.setWidget(inside)


def _mark(words: str, better: bool) -> str:
    return f"▲ {words}" if better else words


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
