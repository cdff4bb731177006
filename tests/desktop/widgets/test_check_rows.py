from __future__ import annotations

from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop.widgets.check_rows import CheckRow, CheckRows, Mark
from tests.desktop.widgets.stage import QUIET, settle, stage, themed

pytestmark = QUIET


def test_advice_is_shown_only_where_a_check_failed_and_nothing_is_cut_off(qtbot: QtBot, qapp: QApplication) -> None:
    rows = [
        CheckRow(Mark.PASSED, "Loads", "", "It does."),
        CheckRow(
            Mark.FAILED, "Same answers as the original", "84 % of 200 answers", "Make it again from the original."
        ),
        CheckRow(Mark.NONE, "Original to compare", "not at hand"),
    ]
    with themed(qapp):
        shown = CheckRows()
        shown.set_rows(rows)
        stage(qtbot, shown, 288, 400)
        words = [one.text() for one in shown.findChildren(QLabel) if one.isVisible() and one.text()]
        assert words == [
            "Loads",
            "Same answers as the original",
            "84 % of 200 answers",
            "Make it again from the original.",
            "Original to compare",
            "not at hand",
        ]
        for one in shown.findChildren(QLabel):
            assert one.height() >= one.heightForWidth(one.width())
        assert shown.rows == tuple(rows)
        shown.set_rows(rows[:1])
        settle()
        assert [one.text() for one in shown.findChildren(QLabel) if one.isVisible() and one.text()] == ["Loads"]
