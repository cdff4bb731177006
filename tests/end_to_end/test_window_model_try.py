"""A model is tried on real pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop.pages.models.try_view import TryView
from desktop.widgets.colour_field import ColourField
from desktop.widgets.film_strip import FilmStrip
from tests.desktop.widgets.stage import QUIET
from tests.end_to_end.model_view_hands import Person, button, furniture, middle, seen, words
from tests.models import onnx_models
from tests.models.made_models import PLAIN, make, write

pytestmark = QUIET


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    made = Person(qtbot)
    yield made
    made.leave()


def test_pictures_are_walked_each_is_answered_and_space_shows_it_as_it_is(
    person: Person, data: Path, tmp_path: Path
) -> None:
    make(tmp_path / "model", "mask", name="Regions")
    view = person.sees(TryView)
    view.open(tmp_path / "model", [furniture(data, tmp_path / "cabinets")])
    person.wait(lambda: view.state.answer is not None)
    assert "Regions" in words(view)
    assert "s000_src.png" in words(view)
    assert "ms for this picture · 256 × 256 pixels" in words(view)
    person.wait(lambda: "What is where" in words(view))
    painted = middle(view)
    strip = seen(view, FilmStrip)
    QTest.keyPress(strip, Qt.Key.Key_Space)
    plain = middle(view)
    assert plain != painted
    QTest.keyRelease(strip, Qt.Key.Key_Space)
    assert middle(view) == painted
    QTest.mouseClick(button(view, "Without the answer"), Qt.MouseButton.LeftButton)
    assert middle(view) == plain
    QTest.mouseClick(button(view, "Without the answer"), Qt.MouseButton.LeftButton)

    QTest.keyClick(strip, Qt.Key.Key_Right)
    person.wait(lambda: view.state.current == 1 and view.state.answer is not None)
    assert "s000_t1.png" in words(view)
    view.save(tmp_path / "saved.png")
    person.wait(lambda: person.told == "Saved as saved.png.")
    assert cv2.imread(str(tmp_path / "saved.png")).shape == (256, 256, 3)
    person.rest()


def test_a_colour_that_is_typed_is_painted_at_once(person: Person, data: Path, tmp_path: Path) -> None:
    how = {**PLAIN, "colours_input": "target_colors", "colours": [[0, 0, 0]], "colours_scale": 1 / 255}
    network = onnx_models.colour_transfer(side=PLAIN["side"], regions=1)
    write(tmp_path / "model", network, [{"name": "painted", "kind": "image"}], how)
    view = person.sees(TryView)
    view.open(tmp_path / "model", [furniture(data, tmp_path / "cabinets", 1)])
    person.wait(lambda: view.state.answer is not None)
    before = middle(view)
    edit = seen(view, ColourField).findChild(QLineEdit)
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, "#FF0000")
    person.wait(lambda: view.state.answer is not None)
    after = middle(view)
    assert after[0] > before[0] + 50
    assert abs(after[2] - before[2]) <= 2
    person.rest()


def test_what_is_no_picture_and_what_is_no_model_is_said(person: Person, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "no.png").write_text("no picture")
    view = person.sees(TryView)
    assert "Drop pictures or a folder here" in words(view)
    closed: list[None] = []
    view.closed.connect(lambda: closed.append(None))
    view.open(None, [tmp_path / "pictures"])
    person.wait(lambda: bool(view.state.problem))
    assert "no.png" in view.state.problem
    view.look_at([tmp_path / "pictures" / "gone"])
    person.wait(lambda: "No picture was found there" in person.told)
    assert closed == []
    view.open(tmp_path)
    person.wait(lambda: "has no metadata.json" in person.told)
    assert len(closed) == 1, "it leads back to where another model can be chosen"
    person.rest()
