from __future__ import annotations

from PySide6.QtWidgets import QApplication, QLabel
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


def test_long_values_are_cut_and_their_tips_say_all_as_it_is_written(qtbot: QtBot, qapp: QApplication) -> None:
    with themed(qapp):
        facts = Facts(most=40)
        facts.set_facts([("a" * 30, "b " * 60), ("markup", "<b>bold</b> & more")])
        stage(qtbot, facts, 288, 300)
        name, long, _, markup = (one for one in facts.findChildren(QLabel))
        assert (name.text(), name.toolTip()) == ("a" * 10 + "…", "a" * 30)
        assert long.text() == ("b " * 20).rstrip() + "…"
        assert long.toolTip() == "b " * 60
        assert markup.text() == "<b>bold</b> & more".replace("/", "/\u200b")
        assert markup.toolTip() == "<qt>&lt;b&gt;bold&lt;/b&gt; &amp; more</qt>"
        assert facts.minimumSizeHint().width() <= 288
