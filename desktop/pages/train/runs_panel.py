"""All runs in a table: ticked ones lie over the curves, a double click shows everything about one."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QMenu, QVBoxLayout, QWidget

from desktop.pages.train.entries import Entry, Head
from desktop.pages.train.figures import PRIMARY, fact_of, short
from desktop.pages.train.state import TrainState
from desktop.pages.train.words import how_long, outcome, state_words, when
from desktop.theme import GAP
from desktop.widgets.labels import button, label
from desktop.widgets.run_table import Cell, RunColumn, RunRow, RunTable
from desktop.widgets.wrap import Wrap

__all__ = ["RunsPanel"]

_FIRST = (RunColumn("Run"), RunColumn("State"))
_LAST = (RunColumn("Time", numeric=True, tip="That it has worked"), RunColumn("Started", numeric=True))
_MOST_HEADS = 4
_LEAST_HEIGHT = 130
_TICK = "Ticked ones lie behind the curves"


class RunsPanel(QWidget):
    """The table, and what is done with its rows.

    Args:
        state: what is known of runs.

    Signals:
        opened: id of a run about which everything is wanted.
        compare_wanted: ids of two runs.
        resume_wanted: id of a run.
        again_wanted: id of a run whose settings are wanted for a new one.
        remove_wanted: ids of runs.
    """

    opened = Signal(str)
    compare_wanted = Signal(str, str)
    resume_wanted = Signal(str)
    again_wanted = Signal(str)
    remove_wanted = Signal(list)

    def __init__(self, state: TrainState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._heads: tuple[Head, ...] = ()
        self._datasets = False  # whether there are runs of several, so that they have to be named
        self.table = self._make_table()
        self.search = QLineEdit(placeholderText="Filter", clearButtonEnabled=True)
        self.search.setAccessibleName("Filter runs (Ctrl+F)")
        self.search.setMaximumWidth(200)
        self.search.textChanged.connect(state.search)
        self._compare = button("Compare", on_click=self._compare_now, tip="Settings and figures of two runs")
        self._details = button("Everything about it", on_click=self._open_now, tip="Enter, or a double click")
        head = Wrap(spacing=GAP.s)
        head.addWidget(label("Runs", "section"))
        head.addWidget(label(_TICK, "secondary"))
        head.begin_second()
        for one in (self.search, self._compare, self._details):
            head.addWidget(one)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP.s)
        self._column.addLayout(head)
        self._column.addWidget(self.table)
        QShortcut(QKeySequence("Ctrl+F"), self, self.search.setFocus)

    def refresh(self) -> None:
        """Follow the state."""
        entries = self._state.shown
        shown = self._state.entry
        heads = shown.heads[:_MOST_HEADS] if shown is not None else ()
        several = len({one.dataset for one in self._state.entries or ()}) > 1
        if (heads, several) != (self._heads, self._datasets):
            self._datasets = several
            self._replace_table(heads)
        self.table.set_rows([self._row(one) for one in entries])
        chosen = self.table.keys()
        if self._state.selected not in chosen:
            self.table.blockSignals(True)
            self.table.select(self._state.selected)
            self.table.blockSignals(False)
        self._enable()

    def _make_table(self) -> RunTable:
        """The columns follow the questions of the run that is looked at."""
        figures = [
            RunColumn(head.name, numeric=True, tip=fact_of(head.kind, PRIMARY[head.kind]).title) for head in self._heads
        ]
        datasets = (RunColumn("Dataset"),) if self._datasets else ()
        table = RunTable("Runs", (*_FIRST, *datasets, *figures, *_LAST))
        table.setMinimumHeight(_LEAST_HEIGHT)
        table.ticked.connect(self._state.tick)
        table.opened.connect(self.opened)
        table.selected.connect(self._select)
        table.menu_wanted.connect(self._menu)
        QShortcut(QKeySequence("Del"), table, lambda: self.remove_wanted.emit(table.keys()))
        return table

    def _replace_table(self, heads: tuple[Head, ...]) -> None:
        self._heads, old = heads, self.table
        had_focus = old.hasFocus()
        self.table = self._make_table()
        self._column.replaceWidget(old, self.table)
        old.blockSignals(True)
        old.hide()
        old.deleteLater()
        if had_focus:
            self.table.setFocus()

    def _row(self, entry: Entry) -> RunRow:
        figures = [_figure(entry, head) for head in self._heads]
        chosen = entry.id == self._state.selected
        tags = f"  #{' #'.join(entry.tags)}" if entry.tags else ""
        return RunRow(
            entry.id,
            (
                Cell(f"{entry.name}{tags}"),
                Cell(state_words(entry)),
                *((Cell(entry.dataset),) if self._datasets else ()),
                *figures,
                Cell(how_long(entry.seconds) if entry.seconds else "–", entry.seconds or None),
                Cell(when(entry.created)),
            ),
            ticked=True if chosen else entry.id in self._state.ticked,
            tip=outcome(entry) or entry.problem,
            strong=chosen,
        )

    def _select(self, keys: list[str]) -> None:
        self._enable()
        if len(keys) == 1:
            self._state.select(keys[0])

    def _enable(self) -> None:
        keys = self.table.keys()
        self._compare.setEnabled(len(self._pair(keys)) == 2)
        self._details.setEnabled(bool(keys))

    def _pair(self, keys: list[str]) -> list[str]:
        """The two runs to compare: those that are selected, else the shown one and the one that is ticked."""
        if len(keys) == 2:
            return keys
        return [self._state.selected, self._state.ticked[-1]] if self._state.selected and self._state.ticked else []

    def _compare_now(self) -> None:
        pair = self._pair(self.table.keys())
        if len(pair) == 2:
            self.compare_wanted.emit(*pair)

    def _open_now(self) -> None:
        keys = self.table.keys()
        if keys:
            self.opened.emit(keys[0])

    def _menu(self, keys: list[str], where: QPoint) -> None:
        entry = self._state.find(keys[0]) if keys else None
        if entry is None:
            return
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        if len(keys) == 1:
            menu.addAction("Everything about it", lambda: self.opened.emit(entry.id))
            if entry.resumable:
                menu.addAction("Resume", lambda: self.resume_wanted.emit(entry.id))
            menu.addAction("New training with these settings", lambda: self.again_wanted.emit(entry.id))
        if len(keys) == 2:
            menu.addAction("Compare", lambda: self.compare_wanted.emit(*keys))
        menu.addSeparator()
        menu.addAction("Remove", lambda: self.remove_wanted.emit(keys))
        menu.popup(where)


def _figure(entry: Entry, head: Head) -> Cell:
    value = entry.figures.get(head.name)
    return Cell(short(value, fact_of(head.kind, PRIMARY[head.kind])), value)
