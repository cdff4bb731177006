"""Everything about a run: what it came to, notes and tags, data, settings, where it was trained, files, log."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from desktop.pages.train.details import Details, figure_rows
from desktop.pages.train.entries import Entry
from desktop.pages.train.history import History
from desktop.pages.train.words import how_long, state_words, when
from desktop.theme import GAP
from desktop.widgets.card import Card
from desktop.widgets.facts import Facts
from desktop.widgets.figure_table import Column, FigureRow, FigureTable
from desktop.widgets.fold import Fold
from desktop.widgets.labels import button, label
from desktop.widgets.sub_page import SubPage

__all__ = ["DetailsView"]

_NOTES_HEIGHT = 84
_LOG_HEIGHT = 240


class DetailsView(SubPage):
    """Shows one run; name, notes and tags can be changed.

    Signals:
        described: the run, its name, notes and tags as they are now.
        again_wanted: the settings are wanted for a new training.
    """

    described = Signal(object, str, str, list)
    again_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Run", "Train", parent=parent)
        self._entry: Entry | None = None
        self._folder = button("Open its folder", on_click=self._open_folder)
        self._details: Details | None = None
        self.add_action(self._folder)
        self.add_action(button("New training with these settings", on_click=self.again_wanted.emit))
        self._area = QScrollArea(widgetResizable=True)
        self._area.viewport().setAutoFillBackground(False)
        self.body.addWidget(self._area)

    def open(self, entry: Entry, history: History, details: Details) -> None:
        """Show a run."""
        self._entry, self._details = entry, details
        self.set_title(entry.name, f"{state_words(entry)}  ·  {when(entry.created)}  ·  {how_long(entry.seconds)}")
        inside = QWidget()
        inside.setAutoFillBackground(False)
        column = QVBoxLayout(inside)
        column.setContentsMargins(GAP.xl, GAP.xs, GAP.xl, GAP.xl)
        column.setSpacing(GAP.lg)
        column.addWidget(self._person(entry))
        rows = figure_rows(entry, history)
        if rows:
            table = FigureTable("Figure", [Column("Validation", "At the best epoch"), Column("Test")])
            table.set_rows([FigureRow(f"{head}: {title}", (val, test)) for head, title, val, test in rows])
            column.addWidget(label("What it came to", "section"))
            column.addWidget(table)
        for title, facts in (("Data", details.data), ("Code and machine", details.made), ("Files", details.files)):
            if facts:
                column.addWidget(self._facts(title, facts))
        if history.skipped:
            column.addWidget(self._facts("Pictures that were passed over", history.skipped))
        for title, facts in details.settings.items():
            made = Facts()
            made.set_facts(facts)
            column.addWidget(Fold(f"Settings: {title}", made))
        log = QPlainTextEdit(details.log or "Nothing was said.", readOnly=True, tabChangesFocus=True)
        log.setAccessibleName("Log of the process")
        log.setFixedHeight(_LOG_HEIGHT)
        column.addWidget(Fold("Log of the process", log))
        column.addStretch(1)
        self._area.setWidget(inside)

    def _person(self, entry: Entry) -> Card:
        card = Card("Yours")
        self.name = QLineEdit(entry.name)
        self.name.setAccessibleName("Name")
        self.tags = QLineEdit(", ".join(entry.tags), placeholderText="Such as: baseline, for the talk")
        self.tags.setAccessibleName("Tags, with commas between")
        self.notes = QPlainTextEdit(entry.notes, tabChangesFocus=True)
        self.notes.setAccessibleName("Notes")
        self.notes.setFixedHeight(_NOTES_HEIGHT)
        self.keep = button("Keep", on_click=self._keep)
        card.add_row("Name", self.name)
        card.add_row("Tags", self.tags)
        card.add_row("Notes", self.notes, tall=True)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, 0, 0)
        foot.addWidget(self.keep)
        foot.addStretch(1)
        around = QWidget()
        around.setLayout(foot)
        card.add_row("", around)
        return card

    def _facts(self, title: str, rows: Sequence[tuple[str, str]]) -> QWidget:
        card = QFrame()
        card.setObjectName("card")
        facts = Facts()
        facts.set_facts(rows)
        column = QVBoxLayout(card)
        column.setContentsMargins(GAP.lg, GAP.m, GAP.lg, GAP.lg)
        column.setSpacing(GAP.m)
        column.addWidget(label(title, "section"))
        column.addWidget(facts)
        return card

    def _keep(self) -> None:
        if self._entry is not None:
            tags = [tag for part in self.tags.text().split(",") if (tag := part.strip())]
            self.described.emit(self._entry, self.name.text().strip(), self.notes.toPlainText(), tags)

    def _open_folder(self) -> None:
        if self._details is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._details.folder)))
