"""A person's hands on the Sort page of a real window, and what that person reads there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.pages.sort.items import Filter, Item
from desktop.pages.sort.tiles import Tiles
from desktop.widgets.filter_field import FilterField
from desktop.widgets.notice_bar import NoticeBar
from desktop.widgets.suggestions import Suggestions
from desktop.widgets.thumb_row import ThumbRow
from desktop.widgets.tile_grid import TileGrid
from desktop.widgets.tile_look import Tile
from desktop.window import MainWindow
from training.correction_store import TrainingDataStore

PATIENCE = 60_000
NONE, SHIFT, CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)


class Hands:
    """Keys and clicks go to the widgets; nothing is called that a person could not do."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self._qtbot, self.window = qtbot, window
        window.activateWindow()  # without a window manager nobody else does, and shortcuts need it
        qtbot.waitUntil(window.isActiveWindow)
        self.state = window.sort.state
        self.receipts: list[str] = []
        window.sort.told.connect(lambda text, _links: self.receipts.append(text))

    def drop(self, folder: Path) -> None:
        """Drop a folder and wait until everything in it is answered."""
        self.window.open([folder])
        self.wait(lambda: bool(self.state.items) and not self.state.running)
        self.rest()

    def wait(self, until: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(until, timeout=PATIENCE)

    def learned(self) -> None:
        """Wait until everything that was said is learned and shown."""
        self.wait(lambda: not self.window.sort.correcting.busy)

    def rest(self) -> None:
        """Wait for that, and until pictures and neighbours are there."""
        self.learned()
        QTest.qWait(20)

    # -- what is there ------------------------------------------------------------------------------------------------

    @property
    def grid(self) -> TileGrid:
        return self.window.findChildren(TileGrid)[0]

    @property
    def current(self) -> Item:
        """The item that the keyboard is on."""
        return self.state.items[self.grid.current]

    @property
    def suggestions(self) -> list[str]:
        """The names in the inspector, first on top."""
        shown = next(one for one in self.window.findChildren(Suggestions) if one.isVisible())
        return [row.name for row in shown.rows]

    @property
    def field(self) -> FilterField:
        return next(one for one in self.window.findChildren(FilterField) if one.isVisible())

    @property
    def neighbours(self) -> list[str]:
        """The tips of the labelled examples most like the current one."""
        return [thumb.tip for row in self.window.findChildren(ThumbRow) if row.isVisible() for thumb in row.thumbs]

    @property
    def groups(self) -> dict[str, int]:
        return dict(self.state.groups())

    @property
    def words(self) -> list[str]:
        """Every text on the window."""
        return [one.text() for one in self.window.findChildren(QLabel) if one.isVisible() and one.text()]

    @property
    def notices(self) -> list[str]:
        bar = self.window.findChildren(NoticeBar)[0]
        return [one.text() for one in bar.findChildren(QLabel) if one.isVisible() and one.text()]

    def numbers(self, group: str) -> list[int]:
        """The items of a group, in the order shown."""
        return [self.state.number(group, index) for index in range(self.groups.get(group, 0))]

    def group(self, number: int) -> str:
        return self.state.items[number].group

    def said(self, number: int) -> str | None:
        """What a person has said of an item."""
        answer = self.state.items[number].answer
        return answer.labels.get(self.state.head) if answer is not None else None

    def tile(self, number: int) -> Tile:
        """How an item's tile looks."""
        return Tiles(self.state).tile(number)

    def kept(self) -> list[str]:
        """What the workspace holds, in the order in which it was said."""
        with TrainingDataStore() as store:
            return [one.corrected_category for one in store.corrections()]

    # -- what a person does -------------------------------------------------------------------------------------------

    def select(self, *numbers: int) -> None:
        """Click on items."""
        self.window.sort.select(numbers)
        self.grid.setFocus()

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key where the keyboard is."""
        QTest.keyClick(self.window.focusWidget() or self.grid, key, modifiers)

    def type(self, text: str) -> None:
        """Type, letter by letter, as each may take the keyboard elsewhere."""
        for letter in text:
            QTest.keyClicks(self.window.focusWidget() or self.grid, letter)

    def say(self, text: str) -> None:
        """Type a name and Enter, and wait for what comes of it."""
        self.type(text)
        self.key(Qt.Key.Key_Return)
        self.learned()

    def press(self, text: str) -> None:
        """Click the visible button that starts with ``text``."""

        def found() -> list[QPushButton]:
            buttons = self.window.findChildren(QPushButton)
            return [one for one in buttons if one.isVisible() and one.text().strip().startswith(text)]

        self.wait(lambda: bool(found()))
        QTest.mouseClick(found()[0], Qt.MouseButton.LeftButton)

    def filter(self, one: Filter) -> None:
        """Click a filter."""
        self.press(one.value)
        assert self.state.filter is one

    def click_first_header(self) -> None:
        """Click the header of the first group, which selects all of it."""
        self.grid.verticalScrollBar().setValue(0)
        QTest.mouseClick(self.grid.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
