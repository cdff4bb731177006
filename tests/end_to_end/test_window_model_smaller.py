"""A model is made smaller in a child process, and kept or thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.pages.models.smaller_view import SmallerView
from desktop.widgets.before_after import BeforeAfter
from models.spec import read_spec
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


def test_a_model_is_made_smaller_compared_and_kept(person: Person, tmp_path: Path, workspace: Path) -> None:
    (workspace / "models").mkdir(parents=True)
    model = workspace / "models" / "tiny"
    write(model, onnx_models.classifier(classes=4), CATEGORIES, PLAIN)
    pictures(tmp_path / "pictures", 6)
    view = person.sees(SmallerView)
    kept: list[Path] = []
    view.installed.connect(kept.append)
    view.open(model)
    person.wait(lambda: "Tiny" in words(view))
    assert "Choose pictures to try it on." in words(view)
    assert not button(view, "Make it smaller").isEnabled()
    view.dropped.emit([tmp_path / "pictures"])
    QTest.mouseClick(view._forms.buttons["ort"], Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    person.press(view, "10 points")
    person.press(view, "Make it smaller")
    person.wait(lambda: view.state.made is not None)
    assert [one.name for one in seen(view, BeforeAfter).changes] == [
        "Answers as before",
        "One picture takes",
        "Size of the file",
    ]
    person.press(view, "Throw away")
    person.rest()
    assert {one.name for one in (workspace / "models").iterdir() if not one.name.startswith(".")} == {"tiny"}
    person.press(view, "Make it smaller")
    person.wait(lambda: view.state.made is not None)
    person.press(view, "Keep as a new model")
    person.wait(lambda: bool(kept))
    assert read_spec(kept[0]).format == "ort"
    assert "is one of your models now." in person.told
    person.rest()


def test_a_refusal_is_said_in_the_view_and_nothing_is_left(person: Person, tmp_path: Path, workspace: Path) -> None:
    pictures(tmp_path / "pictures", 2)
    view = person.sees(SmallerView)
    view.open(None)
    view.dropped.emit([tmp_path / "pictures"])
    person.press(view, "Make it smaller")
    person.wait(lambda: "nothing to make smaller" in words(view))
    assert not any(one.isVisible() for one in view.findChildren(BeforeAfter))
    person.rest()
    assert not list((workspace / "models").glob("[!.]*"))


def test_what_was_made_and_not_kept_goes_with_the_window(person: Person, tmp_path: Path, workspace: Path) -> None:
    (workspace / "models").mkdir(parents=True)
    model = workspace / "models" / "tiny"
    write(model, onnx_models.classifier(classes=4), CATEGORIES, PLAIN)
    pictures(tmp_path / "pictures", 2)
    view = person.sees(SmallerView)
    view.open(model)
    view.state.choose(how="ort", pictures=tmp_path / "pictures", tolerance="10")
    person.press(view, "Make it smaller")
    person.wait(lambda: view.state.made is not None)
    view.close_view()
    assert list((workspace / "models").iterdir()) == [model]
    person.rest()
