"""A person who works in the Label tab, and what the system sends to that window, counted."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPointF
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWindow
from PySide6.QtWidgets import QApplication

from desktop.window import MainWindow
from tests.end_to_end.dataset_hands import CONTROL, Key
from tests.end_to_end.label_hands import CanvasHands
from training.datasets.heads import HeadDef

MODIFIERS = {Key.Key_Shift, Key.Key_Control, Key.Key_Alt, Key.Key_Meta}
PATIENCE = 120.0
FAR = 4.0
"""Pixels of the screen between press and release from which on it is a drag."""


class Waiter:
    """As pytest-qt's, for a program."""

    def waitUntil(self, until: Callable[[], bool], timeout: float = 0) -> None:  # noqa: N802 - its name there
        end = time.monotonic() + PATIENCE
        while not until():
            QApplication.processEvents()
            if time.monotonic() > end:
                raise TimeoutError("it takes too long")
            time.sleep(0.001)


@dataclass
class Count:
    """What was pressed."""

    keys: int = 0
    clicks: int = 0
    drags: int = 0

    @property
    def acts(self) -> int:
        return self.keys + self.clicks + self.drags

    def row(self, what: str, pictures: int, found: str) -> str:
        each = f"{self.acts / pictures:.1f}"
        return f"| {what} | {pictures} | {self.keys} | {self.clicks} | {self.drags} | {each} | {found} |"


class Counter(QObject):
    """Counts what windows get from the system: each key and each button once, whatever becomes of it inside."""

    def __init__(self) -> None:
        super().__init__()
        self.count = Count()
        self._pressed = QPointF()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, QWindow):
            if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
                self.count.keys += Key(event.key()) not in MODIFIERS
            elif isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseButtonPress:
                self._pressed = event.position()
            elif isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseButtonRelease:
                way = event.position() - self._pressed
                far = math.hypot(way.x(), way.y()) > FAR
                self.count.drags += far
                self.count.clicks += not far
        return False

    def start(self) -> None:
        self.count = Count()


class Person(CanvasHands):
    """Hands whose keys and clicks are counted."""

    def __init__(self, window: MainWindow, counter: Counter) -> None:
        super().__init__(Waiter(), window)  # type: ignore[arg-type]  # all that is asked of it
        self.counter = counter

    def begin(self, folder: Path, head: HeadDef) -> None:
        """Bring a folder in, ask a question, open the tab; then count."""
        self.press("Images") if self.datasets else None
        self.bring(folder)
        self.ask(head)
        self.open_tab()
        while self.page.state.head != head.name:
            self.tap(Key.Key_Tab, held=CONTROL)
        self.ready()
        self.wait(lambda: max(self.tab.stage.canvas.picture_size) > 1)
        self.tab.stage.canvas.setFocus()
        self.rest()
        self.counter.start()

    def type(self, text: str) -> None:
        for letter in text:
            self.tap(Key[f"Key_{letter.upper()}"])

    @property
    def current(self) -> int:
        return self.tab.course.labelling.current or 0
