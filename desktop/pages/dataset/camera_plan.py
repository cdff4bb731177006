"""What lies under the camera, and the plan: what is done of it, and what comes next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.pages.dataset.camera_answers import CameraAnswers
from desktop.pages.dataset.camera_plan_form import CameraPlanForm
from desktop.pages.dataset.capturing import Progress, look, plan_path
from desktop.pages.dataset.tab import Around
from desktop.theme import GAP
from desktop.widgets.labels import button, label
from desktop.widgets.row_list import Row, RowList
from desktop.widgets.side_scroll import SideScroll

if TYPE_CHECKING:
    from training.capture.plan import CapturePlan
    from training.datasets.heads import HeadDef
    from training.datasets.records import Dataset
    from training.datasets.store import DatasetStore

__all__ = ["CameraPlan"]

_WIDTH = 320
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
        self._dataset: Dataset | None = None
        self._progress = Progress(None, None, {})
        self.questions = CameraAnswers()
        self.questions.changed.connect(self.changed)
        self.questions.named.connect(self._add_category)
        self.form = CameraPlanForm()
        self.form.every.connect(self._make_every)
        self.form.table.connect(self.read_table)
        self._words = label("", "secondary", wrap=True)
        self._next = button("", on_click=self.go_on, tip="Label what is taken so")
        self.missing = RowList(most=8)
        self.missing.setAccessibleName("What is still missing")
        self.missing.clicked.connect(self._choose)
        self._make = button("Make a plan…", on_click=lambda: self.form.begin(self._heads()))
        self._drop = button("Drop the plan", on_click=self.drop, tip="The pictures stay")
        self._lay_out()

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, GAP.s, GAP.xs, GAP.lg)
        column.setSpacing(GAP.s)
        column.addWidget(label("What lies under the camera", "section", wrap=True))
        column.addWidget(self.questions)
        column.addSpacing(GAP.m)
        column.addWidget(label("Plan", "section"))
        for one in (self._words, self._next, self.missing):
            column.addWidget(one)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP.s)
        buttons.addWidget(self._make)
        buttons.addWidget(self._drop)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addWidget(self.form)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(SideScroll(body, _WIDTH))

    # -- answers ------------------------------------------------------------------------------------------------------

    @property
    def answers(self) -> dict[str, str]:
        """Question -> category of what is taken; "" for none."""
        return self.questions.answers

    def set_dataset(self, dataset: Dataset) -> None:
        """Ask the questions of a dataset that have categories."""
        self._dataset = dataset
        self.questions.set_heads(self._heads())
        self._make.setEnabled(bool(self._heads()))

    def _heads(self) -> list[HeadDef]:
        heads = self._dataset.heads if self._dataset is not None else ()
        return [head for head in heads if head.kind == "categories"]

    def _add_category(self, head: str, name: str) -> None:
        if self._dataset is not None:
            dataset = self._dataset.id
            self._around.acting.act(lambda store: store.add_category(dataset, head, name))

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
        self.questions.give(dict(zip(plan.heads, labels, strict=True)))

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

    # -- making and dropping it ---------------------------------------------------------------------------------------

    def _make_every(self, answers: dict[str, tuple[str, ...]], angles: int) -> None:
        from training.capture.plan import CapturePlan

        self._save(lambda: CapturePlan.every(answers, angles))

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
            self.form.hide()
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
