"""Polygons, lassos and the outlines of what is painted."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.desktop.labelling.mask_bench import TALL, WIDE, MaskBench
from tests.desktop.widgets.stage import QUIET
from training.labelling.geometry import mask_iou

pytestmark = QUIET


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> MaskBench:
    return MaskBench(qtbot, tmp_path)


def test_a_polygon_becomes_pixels(bench: MaskBench) -> None:
    bench.key("p")
    for point in ((20, 20), (60, 20), (60, 50), (20, 50)):
        bench.click(*point)
    bench.key(Qt.Key.Key_Return)
    assert bench.words == ["Painted wood"]
    (left, top), (right, bottom) = bench.exact(20, 20), bench.exact(60, 50)
    y, x = np.mgrid[:TALL, :WIDE] + 0.5
    assert np.array_equal(bench.mask == 1, (x >= left) & (x < right) & (y >= top) & (y < bottom))
    assert bench.advanced == 0


def test_a_polygon_that_crosses_itself_is_filled_and_one_outside_is_cut(bench: MaskBench) -> None:
    bench.key("p")
    for point in ((20, 20), (60, 60), (60, 20), (20, 60)):
        bench.click(*point)
    bench.key(Qt.Key.Key_Return)
    assert bench.mask[40, 25] == 1
    assert bench.mask[40, 55] == 1
    assert bench.mask[25, 40] == 0


def test_a_lasso_becomes_pixels(bench: MaskBench) -> None:
    bench.key("l")
    circle = [(60 + 20 * math.cos(a), 40 + 20 * math.sin(a)) for a in np.linspace(0, 2 * np.pi, 60)]
    bench.drag(*circle)
    y, x = np.mgrid[:TALL, :WIDE] + 0.5
    assert mask_iou(bench.mask == 1, (x - 60) ** 2 + (y - 40) ** 2 < 400) > 0.96


def test_outlines_of_a_mask_can_be_moved_and_removed(bench: MaskBench) -> None:
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
