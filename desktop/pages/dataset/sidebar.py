"""The datasets, and under them the questions and categories of the one that is looked at, with counts and keys."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.pages.dataset.state import DatasetState, HeadFacts
from desktop.theme import GAP
from desktop.widgets.labels import button, label
from desktop.widgets.row_list import Row
from desktop.widgets.side_rows import SideRow, SideRows

__all__ = ["WIDTH", "Sidebar", "category_key", "split_key"]

WIDTH = 220
_FEW, _SHARE = 3, 3  # datasets that are always seen, and the part of the height that more may take
_SIGN = "\x1f"
_ALL = "all"
_UNLABELLED = "\x1funlabelled"


def category_key(head: str, category: str | None) -> str:
    """Key of the row of a category, None for what is unlabelled."""
    return f"{head}{_SIGN}{_UNLABELLED if category is None else category}"


def split_key(key: str) -> tuple[str, str | None, bool]:
    """From a row's key: question, category (None for all of it or none), and whether it is what is unlabelled."""
    head, _, category = key.partition(_SIGN)
    if not category:
        return head, None, False
    return head, None if category == _UNLABELLED else category, category == _UNLABELLED


class Sidebar(QFrame):
    """Follows the state.

    Signals:
        dataset_chosen: id of a dataset.
        all_chosen: all pictures are to be shown.
        chosen: question, category or None for what is unlabelled: only these are to be shown.
        head_chosen: the keys are to be for this question.
        dropped: question, category or None for "unlabelled": tiles were dropped on it.
        dataset_menu: id of a dataset, and where on the screen.
        category_menu: question, category, and where on the screen.
        head_menu: question, and where on the screen.
        question_wanted: another question is to be asked.
        rename_wanted: the dataset that is looked at is to be called otherwise.
        remove_wanted: it is to go into the trash.
    """

    dataset_chosen = Signal(int)
    all_chosen = Signal()
    chosen = Signal(str, object)
    head_chosen = Signal(str)
    dropped = Signal(str, object)
    dataset_menu = Signal(int, QPoint)
    category_menu = Signal(str, str, QPoint)
    head_menu = Signal(str, QPoint)
    question_wanted = Signal()
    rename_wanted = Signal()
    remove_wanted = Signal()

    def __init__(self, state: DatasetState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.setFixedWidth(WIDTH)
        self.datasets = SideRows("Datasets")
        self.categories = SideRows("Categories")
        self.datasets.chosen.connect(lambda key: self.dataset_chosen.emit(int(key)))
        self.datasets.menu_wanted.connect(lambda key, where: self.dataset_menu.emit(int(key), where))
        self.datasets.rename_wanted.connect(lambda _: self.rename_wanted.emit())
        self.datasets.remove_wanted.connect(lambda _: self.remove_wanted.emit())
        self.categories.chosen.connect(self._choose)
        self.categories.headed.connect(self.head_chosen)
        self.categories.dropped.connect(self._drop)
        self.categories.menu_wanted.connect(self._menu)
        self._title = label("Datasets", "secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP.lg, 0, GAP.s, GAP.m)
        column.setSpacing(GAP.xs)
        self._title.setContentsMargins(GAP.s, 0, 0, 0)
        column.addWidget(self._title)
        column.addWidget(self.datasets)
        column.addSpacing(GAP.m)
        column.addWidget(self.categories, 1)
        self._ask = button("Add a question…", "link", on_click=self.question_wanted.emit)
        column.addWidget(self._ask, 0, Qt.AlignmentFlag.AlignLeft)

    def refresh(self) -> None:
        """Follow the state."""
        entries = self._state.entries or ()
        rows = [SideRow(str(one.dataset.id), Row(one.dataset.name, f"{one.items:,}")) for one in entries]
        self.datasets.show_rows(rows, str(self._state.selected))
        most = max(_FEW, self.height() // _SHARE // self.datasets.row_height())
        self.datasets.setFixedHeight(max(1, min(len(rows), most)) * self.datasets.row_height())
        shown = self._state.shown
        found = [] if shown is None else [SideRow(_ALL, Row("All pictures", f"{shown.items:,}"))]
        for facts in shown.heads if shown is not None else ():
            found += self._rows(facts, shown.items if shown is not None else 0)
        self.categories.show_rows(found, self._current())

    def _rows(self, facts: HeadFacts, items: int) -> list[SideRow]:
        head = facts.head
        keyed = head.name == self._state.head
        keys = {name: str(place) for place, name in enumerate(self._state.keys, 1)} if keyed else {}
        several = self._state.shown is not None and len(self._state.shown.heads) > 1
        hand = head.kind in ("categories", "tags", "grade")
        if not head.categories and head.kind not in ("categories", "tags"):
            words = f"{items - facts.labelled:,} unlabelled" if items > facts.labelled else ""
            return [SideRow(category_key(head.name, None), Row(head.name, words), droppable=hand)]
        mark = "keys" if keyed and several and keys else ""
        rows = [SideRow(head.name, Row(head.name, mark, heading=True))]
        rows.append(
            SideRow(category_key(head.name, None), Row("Unlabelled", f"{items - facts.labelled:,}"), droppable=hand)
        )
        for name, count in facts.counts.items():
            row = Row(name, f"{count:,}", key=keys.get(name, ""), colour=facts.colours.get(name, ""))
            droppable = head.kind in ("categories", "tags")
            rows.append(SideRow(category_key(head.name, name), row, droppable=droppable))
        return rows

    def _current(self) -> str:
        wanted = self._state.wanted
        if wanted.chosen is not None or wanted.trashed or wanted.faulty:
            return ""
        if wanted.head is not None and (wanted.category is not None or wanted.unlabelled):
            return category_key(wanted.head, None if wanted.unlabelled else wanted.category)
        return _ALL

    def _choose(self, key: str) -> None:
        if key == _ALL:
            self.all_chosen.emit()
        else:
            head, category, _ = split_key(key)
            self.chosen.emit(head, category)

    def _drop(self, key: str) -> None:
        head, category, _ = split_key(key)
        self.dropped.emit(head, category)

    def _menu(self, key: str, where: QPoint) -> None:
        head, category, unlabelled = split_key(key)
        if key == _ALL:
            return
        if category is not None and not unlabelled:
            self.category_menu.emit(head, category, where)
        else:
            self.head_menu.emit(head, where)
