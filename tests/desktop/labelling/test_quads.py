"""Borders of real cards: clicked roughly with a real mouse, snapped, and compared with the truth."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop.labelling.quads import QuadsEditor
from tests.desktop.labelling.bench import Bench
from tests.desktop.widgets.canvas.easel import ALT, CONTROL
from tests.desktop.widgets.stage import QUIET
from training.datasets.heads import HeadDef
from training.datasets.values import Shape

pytestmark = QUIET

HEAD = HeadDef("border", "boxes", ("outer_border", "graphical_border"), {"quads": True})
Key = Qt.Key


class Cards(Bench):
    def __init__(self, qtbot: QtBot, data: Path) -> None:
        super().__init__(qtbot, QuadsEditor(), HEAD)
        said = json.loads((data / "cards" / "truth" / "c000.json").read_text())
        self.image = QImage(str(data / "cards" / said["image"])).convertToFormat(QImage.Format.Format_RGB32)
        self.zoom = 1.0
        self.outer, self.inner = np.array(said["outer_quad"]), np.array(said["inner_quad"])
        self.qtbot = qtbot

    def corners(self, place: int = 0) -> NDArray[np.float64]:
        return np.array(self.shapes[place].polygons[0]).reshape(4, 2)

    def click_around(self, corners: NDArray[np.float64], shift: tuple[int, ...] = (0, 0, 0, 0)) -> None:
        for (x, y), by in zip(corners.tolist(), shift, strict=True):
            self.click(x + by, y - by)

    def wait(self, acts: int) -> None:
        self.qtbot.waitUntil(lambda: len(self.log) >= acts, timeout=20_000)


@pytest.fixture
def cards(qtbot: QtBot, data: Path):
    made = Cards(qtbot, data)
    yield made
    made.editor.leave()


def test_four_rough_clicks_snap_to_the_border(cards: Cards) -> None:
    cards.show()
    cards.click_around(cards.outer, (4, -4, 3, -4))
    assert cards.log == ["Drew outer_border"]
    assert np.abs(cards.corners() - cards.outer).max() > 2
    cards.wait(2)
    assert cards.log == ["Drew outer_border", "Snapped outer_border to its edges"]
    assert np.abs(cards.corners() - cards.outer).max() < 1.0
    cards.click_around(cards.inner)
    assert [one.category for one in cards.shapes] == ["outer_border", "graphical_border"]


def test_a_border_is_found_without_a_click(cards: Cards) -> None:
    cards.show()
    cards.key(Key.Key_F)
    cards.wait(1)
    assert [one.category for one in cards.shapes] == ["outer_border"]
    assert np.abs(cards.corners() - cards.outer).max() < 1.0


def test_a_corner_is_moved_snapped_on_demand_and_seen_straight_on(cards: Cards) -> None:
    border = Shape("outer_border", 0, 0, 384, 512, (tuple(cards.outer.round(2).ravel().tolist()),), attributes={"a": 1})
    cards.show((border,))
    cards.qtbot.waitUntil(lambda: cards.editor.flat.view is not None, timeout=20_000)
    before = cards.editor.flat.view
    cards.key(Key.Key_V)
    cards.click(180, 250)
    x, y = cards.outer[2]
    cards.drag((x, y), (x - 3, y - 3), (x - 6, y - 5), keys=ALT)
    assert cards.log == ["Moved a point: outer_border"]
    assert cards.corners()[2] == pytest.approx((x - 6, y - 5), abs=1)
    cards.qtbot.waitUntil(lambda: cards.editor.flat.view is not before, timeout=20_000)
    cards.key(Key.Key_S)
    cards.wait(2)
    assert np.abs(cards.corners() - cards.outer).max() < 1.0
    assert dict(cards.shapes[0].attributes) == {"a": 1}


def test_four_corners_stay_four(cards: Cards) -> None:
    border = Shape("outer_border", 0, 0, 384, 512, (tuple(cards.outer.round(2).ravel().tolist()),))
    cards.show((border,))
    cards.key(Key.Key_V)
    cards.click(180, 250)
    middle = cards.outer[:2].mean(axis=0)
    cards.double(*middle)
    assert cards.log == []
    x, y = cards.outer[1]
    cards.double(x, y)
    assert cards.log == []
    assert "split" not in [one.key for one in cards.editor.tools()]


def test_the_switch_leaves_corners_where_they_are(cards: Cards) -> None:
    cards.show()
    next(one for one in cards.editor.tools() if one.key == "snaps").use()
    cards.click_around(cards.outer, (4, -4, 3, -4))
    cards.key(Key.Key_Z, CONTROL)
    assert cards.log == ["Drew outer_border"]
    assert not next(one for one in cards.editor.tools() if one.key == "snaps").checked()


def test_what_has_other_than_four_corners_is_said(cards: Cards) -> None:
    cards.show((Shape("outer_border", 3, 3, 30, 30),))
    assert "has no four corners" in cards.editor.panel._wrong.text()


def test_leaving_ends_what_runs(cards: Cards) -> None:
    cards.show()
    cards.key(Key.Key_F)
    cards.editor.leave()
    cards.qtbot.wait(300)
    assert cards.log == []
