from __future__ import annotations

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.widgets.thumb_row import Thumb, ThumbRow
from tests.desktop.widgets.stage import QUIET, settle, stage

pytestmark = QUIET

THUMBS = [Thumb(f"name {n}", 0.9 - n / 10, tip=f"tip {n}") for n in range(7)]


@pytest.mark.parametrize("width", [200, 288, 400])
def test_a_layout_gives_it_all_the_height_it_needs_at_any_width(qtbot: QtBot, width: int) -> None:
    column, row = QWidget(), ThumbRow()
    QVBoxLayout(column).addWidget(row)
    stage(qtbot, column, width, 300)
    empty = row.geometry()
    row.set_thumbs(THUMBS)
    settle()
    assert row.height() >= row.heightForWidth(row.width()) > row.width() // 5
    assert row.geometry() == empty, "what is under it jumps when the pictures come"


def test_the_nearest_are_shown_and_read_out(qtbot: QtBot) -> None:
    row = ThumbRow()
    stage(qtbot, row, 288, 100)
    row.set_thumbs(THUMBS)
    assert [thumb.tip for thumb in row.thumbs] == [f"tip {n}" for n in range(5)]
    assert row.accessibleName() == "name 0 90 %, name 1 80 %, name 2 70 %, name 3 60 %, name 4 50 %"
