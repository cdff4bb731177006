"""The Settings page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from desktop.jobs import Jobs
from desktop.notices import Notices
from desktop.pages.settings.engine_card import EngineCard
from desktop.pages.settings.engine_control import EngineControl
from desktop.pages.settings.engine_panel import EnginePanel
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
_FIRST = 1000  # the cards' share of the width, until they are at their widest
_ASIDE, _ASIDE_WIDE, _WIDE = 320, 400, 1500  # as on the other pages
_LETTERS = 36  # that the panel is wide at least, up to two fifths of the page


class SettingsPage(Page):
    """Appearance, workspace, and the state of the installation, which is looked at when the page is shown.

    Args:
        state: what is set.
        jobs: the background.
        notices: for what there is to tell.
        engines: PyTorch and TensorFlow.
    """

    def __init__(
        self,
        state: SettingsState,
        jobs: Jobs,
        notices: Notices,
        engines: EngineControl,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Settings", parent)
        self._state, self._jobs, self._notices, self._engines = state, jobs, notices, engines
        cards = QWidget()
        cards.setMaximumWidth(_WIDEST)
        column = QVBoxLayout(cards)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.lg)
        self._health = Card("This installation")
        online = OnlineCard(state, jobs, notices)
        self.engine = EngineCard(engines)
        self.engine.install_wanted.connect(self._plan_engine)
        first = (self._appearance(), self._labels(), self._workspace(), self._models())
        for card in (*first, self.engine, online, self._health):
            column.addWidget(card)
        column.addStretch(1)
        inside = QWidget()
        row = QHBoxLayout(inside)  # a column of its own: text is as high as it is in that width
        row.setContentsMargins(GAP.xl, GAP.xs, GAP.xl, GAP.xl)
        row.setSpacing(0)
        row.addWidget(cards, _FIRST)
        row.addStretch(1)
        self._area = QScrollArea(widgetResizable=True)
        self._area.setWidget(inside)
        self._area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self.panel = EnginePanel(engines, leaves=True)
        self.panel.dismissed.connect(lambda: self._show_panel(False))
        self.panel.hide()
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self._area, 1)
        across.addWidget(self.panel)
        self.body.addLayout(across)

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

    # -- the engines --------------------------------------------------------------------------------------------------

    def _plan_engine(self, variant: str, own: bool) -> None:
        self._show_panel(True)
        self.panel.begin(variant, own=own)

    def _show_panel(self, shown: bool) -> None:
        self.panel.setVisible(shown)
        self._fit()

    def _fit(self) -> None:
        """More room for the panel where there is more, and where letters are larger; all of it where both don't fit."""
        usual = _ASIDE_WIDE if self.width() >= _WIDE else _ASIDE
        larger = min(_LETTERS * self.fontMetrics().averageCharWidth(), self.width() * 2 // 5)
        aside = max(usual, larger)
        inside = self._area.widget()
        fits = inside is None or self.width() - aside >= inside.minimumSizeHint().width()
        alone = not self.panel.isHidden() and not fits
        self._area.setVisible(not alone)
        self.panel.setFixedWidth(self.width() if alone else aside)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The panel follows."""
        super().resizeEvent(event)
        self._fit()

    # -- the installation ---------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the installation anew."""
        super().showEvent(event)
        self._engines.look()
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
