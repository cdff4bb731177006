"""The library as cards, and beneath them where to drop what is to join it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.pages.models.entries import Entry, Line, line
from desktop.theme import GAP
from desktop.widgets.card_grid import CardGrid, GridCard
from desktop.widgets.chips import Chip, Chips
from desktop.widgets.drop_area import DropArea
from desktop.widgets.labels import Elided, label

__all__ = ["Cards"]

_LEARNS = "It learns from every correction that you make on the Sort page"
_DROP_HEIGHT = 220
_FEW = 8  # models, up to which there is room beneath them to say what else can be done here


class Cards(QScrollArea):
    """Shows the models.

    Args:
        import_button: what stands in the drop area.

    Signals:
        selected: folder of the model that is looked at now, None for the starter model.
        use_wanted: the model that is looked at is to answer.
        rename_wanted: it is to be called otherwise.
        remove_wanted: it is to be taken out of the library.
        menu_wanted: what can be done with it; where, on the screen.
    """

    selected = Signal(object)
    use_wanted = Signal()
    rename_wanted = Signal()
    remove_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, import_button: QPushButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: Sequence[Entry] = ()
        self._shown: list[tuple[Line, bool]] = []
        self.grid = CardGrid()
        self.grid.current_changed.connect(lambda place: self.selected.emit(self._entries[place].folder))
        self.grid.activated.connect(lambda _place: self.use_wanted.emit())
        self.grid.rename_wanted.connect(lambda _place: self.rename_wanted.emit())
        self.grid.remove_wanted.connect(lambda _place: self.remove_wanted.emit())
        self.grid.menu_wanted.connect(lambda _place, where: self.menu_wanted.emit(where))
        self._drop = DropArea(
            "box",
            "Drop a model here",
            "A .ps2model package, ONNX, PyTorch or TensorFlow. Nothing in it is run until it was checked.",
            [import_button],
        )
        self._drop.setMinimumHeight(_DROP_HEIGHT)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(GAP.xl, GAP.xs, GAP.xl, GAP.xl)
        column.setSpacing(GAP.lg)
        column.addWidget(self.grid)
        column.addWidget(self._drop, 1000)
        column.addStretch(1)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inside)
        self.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)

    def show_models(self, entries: Sequence[Entry], selected: Path | None, in_use: Path | None) -> None:
        """Show ``entries``; the cards are made anew only where something on them is another."""
        self._entries = entries
        shown = [(line(one), one.folder == in_use) for one in entries]
        current = next((place for place, one in enumerate(entries) if one.folder == selected), -1)
        if shown != self._shown:
            self._shown = shown
            self.grid.set_cards([_ModelCard(words, in_use=used) for words, used in shown], current)
        elif current >= 0:
            self.grid.set_current(current)
        self._drop.setVisible(0 < len(entries) <= _FEW)
        if current >= 0:
            self.ensureWidgetVisible(self.grid.cards[current])

    def set_hot(self, hot: bool) -> None:
        """Whether something that may be dropped hovers over the window."""
        self._drop.set_hot(hot)

    @property
    def has_drop_area(self) -> bool:
        """Whether it says where to drop something."""
        return self._drop.isVisibleTo(self)


class _ModelCard(GridCard):
    """What there is to know of a model at one look."""

    def __init__(self, words: Line, *, in_use: bool) -> None:
        super().__init__(f"{words.name}{', in use' if in_use else ''}")
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP.lg, GAP.m, GAP.lg, GAP.m)
        column.setSpacing(GAP.s)
        top = QHBoxLayout()
        top.setSpacing(GAP.s)
        top.addWidget(Elided(words.name, "section"), 1)
        if in_use:
            top.addWidget(label("in use", "accent"))
        column.addLayout(top)
        chips = Chips()
        learns = [Chip("learns from you", _LEARNS, quiet=True)] if words.learns else []
        chips.set_chips([*(Chip(said, tip) for said, tip in words.chips), *learns])
        column.addWidget(chips)
        if words.accuracy and not words.problem:
            column.addWidget(label(words.accuracy, wrap=True))
        if words.problem:
            column.addWidget(label(words.problem, "bad", wrap=True))
        column.addStretch(1)
        column.addWidget(label(words.details, "secondary", wrap=True))
