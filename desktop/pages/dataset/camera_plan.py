"""What lies under the camera, and the plan: what is done of it, what comes next, and how it is made."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QSpinBox, QVBoxLayout, QWidget

from desktop.pages.dataset.capturing import Progress, look, plan_path
from desktop.pages.dataset.tab import Around
from desktop.theme import GAP
from desktop.widgets.filter_field import FilterField
from desktop.widgets.labels import button, label
from desktop.widgets.row_list import Row, RowList
from desktop.widgets.side_scroll import SideScroll
from desktop.widgets.tick_list import Tick, TickList

if TYPE_CHECKING:
    from training.capture.plan import CapturePlan
    from training.datasets.records import Dataset
    from training.datasets.store import DatasetStore

__all__ = ["CameraPlan"]

_WIDTH = 320
_USUAL = 8
_WITHOUT = "Say what you need, such as 8 angles of each part in 3 colours, and see what is missing."
_LINES = 200  # of what is missing that are listed


class CameraPlan(QWidget):
    """The column at the right.

    Signals:
        changed: the answers that are given to what is taken are others now.
    """

    changed = Signal()

    def __init__(self, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._around = around
        self.answers: dict[str, str] = {}
        self._dataset: Dataset | None = None
        self._progress = Progress(None, None, {})
        self._fields: dict[str, FilterField] = {}
        self._said: dict[str, QPushButton] = {}
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, GAP.s, GAP.xs, GAP.lg)
        column.setSpacing(GAP.s)
        column.addWidget(label("What lies under the camera", "section", wrap=True))
        self._questions = QVBoxLayout()
        self._questions.setSpacing(GAP.s)
        column.addLayout(self._questions)
        column.addSpacing(GAP.m)
        column.addWidget(label("Plan", "section"))
        self._words = label("", "secondary", wrap=True)
        self._next = button("", on_click=self.go_on, tip="Label what is taken so")
        self.missing = RowList(most=8)
        self.missing.setAccessibleName("What is still missing")
        self.missing.clicked.connect(self._choose)
        column.addWidget(self._words)
        column.addWidget(self._next)
        column.addWidget(self.missing)
        self._make = button("Make a plan…", on_click=self._open_form)
        self._drop = button("Drop the plan", on_click=self.drop, tip="The pictures stay")
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP.s)
        for one in (self._make, self._drop):
            buttons.addWidget(one)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self._form = self._lay_out_form()
        column.addWidget(self._form)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(SideScroll(body, _WIDTH))
        self._form.hide()

    def _lay_out_form(self) -> QWidget:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, GAP.s, 0, 0)
        column.setSpacing(GAP.s)
        column.addWidget(label("Every combination of the answers to", "secondary", wrap=True))
        self._ticks = TickList()
        self._ticks.changed.connect(lambda _: self._count())
        column.addWidget(self._ticks)
        angles = QHBoxLayout()
        angles.addWidget(label("Angles of each"))
        self._angles = QSpinBox()
        self._angles.setRange(1, 1000)
        self._angles.setValue(_USUAL)
        self._angles.setAccessibleName("Angles of each")
        self._angles.valueChanged.connect(lambda _: self._count())
        angles.addWidget(self._angles)
        angles.addStretch(1)
        column.addLayout(angles)
        self._sum = label("", "secondary", wrap=True)
        column.addWidget(self._sum)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP.s)
        self._do = button("Make it", on_click=self._make_every)
        buttons.addWidget(self._do)
        buttons.addWidget(button("From a table…", on_click=self._choose_table, tip="CSV: a column each, and “angles”"))
        buttons.addWidget(button("Cancel", on_click=form.hide))
        buttons.addStretch(1)
        column.addLayout(buttons)
        return form

    # -- answers ------------------------------------------------------------------------------------------------------

    def set_dataset(self, dataset: Dataset) -> None:
        """Ask the questions of a dataset that have categories."""
        heads = [head for head in dataset.heads if head.kind == "categories"]
        before = None if self._dataset is None else (self._dataset.id, self._dataset.heads)
        self._dataset = dataset
        if before == (dataset.id, dataset.heads):
            return
        self.answers = {head.name: self.answers.get(head.name, "") for head in heads}
        while (taken := self._questions.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._fields, self._said = {}, {}
        for head in heads:
            said = button("", "chip", on_click=partial(self.answer, head.name, ""), tip="Take the answer away")
            said.setCheckable(True)
            field = FilterField(head.name, "")
            field.set_names(head.categories)
            field.picked.connect(partial(self._picked, head.name))
            field.left.connect(self.changed)
            self._fields[head.name], self._said[head.name] = field, said
            for one in (label(head.name, "secondary"), said, field):
                self._questions.addWidget(one)
            self._questions.setAlignment(said, Qt.AlignmentFlag.AlignLeft)
        if not heads:
            words = "No question of this dataset has categories; what is taken comes in without a label."
            self._questions.addWidget(label(words, "secondary", wrap=True))
        self._make.setEnabled(bool(heads))
        self._show_answers()

    def answer(self, head: str, name: str) -> None:
        """Say what lies under the camera; "" for nothing."""
        self.answers[head] = name
        self._show_answers()
        self.changed.emit()

    def _picked(self, head: str, name: str, new: bool) -> None:
        if new and self._dataset is not None and name not in self._dataset.head(head).categories:
            dataset = self._dataset.id
            self._around.acting.act(lambda store: store.add_category(dataset, head, name))
        self.answer(head, name)

    def _show_answers(self) -> None:
        for head, said in self._said.items():
            name = self.answers.get(head, "")
            said.setVisible(bool(name))
            said.setText(f"{name}  ×")
            said.setChecked(True)

    # -- the plan -----------------------------------------------------------------------------------------------------

    def show_progress(self, progress: Progress) -> None:
        """Show how far the plan is, and go on to what comes next when a line is done."""
        self._progress = progress
        plan, left = progress.plan, progress.remaining
        self._drop.setVisible(plan is not None)
        self._make.setText("Another plan…" if plan is not None else "Make a plan…")
        if plan is None or left is None:
            self._words.setText(_WITHOUT)
            self._next.hide()
            self.missing.hide()
            return
        current = self._current(plan)
        line = progress.next_line(current)
        if line is not None and (current is None or (progress.taken.get(current, 0) and line.labels != current)):
            self._take_up(plan, line.labels)
        self._words.setText(progress.words)
        self._next.setVisible(line is not None)
        if line is not None:
            self._next.setText(f"Next: {', '.join(line.labels)} · {line.angles} more")
        rows = [Row(", ".join(one.labels), f"{one.angles:,}") for one in left.missing[:_LINES]]
        self.missing.set_rows(rows)
        self.missing.setVisible(bool(rows))

    def _current(self, plan: CapturePlan) -> tuple[str, ...] | None:
        labels = tuple(self.answers.get(head, "") for head in plan.heads)
        return labels if all(labels) else None

    def _take_up(self, plan: CapturePlan, labels: tuple[str, ...]) -> None:
        self.answers |= dict(zip(plan.heads, labels, strict=True))
        self._show_answers()

    def go_on(self) -> None:
        """Label what is taken as the plan asks for next."""
        plan = self._progress.plan
        line = self._progress.next_line(self._current(plan)) if plan is not None else None
        if plan is not None and line is not None:
            self._take_up(plan, line.labels)
            self.changed.emit()

    def _choose(self, place: int) -> None:
        plan, left = self._progress.plan, self._progress.remaining
        if plan is not None and left is not None and place < len(left.missing):
            self._take_up(plan, left.missing[place].labels)
            self.changed.emit()

    # -- making it ----------------------------------------------------------------------------------------------------

    def _open_form(self) -> None:
        heads = [head for head in self._dataset.heads if head.kind == "categories"] if self._dataset is not None else []
        ticks = [Tick(head.name, f"{len(head.categories):,}") for head in heads]
        self._ticks.set_ticks(ticks, range(len(ticks)))
        self._form.show()
        self._count()

    def _chosen(self) -> dict[str, tuple[str, ...]]:
        heads = [head for head in self._dataset.heads if head.kind == "categories"] if self._dataset is not None else []
        ticked = [box.isChecked() for box in self._ticks.boxes]
        return {head.name: head.categories for head, on in zip(heads, ticked, strict=True) if on}

    def _count(self) -> None:
        count = self._angles.value()
        chosen = self._chosen()
        for categories in chosen.values():
            count *= len(categories)
        self._sum.setText(f"{count:,} pictures in all." if chosen and count else "Choose a question with categories.")
        self._do.setEnabled(bool(chosen) and count > 0)

    def _make_every(self) -> None:
        from training.capture.plan import CapturePlan

        chosen, angles = self._chosen(), self._angles.value()
        self._save(lambda: CapturePlan.every(chosen, angles))

    def _choose_table(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Choose a table of what is to be taken", "", "Tables (*.csv)")
        if path:
            self.read_table(Path(path))

    def read_table(self, path: Path) -> None:
        """Make the plan of a CSV file."""
        from training.capture.plan import read_table

        heads = list(self.answers)
        self._save(lambda: read_table(path, heads))

    def _save(self, make: Callable[[], CapturePlan]) -> None:
        from training.capture.plan import save_plan

        dataset = self._dataset
        if dataset is None:
            return

        def work(store: DatasetStore) -> Progress:
            save_plan(plan_path(store.folder, dataset.id), make())
            return look(store, dataset)

        def done(progress: Progress) -> None:
            self._form.hide()
            self.show_progress(progress)

        self._around.acting.act(work, done)

    def drop(self) -> None:
        """Do without the plan; the pictures stay."""
        dataset = self._dataset
        if dataset is None:
            return

        def work(store: DatasetStore) -> Progress:
            plan_path(store.folder, dataset.id).unlink(missing_ok=True)
            return Progress(None, None, {})

        self._around.acting.act(work, self.show_progress)
