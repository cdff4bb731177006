from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.labelling.editor import Proposal, Subject
from desktop.labelling.editors import EDITORS
from desktop.labelling.mask import MaskEditor
from desktop.widgets.canvas import Canvas
from desktop.widgets.pixels import to_image
from desktop.widgets.swatch_rows import SwatchRows
from models.database import open_workspace
from tests.desktop.widgets.stage import QUIET, settle, stage
from training.datasets.heads import HeadDef
from training.datasets.masks import put_mask
from training.datasets.store import DatasetStore
from training.datasets.values import Mask
from training.labelling.drafts import PaintedMask
from training.labelling.geometry import mask_iou

pytestmark = QUIET

WIDE, TALL = 120, 80
HEAD = HeadDef("part", "mask", ("background", "wood", "iron"), id=1)
FREE = HeadDef("zone", "mask", ("wood", "iron"), id=2)
NO_KEY, SHIFT, CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
LEFT = Qt.MouseButton.LeftButton


def picture() -> NDArray[np.uint8]:
    """A red disc on green, with a little noise."""
    y, x = np.mgrid[:TALL, :WIDE]
    disc = (x + 0.5 - 60) ** 2 + (y + 0.5 - 40) ** 2 < 25**2
    pixels = np.where(disc[..., None], (190, 60, 50), (60, 140, 80)) + np.random.default_rng(1).normal(
        0, 4, (TALL, WIDE, 3)
    )
    return np.clip(pixels, 0, 255).astype(np.uint8)


def disc() -> NDArray[np.bool_]:
    y, x = np.mgrid[:TALL, :WIDE]
    return (x + 0.5 - 60) ** 2 + (y + 0.5 - 40) ** 2 < 25**2


