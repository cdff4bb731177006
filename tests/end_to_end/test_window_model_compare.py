"""Models are compared on labelled pictures."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.pages.models.compare_view import CompareView
from desktop.widgets.choice import Choice
from desktop.widgets.figure_table import FigureTable
from desktop.widgets.tick_box import TickBox
from desktop.widgets.tile_grid import TileGrid
from tests.desktop.widgets.stage import QUIET
from tests.end_to_end.model_view_hands import Person, button, seen, words
from tests.models import onnx_models
from tests.models.made_models import CATEGORIES, PLAIN, pictures, write

pytestmark = QUIET


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    made = Person(qtbot)
    yield made
    made.leave()


def test_models_are_ticked_compared_and_their_disagreements_filtered(
    person: Person, data: Path, tmp_path: Path, workspace: Path
) -> None:
    (workspace / "models").mkdir(parents=True)
    heads = [{"name": "material", "kind": "categories", "categories": ["brick", "sky", "wood", "tile"]}]
    write(workspace / "models" / "tiny", onnx_models.classifier(classes=4), heads, PLAIN, name="Tiny one")
    for category in ("brick", "sky", "wood"):
        folder = tmp_path / "labelled" / category
        folder.mkdir(parents=True)
        for file in sorted((data / "textures" / category).iterdir())[:6]:
            shutil.copy(file, folder / file.name)
    view = person.sees(CompareView)
    view.open([None])
    person.wait(lambda: len(view.findChildren(TickBox)) == 2)
    assert "Tick two models or more." in words(view)
    QTest.mouseClick(view.findChildren(TickBox)[1], Qt.MouseButton.LeftButton)
    assert "Choose labelled pictures." in words(view)
    view.dropped.emit([tmp_path / "labelled"])
    person.press(view, "Compare")
    assert not button(view, "Compare").isEnabled()
    person.wait(lambda: view.state.found is not None)
    rows = seen(view, FigureTable).rows
    assert rows[0].name == "1  Game textures (starter)"
    assert rows[0].note == "Best performer"
    assert rows[0].icon
    assert "so far apart" in words(view)
    person.rest()
    grid = seen(view, TileGrid)
    total = len(view.state.disagreements)
    assert len(grid.keys_on_screen()) > 0
    seen(view, Choice)
    person.press(view, "Best was wrong")
    assert len(view.state.disagreements) < total
    person.press(view, "Disagreements only")
    assert len(view.state.disagreements) == total
    view.export(tmp_path / "ranking.csv")
    person.wait(lambda: person.told == "Saved as ranking.csv.")
    person.rest()


def test_a_comparison_can_be_left_while_it_runs(person: Person, tmp_path: Path, workspace: Path) -> None:
    (workspace / "models").mkdir(parents=True)
    write(workspace / "models" / "tiny", onnx_models.classifier(classes=4), CATEGORIES, PLAIN)
    for name in ("a", "b"):
        pictures(tmp_path / "labelled" / name, 40)
    view = person.sees(CompareView)
    view.open([None, workspace / "models" / "tiny"])
    person.wait(lambda: len(view.findChildren(TickBox)) == 2)
    view.dropped.emit([tmp_path / "labelled"])
    person.press(view, "Compare")
    view.open([None])
    person.rest()
    assert view.state.found is None
    assert person.told == ""
