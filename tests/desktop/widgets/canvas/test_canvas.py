from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.widgets.canvas import Canvas, CanvasShape, OverlaySlider, Pyramid, RectTool
from desktop.widgets.zoom_tools import ZoomTools
from tests.desktop.widgets.canvas.easel import ALT, LEFT, MIDDLE, NO_KEY, Easel, picture
from tests.desktop.widgets.stage import QUIET, settle, stage

pytestmark = QUIET


@pytest.fixture
def easel(qtbot: QtBot) -> Easel:
    return Easel(qtbot)


def wheel(easel: Easel, at: QPoint, turn: int) -> None:
    place = QPointF(at)
    event = QWheelEvent(
        place,
        easel.view.mapToGlobal(place),
        QPoint(),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        NO_KEY,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(easel.view, event)


def test_the_whole_picture_is_fitted_at_first(easel: Easel) -> None:
    easel.canvas.fit()
    seen = easel.canvas.seen
    assert seen.contains(0, 0)
    assert seen.contains(200, 100)
    assert easel.canvas.scale_now == pytest.approx((640 - 16) / 200)
    assert easel.canvas.picture_size == (200, 100)


@pytest.mark.parametrize("turn", [120, -240, 600])
def test_the_wheel_zooms_at_the_pointer(easel: Easel, turn: int) -> None:
    at = QPoint(500, 100)
    before = easel.canvas.to_picture(QPointF(at))
    wheel(easel, at, turn)
    after = easel.canvas.to_picture(QPointF(at))
    assert easel.canvas.scale_now == pytest.approx(3 * 1.0015**turn)
    assert (after - before).manhattanLength() <= 1.01 / easel.canvas.scale_now


def test_zooming_in_and_out_again_drifts_nowhere(easel: Easel) -> None:
    at = QPoint(431, 77)
    before = easel.canvas.to_picture(QPointF(at))
    for turn in [120] * 12 + [-120] * 12:
        wheel(easel, at, turn)
    assert easel.canvas.scale_now == pytest.approx(3.0)
    assert (easel.canvas.to_picture(QPointF(at)) - before).manhattanLength() <= 1.01 / 3


def test_keys_zoom_fit_and_pan(easel: Easel) -> None:
    canvas = easel.canvas
    zooms: list[float] = []
    canvas.zoom_changed.connect(zooms.append)
    for key, text in ((Qt.Key.Key_Plus, "+"), (Qt.Key.Key_Minus, "-"), (Qt.Key.Key_1, "1")):
        QApplication.sendEvent(canvas, QKeyEvent(QEvent.Type.KeyPress, key, NO_KEY, text))
    assert zooms == pytest.approx([3.75, 3.0, 1.0])
    canvas.zoom_to(8.0)
    before = canvas.seen.left()
    easel.key(Qt.Key.Key_Right)
    assert canvas.seen.left() == pytest.approx(before + 8)
    easel.key(Qt.Key.Key_0)
    assert canvas.seen.contains(200, 100)


def test_the_middle_button_and_the_space_bar_pan(easel: Easel) -> None:
    canvas = easel.canvas
    boxes: list[object] = []
    canvas.set_tool(RectTool(canvas, done=boxes.append))
    canvas.zoom_to(8.0)
    before = canvas.seen.topLeft()
    QTest.mousePress(easel.view, MIDDLE, pos=QPoint(300, 200))
    QTest.mouseMove(easel.view, QPoint(220, 160))
    QTest.mouseRelease(easel.view, MIDDLE, pos=QPoint(220, 160))
    assert canvas.seen.topLeft() - before == QPointF(10, 5)
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    QTest.mousePress(easel.view, LEFT, pos=QPoint(220, 160))
    QTest.mouseMove(easel.view, QPoint(300, 200))
    QTest.mouseRelease(easel.view, LEFT, pos=QPoint(300, 200))
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.seen.topLeft() == before
    assert boxes == []


def test_without_a_tool_the_left_button_pans_and_a_double_click_is_pixel_for_pixel(easel: Easel) -> None:
    canvas = easel.canvas
    canvas.zoom_to(8.0)
    before = canvas.seen.left()
    QTest.mousePress(easel.view, LEFT, pos=QPoint(300, 200))
    QTest.mouseMove(easel.view, QPoint(284, 200))
    QTest.mouseRelease(easel.view, LEFT, pos=QPoint(284, 200))
    assert canvas.seen.left() == pytest.approx(before + 2)
    canvas.fit()
    QTest.mouseDClick(easel.view, LEFT, pos=QPoint(300, 200))
    assert canvas.scale_now == pytest.approx(1.0)
    QTest.mouseDClick(easel.view, LEFT, pos=QPoint(300, 200))
    assert canvas.scale_now == pytest.approx(3.12)


@pytest.mark.parametrize("scale", [0.3, 1.0, 3.0, 16.0])
def test_a_pixel_is_painted_where_it_is(easel: Easel, scale: float) -> None:
    canvas = easel.canvas
    image = picture()
    image.setPixelColor(150, 60, QColor("#0000FF"))
    canvas.set_picture(image)
    canvas.zoom_to(scale)
    canvas.centre_on(QPointF(140, 50))
    if scale >= 1:
        assert easel.colour(150.5, 60.5)[2] == 255
        assert easel.colour(151.6, 60.5)[2] < 60
    red, green, _ = easel.colour(130.5, 45.5)
    assert red == pytest.approx(167, abs=6)
    assert green == pytest.approx(116, abs=6)


def test_a_reduced_picture_keeps_the_coordinates_of_the_whole_one(easel: Easel) -> None:
    easel.canvas.set_picture(picture(200, 100), width=4000, height=2000)
    assert easel.canvas.picture_size == (4000, 2000)
    easel.canvas.fit()
    assert easel.colour(3900, 100)[0] > 240


def test_panning_paints_the_same_as_painting_anew(easel: Easel, qtbot: QtBot) -> None:
    canvas = easel.canvas
    canvas.set_picture(picture(1500, 1100))
    canvas.set_mask(np.tile(np.repeat(np.array([0, 1, 255], np.uint8), 100), (1100, 5)), ["", "#FF0000"])
    canvas.set_shapes([CanvasShape(n, f"s{n}", "#20C0F0", (n * 40.0, n * 30.0, 90, 50)) for n in range(30)])
    canvas.zoom_to(1.0)
    settle()
    for step in ((-31, 0), (0, -27), (-13, -19), (55, 41)):
        canvas.pan(*step)
        settle()
    screen = canvas.screen().grabWindow(canvas.winId()).toImage()
    if screen.isNull():  # a platform that keeps no picture of its windows
        screen = canvas.grab().toImage()
    anew = canvas.grab().toImage().convertToFormat(screen.format())
    assert screen.size() == anew.size()
    assert screen == anew


def test_from_eight_times_on_a_grid_tells_pixels_apart(easel: Easel) -> None:
    canvas = easel.canvas
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    canvas.set_picture(image)
    canvas.zoom_to(7.0)
    assert len({easel.colour(100 + n / 14, 50.5) for n in range(14)}) == 1
    canvas.zoom_to(14.0)
    assert len({easel.colour(100 + n / 14, 50.5) for n in range(14)}) == 2


def test_a_curtain_between_before_and_after(easel: Easel) -> None:
    canvas = easel.canvas
    after = QImage(50, 25, QImage.Format.Format_RGB32)
    after.fill(QColor("#0000FF"))
    canvas.set_compare(after, ("Raw", "Bright"))
    assert easel.colour(50.5, 50.5)[2] == 0
    assert easel.colour(150.5, 50.5)[2] == 255
    QTest.mousePress(easel.view, LEFT, pos=QPoint(easel.view.width() // 2, 100))
    QTest.mouseMove(easel.view, QPoint(100, 100))
    QTest.mouseRelease(easel.view, LEFT, pos=QPoint(100, 100))
    assert easel.colour(50.5, 50.5)[2] == 255
    before = canvas.split
    easel.key(Qt.Key.Key_Right, ALT)
    assert canvas.split == pytest.approx(before + 0.05)
    canvas.set_compare(None)
    assert easel.colour(150.5, 50.5)[2] == 0


def test_the_minimap_is_there_where_the_picture_is_larger_and_leads_there(easel: Easel) -> None:
    canvas = easel.canvas
    canvas.fit()
    assert canvas.minimap.isEmpty()
    canvas.zoom_to(20.0)
    box = canvas.minimap
    assert not box.isEmpty()
    QTest.mouseClick(easel.view, LEFT, pos=QPoint(round(box.left()) + 6, round(box.top()) + 6))
    assert canvas.seen.contains(1, 1)
    canvas.set_minimap(False)
    assert canvas.minimap.isEmpty()


def test_a_mask_is_painted_from_the_array_that_others_write_into(easel: Easel) -> None:
    canvas = easel.canvas
    mask = np.zeros((50, 100), np.uint8)
    canvas.set_mask(mask, ["", "#0000FF"])
    canvas.set_overlay(1.0)
    plain = easel.colour(50.5, 50.5)
    assert plain[2] == 0
    mask[20:30, 20:30] = 1
    canvas.mask_changed((20, 20, 10, 10))
    assert easel.colour(50.5, 50.5) == (0, 0, 255)
    assert easel.colour(39.5, 50.5)[2] == 0
    canvas.set_overlay(0.5)
    assert 120 < easel.colour(50.5, 50.5)[2] < 136
    mask[:] = 255
    canvas.mask_changed()
    assert len({easel.colour(100.5 + n / 3, 50.5) for n in range(12)}) > 3
    canvas.set_mask_palette(["", "#FF0000"])
    canvas.set_mask(None)
    assert easel.colour(50.5, 50.5) == plain


@pytest.mark.parametrize("mask", [np.zeros((5, 5)), np.zeros((5, 5, 1), np.uint8), np.zeros((6, 6), np.uint8)[:, ::2]])
def test_a_mask_of_another_form_is_refused(easel: Easel, mask: np.ndarray) -> None:
    with pytest.raises(ValueError, match="contiguous uint8"):
        easel.canvas.set_mask(mask)


def test_the_smallest_shape_under_a_point_is_meant(easel: Easel) -> None:
    canvas = easel.canvas
    canvas.set_shapes(
        [
            CanvasShape(1, "large", "#FF0000", (10, 10, 100, 80)),
            CanvasShape(2, "small", "#FF0000", (20, 20, 20, 20)),
            CanvasShape(3, "corner", "#FF0000", (60, 20, 40, 40), (((60, 20), (100, 20), (60, 60)),)),
        ]
    )
    assert [one.id if one else None for one in (canvas.shape_at(25, 25), canvas.shape_at(65, 25))] == [2, 3]
    assert canvas.shape_at(98, 58).id == 1  # within the box of the outline, and not within the outline
    assert canvas.shape_at(111, 50).id == 1  # a pixel off the edge
    assert canvas.shape_at(150, 50) is None
    canvas.select([1])
    assert canvas.shape_at(25, 25).id == 1


def test_what_is_marked_is_said(easel: Easel) -> None:
    canvas = easel.canvas
    assert canvas.accessibleName() == "Picture a.png"
    canvas.set_shapes([CanvasShape(1, "door", "#FF0000", (10, 10, 100, 80))])
    canvas.select([1])
    assert canvas.accessibleDescription() == "1 marked; selected: door"


def test_the_pointer_is_told(easel: Easel) -> None:
    told: list[tuple[float, float]] = []
    easel.canvas.pointed.connect(lambda x, y: told.append((x, y)))
    easel.move(50, 60)
    easel.move(-5, 60)
    assert told == [pytest.approx((50, 60)), (-1, -1)]


def test_zoom_buttons_and_the_slider_take_the_canvas(easel: Easel, qtbot: QtBot) -> None:
    slider = OverlaySlider(easel.canvas)
    row = ZoomTools(easel.canvas)
    stage(qtbot, slider, 300, 40)
    slider._slider.setValue(30)
    assert easel.canvas.overlay == pytest.approx(0.3)
    row.itemAt(1).widget().click()
    assert easel.canvas.scale_now == pytest.approx(3.75)
    row.itemAt(3).widget().click()
    assert easel.canvas.scale_now == pytest.approx(1.0)
    for place in range(4):
        row.itemAt(place).widget().deleteLater()


def test_keys_go_to_the_tool_to_the_filter_and_to_the_canvas(easel: Easel) -> None:
    taken: list[str] = []

    def take(event: QKeyEvent) -> bool:
        taken.append(event.text())
        return event.text() == "1"

    easel.canvas.set_key_filter(take)
    easel.key(Qt.Key.Key_1)
    assert easel.canvas.scale_now == 3.0
    easel.canvas.set_key_filter(None)
    easel.key(Qt.Key.Key_1)
    assert easel.canvas.scale_now == 1.0
    assert taken == ["1"]


def test_no_picture_says_why(qtbot: QtBot) -> None:
    canvas = Canvas()
    stage(qtbot, canvas, 400, 300)
    canvas.set_picture(None, message="It is gone.")
    canvas.zoom(2)
    canvas.pan(3, 3)
    QTest.mouseClick(canvas.viewport(), LEFT, pos=QPoint(10, 10))
    assert canvas.picture_size == (0, 0)
    seen = canvas.grab().toImage()
    assert len({seen.pixel(x, y) for x in range(100, 300) for y in range(155, 170)}) > 2


def test_levels_are_halves_and_what_is_seen_of_them_is_right() -> None:
    levels = Pyramid(picture(2100, 1300))
    assert [levels.level(scale).width() for scale in (4, 1, 0.6, 0.5, 0.3, 0.01)] == [2100, 2100, 2100, 1050, 1050, 525]
    assert (levels.width, levels.height, levels.smallest.width()) == (2100, 1300, 525)
