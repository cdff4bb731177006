"""What is to be written for other programs: a version or the dataset as it is, and in which format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.widgets.labels import button, label
from desktop.widgets.pick_button import PickButton
from desktop.widgets.radio_list import RadioList
from desktop.widgets.side_panel import SidePanel

__all__ = ["ExportPanel", "ExportWish"]

_ORDER = ("layout", "folders", "coco", "yolo", "voc", "csv", "masks", "pairs")


@dataclass(frozen=True, slots=True)
class ExportWish:
    """What is to be written: a version by its hash ("" for the dataset as it is), and a key of the formats."""

    version: str
    format: str


class ExportPanel(SidePanel):
    """A form.

    Signals:
        agreed: the :class:`ExportWish`; a folder is still to be chosen for it.
    """

    agreed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Export", parent)
        from training.datasets.formats import FORMATS

        self.column.addWidget(
            label(
                "Writes pictures and labels into a new folder. What a format can't hold is said.",
                "secondary",
                wrap=True,
            )
        )
        self.version = PickButton("Version", {"": "As it is now"}, "")
        self.add_named("What", self.version)
        options = {name: (FORMATS[name].title, f"Holds {FORMATS[name].says}.") for name in _ORDER}
        self.format = RadioList(options, "layout")
        self.add_named("Format", self.format)
        self._go = button("Choose a folder…", "primary", on_click=self._agree)
        self.add_buttons(self._go, button("Cancel", on_click=self.dismissed.emit))

    def begin(self, name: str, versions: Mapping[str, str], version: str) -> None:
        """Ask about a dataset called ``name``; ``versions`` is hash -> words, ``version`` the one that is meant."""
        self.title.setText(f"Export {name}")
        self.version.set_options({"": "As it is now", **versions}, version)

    def _agree(self) -> None:
        self.agreed.emit(ExportWish(self.version.value, self.format.value))
