"""The Sort page: shows its state, and turns drops, clicks and keys into calls of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop.jobs import Context, Job, Jobs, JobState
from desktop.notices import Notices
from desktop.pages.sort.asking import Asking
from desktop.pages.sort.items import Filter
from desktop.pages.sort.state import Batch, SortState
from desktop.settings import Settings
from desktop.theme import GAP
from desktop.widgets.drop_area import DropArea
from desktop.widgets.drop_overlay import DropOverlay
from desktop.widgets.labels import button
from desktop.widgets.page import Page

if TYPE_CHECKING:
    from desktop.pages.sort.asking_control import AskingControl
    from desktop.pages.sort.choosing_control import ChoosingControl
    from desktop.pages.sort.correcting_control import CorrectingControl
    from desktop.pages.sort.results import Results
    from desktop.pages.sort.watching_control import WatchingControl
    from training.calibration import Calibration

__all__ = ["SortPage"]

_ASIDE, _ASIDE_WIDE, _WIDE = 320, 400, 1500  # as the inspector in desktop.pages.sort.results
_ROOMY, _TIGHT = 140, 80  # letters that the title row is wide: from here on all words, under it only the needed ones
_TAKE_MS = 40  # what has come in since the last time is shown together


class SortPage(Page):
    """The page.

    Signals:
        opened: the name of what was dropped, "" when cleared.
        told: what came of a job, for the job bar, and links to act on it.
        tile_side_changed: to be kept for the next start.
        model_changed: folder of the model that answers, None for the starter model; to be kept too.
        wrong_changed: share of the answers that may be wrong, 0 to 1, None for any; to be kept too.
    """

    opened = Signal(str)
    told = Signal(str, list)
    tile_side_changed = Signal(int)
    model_changed = Signal(object)
    wrong_changed = Signal(object)

    def __init__(
        self,
        state: SortState,
        jobs: Jobs,
        notices: Notices,
        *,
        sample: Path,
        tile_side: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Sort", parent)
        self.state, self._jobs, self._notices = state, jobs, notices
        self._sample, self._tile_side = sample, tile_side
        self._job: Job | None = None
        self._arranging = False
        self._waiting: list[list[Path]] = []
        self._actions_shown: list[QPushButton] = []
        self._results: Results | None = None
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty())
        self._across = QHBoxLayout()
        self._across.addWidget(self._stack, 1)
        self.body.addLayout(self._across)
        self._overlay = DropOverlay("Drop to add", self)
        self._asking = Asking()
        self.asking: AskingControl | None = None
        self._inbox: list[Batch] = []
        self._taking = QTimer(self, singleShot=True, interval=_TAKE_MS)
        self._taking.timeout.connect(self._take)
        # At once, so that what is on screen never lags behind the state it is painted from.
        state.changed.subscribe(lambda _: self._refresh())

    # -- building -----------------------------------------------------------------------------------------------------

    def _empty(self) -> QWidget:
        browse = button("Browse…", "primary")
        browse.setMenu(self._browse_menu())
        self._drop_area = DropArea(
            "images",
            "Drop textures, parts or a folder here",
            "Nothing is moved or sent anywhere. Answers appear as they are found.",
            [browse, button("Try the sample", on_click=lambda: self.drop([self._sample]))],
        )
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(GAP.xl, GAP.xs, GAP.xl, GAP.xl)
        column.addWidget(self._drop_area)
        return page

    def complete(self) -> Results:
        """Build what an empty page does not show; the window calls it after the first paint, a drop before that."""
        if self._results is None:
            from desktop.pages.sort.asking_control import AskingControl
            from desktop.pages.sort.results import Results  # a third of the window's widgets, and not seen at first
            from desktop.pages.sort.sorting import SortingState
            from desktop.pages.sort.sorting_control import SortingControl

            self._results = Results(self.state, self._tile_side)
            self._results.tile_side_changed.connect(self.tile_side_changed)
            self._stack.addWidget(self._results)
            clear = button("Clear", on_click=self._forget, tip="Empty this page; no file is touched")
            add = button("Add…")
            add.setMenu(self._browse_menu())
            self._export = button("Export…", on_click=self._choose_export, tip="Save the answers (Ctrl+E)")
            self._export.setShortcut("Ctrl+E")
            self.sorting = SortingControl(SortingState(self.state), self._jobs, self._notices, self._results)
            self._sort = button("Sort into folders…", "primary", on_click=self.sorting.begin)
            tip = "Look at the files that were left when it was stopped"
            self._go_on = button("Go on", on_click=lambda: self.drop(list(self.state.roots)), tip=tip)
            self.correcting = self._correcting(self._results)
            self.choosing = self._choosing()
            self.watching = self._watching(self._results)
            self.asking = AskingControl(
                self._asking, self._jobs, self._results.second_opinion, self._results.asked_about, self
            )
            self._results.promise.connect(self._promise)
            self.sorting.began.connect(self.watching.stop)
            self.sorting.ended.connect(self.watching.go_on)
            self._actions_shown = [self._go_on, self.watching.button, clear, add, self._export, self._sort]
            for one in self._actions_shown:
                one.setVisible(False)
                self.add_action(one)
            self._fit()
        return self._results

    def _correcting(self, results: Results) -> CorrectingControl:
        """What makes a correction of a key, a click or a drop; with its shortcuts."""
        from desktop.pages.sort.correcting import Correcting
        from desktop.pages.sort.correcting_control import CorrectingControl

        def visible() -> list[bytes]:
            answers = (self.state.items[number].answer for number in results.on_screen)
            return [answer.content_hash for answer in answers if answer is not None]

        control = CorrectingControl(Correcting(self.state), self._jobs, self._notices, visible, self)
        control.told.connect(self.told)
        control.turned.connect(results.show_items)
        control.calibrated.connect(self._calibrated)
        results.labelled.connect(control.label)
        results.accepted.connect(control.accept)
        results.cleared.connect(control.clear)
        results.set_refusal(control.state.refusal)
        keys = QKeySequence.StandardKey
        QShortcut(QKeySequence(keys.Undo), self, control.undo)
        for redo in {*QKeySequence.keyBindings(keys.Redo), QKeySequence("Ctrl+Y"), QKeySequence("Ctrl+Shift+Z")}:
            QShortcut(redo, self, control.redo)
        QShortcut(QKeySequence("Ctrl+Tab"), self, results.next_head)
        return control

    def _choosing(self) -> ChoosingControl:
        """What lets another model answer, and makes new ones."""
        from desktop.pages.sort.choosing import Choosing
        from desktop.pages.sort.choosing_control import ChoosingControl

        control = ChoosingControl(
            Choosing(self.state), self._jobs, self._notices, pause=self._pause, go_on=self._go_on_with, parent=self
        )
        control.chosen.connect(self.model_changed)
        control.panel_wanted.connect(self._show_panel)
        control.panel.hide()
        self.add_beside_title(control.button)
        self._across.addWidget(control.panel)
        return control

    def _watching(self, results: Results) -> WatchingControl:
        """What answers files as they come."""
        from desktop.pages.sort.watching import Watching
        from desktop.pages.sort.watching_control import WatchingControl

        control = WatchingControl(Watching(self.state), self._jobs, self._notices, results.renew, self)
        control.told.connect(self.told)
        return control

    def _browse_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction("Folder…", self._browse_folder)
        menu.addAction("Files or zip…", self._browse_files)
        return menu

    def set_online(self, settings: Settings) -> None:
        """The settings of the online model."""
        if self.asking is not None:
            self.asking.configure(settings)
        else:
            self._asking.configure(settings)

    # -- what a person does -------------------------------------------------------------------------------------------

    def drop(self, paths: Sequence[Path]) -> None:
        """Look at ``paths`` now, or after what is being looked at already."""
        if not paths:
            return
        if self._job is not None:
            self._waiting.append(list(paths))
            return
        self.state.begin(paths)
        self.opened.emit(_title(self.state.roots))
        self._job = self._jobs.start(
            "Looking at pictures",
            lambda context: self._classify(context, list(paths)),
            on_item=self._receive,
            on_error=self._notices.error,
            on_end=self._ended,
        )

    def select(self, numbers: Sequence[int]) -> None:
        """Select pictures, as if they had been clicked."""
        self.complete().select(numbers)

    def follow(self) -> None:
        """Learn what has been corrected in another window meanwhile."""
        if self._results is not None:
            self.correcting.follow()

    def set_hot(self, hot: bool) -> None:
        """Whether something that may be dropped hovers over the window."""
        self._drop_area.set_hot(hot)
        if hot and self._stack.currentIndex() == 1:
            self._overlay.cover()
        else:
            self._overlay.hide()

    def export(self, path: Path) -> None:
        """Save every answer and failure to ``path``, as its ending says."""
        self._jobs.start(
            "Saving",
            lambda _: self.state.export(path),
            on_done=lambda count: self.told.emit(f"Saved {count:,} answers to {path.name}.", []),
            on_error=self._notices.error,
        )

    def close_page(self) -> None:
        """Stop loading pictures; the jobs are stopped by whoever made them."""
        if self._results is not None:
            self._results.close_loaders()
            self.choosing.close()
            self.correcting.forget()
        self._asking.close()

    def _browse_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Choose a folder with pictures")
        self.drop([Path(folder)] if folder else [])

    def _browse_files(self) -> None:
        files, _ = QFileDialog.getOpenFileNames(self, "Choose pictures or a zip")
        self.drop([Path(file) for file in files])

    def _choose_export(self) -> None:
        suggested = f"{_title(self.state.roots) or 'answers'}.csv"
        name, kind = QFileDialog.getSaveFileName(self, "Save the answers", suggested, "CSV (*.csv);;JSON (*.json)")
        if not name:
            return
        path = Path(name)
        if path.suffix.lower() not in (".csv", ".json"):
            path = path.with_name(path.name + (".json" if "JSON" in kind else ".csv"))
        self.export(path)

    def _forget(self) -> None:
        self._waiting.clear()
        self._inbox.clear()
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self.state.clear()
        self.correcting.forget()
        self.complete().forget()
        self.watching.follow()
        self.opened.emit("")

    def _promise(self, wrong: float | None) -> None:
        self.state.wrong = wrong
        self.wrong_changed.emit(wrong)
        self._refresh()
        self.correcting.settle()

    def _calibrated(self, found: Calibration) -> None:
        self._refresh()
        if found.wrong != self.state.wrong:  # another share has been chosen meanwhile
            QTimer.singleShot(0, self.correcting.settle)

    # -- another model ------------------------------------------------------------------------------------------------

    def _pause(self) -> bool:
        """Let everything that uses the model come to its end; whether it has."""
        self._waiting.clear()
        if self._job is not None:
            self._job.cancel()
        self.watching.stop()
        return self._job is None and not self.correcting.busy and not self.watching.busy

    def _go_on_with(self) -> None:
        """Another model answers from now on."""
        self.correcting.forget()
        self.complete().select(())
        self.drop(self.state.places)
        self.watching.follow()

    def _show_panel(self, shown: bool) -> None:
        self.choosing.panel.setVisible(shown)
        self.complete().set_alone(shown)

    # -- the background -----------------------------------------------------------------------------------------------

    def _classify(self, context: Context[Batch], paths: list[Path]) -> None:
        self.state.classify(paths, cancel=context.cancel, emit=context.emit, on_progress=context.progress)

    def _receive(self, batch: Batch) -> None:
        self._inbox.append(batch)
        if not self._taking.isActive():
            self._taking.start()

    def _take(self) -> None:
        batches, self._inbox = self._inbox, []
        self.state.take(batches)

    def _ended(self, job: Job) -> None:
        if job is not self._job:
            return
        self._job = None
        self._take()
        self.state.end()
        if self._waiting:
            self.drop(self._waiting.pop(0))
            return
        self.correcting.settle()
        if job.state is JobState.DONE:
            self.told.emit(self._summary(), [])

    def _summary(self) -> str:
        count, failed = self.state.counts[Filter.ALL], self.state.counts[Filter.FAILED]
        looked = f"Looked at {count:,} {'file' if count == 1 else 'files'}"
        return f"{looked}, {failed:,} could not be read." if failed else f"{looked}."

    def _arrange(self) -> None:
        """Find out which pictures look alike, where they are to stand together."""
        if self._arranging or not self.state.places_wanted:
            return
        self._arranging = True

        def work(_: Context[None]) -> dict[bytes, int]:
            from desktop.pages.sort.alike import arrange

            return arrange(self.state)

        def ended(_: Job) -> None:
            self._arranging = False

        self._jobs.start(
            "Putting look-alikes together",
            work,
            on_done=self.state.take_places,
            on_error=self._notices.error,
            on_end=ended,
        )

    # -- showing ------------------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        state = self.state
        opened = bool(state.items or state.running)
        results = self.complete()
        self._stack.setCurrentIndex(1 if opened else 0)
        stopped = state.pending > 0 and not state.running
        for one in self._actions_shown:  # each once: what is shown and hidden again costs a layout every time
            one.setVisible(opened and (stopped or one is not self._go_on))
        self._export.setEnabled(state.counts[Filter.ALL] > 0)
        self._sort.setEnabled(state.counts[Filter.ALL] > state.counts[Filter.FAILED] and not state.running)
        count = len(state.items)
        title = f"{_title(state.roots)}  /  {count:,} {'file' if count == 1 else 'files'}"
        self.set_subtitle(title if opened else "")
        results.refresh()
        self._arrange()
        self.choosing.refresh()
        self.watching.follow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fewer words where there is little room."""
        super().resizeEvent(event)
        if self._results is not None:
            self._fit()

    def _fit(self) -> None:
        self.choosing.panel.setFixedWidth(_ASIDE_WIDE if self.width() >= _WIDE else _ASIDE)
        letters = self.width() / self.fontMetrics().averageCharWidth()
        self.watching.button.set_narrow(letters < _ROOMY)
        self._sort.setText("Sort…" if letters < _TIGHT else "Sort into folders…")


def _title(roots: Sequence[Path]) -> str:
    if not roots:
        return ""
    first = roots[0].name or str(roots[0])
    return first if len(roots) == 1 else f"{first} and {len(roots) - 1} more"
