"""The menu that asks for labelled pictures: a folder, a table, or one of the datasets there are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from desktop.actions.labelled import ChosenDataset

__all__ = ["LabelledMenu"]


class LabelledMenu(QMenu):
    """The menu; several buttons may share it.

    Args:
        folder: the title of the dialogue that asks for a folder.

    Attributes:
        datasets: the part that names them; it can't be opened while there is none.

    Signals:
        chosen: path of a folder or a table, or a ``ChosenDataset``.
    """

    chosen = Signal(object)

    def __init__(self, folder: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._folder = folder
        self.addAction("Folder…", self._browse_folder)
        self.addAction("Table (CSV)…", self._browse_table)
        self.datasets = QMenu("Dataset", self)
        self.addMenu(self.datasets)
        self.set_datasets(())

    def set_datasets(self, datasets: Sequence[ChosenDataset]) -> None:
        """These are there."""
        self.datasets.clear()
        for one in datasets:
            self.datasets.addAction(one.name.replace("&", "&&"), partial(self.chosen.emit, one))
        self.datasets.setEnabled(bool(datasets))

    def _browse_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self.parentWidget(), self._folder)
        if folder:
            self.chosen.emit(Path(folder))

    def _browse_table(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self.parentWidget(), "Choose a table of files and labels", "", "CSV (*.csv)"
        )
        if name:
            self.chosen.emit(Path(name))
