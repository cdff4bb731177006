from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.theme import DARK, LIGHT, Tokens
from desktop.widgets.curve_chart import Curve, CurveChart, Overlay, XRange
from tests.conftest import ROOT
from tests.desktop.widgets.stage import QUIET, settle, stage, themed

pytestmark = QUIET

LEFT = Qt.MouseButton.LeftButton
CURVES = [Curve("t", "training", "accent"), Curve("v", "validation", "caution")]


def chart(qtbot: QtBot, **options: object) -> CurveChart:
    made = CurveChart("Loss", CURVES, x_range=XRange("epoch"), **options)  # type: ignore[arg-type]
    stage(qtbot, made, 420, 300)
    return made


def drawn(made: CurveChart) -> None:
    settle()
    made.plot.draw_now()
    settle()


def colours(made: QWidget) -> set[str]:
    image = made.grab().toImage()
    return {image.pixelColor(x, y).name().upper() for y in range(image.height()) for x in range(image.width())}


def wheel(made: CurveChart, at: QPointF, modifier: Qt.KeyboardModifier) -> bool:
    event = QWheelEvent(
        at,
        made.plot.viewport().mapToGlobal(at),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        modifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    event.ignore()
    made.plot.wheelEvent(event)
    return event.isAccepted()


def test_it_says_that_there_is_nothing_yet(qtbot: QtBot) -> None:
    made = chart(qtbot, nothing="The first values come after the first epoch.")
    assert not made.plot.isVisible()
    assert made.accessibleDescription() == "The first values come after the first epoch."
    made.append("t", 1, 0.5)
    settle()
    assert made.plot.isVisible()
    made.clear()
    assert not made.plot.isVisible()


@pytest.mark.parametrize(("look", "tokens"), [("light", LIGHT), ("dark", DARK)])
def test_curves_have_the_colours_of_the_theme_raw_ones_faint(
    qtbot: QtBot, qapp: QApplication, look: str, tokens: Tokens
) -> None:
    with themed(qapp, look):
        made = chart(qtbot)
        made.set_smoothing(0.9)
        made.append("t", np.arange(100), np.sin(np.arange(100)) + 2)
        made.append("v", np.arange(100), np.full(100, 1.5))
        made.set_best(50)
        drawn(made)
        found = colours(made.plot.viewport())
        faint = [round(a + (b - a) * 0.34) for a, b in zip(rgb(tokens.surface), rgb(tokens.accent), strict=True)]
        assert {tokens.accent, tokens.caution, tokens.border, tokens.surface} <= found
        assert any(max(abs(a - b) for a, b in zip(rgb(one), faint, strict=True)) <= 12 for one in found)


def rgb(colour: str) -> tuple[int, int, int]:
    made = QColor(colour)
    return made.red(), made.green(), made.blue()


def column(image: QImage, made: CurveChart, x: float, colour: str) -> list[int]:
    """Rows of the plot where ``colour`` is at ``x``."""
    at = round(made.plot.pixel_of(x).x())
    return [y for y in range(image.height()) if image.pixelColor(at, y).name().upper() == colour]


def test_a_curve_lies_where_its_axis_says_and_gaps_are_empty(qtbot: QtBot, qapp: QApplication) -> None:
    with themed(qapp):
        made = chart(qtbot)
        y = np.where((np.arange(101) > 40) & (np.arange(101) < 60), math.nan, 0.3)
        made.append("t", np.arange(101), y)
        made.append("v", [0, 100], [0.0, 1.0])
        drawn(made)
        image = made.plot.viewport().grab().toImage()
        rows = column(image, made, 20, LIGHT.accent)
        low, high = made.plot.y_range
        assert (low, high) == (0.0, 1.0)
        assert rows
        assert abs(np.mean(rows) - made.plot.pixel_of(20, 0.3).y()) <= 1.5
        assert column(image, made, 50, LIGHT.accent) == []


def test_axes_are_even_and_readable(qtbot: QtBot) -> None:
    made = chart(qtbot, percent=True)
    made.append("t", [0, 10, 20], [0.1, 0.5, 0.97])
    drawn(made)
    assert made.plot.y_words[-1] == "100 %"
    assert made.plot.y_words[0] == "0 %"
    assert made.plot.x_words[0] == "0"
    made.set_log(True)
    drawn(made)
    assert made.plot.y_range[0] <= -1 + 1e-9


def test_a_logarithmic_scale_leaves_out_what_has_none(qtbot: QtBot) -> None:
    made = chart(qtbot)
    made.set_log(True)
    made.append("t", [0, 1, 2, 3], [0.0, 0.001, 1.0, -1.0])
    drawn(made)
    assert made.plot.y_words == ["0.001", "0.01", "0.1", "1"]


def test_charts_that_share_x_move_and_point_together(qtbot: QtBot) -> None:
    both, shared = QWidget(), XRange("epoch", 20)
    row = QHBoxLayout(both)
    charts = [CurveChart(title, CURVES, x_range=shared) for title in ("Loss", "Accuracy")]
    for one in charts:
        row.addWidget(one)
        one.append("t", np.arange(11), np.arange(11) / 10)
    stage(qtbot, both, 900, 320)
    first, second = (one.plot for one in charts)
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_End)
    assert [one.value for one in second.readings()] == ["1.000"]
    assert second.pointed_words() == "epoch 10"
    QTest.keyClick(first, Qt.Key.Key_Plus)
    for one in charts:
        drawn(one)
    assert first.x_words == second.x_words
    assert shared.zoomed
    QTest.keyClick(second, Qt.Key.Key_Home)
    assert shared.shown == (0.0, 20.0)


