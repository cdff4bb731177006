"""Masks that a model proposes: shown, taken or refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.labelling.editor import Proposal
from tests.desktop.labelling.mask_bench import LEFT, NO_KEY, TALL, WIDE, MaskBench
from tests.desktop.widgets.stage import QUIET, settle
from training.labelling.drafts import PaintedMask

pytestmark = QUIET


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> MaskBench:
    return MaskBench(qtbot, tmp_path)


def proposed() -> PaintedMask:
    indices = np.zeros((TALL, WIDE), np.uint8)
    indices[20:60, 20:50] = 1
    indices[20:40, 70:90] = 2
    return PaintedMask(indices)


def test_proposals_are_dashed_and_taken_whole_by_enter(bench: MaskBench) -> None:
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


def test_proposals_are_taken_by_category_or_refused(bench: MaskBench) -> None:
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
