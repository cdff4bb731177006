"""A person's hands on the library of models, and what stands there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.actions.models import list_models
from desktop.pages.models.view import ModelsPage
from desktop.widgets.card_grid import GridCard
from desktop.window import MainWindow
from tests.end_to_end.hands import CONTROL, NONE, Hands
from tests.end_to_end.test_window_models import STARTER, chooser
from tests.models.package.packages import members_1_1, zipped


def on_models_page(qtbot: QtBot, window: MainWindow) -> Hands:
    """On the Models page, with the starter model alone."""
    window.warm_up()
    hands = Hands(qtbot, window)
    hands.wait(lambda: chooser(hands).words == STARTER)
    QTest.keyClick(window, Qt.Key.Key_4, CONTROL)
    hands.wait(lambda: names(hands) == [STARTER])
    return hands


def pack(folder: Path) -> Path:
    """A small classifier in a package that nobody signed."""
    return zipped(folder / "pack.ps2model", members_1_1(name="Four materials", author="Bertram"))


def page(hands: Hands) -> ModelsPage:
    return hands.window.models


def names(hands: Hands) -> list[str]:
    """The models on the page, as their cards are read out."""
    grid = page(hands).library.cards.grid
    return [one.accessibleName().removesuffix(", in use") for one in grid.cards if grid.isVisible()]


def in_use(hands: Hands) -> list[str]:
    found = [one.accessibleName() for one in page(hands).library.cards.grid.cards]
    return [name.removesuffix(", in use") for name in found if name.endswith(", in use")]


def card(hands: Hands, name: str) -> GridCard:
    cards = page(hands).library.cards.grid.cards
    return next(one for one in cards if one.accessibleName().removesuffix(", in use") == name)


def click(hands: Hands, name: str) -> None:
    QTest.mouseClick(card(hands, name), Qt.MouseButton.LeftButton)


def button(hands: Hands, words: str) -> QPushButton:
    found = [one for one in hands.window.findChildren(QPushButton) if one.isVisible() and one.text() == words]
    assert found, words
    return found[-1]


def words_of(hands: Hands) -> str:
    return "\n".join(hands.words).replace("\u200b", "").replace("\u00a0", " ")


def texts(hands: Hands) -> list[str]:
    """Every text on the window, those of buttons too."""
    buttons = [one.text().strip() for one in hands.window.findChildren(QAbstractButton) if one.isVisible()]
    return [*hands.words, *buttons]


def installed() -> list[str]:
    return [one.name for one in list_models()]


def choose_file(path: Path) -> None:
    """Answer the file chooser that comes next."""

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QFileDialog):
            QTimer.singleShot(20, answer)
            return
        dialog.findChildren(QLineEdit)[0].setText(str(path))
        dialog.accept()

    QTimer.singleShot(0, answer)


def drag(window: MainWindow, kind: type, paths: list[Path]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy = Qt.DropAction.CopyAction
    where = QPoint(600, 400) if kind is QDragEnterEvent else QPoint(600, 400).toPointF()
    QApplication.sendEvent(window, kind(where, copy, data, Qt.MouseButton.LeftButton, NONE))


def panel_shown(hands: Hands) -> Callable[[], bool]:
    return page(hands).importing.panel.isVisible
