"""A name that is changed where it stands: words and a pencil, and a field while it is being typed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QWidget

from desktop.theme import GAP
from desktop.widgets.labels import Elided, IconButton

__all__ = ["NameEdit"]


class NameEdit(QStackedWidget):
    """Shows a name. Enter takes what was typed, Esc and leaving the field leave it as it was.

    Args:
        what: of the pencil's tip, such as "Rename".
        longest: letters of a name.

    Signals:
        changed: another name, as it was typed.
    """

    changed = Signal(str)

    def __init__(self, what: str, longest: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = Elided("", "section")
        self.pencil = IconButton("pencil", what, self.begin)
        self.field = QLineEdit(maxLength=longest)
        self.field.setAccessibleName(what)
        self.field.returnPressed.connect(self._agree)
        self.field.installEventFilter(self)
        shown = QWidget()
        row = QHBoxLayout(shown)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP.xs)
        row.addWidget(self._name, 1)
        row.addWidget(self.pencil)
        self.addWidget(shown)
        self.addWidget(self.field)
        self.setFixedHeight(self.field.sizeHint().height())

    @property
    def name(self) -> str:
        """What is shown."""
        return self._name.text()

    def set_name(self, name: str, *, fixed: bool = False) -> None:
        """Show ``name``; a ``fixed`` one can't be changed. What is being typed is given up."""
        self._name.set_text(name)
        self.pencil.setVisible(not fixed)
        self.setCurrentIndex(0)

    def begin(self) -> None:
        """Let the person type another name."""
        self.field.setText(self._name.text())
        self.setCurrentIndex(1)
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.setFixedHeight(max(self.field.sizeHint().height(), self.pencil.sizeHint().height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc and leaving give it up."""
        if watched is self.field and self.currentIndex() == 1:
            if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
                if event.key() == Qt.Key.Key_Escape:
                    self._leave()
                    return True
            elif event.type() is QEvent.Type.FocusOut and self.window().isActiveWindow():
                self.setCurrentIndex(0)
        return super().eventFilter(watched, event)

    def _agree(self) -> None:
        typed = self.field.text()
        self._leave()
        if typed != self._name.text():
            self.changed.emit(typed)

    def _leave(self) -> None:
        self.setCurrentIndex(0)
        self.pencil.setFocus(Qt.FocusReason.OtherFocusReason)
