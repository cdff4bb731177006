from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.widgets.canvas import (
    BoxTool,
    BrushTool,
    CanvasShape,
    EraserTool,
    FillTool,
    LassoTool,
    PathTool,
    Point,
    PolygonTool,
    QuadTool,
    RectTool,
    in_order,
)
from tests.desktop.widgets.canvas.easel import ALT, Easel
from tests.desktop.widgets.stage import QUIET

pytestmark = QUIET


@pytest.fixture
def easel(qtbot: QtBot) -> Easel:
    return Easel(qtbot)


def test_a_box_is_dragged_from_any_corner(easel: Easel) -> None:
    boxes: list[tuple[float, ...]] = []
    easel.canvas.set_tool(BoxTool(easel.canvas, done=boxes.append))
    easel.drag((20, 30), (40, 40), (80, 70))
    easel.drag((80, 70), (20, 30))
    assert boxes == [(20, 30, 60, 40)] * 2


def test_a_box_of_two_clicks(easel: Easel) -> None:
    boxes: list[tuple[float, ...]] = []
    tool = BoxTool(easel.canvas, done=boxes.append)
    easel.canvas.set_tool(tool)
    easel.click(20, 30)
    assert tool.busy
    easel.click(81, 73)
    assert boxes == [(20, 30, 61, 43)]
    assert not tool.busy


def test_a_box_ends_at_the_picture_and_esc_lets_it_go(easel: Easel) -> None:
    boxes: list[tuple[float, ...]] = []
    easel.canvas.set_tool(BoxTool(easel.canvas, done=boxes.append))
    easel.drag((150, 60), (170, 70), (206, 104))
    assert boxes == [(150, 60, 50, 40)]
    easel.press(20, 20)
    easel.move(60, 60)
    easel.key(Qt.Key.Key_Escape)
    easel.release(60, 60)
    assert len(boxes) == 1


def test_a_box_snaps_to_other_edges_unless_alt_is_held(easel: Easel) -> None:
    boxes: list[tuple[float, ...]] = []
    easel.canvas.set_shapes([CanvasShape(1, "a", "#FF0000", (40.5, 20, 30, 30))])
    easel.canvas.set_tool(BoxTool(easel.canvas, done=boxes.append))
    easel.drag((42, 51), (90, 60), (99, 80))
    easel.drag((42, 51), (90, 60), (99, 80), keys=ALT)
    assert boxes == [(40.5, 50, 58.5, 30), (42, 51, 57, 29)]


def test_a_rough_box_snaps_to_nothing(easel: Easel) -> None:
    boxes: list[tuple[float, ...]] = []
    easel.canvas.set_shapes([CanvasShape(1, "a", "#FF0000", (40.5, 20, 30, 30))])
    easel.canvas.set_tool(RectTool(easel.canvas, done=boxes.append))
    easel.drag((42, 51), (90, 60), (99, 80))
    assert boxes == [(42, 51, 57, 29)]


def test_an_outline_of_clicks_is_closed_in_three_ways(easel: Easel) -> None:
    rings: list[tuple[Point, ...]] = []
    tool = PolygonTool(easel.canvas, done=rings.append)
    easel.canvas.set_tool(tool)
    corners = [(30, 20), (90, 20), (60, 80)]
    for corner in corners:
        easel.click(*corner)
    easel.key(Qt.Key.Key_Return)
    for corner in corners:
        easel.click(*corner)
    easel.click(31, 21)
    easel.click(*corners[0])
    easel.click(*corners[1])
    easel.double(*corners[2])
    assert rings == [tuple(map(pytest.approx, corners))] * 3
    assert not tool.busy


def test_backspace_takes_the_last_point_and_two_are_no_outline(easel: Easel) -> None:
    rings: list[tuple[Point, ...]] = []
    tool = PolygonTool(easel.canvas, done=rings.append)
    easel.canvas.set_tool(tool)
    for corner in ((30, 20), (90, 20), (60, 80)):
        easel.click(*corner)
    easel.key(Qt.Key.Key_Backspace)
    easel.key(Qt.Key.Key_Return)
    assert rings == []
    assert tool.points == [pytest.approx((30, 20)), pytest.approx((90, 20))]
    easel.key(Qt.Key.Key_Escape)
    assert tool.points == []


def test_an_open_line_needs_two_points(easel: Easel) -> None:
    lines: list[tuple[Point, ...]] = []
    easel.canvas.set_tool(PolygonTool(easel.canvas, done=lines.append, closed=False))
    easel.click(30, 20)
    easel.key(Qt.Key.Key_Return)
    easel.click(90, 70)
    easel.key(Qt.Key.Key_Return)
    assert lines == [(pytest.approx((30, 20)), pytest.approx((90, 70)))]


