from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.theme import LIGHT
from desktop.widgets.suggestions import Suggestion, Suggestions
from tests.desktop.widgets.stage import themed

ROWS = [Suggestion("metal", 0.62, "1"), Suggestion("wood", 0.3, "2", chosen=True), Suggestion("new", None)]


def shown(qtbot: QtBot, *, clickable: bool = True) -> Suggestions:
    made = Suggestions(clickable=clickable)
    qtbot.addWidget(made)
    made.set_rows(ROWS)
    made.resize(300, made.sizeHint().height())
    made.show()
    qtbot.waitExposed(made)
    return made


def middle(suggestions: Suggestions, place: int) -> QPoint:
    return QPoint(100, suggestions.height() * (2 * place + 1) // 6)


def test_a_click_says_which_row(qtbot: QtBot) -> None:
    suggestions = shown(qtbot)
    taken: list[int] = []
    suggestions.chosen.connect(taken.append)
    for place in (2, 0, 1):
        QTest.mouseClick(suggestions, Qt.MouseButton.LeftButton, pos=middle(suggestions, place))
    QTest.mouseClick(suggestions, Qt.MouseButton.RightButton, pos=middle(suggestions, 0))
    assert taken == [2, 0, 1]


def test_the_keyboard_walks_and_takes(qtbot: QtBot) -> None:
    suggestions = shown(qtbot)
    taken: list[int] = []
    suggestions.chosen.connect(taken.append)
    QTest.keyClick(suggestions, Qt.Key.Key_Return)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Up, Qt.Key.Key_Space):
        QTest.keyClick(suggestions, key)
    assert taken == [1, 0]
    suggestions.set_rows(ROWS[:1])
    QTest.keyClick(suggestions, Qt.Key.Key_Down)
    QTest.keyClick(suggestions, Qt.Key.Key_Down)
    QTest.keyClick(suggestions, Qt.Key.Key_Enter)
    assert taken == [1, 0, 0]


def test_rows_that_only_show_take_no_clicks(qtbot: QtBot) -> None:
    suggestions = shown(qtbot, clickable=False)
    with qtbot.assertNotEmitted(suggestions.chosen):
        QTest.mouseClick(suggestions, Qt.MouseButton.LeftButton, pos=middle(suggestions, 0))
    assert suggestions.focusPolicy() is Qt.FocusPolicy.NoFocus


def test_it_is_read_out(qtbot: QtBot) -> None:
    assert shown(qtbot).accessibleName() == "metal 62%, wood 30%, chosen, new"


def test_the_row_that_counts_is_the_persons(qtbot: QtBot, qapp: QApplication) -> None:
    with themed(qapp):
        image = shown(qtbot).grab().toImage()
    third = image.height() // 3
    colours = [
        {image.pixelColor(x, y).name().upper() for x in range(image.width()) for y in range(top, top + third)}
        for top in (0, third)
    ]
    assert LIGHT.accent not in colours[0]
    assert LIGHT.accent in colours[1]  # its bar and its check
