"""The Settings page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from desktop.jobs import Jobs
from desktop.notices import Notices
from desktop.pages.settings.online_card import OnlineCard
from desktop.pages.settings.state import DEVICE_NAMES, THEME_NAMES, SettingsState
from desktop.settings import LONGEST_NAME
from desktop.theme import GAP
from desktop.widgets.card import Card
from desktop.widgets.choice import Choice
from desktop.widgets.labels import Elided, button, label
from desktop.widgets.page import Page
from models.errors import WorkspaceError

if TYPE_CHECKING:
    from desktop.actions.doctor import Finding

__all__ = ["SettingsPage"]

_WIDEST = 820


class SettingsPage(Page):
    """Appearance, workspace, and the state of the installation, which is looked at when the page is shown."""

    def __init__(self, state: SettingsState, jobs: Jobs, notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__("Settings", parent)
        self._state, self._jobs, self._notices = state, jobs, notices
        column = QVBoxLayout()
        column.setContentsMargins(GAP.xl, GAP.xs, GAP.xl, GAP.xl)
        column.setSpacing(GAP.lg)
        self._health = Card("This installation")
        online = OnlineCard(state, jobs, notices)
        for card in (self._appearance(), self._labels(), self._workspace(), self._models(), online, self._health):
            card.setMaximumWidth(_WIDEST)
            column.addWidget(card)
        column.addStretch(1)
        inside = QWidget()
        inside.setLayout(column)
        area = QScrollArea(widgetResizable=True)
        area.setWidget(inside)
        area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self.body.addWidget(area)

    def _appearance(self) -> Card:
        card = Card("Appearance")
        choice = Choice(THEME_NAMES, self._state.settings.theme)
        choice.chosen.connect(lambda theme: self._state.change(theme=theme))
        card.add_row("Theme", choice)
        return card

    def _labels(self) -> Card:
        card = Card("Labels")
        name = QLineEdit(self._state.settings.annotator, placeholderText=self._state.user_name())
        name.setAccessibleName("Your name on labels")
        name.setMaxLength(LONGEST_NAME)
        name.editingFinished.connect(lambda: self._state.change(annotator=name.text().strip()))
        card.add_row("Your name on labels", name)
        words = "Tells your labels and reviews from those of others. They stay in your workspace until you export them."
        card.add_row("", label(words, "secondary", wrap=True))
        return card

    def _workspace(self) -> Card:
        card = Card("Workspace")
        self._folder = Elided()
        self._show_folder()
        card.add_row(
            "Folder",
            self._folder,
            button("Open", on_click=self._open_workspace),
            button("Change…", on_click=self._change_workspace),
        )
        card.add_row(
            "What is in it",
            label(
                "Your corrections, datasets and models, settings, the log, and a memory of pictures already looked at, "
                "so that they are answered at once next time. Your pictures stay where they are.",
                "secondary",
                wrap=True,
            ),
        )
        return card

    def _models(self) -> Card:
        card = Card("Speed")
        settings = self._state.settings
        self._device = Choice(DEVICE_NAMES, settings.device if settings.device in DEVICE_NAMES else "")
        self._device.chosen.connect(lambda device: self._state.change(device=device))
        card.add_row("Models run on", self._device)
        threads = Choice(self._state.thread_choices(), str(settings.threads))
        threads.chosen.connect(lambda value: self._state.change(threads=int(value)))
        card.add_row("Cores at work", threads)
        card.add_row("", label("Takes effect at the next start.", "secondary"))
        return card

    # -- the workspace ------------------------------------------------------------------------------------------------

    def _show_folder(self) -> None:
        try:
            self._folder.set_text(str(self._state.workspace()))
        except WorkspaceError as error:
            self._folder.set_text(str(error))

    def _open_workspace(self) -> None:
        try:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._state.workspace())))
        except WorkspaceError as error:
            self._notices.error(str(error))

    def _change_workspace(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Choose a folder for the workspace")
        if not chosen:
            return
        try:
            folder = self._state.choose_workspace(Path(chosen))
        except WorkspaceError as error:
            self._notices.error(str(error))
        else:
            self._notices.info(f"From the next start on, Sortwerk keeps its things in {folder}.")

    # -- the installation ---------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the installation anew."""
        super().showEvent(event)
        self._jobs.start(
            "Looking at this installation",
            lambda _: self._state.examine(),
            on_done=self._show_findings,
            on_error=self._notices.error,
            visible=False,
        )
        self._jobs.start(
            "Looking for graphics cards",
            lambda _: self._state.devices(),
            on_done=lambda found: self._device.set_options(found, self._state.settings.device),
            on_error=self._notices.error,
            visible=False,
        )

    def _show_findings(self, findings: list[Finding]) -> None:
        self._health.clear()
        for finding in findings:
            words = finding.value if finding.good or not finding.advice else f"{finding.value}. {finding.advice}"
            value = label(words, "" if finding.good else "bad", wrap=True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._health.add_row(finding.name, value)