def test_the_mouse_points_draws_around_moves_along_and_shows_all(qtbot: QtBot) -> None:
    made = chart(qtbot)
    made.set_smoothing(0.5)
    made.append("t", np.arange(101), np.arange(101) / 100)
    drawn(made)
    plot, view = made.plot, made.plot.viewport()

    def at(x: float) -> QPoint:
        return QPoint(round(plot.pixel_of(x).x()), view.height() // 2)

    none = Qt.MouseButton.NoButton  # sent, not moved: without a window manager the pointer may be said to have left
    there = QPointF(at(30))
    move = QMouseEvent(
        QEvent.Type.MouseMove, there, view.mapToGlobal(there), none, none, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(view, move)
    assert plot.x_range.pointer == pytest.approx(30, abs=0.5)
    assert [one.name for one in plot.readings()] == ["training"]
    assert plot.readings()[0].smoothed
    QTest.mousePress(view, LEFT, pos=at(20))
    QTest.mouseMove(view, at(40))
    QTest.mouseMove(view, at(60))
    QTest.mouseRelease(view, LEFT, pos=at(60))
    assert plot.x_range.shown == pytest.approx((20, 60), abs=0.7)
    drawn(made)
    before = plot.x_range.shown
    QTest.mousePress(view, LEFT, pos=at(50))
    QTest.mouseMove(view, at(45))
    QTest.mouseMove(view, at(40))
    QTest.mouseRelease(view, LEFT, pos=at(40))
    assert plot.x_range.shown[0] > before[0] + 5
    QTest.mouseDClick(view, LEFT, pos=at(45))
    assert not plot.x_range.zoomed
    plot.leaveEvent(QEvent(QEvent.Type.Leave))
    assert plot.readings() == []


def test_the_wheel_scrolls_the_page_unless_the_plot_has_the_keyboard(qtbot: QtBot) -> None:
    made = chart(qtbot)
    made.append("t", np.arange(11), np.arange(11))
    drawn(made)
    made.plot.clearFocus()
    where = made.plot.box().center()
    assert not wheel(made, where, Qt.KeyboardModifier.NoModifier)
    assert not made.x_range.zoomed
    assert wheel(made, where, Qt.KeyboardModifier.ControlModifier)
    assert made.x_range.zoomed
    made.reset_view()
    made.setFocus()
    assert wheel(made, where, Qt.KeyboardModifier.NoModifier)


def test_keys_move_the_cross_hair_and_what_is_shown(qtbot: QtBot) -> None:
    made = chart(qtbot)
    made.append("t", np.arange(101), np.arange(101))
    drawn(made)
    made.setFocus()
    plot = made.plot
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot.x_range.pointer == pytest.approx(52)
    assert "pointed at epoch 52: training 52.00" in made.accessibleDescription()
    QTest.keyClick(plot, Qt.Key.Key_Plus)
    low, _high = plot.x_range.shown
    QTest.keyClick(plot, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert plot.x_range.shown[0] > low
    QTest.keyClick(plot, Qt.Key.Key_Minus)
    assert not plot.x_range.zoomed
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert plot.x_range.pointer is None
    assert not plot.viewport().grab().isNull()


def test_it_is_read_out_in_words(qtbot: QtBot) -> None:
    made = chart(qtbot, percent=True)
    made.append("t", [1, 2], [0.5, 0.6])
    made.append("v", [1, 2], [0.4, 0.55])
    made.set_best(2)
    made.set_summary("best 55.0 % at epoch 2")
    drawn(made)
    qtbot.waitUntil(lambda: "validation" in made.accessibleDescription(), timeout=5000)
    assert made.accessibleName() == "Loss"
    assert made.accessibleDescription() == (
        "training 60.0 % at epoch 2; validation 55.0 % at epoch 2; best at epoch 2; best 55.0 % at epoch 2"
    )
    assert made.latest("v") == 0.55


def test_earlier_runs_stand_behind_with_their_names(qtbot: QtBot, qapp: QApplication) -> None:
    with themed(qapp):
        made = chart(qtbot)
        made.append("t", np.arange(11), np.arange(11) / 10)
        made.set_overlays([Overlay("Parts 2", np.arange(21), np.full(21, 0.5)), Overlay("Parts 1", [0, 5], [1, 0])])
        drawn(made)
        assert made.x_range.shown == (0, 20)
        assert [line.thin for line in made.plot.lines] == [False, False, True, True]
        made.x_range.point(4.0)
        assert [one.name for one in made.plot.readings()] == ["training", "Parts 2", "Parts 1"]
        assert len({one.colour for one in made.plot.readings()}) == 3
        made.x_range.point(15.0)
        assert [one.name for one in made.plot.readings()] == ["Parts 2"]
        made.set_overlays([])
        drawn(made)
        assert made.x_range.shown == (0, 10)


def test_many_points_are_drawn_as_few_and_once_a_frame(qtbot: QtBot) -> None:
    made = chart(qtbot)
    made.set_smoothing(0.99)
    made.set_points("t", np.arange(100_000), np.random.default_rng(1).normal(1, 0.1, 100_000))
    drawn(made)
    shown: list[int] = []
    made.plot.refreshed.connect(lambda: shown.append(1))
    for step in range(1000):
        made.append("t", 100_000 + step, 1.0)
    qtbot.waitUntil(lambda: bool(shown), timeout=5000)
    assert len(shown) < 100
    items = [item for item in made.plot.scene().items() if getattr(item, "xData", None) is not None]
    assert items
    assert max(len(item.xData) for item in items) <= 2 * (made.plot.width() + 2)


def test_what_nobody_sees_is_not_drawn(qtbot: QtBot) -> None:
    made = chart(qtbot)
    made.append("t", 0, 0)
    settle()
    made.hide()
    shown: list[int] = []
    made.plot.refreshed.connect(lambda: shown.append(1))
    for step in range(5):
        made.append("t", step + 1, step)
        settle()
    assert shown == []
    made.show()
    qtbot.waitUntil(lambda: bool(shown), timeout=5000)


def test_large_text_and_little_room_break_nothing(qtbot: QtBot, qapp: QApplication) -> None:
    with themed(qapp, scale=2.0):
        made = chart(qtbot)
        made.append("t", np.arange(50), np.linspace(100_000, 123_456, 50))
        made.set_overlays([Overlay("A run whose name is far longer than there is room for", [0, 1], [1, 2])])
        made.set_summary("best 87.2 % at epoch 23")
        made.resize(240, 260)
        drawn(made)
        made.x_range.point(20.0)
        settle()
        assert made.plot.box().width() > 60
        assert not made.grab().isNull()


WITHOUT_OPENGL = """
import sys

class Gone:
    def find_spec(self, name, path=None, target=None):
        if name.startswith(("PySide6.QtOpenGL", "PySide6.QtTest")) or name.split(".")[:2] in [
            ["pyqtgraph", part] for part in ("canvas", "console", "dockarea", "examples", "exporters", "flowchart",
            "jupyter", "opengl")] or name == "pyqtgraph.multiprocess.bootstrap":
            raise ImportError(name)

sys.meta_path.insert(0, Gone())
from PySide6.QtWidgets import QApplication
application = QApplication([])
from desktop.widgets.curve_chart import Curve, CurveChart
made = CurveChart("Loss", [Curve("t", "training", "accent")])
made.append("t", range(5), range(5))
made.show()
application.processEvents()
made.plot.draw_now()
assert not [name for name in sys.modules if name.startswith("PySide6.QtOpenGL")]
print("drawn", made.plot.y_words)
"""


def test_it_draws_without_what_the_frozen_program_leaves_out() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_OPENGL], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stdout.startswith("drawn ['0"), done.stderr
