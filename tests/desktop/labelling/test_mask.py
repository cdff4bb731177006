"""Masks that are painted, shown and said to be empty."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.labelling.editor import Subject
from tests.desktop.labelling.mask_bench import FREE, LEFT, NO_KEY, TALL, WIDE, MaskBench, near_line
from tests.desktop.widgets.stage import QUIET
from training.datasets.masks import put_mask
from training.datasets.values import Mask

pytestmark = QUIET


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> MaskBench:
    return MaskBench(qtbot, tmp_path)


# -- brush, eraser, fill ----------------------------------------------------------------------------------------------


def test_a_stroke_is_one_act_and_exactly_these_pixels(bench: MaskBench) -> None:
    bench.drag((20, 20), (50, 20), (50, 60))
    assert bench.words == ["Painted wood"]
    a, b, c = bench.exact(20, 20), bench.exact(50, 20), bench.exact(50, 60)
    wanted = near_line(a, b, 2) | near_line(b, c, 2)
    assert np.array_equal(bench.mask, np.where(wanted, 1, 0))
    bench.drag((20, 20), (50, 20))  # nothing new: no act
    assert len(bench.acts) == 1


def test_what_was_committed_does_not_change_with_the_next_stroke(bench: MaskBench) -> None:
    bench.drag((20, 20), (30, 20))
    first = bench.mask
    before = first.copy()
    bench.key("3")
    bench.drag((20, 30), (30, 30))
    assert np.array_equal(first, before)
    assert bench.words == ["Painted wood", "Painted iron"]
    assert set(np.unique(bench.mask)) == {0, 1, 2}


def test_number_keys_the_list_and_unknown_choose(bench: MaskBench) -> None:
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


def test_brackets_change_the_brush(bench: MaskBench) -> None:
    for _ in range(4):
        bench.key("]")
    bench.click(60, 40)
    assert np.array_equal(bench.mask == 1, near_line(bench.exact(60, 40), bench.exact(60, 40), 2 * 1.25**4))
    for _ in range(30):
        bench.key("[")
    bench.click(10.5, 10.5)
    assert np.argwhere(bench.mask[:20, :20]).tolist() == [[10, 10]]


def test_the_eraser_brings_the_ground_back(bench: MaskBench) -> None:
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
    bench = MaskBench(qtbot, tmp_path, FREE)
    bench.click(20, 20)
    assert bench.mask[20, 20] == 0
    assert bench.mask[0, 0] == 255
    bench.key("e")
    bench.drag((10, 20), (30, 20))
    assert bench.acts[-1] == (None, "Took the mask away")


def test_fill_takes_what_hangs_together(bench: MaskBench) -> None:
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


def test_what_is_painted_can_be_kept(bench: MaskBench) -> None:
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


# -- showing, the end --------------------------------------------------------------------------------------------------


def test_a_label_is_shown_and_painted_on(bench: MaskBench) -> None:
    indices = np.zeros((TALL, WIDE), np.uint8)
    indices[10:20, 10:20] = 2
    bench.show(put_mask(bench.blobs, indices))
    assert [row.words for row in bench.rows().rows] == ["99 %", "", "1 %", ""]
    bench.click(60, 40)
    assert np.array_equal(bench.mask == 2, indices == 2)
    assert bench.mask[40, 60] == 1
    bench.show(put_mask(bench.blobs, indices))  # undone
    assert [row.words for row in bench.rows().rows] == ["99 %", "", "1 %", ""]


def test_categories_that_are_gone_and_other_sizes_are_said(bench: MaskBench) -> None:
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


def test_an_empty_mask_is_asked_for_twice(bench: MaskBench, qtbot: QtBot, tmp_path: Path) -> None:
    bench.key(Qt.Key.Key_Return)
    assert bench.hints[-1].startswith("Nothing is painted here")
    assert (bench.acts, bench.advanced) == ([], 0)
    bench.key(Qt.Key.Key_Return)
    assert bench.words == ["Said that there is nothing"]
    assert not bench.mask.any()
    assert bench.advanced == 1
    bench.key(Qt.Key.Key_Return)
    assert bench.advanced == 2
    free = MaskBench(qtbot, tmp_path, FREE)
    free.key(Qt.Key.Key_Return)
    free.key(Qt.Key.Key_Return)
    assert (free.acts, free.advanced) == ([], 1)


def test_leaving_drops_what_is_begun(bench: MaskBench) -> None:
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
    bench = MaskBench(qtbot, tmp_path)
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
