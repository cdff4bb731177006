from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.widgets.picture_menu import PictureMenu
from tests.desktop.widgets.stage import QUIET, stage
from tests.end_to_end.library_hands import choose_file

pytestmark = QUIET


@pytest.mark.parametrize(("entry", "name"), [("Folder…", "some walls"), ("Files or zip…", "wall.png")])
def test_what_is_chosen_is_told(qtbot: QtBot, tmp_path: Path, entry: str, name: str) -> None:
    (tmp_path / "some walls").mkdir()
    (tmp_path / "wall.png").touch()
    around = QWidget()
    menu = PictureMenu(around)
    stage(qtbot, around, 300, 200)
    told: list[list[Path]] = []
    menu.chosen.connect(told.append)
    actions = {one.text(): one for one in menu.actions()}
    choose_file(tmp_path / name)
    actions[entry].trigger()
    assert told == [[tmp_path / name]]
