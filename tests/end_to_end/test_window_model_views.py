"""What the views of the Models page have in common."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from desktop.pages.models.assistant_view import AssistantView
from desktop.pages.models.compare_view import CompareView
from desktop.pages.models.smaller_view import SmallerView
from desktop.pages.models.try_view import TryView
from desktop.window import MainWindow
from tests.desktop.actions.datasets import category_dataset
from tests.desktop.widgets.stage import QUIET
from tests.end_to_end.model_view_hands import Person, View, words
from tests.models.made_models import pictures

pytestmark = QUIET


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    made = Person(qtbot)
    yield made
    made.leave()


@pytest.mark.parametrize("kind", [CompareView, SmallerView])
def test_a_dataset_is_chosen_from_the_menu(
    person: Person, tmp_path: Path, kind: type[CompareView | SmallerView]
) -> None:
    pictures(tmp_path / "pictures", 2)
    view = person.sees(kind)
    menu = view.menu.datasets
    assert not menu.menuAction().isEnabled(), "there is none yet"
    buttons = [one.text() for one in view.findChildren(QPushButton) if one.menu() is view.menu]
    assert sorted(buttons) == ["Browse…", "Choose…"]
    category_dataset("Walls & floors", dict.fromkeys(sorted((tmp_path / "pictures").iterdir()), "a"))
    view.open([None]) if isinstance(view, CompareView) else view.open(None)
    person.wait(menu.menuAction().isEnabled)
    (entry,) = menu.actions()
    assert entry.text() == "Walls && floors"
    entry.trigger()
    assert "Dataset Walls & floors" in words(view)
    person.rest()


@pytest.mark.parametrize("kind", [AssistantView, CompareView, SmallerView, TryView])
@pytest.mark.parametrize("width", [824, 1720])
def test_nothing_is_wider_than_the_view_and_esc_leads_back(person: Person, kind: type[View], width: int) -> None:
    view = person.sees(kind)
    view.resize(width, 600)
    QTest.qWait(20)
    assert view.minimumSizeHint().width() <= 824, "the least window, beside the rail"
    closed: list[None] = []
    view.closed.connect(lambda: closed.append(None))
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert len(closed) == 1
    shown = [one for one in view.findChildren(QPushButton) if one.isVisible()]
    assert all(one.mapTo(view, one.rect().bottomRight()).x() <= width for one in shown)


def test_pictures_that_come_in_over_the_rail_do_not_turn_the_page_away_from_a_view(
    window: MainWindow, tmp_path: Path
) -> None:
    def enter() -> None:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.png"))])
        keys = Qt.KeyboardModifier.NoModifier
        event = QDragEnterEvent(QPoint(20, 300), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, keys)
        QApplication.sendEvent(window, event)
        QApplication.sendEvent(window, QDragLeaveEvent())

    window.show_page("Models")
    window.models.try_out()
    enter()
    assert isinstance(window.models.currentWidget(), TryView)
    assert window.models.isVisible()
    window.models.currentWidget().closed.emit()
    enter()
    assert not window.models.isVisible(), "from the library on, pictures are for sorting"
