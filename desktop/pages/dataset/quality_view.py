"""What is wrong with a dataset: findings, the worst first, each with its pictures and its fix; and the map."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.jobs import Context, Job, Jobs, Loader
from desktop.notices import Notices
from desktop.pages.dataset.acting import Acting
from desktop.pages.dataset.checking import Checked, Checking, check, fix, load, since, when
from desktop.pages.dataset.finding_row import THUMB_SIDE, FindingRow
from desktop.pages.dataset.map_panel import MapPanel
from desktop.pages.dataset.state import DatasetState
from desktop.pages.dataset.tab import Tab
from desktop.pages.dataset.wording import counted
from desktop.theme import GAP
from desktop.widgets.labels import button, label
from desktop.widgets.pixels import to_image

__all__ = ["QualityView"]

_THUMBS = 12
_NARROW = 80  # letters, under which the map stands below the findings and is scrolled with them
_LONGEST = 48  # letters over the pictures of a finding
_INTRO = (
    "Duplicates, leaks between the splits, blurred, dark and empty pictures, odd sizes, unreadable files, the balance "
    "of the categories, and labels that are probably wrong. Nothing is changed by looking."
)


class QualityView(Tab):
    """The tab.

    Signals:
        show_wanted: items are to be shown, and what they are.
    """

    show_wanted = Signal(list, str)

    def __init__(
        self, state: DatasetState, jobs: Jobs, notices: Notices, acting: Acting, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._state, self._jobs, self._notices, self._acting = state, jobs, notices, acting
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.checking = Checking()
        self._job: Job | None = None
        self._words = ""
        self._shown: Checked | None = None
        self.rows: list[FindingRow] = []
        self._thumbs: Loader[QImage] = Loader(self._load, self._show_thumb, self)
        self._wanted: dict[int, int] = {}  # place of a thumbnail over all rows -> item
        self._summary = label("", "secondary", wrap=True)
        self._check = button("Check", on_click=self.check)
        self.map = MapPanel(state)
        self.map.show_wanted.connect(self.show_wanted)
        head = QHBoxLayout()
        head.setContentsMargins(GAP.lg, 0, GAP.xl, 0)
        head.addWidget(self._summary, 1)
        head.addWidget(self._check)
        self._list = QVBoxLayout()
        self._list.setSpacing(GAP.s)
        inside = QWidget()
        inside.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # never wider than its place
        self._column = column = QVBoxLayout(inside)
        column.setContentsMargins(GAP.lg, 0, GAP.s, GAP.lg)
        column.setSpacing(GAP.lg)
        column.addLayout(self._list)
        column.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self._across = across = QHBoxLayout()
        across.setContentsMargins(0, 0, GAP.xl, GAP.lg)
        across.setSpacing(GAP.s)
        across.addWidget(area, 3)
        across.addWidget(self.map, 2)
        results = QWidget()
        outer = QVBoxLayout(results)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(GAP.m)
        outer.addLayout(head)
        outer.addLayout(across, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty())
        self._stack.addWidget(results)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, GAP.s, 0, 0)
        whole.addWidget(self._stack)

    def _empty(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(GAP.xxl, GAP.xl, GAP.xxl, GAP.xl)
        column.setSpacing(GAP.m)
        column.addStretch(1)
        title = label("Is anything wrong with these pictures?", "title", wrap=True)
        intro = label(_INTRO, "secondary", wrap=True)
        intro.setMaximumWidth(560)
        self._first = button("Check", on_click=self.check)
        self._running = label("", "secondary")
        for one in (title, intro, self._running):
            one.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(title)
        for two in (intro, self._first, self._running):
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(two, 4 if two is intro else 0)
            row.addStretch(1)
            column.addLayout(row)
        column.addStretch(2)
        return page

    # -- showing ------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Follow the state."""
        dataset, shown = self._state.selected, self._state.shown
        checked = self.checking.checked.get(dataset) if dataset is not None else None
        self._stack.setCurrentIndex(0 if checked is None else 1)
        busy = self._job is not None
        self._first.setEnabled(not busy and shown is not None and shown.items > 0)
        self._running.setText(self._words)
        self._check.setEnabled(not busy)
        self._check.setText("Check again")
        if checked is None or shown is None:
            self._look_for_kept()
            return
        if checked is not self._shown:
            self._shown = checked
            self._fill(checked)
        done = {step.id for step in shown.steps}
        for place, row in enumerate(self.rows):
            row.set_fixed(self.checking.fixed.get((shown.dataset.id, place)) in done)
        last = shown.undo.id if shown.undo is not None else None
        count, looked = len(checked.report.findings), counted(len(checked.report.ids))
        said = f"Nothing found in {looked}." if not count else f"{counted(count, 'finding')} in {looked}, worst first."
        changed = since(checked, shown.steps, last)
        if busy:
            said = self._words
        elif when(checked):
            said += f" Checked {when(checked)}" + (f", {changed}; check again to see what is left." if changed else ".")
        self._summary.setText(said)
        self.map.show_map(checked)

    def _look_for_kept(self) -> None:
        """Ask once whether the report of an earlier check was kept."""
        dataset = self._state.selected
        if dataset is None or self._state.shown is None or self._job is not None or dataset in self.checking.asked:
            return
        self.checking.asked.add(dataset)
        self._jobs.start(
            "Reading the last report",
            lambda _: load(self._state.store, dataset),
            on_done=partial(self._restore, dataset),
            on_error=self._notices.error,
            visible=False,
        )

    def _restore(self, dataset: int, loaded: tuple[Checked, Mapping[int, int]] | None) -> None:
        self.checking.restore(dataset, loaded)
        if loaded is not None:
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side where there is room."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW * self.fontMetrics().averageCharWidth()
        self.map.setMinimumHeight(self.height() * 2 // 3 if narrow else 0)
        if narrow == (self._across.indexOf(self.map) < 0):
            return
        if narrow:
            self._across.removeWidget(self.map)
            self._column.insertWidget(1, self.map)
        else:
            self._column.removeWidget(self.map)
            self._across.addWidget(self.map, 2)

    def _fill(self, checked: Checked) -> None:
        for old in self.rows:
            self._list.removeWidget(old)
            old.hide()  # at once; deleting waits for the event loop
            old.deleteLater()
        self.rows, self._wanted = [], {}
        for place, finding in enumerate(checked.report.findings):
            count = min(_THUMBS, len(finding.items))
            ways = [offer.words for offer in finding.offers]
            row = FindingRow(finding.severity, finding.words, len(finding.items), ways, count)
            row.show_wanted.connect(partial(self._show, place))
            row.fix_wanted.connect(partial(self.fix, place))
            self._list.addWidget(row)
            self.rows.append(row)
            for at, item in enumerate(finding.items[:count]):
                self._wanted[place * _THUMBS + at] = item
        self._thumbs.want(list(self._wanted))

    def _show(self, place: int) -> None:
        if self._shown is not None:
            finding = self._shown.report.findings[place]
            self.show_wanted.emit(list(finding.items), _short(finding.words))

    # -- doing --------------------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Look for what is wrong."""
        dataset, shown = self._state.selected, self._state.shown
        if dataset is None or shown is None or self._job is not None:
            return

        def work(context: Context[str]) -> Checked:
            return check(
                self._state.store,
                dataset,
                cancel=context.cancel,
                on_progress=context.progress,
                on_step=context.emit,
            )

        def ended(_: Job) -> None:
            self._job, self._words = None, ""
            self.refresh()

        self.setFocus()  # the button is about to lose it
        self._words = "Looking at the pictures…"
        self._job = self._jobs.start(
            f"Checking {shown.dataset.name}",
            work,
            on_item=self._step,
            on_done=partial(self.checking.take, dataset),
            on_error=self._notices.error,
            on_end=ended,
        )
        self.refresh()

    def _step(self, words: str) -> None:
        self._words = f"{words}…" if words else ""
        self.refresh()

    def fix(self, place: int, choice: int = 0) -> None:
        """Put right what a finding is about, by one of its ways; it can be undone."""
        dataset, checked = self._state.selected, self._shown
        if dataset is None or checked is None:
            return

        def change(step: int | None) -> None:
            if step is not None:
                self.checking.fixed[dataset, place] = step
                self.refresh()
                last = self._state.shown.undo if self._state.shown is not None else None
                words = last.action if last is not None and last.id == step else "Fixed"
                self._acting.told.emit(f"{words}.", [("Undo", self._acting.undo)])
            else:
                self._acting.told.emit("There is nothing left to change.", [])

        self._acting.act(lambda store: fix(store, dataset, checked, place, choice), change)

    # -- thumbnails ---------------------------------------------------------------------------------------------------

    def _load(self, key: int) -> QImage | None:
        from desktop.actions.pictures import load_thumbnail

        item = self._state.load_item(self._wanted[key])
        if item is None:
            return None
        pixels = load_thumbnail(item.place.source, THUMB_SIDE * 2)
        return to_image(pixels.width, pixels.height, pixels.data)

    def _show_thumb(self, key: int, picture: QImage | None) -> None:
        place, at = divmod(key, _THUMBS)
        if place < len(self.rows):
            self.rows[place].pictures.set_picture(at, picture)

    def close_view(self) -> None:
        """Stop loading."""
        self._thumbs.close()


def _short(words: str) -> str:
    """The first part of a sentence, to stand over pictures."""
    for sign in (";", ":", ",", "."):
        head, found, _ = words.partition(sign)
        if found and len(head) <= _LONGEST:
            return head
    return words[: _LONGEST - 1] + "…" if len(words) > _LONGEST else words
