from __future__ import annotations

from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from desktop.widgets.menu_button import MenuButton
from desktop.widgets.toggle_button import ToggleButton
from tests.desktop.widgets.stage import QUIET, stage, themed

pytestmark = QUIET

LONG = "Wrong at most about 20 %"


def nothing(menu: QMenu) -> None:
    menu.addAction("Nothing")


def test_words_are_cut_where_there_is_no_room_and_come_back(qtbot: QtBot, qapp: QApplication) -> None:
    with themed(qapp):
        button = MenuButton(LONG, nothing, around := QWidget())
        button.set_words(LONG, "What it rests on")
        button.resize(100, 28)
        stage(qtbot, around, 400, 100)
        needed = button.sizeHint().width()
        assert button.text().endswith("…")
        assert button.words == LONG
        assert button.accessibleName() == LONG
        assert button.toolTip() == f"{LONG}\nWhat it rests on"
        assert button.sizeHint().width() == needed > 100 >= button.minimumSizeHint().width()
        button.resize(needed, 28)
        assert button.text() == LONG
        assert button.toolTip() == "What it rests on"
        assert button.sizeHint().width() == needed


def test_an_ampersand_is_shown(qtbot: QtBot) -> None:
    button = MenuButton("Salt & sand", nothing)
    qtbot.addWidget(button)
    assert button.text() == "Salt && sand"
    assert button.words == "Salt & sand"


def test_short_words_need_no_more_than_they_are(qtbot: QtBot, qapp: QApplication) -> None:
    with themed(qapp):
        button = MenuButton("Name", nothing, around := QWidget())
        stage(qtbot, around, 200, 28)
        assert button.minimumSizeHint().width() == button.sizeHint().width()


def test_the_menu_is_filled_each_time(qtbot: QtBot) -> None:
    names = ["a"]
    button = MenuButton("Choose", lambda menu: [menu.addAction(name) for name in names] and None)
    qtbot.addWidget(button)
    for expected in (["a"], ["a", "b"]):
        button.menu().aboutToShow.emit()
        assert [action.text() for action in button.menu().actions()] == expected
        names.append("b")


def test_a_toggle_shows_its_icon_alone_where_it_is_narrow(qtbot: QtBot) -> None:
    button = ToggleButton("Watch", "eye")
    qtbot.addWidget(button)
    assert button.text().strip() == "Watch"
    button.set_narrow(True)
    assert button.text() == ""
    assert button.accessibleName() == "Watch"
    assert not button.icon().isNull()
