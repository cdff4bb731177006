"""The inspector with answers of kinds that are shown and not labelled by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.labelling.categories import CategoriesLabeller
from desktop.pages.sort.inspector import Inspector
from desktop.pages.sort.items import Item
from desktop.results import PAINTED
from desktop.results.pane import ResultPane
from desktop.widgets.image_view import ImageView
from desktop.widgets.labels import IconButton
from models.answer import Answer, Reply
from models.heads import KINDS
from models.sources import Source
from tests.desktop.results.made import (
    boxes_result,
    categories_result,
    grade_result,
    image_result,
    mask_result,
    tags_result,
)
from tests.desktop.widgets.stage import QUIET, settle, stage

pytestmark = QUIET

RESULTS = {
    "categories": categories_result(),
    "tags": tags_result(0.7, 0.2, 0.9),
    "grade": grade_result(8.3),
    "mask": mask_result(),
    "boxes": boxes_result(),
    "image": image_result(),
}
GREY = QColor(100, 100, 100)


class Inspected:
    """An inspector on screen, which shows a grey picture."""

    def __init__(self, qtbot: QtBot) -> None:
        self.inspector = Inspector()
        stage(qtbot, self.inspector, 340, 800)
        self.view = self.inspector.findChild(ImageView)
        [self.eye] = [one for one in self.inspector.findChildren(IconButton) if "answer" in one.toolTip()]
        self.picture = QImage(64, 48, QImage.Format.Format_RGB32)
        self.picture.fill(GREY)
        self.item = Item(Source(Path("/pictures/chair.png")))

    def show(self, **heads: Any) -> None:
        """The item of before is answered, or answered anew."""
        self.item.answer = Answer(self.item.source, b"\0" * 32, Reply(heads))
        self.refresh()

    def refresh(self) -> None:
        if self.inspector.show_item(self.item, 1, "model", {}):
            self.inspector.show_picture(self.item, self.picture, None, "model")
        settle()

    def plain(self) -> bool:
        """Whether the picture is shown as it is."""
        image = self.view.grab().toImage()
        ring = {image.pixelColor(x, image.height() // 2).name() for x in range(20, image.width() - 20)}
        return ring == {GREY.name()}

    def words(self) -> list[str]:
        panes = [one for one in self.inspector.findChildren(ResultPane) if one.isVisible()]
        return [label.text() for pane in panes for label in pane.findChildren(QLabel) if label.isVisible()]


@pytest.fixture
def inspected(qtbot: QtBot) -> Inspected:
    return Inspected(qtbot)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_shown_and_what_says_of_places_is_painted(inspected: Inspected, kind: str) -> None:
    inspected.show(answer=RESULTS[kind])
    assert inspected.eye.isVisible() is (kind in PAINTED)
    assert inspected.plain() is (kind not in PAINTED)
    assert inspected.inspector.labels is (kind == "categories")
    assert bool(inspected.words()) is (kind != "categories")


def test_the_eye_shows_the_plain_picture_and_stays_closed(inspected: Inspected) -> None:
    inspected.show(parts=RESULTS["mask"])
    inspected.eye.click()
    settle()
    assert inspected.plain()
    inspected.show(parts=RESULTS["boxes"])
    assert inspected.plain()
    inspected.eye.click()
    settle()
    assert not inspected.plain()


def test_the_zoom_stays_while_answers_change(inspected: Inspected) -> None:
    inspected.show(parts=RESULTS["mask"])
    inspected.view.zoom(3)
    zooms: list[float] = []
    inspected.view.zoom_changed.connect(zooms.append)
    inspected.eye.click()
    inspected.show(parts=RESULTS["boxes"])
    assert zooms == []


def test_an_answer_that_comes_after_the_picture_is_painted(inspected: Inspected) -> None:
    inspected.refresh()
    assert inspected.plain()
    assert not inspected.eye.isVisible()
    inspected.show(parts=RESULTS["mask"])
    assert not inspected.plain()
    assert inspected.words() == ["What is where, sure to 92 %"]


def test_heads_that_can_be_labelled_and_heads_that_can_not(inspected: Inspected) -> None:
    inspected.show(parts=RESULTS["boxes"], kind=RESULTS["categories"], fault=RESULTS["tags"])
    assert inspected.inspector.head == "kind"
    assert inspected.inspector.labels
    assert [words for words in inspected.words() if words in ("parts", "fault")] == ["parts", "fault"]
    labeller = inspected.inspector.findChild(CategoriesLabeller)
    said: list[tuple[str, str]] = []
    inspected.inspector.labelled.connect(lambda head, name: said.append((head, name)))
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_1, Qt.KeyboardModifier.NoModifier, "1")
    assert inspected.inspector.handle_key(key)
    assert said == [("kind", "Drawer")]
    inspected.show(parts=RESULTS["boxes"])
    assert not labeller.isVisible()
    assert not inspected.inspector.labels
    assert not inspected.inspector.handle_key(key)
