"""Sees to it that there is an engine before a model is converted: beside the cards it is said what installing costs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from desktop.pages.settings.engine_control import EngineControl
from desktop.pages.settings.engine_panel import EnginePanel

__all__ = ["NeededEngine"]


class NeededEngine(QObject):
    """Asks the person once at most for each thing that needs an engine.

    Args:
        control: what knows of the engines, and installs them.

    Signals:
        panel_wanted: the panel that is to be shown; None for none.
    """

    panel_wanted = Signal(object)

    def __init__(self, control: EngineControl, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._control = control
        self._panel: EnginePanel | None = None
        self._then: Callable[[], None] | None = None
        self._otherwise: Callable[[], None] | None = None

    def need(self, variant: str, why: str, *, then: Callable[[], None], otherwise: Callable[[], None]) -> None:
        """Go on with ``then`` as soon as there is an engine, with ``otherwise`` if the person wants none now.

        Args:
            variant: "torch" or "tensorflow".
            why: what needs it, a sentence.
            then: called once; one of the two is.
            otherwise: called once.
        """

        def seen() -> None:
            if self._control.engines.is_ready(variant):
                then()
            else:
                self._then, self._otherwise = then, otherwise
                self.panel_wanted.emit(self.panel)
                self.panel.begin(variant, why)

        self._control.look(seen, otherwise)

    @property
    def panel(self) -> EnginePanel:
        """What is to be installed; made when it is needed first."""
        if self._panel is None:
            self._panel = EnginePanel(self._control)
            self._panel.ready.connect(lambda _: self._end(go_on=True))
            self._panel.dismissed.connect(lambda: self._end(go_on=False))
        return self._panel

    def _end(self, *, go_on: bool) -> None:
        act = self._then if go_on else self._otherwise
        self._then = self._otherwise = None
        if act is not None:
            self.panel_wanted.emit(None)
            act()
