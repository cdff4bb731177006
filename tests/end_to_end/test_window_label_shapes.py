"""Shapes in the Label tab of a real window: drawn with the mouse, named by keys, saved, undone, exported as COCO."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pycocotools.coco import COCO
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.actions.datasets import export_dataset
from desktop.window import MainWindow
from tests.end_to_end.dataset_hands import CONTROL, Key
from tests.end_to_end.test_window_label import LabelHands
from training.datasets.heads import HeadDef
from training.datasets.values import Boxes, Shape

LEFT = Qt.MouseButton.LeftButton
THINGS = HeadDef("things", "boxes", ("brick", "joint", "hole"))


class ShapeHands(LabelHands):
    """Hands with a mouse on the canvas, in the picture's coordinates."""

    def ask(self, head: HeadDef) -> None:
        """Ask one more question, and turn to it."""
        store, dataset = self.page.state.store, self.page.state.selected or 0
        store.set_heads(dataset, [*store.dataset(dataset).heads, head])
        self.page.acting.look()
        self.rest()
        self.page.state.set_head(head.name)
        self.open_tab()

    def _send(self, kind: QEvent.Type, x: float, y: float, *, held: bool) -> None:
        canvas = self.tab.stage.canvas
        where = QPointF(canvas.to_view(QPointF(x, y)).toPoint())
        button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else LEFT
        down = LEFT if held else Qt.MouseButton.NoButton
        there = canvas.viewport().mapToGlobal(where)
        QApplication.sendEvent(
            canvas.viewport(), QMouseEvent(kind, where, there, button, down, Qt.KeyboardModifier.NoModifier)
        )

    def drag(self, *path: tuple[float, float]) -> None:
        """Press at the first point, let go at the last."""
        self._send(QEvent.Type.MouseButtonPress, *path[0], held=True)
        for point in path[1:]:
            self._send(QEvent.Type.MouseMove, *point, held=True)
        self._send(QEvent.Type.MouseButtonRelease, *path[-1], held=False)

    def boxes(self) -> dict[int, Boxes]:
        """What the store has."""
        found = self.page.state.store.labels(self.page.state.selected or 0, THINGS.name)
        return {item: value for item, value in found.items() if isinstance(value, Boxes)}


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> ShapeHands:
    return ShapeHands(qtbot, window)


def test_boxes_are_drawn_named_saved_and_undone(hands: ShapeHands, walls: Path) -> None:
    hands.bring(walls)
    hands.ask(THINGS)
    hands.ready()
    item = hands.tab.course.labelling.current or 0
    width, height = hands.tab.stage.canvas.picture_size
    across, down = width // 4, height // 4
    hands.drag((20, 30), (across, down), (20 + across, 30 + down))
    hands.strike(Key.Key_2)
    hands.drag((2 * across, 2 * down), (2 * across + 5, 2 * down + 5), (3 * across, 3 * down))
    hands.kept()
    first = Shape("joint", 20, 30, across, down)
    second = Shape("joint", 2 * across, 2 * down, across, down)
    assert hands.boxes() == {item: Boxes((first, second))}
    if os.environ.get("SHOTS"):
        hands.window.grab().save(f"{os.environ['SHOTS']}/label_boxes.png")
    hands.key(Key.Key_Z, CONTROL)
    hands.kept()
    hands.wait(lambda: hands.boxes() == {item: Boxes((first,))})
    hands.wait(lambda: len(hands.tab.stage.canvas.shapes) == 1)
    hands.strike(Key.Key_U)
    hands.kept()
    assert hands.boxes() == {}


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # pycocotools' own
def test_outlines_that_were_clicked_and_split_are_read_by_pycocotools(
    hands: ShapeHands, walls: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hands.bring(walls)
    hands.ask(THINGS)
    hands.ready()
    hands.tab.stage.canvas.actual_size()  # the mouse can mean each pixel, and no parts of them
    hands.strike(Key.Key_P)
    for corner in ((40, 40), (140, 40), (140, 120), (40, 120)):
        hands.drag(corner)
    hands.strike(Key.Key_Return)
    hands.strike(Key.Key_K)
    for end in ((90, 20), (90, 150)):
        hands.drag(end)
    hands.strike(Key.Key_3)
    hands.kept()
    store, dataset = hands.page.state.store, hands.page.state.selected or 0
    sent = export_dataset(store, store.dataset(dataset), tmp_path / "coco", "coco")
    assert sent
    (written,) = (tmp_path / "coco").rglob("*.json")
    read = COCO(str(written))
    capsys.readouterr()
    found = read.loadAnns(read.getAnnIds())
    assert sorted((*one["bbox"], one["area"]) for one in found) == [(40, 40, 50, 80, 4000), (90, 40, 50, 80, 4000)]
    assert {one["name"] for one in read.loadCats([one["category_id"] for one in found])} == {"hole"}
    assert [int(read.annToMask(one).sum()) for one in found] == [4000, 4000]
