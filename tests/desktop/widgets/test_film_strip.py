from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.widgets.film_strip import FilmStrip
from tests.desktop.widgets.stage import QUIET, settle, stage

pytestmark = QUIET


def strip(qtbot: QtBot, count: int = 40) -> tuple[FilmStrip, list[int]]:
    made = FilmStrip("Pictures")
    stage(qtbot, made, 400, 90)
    made.set_names([f"{n}.png" for n in range(count)])
    settle()
    told: list[int] = []
    made.current_changed.connect(told.append)
    return made, told


def test_pictures_are_walked_by_keys_and_come_on_screen(qtbot: QtBot) -> None:
    made, told = strip(qtbot)
    made.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Home):
        QTest.keyClick(made, key)
    assert told == [0, 1, 39, 38, 0]
    assert made.horizontalScrollBar().value() == 0
    QTest.keyClick(made, Qt.Key.Key_End)
    assert made.horizontalScrollBar().value() == made.horizontalScrollBar().maximum() > 0
    assert made.accessibleDescription() == "39.png"


def test_a_click_chooses_and_one_between_pictures_does_not(qtbot: QtBot) -> None:
    made, told = strip(qtbot)
    QTest.mouseClick(made.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(100, 30))
    QTest.mouseClick(made.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(70, 30))
    assert (told, made.current) == ([1], 1)


def test_other_keys_are_for_whoever_holds_it(qtbot: QtBot) -> None:
    class Holder(QWidget):
        keys: list[int]

        def keyPressEvent(self, event: object) -> None:
            self.keys.append(event.key())  # type: ignore[attr-defined]

    holder = Holder()
    holder.keys = []
    made = FilmStrip("Pictures", holder)
    stage(qtbot, holder, 400, 90)
    made.set_names(["a"])
    made.setFocus()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Escape):
        QTest.keyClick(made, key)
    assert holder.keys == [Qt.Key.Key_Space, Qt.Key.Key_Escape]


def test_pictures_are_painted_as_they_come(qtbot: QtBot) -> None:
    made, _ = strip(qtbot, 3)
    picture = QImage(10, 10, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    made.set_picture(1, picture)
    made.set_picture(2, None)
    settle()
    shot = made.viewport().grab().toImage()
    assert shot.pixelColor(3 + 72 + 32, 35).name() == "#ff0000"
    assert shot.pixelColor(3 + 32, 35).name() != "#ff0000"
    made.set_names(["other"])
    assert made.current == -1
