"""A colour: a swatch that opens a picker, and the same as #RRGGBB to type."""

from __future__ import annotations

import re

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QColorDialog, QHBoxLayout, QLineEdit, QWidget

from desktop.theme import GAP, RADIUS, tokens

__all__ = ["ColourField"]

_HEX = re.compile(r"#?([0-9a-fA-F]{6})")
_SWATCH = QSize(44, 28)


class _Swatch(QAbstractButton):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colour = "#000000"
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(_SWATCH)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = tokens(self.palette())
        ring = QPen(QColor(colours.accent), 2) if self.hasFocus() else QPen(QColor(colours.border), 1)
        painter.setPen(ring)
        painter.setBrush(QColor(self.colour))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        event.accept()


class ColourField(QWidget):
    """One colour.

    Args:
        name: what has the colour, read out.
        colour: as #RRGGBB.

    Signals:
        changed: the colour that a person has chosen, as #RRGGBB in capitals.
    """

    changed = Signal(str)

    def __init__(self, name: str, colour: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._swatch = _Swatch()
        self._swatch.setAccessibleName(f"{name}: choose a colour")
        self._swatch.setToolTip("Choose a colour…")
        self._swatch.clicked.connect(self._pick)
        self._edit = QLineEdit()
        self._edit.setAccessibleName(f"{name} as #RRGGBB")
        self._edit.setMaxLength(7)
        self._edit.textEdited.connect(self._typed)
        self._edit.editingFinished.connect(lambda: self._edit.setText(self._swatch.colour))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP.s)
        row.addWidget(self._swatch)
        row.addWidget(self._edit, 1)
        self.set_colour(colour)

    @property
    def colour(self) -> str:
        """As #RRGGBB in capitals."""
        return self._swatch.colour

    def set_colour(self, colour: str) -> None:
        """Show ``colour`` (#RRGGBB) without telling of it."""
        self._swatch.colour = colour.upper()
        self._swatch.update()
        if not self._edit.hasFocus():
            self._edit.setText(self._swatch.colour)

    def _typed(self, text: str) -> None:
        found = _HEX.fullmatch(text.strip())
        if found is not None:
            self._choose(f"#{found[1]}")

    def _pick(self) -> None:
        picked = QColorDialog.getColor(QColor(self.colour), self, f"{self._name}: choose a colour")
        if picked.isValid():
            self._choose(picked.name())

    def _choose(self, colour: str) -> None:
        if colour.upper() != self.colour:
            self.set_colour(colour)
            self.changed.emit(self.colour)
