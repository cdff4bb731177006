"""The Models page: the library, and what can be done with a model, one view at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from desktop.jobs import Jobs
from desktop.notices import Notices
from desktop.pages.models.exporting_control import ExportingControl
from desktop.pages.models.importing_control import ImportingControl
from desktop.pages.models.library_control import LibraryControl
from desktop.pages.models.library_view import LibraryView
from desktop.pages.models.needed_engine import NeededEngine
from desktop.pages.models.state import ModelsState
from desktop.pages.settings.engine_control import EngineControl

if TYPE_CHECKING:
    from desktop.pages.models.assistant_view import AssistantView
    from desktop.pages.models.compare_view import CompareView
    from desktop.pages.models.smaller_view import SmallerView
    from desktop.pages.models.try_view import TryView
    from desktop.pages.sort.choosing import NewModel
    from desktop.pages.sort.new_model_panel import NewModelPanel

__all__ = ["ModelsPage"]

_ENDINGS = "*.ps2model *.onnx *.pt *.pth *.ckpt *.safetensors *.keras *.h5 *.hdf5 *.pb"

View = TypeVar("View", "AssistantView", "CompareView", "SmallerView", "TryView")


class ModelsPage(QStackedWidget):
    """The page.

    Args:
        state: what is known.
        jobs: the background.
        notices: for what there is to tell.
        choose: lets the model in a folder answer on the Sort page, None for the starter model.
        engines: PyTorch and TensorFlow, which convert.

    Signals:
        changed: the library has: what lists models elsewhere is to look again.
        told: what came of something, for the job bar, and links to act on it.
    """

    changed = Signal()
    told = Signal(str, list)

    def __init__(
        self,
        state: ModelsState,
        jobs: Jobs,
        notices: Notices,
        *,
        choose: Callable[[Path | None], None],
        engines: EngineControl,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.state, self._jobs, self._notices = state, jobs, notices
        self.library = LibraryView(state)
        self.addWidget(self.library)
        self.control = LibraryControl(state, jobs, notices, self.library, choose=choose, parent=self)
        self.control.changed.connect(self.changed)
        self.control.told.connect(self.told)
        self.needed = NeededEngine(engines, self)
        self.needed.panel_wanted.connect(self._show_panel)
        self.importing = ImportingControl(state, jobs, notices, self.needed, self)
        self.importing.panel_wanted.connect(self._show_panel)
        self.importing.assistant_wanted.connect(self._assist)
        self.importing.installed.connect(lambda folder, use: self.control.joined(folder, use=use))
        self.exporting = ExportingControl(jobs, notices, self)
        self.exporting.panel_wanted.connect(
            lambda shown: self.library.show_panel(self.exporting.panel if shown else None)
        )
        self._assistant: AssistantView | None = None
        self._try: TryView | None = None
        self._compare: CompareView | None = None
        self._smaller: SmallerView | None = None
        self._new: NewModelPanel | None = None
        self._connect()

    def _connect(self) -> None:
        library, inspector = self.library, self.library.inspector
        library.import_wanted.connect(self._choose_files)
        library.new_wanted.connect(self._wish)
        library.compare_wanted.connect(self.compare)
        inspector.compare_wanted.connect(self.compare)
        inspector.try_wanted.connect(self.try_out)
        inspector.smaller_wanted.connect(self.make_smaller)
        inspector.export_wanted.connect(self.export)

    # -- what a person does -------------------------------------------------------------------------------------------

    def take(self, paths: Sequence[Path]) -> None:
        """Look at the files of models, one after another."""
        self.importing.take(paths)

    def export(self) -> None:
        """Ask what is to be passed on of the model that is looked at."""
        entry = self.state.entry
        if entry is not None and not entry.problem:
            self.exporting.begin(entry)

    def try_out(self) -> None:
        """Try the model that is looked at on pictures."""
        if self._try is None:
            from desktop.pages.models.try_view import TryView

            self._try = self._added(TryView(self._jobs, self._notices))
        self.setCurrentWidget(self._try)
        self._try.open(self.state.selected)

    def compare(self) -> None:
        """See which of the models is better, the one that is looked at first."""
        if self._compare is None:
            from desktop.pages.models.compare_view import CompareView

            self._compare = self._added(CompareView(self._jobs, self._notices))
        self.setCurrentWidget(self._compare)
        self._compare.open(self.state.comparable)

    def make_smaller(self) -> None:
        """Make a smaller model of the one that is looked at."""
        if self._smaller is None:
            from desktop.pages.models.smaller_view import SmallerView

            self._smaller = self._added(SmallerView(self._jobs, self._notices))
        self.setCurrentWidget(self._smaller)
        self._smaller.open(self.state.selected)

    def follow(self) -> None:
        """Another model answers on the Sort page now."""
        self.control.follow()

    def set_hot(self, hot: bool) -> None:
        """Whether a file of a model hovers over the window."""
        if hot:
            self.setCurrentWidget(self.library)
        self.library.set_hot(hot)

    def close_page(self) -> None:
        """Put away what is open."""
        self.importing.close()
        if self._smaller is not None:
            self._smaller.close_view()

    @property
    def takes_pictures(self) -> bool:
        """Whether a view is shown that takes pictures that are dropped on it."""
        return self.currentWidget() is not self.library

    def showEvent(self, event: QShowEvent) -> None:
        """Read the library anew: the command line may have changed it, or another window."""
        super().showEvent(event)
        self.control.look()

    def _choose_files(self) -> None:
        files, _ = QFileDialog.getOpenFileNames(self, "Choose models", "", f"Models ({_ENDINGS});;All files (*)")
        self.take([Path(file) for file in files])

    # -- a model that knows nothing yet -------------------------------------------------------------------------------

    def _wish(self) -> None:
        if self._new is None:
            from desktop.pages.sort.new_model_panel import NewModelPanel

            self._new = NewModelPanel()
            self._new.agreed.connect(self._make)
            self._new.dismissed.connect(lambda: self.library.show_panel(None))
            self._new.table_chosen.connect(self._read_table)
        self._new.begin()
        self.library.show_panel(self._new)
        self._new.focus_name()

    def _make(self, wish: NewModel) -> None:
        panel = self._new
        if panel is None:
            return

        def made(folder: Path) -> None:
            self.library.show_panel(None)
            self.control.joined(folder, use=False)

        self._jobs.start(
            "Making a model",
            lambda _: self.state.make(wish),
            on_done=made,
            on_error=panel.show_problem,
            visible=False,
        )

    def _read_table(self, table: Path) -> None:
        panel = self._new
        if panel is not None:
            self._jobs.start(
                "Reading a table",
                lambda _: self.state.questions_of(table),
                on_done=partial(panel.show_table, table),
                on_error=panel.show_problem,
                visible=False,
            )

    # -- views --------------------------------------------------------------------------------------------------------

    def _show_panel(self, panel: QWidget | None) -> None:
        if panel is not None:
            self.setCurrentWidget(self.library)
        self.library.show_panel(panel)

    def _assist(self, path: Path, notes: list[tuple[str, str]]) -> None:
        if self._assistant is None:
            from desktop.pages.models.assistant_view import AssistantView

            self._assistant = self._added(AssistantView(self._jobs, self._notices))
            self._assistant.closed.connect(self.importing.go_on)
            self._assistant.installed.connect(lambda _folder: self.importing.go_on())
        self.setCurrentWidget(self._assistant)
        self._assistant.open(path, notes)

    def _added(self, view: View) -> View:
        """``view``, to be shown in place of the library until the person goes back or something was installed."""
        self.addWidget(view)
        view.closed.connect(lambda: self.setCurrentWidget(self.library))
        view.installed.connect(self._joined)
        return view

    def _joined(self, folder: Path) -> None:
        self.setCurrentWidget(self.library)
        self.control.joined(folder, use=False)
