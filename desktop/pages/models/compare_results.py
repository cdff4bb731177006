"""What came of a comparison: the ranking, a word about chance, and the pictures about which the models disagree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.jobs import Jobs
from desktop.pages.models.comparing import COLUMNS, Comparing
from desktop.pages.models.thumbs import Thumbs
from desktop.theme import GAP
from desktop.widgets.choice import Choice
from desktop.widgets.figure_table import Column, FigureRow, FigureTable
from desktop.widgets.grid_layout import Section
from desktop.widgets.labels import label
from desktop.widgets.tile_grid import TileGrid
from desktop.widgets.tile_look import Chip, Tile

if TYPE_CHECKING:
    from desktop.actions.compare import Disagreement

__all__ = ["CompareResults"]

_SIDE = 132


class _Tiles:
    """Disagreements as a ``desktop.widgets.tile_source.TileSource``."""

    def __init__(self, state: Comparing) -> None:
        self._state = state
        self.shown: tuple[Disagreement, ...] = ()

    def refresh(self) -> None:
        self.shown = self._state.disagreements

    def sections(self) -> Sequence[Section]:
        title = "The best was wrong" if self._state.only_wrong else "They disagree"
        return [Section("all", title, len(self.shown))] if self.shown else []

    def key(self, section: str, index: int) -> int:
        return index

    def place(self, key: int) -> tuple[str, int] | None:
        return ("all", key) if 0 <= key < len(self.shown) else None

    def tile(self, key: int) -> Tile:
        one = self.shown[key]
        answers = [Chip(f"{rank}  {answer.category}", answer.confidence) for rank, answer in enumerate(one.answers, 1)]
        return Tile(chips=(Chip(one.label, None, mark=True), *answers))


class CompareResults(QWidget):
    """Shows ``state``; ``refresh`` follows it."""

    def __init__(self, state: Comparing, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.table = FigureTable("Model", [Column(*one) for one in COLUMNS])
        card = QFrame()
        card.setObjectName("card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, GAP.xs, 1, 1)
        inside.addWidget(self.table)
        self._note = label("", wrap=True)
        self._more = label("", "secondary", wrap=True)
        self._words: dict[str, str] = {}
        self._filter = Choice(self._words, "")
        self._filter.chosen.connect(lambda chosen: state.show_only_wrong(chosen == "wrong"))
        over = QVBoxLayout()
        over.setContentsMargins(GAP.s, GAP.xs, GAP.xl, 0)
        over.setSpacing(GAP.s)
        for one in (card, self._note, self._more, self._filter):
            over.addWidget(one)
        self._tiles = _Tiles(state)
        self.grid = TileGrid(self._tiles)
        self.grid.set_tile_side(_SIDE)
        self.grid.setAccessibleName("Pictures about which the models disagree")
        self.grid.activated.connect(self._open_file)
        self._thumbs = Thumbs(jobs, self.grid.set_picture, self)
        self.grid.wanted.connect(lambda keys: self._thumbs.want(keys, max(64, self.grid.picture_side)))
        self._nothing = label("", "secondary")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        framed = QHBoxLayout()
        framed.setContentsMargins(2, 0, 0, 0)  # the grid's own margin brings its tiles under the table
        framed.addWidget(self.grid)
        framed.addWidget(self._nothing, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.m)
        column.addLayout(over)
        column.addLayout(framed, 1)

    def refresh(self) -> None:
        """Follow the state."""
        state = self._state
        found = state.found
        if found is None:
            return
        self.table.set_rows(
            [
                FigureRow(f"{rank}  {one.name}", one.figures, one.note, "badge-check" if one.best else "", one.best)
                for rank, one in enumerate(state.places(), 1)
            ]
        )
        note, *more = state.notes()
        self._note.setText(note)
        self._more.setText("\n".join(more))
        self._more.setVisible(bool(more))
        total, wrong = state.counts
        words = {"all": f"Disagreements only {total:,}", "wrong": f"Best was wrong {wrong:,}"}
        if words != self._words:  # else the button that was pressed would lose the keyboard
            self._words = words
            self._filter.set_options(words, "all")
        self._filter.set_value("wrong" if state.only_wrong else "all")
        before = self._tiles.shown
        self._tiles.refresh()
        if before != self._tiles.shown:
            self._thumbs.set_paths([one.path for one in self._tiles.shown])
            self.grid.set_lines(1 + len(found.standings))
            self.grid.clear()
        self.grid.setVisible(bool(self._tiles.shown))
        self._nothing.setVisible(not self._tiles.shown)
        self._nothing.setText("The best was right about all of them." if total else "They agree about every picture.")

    def _open_file(self, key: int) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._tiles.shown[key].path)))
