"""How far the work on an engine is: words, a bar, and Cancel."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from desktop.pages.settings.engine_control import EngineControl
from desktop.pages.settings.engine_words import installing_words, share_done
from desktop.theme import GAP
from desktop.widgets.labels import button, label

__all__ = ["EngineProgress"]

_PARTS = 1000


class EngineProgress(QWidget):
    """Words over a bar, with the button beside them; hidden while nothing goes on.

    Args:
        control: what works.
    """

    def __init__(self, control: EngineControl, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._control = control
        self._words = label("", "secondary", wrap=True)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Progress")
        self._cancel = button("Cancel", on_click=control.cancel, tip="Stop; nothing half-made is left")
        left = QVBoxLayout()
        left.setSpacing(GAP.xs)
        left.addWidget(self._words)
        left.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP.lg)
        row.addLayout(left, 1)
        row.addWidget(self._cancel)

    def refresh(self, variant: str, *, others: bool) -> None:
        """Show how far the work on ``variant`` is; with ``others``, also that on another one, which is named."""
        work, now = self._control.engines.work, self._control.engines.how_far
        mine = work is not None and work.variant == variant
        self.setVisible(mine or (others and work is not None))
        if work is None or not (mine or others):
            return
        share = share_done(now) if now is not None else None
        if self._control.stopping:
            words, share = "Stopping, and clearing up…", None
        elif now is None:
            words = f"{work.title}…"
        else:
            words = installing_words(now) if mine else f"{work.title}: {installing_words(now)}"
        self._words.setText(words)
        self._bar.setRange(0, 0 if share is None else _PARTS)
        self._bar.setValue(round((share or 0.0) * _PARTS))
        self._cancel.setEnabled(not self._control.stopping)
