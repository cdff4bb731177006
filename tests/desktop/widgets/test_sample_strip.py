from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.theme import LIGHT
from desktop.widgets.sample_strip import Caption, Sample, SampleStrip
from tests.desktop.widgets.stage import QUIET, settle, stage, themed

pytestmark = QUIET


def picture(colour: str) -> QImage:
    made = QImage(32, 32, QImage.Format.Format_RGB32)
    made.fill(QColor(colour))
    return made


SAMPLES = [
    Sample("one.png", picture("#102030"), (Caption("Plate 1 × 2", True), Caption("Blue"))),
    Sample("two.png", picture("#405060"), (Caption("Technic Pin", False), Caption("Lime")), "It is a Technic Axle."),
    Sample("three.png", None, (Caption("not yet"), Caption(""))),
]


@pytest.fixture
def strip(qtbot: QtBot) -> SampleStrip:
    made = SampleStrip("Validation pictures")
    made.set_samples(SAMPLES)
    stage(qtbot, made, 400, 320)
    return made


def test_right_and_wrong_have_a_sign_a_colour_and_a_word(qtbot: QtBot, qapp: QApplication) -> None:
    with themed(qapp):
        made = SampleStrip("Validation pictures")
        made.set_samples(SAMPLES)
        stage(qtbot, made, 400, 160)
        image = made.grab().toImage()

        def colours(place: int) -> set[str]:
            box = made.box(place)
            return {
                image.pixelColor(x, y).name().upper()
                for x in range(box.left(), box.right())
                for y in range(box.bottom() + 4, min(box.bottom() + 24, image.height()))
            }

        assert image.pixelColor(made.box(0).center()) == QColor("#102030")
        assert LIGHT.good in colours(0)
        assert LIGHT.bad not in colours(0)
        assert LIGHT.bad in colours(1)
        assert LIGHT.good not in colours(1)
        assert not {LIGHT.good, LIGHT.bad} & colours(2)
        assert made.accessibleDescription() == "one.png: Plate 1 × 2, right; Blue; 1 of 2 are right"


def test_the_keyboard_walks_and_opens(strip: SampleStrip) -> None:
    opened: list[int] = []
    strip.opened.connect(opened.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_End, Qt.Key.Key_Return, Qt.Key.Key_Home):
        QTest.keyClick(strip, key)
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.box(2).center())
    assert opened == [1, 2, 2]
    assert strip.accessibleDescription().startswith("three.png: not yet")


def test_it_breaks_into_rows_and_keeps_its_place(strip: SampleStrip) -> None:
    wide, narrow = strip.heightForWidth(400), strip.heightForWidth(150)
    assert narrow > 2.5 * wide
    QTest.keyClick(strip, Qt.Key.Key_Right)
    strip.set_samples(list(reversed(SAMPLES)))
    assert strip.accessibleDescription().startswith("two.png: Technic Pin, wrong")
    strip.resize(150, narrow)
    settle()
    assert strip.box(1).top() > strip.box(0).bottom()
    QTest.keyClick(strip, Qt.Key.Key_Down)
    assert strip.accessibleDescription().startswith("one.png")
    strip.set_samples([])
    assert strip.heightForWidth(400) == 0
    assert strip.samples == ()
