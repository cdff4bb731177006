from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from desktop.widgets.drop_list import DropList
from desktop.widgets.row_list import RowList
from tests.desktop.widgets.drags import Carried
from tests.desktop.widgets.stage import QUIET, stage

pytestmark = QUIET

ROWS = [(f"k{i}", f"Name {i}", f"{i:,}") for i in range(40)]


@pytest.fixture
def drops(qtbot: QtBot) -> DropList:
    made = DropList()
    made.set_rows(ROWS)
    stage(qtbot, made, 320, 500)
    return made


def lists(drops: DropList) -> tuple[RowList, RowList]:
    rows, last = drops.findChildren(RowList)
    return rows, last


def test_tiles_are_dropped_on_a_row(drops: DropList) -> None:
    dropped: list[str] = []
    drops.dropped.connect(dropped.append)
    rows, last = lists(drops)
    at = QPoint(60, rows.row_height() * 5 // 2)
    carried = Carried(rows.viewport())
    assert carried.enter(QPoint(60, 5))
    assert rows.hot == 0
    assert carried.move(at)
    assert rows.hot == 2
    assert carried.drop(at)
    assert rows.hot == -1
    carried = Carried(last.viewport())
    assert carried.enter(QPoint(60, 5))
    assert carried.drop(QPoint(60, 5))
    assert dropped == ["k2", ""]


def test_nothing_else_is_taken(drops: DropList) -> None:
    rows, _ = lists(drops)
    assert not Carried(rows.viewport(), "text/uri-list").enter(QPoint(60, 5))


def test_a_long_list_scrolls_near_its_edge_and_stops_when_left(drops: DropList, qtbot: QtBot) -> None:
    rows, last = lists(drops)
    assert last.geometry().bottom() <= drops.height()
    bar, carried = rows.verticalScrollBar(), Carried(rows.viewport())
    carried.enter(QPoint(60, rows.viewport().height() - 2))
    before = rows.hot
    qtbot.waitUntil(lambda: bar.value() > 2 * rows.row_height())
    assert rows.hot > before
    carried.leave()
    stopped = bar.value()
    qtbot.wait(60)
    assert bar.value() == stopped
    assert rows.hot == -1
