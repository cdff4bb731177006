from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.widgets.hemisphere import Hemisphere
from tests.desktop.widgets.stage import QUIET, stage

pytestmark = QUIET


def ball(qtbot: QtBot) -> tuple[Hemisphere, list[tuple[float, float, float]]]:
    made = Hemisphere("Light")
    told: list[tuple[float, float, float]] = []
    made.chosen.connect(lambda x, y, z: told.append((x, y, z)))
    stage(qtbot, made, 180, 180)
    return made, told


def test_a_point_is_dragged_and_told_when_it_is_let_go(qtbot: QtBot) -> None:
    made, told = ball(qtbot)
    QTest.mousePress(made, Qt.MouseButton.LeftButton, pos=QPoint(90, 90))
    QTest.mouseMove(made, QPoint(179, 90))
    assert told == []
    QTest.mouseRelease(made, Qt.MouseButton.LeftButton, pos=QPoint(179, 90))
    assert told == [(1.0, 0.0, 0.0)], "beyond the rim is on the rim"


def test_arrows_turn_it_by_two_degrees_or_ten(qtbot: QtBot) -> None:
    made, told = ball(qtbot)
    assert made.accessibleDescription() == "not known"
    QTest.keyClick(made, Qt.Key.Key_Right)
    QTest.keyClick(made, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    degrees = [math.degrees(math.acos(one[2])) for one in told]
    assert round(degrees[0], 6) == 2
    assert round(math.degrees(math.asin(told[1][1])), 6) == 10
    for _ in range(20):
        QTest.keyClick(made, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert round(told[-1][1], 9) == 1, "not over the top"


NUMBER = st.floats(-9, 9)


@given(x=NUMBER, y=NUMBER, z=st.floats(0.1, 9))
def test_what_is_shown_is_a_unit_vector(qapp: object, x: float, y: float, z: float) -> None:
    made = Hemisphere("Light")
    made.set_direction((x, y, z))
    assert made.direction is not None
    assert math.isclose(math.hypot(*made.direction), 1)
