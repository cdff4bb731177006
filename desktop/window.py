"""The main window: rail, pages, notices, job bar. Shown first, then everything heavy is loaded behind it."""

from __future__ import annotations

import base64
import gc
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from desktop import settings as settings_file
from desktop import theme
from desktop.jobs import Jobs
from desktop.notices import Notices
from desktop.pages.settings.state import SettingsState
from desktop.pages.sort.state import SortState
from desktop.pages.sort.view import SortPage
from desktop.settings import Settings
from desktop.widgets.first_paint import FirstPaint
from desktop.widgets.job_bar import JobBar
from desktop.widgets.notice_bar import NoticeBar
from desktop.widgets.rail import Rail
from models.errors import WorkspaceError
from models.workspace import folder as workspace_folder

if TYPE_CHECKING:
    from desktop.pages.dataset.view import DatasetPage
    from desktop.pages.models.view import ModelsPage
    from desktop.pages.settings.engine_control import EngineControl
    from desktop.pages.settings.engines import Actions
    from desktop.pages.train.view import TrainPage
    from desktop.single import Door

__all__ = ["MainWindow", "run_window"]

_SAMPLE = Path(__file__).resolve().parents[1] / "assets" / "samples"
_NARROW = 1100


@dataclass(frozen=True, slots=True)
class _PageKind:
    """A page: its name and icon in the rail, how the window makes it, whether it stands at the foot of the rail."""

    name: str
    icon: str
    make: Callable[[MainWindow], QWidget]
    foot: bool = False


