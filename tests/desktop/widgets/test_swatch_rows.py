from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.theme import DARK, LIGHT
from desktop.widgets.swatch_rows import HATCHED, SwatchRow, SwatchRows
from tests.desktop.widgets.stage import QUIET, stage, themed

pytestmark = QUIET

ROWS = (
    SwatchRow("background", "", "1", "80 %"),
    SwatchRow("a drawer with a name that is longer than there is room for here", "#56B4E9", "2", "20 %"),
    SwatchRow("Unknown", HATCHED, "U"),
)
LEFT, NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def shown(qtbot: QtBot) -> tuple[SwatchRows, list[int]]:
    rows, chosen = SwatchRows("Paint with"), []
    rows.chosen.connect(chosen.append)
    rows.set_rows(ROWS, 0)
    stage(qtbot, rows, 240, rows.sizeHint().height())
    return rows, chosen


def test_a_click_takes_a_row(qtbot: QtBot) -> None:
    rows, chosen = shown(qtbot)
    each = rows.height() // 3
    for place in (2, 0, 1):
        QTest.mouseClick(rows, LEFT, NO_KEY, QPoint(80, place * each + each // 2))
    QTest.mouseClick(rows, Qt.MouseButton.RightButton, NO_KEY, QPoint(80, 5))
    assert chosen == [2, 0, 1]


def test_the_keyboard_walks_and_takes(qtbot: QtBot) -> None:
    rows, chosen = shown(qtbot)
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Return)  # nothing is walked to yet
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_Up, Qt.Key.Key_Return):
        QTest.keyClick(rows, key)
    for _ in range(5):
        QTest.keyClick(rows, Qt.Key.Key_Down)
    QTest.keyClick(rows, Qt.Key.Key_Enter)
    assert chosen == [1, 0, 2]
    assert rows.accessibleDescription() == "Unknown"


def test_who_cannot_see_hears_which_is_in_use(qtbot: QtBot) -> None:
    rows, _ = shown(qtbot)
    assert rows.accessibleName() == "Paint with: background"
    rows.set_rows(ROWS[:1], -1)
    assert rows.accessibleName() == "Paint with"
    assert rows.current == -1


def test_colours_follow_the_theme_and_text_may_be_large(qtbot: QtBot, qapp: QApplication) -> None:
    rows, _ = shown(qtbot)
    for choice, tokens in (("light", LIGHT), ("dark", DARK)):
        with themed(qapp, choice):
            image = rows.grab().toImage()
            marked = image.pixelColor(image.width() // 2, 3)
            assert marked.name() == QColor(tokens.selected).name()
            seen = {image.pixelColor(x, image.height() // 2).name() for x in range(image.width())}
            assert "#56b4e9" in seen
    before = rows.sizeHint().height()
    with themed(qapp, "light", 2.0):
        assert rows.sizeHint().height() > 1.5 * before
