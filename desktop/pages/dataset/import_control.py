"""Carries files from a drop, a chooser or the sample over the panel into a dataset."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.jobs import Context, Job, Jobs
from desktop.notices import Notices
from desktop.pages.dataset import importing, joining
from desktop.pages.dataset.acting import Acting
from desktop.pages.dataset.importing import Came, Preview
from desktop.pages.dataset.new_panel import NewPanel, Wish
from desktop.pages.dataset.state import DatasetState

__all__ = ["ImportControl"]


class ImportControl(QObject):
    """Between the panel, the choosers and the background.

    Attributes:
        panel: a new dataset.

    Signals:
        panel_wanted: whether the panel is to be shown.
        told: what came of something, for the job bar, and links to act on it.
    """

    panel_wanted = Signal(bool)
    told = Signal(str, list)

    def __init__(self, state: DatasetState, jobs: Jobs, notices: Notices, acting: Acting, parent: QWidget) -> None:
        super().__init__(parent)
        self._state, self._jobs, self._notices, self._acting, self._window = state, jobs, notices, acting, parent
        self._looking: Job | None = None
        self.panel = NewPanel()
        self.panel.dismissed.connect(self._dismiss)
        self.panel.folder_wanted.connect(self.choose_folder)
        self.panel.file_wanted.connect(self.choose_file)
        self.panel.agreed.connect(self.make)
        self.panel.add_wanted.connect(self.add)

    def begin(self, way: str = "files", *, adding: bool = False) -> None:
        """Ask what is to be made, or with ``adding`` what is to come into the dataset that is open."""
        opened = self._state.dataset
        if opened is None:
            self.panel.begin(way)
        else:
            self.panel.begin(way, opened=opened.name, asked=opened.heads, adding=adding)
        self.panel_wanted.emit(True)
        self._jobs.start(
            "Looking for corrections",
            lambda _: importing.corrected_models(),
            on_done=self.panel.show_corrected,
            on_error=self.panel.show_problem,
            visible=False,
        )

    def take(self, paths: Sequence[Path], *, adding: bool = False) -> None:
        """Look at what was dropped or chosen, and say what it is before anything is done with it."""
        if not paths:
            return
        self.begin(adding=adding)
        self.panel.show_looking(paths[0].name or str(paths[0]))
        if self._looking is not None:
            self._looking.cancel()

        def ended(job: Job) -> None:
            if self._looking is job:
                self._looking = None

        self._looking = self._jobs.start(
            "Looking at files",
            lambda context: importing.look_into(paths, cancel=context.cancel),
            on_done=self.panel.show_preview,
            on_error=self.panel.show_problem,
            on_end=ended,
        )

    def choose_folder(self) -> None:
        """Let the person choose a folder, and look at it."""
        folder = QFileDialog.getExistingDirectory(self._window, "Choose a folder with pictures")
        self.take([Path(folder)] if folder else [])

    def choose_file(self) -> None:
        """Let the person choose files, and look at them."""
        files, _ = QFileDialog.getOpenFileNames(
            self._window, "Choose pictures, a zip, or a file with labels", "", "All files (*)"
        )
        self.take([Path(file) for file in files])

    def add_folder(self) -> None:
        """Look at a folder that is to come into the dataset that is open."""
        folder = QFileDialog.getExistingDirectory(self._window, "Choose a folder with pictures")
        self.take([Path(folder)] if folder else [], adding=True)

    def add_files(self) -> None:
        """Look at pictures that are to come into the dataset that is open."""
        files, _ = QFileDialog.getOpenFileNames(self._window, "Choose pictures, a zip, or a file with labels")
        self.take([Path(file) for file in files], adding=True)

    # -- the background -----------------------------------------------------------------------------------------------

    def make(self, wish: Wish) -> None:
        """Make the dataset."""
        if wish.way == "files" and wish.preview is not None:
            preview = wish.preview

            def bring(context: Context[object]) -> Came:
                return importing.bring(
                    self._state.store,
                    preview,
                    wish.name,
                    template=wish.template,
                    copy=wish.copy,
                    cancel=context.cancel,
                    on_progress=context.progress,
                )

            self._run(f"Bringing in {wish.name}", bring)
        elif wish.way == "sort":
            self._run("Making a dataset", lambda _: importing.from_sort(self._state.store, wish.name, wish.model))
        else:
            self._run(
                "Making a dataset",
                lambda _: Came(importing.make_empty(self._state.store, wish.name, wish.template), ""),
            )

    def add(self, preview: Preview, labels: bool, copy: bool) -> None:
        """Add what was looked at to the dataset that is open, with the labels that fit if ``labels``."""
        dataset = self._state.selected
        if dataset is None:
            return

        def work(context: Context[object]) -> Came:
            return joining.join(
                self._state.store,
                dataset,
                preview,
                labels=labels,
                copy=copy,
                cancel=context.cancel,
                on_progress=context.progress,
            )

        self._run("Adding pictures", work, undo=True)

    def try_sample(self, folder: Path) -> None:
        """Make a dataset of the program's own pictures."""

        def work(context: Context[object]) -> Came:
            return importing.sample(self._state.store, folder, cancel=context.cancel, on_progress=context.progress)

        self._run("Bringing in the sample", work)

    def _run(self, title: str, work: Callable[[Context[object]], Came], *, undo: bool = False) -> None:
        def done(came: Came) -> None:
            self.panel_wanted.emit(False)
            self._state.select(came.dataset)
            self._acting.look()
            if came.words:
                self.told.emit(came.words, [("Undo", self._acting.undo)] if undo else [])
            if came.problems:
                more = f" And {len(came.problems) - 1:,} more like it." if len(came.problems) > 1 else ""
                self._notices.warn(came.problems[0] + more)
                for sentence in came.problems:
                    self._notices.log(sentence)

        def failed(sentence: str) -> None:
            if self.panel.isVisible():
                self.panel.show_problem(sentence)
            else:
                self._notices.error(sentence)

        self.panel.set_busy(True)
        self._jobs.start(title, work, on_done=done, on_error=failed, on_end=lambda _: self.panel.set_busy(False))

    def _dismiss(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
        self.panel_wanted.emit(False)
