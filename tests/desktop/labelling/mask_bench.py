"""The editor of masks beside its canvas, as the Label tab has it, a hand on it, and what it says."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.labelling.editor import Proposal, Subject
from desktop.labelling.editors import EDITORS
from desktop.labelling.mask import MaskEditor
from desktop.widgets.canvas import Canvas
from desktop.widgets.pixels import to_image
from desktop.widgets.swatch_rows import SwatchRows
from models.database import open_workspace
from tests.desktop.widgets.stage import settle, stage
from training.datasets.heads import HeadDef
from training.datasets.store import DatasetStore
from training.datasets.values import Mask
from training.labelling.drafts import PaintedMask

WIDE, TALL = 120, 80
HEAD = HeadDef("part", "mask", ("background", "wood", "iron"), id=1)
FREE = HeadDef("zone", "mask", ("wood", "iron"), id=2)
NO_KEY, SHIFT, CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
LEFT = Qt.MouseButton.LeftButton


def picture() -> NDArray[np.uint8]:
    """A red disc on green, with a little noise."""
    y, x = np.mgrid[:TALL, :WIDE]
    disc = (x + 0.5 - 60) ** 2 + (y + 0.5 - 40) ** 2 < 25**2
    pixels = np.where(disc[..., None], (190, 60, 50), (60, 140, 80)) + np.random.default_rng(1).normal(
        0, 4, (TALL, WIDE, 3)
    )
    return np.clip(pixels, 0, 255).astype(np.uint8)


def disc() -> NDArray[np.bool_]:
    y, x = np.mgrid[:TALL, :WIDE]
    return (x + 0.5 - 60) ** 2 + (y + 0.5 - 40) ** 2 < 25**2


class MaskBench:
    """The editor beside its canvas, as the tab has them, and what it said."""

    def __init__(self, qtbot: QtBot, folder: Path, head: HeadDef = HEAD) -> None:
        self.qtbot = qtbot
        self.blobs = DatasetStore(open_workspace(folder)).blobs
        self.pixels = picture()
        self.readable = threading.Event()  # until then assists wait for the pixels
        self.readable.set()
        self.window = QWidget()
        row = QHBoxLayout(self.window)
        self.canvas = Canvas()
        self.editor = EDITORS["mask"]()()
        assert isinstance(self.editor, MaskEditor)
        self.editor.setFixedWidth(240)
        row.addWidget(self.canvas, 1)
        row.addWidget(self.editor)
        self.acts: list[tuple[object, str]] = []
        self.hints: list[str] = []
        self.advanced = 0
        self.decided: list[tuple[tuple[int, ...], bool]] = []
        self.tool = ""
        self.editor.committed.connect(lambda draft, words: self.acts.append((draft, words)))
        self.editor.hinted.connect(self.hints.append)
        self.editor.advance_wanted.connect(self._advance)
        self.editor.decided.connect(lambda parts, accepted: self.decided.append((parts, accepted)))
        self.editor.tool_changed.connect(self._tool)
        self.editor.set_canvas(self.canvas)
        self.editor.set_head(head)
        self.canvas.set_key_filter(self.editor.handle_key)
        stage(qtbot, self.window, 940, 480)
        self.show()
        self.canvas.zoom_to(5.0)
        self.canvas.setFocus()
        settle()

    def _read(self) -> NDArray[np.uint8]:
        assert self.readable.wait(10)
        return self.pixels

    def _advance(self) -> None:
        self.advanced += 1

    def _tool(self, key: str) -> None:
        self.tool = key

    def subject(self, item: int = 1) -> Subject:
        image = to_image(WIDE, TALL, self.pixels.tobytes())
        return Subject(item, "a.png", image, WIDE, TALL, self._read, self.blobs.read)

    def show(self, value: Mask | None = None, proposal: Proposal | None = None, item: int = 1) -> None:
        subject = self.subject(item)
        self.canvas.set_picture(subject.image, name="a.png")
        self.canvas.zoom_to(5.0)
        self.editor.show_subject(subject, value, proposal)
        settle()

    # -- hands --------------------------------------------------------------------------------------------------------

    def at(self, x: float, y: float) -> QPoint:
        return self.canvas.to_view(QPointF(x, y)).toPoint()

    def exact(self, x: float, y: float) -> tuple[float, float]:
        """Where in the picture the whole pixel of the screen lies that a hand at (x, y) hits."""
        point = self.canvas.to_picture(QPointF(self.at(x, y)))
        return point.x(), point.y()

    def move(self, x: float, y: float, keys: Qt.KeyboardModifier = NO_KEY, buttons: Qt.MouseButton = LEFT) -> None:
        view = self.canvas.viewport()
        where = QPointF(self.at(x, y))
        QApplication.sendEvent(
            view,
            QMouseEvent(QEvent.Type.MouseMove, where, view.mapToGlobal(where), Qt.MouseButton.NoButton, buttons, keys),
        )

    def drag(self, *path: tuple[float, float], keys: Qt.KeyboardModifier = NO_KEY) -> None:
        view = self.canvas.viewport()
        QTest.mousePress(view, LEFT, keys, self.at(*path[0]))
        for one in path[1:]:
            self.move(*one, keys=keys)
        QTest.mouseRelease(view, LEFT, keys, self.at(*path[-1]))
        settle()

    def click(self, x: float, y: float, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        QTest.mouseClick(self.canvas.viewport(), LEFT, keys, self.at(x, y))
        settle()

    def key(self, key: Qt.Key | str, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        QTest.keyClick(self.canvas, key, keys)
        settle()

    # -- what came of it ----------------------------------------------------------------------------------------------

    @property
    def mask(self) -> NDArray[np.uint8]:
        draft = self.acts[-1][0]
        assert isinstance(draft, PaintedMask)
        return draft.indices

    @property
    def words(self) -> list[str]:
        return [words for _, words in self.acts]

    def rows(self, place: int = 0) -> SwatchRows:
        return self.editor.findChildren(SwatchRows)[place]

    def wait(self, acts: int) -> None:
        self.qtbot.waitUntil(lambda: len(self.acts) >= acts, timeout=10_000)


def near_line(a: tuple[float, float], b: tuple[float, float], radius: float) -> NDArray[np.bool_]:
    y, x = np.mgrid[:TALL, :WIDE] + 0.5
    along = (b[0] - a[0], b[1] - a[1])
    length = along[0] ** 2 + along[1] ** 2 or 1.0
    share = np.clip(((x - a[0]) * along[0] + (y - a[1]) * along[1]) / length, 0, 1)
    return np.hypot(x - a[0] - share * along[0], y - a[1] - share * along[1]) <= radius
