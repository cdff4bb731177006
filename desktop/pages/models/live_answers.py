"""The right side of the import assistant: a person's own pictures, answered as the draft says, after each change."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop.pages.models.rehearsed import Played
from desktop.theme import GAP
from desktop.widgets.drop_area import DropArea
from desktop.widgets.grid_layout import Section
from desktop.widgets.labels import button, label
from desktop.widgets.pixels import to_image
from desktop.widgets.tile_grid import TileGrid
from desktop.widgets.tile_look import Chip, Tile

__all__ = ["LiveAnswers"]

_SIDE = 168
_LEFT = 18  # as the grid's own margin brings its tiles to the page's


class _Tiles:
    """The pictures as a ``desktop.widgets.tile_source.TileSource``."""

    def __init__(self) -> None:
        self.tiles: tuple[Tile, ...] = ()

    def sections(self) -> Sequence[Section]:
        return [Section("all", "Your pictures, answered", len(self.tiles))] if self.tiles else []

    def key(self, section: str, index: int) -> int:
        return index

    def place(self, key: int) -> tuple[str, int] | None:
        return ("all", key) if 0 <= key < len(self.tiles) else None

    def tile(self, key: int) -> Tile:
        return self.tiles[key]


class LiveAnswers(QWidget):
    """A drop area, and once there are pictures a grid of them.

    Args:
        browse: the button of the drop area that opens a chooser.
        others: the same, once there are pictures.

    Signals:
        sample_wanted: the sample is good enough.
    """

    sample_wanted = Signal()

    def __init__(self, browse: QPushButton, others: QPushButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drop_area = DropArea(
            "images",
            "Drop a dozen of your pictures here",
            "See what the model answers while you fill in the form. Nothing is moved or sent anywhere.",
            [browse, button("Try the sample", on_click=self.sample_wanted.emit)],
        )
        self._tiles = _Tiles()
        self._grid = TileGrid(self._tiles)
        self._grid.set_tile_side(_SIDE)
        self._grid.setAccessibleName("Your pictures and what the model answers")
        self._said = label("", "secondary", wrap=True)
        head = QHBoxLayout()
        head.setContentsMargins(GAP.xl, GAP.xs, GAP.xl, 0)
        head.addWidget(self._said, 1)
        head.addWidget(others)
        filled = QWidget()
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        framed = QHBoxLayout()
        framed.setContentsMargins(_LEFT, 0, 0, 0)
        framed.addWidget(self._grid)
        column.addLayout(framed, 1)
        empty = QWidget()
        around = QVBoxLayout(empty)
        around.setContentsMargins(GAP.xl, GAP.xs, GAP.xl, GAP.xl)
        around.addWidget(self._drop_area)
        self._stack = QStackedWidget()
        self._stack.addWidget(empty)
        self._stack.addWidget(filled)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """What is shown."""
        return self._tiles.tiles

    @property
    def words(self) -> str:
        """What is said over the pictures."""
        return self._said.text()

    def set_hot(self, hot: bool) -> None:
        """Whether something that may be dropped hovers over the view."""
        self._drop_area.set_hot(hot)

    def show_empty(self) -> None:
        """There are no pictures."""
        self._stack.setCurrentIndex(0)

    def show_played(self, played: Played) -> None:
        """Show the answers, and the sentence where they look wrong."""
        before = len(self._tiles.tiles)
        self._tiles.tiles = tuple(
            Tile(chips=tuple(Chip(words, fraction) for words, fraction in look.lines)) for look in played.looks
        )
        for place, look in enumerate(played.looks):
            self._grid.set_picture(place, to_image(look.pixels.width, look.pixels.height, look.pixels.data))
        self._grid.set_lines(max((len(look.lines) for look in played.looks), default=0))
        if before != len(self._tiles.tiles):
            self._grid.select(())
        self._grid.refresh()
        took = played.milliseconds
        quick = f"{took:.{0 if took >= 10 else 1}f} ms a picture. Every change is answered at once."
        self._say(played.doubt or quick, "caution" if played.doubt else "secondary")
        self._stack.setCurrentIndex(1)

    def show_problem(self, sentence: str) -> None:
        """Why it can't answer as the draft is now; the answers of before stay."""
        self._say(sentence, "bad")
        self._stack.setCurrentIndex(1)

    def _say(self, words: str, role: str) -> None:
        self._said.setText(words)
        if self._said.property("text_role") != role:
            self._said.setProperty("text_role", role)
            self._said.style().unpolish(self._said)
            self._said.style().polish(self._said)
