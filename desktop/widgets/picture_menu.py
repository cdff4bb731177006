"""The menu that asks for pictures: a folder, or files and zips."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

__all__ = ["PictureMenu"]


class PictureMenu(QMenu):
    """The menu; several buttons may share it.

    Signals:
        chosen: paths of files and folders; at least one.
    """

    chosen = Signal(list)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.addAction("Folder…", self._browse_folder)
        self.addAction("Files or zip…", self._browse_files)

    def _browse_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self.parentWidget(), "Choose a folder with pictures")
        if folder:
            self.chosen.emit([Path(folder)])

    def _browse_files(self) -> None:
        files, _ = QFileDialog.getOpenFileNames(self.parentWidget(), "Choose pictures or a zip")
        if files:
            self.chosen.emit([Path(file) for file in files])
