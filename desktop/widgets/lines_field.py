"""A list to paste or type, a line each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

__all__ = ["LinesField"]

_FRAME = 10


class LinesField(QPlainTextEdit):
    """A few lines high; it scrolls. Tab leaves it, so that the keyboard can.

    Args:
        name: what is listed, read out.
        shown: lines that are seen at once.

    Signals:
        changed: the lines that hold anything, without spaces at their ends.
    """

    changed = Signal(list)

    def __init__(self, name: str, *, shown: int = 6, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self._quiet = False
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._tell)

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines that hold anything."""
        return tuple(line.strip() for line in self.toPlainText().splitlines() if line.strip())

    def set_lines(self, lines: Sequence[str]) -> None:
        """Show ``lines`` without telling of it."""
        if tuple(lines) != self.lines:
            self._quiet = True
            self.setPlainText("\n".join(lines))
            self._quiet = False

    def sizeHint(self) -> QSize:
        """As many lines as are to be seen."""
        return QSize(200, self.fontMetrics().lineSpacing() * self._shown + _FRAME)

    def minimumSizeHint(self) -> QSize:
        """The same, at a width where names can still be read."""
        return QSize(120, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc is for whoever holds the field."""
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.updateGeometry()

    def _tell(self) -> None:
        if not self._quiet:
            self.changed.emit(list(self.lines))
