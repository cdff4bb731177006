"""Carries an export from its panel over the choice of a file to the package on the disk."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from desktop.jobs import Job, Jobs
from desktop.notices import Action, Notices
from desktop.pages.models.entries import Entry
from desktop.pages.models.export_panel import ExportPanel
from desktop.pages.models.exporting import ExportWish, file_name, key_fingerprint, save

__all__ = ["ExportingControl"]


class ExportingControl(QObject):
    """Between the panel, the file chooser and the background.

    Attributes:
        panel: what is to be passed on.

    Signals:
        panel_wanted: whether the panel is to be shown.
    """

    panel_wanted = Signal(bool)

    def __init__(self, jobs: Jobs, notices: Notices, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs, self._notices = jobs, notices
        self._folder: Path | None = None
        self.panel = ExportPanel()
        self.panel.agreed.connect(self._choose)
        self.panel.dismissed.connect(lambda: self.panel_wanted.emit(False))

    def begin(self, entry: Entry) -> None:
        """Ask what is to be passed on of a model."""
        self._folder = entry.folder
        self.panel_wanted.emit(True)
        self.panel.begin(entry)
        self._jobs.start(
            "Looking for your key",
            lambda _: key_fingerprint(),
            on_done=self.panel.show_key,
            on_error=self.panel.show_problem,
            visible=False,
        )

    def save(self, wish: ExportWish, target: Path) -> None:
        """Save it, as if the file had been chosen."""
        folder, panel = self._folder, self.panel
        panel.wait()

        def show() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(target.parent)))

        def saved(_: None) -> None:
            self.panel_wanted.emit(False)
            self._notices.info(f"Saved as {target.name}.", Action("Show in folder", show))

        def ended(_: Job) -> None:
            panel.let_go()

        self._jobs.start(
            f"Saving {target.name}",
            lambda _: save(folder, target, wish),
            on_done=saved,
            on_error=panel.show_problem,
            on_end=ended,
        )

    def _choose(self, wish: ExportWish) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self.panel, "Save the model", file_name(wish), "Sortwerk models (*.ps2model)"
        )
        if name:
            path = Path(name)
            self.save(wish, path if path.suffix.lower() == ".ps2model" else path.with_name(f"{path.name}.ps2model"))
