from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.actions.labelled import ChosenDataset
from desktop.pages.models.labelled_menu import LabelledMenu
from tests.desktop.widgets.stage import QUIET, stage
from tests.end_to_end.library_hands import choose_file

pytestmark = QUIET


@pytest.mark.parametrize(("entry", "name"), [("Folder…", "walls"), ("Table (CSV)…", "walls.csv")])
def test_a_folder_or_a_table_is_told(qtbot: QtBot, tmp_path: Path, entry: str, name: str) -> None:
    (tmp_path / "walls").mkdir()
    (tmp_path / "walls.csv").touch()
    around = QWidget()
    menu = LabelledMenu("Choose a folder", around)
    stage(qtbot, around, 300, 200)
    told: list[object] = []
    menu.chosen.connect(told.append)
    actions = {one.text(): one for one in menu.actions()}
    choose_file(tmp_path / name)
    actions[entry].trigger()
    assert told == [tmp_path / name]


def test_datasets_are_named_while_there_are_any(qtbot: QtBot) -> None:
    around = QWidget()
    menu = LabelledMenu("Choose a folder", around)
    stage(qtbot, around, 300, 200)
    told: list[object] = []
    menu.chosen.connect(told.append)
    assert not menu.datasets.isEnabled()
    walls = ChosenDataset(3, "Walls & floors")
    menu.set_datasets([walls])
    (entry,) = menu.datasets.actions()
    assert (menu.datasets.isEnabled(), entry.text()) == (True, "Walls && floors")
    entry.trigger()
    assert told == [walls]
    menu.set_datasets([])
    assert not menu.datasets.isEnabled()