class MainWindow(QMainWindow):
    """Everything a person sees. Takes drops anywhere.

    Args:
        settings: as loaded.
        notices: what there is to tell already.
        text_scale: size of text, 1.0 being 100 %.
        engine_actions: what installs engines; None for ``desktop.actions.engine``.
    """

    _handed = Signal(list)  # from the door's thread to the window's

    def __init__(
        self,
        settings: Settings,
        notices: Notices,
        *,
        text_scale: float = 1.0,
        engine_actions: Actions | None = None,
    ) -> None:
        super().__init__()
        self._engine_actions = engine_actions
        self._engines: EngineControl | None = None
        self._door: Door | None = None
        self._handed.connect(self._take_handed, Qt.ConnectionType.QueuedConnection)
        self._settings = settings
        self._notices = notices
        self._text_scale = text_scale
        self.setWindowTitle("Sortwerk")
        self.setMinimumSize(1024, 640)
        self.setAcceptDrops(True)
        self.jobs = Jobs(self)
        state = SortState(
            device=settings.device,
            threads=settings.threads or None,
            model=_model_folder(settings.model),
            wrong=settings.wrong / 100 or None,
        )
        self.sort = SortPage(state, self.jobs, notices, sample=_SAMPLE, tile_side=settings.tile_side)
        self.sort.set_online(settings)
        self._settings_state = settings_state = SettingsState(settings)
        settings_state.changed.subscribe(self._settings_changed)
        self._rail = Rail()
        self._pages = QStackedWidget()
        self._shown: dict[str, QWidget] = {}
        self._job_bar = JobBar()
        self._dataset: DatasetPage | None = None
        self._train: TrainPage | None = None
        self._models: ModelsPage | None = None
        self._lay_out()
        self.jobs.started.connect(self._job_bar.show_job)
        self.sort.told.connect(lambda text, links: self._job_bar.tell(text, *links))
        self.sort.opened.connect(lambda name: self.setWindowTitle(f"Sortwerk – {name}" if name else "Sortwerk"))
        self.sort.tile_side_changed.connect(lambda side: settings_state.change(tile_side=side))
        self.sort.model_changed.connect(lambda folder: settings_state.change(model=folder.name if folder else ""))
        self.sort.wrong_changed.connect(lambda wrong: settings_state.change(wrong=round((wrong or 0) * 100)))
        self._restore_geometry()

    def _lay_out(self) -> None:
        for page in _PAGES:
            self._rail.add(page.name, page.icon, foot=page.foot)
        self._rail.chosen.connect(self._turn_to)
        self._rail.choose("Sort")
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._pages, 1)
        right.addWidget(NoticeBar(self._notices))
        right.addWidget(self._job_bar)
        self.body = QWidget()
        row = QHBoxLayout(self.body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._rail)
        row.addLayout(right, 1)
        self.setCentralWidget(self.body)

    def _turn_to(self, name: str) -> None:
        """Show a page; it is made when it is shown first, so that no start waits for a page nobody looks at."""
        if name not in self._shown:
            self._shown[name] = next(page for page in _PAGES if page.name == name).make(self)
            self._pages.addWidget(self._shown[name])
        self._pages.setCurrentWidget(self._shown[name])

    def _settings_page(self) -> QWidget:
        from desktop.pages.settings.view import SettingsPage

        return SettingsPage(self._settings_state, self.jobs, self._notices, self.engines)

    @property
    def engines(self) -> EngineControl:
        """What finds and installs PyTorch and TensorFlow; made when it is asked for first."""
        if self._engines is None:
            from desktop.pages.settings.engine_control import EngineControl
            from desktop.pages.settings.engines import Engines

            engines = Engines(self._settings_state, self._engine_actions)
            self._engines = EngineControl(engines, self.jobs, self._notices, self)
        return self._engines

    @property
    def dataset(self) -> DatasetPage:
        """The Dataset page; made when it is asked for first."""
        if self._dataset is None:
            from desktop.pages.dataset.state import DatasetState
            from desktop.pages.dataset.view import DatasetPage

            side = self._settings.tile_side
            state = DatasetState(annotator=settings_file.annotator_name(self._settings))
            self._dataset = DatasetPage(state, self.jobs, self._notices, sample=_SAMPLE, tile_side=side)
            self._dataset.told.connect(lambda text, links: self._job_bar.tell(text, *links))
            self._dataset.train_wanted.connect(self._train_on)
        return self._dataset

    @property
    def train(self) -> TrainPage:
        """The Train page; made when it is asked for first."""
        if self._train is None:
            from desktop.pages.train.view import TrainPage

            self._train = TrainPage(self.jobs, self._notices, sample=_SAMPLE, engines=self.engines)
            self._train.told.connect(lambda text, links: self._job_bar.tell(text, *links))
            self._train.datasets_wanted.connect(lambda: self._rail.choose("Dataset"))
            self._train.model_wanted.connect(self._use_model)
        return self._train

    def _train_on(self, dataset: int) -> None:
        self._rail.choose("Train")
        self.train.begin(dataset)

    def _use_model(self, folder: Path) -> None:
        """Let a model that was trained answer on the Sort page."""
        self.sort.complete()
        self.sort.choosing.choose(folder)
        self._rail.choose("Sort")
        if self._models is not None:
            self._models.control.look()

    @property
    def models(self) -> ModelsPage:
        """The Models page; made when it is asked for first."""
        if self._models is None:
            from desktop.pages.models.state import ModelsState
            from desktop.pages.models.view import ModelsPage

            self.sort.complete()
            choosing = self.sort.choosing
            state = ModelsState(in_use=lambda: self.sort.state.model)
            self._models = ModelsPage(state, self.jobs, self._notices, choose=choosing.choose, engines=self.engines)
            self._models.changed.connect(choosing.look)
            self._models.told.connect(lambda text, links: self._job_bar.tell(text, *links))
            choosing.chosen.connect(self._models.follow)
        return self._models

    def open(self, paths: Sequence[Path]) -> None:
        """Look at ``paths``, as if they had been dropped: models on the page of models, all else on the Dataset page if
        that is shown, and on the Sort page if not.
        """
        from desktop.pages.models.state import is_model_file

        models = [path for path in paths if is_model_file(path)]
        others = [path for path in paths if path not in models]
        if models:
            self._rail.choose("Models")
            self.models.take(models)
        elif self._on_dataset and others:
            self.dataset.take(others)
            return
        else:
            self._rail.choose("Sort")
        self.sort.drop(others)

    @property
    def _on_dataset(self) -> bool:
        """Whether the Dataset page is shown."""
        return self._dataset is not None and self._pages.currentWidget() is self._dataset

    def take_from_others(self, folder: Path) -> None:
        """Open packages that later starts of the program hand over; ``folder`` is the workspace."""
        from desktop.single import Door

        try:
            self._door = Door(folder, self._handed.emit)
        except WorkspaceError as error:
            self._notices.warn(str(error))

    def _take_handed(self, paths: list[Path]) -> None:
        self.open(paths)
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()

    def show_page(self, name: str) -> None:
        """Turn to the page ``name``, as if it had been chosen in the rail."""
        self._rail.choose(name)

    def warm_up(self) -> None:
        """Build what was not seen at first, and load the model, so that the first drop is answered at once."""
        self.setWindowIcon(theme.program_icon())
        self.sort.complete()
        self.sort.sorting.look_for_unfinished()
        self.sort.choosing.prepare()
        self._look_for_trainings()

    def _look_for_trainings(self) -> None:
        """Trainings outlive the window that began them; what is not there costs no start anything."""
        try:
            runs = workspace_folder() / "runs"
            if runs.is_dir() and any(runs.iterdir()):
                self.train.look()
        except (OSError, WorkspaceError):
            return

    # -- settings -----------------------------------------------------------------------------------------------------

    def _settings_changed(self, changed: Settings) -> None:
        application = QApplication.instance()
        if changed.theme != self._settings.theme and isinstance(application, QApplication):
            theme.apply(application, changed.theme, self._text_scale)
        self.sort.set_online(changed)
        if self._dataset is not None:
            self._dataset.state.annotator = settings_file.annotator_name(changed)
        fetching = (changed.proxy, changed.engine_index) != (self._settings.proxy, self._settings.engine_index)
        self._settings = changed
        if fetching:  # the next installation reads them, and so does the command line
            self._save_settings()

    def _save_settings(self) -> None:
        geometry = base64.b64encode(self.saveGeometry().data()).decode("ascii")
        try:
            settings_file.save(replace(self._settings, geometry=geometry), workspace_folder())
        except WorkspaceError as error:
            self._notices.error(str(error))

    def _restore_geometry(self) -> None:
        saved = self._settings.geometry
        if not saved or not self.restoreGeometry(QByteArray.fromBase64(saved.encode())):
            self.resize(1280, 800)

    # -- events -------------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders are welcome anywhere."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            self._hover(_local(event.mimeData()))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Not dropped after all."""
        super().dragLeaveEvent(event)
        self._cool()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at what was dropped; what is not on this computer can't be."""
        self._cool()
        paths = _local(event.mimeData())
        event.acceptProposedAction()
        if len(paths) < len(event.mimeData().urls()):
            self._notices.warn("Only files on this computer can be dropped; save the others first.")
        self.open(paths)

    def _hover(self, paths: Sequence[Path]) -> None:
        """Show where it may be dropped: models on the page of models."""
        from desktop.pages.models.state import is_model_file

        if any(is_model_file(path) for path in paths):
            self._rail.choose("Models")
            self.models.set_hot(True)
        elif self._on_dataset:
            self.dataset.set_hot(True)
        elif self._models is None or self._pages.currentWidget() is not self._models or not self._models.takes_pictures:
            self._rail.choose("Sort")
            self.sort.set_hot(True)

    def _cool(self) -> None:
        """Nothing hovers any more."""
        self.sort.set_hot(False)
        if self._dataset is not None:
            self._dataset.set_hot(False)
        if self._models is not None:
            self._models.set_hot(False)

    def changeEvent(self, event: QEvent) -> None:
        """Whoever comes back may have corrected something in another window."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            self.sort.follow()
            if self._dataset is not None:
                self._dataset.follow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window shows the rail as icons."""
        super().resizeEvent(event)
        self._rail.set_narrow(self.width() < _NARROW * self._text_scale)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop what runs, keep the settings."""
        self._save_settings()
        if self._door is not None:
            self._door.close()
            self._door = None
        for page in (self._models, self._train, self._dataset):
            if page is not None:
                page.close_page()
        self.jobs.close()
        self.sort.close_page()
        self.sort.state.close()
        if self._dataset is not None:
            self._dataset.state.close()
        super().closeEvent(event)


_PAGES = (
    _PageKind("Sort", "layout-grid", lambda window: window.sort),
    _PageKind("Dataset", "database", lambda window: window.dataset),
    _PageKind("Train", "chart-line", lambda window: window.train),
    _PageKind("Models", "box", lambda window: window.models),
    _PageKind("Settings", "settings", lambda window: window._settings_page(), foot=True),  # noqa: SLF001 - its own
)
"""All pages, in the order of the rail; Ctrl and its place there turns to one. A page is made when it is shown first."""


def _handed_over(paths: Sequence[Path]) -> bool:
    if not paths or any(path.suffix.casefold() != ".ps2model" for path in paths):
        return False
    from desktop.single import hand_over  # sockets come with it, and few starts need them

    try:
        return hand_over(workspace_folder(), paths)
    except WorkspaceError:  # told when the window opens
        return False


def _local(data: QMimeData) -> list[Path]:
    """Those of the files that are on this computer."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def _model_folder(name: str) -> Path | None:
    """Where the model ``name`` of the workspace lies; None for the starter model."""
    if not name:
        return None
    try:
        return workspace_folder() / "models" / name
    except WorkspaceError:  # told already, when the settings were to be read
        return None


