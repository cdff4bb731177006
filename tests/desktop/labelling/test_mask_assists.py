"""Rough boxes, patches and scissors."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.labelling.editor import Subject
from desktop.widgets.pixels import to_image
from tests.desktop.labelling.mask_bench import CONTROL, SHIFT, TALL, WIDE, MaskBench, disc, picture
from tests.desktop.widgets.stage import QUIET
from training.labelling.geometry import mask_iou

pytestmark = QUIET


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> MaskBench:
    return MaskBench(qtbot, tmp_path)


def test_a_rough_box_finds_the_thing_and_strokes_correct_it(bench: MaskBench) -> None:
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


def test_strokes_without_a_box_say_what_to_do(bench: MaskBench) -> None:
    bench.key("r")
    bench.drag((60, 36), (60, 44), keys=SHIFT)
    assert "rough box first" in bench.hints[-1]
    assert bench.acts == []


def test_a_rough_box_leaves_what_is_kept(bench: MaskBench) -> None:
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


def test_patches_are_painted_one_by_one_or_by_a_drag(bench: MaskBench) -> None:
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


def test_scissors_keep_to_the_edge(bench: MaskBench) -> None:
    bench.key("c")
    bench.qtbot.waitUntil(lambda: bench.editor._assists._picture.there is not None, timeout=10_000)
    for angle in (0, 80, 160, 240, 320):
        at = math.radians(angle)
        x, y = 60 + 25 * math.cos(at), 40 + 25 * math.sin(at)
        bench.move(x, y, buttons=Qt.MouseButton.NoButton)
        bench.click(x, y)
    bench.key(Qt.Key.Key_Return)
    assert bench.words == ["Painted wood"]
    assert mask_iou(bench.mask == 1, disc()) > 0.93


def test_a_picture_that_cannot_be_read_is_one_sentence(bench: MaskBench) -> None:
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


def test_what_a_rough_box_finds_comes_also_while_one_paints_on(bench: MaskBench) -> None:
    bench.readable.clear()
    bench.key("r")
    bench.drag((28, 8), (60, 40), (92, 72))
    bench.key("b")
    bench.key("3")
    bench.drag((10, 10), (10, 20))
    bench.readable.set()
    bench.wait(2)
    assert bench.words == ["Painted iron", "Painted wood by a rough box"]
    assert (bench.mask[12:18, 10] == 2).all()
    assert mask_iou(bench.mask == 1, disc()) > 0.95
    bench.key("r")
    bench.drag((60, 36), (60, 44), keys=CONTROL)
    assert "rough box first" in bench.hints[-1]
