"""What is wrong with a dataset: findings, the worst first, each with its pictures and its fix; and the map."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
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
from desktop.pages.dataset.checking import SEVERITY_ICONS, Checked, Checking, check, fix
from desktop.pages.dataset.map_panel import MapPanel
from desktop.pages.dataset.state import DatasetState
from desktop.pages.dataset.tab import Tab
from desktop.pages.dataset.wording import counted
from desktop.theme import GAP, draw_icon, tokens
from desktop.widgets.labels import button, label
from desktop.widgets.picture_row import PictureRow
from desktop.widgets.pixels import to_image
from desktop.widgets.wrap import Wrap

__all__ = ["QualityView"]

_THUMBS = 12
_SIDE = 48
_NARROW = 80  # letters, under which the map stands below the findings
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
        column = QVBoxLayout(inside)
        column.setContentsMargins(GAP.lg, 0, GAP.s, GAP.lg)
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
        if busy:
            said = self._words
        elif last != checked.last_step:
            said += " Something has been changed since; check again to see what is left."
        self._summary.setText(said)
        self.map.show_map(checked)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side where there is room."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW * self.fontMetrics().averageCharWidth()
        self._across.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)

    def _fill(self, checked: Checked) -> None:
        for old in self.rows:
            self._list.removeWidget(old)
            old.hide()  # at once; deleting waits for the event loop
            old.deleteLater()
        self.rows, self._wanted = [], {}
        for place, finding in enumerate(checked.report.findings):
            count = min(_THUMBS, len(finding.items))
            row = FindingRow(finding.severity, finding.words, len(finding.items), finding.fix_words, count)
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

    def fix(self, place: int) -> None:
        """Put right what a finding is about; it can be undone."""
        dataset, checked = self._state.selected, self._shown
        if dataset is None or checked is None:
            return
        finding = checked.report.findings[place]

        def change(step: int | None) -> None:
            if step is not None:
                self.checking.fixed[dataset, place] = step
                self.refresh()
                last = self._state.shown.undo if self._state.shown is not None else None
                words = last.action if last is not None and last.id == step else "Fixed"
                self._acting.told.emit(f"{words}.", [("Undo", self._acting.undo)])
            else:
                self._acting.told.emit("There is nothing left to change.", [])

        self._acting.act(lambda store: fix(store, dataset, finding), change)

    # -- thumbnails ---------------------------------------------------------------------------------------------------

    def _load(self, key: int) -> QImage | None:
        from desktop.actions.pictures import load_thumbnail

        item = self._state.load_item(self._wanted[key])
        if item is None:
            return None
        pixels = load_thumbnail(item.place.source, _SIDE * 2)
        return to_image(pixels.width, pixels.height, pixels.data)

    def _show_thumb(self, key: int, picture: QImage | None) -> None:
        place, at = divmod(key, _THUMBS)
        if place < len(self.rows):
            self.rows[place].pictures.set_picture(at, picture)

    def close_view(self) -> None:
        """Stop loading."""
        self._thumbs.close()


class FindingRow(QFrame):
    """One finding.

    Signals:
        show_wanted: its pictures are to be shown.
        fix_wanted: it is to be put right.
    """

    show_wanted = Signal()
    fix_wanted = Signal()

    def __init__(self, severity: str, words: str, count: int, fix_words: str, thumbs: int) -> None:
        super().__init__()
        self.setObjectName("card")
        self.words = words
        self.pictures = PictureRow(_SIDE)
        self.pictures.set_count(thumbs)
        said = label(words, wrap=True)
        self.show_button = button(f"Show {count:,}", on_click=self.show_wanted.emit)
        self.show_button.setVisible(count > 0)
        self.fix_button = button("Fix", on_click=self.fix_wanted.emit, tip=f"{fix_words}; it can be undone")
        self._fix_words = label(fix_words, "secondary", wrap=True)
        self.fix_button.setVisible(bool(fix_words))
        self._fixed = label("Fixed", "accent")
        self._fixed.hide()
        self._fixes = bool(fix_words)
        top = QHBoxLayout()
        top.setSpacing(GAP.m)
        top.addWidget(_Sign(severity), 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(said, 1)
        foot = Wrap(spacing=GAP.s)
        foot.setContentsMargins(18 + GAP.m, 0, 0, 0)
        for one in (self.show_button, self.fix_button, self._fixed):
            foot.addWidget(one)
        foot.begin_second()  # all of them stand at the left
        thumbs_row = QHBoxLayout()
        thumbs_row.setContentsMargins(18 + GAP.m, 0, 0, 0)
        thumbs_row.addWidget(self.pictures)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP.m, GAP.m, GAP.m, GAP.m)
        column.setSpacing(GAP.s)
        column.addLayout(top)
        if thumbs:
            column.addLayout(thumbs_row)
        if fix_words:
            said_row = QHBoxLayout()
            said_row.setContentsMargins(18 + GAP.m, 0, 0, 0)
            said_row.addWidget(self._fix_words)
            column.addLayout(said_row)
        if count or fix_words:
            column.addLayout(foot)

    def set_fixed(self, fixed: bool) -> None:
        """Whether it was put right."""
        self._fixed.setVisible(fixed)
        self._fix_words.setVisible(self._fixes and not fixed)
        self.fix_button.setVisible(self._fixes and not fixed)


class _Sign(QWidget):
    """How bad it is."""

    def __init__(self, severity: str) -> None:
        super().__init__()
        self._severity = severity
        words = {"error": "Spoils training or measuring", "warning": "Probably a problem", "hint": "Worth a look"}
        self.setToolTip(words.get(severity, ""))
        self.setAccessibleName(words.get(severity, ""))
        self.setFixedSize(QSize(18, 18))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = tokens(self.palette())
        colour = {"error": colours.bad, "warning": colours.caution}.get(self._severity, colours.secondary)
        painter = QPainter(self)
        draw_icon(painter, SEVERITY_ICONS.get(self._severity, "info"), colour, QRectF(self.rect()))
        event.accept()


def _short(words: str) -> str:
    """The first part of a sentence, to stand over pictures."""
    for sign in (";", ":", ",", "."):
        head, found, _ = words.partition(sign)
        if found and len(head) <= _LONGEST:
            return head
    return words[: _LONGEST - 1] + "…" if len(words) > _LONGEST else words
