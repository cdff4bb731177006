"""Figures: a table, and before and after."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.theme import LIGHT
from desktop.widgets.before_after import BeforeAfter, Change
from desktop.widgets.figure_table import Column, FigureRow, FigureTable
from tests.desktop.widgets.stage import QUIET, settle, stage, themed

pytestmark = QUIET

ROWS = [
    FigureRow("1  Starter", ("88 %", "10 ms"), "Best performer", "badge-check", strong=True),
    FigureRow("2  Tiny", ("25 %", "0.9 ms")),
]


def colours_of(widget: BeforeAfter | FigureTable) -> set[str]:
    image = widget.grab().toImage()
    return {image.pixelColor(x, y).name().upper() for y in range(image.height()) for x in range(image.width())}


def test_a_table_is_read_out_and_grows_with_its_rows(qtbot: QtBot) -> None:
    table = FigureTable("Model", [Column("Right", "of all"), Column("Takes")])
    stage(qtbot, table, 500, 200)
    empty = table.sizeHint().height()
    table.set_rows(ROWS)
    assert table.rows == tuple(ROWS)
    assert table.accessibleName() == (
        "1  Starter (Best performer): Right 88 %, Takes 10 ms; 2  Tiny: Right 25 %, Takes 0.9 ms"
    )
    assert table.sizeHint().height() > empty + 60


def test_the_best_is_marked_in_the_accent(qtbot: QtBot, qapp: QApplication) -> None:
    with themed(qapp):
        table = FigureTable("Model", [Column("Right"), Column("Takes")])
        table.set_rows(ROWS[1:])
        stage(qtbot, table, 500, 200)
        assert LIGHT.accent not in colours_of(table)
        table.set_rows(ROWS)
        settle()
        assert LIGHT.accent in colours_of(table)


def test_larger_text_makes_rows_higher(qtbot: QtBot, qapp: QApplication) -> None:
    with themed(qapp):
        table = FigureTable("Model", [Column("Right"), Column("Takes")])
        table.set_rows(ROWS)
        stage(qtbot, table, 900, 300)
        before = table.sizeHint()
    with themed(qapp, scale=2.0):
        settle()
        assert table.sizeHint().height() > before.height()
        assert table.sizeHint().width() > before.width()


@pytest.mark.parametrize(("good", "colour"), [(True, LIGHT.good), (False, LIGHT.bad), (None, LIGHT.secondary)])
def test_a_change_says_what_it_is_in_words_and_colour(
    qtbot: QtBot, qapp: QApplication, good: bool | None, colour: str
) -> None:
    with themed(qapp):
        made = BeforeAfter()
        stage(qtbot, made, 600, 200)
        made.set_changes([Change("Size", "4 MB", "1 MB", 1.0, 0.25, "75 % smaller", good)])
        settle()
        assert made.accessibleName() == "Size: 4 MB before, 1 MB after, 75 % smaller"
        assert colour in colours_of(made)
