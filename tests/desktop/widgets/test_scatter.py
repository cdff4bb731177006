from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.theme import GAP
from desktop.widgets.scatter import Scatter, inside
from tests.desktop.widgets.stage import QUIET, stage

pytestmark = QUIET

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def scatter(qtbot: QtBot) -> Scatter:
    made = Scatter()
    corners = np.array([[0, 0], [1, 0], [0, 1], [1, 1], [np.nan, np.nan]], np.float32)
    made.set_points(corners, [0, 0, 1, -1, 0], ["#FF0000", "#00FF00"])
    stage(qtbot, made, 200 + 2 * GAP.m, 200 + 2 * GAP.m)
    return made


def at(x: float, y: float) -> QPoint:
    return QPoint(round(GAP.m + 200 * x), round(GAP.m + 200 * y))


def draw(scatter: Scatter, *path: QPoint) -> None:
    QTest.mousePress(scatter, LEFT, pos=path[0])
    for one in path[1:]:
        QTest.mouseMove(scatter, one)
    QTest.mouseRelease(scatter, LEFT, pos=path[-1])


def test_a_click_means_the_nearest_point_in_reach(scatter: Scatter) -> None:
    caught: list[list[int]] = []
    scatter.caught.connect(caught.append)
    QTest.mouseClick(scatter, LEFT, pos=at(0.98, 0.02))
    QTest.mouseClick(scatter, LEFT, pos=at(0.5, 0.5))
    assert caught == [[1], []]


def test_a_lasso_catches_what_is_in_it(scatter: Scatter) -> None:
    caught: list[list[int]] = []
    scatter.caught.connect(caught.append)
    draw(scatter, at(-0.04, -0.04), at(0.5, -0.04), at(0.5, 1.04), at(-0.04, 1.04))
    assert caught == [[0, 2]]
    QTest.keyClick(scatter, Qt.Key.Key_Escape)
    assert caught[-1] == []


def test_points_have_the_colours_of_their_groups(scatter: Scatter) -> None:
    image = scatter.grab().toImage()
    first, third = image.pixelColor(at(0, 0)), image.pixelColor(at(0, 1))
    assert first.red() > first.green()
    assert third.green() > third.red()


def test_inside_is_even_odd() -> None:
    square = np.array([[0, 0], [10, 0], [10, 10], [0, 10]], np.float64)
    points = np.array([[5, 5], [15, 5], [-1, -1], [np.nan, 5]], np.float64)
    assert inside(points, square).tolist() == [True, False, False, False]


def test_nothing_to_show_is_no_fault(qtbot: QtBot) -> None:
    made = Scatter()
    stage(qtbot, made, 220, 220)
    QTest.mouseClick(made, LEFT, pos=QPoint(100, 100))
    assert not made.grab().isNull()
