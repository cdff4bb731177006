from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.widgets.key_hints import KeyHints
from tests.desktop.widgets.stage import themed

HINTS = [("Enter", "accept"), ("U", "can't tell"), ("/", "type a name"), ("Ctrl+Z", "undo")]


def test_more_lines_where_it_is_narrow_and_no_pair_is_wider_than_it_may_be(qtbot: QtBot) -> None:
    hints = KeyHints(HINTS)
    qtbot.addWidget(hints)
    wide, narrow = hints.sizeHint(), hints.minimumSizeHint().width()
    assert hints.heightForWidth(wide.width()) == wide.height()
    assert hints.heightForWidth(wide.width() - 2) > wide.height()
    assert hints.heightForWidth(narrow) > 3 * wide.height()
    assert hints.accessibleName() == "Enter accept, U can't tell, / type a name, Ctrl+Z undo"


def test_it_grows_with_the_text(qtbot: QtBot, qapp: QApplication) -> None:
    sizes = []
    for scale in (1.0, 2.0):
        with themed(qapp, "dark", scale):
            hints = KeyHints(HINTS)
            qtbot.addWidget(hints)
            sizes.append(hints.sizeHint())
    assert sizes[1].height() > 1.6 * sizes[0].height()
    assert sizes[1].width() > 1.6 * sizes[0].width()
