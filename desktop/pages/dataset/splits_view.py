"""Which pictures are for training, validation and the test: the table, and another division, looked at before it is
made.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.jobs import Context, Job, Jobs
from desktop.notices import Notices
from desktop.pages.dataset import dividing
from desktop.pages.dataset.acting import Acting
from desktop.pages.dataset.dividing import HOWS, SPLITS, Plan, Table, Wish
from desktop.pages.dataset.state import DatasetState
from desktop.pages.dataset.tab import Tab
from desktop.pages.dataset.wanted import SPLIT_WORDS
from desktop.pages.dataset.wording import counted
from desktop.theme import GAP
from desktop.widgets.figure_table import Column, FigureRow, FigureTable
from desktop.widgets.labels import button, label
from desktop.widgets.pick_button import PickButton
from desktop.widgets.radio_list import RadioList
from desktop.widgets.shares import Shares
from desktop.widgets.side_scroll import SideScroll

__all__ = ["SplitsView"]

_FORM = 280
_LEAST_NAME = 88
_NARROW = 72  # letters, under which the form stands below the table
_USUAL = (70, 15, 15)


class SplitsView(Tab):
    """The tab.

    Signals:
        planned: a division has been looked at.
    """

    planned = Signal()

    def __init__(
        self, state: DatasetState, jobs: Jobs, notices: Notices, acting: Acting, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._state, self._jobs, self._notices, self._acting = state, jobs, notices, acting
        self._table: Table | None = None
        self._plan: Plan | None = None
        self._seen: object = None
        self._job: Job | None = None
        self._seed = 0
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(GAP.lg, GAP.s, GAP.xl, GAP.lg)
        self._row.setSpacing(GAP.lg)
        self._row.addWidget(self._left(), 1)
        self._row.addWidget(SideScroll(self._form(), _FORM))

    def _left(self) -> QWidget:
        self._title = label("", "section")
        self._head = PickButton("Count by", {}, "")
        self._head.setMaximumWidth(220)
        self._head.chosen.connect(lambda _: self._look(force=True))
        columns = [Column(SPLIT_WORDS[split] if split else "None", "") for split in SPLITS]
        self.table = FigureTable("Category", [*columns, Column("All")], least=_LEAST_NAME)
        card = QFrame()
        card.setObjectName("card")
        framed = QVBoxLayout(card)
        framed.setContentsMargins(1, 1, 1, 1)
        framed.addWidget(self.table)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, GAP.s, 0)
        column.addWidget(card)
        column.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._head)
        whole = QWidget()
        outer = QVBoxLayout(whole)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(GAP.m)
        outer.addLayout(head)
        outer.addWidget(area, 1)
        return whole

    def _form(self) -> QWidget:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, GAP.xs, 0)
        column.setSpacing(GAP.s)
        column.addWidget(label("Divide anew", "section"))
        self.how = RadioList({str(how): words for how, words in HOWS.items()}, "stratified")
        self.how.chosen.connect(lambda _: self._changed())
        self.shares = Shares([SPLIT_WORDS[split] for split in SPLITS[:3]], _USUAL)
        self.shares.changed.connect(lambda _: self._changed())
        self._look_button = button("Preview", on_click=self.look_at)
        self._again = button("Draw again", on_click=self._draw_again, tip="Other pictures in the same shares")
        self._notices_label = label("", "caution", wrap=True)
        self._problem = label("", "bad", wrap=True)
        self._apply = button("Divide so", on_click=self.apply, tip="It can be undone")
        self._discard = button("Discard", on_click=self._changed)
        self._frozen = label("", "secondary", wrap=True)
        self._freeze = button("", on_click=self.freeze)
        for one in (self.how, self.shares):
            column.addWidget(one)
        first, second = QHBoxLayout(), QHBoxLayout()
        for layout, some in (
            (first, (self._look_button, self._again)),
            (second, (self._apply, self._discard)),
        ):
            layout.setSpacing(GAP.s)
            for two in some:
                layout.addWidget(two)
            layout.addStretch(1)
            column.addLayout(layout)
        for three in (self._notices_label, self._problem):
            column.addWidget(three)
        column.addSpacing(GAP.lg)
        column.addWidget(label("Test set", "section"))
        column.addWidget(self._frozen)
        foot = QHBoxLayout()
        foot.addWidget(self._freeze)
        foot.addStretch(1)
        column.addLayout(foot)
        column.addStretch(1)
        return form

    # -- showing ------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Follow the state."""
        shown = self._state.shown
        if shown is None:
            return
        names = [one.head.name for one in shown.heads if one.head.categories]
        value = self._head.value if self._head.value in names else next(iter(names), "")
        self._head.set_options({name: f"By {name}" for name in names}, value)
        self._head.setVisible(len(names) > 1)
        self._look()
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side where there is room."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW * self.fontMetrics().averageCharWidth()
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)

    def _look(self, *, force: bool = False) -> None:
        """Count anew what has changed."""
        shown = self._state.shown
        if shown is None:
            return
        seen = (shown.dataset.id, shown.undo, shown.items, shown.dataset.heads)
        if seen == self._seen and not force:
            return
        dataset, head = shown.dataset.id, self._head.value or None
        self._seen, self._plan = seen, None

        def counted_now(table: Table) -> None:
            if self._state.selected == dataset:
                self._table = table
                self._show()

        self._jobs.start(
            "Counting pictures",
            lambda _: dividing.read_table(self._state.store, dataset, head),
            on_done=counted_now,
            on_error=self._notices.error,
            visible=False,
        )

    def _show(self) -> None:
        plan, table = self._plan, self._table
        self._title.setText("As it would be" if plan is not None else "As it is")
        if table is not None:
            self.table.set_rows(_rows(table, plan.table if plan is not None else None))
        busy = self._job is not None
        self._look_button.setVisible(plan is None)
        self._look_button.setEnabled(not busy)
        for one in (self._again, self._apply, self._discard):
            one.setVisible(plan is not None)
        moves = len(plan.proposal.moves) if plan is not None else 0
        self._apply.setText(f"Divide so, moves {moves:,}" if moves else "Nothing would change")
        self._apply.setEnabled(moves > 0)
        notices = plan.proposal.notices if plan is not None else ()
        self._notices_label.setText("\n".join(notices))
        self._notices_label.setVisible(bool(notices))
        self._problem.setVisible(bool(self._problem.text()))
        frozen = table.frozen if table is not None else 0
        test = table.totals.get("test", 0) if table is not None else 0
        if not frozen and not test:
            self._frozen.setText("There is no test set yet. Once the pictures are divided, it can be fixed.")
        elif frozen:
            self._frozen.setText(
                f"{counted(frozen)} are fixed: no later division moves them, so figures stay comparable."
            )
            self._freeze.setText("Release it")
        else:
            self._frozen.setText("Fix it, and later divisions and fixes leave it alone: figures stay comparable.")
            self._freeze.setText(f"Fix the test set of {test:,}")
        self._freeze.setVisible(bool(frozen or test))

    # -- doing --------------------------------------------------------------------------------------------------------

    def _changed(self) -> None:
        """Another division is wished: what was looked at is of no use."""
        self._plan = None
        self._problem.setText("")
        self._show()

    def _draw_again(self) -> None:
        self._seed += 1
        self.look_at()

    def look_at(self) -> None:
        """See what the division would do; nothing is changed."""
        dataset = self._state.selected
        if dataset is None or self._job is not None:
            return
        train, val, test = self.shares.values
        wish = Wish(self.how.value, (train, val, test), self._head.value or None, self._seed)  # type: ignore[arg-type]

        def work(context: Context[object]) -> Plan:
            return dividing.plan(self._state.store, dataset, wish, cancel=context.cancel, on_progress=context.progress)

        def planned(found: Plan) -> None:
            if self._state.selected == dataset:
                self._plan = found
                self._problem.setText("")

        def ended(_: Job) -> None:
            self._job = None
            self._show()
            self.planned.emit()

        self._job = self._jobs.start(
            "Dividing",
            work,
            on_done=planned,
            on_error=self._problem.setText,
            on_end=ended,
            visible=wish.how in ("grouped", "source"),
        )
        self._show()

    def apply(self) -> None:
        """Divide as it was looked at."""
        plan = self._plan
        if plan is not None:
            self._acting.change(lambda store, dataset: dividing.apply(store, dataset, plan))

    def freeze(self) -> None:
        """Fix the test set, or release it."""
        frozen = self._table is not None and self._table.frozen
        self._acting.change(dividing.release if frozen else dividing.freeze)


def _rows(table: Table, after: Table | None) -> list[FigureRow]:
    """A row a category; where a division is looked at, with what comes and goes."""
    shown = after or table
    rows = [_row("All pictures", shown.totals, table.totals, strong=True)]
    names = {**table.rows, **shown.rows}
    rows += [_row(name or "Unlabelled", shown.rows.get(name, {}), table.rows.get(name, {})) for name in names]
    return rows


def _row(name: str, counts: Mapping[str, int], before: Mapping[str, int], *, strong: bool = False) -> FigureRow:
    figures, was = ([some.get(split, 0) for split in SPLITS] for some in (counts, before))
    note = "" if figures == was else "was " + " / ".join(f"{count:,}" for count in was[: 4 if was[3] else 3])
    return FigureRow(name, (*(f"{count:,}" for count in figures), f"{sum(figures):,}"), note, strong=strong)
