"""The hands of a person on the Dataset page of a real window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.pages.dataset.sidebar import category_key
from desktop.pages.dataset.view import DatasetPage
from desktop.widgets.notice_bar import NoticeBar
from desktop.widgets.side_rows import SideRows
from desktop.window import MainWindow
from training.datasets.records import Item, Query
from training.datasets.values import Category

__all__ = ["CONTROL", "NONE", "PATIENCE", "Hands", "Key"]

PATIENCE = 60_000
NONE, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


class Hands:
    """Keys and clicks go to the widgets of the Dataset page. ``patience`` is how long anything may take, ms."""

    def __init__(self, qtbot: QtBot, window: MainWindow, *, patience: int = PATIENCE) -> None:
        self._qtbot, self.window, self._patience = qtbot, window, patience
        window.warm_up()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        QTest.keyClick(window, Key.Key_2, CONTROL)
        self.receipts: list[str] = []
        self.page.told.connect(lambda text, _links: self.receipts.append(text))
        self.wait(lambda: self.page.state.entries is not None)
        self.rest()

    @property
    def page(self) -> DatasetPage:
        return self.window.dataset

    def wait(self, until: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(until, timeout=self._patience)

    def rest(self) -> None:
        """Wait until everything that was done is shown."""
        self.wait(lambda: not self.page.acting.busy)
        QTest.qWait(20)
        self.wait(lambda: not self.page.acting.busy)

    # -- what is there ------------------------------------------------------------------------------------------------

    @property
    def words(self) -> str:
        found = [one.text() for one in self.window.findChildren(QLabel) if one.isVisible()]
        return "\n".join(found).replace("\u200b", "").replace("\u00a0", " ")

    @property
    def notices(self) -> list[str]:
        bar = self.window.findChildren(NoticeBar)[0]
        return [one.text() for one in bar.findChildren(QLabel) if one.isVisible() and one.text()]

    def rows(self, rows: SideRows) -> dict[str, str]:
        """Title -> detail."""
        return {one.row.title: one.row.detail for one in rows.entries}

    @property
    def counts(self) -> dict[str, str]:
        return self.rows(self.page.sidebar.categories)

    @property
    def datasets(self) -> dict[str, str]:
        return self.rows(self.page.sidebar.datasets)

    @property
    def shown(self) -> list[int]:
        found = self.page.state.shown
        return found.ids.tolist() if found is not None else []

    def item(self, number: int) -> Item:
        """As the workspace has it."""
        dataset = self.page.state.selected
        assert dataset is not None
        (found,) = self.page.state.store.items(dataset, where=Query(ids=[number]))
        return found

    def label(self, number: int) -> str | None:
        value = self.item(number).labels.get(self.page.state.head)
        return value.name if isinstance(value, Category) else None

    # -- what a person does -------------------------------------------------------------------------------------------

    def drop(self, *paths: Path) -> None:
        """Drop files on the window, where the page is shown."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        enter = QDragEnterEvent(QPoint(600, 400), copy, data, left, NONE)
        QApplication.sendEvent(self.window, enter)
        assert enter.isAccepted()
        QApplication.sendEvent(self.window, QDropEvent(QPoint(600, 400).toPointF(), copy, data, left, NONE))

    def bring(self, *paths: Path) -> None:
        """Drop files and agree to make a dataset of them."""
        had = len(self.datasets)
        self.drop(*paths)
        self.wait(lambda: "Read as" in self.words)
        self.press("Make dataset")
        self.wait(lambda: len(self.datasets) > had)
        self.rest()

    def sample(self) -> None:
        self.press("Try the sample")
        self.wait(lambda: self.datasets == {"Sample": "64"})
        self.rest()

    def press(self, text: str) -> None:
        def found() -> list[QPushButton]:
            buttons = self.window.findChildren(QPushButton)
            usable = [one for one in buttons if one.isVisible() and one.isEnabled() and one.text().startswith(text)]
            return sorted(usable, key=lambda one: one.text() != text)

        self.wait(lambda: bool(found()))
        QTest.mouseClick(found()[0], Qt.MouseButton.LeftButton)

    def click_row(self, rows: SideRows, key: str) -> None:
        place = next(at for at, one in enumerate(rows.entries) if one.key == key)
        y = place * rows.row_height() + rows.row_height() // 2 - rows.verticalScrollBar().value()
        QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(40, y))
        self.rest()

    def only(self, category: str | None) -> None:
        """Click a category at the left, None for what is unlabelled."""
        self.click_row(self.page.sidebar.categories, category_key(self.page.state.head, category))

    def select(self, *numbers: int) -> None:
        self.page.images.select(numbers)
        self.page.images.grid.setFocus()

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.window.focusWidget() or self.page.images.grid, key, modifiers)

    def say(self, text: str) -> None:
        for letter in text:
            QTest.keyClicks(self.window.focusWidget() or self.page.images.grid, letter)
        self.key(Key.Key_Return)
        self.rest()
