"""An editor of shapes beside its canvas, as the Label tab has it, and what it says."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.labelling.editor import Proposal, Subject
from desktop.labelling.shapes_editor import ShapesEditor
from tests.desktop.widgets.canvas.easel import Easel, picture
from tests.desktop.widgets.stage import settle, stage
from training.datasets.heads import HeadDef
from training.datasets.values import Boxes, Shape


class Bench(Easel):
    """A window with a canvas at three times the size of its picture of 200 by 100, and the editor at the right."""

    def __init__(self, qtbot: QtBot, editor: ShapesEditor, head: HeadDef) -> None:
        super().__init__(qtbot)
        self.editor, self.head = editor, head
        self.image, self.zoom = picture(), 3.0
        self.window = QWidget()
        row = QHBoxLayout(self.window)
        row.addWidget(self.canvas, 1)
        editor.setFixedWidth(320)
        row.addWidget(editor)
        stage(qtbot, self.window, 644 + 360, 600)
        self.log: list[str] = []
        self.values: list[Boxes | None] = []
        self.decided: list[tuple[tuple[int, ...], bool]] = []
        self.hints: list[str] = []
        self.advanced = 0
        editor.committed.connect(self._committed)
        editor.decided.connect(lambda places, accepted: self.decided.append((places, accepted)))
        editor.hinted.connect(self.hints.append)
        editor.advance_wanted.connect(self._advance)
        editor.set_canvas(self.canvas)
        editor.set_head(head)
        self.canvas.set_key_filter(editor.handle_key)

    def _committed(self, value: Boxes | None, words: str) -> None:
        self.values.append(value)
        self.log.append(words)

    def _advance(self) -> None:
        self.advanced += 1

    def show(self, shapes: tuple[Shape, ...] | None = None, proposal: Proposal | None = None, item: int = 1) -> None:
        """Show a picture with this label."""
        self.canvas.set_picture(self.image, name=f"{item}.png")
        width, height = self.image.width(), self.image.height()
        subject = Subject(item, f"{item}.png", self.image, width, height, self.pixels, lambda _: b"")
        self.editor.show_subject(subject, Boxes(shapes) if shapes is not None else None, proposal)
        self.canvas.zoom_to(self.zoom)
        self.canvas.setFocus()
        settle()

    def pixels(self) -> NDArray[np.uint8]:
        """The picture itself, RGB."""
        image = self.image
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
        return rows[:, :, 2::-1].copy()

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """What was said last."""
        return self.values[-1].shapes

    def boxes(self) -> list[tuple[str, float, float, float, float]]:
        """Of what was said last."""
        return [(one.category, one.left, one.top, one.width, one.height) for one in self.shapes]
