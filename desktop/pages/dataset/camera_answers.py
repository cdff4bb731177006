"""What lies under the camera: an answer for each question that has categories."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.theme import GAP
from desktop.widgets.filter_field import FilterField
from desktop.widgets.labels import button, label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.datasets.heads import HeadDef

__all__ = ["CameraAnswers"]


class CameraAnswers(QWidget):
    """Fields for the answers, and what was answered as a chip over each.

    Signals:
        changed: the person has given another answer, or left a field.
        named: question and category that it does not have yet.

    Attributes:
        answers: question -> category; "" for none.
    """

    changed = Signal()
    named = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.answers: dict[str, str] = {}
        self._heads: tuple[HeadDef, ...] = ()
        self._said: dict[str, QPushButton] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP.s)

    def set_heads(self, heads: Sequence[HeadDef]) -> None:
        """Ask these questions; answers that were given to them stay."""
        if tuple(heads) == self._heads:
            return
        self._heads = tuple(heads)
        self.answers = {head.name: self.answers.get(head.name, "") for head in heads}
        while (taken := self._column.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._said = {}
        for head in heads:
            said = button("", "chip", on_click=partial(self.answer, head.name, ""), tip="Take the answer away")
            said.setCheckable(True)
            field = FilterField(head.name, "")
            field.set_names(head.categories)
            field.picked.connect(partial(self._picked, head))
            field.left.connect(self.changed)
            self._said[head.name] = said
            for one in (label(head.name, "secondary"), said, field):
                self._column.addWidget(one)
            self._column.setAlignment(said, Qt.AlignmentFlag.AlignLeft)
        if not heads:
            words = "No question of this dataset has categories; what is taken comes in without a label."
            self._column.addWidget(label(words, "secondary", wrap=True))
        self.give({})

    def answer(self, head: str, name: str) -> None:
        """Say what lies under the camera, as a person does; "" for nothing."""
        self.give({head: name})
        self.changed.emit()

    def give(self, answers: Mapping[str, str]) -> None:
        """Show other answers to some of the questions; nothing is told."""
        self.answers |= answers
        for head, said in self._said.items():
            name = self.answers.get(head, "")
            said.setVisible(bool(name))
            said.setText(f"{name}  ×")
            said.setChecked(True)

    def _picked(self, head: HeadDef, name: str, new: bool) -> None:
        if new and name not in head.categories:
            self.named.emit(head.name, name)
        self.answer(head.name, name)
