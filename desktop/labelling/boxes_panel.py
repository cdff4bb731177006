"""The panel of shapes: which category comes next, what is drawn, what is proposed, what is wrong, how fine it is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from desktop.theme import GAP
from desktop.widgets.filter_field import FilterField
from desktop.widgets.labels import button, label
from desktop.widgets.row_list import Row, RowList
from desktop.widgets.wrap import Wrap

__all__ = ["BoxesPanel"]

KEYS = 9
_ROWS = 9
_LEAST = 3


class BoxesPanel(QWidget):
    """Shows what it is told, and tells what the person wants.

    Signals:
        category_wanted: a name for the selected shapes, or for the next one.
        shape_wanted: place of a row of the list.
        mend_wanted: what is wrong is to be mended.
        points_wanted: how many points the selected outline should have, and whether that is meant for good.
        accept_wanted: whether all proposals.
        refuse_wanted: likewise.
        nothing_wanted: there is nothing of what is asked for.
        unknown_wanted: nobody can tell.
        released: the keyboard may go back to the picture.
    """

    category_wanted = Signal(str)
    shape_wanted = Signal(int)
    mend_wanted = Signal()
    points_wanted = Signal(int, bool)
    accept_wanted = Signal(bool)
    refuse_wanted = Signal(bool)
    nothing_wanted = Signal()
    unknown_wanted = Signal()
    released = Signal()

    def __init__(self, field_key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._categories = RowList(row=28, most=KEYS)
        self._categories.clicked.connect(lambda place: self.category_wanted.emit(self._names[place]))
        self.field = FilterField("category", field_key)
        self.field.picked.connect(self._picked)
        self.field.left.connect(self.released)
        self._title = label("", "secondary")
        self._list = RowList(row=28, most=_ROWS)
        self._list.clicked.connect(self.shape_wanted)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP.s)
        for one in (
            self._categories,
            self.field,
            self._make_proposals(),
            self._title,
            self._list,
            self._make_fault(),
            self._make_points(),
        ):
            self._column.addWidget(one)
        ends = QWidget()
        row = Wrap(ends, spacing=GAP.s)
        row.setContentsMargins(0, 0, 0, 0)
        for words, tip, wanted in (
            ("Nothing here", "There is none of these in the picture, and go on (E)", self.nothing_wanted),
            ("Nobody can tell", "Take the label away and go on (U)", self.unknown_wanted),
        ):
            made = button(words, on_click=wanted.emit, tip=tip)
            made.setAccessibleName(tip)
            row.addWidget(made)
        row.begin_second()
        self._column.addWidget(ends)
        self._column.addStretch(1)

    def add(self, part: QWidget) -> None:
        """One more part, over the buttons at the end."""
        self._column.insertWidget(self._column.count() - 2, part)

    def _make_proposals(self) -> QWidget:
        self._proposals = QWidget()
        column = QVBoxLayout(self._proposals)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.xs)
        self._proposed = label("", "accent", wrap=True)
        column.addWidget(self._proposed)
        buttons = QWidget()
        row = Wrap(buttons, spacing=GAP.xs)
        row.setContentsMargins(0, 0, 0, 0)
        for words, tip, wanted, every in (
            ("Accept", "Accept this proposal (Enter)", self.accept_wanted, False),
            ("Refuse", "Refuse this proposal (Delete)", self.refuse_wanted, False),
            ("Accept all", "Accept all proposals (Y)", self.accept_wanted, True),
            ("Refuse all", "Refuse all proposals (X)", self.refuse_wanted, True),
        ):
            made = button(words, on_click=partial(wanted.emit, every), tip=tip)
            made.setAccessibleName(tip)
            row.addWidget(made)
        row.begin_second()
        column.addWidget(buttons)
        return self._proposals

    def _make_fault(self) -> QWidget:
        self._fault = QWidget()
        row = QHBoxLayout(self._fault)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP.s)
        self._wrong = label("", "caution", wrap=True)
        self._mend = button("Mend", on_click=self.mend_wanted.emit)
        row.addWidget(self._wrong, 1)
        row.addWidget(self._mend, 0, Qt.AlignmentFlag.AlignTop)
        return self._fault

    def _make_points(self) -> QWidget:
        self._points = QWidget()
        row = QHBoxLayout(self._points)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP.s)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setAccessibleName("Points of the outline")
        self._slider.setToolTip("Fewer points: those that matter most are kept")
        self._slider.valueChanged.connect(self._slid)
        self._slider.sliderReleased.connect(lambda: self.points_wanted.emit(self._slider.value(), True))
        self._count = label("", "secondary")
        row.addWidget(label("Points", "secondary"))
        row.addWidget(self._slider, 1)
        row.addWidget(self._count)
        return self._points

    def _slid(self, points: int) -> None:
        self._count.setText(str(points))
        self.points_wanted.emit(points, not self._slider.isSliderDown())

    def _picked(self, name: str, _new: bool) -> None:
        self.category_wanted.emit(name)
        self.released.emit()

    # -- showing ------------------------------------------------------------------------------------------------------

    def show_categories(self, rows: Sequence[tuple[str, str, int]], chosen: str, every: Sequence[str]) -> None:
        """Name, colour and count of shapes of each that has a key; the one that is meant now; all names."""
        self._names = tuple(name for name, _, _ in rows)
        shown = [
            Row(name, str(count) if count else "", key=str(place), colour=colour)
            for place, (name, colour, count) in enumerate(rows, 1)
        ]
        self._categories.set_rows(shown, self._names.index(chosen) if chosen in self._names else -1)
        self._categories.setVisible(bool(rows))
        self.field.set_names(every)
        self.field.setVisible(len(every) > KEYS)

    def show_shapes(self, title: str, rows: Sequence[Row], hot: int) -> None:
        """The list, and which of it is selected; -1 for none."""
        self._title.setText(title)
        self._list.set_rows(rows, hot)
        self._list.setVisible(bool(rows))

    def show_proposals(self, words: str) -> None:
        """What is proposed; "" for nothing."""
        self._proposed.setText(words)
        self._proposals.setVisible(bool(words))

    def show_fault(self, sentence: str) -> None:
        """What is wrong; "" for nothing."""
        self._wrong.setText(sentence)
        self._mend.setAccessibleName(f"Mend: {sentence}")
        self._fault.setVisible(bool(sentence))

    def show_points(self, points: int) -> None:
        """How many points the selected outline has; 0 for none. They can be made fewer down to three."""
        self._slider.blockSignals(True)
        self._slider.setRange(_LEAST, max(_LEAST, points))
        self._slider.setValue(points)
        self._slider.blockSignals(False)
        self._count.setText(str(points))
        self._points.setVisible(points > _LEAST)
