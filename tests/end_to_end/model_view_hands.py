"""A person who uses one view of the Models page, and what is seen there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.jobs import Jobs
from desktop.notices import Notices
from desktop.pages.models.assistant_view import AssistantView
from desktop.pages.models.compare_view import CompareView
from desktop.pages.models.smaller_view import SmallerView
from desktop.pages.models.try_view import TryView
from desktop.widgets.image_view import ImageView
from desktop.widgets.sub_page import SubPage

PATIENCE = 60_000

View = TypeVar("View", AssistantView, CompareView, SmallerView, TryView)
Widget = TypeVar("Widget", bound=QWidget)


class Person:
    """Who uses a view: opens it, reads it, types and clicks."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.jobs, self.notices = Jobs(), Notices()

    def sees(self, kind: type[View]) -> View:
        view = kind(self.jobs, self.notices)
        self._qtbot.addWidget(view)
        view.resize(1100, 760)
        view.show()
        self._qtbot.waitExposed(view)
        view.activateWindow()
        self._qtbot.waitUntil(view.isActiveWindow)
        return view

    def wait(self, until: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(until, timeout=PATIENCE)

    def rest(self) -> None:
        """Until nothing is done in the background any more."""
        self.wait(lambda: not self.jobs._threads)

    def press(self, view: SubPage, words: str) -> None:
        made = button(view, words)
        assert made.isEnabled(), made.text()
        QTest.mouseClick(made, Qt.MouseButton.LeftButton)

    def leave(self) -> None:
        self.jobs.close()
        self.jobs.deleteLater()

    @property
    def told(self) -> str:
        return self.notices.latest.text if self.notices.latest is not None else ""


def button(view: SubPage, words: str) -> QPushButton:
    """The visible button that begins with these words."""
    found = [one for one in view.findChildren(QPushButton) if one.isVisible() and one.text().strip().startswith(words)]
    assert found, words
    return found[0]


def seen(view: SubPage, kind: type[Widget]) -> Widget:
    """The first of its kind that is visible."""
    return next(one for one in view.findChildren(kind) if one.isVisible())


def words(view: SubPage) -> str:
    return "\n".join(one.text() for one in view.findChildren(QLabel) if one.isVisible())


def middle(view: SubPage) -> tuple[int, int, int]:
    """The colour in the middle of the large picture."""
    shown = seen(view, ImageView).grab().toImage()
    colour = shown.pixelColor(shown.width() // 2, shown.height() // 2)
    return colour.red(), colour.green(), colour.blue()


def furniture(data: Path, folder: Path, count: int = 4) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted((data / "furniture" / "images").iterdir())[:count]:
        shutil.copy(path, folder / path.name)
    return folder