def test_points_snap_to_corners_to_edges_and_to_the_picture(easel: Easel) -> None:
    rings: list[tuple[Point, ...]] = []
    easel.canvas.set_shapes([CanvasShape(1, "a", "#FF0000", (40.5, 20, 30, 30))])
    easel.canvas.set_tool(PolygonTool(easel.canvas, done=rings.append))
    for corner in ((42, 51), (55, 51), (120, 99), (130, 60)):
        easel.click(*corner)
    easel.key(Qt.Key.Key_Return)
    assert rings == [(pytest.approx((40.5, 50)), pytest.approx((55, 50)), (120, 100), (130, 60))]


def test_four_corners_in_any_order(easel: Easel) -> None:
    quads: list[tuple[Point, ...]] = []
    easel.canvas.set_tool(QuadTool(easel.canvas, done=quads.append))
    for corner in ((150, 80), (30, 20), (30, 80), (150, 20)):
        easel.click(*corner)
    assert quads == [tuple(map(pytest.approx, ((30, 20), (150, 20), (150, 80), (30, 80))))]


@given(
    st.permutations([0, 1, 2, 3]),
    st.floats(-0.7, 0.7),
    st.floats(20, 80),
    st.floats(20, 80),
)
def test_corners_are_put_in_order(order: list[int], turn: float, width: float, height: float) -> None:
    """Whatever order they are clicked in, a rectangle turned by up to 40 degrees begins at its top left corner."""
    corners = [(-width, -height), (width, -height), (width, height), (-width, height)]
    cos, sin = math.cos(turn), math.sin(turn)
    turned = [(cos * x - sin * y + 300, sin * x + cos * y + 300) for x, y in corners]
    found = in_order(tuple(turned[place] for place in order))
    assert sorted(found) == sorted(turned)
    start = turned.index(found[0])
    assert list(found) == turned[start:] + turned[:start]
    assert sum(found[0]) == pytest.approx(min(x + y for x, y in turned))


def test_a_lasso_follows_the_hand(easel: Easel) -> None:
    rings: list[tuple[Point, ...]] = []
    easel.canvas.set_tool(LassoTool(easel.canvas, done=rings.append))
    easel.drag((30, 20), (90, 20), (60, 80))
    easel.click(10, 10)
    assert rings == [tuple(map(pytest.approx, ((30, 20), (90, 20), (60, 80))))]


def test_a_brush_paints_strokes_and_changes_its_size(easel: Easel) -> None:
    strokes: list[tuple[tuple[Point, ...], float]] = []
    ends: list[int] = []
    radii: list[float] = []
    tool = BrushTool(
        easel.canvas,
        painted=lambda points, radius: strokes.append((points, radius)),
        done=lambda: ends.append(len(strokes)),
        radius=8,
        radius_changed=radii.append,
    )
    easel.canvas.set_tool(tool)
    easel.move(20, 20)
    assert strokes == []
    easel.drag((30, 20), (50, 20), (50, 40))
    assert [[(round(x), round(y)) for x, y in points] for points, _ in strokes] == [
        [(30, 20)],
        [(30, 20), (50, 20)],
        [(50, 20), (50, 40)],
    ]
    assert ends == [3]
    easel.key(Qt.Key.Key_BracketRight)
    easel.key(Qt.Key.Key_BracketLeft)
    easel.key(Qt.Key.Key_BracketLeft)
    assert radii == pytest.approx([10, 8, 6.4])
    easel.click(10, 10)
    assert strokes[-1][1] == pytest.approx(6.4)


def test_esc_ends_a_stroke_where_it_is(easel: Easel) -> None:
    ends: list[str] = []
    tool = EraserTool(easel.canvas, painted=lambda *_: None, done=lambda: ends.append("done"))
    easel.canvas.set_tool(tool)
    easel.press(30, 20)
    easel.key(Qt.Key.Key_Escape)
    easel.release(30, 20)
    assert ends == ["done"]
    assert not tool.busy


def test_a_fill_names_the_pixel(easel: Easel) -> None:
    pixels: list[tuple[int, int]] = []
    easel.canvas.set_tool(FillTool(easel.canvas, done=lambda column, row: pixels.append((column, row))))
    easel.click(30.4, 20.7)
    easel.click(203, 20)
    assert pixels == [(30, 20)]


def test_a_path_finds_its_way_between_anchors(easel: Easel) -> None:
    rings: list[tuple[Point, ...]] = []
    begun: list[Point] = []

    def around(start: Point, end: Point) -> list[Point]:
        return [start, (end[0], start[1]), end]

    tool = PathTool(easel.canvas, path=around, done=rings.append, begun=begun.append)
    easel.canvas.set_tool(tool)
    easel.click(30, 20)
    easel.click(90, 60)
    easel.click(120, 90)
    easel.key(Qt.Key.Key_Backspace)
    easel.move(100, 70)
    easel.key(Qt.Key.Key_Return)
    assert rings == [tuple(map(pytest.approx, ((30, 20), (90, 20), (90, 60), (30, 60))))]
    assert [(round(x), round(y)) for x, y in begun] == [(30, 20), (90, 60), (120, 90), (90, 60)]
    assert not tool.busy
