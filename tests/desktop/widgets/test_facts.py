from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.widgets.facts import Facts
from tests.desktop.widgets.stage import QUIET, stage, themed

pytestmark = QUIET


def test_a_hash_and_a_path_need_no_more_room_than_there_is(qtbot: QtBot, qapp: QApplication) -> None:
    with themed(qapp):
        facts = Facts()
        facts.set_facts([("Weights", "SHA-256 " + "0123456789abcdef" * 4), ("Folder", "/home/anna/" + "models/" * 12)])
        stage(qtbot, facts, 288, 300)
        assert facts.minimumSizeHint().width() <= 288