class Bench:
    """The editor beside its canvas, as the tab has them, and what it said."""

    def __init__(self, qtbot: QtBot, folder: Path, head: HeadDef = HEAD) -> None:
        self.qtbot = qtbot
        self.blobs = DatasetStore(open_workspace(folder)).blobs
        self.pixels = picture()
        self.window = QWidget()
        row = QHBoxLayout(self.window)
        self.canvas = Canvas()
        self.editor = EDITORS["mask"]()()
        assert isinstance(self.editor, MaskEditor)
        self.editor.setFixedWidth(240)
        row.addWidget(self.canvas, 1)
        row.addWidget(self.editor)
        self.acts: list[tuple[object, str]] = []
        self.hints: list[str] = []
        self.advanced = 0
        self.decided: list[tuple[tuple[int, ...], bool]] = []
        self.tool = ""
        self.editor.committed.connect(lambda draft, words: self.acts.append((draft, words)))
        self.editor.hinted.connect(self.hints.append)
        self.editor.advance_wanted.connect(self._advance)
        self.editor.decided.connect(lambda parts, accepted: self.decided.append((parts, accepted)))
        self.editor.tool_changed.connect(self._tool)
        self.editor.set_canvas(self.canvas)
        self.editor.set_head(head)
        self.canvas.set_key_filter(self.editor.handle_key)
        stage(qtbot, self.window, 940, 480)
        self.show()
        self.canvas.zoom_to(5.0)
        self.canvas.setFocus()
        settle()

    def _advance(self) -> None:
        self.advanced += 1

    def _tool(self, key: str) -> None:
        self.tool = key

    def subject(self, item: int = 1) -> Subject:
        image = to_image(WIDE, TALL, self.pixels.tobytes())
        return Subject(item, "a.png", image, WIDE, TALL, lambda: self.pixels, self.blobs.read)

    def show(self, value: Mask | None = None, proposal: Proposal | None = None, item: int = 1) -> None:
        subject = self.subject(item)
        self.canvas.set_picture(subject.image, name="a.png")
        self.canvas.zoom_to(5.0)
        self.editor.show_subject(subject, value, proposal)
        settle()

    # -- hands --------------------------------------------------------------------------------------------------------

    def at(self, x: float, y: float) -> QPoint:
        return self.canvas.to_view(QPointF(x, y)).toPoint()

    def exact(self, x: float, y: float) -> tuple[float, float]:
        """Where in the picture the whole pixel of the screen lies that a hand at (x, y) hits."""
        point = self.canvas.to_picture(QPointF(self.at(x, y)))
        return point.x(), point.y()

    def move(self, x: float, y: float, keys: Qt.KeyboardModifier = NO_KEY, buttons: Qt.MouseButton = LEFT) -> None:
        view = self.canvas.viewport()
        where = QPointF(self.at(x, y))
        QApplication.sendEvent(
            view,
            QMouseEvent(QEvent.Type.MouseMove, where, view.mapToGlobal(where), Qt.MouseButton.NoButton, buttons, keys),
        )

    def drag(self, *path: tuple[float, float], keys: Qt.KeyboardModifier = NO_KEY) -> None:
        view = self.canvas.viewport()
        QTest.mousePress(view, LEFT, keys, self.at(*path[0]))
        for one in path[1:]:
            self.move(*one, keys=keys)
        QTest.mouseRelease(view, LEFT, keys, self.at(*path[-1]))
        settle()

    def click(self, x: float, y: float, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        QTest.mouseClick(self.canvas.viewport(), LEFT, keys, self.at(x, y))
        settle()

    def key(self, key: Qt.Key | str, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        QTest.keyClick(self.canvas, key, keys)
        settle()

    # -- what came of it ----------------------------------------------------------------------------------------------

    @property
    def mask(self) -> NDArray[np.uint8]:
        draft = self.acts[-1][0]
        assert isinstance(draft, PaintedMask)
        return draft.indices

    @property
    def words(self) -> list[str]:
        return [words for _, words in self.acts]

    def rows(self, place: int = 0) -> SwatchRows:
        return self.editor.findChildren(SwatchRows)[place]

    def wait(self, acts: int) -> None:
        self.qtbot.waitUntil(lambda: len(self.acts) >= acts, timeout=10_000)


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Bench:
    return Bench(qtbot, tmp_path)


def near_line(a: tuple[float, float], b: tuple[float, float], radius: float) -> NDArray[np.bool_]:
    y, x = np.mgrid[:TALL, :WIDE] + 0.5
    along = (b[0] - a[0], b[1] - a[1])
    length = along[0] ** 2 + along[1] ** 2 or 1.0
    share = np.clip(((x - a[0]) * along[0] + (y - a[1]) * along[1]) / length, 0, 1)
    return np.hypot(x - a[0] - share * along[0], y - a[1] - share * along[1]) <= radius


# -- brush, eraser, fill ----------------------------------------------------------------------------------------------


def test_a_stroke_is_one_act_and_exactly_these_pixels(bench: Bench) -> None:
    bench.drag((20, 20), (50, 20), (50, 60))
    assert bench.words == ["Painted wood"]
    a, b, c = bench.exact(20, 20), bench.exact(50, 20), bench.exact(50, 60)
    wanted = near_line(a, b, 2) | near_line(b, c, 2)
    assert np.array_equal(bench.mask, np.where(wanted, 1, 0))
    bench.drag((20, 20), (50, 20))  # nothing new: no act
    assert len(bench.acts) == 1


def test_what_was_committed_does_not_change_with_the_next_stroke(bench: Bench) -> None:
    bench.drag((20, 20), (30, 20))
    first = bench.mask
    before = first.copy()
    bench.key("3")
    bench.drag((20, 30), (30, 30))
    assert np.array_equal(first, before)
    assert bench.words == ["Painted wood", "Painted iron"]
    assert set(np.unique(bench.mask)) == {0, 1, 2}


def test_number_keys_the_list_and_unknown_choose(bench: Bench) -> None:
    assert [row.name for row in bench.rows().rows] == ["background", "wood", "iron", "Unknown"]
    assert [row.key for row in bench.rows().rows] == ["1", "2", "3", "U"]
    assert bench.rows().current == 1
    bench.key("3")
    bench.click(10, 10)
    assert bench.mask[10, 10] == 2
    bench.key("u")
    assert bench.rows().current == 3
    bench.click(30, 10)
    assert bench.mask[10, 30] == 255
    rows = bench.rows()
    QTest.mouseClick(rows, LEFT, NO_KEY, QPoint(60, rows.height() // 4 + 4))
    bench.click(50, 10)
    assert bench.mask[10, 50] == 1
    rows.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(rows, key)
    assert rows.current == 2
    bench.canvas.setFocus()
    bench.key("9")  # no such category
    assert rows.current == 2


def test_brackets_change_the_brush(bench: Bench) -> None:
    for _ in range(4):
        bench.key("]")
    bench.click(60, 40)
    assert np.array_equal(bench.mask == 1, near_line(bench.exact(60, 40), bench.exact(60, 40), 2 * 1.25**4))
    for _ in range(30):
        bench.key("[")
    bench.click(10.5, 10.5)
    assert np.argwhere(bench.mask[:20, :20]).tolist() == [[10, 10]]


def test_the_eraser_brings_the_ground_back(bench: Bench) -> None:
    bench.drag((20, 20), (60, 20))
    bench.key("e")
    assert bench.tool == "eraser"
    bench.drag((40, 20), (60, 20))
    assert bench.words[-1] == "Erased"
    a, b, c = bench.exact(20, 20), bench.exact(60, 20), bench.exact(40, 20)
    assert np.array_equal(bench.mask == 1, near_line(a, b, 2) & ~near_line(c, b, 2))
    bench.key("2")  # a category is for painting
    assert bench.tool == "brush"


def test_without_a_background_what_nobody_painted_is_unknown(qtbot: QtBot, tmp_path: Path) -> None:
    bench = Bench(qtbot, tmp_path, FREE)
    bench.click(20, 20)
    assert bench.mask[20, 20] == 0
    assert bench.mask[0, 0] == 255
    bench.key("e")
    bench.drag((10, 20), (30, 20))
    assert bench.acts[-1] == (None, "Took the mask away")


def test_fill_takes_what_hangs_together(bench: Bench) -> None:
    for a, b in (((20, 20), (60, 20)), ((60, 20), (60, 60)), ((60, 60), (20, 60)), ((20, 60), (20, 20))):
        bench.drag(a, b)
    bench.key("3")
    bench.key("f")
    bench.click(40, 40)
    assert bench.words[-1] == "Filled with iron"
    ring = bench.mask == 1
    inside = np.zeros((TALL, WIDE), np.bool_)
    inside[20:60, 20:60] = True
    assert np.array_equal(bench.mask == 2, inside & ~ring)
    bench.click(40, 40)
    assert len(bench.acts) == 5


def test_what_is_painted_can_be_kept(bench: Bench) -> None:
    bench.drag((20, 20), (60, 20))
    before = bench.mask == 1
    bench.key("k")
    bench.key("3")
    bench.drag((40, 10), (40, 30))
    assert np.array_equal(bench.mask == 1, before)
    assert bench.mask[12, 40] == 2
    keep = next(one for one in bench.editor.tools() if one.key == "keep")
    assert keep.checked()
    keep.use()
    assert not keep.checked()
    bench.drag((40, 10), (40, 30))
    assert bench.mask[20, 40] == 2


# -- outlines ---------------------------------------------------------------------------------------------------------


def test_a_polygon_becomes_pixels(bench: Bench) -> None:
    bench.key("p")
    for point in ((20, 20), (60, 20), (60, 50), (20, 50)):
        bench.click(*point)
    bench.key(Qt.Key.Key_Return)
    assert bench.words == ["Painted wood"]
    (left, top), (right, bottom) = bench.exact(20, 20), bench.exact(60, 50)
    y, x = np.mgrid[:TALL, :WIDE] + 0.5
    assert np.array_equal(bench.mask == 1, (x >= left) & (x < right) & (y >= top) & (y < bottom))
    assert bench.advanced == 0


def test_a_polygon_that_crosses_itself_is_filled_and_one_outside_is_cut(bench: Bench) -> None:
    bench.key("p")
    for point in ((20, 20), (60, 60), (60, 20), (20, 60)):
        bench.click(*point)
    bench.key(Qt.Key.Key_Return)
    assert bench.mask[40, 25] == 1
    assert bench.mask[40, 55] == 1
    assert bench.mask[25, 40] == 0


def test_a_lasso_becomes_pixels(bench: Bench) -> None:
    bench.key("l")
    circle = [(60 + 20 * math.cos(a), 40 + 20 * math.sin(a)) for a in np.linspace(0, 2 * np.pi, 60)]
    bench.drag(*circle)
    y, x = np.mgrid[:TALL, :WIDE] + 0.5
    assert mask_iou(bench.mask == 1, (x - 60) ** 2 + (y - 40) ** 2 < 400) > 0.96


def test_outlines_of_a_mask_can_be_moved_and_removed(bench: Bench) -> None:
    bench.key("p")
    for point in ((20, 20), (40, 20), (40, 40), (20, 40)):
        bench.click(*point)
    bench.key(Qt.Key.Key_Return)
    bench.key("o")
    (shape,) = bench.canvas.shapes
    assert len(shape.polygons[0]) == 4
    before = np.argwhere(bench.mask == 1)
    bench.drag((30, 30), (30, 30.5), (50, 40), keys=Qt.KeyboardModifier.AltModifier)  # no snapping
    after = np.argwhere(bench.mask == 1)
    assert len(after) == pytest.approx(len(before), abs=42)
    assert (after.mean(axis=0) - before.mean(axis=0)).tolist() == pytest.approx([10, 20], abs=0.6)
    assert "wood" in bench.words[-1]
    bench.key(Qt.Key.Key_Delete)
    assert bench.words[-1] == "Removed wood"
    assert not bench.mask.any()
    bench.key("b")
    assert bench.canvas.shapes == ()


# -- assists ----------------------------------------------------------------------------------------------------------


def test_a_rough_box_finds_the_thing_and_strokes_correct_it(bench: Bench) -> None:
    bench.key("r")
    bench.drag((28, 8), (60, 40), (92, 72))
    bench.wait(1)
    assert bench.words == ["Painted wood by a rough box"]
    assert mask_iou(bench.mask == 1, disc()) > 0.95
    first = bench.mask.copy()
    bench.drag((60, 36), (60, 44), keys=CONTROL)
    bench.wait(2)
    assert bench.mask[40, 60] == 0
    bench.drag((5, 5), (12, 5), keys=SHIFT)
    bench.wait(3)
    assert (bench.mask[5, 5:12] == 1).all()
    assert bench.mask[40, 60] == 0
    bench.key("2")
    bench.key("b")
    bench.click(60, 40)
    bench.wait(4)
    assert first[40, 60] == 1


def test_strokes_without_a_box_say_what_to_do(bench: Bench) -> None:
    bench.key("r")
    bench.drag((60, 36), (60, 44), keys=SHIFT)
    assert "rough box first" in bench.hints[-1]
    assert bench.acts == []


def test_a_rough_box_leaves_what_is_kept(bench: Bench) -> None:
    bench.key("3")
    bench.drag((60, 30), (60, 50))
    iron = bench.mask == 2
    bench.key("k")
    bench.key("2")
    bench.key("r")
    bench.drag((28, 8), (60, 40), (92, 72))
    bench.wait(2)
    assert np.array_equal(bench.mask == 2, iron)
    assert mask_iou(bench.mask == 1, disc() & ~iron) > 0.9


def test_patches_are_painted_one_by_one_or_by_a_drag(bench: Bench) -> None:
    bench.key("s")
    tool = bench.canvas.tool
    bench.qtbot.waitUntil(lambda: tool.patches is not None, timeout=10_000)
    bench.click(60, 40)
    assert bench.words == ["Painted wood"]
    one = bench.mask == 1
    assert one[40, 60]
    assert one.sum() < 200
    assert disc()[one].mean() > 0.9
    bench.drag((45, 40), (52, 40), (66, 40), (75, 40))
    assert len(bench.acts) == 2
    assert (bench.mask == 1).sum() > one.sum() + 20
    before = tool.patches
    bench.key("]")
    bench.qtbot.waitUntil(lambda: tool.patches is not before, timeout=10_000)
    bench.key("3")
    bench.click(20, 20)
    assert (bench.mask == 2).sum() > one.sum()


def test_scissors_keep_to_the_edge(bench: Bench) -> None:
    bench.key("c")
    bench.qtbot.waitUntil(lambda: bench.editor._assists._pixels is not None, timeout=10_000)
    for angle in (0, 80, 160, 240, 320):
        at = math.radians(angle)
        x, y = 60 + 25 * math.cos(at), 40 + 25 * math.sin(at)
        bench.move(x, y, buttons=Qt.MouseButton.NoButton)
        bench.click(x, y)
    bench.key(Qt.Key.Key_Return)
    assert bench.words == ["Painted wood"]
    assert mask_iou(bench.mask == 1, disc()) > 0.93


def test_a_picture_that_cannot_be_read_is_one_sentence(bench: Bench) -> None:
    bench.pixels = picture()[:40]
    bench.editor.leave()
    image = to_image(WIDE, TALL, picture().tobytes())
    bench.canvas.set_picture(image)
    bench.editor.show_subject(
        Subject(7, "b.png", image, WIDE, TALL, lambda: bench.pixels, bench.blobs.read), None, None
    )
    bench.key("r")
    bench.drag((28, 8), (60, 40), (92, 72))
    bench.qtbot.waitUntil(lambda: any("b.png is 120 x 40 pixels now" in hint for hint in bench.hints), timeout=10_000)
    assert bench.acts == []


# -- showing, proposals, the end --------------------------------------------------------------------------------------


def test_a_label_is_shown_and_painted_on(bench: Bench) -> None:
    indices = np.zeros((TALL, WIDE), np.uint8)
    indices[10:20, 10:20] = 2
    bench.show(put_mask(bench.blobs, indices))
    assert [row.words for row in bench.rows().rows] == ["99 %", "", "1 %", ""]
    bench.click(60, 40)
    assert np.array_equal(bench.mask == 2, indices == 2)
    assert bench.mask[40, 60] == 1
    bench.show(put_mask(bench.blobs, indices))  # undone
    assert [row.words for row in bench.rows().rows] == ["99 %", "", "1 %", ""]


def test_categories_that_are_gone_and_other_sizes_are_said(bench: Bench) -> None:
    indices = np.zeros((TALL, WIDE), np.uint8)
    indices[:2, :5] = 9
    bench.show(put_mask(bench.blobs, indices))
    assert bench.hints[-1] == "10 pixels had a category that is gone, and are unknown now."
    bench.click(60, 40)
    assert (bench.mask[:2, :5] == 255).all()
    bench.show(put_mask(bench.blobs, np.zeros((5, 5), np.uint8)))
    assert "5 x 5 pixels, the picture 120 x 80" in bench.hints[-1]
    bench.show(Mask("0" * 64, WIDE, TALL))
    assert len(bench.hints[-1]) > 20
    bench.show()
    bench.click(60, 40)
    assert bench.mask[40, 60] == 1


def test_an_empty_mask_is_asked_for_twice(bench: Bench, qtbot: QtBot, tmp_path: Path) -> None:
    bench.key(Qt.Key.Key_Return)
    assert bench.hints[-1].startswith("Nothing is painted here")
    assert (bench.acts, bench.advanced) == ([], 0)
    bench.key(Qt.Key.Key_Return)
    assert bench.words == ["Said that there is nothing"]
    assert not bench.mask.any()
    assert bench.advanced == 1
    bench.key(Qt.Key.Key_Return)
    assert bench.advanced == 2
    free = Bench(qtbot, tmp_path, FREE)
    free.key(Qt.Key.Key_Return)
    free.key(Qt.Key.Key_Return)
    assert (free.acts, free.advanced) == ([], 1)


def proposed() -> PaintedMask:
    indices = np.zeros((TALL, WIDE), np.uint8)
    indices[20:60, 20:50] = 1
    indices[20:40, 70:90] = 2
    return PaintedMask(indices)


def test_proposals_are_dashed_and_taken_whole_by_enter(bench: Bench) -> None:
    draft = proposed()
    bench.show(proposal=Proposal(draft, "furniture 2", 0.91))
    bench.qtbot.waitUntil(lambda: len(bench.canvas.shapes) == 2, timeout=10_000)
    assert all(one.dashed for one in bench.canvas.shapes)
    assert [row.name for row in bench.rows(1).rows] == ["wood", "iron"]
    bench.key(Qt.Key.Key_Return)
    assert bench.words == ["Accepted the proposed mask"]
    assert np.array_equal(bench.mask, draft.indices)
    assert (bench.decided, bench.advanced) == ([((), True)], 1)
    assert bench.canvas.shapes == ()


def test_proposals_are_taken_by_category_or_refused(bench: Bench) -> None:
    draft = proposed()
    bench.show(proposal=Proposal(draft, "furniture 2"))
    QTest.mouseClick(bench.rows(1), LEFT, NO_KEY, QPoint(60, bench.rows(1).height() * 3 // 4))
    settle()
    assert bench.words == ["Accepted iron"]
    assert np.array_equal(bench.mask == 2, draft.indices == 2)
    assert not (bench.mask == 1).any()
    assert [row.name for row in bench.rows(1).rows] == ["wood"]
    bench.qtbot.waitUntil(lambda: len(bench.canvas.shapes) == 1, timeout=10_000)
    bench.editor.refuse_proposal()
    assert bench.decided == [((2,), True), ((), False)]
    assert bench.canvas.shapes == ()
    assert not bench.rows(1).isVisible()
    assert len(bench.acts) == 1
    bench.editor.set_proposal(Proposal(PaintedMask(np.zeros((5, 5), np.uint8))))  # of another size
    assert not bench.rows(1).isVisible()


def test_leaving_drops_what_is_begun(bench: Bench) -> None:
    bench.key("p")
    bench.click(20, 20)
    bench.click(40, 20)
    bench.key("r")
    bench.drag((28, 8), (60, 40), (92, 72))
    bench.editor.leave()
    assert bench.canvas.tool is None
    bench.qtbot.wait(600)  # QTest's own would keep Python from running beside it
    assert bench.acts == []
    assert not bench.editor.tools()[0].enabled()
    bench.show(item=2)
    assert bench.tool == "rough"  # what is in the hand stays
    assert bench.canvas.tool is not None


def test_a_large_mask_is_read_beside_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    bench = Bench(qtbot, tmp_path)
    large = np.zeros((2500, 2500), np.uint8)
    large[100:900, 100:900] = 2
    image = QImage(250, 250, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.gray)
    bench.canvas.set_picture(image, width=2500, height=2500)
    subject = Subject(3, "l.png", image, 2500, 2500, lambda: np.zeros((2500, 2500, 3), np.uint8), bench.blobs.read)
    bench.editor.show_subject(subject, put_mask(bench.blobs, large), None)
    assert bench.hints[-1] == "Reading the mask…"
    bench.qtbot.waitUntil(lambda: bench.rows().rows[2].words == "10 %", timeout=10_000)
    bench.click(2000, 2000)
    x, y = bench.exact(2000, 2000)
    assert bench.mask[int(y), int(x)] == 1
    assert np.array_equal(bench.mask == 2, large == 2)


def test_what_a_rough_box_finds_comes_also_while_one_paints_on(bench: Bench) -> None:
    bench.key("r")
    bench.drag((28, 8), (60, 40), (92, 72))
    bench.key("b")
    bench.key("3")
    bench.drag((10, 10), (10, 20))
    bench.wait(2)
    assert bench.words == ["Painted iron", "Painted wood by a rough box"]
    assert (bench.mask[12:18, 10] == 2).all()
    assert mask_iou(bench.mask == 1, disc()) > 0.95
    bench.key("r")
    bench.drag((60, 36), (60, 44), keys=CONTROL)
    assert "rough box first" in bench.hints[-1]
