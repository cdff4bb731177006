"""The frame of a view within a page: the way back, a title with what it is about beside it, and the view's actions."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.theme import GAP
from desktop.widgets.drop_overlay import DropOverlay
from desktop.widgets.labels import Elided, button, label
from desktop.widgets.wrap import Wrap

__all__ = ["SubPage"]

_NARROWEST = 48  # of words that may be cut


class SubPage(QWidget):
    """Put content into :attr:`body`.

    Args:
        title: what is done here.
        back: the page that the way back leads to.
        drop: what is said over the view while files hover over it; "" where none may be dropped.

    Signals:
        closed: the person goes back, by the link or by Esc.
        dropped: paths of files and folders of this computer.
        hot: whether something that may be dropped hovers here.
    """

    closed = Signal()
    dropped = Signal(list)
    hot = Signal(bool)

    def __init__(self, title: str, back: str, *, drop: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(bool(drop))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._head = Wrap(spacing=GAP.s)
        self._head.setContentsMargins(GAP.xl - 7, GAP.lg, GAP.xl, GAP.m)  # the link's padding brings it to the margin
        self._back = button(f"← {back}", "link", on_click=self.closed.emit, tip="Go back (Esc)")
        self._title = label(title, "title")
        self._subtitle = _cut(QSizePolicy.Policy.Expanding)
        self._hint = _cut(QSizePolicy.Policy.Preferred)
        for one in (self._back, self._title, self._subtitle):
            self._head.addWidget(one)
        self._head.begin_second()
        self._head.addWidget(self._hint)
        column.addLayout(self._head)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        column.addLayout(self.body, 1)
        self._overlay = DropOverlay(drop, self) if drop else None
        self.overlaid = True  # whether a hovering file is told of by the overlay; else whoever listens to ``hot`` does

    def set_title(self, title: str, subtitle: str = "") -> None:
        """Say what is done here, and with what."""
        self._title.setText(title)
        self._subtitle.set_text(subtitle)

    def set_hint(self, words: str) -> None:
        """Say in a few words, left of the buttons, what is still missing for them; "" for nothing."""
        self._hint.set_text(words)
        self._hint.setVisible(bool(words))

    def add_action(self, action: QPushButton) -> None:
        """Add a button at the right end of the title row, or under it where there is too little room."""
        self._head.addWidget(action)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders of this computer are welcome."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self._hover(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Not dropped after all."""
        super().dragLeaveEvent(event)
        self._hover(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell of what was dropped."""
        self._hover(False)
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        if paths:
            self.dropped.emit(paths)

    def _hover(self, hot: bool) -> None:
        self.hot.emit(hot)
        if self._overlay is not None:
            if hot and self.overlaid:
                self._overlay.cover()
            else:
                self._overlay.hide()


def _cut(policy: QSizePolicy.Policy) -> Elided:
    """Quiet words of one line, which are cut where there is too little room."""
    made = Elided("", "secondary")
    made.setSizePolicy(policy, QSizePolicy.Policy.Fixed)
    made.setMinimumWidth(_NARROWEST)
    return made
