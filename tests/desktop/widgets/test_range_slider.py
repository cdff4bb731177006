from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.widgets.range_slider import CalmSlider, RangeSlider
from tests.desktop.widgets.stage import QUIET, stage

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def slider(qtbot: QtBot) -> RangeSlider:
    made = RangeSlider("Rotate: Angle", "°", -180, 180, 1, 0)
    made.set_values(-15, 15)
    stage(qtbot, made, 300, 20)
    return made


def told(slider: RangeSlider) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    slider.changed.connect(lambda low, high: found.append((low, high)))
    return found


@QUIET
def test_the_mouse_moves_the_nearer_handle(slider: RangeSlider) -> None:
    found = told(slider)
    QTest.mousePress(slider, LEFT, pos=slider.handle(1).toPoint())
    QTest.mouseMove(slider, QPoint(round(slider.x_of(90)), 10))
    QTest.mouseRelease(slider, LEFT, pos=QPoint(round(slider.x_of(90)), 10))
    assert slider.values[0] == -15
    assert slider.values[1] == pytest.approx(90, abs=3)
    QTest.mouseClick(slider, LEFT, pos=QPoint(1, 10))
    assert slider.values[0] == -180
    assert found[-1] == slider.values


@QUIET
def test_handles_do_not_pass_each_other(slider: RangeSlider) -> None:
    QTest.mousePress(slider, LEFT, pos=slider.handle(0).toPoint())
    QTest.mouseMove(slider, QPoint(299, 10))
    QTest.mouseRelease(slider, LEFT, pos=QPoint(299, 10))
    assert slider.values == (15, 15)
    QTest.mouseClick(slider, LEFT, pos=QPoint(299, 10))
    assert slider.values == (15, 180)


@QUIET
def test_keys_move_the_handle_with_the_ring(slider: RangeSlider) -> None:
    found = told(slider)
    slider.setFocus()
    QTest.keyClick(slider, Key.Key_Right)
    QTest.keyClick(slider, Key.Key_PageUp)
    assert slider.values == (-15, 26)
    assert "highest" in slider.accessibleDescription()
    QTest.keyClick(slider, Key.Key_Space)
    QTest.keyClick(slider, Key.Key_Left)
    assert slider.values == (-16, 26)
    QTest.keyClick(slider, Key.Key_End)
    assert slider.values == (26, 26)
    QTest.keyClick(slider, Key.Key_Home)
    assert slider.values == (-180, 26)
    assert slider.accessibleName() == "Rotate: Angle: -180 to 26 °"
    assert len(found) == 5


@QUIET
def test_what_is_set_is_not_told_and_kept_to_what_is_possible(slider: RangeSlider) -> None:
    found = told(slider)
    slider.set_values(-500, 3)
    assert slider.values == (-180, 3)
    assert found == []


@given(st.sampled_from([(-180, 180, 1, 0), (0.3, 10, 0.1, 0.3), (1, 100, 1, 100), (20, 300, 1, 100)]), st.data())
def test_every_value_lies_where_it_is_found_again(
    facts: tuple[float, float, float, float], data: st.DataObject
) -> None:
    QApplication.instance() or QApplication([])
    slider = RangeSlider("x", "", *facts)
    slider.resize(4000, 20)
    low, high, step, _ = facts
    value = round(low + step * data.draw(st.integers(0, round((high - low) / step))), 2)
    assert slider._place(slider.x_of(value)) == round((value - low) / step)
    slider.set_values(value, value)
    assert slider.values[0] == pytest.approx(value)


@QUIET
def test_a_calm_slider_leaves_the_wheel_to_the_form(qtbot: QtBot) -> None:
    slider = CalmSlider("How often", 0, 100)
    stage(qtbot, slider, 200, 30)
    middle = QPointF(100, 15)
    wheel = QWheelEvent(
        middle, middle, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(slider, wheel)
    assert slider.value() == 0
    assert not wheel.isAccepted()
