"""Boxes and outlines with real mouse and key events; the values are right to the pixel."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QSlider
from pytestqt.qtbot import QtBot

from desktop.labelling.boxes import BoxesEditor
from desktop.labelling.editor import Proposal
from tests.desktop.labelling.bench import Bench
from tests.desktop.widgets.canvas.easel import ALT, CONTROL, SHIFT
from tests.desktop.widgets.stage import QUIET
from training.datasets.heads import HeadDef
from training.datasets.values import Boxes, Rle, Shape

pytestmark = QUIET

HEAD = HeadDef("things", "boxes", ("door", "frame", "handle"))
DOOR = Shape("door", 30, 20, 40, 30, attributes={"occluded": True})
RING = Shape("frame", 100, 20, 60, 60, ((100, 20, 160, 20, 160, 80, 100, 80),), attributes={"id": 7})
Key = Qt.Key


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench(qtbot, BoxesEditor(), HEAD)


def button(bench: Bench, words: str) -> QPushButton:
    return next(one for one in bench.editor.findChildren(QPushButton) if one.text() == words)


def test_boxes_are_drawn_and_named(bench: Bench) -> None:
    bench.show()
    bench.drag((20, 30), (40, 40), (80, 70))
    bench.key(Key.Key_3)
    bench.drag((100, 10), (120, 30), (151, 43))
    assert bench.log == ["Drew door", "Named a shape handle", "Drew handle"]
    assert bench.boxes() == [("handle", 20, 30, 60, 40), ("handle", 100, 10, 51, 33)]


def test_an_outline_is_drawn(bench: Bench) -> None:
    bench.show(())
    bench.key(Key.Key_P)
    bench.key(Key.Key_2)
    for corner in ((30, 20), (90, 20), (60, 80)):
        bench.click(*corner)
    bench.key(Key.Key_Return)
    (shape,) = bench.shapes
    assert shape.category == "frame"
    assert shape.polygons == (pytest.approx((30, 20, 90, 20, 60, 80)),)
    assert (shape.left, shape.top, shape.width, shape.height) == pytest.approx((30, 20, 60, 60))
    assert bench.advanced == 0


def test_moving_and_resizing_keep_what_else_is_known(bench: Bench) -> None:
    bench.show((DOOR, RING))
    bench.key(Key.Key_V)
    bench.drag((50, 35), (60, 40), (53, 45), keys=ALT)
    assert bench.boxes()[0] == ("door", 33, 30, 40, 30)
    bench.drag((73, 60), (75, 65), (83, 70), keys=ALT)
    assert bench.boxes()[0] == ("door", 33, 30, 50, 40)
    bench.click(130, 60)
    bench.drag((160, 80), (162, 82), (170, 90), keys=ALT)
    assert bench.shapes[1].polygons == (pytest.approx((100, 20, 160, 20, 170, 90, 100, 80)),)
    assert [dict(one.attributes) for one in bench.shapes] == [{"occluded": True}, {"id": 7}]
    assert bench.log == ["Moved: door", "Resized: door", "Moved a point: frame"]


def test_a_copy_keeps_what_else_is_known_also_in_the_next_picture(bench: Bench) -> None:
    bench.show((DOOR,))
    bench.key(Key.Key_V)
    bench.click(50, 35)
    bench.key(Key.Key_D, CONTROL)
    assert bench.boxes() == [("door", 30, 20, 40, 30), ("door", 34, 24, 40, 30)]
    bench.key(Key.Key_A, CONTROL)
    bench.key(Key.Key_C, CONTROL)
    bench.editor.leave()
    bench.show((), item=2)
    bench.key(Key.Key_V, CONTROL)
    assert bench.boxes() == [("door", 30, 20, 40, 30), ("door", 34, 24, 40, 30)]
    assert [dict(one.attributes) for one in bench.shapes] == [{"occluded": True}] * 2
    assert bench.log[-1] == "Copied 2 shapes"


def test_ctrl_keys_work_with_a_tool_that_draws_in_hand(bench: Bench) -> None:
    bench.show(())
    bench.drag((20, 30), (40, 40), (80, 70))
    bench.key(Key.Key_D, CONTROL)
    assert bench.boxes() == [("door", 20, 30, 60, 40), ("door", 24, 34, 60, 40)]
    bench.key(Key.Key_Delete)
    assert bench.boxes() == [("door", 20, 30, 60, 40)]
    bench.key(Key.Key_A, CONTROL)
    bench.key(Key.Key_Right)
    assert bench.boxes() == [("door", 21, 30, 60, 40)]


def test_deleting_the_last_says_that_nothing_is_there(bench: Bench) -> None:
    bench.show((DOOR,))
    bench.key(Key.Key_V)
    bench.click(50, 35)
    bench.key(Key.Key_Delete)
    assert bench.values == [Boxes(())]
    assert bench.log == ["Deleted door"]


def test_a_line_splits_an_outline_in_two_of_its_kind(bench: Bench) -> None:
    bench.show((RING,))
    bench.key(Key.Key_K)
    bench.click(130, 5)
    bench.click(130, 95)
    assert sorted((one[1], one[3]) for one in bench.boxes()) == [(100, 30), (130, 30)]
    assert [one.category for one in bench.shapes] == ["frame", "frame"]
    assert [dict(one.attributes) for one in bench.shapes] == [{"id": 7}] * 2
    assert len(bench.canvas.selected) == 2
    bench.key(Key.Key_M)
    assert bench.boxes() == [("frame", 100, 20, 60, 60)]
    assert bench.log == ["Split frame", "Merged 2 into frame"]


def test_a_line_beside_everything_splits_nothing(bench: Bench) -> None:
    bench.show((RING,))
    bench.key(Key.Key_K)
    bench.click(10, 5)
    bench.click(10, 95)
    assert bench.values == []
    assert bench.hints == ["The line crosses no outline; draw it right across one."]


def test_a_slider_leaves_out_points(bench: Bench) -> None:
    bench.show((Shape("door", 20, 20, 60, 60, ((20, 20, 50, 20.4, 80, 20, 80, 80, 50, 79.7, 20, 80),)),))
    bench.key(Key.Key_V)
    bench.click(50, 50)
    slider = bench.editor.findChild(QSlider)
    assert slider.isVisible()
    assert slider.value() == 6
    slider.setValue(4)
    assert bench.log == ["Simplified door to 4 points"]
    points = bench.shapes[0].polygons[0]
    assert {(points[n], points[n + 1]) for n in range(0, 8, 2)} == {(20, 20), (80, 20), (80, 80), (20, 80)}


def test_a_shape_beyond_the_picture_is_cut_off_when_asked(bench: Bench) -> None:
    bench.show((Shape("door", -10, 20, 40, 30), Shape("frame", 300, 20, 40, 30), DOOR))
    bench.editor.panel.mend_wanted.emit()
    assert bench.boxes() == [("door", 0, 20, 30, 30), ("door", 30, 20, 40, 30)]


def test_an_outline_that_crosses_itself_is_mended_when_asked(bench: Bench) -> None:
    bench.show((Shape("door", 20, 20, 60, 60, ((20, 20, 80, 80, 80, 20, 20, 80),), attributes={"a": 1}),))
    assert button(bench, "Mend").isVisible()
    button(bench, "Mend").click()
    (shape,) = bench.shapes
    assert len(shape.polygons) == 2
    assert all(len(one) == 6 for one in shape.polygons)
    assert dict(shape.attributes) == {"a": 1}
    assert not button(bench, "Mend").isVisible()


def proposal() -> Proposal:
    shapes = (DOOR, Shape("handle", 100, 20, 20, 20), Shape("frame", 140, 40, 30, 30))
    return Proposal(Boxes(shapes), "a model", parts=(0.93, 0.5, 0.4))


def test_proposals_are_taken_one_by_one(bench: Bench) -> None:
    bench.show(None, proposal())
    assert [one.dashed for one in bench.canvas.shapes] == [True] * 3
    assert bench.values == []
    bench.key(Key.Key_Return)
    assert bench.boxes() == [("door", 30, 20, 40, 30)]
    bench.key(Key.Key_Delete)
    bench.key(Key.Key_Return)
    assert bench.boxes() == [("door", 30, 20, 40, 30), ("frame", 140, 40, 30, 30)]
    assert bench.decided == [((0,), True), ((1,), False), ((2,), True)]
    assert bench.advanced == 0
    bench.key(Key.Key_Return)
    assert bench.advanced == 1


def test_proposals_are_taken_all_at_once_or_not(bench: Bench) -> None:
    bench.show((), proposal())
    bench.editor.refuse_proposal()
    assert bench.values == []
    assert bench.canvas.shapes == ()
    bench.show((), proposal(), item=2)
    button(bench, "Accept all").click()
    assert len(bench.shapes) == 3
    assert bench.decided == [((), False), ((), True)]


def test_a_proposal_that_is_moved_or_named_is_taken(bench: Bench) -> None:
    bench.show((), proposal())
    bench.key(Key.Key_V)
    bench.drag((110, 30), (112, 32), (115, 37), keys=ALT)
    assert bench.boxes() == [("handle", 105, 27, 20, 20)]
    bench.click(155, 60)
    bench.key(Key.Key_1)
    assert bench.boxes()[1] == ("door", 140, 40, 30, 30)
    assert bench.decided == [((1,), True), ((2,), True)]


def test_what_is_there_already_is_not_proposed(bench: Bench) -> None:
    bench.show((DOOR,), proposal())
    assert [one.dashed for one in bench.canvas.shapes] == [False, True, True]


def test_a_category_the_question_lacks_is_not_taken(bench: Bench) -> None:
    bench.show((), Proposal(Boxes((Shape("cat", 3, 3, 9, 9),)), "a model"))
    bench.key(Key.Key_Return)
    assert bench.values == []
    assert bench.hints == ["This question has no category cat; add it at the left, or refuse the proposal."]


def test_a_new_category_is_the_next_ones(bench: Bench) -> None:
    wanted: list[str] = []
    bench.editor.category_wanted.connect(wanted.append)
    bench.show(())
    bench.editor.panel.category_wanted.emit("knob")
    assert wanted == ["knob"]
    bench.editor.set_head(HeadDef("things", "boxes", (*HEAD.categories, "knob")))
    bench.drag((20, 30), (40, 40), (80, 70))
    assert bench.boxes() == [("knob", 20, 30, 60, 40)]


def test_nothing_here_and_nobody_can_tell(bench: Bench) -> None:
    bench.show()
    bench.key(Key.Key_E)
    assert bench.values == [Boxes(())]
    bench.key(Key.Key_U)
    assert bench.values == [Boxes(()), None]
    assert bench.advanced == 2
    bench.show((DOOR,), item=2)
    bench.key(Key.Key_E)
    assert bench.hints == ["Something is marked here; delete that first, or go on with Enter."]


def test_an_undo_that_comes_from_outside_keeps_what_is_selected(bench: Bench) -> None:
    bench.show((DOOR, RING))
    bench.key(Key.Key_V)
    bench.click(130, 60)
    numbers = [one.id for one in bench.canvas.shapes]
    bench.show((RING,))
    assert [one.id for one in bench.canvas.shapes] == numbers[1:]
    bench.show(())
    assert bench.canvas.shapes == ()


def test_pixels_that_are_no_outline_stay_as_they_are(bench: Bench) -> None:
    one = Shape("door", 30, 20, 40, 30, rle=Rle((20000,), 100, 200), attributes={"a": 1})
    bench.show((one,))
    bench.key(Key.Key_V)
    bench.drag((50, 35), (60, 40), (53, 45))
    assert bench.values == []
    assert bench.hints == ["door is kept as single pixels and can't be moved or reshaped; draw it anew."]
    bench.key(Key.Key_2)
    assert bench.shapes == (Shape("frame", 30, 20, 40, 30, rle=one.rle, attributes={"a": 1}),)


def test_the_list_leads_to_the_shape(bench: Bench) -> None:
    bench.show((DOOR, RING))
    bench.editor.panel.shape_wanted.emit(1)
    assert [one.name for one in bench.canvas.selected] == ["frame"]
    bench.click(50, 35, SHIFT)
    assert {one.name for one in bench.canvas.selected} == {"door", "frame"}
    bench.key(Key.Key_3)
    assert {one[0] for one in bench.boxes()} == {"handle"}


def test_the_tabs_own_keys_are_left_to_it(bench: Bench) -> None:
    bench.show((DOOR,))
    taken = [bench.editor.handle_key(_press(key)) for key in (Key.Key_A, Key.Key_D, Key.Key_N, Key.Key_X, Key.Key_Y)]
    assert taken == [False] * 5


def test_after_leaving_nothing_is_said(bench: Bench) -> None:
    bench.show((DOOR,))
    bench.editor.leave()
    assert bench.canvas.shapes == ()
    bench.key(Key.Key_1)
    bench.key(Key.Key_A, CONTROL)
    bench.editor.panel.mend_wanted.emit()
    assert bench.values == []


def _press(key: Qt.Key):
    from PySide6.QtGui import QKeyEvent

    return QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, chr(key.value).lower())
