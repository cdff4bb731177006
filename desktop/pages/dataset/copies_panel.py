"""How many augmented copies are to be written, of which pictures, at which size, and in which format."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.pages.dataset.wanted import SPLIT_WORDS
from desktop.widgets.labels import button, label
from desktop.widgets.pick_button import PickButton
from desktop.widgets.radio_list import RadioList
from desktop.widgets.side_panel import SidePanel

__all__ = ["CopiesPanel", "CopiesWish"]

_ORDER = ("layout", "folders", "coco", "yolo", "voc", "csv", "masks")
_COUNTS = (1, 2, 3, 5, 10, 20, 50)
_ALL = "all"


@dataclass(frozen=True, slots=True)
class CopiesWish:
    """What is to be written: copies a picture, a split (None for all), full size or that of the preview, a format."""

    count: int
    split: str | None
    full_size: bool
    format: str


class CopiesPanel(SidePanel):
    """A form.

    Signals:
        agreed: the :class:`CopiesWish`; a folder is still to be chosen for it.
    """

    agreed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Write copies", parent)
        from training.datasets.formats import FORMATS

        self.column.addWidget(
            label(
                "Writes varied copies with their labels into a new folder, for other programs.", "secondary", wrap=True
            )
        )
        self.count = PickButton("Copies of each picture", {str(one): str(one) for one in _COUNTS}, "3")
        self.add_named("Copies of each picture", self.count)
        splits = {_ALL: "All pictures", **{split: words for split, words in SPLIT_WORDS.items() if split}}
        self.split = PickButton("Of which pictures", splits, _ALL)
        self.add_named("Of which pictures", self.split)
        self.scale = PickButton("Size", {"shown": "As previewed", "full": "Full size"}, "shown")
        self.add_named("Size", self.scale)
        options = {name: (FORMATS[name].title, f"Holds {FORMATS[name].says}.") for name in _ORDER}
        self.format = RadioList(options, "layout")
        self.add_named("Format", self.format)
        self._go = button("Choose a folder…", "primary", on_click=self._agree)
        self.add_buttons(self._go, button("Cancel", on_click=self.dismissed.emit))

    def begin(self, name: str, side: int, train: int) -> None:
        """Ask about a dataset called ``name``, previewed at ``side`` pixels, with ``train`` pictures in that split."""
        self.title.setText(f"Copies of {name}")
        self.scale.set_options({"shown": f"As previewed, {side} px", "full": "Full size"}, self.scale.value)
        self.split.set_value("train" if train else _ALL)

    def _agree(self) -> None:
        split = None if self.split.value == _ALL else self.split.value
        self.agreed.emit(CopiesWish(int(self.count.value), split, self.scale.value == "full", self.format.value))
