"""Cards are laid out by width, and keys go where a person expects."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.widgets.card_grid import CardGrid, GridCard
from desktop.widgets.labels import label
from tests.desktop.widgets.stage import QUIET, settle, stage, themed

pytestmark = QUIET


def card(name: str) -> GridCard:
    made = GridCard(name)
    QVBoxLayout(made).addWidget(label(name))
    return made


@pytest.fixture
def grid(qtbot: QtBot, qapp: QApplication) -> Iterator[CardGrid]:
    around = QWidget()
    made = CardGrid()
    QVBoxLayout(around).addWidget(made)
    with themed(qapp):
        made.set_cards([card(name) for name in "abcde"], 0)
        stage(qtbot, around, 700, 500)
        made.focus_current()
        yield made


def key(grid: CardGrid, one: Qt.Key) -> None:
    QTest.keyClick(grid.window().focusWidget(), one)


def test_arrows_move_in_two_dimensions_and_stop_at_the_edges(grid: CardGrid) -> None:
    assert grid.columns == 2
    places = []
    grid.current_changed.connect(places.append)
    arrows = Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Up
    for one in arrows:
        key(grid, one)
    assert places == [1, 3, 4, 2]
    assert grid.cards[2].hasFocus()


def test_all_columns_are_as_wide_and_fill_the_row_at_every_width(grid: CardGrid) -> None:
    for width, columns in ((320, 1), (700, 2), (1000, 3)):
        grid.window().resize(width, 500)
        settle()
        assert grid.columns == columns
        widths = {one.width() for one in grid.cards}
        assert max(widths) - min(widths) <= 1
        row = grid.cards[:columns]
        assert row[0].x() == 0
        assert row[-1].geometry().right() == grid.width() - 1
        assert len({one.y() for one in row}) == 1


def test_one_card_is_no_wider_than_a_column(grid: CardGrid) -> None:
    grid.set_cards([card("alone")], 0)
    settle()
    assert grid.cards[0].width() < grid.width() / 2


def test_what_is_asked_of_a_card(grid: CardGrid) -> None:
    asked = []
    grid.activated.connect(lambda place: asked.append(("use", place)))
    grid.rename_wanted.connect(lambda place: asked.append(("rename", place)))
    grid.remove_wanted.connect(lambda place: asked.append(("remove", place)))
    key(grid, Qt.Key.Key_Right)
    for one in (Qt.Key.Key_Return, Qt.Key.Key_F2, Qt.Key.Key_Delete):
        key(grid, one)
    QTest.mouseDClick(grid.cards[3], Qt.MouseButton.LeftButton)
    assert asked == [("use", 1), ("rename", 1), ("remove", 1), ("use", 3)]


def test_a_click_makes_a_card_current_and_gives_it_the_keyboard(grid: CardGrid) -> None:
    QTest.mouseClick(grid.cards[3], Qt.MouseButton.LeftButton)
    assert grid.current == 3
    assert grid.cards[3].hasFocus()


def test_the_keyboard_stays_when_the_cards_are_made_anew(grid: CardGrid) -> None:
    key(grid, Qt.Key.Key_Right)
    told = []
    grid.current_changed.connect(told.append)
    grid.set_cards([card(name) for name in "abc"], 1)
    settle()
    assert grid.cards[1].hasFocus()
    assert told == []
    key(grid, Qt.Key.Key_Left)
    assert told == [0]


def test_only_the_current_card_is_reached_by_tab(grid: CardGrid) -> None:
    grid.set_current(2)
    assert [one.focusPolicy() is Qt.FocusPolicy.StrongFocus for one in grid.cards] == [False, False, True, False, False]
