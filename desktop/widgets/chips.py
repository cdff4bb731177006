"""Small tags side by side, in as many rows as their width needs: words to read, nothing to press."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.theme import GAP
from desktop.widgets.wrap import Wrap

__all__ = ["Chip", "Chips"]

_LEAST = 6
"""Letters that are left of long words."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One tag.

    Attributes:
        words: what it says.
        tip: explains it; "" for its own words.
        quiet: an outline instead of a ground, for what stands beside the point.
    """

    words: str
    tip: str = ""
    quiet: bool = False


class Chips(QWidget):
    """Shows tags, first at the left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = Wrap(self, spacing=GAP.xs)
        self._row.setContentsMargins(0, 0, 0, 0)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._shown: tuple[Chip, ...] = ()

    @property
    def chips(self) -> tuple[Chip, ...]:
        """What is shown."""
        return self._shown

    def set_chips(self, chips: Sequence[Chip]) -> None:
        """Show ``chips`` in place of those before."""
        self._shown = tuple(chips)
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()  # at once; deleting waits for the event loop
                widget.deleteLater()
        for chip in chips:
            self._row.addWidget(_Tag(chip))
        self._row.begin_second()  # all of them stand at the left
        self.setVisible(bool(chips))
        self.updateGeometry()


class _Tag(QLabel):
    """One of them; cut at the end where a row is narrower than it is."""

    def __init__(self, chip: Chip) -> None:
        super().__init__()
        self._words = chip.words
        self.setProperty("text_role", "quiet_chip" if chip.quiet else "chip")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(chip.words)
        self.setToolTip(chip.tip or chip.words)

    def minimumSizeHint(self) -> QSize:
        """Room for the first letters."""
        cut = self.fontMetrics().horizontalAdvance(self._words) - self.fontMetrics().horizontalAdvance(
            self._words[:_LEAST] + "…"
        )
        hint = super().sizeHint()
        return QSize(hint.width() - max(0, cut), hint.height())
