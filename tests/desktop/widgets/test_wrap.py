from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget
from pytestqt.qtbot import QtBot

from desktop.widgets.wrap import Wrap


class Block(QPushButton):
    """Of a given size."""

    def __init__(self, least: int, hint: int, *, expands: bool = False) -> None:
        super().__init__()
        self.setMinimumSize(least, 20)
        self.setMaximumSize(300 if expands else hint, 20)
        self.setSizePolicy(
            QSizePolicy.Policy.Expanding if expands else QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed
        )


def laid(qtbot: QtBot, width: int, first: list[Block], second: list[Block]) -> tuple[list[QRect], int]:
    """Where the blocks lie, and the height that is needed."""
    widget = QWidget()
    qtbot.addWidget(widget)
    layout = Wrap(widget, spacing=10)
    layout.setContentsMargins(5, 0, 5, 0)
    for one in first:
        layout.addWidget(one)
    layout.begin_second()
    for one in second:
        layout.addWidget(one)
    height = layout.heightForWidth(width)
    widget.resize(width, height)
    layout.setGeometry(QRect(0, 0, width, height))
    return [one.geometry() for one in (*first, *second)], height


def fixed(width: int) -> Block:
    return Block(width, width)


def test_one_row_where_there_is_room(qtbot: QtBot) -> None:
    places, height = laid(qtbot, 400, [fixed(50), fixed(50)], [fixed(60), fixed(60)])
    assert height == 20
    assert [(p.left(), p.width()) for p in places] == [(5, 50), (65, 50), (265, 60), (335, 60)]


def test_each_group_has_rows_of_its_own_where_there_is_not(qtbot: QtBot) -> None:
    places, height = laid(qtbot, 200, [fixed(80), fixed(80)], [fixed(60), fixed(60)])
    assert height == 50
    assert [(p.left(), p.top()) for p in places] == [(5, 0), (95, 0), (5, 30), (135, 30)]


def test_a_group_breaks_too(qtbot: QtBot) -> None:
    places, height = laid(qtbot, 110, [fixed(80), fixed(80)], [fixed(60)])
    assert height == 80
    assert [p.top() for p in places] == [0, 30, 60]


def test_what_expands_gets_the_rest_up_to_its_maximum(qtbot: QtBot) -> None:
    for width, wide in ((300, 180), (500, 300)):
        places, _ = laid(qtbot, width, [fixed(50)], [Block(40, 40, expands=True), fixed(40)])
        assert places[1].width() == wide
        assert places[2].right() == width - 6
        assert not any(a.intersects(b) for i, a in enumerate(places) for b in places[:i])


def test_a_hidden_one_takes_no_room(qtbot: QtBot) -> None:
    hidden = fixed(200)
    hidden.hide()
    places, height = laid(qtbot, 200, [fixed(50), hidden, fixed(50)], [fixed(60)])
    assert height == 20
    assert places[2].left() == 65


@pytest.mark.parametrize("width", [1, 30, 61])
def test_too_narrow_for_one_is_no_fault(qtbot: QtBot, width: int) -> None:
    places, height = laid(qtbot, width, [fixed(80)], [fixed(60)])
    assert height == 50
    assert [p.top() for p in places] == [0, 30]


def test_an_empty_one_needs_nothing(qtbot: QtBot) -> None:
    assert laid(qtbot, 100, [], [])[1] == 0
