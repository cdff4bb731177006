"""The part of the Label tab that helps: a model's proposals, other pictures' labels, and what is learned meanwhile."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from desktop.theme import GAP
from desktop.widgets.labels import button, label
from desktop.widgets.pick_button import PickButton
from desktop.widgets.wrap import Wrap

__all__ = ["LabelAssist"]

_AT_FIRST = 50


class LabelAssist(QWidget):
    """Buttons and words; whoever made it does what they say.

    Signals:
        propose_wanted: the name of a model; and whether for all unlabelled pictures, not for this one.
        threshold_changed: 0 to 1.
        accept_wanted: every proposal is to become a label.
        refuse_wanted: none.
        copy_wanted: "previous", "duplicates" or "burst".
        learn_wanted: the pictures are to be looked at, so that something can be learned.
    """

    propose_wanted = Signal(str, bool)
    threshold_changed = Signal(float)
    accept_wanted = Signal()
    refuse_wanted = Signal()
    copy_wanted = Signal(str)
    learn_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.models = PickButton("Model that proposes", {}, "")
        self._this = button("For this picture", on_click=lambda: self.propose_wanted.emit(self.models.value, False))
        self._all = button("For all unlabelled", on_click=lambda: self.propose_wanted.emit(self.models.value, True))
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, 100)
        self._slider.setPageStep(10)
        self._slider.setValue(_AT_FIRST)
        self._slider.setAccessibleName("How sure a proposal must be, per cent")
        self._slider.valueChanged.connect(self._slid)
        self._sure = label("", "secondary")
        self._found = label("", "secondary", wrap=True)
        self._accept = button("Accept all", on_click=self.accept_wanted.emit)
        self._refuse = button("Refuse all", on_click=self.refuse_wanted.emit)
        self._previous = button(
            "The picture before", on_click=lambda: self.copy_wanted.emit("previous"), tip="Copy its label (Ctrl+B)"
        )
        self._duplicates = button("Near duplicates", on_click=lambda: self.copy_wanted.emit("duplicates"))
        self._burst = button("Rest of the burst", on_click=lambda: self.copy_wanted.emit("burst"))
        self._learned = label("", "secondary", wrap=True)
        self._learn = button("Learn from my labels", on_click=self.learn_wanted.emit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.s)
        column.addWidget(self._learned)
        column.addWidget(self._learn)
        column.addWidget(label("A model proposes"))
        column.addWidget(self.models)
        column.addWidget(_row(self._this, self._all))
        sure = QHBoxLayout()
        sure.setSpacing(GAP.s)
        sure.addWidget(self._sure)
        sure.addWidget(self._slider, 1)
        column.addLayout(sure)
        column.addWidget(self._found)
        column.addWidget(_row(self._accept, self._refuse))
        column.addWidget(label("Copy the label from"))
        column.addWidget(_row(self._previous))
        column.addWidget(label("Give this label to"))
        column.addWidget(_row(self._duplicates, self._burst))
        self.set_models({})
        self._slid(_AT_FIRST)
        self.show_proposals("", some=False)
        self.show_learning("", waiting=False)

    @property
    def threshold(self) -> float:
        """How sure a proposal must be, 0 to 1."""
        return self._slider.value() / 100

    def set_models(self, models: Mapping[str, str]) -> None:
        """Name -> words of the models there are."""
        chosen = self.models.value if self.models.value in models else next(iter(models), "")
        self.models.set_options(models or {"": "No model"}, chosen)
        for one in (self.models, self._this, self._all):
            one.setEnabled(bool(models))

    def show_proposals(self, words: str, *, some: bool) -> None:
        """What there is; ``some``: whether anything could be accepted."""
        self._found.setText(words)
        self._found.setVisible(bool(words))
        self._accept.setVisible(some)
        self._refuse.setVisible(some)

    def show_learning(self, words: str, *, waiting: bool) -> None:
        """Where learning stands; ``waiting``: whether the pictures are still to be looked at."""
        self._learned.setText(words)
        self._learned.setVisible(bool(words))
        self._learn.setVisible(waiting)

    def show_copying(self, *, before: bool, labelled: bool, gathered: bool) -> None:
        """Which labels can be copied: from the picture before; from this one; to near duplicates."""
        self._previous.setEnabled(before)
        self._burst.setEnabled(labelled)
        self._duplicates.setEnabled(labelled and gathered)
        self._duplicates.setToolTip("" if gathered else "The pictures have to be looked at first")

    def _slid(self, value: int) -> None:
        self._sure.setText(f"At least {value} % sure")
        self.threshold_changed.emit(value / 100)


def _row(*parts: QWidget) -> QWidget:
    row = QWidget()
    wrap = Wrap(row, spacing=GAP.xs)
    wrap.setContentsMargins(0, 0, 0, 0)
    for one in parts:
        wrap.addWidget(one)
    wrap.begin_second()
    return row
