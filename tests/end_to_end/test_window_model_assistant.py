"""A network that says nothing of itself is described and becomes a model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.pages.models.assistant_view import AssistantView
from desktop.widgets.lines_field import LinesField
from desktop.widgets.pick_button import PickButton
from desktop.widgets.tile_grid import TileGrid
from models.spec import read_spec
from tests.desktop.widgets.stage import QUIET
from tests.end_to_end.model_view_hands import Person, button, seen, words
from tests.models import onnx_models
from tests.models.made_models import pictures

pytestmark = QUIET


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    made = Person(qtbot)
    yield made
    made.leave()


def test_a_plain_network_is_described_seen_answering_and_added(person: Person, tmp_path: Path, workspace: Path) -> None:
    path = onnx_models.save(onnx_models.classifier(classes=4), tmp_path / "trees.onnx")
    pictures(tmp_path / "pictures", 6)
    view = person.sees(AssistantView)
    added: list[Path] = []
    view.installed.connect(added.append)
    view.open(path)
    person.wait(lambda: view.state.draft is not None)
    assert "trees.onnx" in words(view)
    assert "Nothing says what its 4 categories are called" in words(view)
    assert "Drop a dozen of your pictures here" in words(view)
    view.look_at([tmp_path / "pictures"])
    grid = view.findChild(TileGrid)
    person.wait(grid.isVisible)
    person.rest()

    names = seen(view, LinesField)
    names.setFocus()
    names.selectAll()
    QTest.keyClicks(names, "oak")
    assert "1 name for 4 numbers" in words(view)
    assert "category has 1 name for 4 numbers." in words(view)
    assert not button(view, "Add to my models").isEnabled()
    for name in ("elm", "ash", "fir"):
        QTest.keyClick(names, Qt.Key.Key_Return)
        QTest.keyClicks(names, name)
    assert "4 names for 4 numbers" in words(view)
    said = view._answers
    person.wait(lambda: {chip.text for tile in said.tiles for chip in tile.chips} <= {"oak", "elm", "ash", "fir"})

    shown = [tile.chips[0].fraction for tile in said.tiles]
    pick = next(one for one in view.findChildren(PickButton) if "Pixel range" in one.accessibleName())
    QTest.keyClick(pick, Qt.Key.Key_Up)
    person.wait(lambda: [tile.chips[0].fraction for tile in said.tiles] != shown)
    QTest.keyClick(pick, Qt.Key.Key_Down)
    person.wait(lambda: [tile.chips[0].fraction for tile in said.tiles] == shown)

    person.press(view, "Add to my models")
    person.wait(lambda: bool(added))
    assert added[0].parent == workspace / "models"
    assert read_spec(added[0]).heads[0].categories == ("oak", "elm", "ash", "fir")
    assert person.told == "Trees is one of your models now."
    person.rest()


def test_names_come_from_a_file_and_another_kind_of_answer_is_chosen(person: Person, tmp_path: Path) -> None:
    path = onnx_models.save(onnx_models.classifier(classes=3), tmp_path / "net.onnx")
    (tmp_path / "names.txt").write_text("red\ngreen\nblue\n")
    view = person.sees(AssistantView)
    view.open(path)
    person.wait(lambda: view.state.draft is not None)
    view._form.names_wanted.emit(0, tmp_path / "names.txt")
    person.wait(lambda: seen(view, LinesField).lines == ("red", "green", "blue"))
    kind = next(one for one in view.findChildren(PickButton) if "answers" in one.accessibleName())
    QTest.keyClick(kind, Qt.Key.Key_Down)
    assert view.state.draft is not None
    assert view.state.draft.questions[0].kind == "tags"
    QTest.keyClick(kind, Qt.Key.Key_Down)
    assert "Choose at least one answer that is not left out." in words(view)
    assert not any(one.isVisible() for one in view.findChildren(LinesField))
    person.rest()


def test_a_file_that_is_refused_leads_back_with_a_sentence(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "no.onnx"
    path.write_bytes(b"\x08\x07 nothing of use")
    view = person.sees(AssistantView)
    closed: list[None] = []
    view.closed.connect(lambda: closed.append(None))
    view.open(path)
    person.wait(lambda: bool(closed))
    assert person.told.startswith("no.onnx ")
    person.rest()
