from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.theme import LIGHT
from desktop.widgets.meter_rows import Meter, MeterRows
from tests.desktop.widgets.stage import QUIET, settle, stage, themed

pytestmark = QUIET

ROWS = [
    Meter("Epoch", 0.8, "24 / 30"),
    Meter("Memory", 0.2, "5.2 GB"),
    Meter("A name that is far too long", 0.0, "0 %"),
]


def test_bars_are_as_long_as_they_say_and_stand_under_one_another(qtbot: QtBot, qapp: QApplication) -> None:
    with themed(qapp):
        made = MeterRows("Progress")
        made.set_rows(ROWS)
        stage(qtbot, made, 300, made.sizeHint().height())
        image = made.grab().toImage()
        for place, row in enumerate(ROWS):
            box = made.bar_box(place)
            y = round(box.center().y())
            across = range(round(box.left()), round(box.right()))
            filled = sum(image.pixelColor(x, y).name().upper() == LIGHT.accent for x in across)
            assert abs(filled - (row.fraction or 0) * box.width()) <= 3
        assert {made.bar_box(at).left() for at in range(3)} == {made.bar_box(0).left()}
        assert made.bar_box(0).width() > 60


def test_it_is_read_out_and_grows(qtbot: QtBot, qapp: QApplication) -> None:
    made = MeterRows("Progress")
    assert made.sizeHint().height() == 0
    made.set_rows([*ROWS, Meter("Device", None, "CPU, 2 cores")])
    assert made.rows[-1].fraction is None
    assert made.accessibleName() == "Progress"
    assert made.accessibleDescription().startswith("Epoch 24 / 30, Memory 5.2 GB")
    with themed(qapp, scale=2.0):
        stage(qtbot, made, 220, 300)
        settle()
        assert made.sizeHint().height() > 4 * 28
        assert made.bar_box(0).width() >= 40
        assert not made.grab().isNull()
