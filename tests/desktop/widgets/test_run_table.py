from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.theme import LIGHT
from desktop.widgets.run_table import Cell, RunColumn, RunRow, RunTable
from tests.desktop.widgets.stage import QUIET, settle, stage, themed

pytestmark = QUIET

COLUMNS = [RunColumn("Run"), RunColumn("State"), RunColumn("Part", numeric=True, tip="right first time")]
ROWS = [
    RunRow("c", (Cell("Parts 3"), Cell("running, epoch 4 of 30"), Cell("–")), ticked=True),
    RunRow("b", (Cell("Parts 2"), Cell("finished"), Cell("84.9 %", 0.849)), ticked=False),
    RunRow("a", (Cell("Parts, quick"), Cell("finished"), Cell("9.0 %", 0.09)), ticked=False),
]


@pytest.fixture
def table(qtbot: QtBot, qapp: QApplication) -> RunTable:
    made = RunTable("Runs", COLUMNS)
    made.set_rows(ROWS)
    stage(qtbot, made, 640, 240)
    return made


def middle(table: RunTable, place: int, column: int = 1) -> QPoint:
    return table.visualRect(table.model().index(place, column)).center()


@pytest.mark.parametrize(
    ("column", "falling", "keys"),
    [(-1, False, "cba"), (2, False, "abc"), (2, True, "bac"), (0, False, "bca"), (0, True, "acb")],
)
def test_numbers_are_sorted_as_such_and_what_has_none_stands_last(
    table: RunTable, column: int, falling: bool, keys: str
) -> None:
    table.sort_by(column, falling=falling)
    assert table.shown == list(keys)


def test_a_click_on_a_title_sorts(table: RunTable) -> None:
    header = table.horizontalHeader()
    where = QPoint(header.sectionViewportPosition(2) + 10, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert table.shown == ["a", "b", "c"]
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert table.shown == ["b", "a", "c"]
    assert not header.grab().isNull()


def test_the_keyboard_sorts_by_the_column_it_is_in(table: RunTable) -> None:
    table.setFocus()
    table.select("b")
    for _ in range(2):
        QTest.keyClick(table, Qt.Key.Key_Right)
    QTest.keyClick(table, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert table.shown == ["a", "b", "c"]


def test_a_filter_leaves_rows_with_every_word(table: RunTable) -> None:
    table.set_filter("FINISHED parts")
    assert table.shown == ["b", "a"]
    table.set_filter("nothing like it")
    assert table.shown == []
    table.set_filter("")
    assert len(table.shown) == 3


def test_a_box_is_ticked_by_click_and_key_and_the_owner_says_so(table: RunTable) -> None:
    asked: list[tuple[str, bool]] = []
    table.ticked.connect(lambda key, on: asked.append((key, on)))
    box = table.visualRect(table.model().index(0, 0))
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(box.left() + 12, box.center().y()))
    table.setFocus()
    table.select("a")
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert asked == [("c", False), ("a", True)]
    assert table.rows == tuple(ROWS)


def test_double_click_and_enter_open(table: RunTable) -> None:
    opened: list[str] = []
    table.opened.connect(opened.append)
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=middle(table, 1))
    table.setFocus()
    table.select("c")
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened == ["b", "c"]


def test_what_is_selected_stays_so_while_rows_come_and_change(table: RunTable) -> None:
    told: list[list[str]] = []
    table.selected.connect(told.append)
    table.select("b")
    new = RunRow("d", (Cell("Parts 4"), Cell("waiting"), Cell("–")))
    table.set_rows([new, *ROWS])
    assert table.keys() == ["b"]
    assert table.current == "b"
    table.set_rows([new, RunRow("c", (Cell("Parts 3"), Cell("finished"), Cell("90 %", 0.9))), *ROWS[1:]])
    assert table.keys() == ["b"]
    assert told[-1] == ["b"]
    table.set_rows([new])
    assert table.keys() == []


def test_a_menu_is_asked_for_with_the_row_under_the_pointer(table: RunTable, qtbot: QtBot) -> None:
    asked: list[list[str]] = []
    table.menu_wanted.connect(lambda keys, where: asked.append(keys))
    table.select("c")
    table.setFocus()
    for reason in (QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard):
        at = middle(table, 2)
        QApplication.sendEvent(table.viewport(), QContextMenuEvent(reason, at, table.viewport().mapToGlobal(at)))
    assert asked == [["a"], ["a"]]


def test_a_row_is_read_out(table: RunTable) -> None:
    role = Qt.ItemDataRole.AccessibleTextRole
    assert table.model().index(0, 0).data(role) == "Parts 3, ticked: State running, epoch 4 of 30, Part –"
    assert table.model().index(1, 2).data(role) == "Part 84.9 %"
    assert table.model().rowCount(table.model().index(0, 0)) == table.model().columnCount(QModelIndex()) - 3


def test_it_is_painted_in_the_theme_and_grows_with_the_text(qtbot: QtBot, qapp: QApplication) -> None:
    with themed(qapp):
        made = RunTable("Runs", COLUMNS)
        made.set_rows(ROWS)
        stage(qtbot, made, 640, 240)
        made.sort_by(2)
        made.setFocus()
        made.select("b")
        settle()
        image = made.grab().toImage()
        colours = {image.pixelColor(x, y).name().upper() for y in range(image.height()) for x in range(image.width())}
        assert {LIGHT.selected, LIGHT.accent, LIGHT.border} <= colours
        before = made.row_height()
    with themed(qapp, scale=2.0):
        settle()
        assert made.row_height() > before
        assert made.verticalHeader().defaultSectionSize() == made.row_height()
