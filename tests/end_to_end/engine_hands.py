"""A person's hands on Settings > Engine, and engines that are installed in earnest from an index on the loopback."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from desktop.actions.engine import engine_keep_password, engine_network
from desktop.pages.settings.engine_panel import EnginePanel
from desktop.pages.settings.engine_row import EngineRow
from desktop.pages.settings.engines import Actions
from desktop.pages.settings.view import SettingsPage
from desktop.widgets.job_bar import JobBar
from desktop.widgets.labels import Elided
from desktop.window import MainWindow
from tests.end_to_end.hands import Hands
from training.engine.environment import Engine
from training.engine.finding import Status, status_of
from training.engine.installing import Installer
from training.engine.planning import Plan
from training.engine.variants import VARIANTS, Variant
from training.engine.watching import Installing


@dataclass
class SmallEngines:
    """As ``desktop.actions.engine``, with a PyTorch of a few kilobytes.

    Attributes:
        torch: what is installed as PyTorch.
        folder: of the engines.
    """

    torch: Variant
    folder: Path
    tensorflow: Variant = field(default_factory=lambda: VARIANTS["tensorflow"])

    def engine_status(self) -> list[Status]:
        return [status_of(one, self.folder) for one in (self.torch, self.tensorflow)]

    def engine_plan(
        self, variant: str = "torch", device: str = "auto", *, cancel: threading.Event | None = None
    ) -> Plan:
        return self._installer().plan(self.torch, "cpu", cancel=cancel)

    def engine_install(
        self,
        variant: str = "torch",
        device: str = "auto",
        *,
        cancel: threading.Event | None = None,
        on_progress: Callable[[Installing], None] = lambda _: None,
    ) -> Engine:
        return self._installer().install(self.torch, "cpu", cancel=cancel, on_progress=on_progress)

    def engine_use(
        self, path: Path, variant: str = "torch", device: str = "auto", *, cancel: threading.Event | None = None
    ) -> Engine:
        return self._installer().use(path, self.torch, "cpu", cancel=cancel)

    def engine_repair(
        self,
        variant: str = "torch",
        *,
        cancel: threading.Event | None = None,
        on_progress: Callable[[Installing], None] = lambda _: None,
    ) -> Engine:
        return self._installer().repair(self.torch, cancel=cancel, on_progress=on_progress)

    def engine_remove(self, variant: str = "torch") -> int:
        return self._installer().remove(self.torch)

    def engine_keep_password(self, address: str, instead_of: str = "") -> None:
        engine_keep_password(address, instead_of)

    def _installer(self) -> Installer:
        return Installer(replace(engine_network(), retries=0), self.folder)


class EngineHands(Hands):
    """On the Settings page."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        super().__init__(qtbot, window)
        window.show_page("Settings")
        self.page: SettingsPage = window.findChild(SettingsPage)
        self.panel: EnginePanel = self.page.panel
        self.engines = window.engines.engines
        self.wait(lambda: bool(self.engines.statuses))

    def row(self, variant: str = "torch") -> EngineRow:
        return self.page.engine.rows[variant]

    def click(self, one: QPushButton) -> None:
        """Wait until it can be clicked, scroll to it and click."""
        self.wait(lambda: one.isVisible() and one.isEnabled())
        area = one.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:
            area.ensureWidgetVisible(one)
        QTest.mouseClick(one, Qt.MouseButton.LeftButton)

    def write(self, field: QLineEdit, text: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
        """Type into a field and end with a key."""
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, key)

    def looked(self) -> None:
        """Look at the engines anew, as the page does when it is shown."""
        before = self.engines.statuses
        self.window.show_page("Sort")
        self.window.show_page("Settings")
        self.wait(lambda: self.engines.statuses is not before)

    def idle(self) -> None:
        """Wait until nothing is done to an engine."""
        self.wait(lambda: self.engines.work is None)

    def said(self, inside: QWidget) -> list[str]:
        """Every text on a part of the window."""
        return [one.text() for one in inside.findChildren(QLabel) if one.isVisible() and one.text()]

    def wrong(self, inside: QWidget) -> str:
        """What went wrong, as a part of the window says."""
        labels = [one for one in inside.findChildren(QLabel) if one.isVisible()]
        return "".join(one.text() for one in labels if one.property("text_role") == "bad")

    def offered(self, variant: str = "torch") -> list[str]:
        """The buttons of a row, the first being what to do."""
        return [one.text() for one in self.row(variant).findChildren(QPushButton) if one.isVisible()]

    @property
    def job(self) -> str:
        """What the job bar says."""
        return self.window.findChild(JobBar).findChild(Elided).text()


class MakeEngineWindow(Protocol):
    """Shows a window with other actions."""

    def __call__(self, actions: Actions, *, look: str = "light", scale: float = 1.0) -> EngineHands: ...
