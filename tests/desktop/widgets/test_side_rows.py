from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.widgets.row_list import Row
from desktop.widgets.side_rows import SideRow, SideRows
from tests.desktop.widgets.drags import Carried
from tests.desktop.widgets.stage import QUIET, stage

pytestmark = QUIET

ROWS = [
    SideRow("all", Row("All pictures", "3")),
    SideRow("head", Row("material", heading=True)),
    SideRow("wood", Row("wood", "2", key="1", colour="#FF0000"), droppable=True),
    SideRow("stone", Row("stone", "1", key="2", colour="#00FF00"), droppable=True),
]


@pytest.fixture
def rows(qtbot: QtBot) -> SideRows:
    made = SideRows("Categories")
    made.show_rows(ROWS, "all")
    stage(qtbot, made, 220, 300)
    return made


def middle(rows: SideRows, place: int) -> QPoint:
    return QPoint(40, place * rows.row_height() + rows.row_height() // 2)


def test_a_click_chooses_and_a_heading_is_told_apart(rows: SideRows) -> None:
    chosen: list[str] = []
    headed: list[str] = []
    rows.chosen.connect(chosen.append)
    rows.headed.connect(headed.append)
    for place in (2, 1):
        QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=middle(rows, place))
    assert (chosen, headed) == (["wood"], ["head"])
    assert rows.current == "all"


def test_keys_pass_over_headings_and_act_on_the_chosen_row(rows: SideRows) -> None:
    chosen: list[str] = []
    asked: list[str] = []
    rows.chosen.connect(chosen.append)
    rows.rename_wanted.connect(lambda key: asked.append(f"rename {key}"))
    rows.remove_wanted.connect(lambda key: asked.append(f"remove {key}"))
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Down)
    assert chosen == ["wood"]
    rows.show_rows(ROWS, "wood")
    QTest.keyClick(rows, Qt.Key.Key_Up)
    assert chosen[-1] == "all"
    QTest.keyClick(rows, Qt.Key.Key_F2)
    QTest.keyClick(rows, Qt.Key.Key_Delete)
    assert asked == ["rename wood", "remove wood"]


def test_tiles_are_dropped_on_rows_that_take_them(rows: SideRows) -> None:
    dropped: list[str] = []
    rows.dropped.connect(dropped.append)
    carried = Carried(rows.viewport())
    carried.enter(middle(rows, 0))
    assert not carried.move(middle(rows, 0))
    assert carried.move(middle(rows, 3))
    assert rows.hot == 3
    assert carried.drop(middle(rows, 3))
    assert dropped == ["stone"]
    assert rows.hot == 0


def test_the_colour_of_a_row_is_painted(rows: SideRows) -> None:
    image = rows.viewport().grab().toImage()
    y = middle(rows, 2).y()
    colours = {image.pixelColor(x, y).name() for x in range(image.width() // 2)}
    assert "#ff0000" in colours


def test_the_same_rows_do_not_scroll_back(rows: SideRows) -> None:
    many = [SideRow(str(number), Row(str(number))) for number in range(100)]
    rows.show_rows(many, "0")
    bar = rows.verticalScrollBar()
    bar.setValue(500)
    rows.show_rows([*many[:-1], SideRow("new", Row("new"))], "0")
    assert bar.value() == 500
