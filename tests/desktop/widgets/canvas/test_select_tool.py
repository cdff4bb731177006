from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.widgets.canvas import CanvasShape, Clipboard, SelectTool, moved, with_box
from desktop.widgets.canvas.clipboard import copies
from tests.desktop.widgets.canvas.easel import ALT, CONTROL, SHIFT, Easel
from tests.desktop.widgets.stage import QUIET

pytestmark = QUIET

BOX = CanvasShape(1, "box", "#FF0000", (30, 20, 40, 30))
RING = CanvasShape(2, "ring", "#00FF00", (100, 20, 60, 60), (((100, 20), (160, 20), (160, 80), (100, 80)),))


class Desk:
    """An easel with the select tool, and a log of what it says."""

    def __init__(self, qtbot: QtBot) -> None:
        self.easel = Easel(qtbot)
        self.canvas = self.easel.canvas
        self.changes: list[tuple[str, tuple[CanvasShape, ...]]] = []
        self.removed: list[tuple[int, ...]] = []
        self.pasted: list[tuple[CanvasShape, ...]] = []
        self.picked: list[list[int]] = []
        self.clipboard = Clipboard()
        self.canvas.set_shapes([BOX, RING])
        self.canvas.shapes_selected.connect(self.picked.append)
        tool = SelectTool(
            self.canvas,
            changed=lambda shapes, words: self.changes.append((words, shapes)),
            removed=self.removed.append,
            pasted=self.pasted.append,
            clipboard=self.clipboard,
        )
        self.canvas.set_tool(tool)

    def last(self) -> CanvasShape:
        return self.changes[-1][1][0]

    def ring(self) -> list[tuple[int, int]]:
        return [(round(x), round(y)) for x, y in self.last().polygons[0]]


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def test_a_click_picks_and_a_click_beside_lets_go(desk: Desk) -> None:
    desk.easel.click(50, 35)
    desk.easel.click(130, 50, SHIFT)
    desk.easel.click(50, 35, SHIFT)
    desk.easel.click(85, 90)
    assert desk.picked == [[1], [1, 2], [2], []]
    assert desk.changes == []


def test_a_drag_over_nothing_picks_what_it_holds(desk: Desk) -> None:
    desk.easel.drag((20, 10), (60, 40), (165, 85))
    assert desk.picked == [[1, 2]]
    desk.easel.drag((20, 90), (60, 40), (80, 10))
    assert desk.picked[-1] == [1]


def test_a_shape_is_moved_by_whole_pixels(desk: Desk) -> None:
    desk.easel.drag((50, 35), (55, 38), (58, 46))
    assert desk.changes == [("Moved", (moved(desk.canvas.shape(1), 0, 0),))]
    assert desk.last().box == (38, 31, 40, 30)
    assert desk.canvas.shape(1).box == (38, 31, 40, 30)


def test_several_are_moved_together(desk: Desk) -> None:
    desk.easel.click(50, 35)
    desk.easel.click(130, 50, SHIFT)
    desk.easel.drag((130, 50), (120, 55), (117, 59), keys=ALT)
    assert [one.bounds for one in desk.changes[0][1]] == [(17, 29, 40, 30), (87, 29, 60, 60)]


def test_an_edge_snaps_to_others_and_to_the_picture(desk: Desk) -> None:
    desk.easel.drag((50, 35), (60, 35), (79, 36))
    assert desk.last().box == (60, 20, 40, 30)  # right edge at 100, top at 20: those of the ring
    desk.easel.drag((80, 35), (70, 35), (22, 35), keys=ALT)
    assert desk.last().box == (2, 20, 40, 30)
    desk.easel.drag((22, 35), (23, 34), (21, 17))
    assert desk.last().box == (0, 0, 40, 30)


@pytest.mark.parametrize(
    ("handle", "to", "box"),
    [
        ((30, 20), (25, 15), (25, 15, 45, 35)),
        ((50, 20), (52, 15), (30, 15, 40, 35)),
        ((70, 20), (80, 14), (30, 14, 50, 36)),
        ((70, 35), (80, 60), (30, 20, 50, 30)),
        ((70, 50), (80, 60), (30, 20, 50, 40)),
        ((50, 50), (52, 61), (30, 20, 40, 41)),
        ((30, 50), (22, 61), (22, 20, 48, 41)),
        ((30, 35), (22, 61), (22, 20, 48, 30)),
        ((30, 20), (80, 70), (70, 50, 10, 20)),
    ],
)
def test_each_handle_moves_its_sides(
    desk: Desk, handle: tuple[int, int], to: tuple[int, int], box: tuple[int, ...]
) -> None:
    desk.easel.click(50, 30)
    desk.easel.drag(handle, (handle[0] + 3, handle[1] + 3), to, keys=ALT)
    assert desk.changes[0][0] == "Resized"
    assert desk.last().box == box


