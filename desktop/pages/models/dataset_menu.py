"""The part of a menu that names the datasets there are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from desktop.actions.labelled import ChosenDataset

__all__ = ["DatasetMenu"]


class DatasetMenu(QMenu):
    """The menu; it can't be opened while there is none.

    Signals:
        chosen: a ``ChosenDataset``.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Dataset", parent)
        self.setEnabled(False)

    def set_datasets(self, datasets: Sequence[ChosenDataset]) -> None:
        """These are there."""
        self.clear()
        for one in datasets:
            self.addAction(one.name.replace("&", "&&"), partial(self.chosen.emit, one))
        self.setEnabled(bool(datasets))