def run_window(paths: Sequence[Path]) -> int:
    """Open the window, with ``paths`` dropped on it; returns the exit status when it is closed.

    Packages go to the window that is open already, if there is one.
    """
    if _handed_over(paths):
        return 0
    # The style by name: setStyle() would hand back a QStyle, for whose enums alone Python works ten milliseconds.
    application = QApplication([*sys.argv[:1], "-style", "fusion"])
    application.setApplicationName("Sortwerk")
    application.setDesktopFileName("sortwerk")
    notices = Notices()
    folder = None
    try:
        folder = workspace_folder()
        settings, problem = settings_file.load(folder)
    except WorkspaceError as error:
        settings, problem = Settings(), str(error)
    if problem:
        notices.warn(problem)
    scale = theme.system_text_scale(application)
    window = MainWindow(settings, notices, text_scale=scale)
    theme.apply(application, settings.theme, scale)  # after the widgets: before, each would be dressed when it is added

    def after_first_paint() -> None:
        from desktop import log  # sockets and queues come with it

        if folder is not None:
            log.start(folder)
            window.take_from_others(folder)
        gc.enable()  # off since the program started (desktop.__main__): collecting costs a start a tenth of its time
        if paths:
            window.open([path.absolute() for path in paths])
        window.warm_up()

    FirstPaint(window.body, after_first_paint)
    window.show()
    return application.exec()