def test_points_are_moved_added_and_removed(desk: Desk) -> None:
    desk.easel.click(110, 30)
    desk.easel.drag((160, 20), (163, 22), (170, 30), keys=ALT)
    assert desk.changes[-1][0] == "Moved a point"
    assert desk.ring() == [(100, 20), (170, 30), (160, 80), (100, 80)]
    assert desk.last().box == pytest.approx((100, 20, 70, 60))
    desk.easel.drag((130, 80), (130, 84), (130, 95), keys=ALT)
    assert desk.changes[-1][0] == "Added a point"
    assert desk.ring() == [(100, 20), (170, 30), (160, 80), (130, 95), (100, 80)]
    desk.easel.key(Qt.Key.Key_Delete)  # the point that was added is the one in hand
    assert desk.changes[-1][0] == "Removed a point"
    assert desk.ring() == [(100, 20), (170, 30), (160, 80), (100, 80)]
    desk.easel.double(100, 70)
    assert desk.changes[-1][0] == "Added a point"
    assert desk.ring() == [(100, 20), (170, 30), (160, 80), (100, 80), (100, 70)]
    desk.easel.double(100, 70)
    desk.easel.double(170, 30)
    assert desk.ring() == [(100, 20), (160, 80), (100, 80)]
    desk.easel.double(100, 80)
    assert desk.ring() == [(100, 20), (160, 80), (100, 80)]  # three stay
    assert desk.removed == []


def test_delete_removes_what_is_picked(desk: Desk) -> None:
    desk.easel.key(Qt.Key.Key_Delete)
    assert desk.removed == []
    desk.easel.key(Qt.Key.Key_A, CONTROL)
    desk.easel.key(Qt.Key.Key_Backspace)
    assert desk.removed == [(1, 2)]


def test_arrows_nudge(desk: Desk) -> None:
    desk.easel.click(50, 35)
    desk.easel.key(Qt.Key.Key_Right)
    desk.easel.key(Qt.Key.Key_Down, SHIFT)
    assert [words for words, _ in desk.changes] == ["Moved", "Moved"]
    assert desk.last().box == (31, 30, 40, 30)
    desk.easel.click(110, 50)
    desk.easel.click(160, 20)
    desk.easel.key(Qt.Key.Key_Up)
    assert desk.ring() == [(100, 20), (160, 19), (160, 80), (100, 80)]


def test_copies_land_beside_and_in_the_picture(desk: Desk) -> None:
    desk.easel.click(50, 35)
    desk.easel.key(Qt.Key.Key_D, CONTROL)
    assert [(one.id, one.box, one.selected) for one in desk.pasted[0]] == [(-1, (34, 24, 40, 30), False)]
    desk.easel.key(Qt.Key.Key_C, CONTROL)
    desk.canvas.set_shapes([])
    desk.easel.key(Qt.Key.Key_V, CONTROL)
    assert desk.pasted[1][0].box == BOX.box
    desk.canvas.set_shapes([BOX])
    desk.canvas.select([1])
    desk.easel.key(Qt.Key.Key_X, CONTROL)
    assert desk.removed == [(1,)]


def test_esc_puts_back_what_is_dragged(desk: Desk) -> None:
    desk.easel.press(50, 35)
    desk.easel.move(90, 60)
    assert desk.canvas.shape(1).box != BOX.box
    desk.easel.key(Qt.Key.Key_Escape)
    desk.easel.release(90, 60)
    assert desk.canvas.shape(1).box == BOX.box
    assert desk.changes == []
    desk.easel.key(Qt.Key.Key_Escape)
    assert desk.picked[-1] == []


def test_stops_go_from_one_to_the_next(desk: Desk) -> None:
    for _ in range(3):
        desk.easel.key(Qt.Key.Key_Period)
    desk.easel.key(Qt.Key.Key_Comma)
    assert desk.picked == [[1], [2], [1], [2]]


def test_a_crowd_is_moved_and_has_no_handles(desk: Desk) -> None:
    desk.canvas.set_shapes([CanvasShape(3, "many", "#FF0000", (30, 20, 40, 30), crowd=True)])
    desk.easel.click(50, 35)
    desk.easel.drag((70, 50), (75, 60), (80, 60), keys=ALT)
    assert [(words, one[0].box) for words, one in desk.changes] == [("Moved", (40, 30, 40, 30))]


numbers = st.integers(-50, 300)


@given(numbers, numbers, st.integers(1, 80), st.integers(1, 80), st.integers(1, 20))
def test_a_copy_lies_in_the_picture_and_on_no_other(x: int, y: int, width: int, height: int, step: int) -> None:
    one = CanvasShape(1, "a", "#000000", (x, y, width, height))
    present = [one]
    for _ in range(3):
        (copy,) = copies([one], present, (200, 100), step)
        assert copy.bounds[0] >= 0
        assert copy.bounds[0] + width <= 200
        assert copy.bounds[1] + height <= 100
        assert (copy.box[2], copy.box[3]) == (width, height)
        present.append(copy)


@given(numbers, numbers, st.integers(1, 80), st.integers(1, 80))
def test_an_outline_goes_along_with_its_box_and_back(x: int, y: int, width: int, height: int) -> None:
    there = with_box(RING, (x, y, width, height))
    back = with_box(there, RING.box)
    assert there.bounds == pytest.approx((x, y, width, height))
    for (x1, y1), (x2, y2) in zip(back.polygons[0], RING.polygons[0], strict=True):
        assert (x1, y1) == pytest.approx((x2, y2))
