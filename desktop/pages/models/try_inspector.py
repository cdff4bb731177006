"""What is said of the picture that a model is tried on: its file, colours that are wished for, each head's answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.results import WIDGETS
from desktop.results.pane import ResultPane
from desktop.theme import GAP
from desktop.widgets.colour_field import ColourField
from desktop.widgets.labels import Elided, label

if TYPE_CHECKING:  # NumPy comes with it
    from models.heads import Result

__all__ = ["TryInspector"]

_NARROW, _WIDE = 320, 400


class TryInspector(QFrame):
    """The panel.

    Signals:
        wished: number of a region, and the colour (#RRGGBB) that is wished for there.
    """

    wished = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.set_wide(False)
        self._panes: dict[str, ResultPane] = {}
        self.fields: list[ColourField] = []
        body = QWidget()
        body.setObjectName("inspector_body")
        column = QVBoxLayout(body)
        column.setContentsMargins(GAP.lg, GAP.lg, GAP.lg, GAP.lg)
        column.setSpacing(GAP.m)
        self._name = Elided("", "section")
        self._facts = label("", "secondary", wrap=True)
        self._colours = QVBoxLayout()
        self._colours.setSpacing(GAP.s)
        self._answers = QVBoxLayout()
        self._answers.setSpacing(GAP.lg)
        column.addWidget(self._name)
        column.addWidget(self._facts)
        column.addLayout(self._colours)
        column.addLayout(self._answers)
        column.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def set_wide(self, wide: bool) -> None:
        """Whether there is room for longer bars."""
        self.setFixedWidth(_WIDE if wide else _NARROW)

    def begin(self, colours: Sequence[str]) -> None:
        """Another model, which is told these colours (#RRGGBB); none for most."""
        _clear(self._answers)
        _clear(self._colours)
        self._panes, self.fields = {}, []
        self._facts.setText("")
        if colours:
            self._colours.addWidget(label("Colours to paint it in", "secondary"))
        for number, colour in enumerate(colours):
            name = f"Colour {number + 1}" if len(colours) > 1 else "Colour"
            field = ColourField(name, colour)
            field.changed.connect(partial(self.wished.emit, number))
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(GAP.m)
            line.addWidget(label(name))
            line.addWidget(field, 1)
            self.fields.append(field)
            self._colours.addWidget(row)

    def set_name(self, name: str) -> None:
        """What the picture is called."""
        self._name.set_text(name)

    def show_answer(self, facts: str, results: Mapping[str, Result]) -> None:
        """Say ``facts`` of the picture, and what each head answers; nothing where there is no answer."""
        self._facts.setText(facts)
        if results and list(results) != list(self._panes):
            _clear(self._answers)
            self._panes = {}
            for name, result in results.items():
                self._panes[name] = ResultPane(WIDGETS[result.kind], name if len(results) > 1 else "")
                self._answers.addWidget(self._panes[name])
        for name, pane in self._panes.items():
            pane.setVisible(name in results)
            if name in results:
                pane.show_result(results[name])


def _clear(column: QVBoxLayout) -> None:
    while (item := column.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()  # at once; deleting waits for the event loop
            widget.deleteLater()
