"""Taking pictures for a dataset: the live picture with what the model says of it, and beside it what is to be taken."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QHideEvent, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desktop.jobs import Context, Job
from desktop.pages.dataset.camera_plan import CameraPlan
from desktop.pages.dataset.capturing import BURST, Live, Shot, Taking, keep, look, stream
from desktop.pages.dataset.tab import Around, Tab
from desktop.theme import GAP
from desktop.widgets.drop_area import DropArea
from desktop.widgets.image_view import ImageView
from desktop.widgets.key_hints import KeyHints
from desktop.widgets.labels import button, label
from desktop.widgets.pick_button import PickButton
from desktop.widgets.picture_row import PictureRow
from desktop.widgets.pixels import to_image
from models.errors import SortwerkError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop.pages.dataset.capturing import Progress
    from models.answer import Reply
    from training.datasets.outcomes import Added

__all__ = ["CameraView"]

_SHOWN = 12  # of what was taken last
_THUMB = 56
_MODEL = 150


class CameraView(Tab):
    """The tab.

    Args:
        around: what the page gives.
    """

    def __init__(self, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._around, self._state = around, around.state
        self._taking = Taking()
        self._job: Job | None = None
        self._models: dict[str, Path | None] = {}
        self._last: deque[QImage] = deque(maxlen=_SHOWN)
        self._seen: object = None
        self._size = QSize()
        self.plan = CameraPlan(around)
        self.plan.changed.connect(self._answered)
        self._lay_out()
        for key, act in (("Space", self.take), ("B", self.burst)):
            shortcut = QShortcut(QKeySequence(key), self, act)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._show_running()

    def _lay_out(self) -> None:
        self.picture = ImageView()
        self.picture.setAccessibleName("Live picture")
        self._answers = label("", "section", wrap=True)
        self._running = label("", "secondary")
        self._model = PickButton("Answered by", {"": "No model"}, "")
        self._model.chosen.connect(lambda _: self._load_model())
        self._model.setMinimumWidth(_MODEL)
        self._stop = button("Stop", on_click=self.stop, tip="Let go of the camera")
        self._take = button("Take", on_click=self.take, tip="One picture (Space)")
        self._burst = button(
            f"Burst of {BURST}", on_click=self.burst, tip=f"{BURST} pictures of which the sharpest is kept (B)"
        )
        self._thumbs = PictureRow(_THUMB)
        self._thumbs.setAccessibleName("Taken last")
        bar = QHBoxLayout()
        bar.setSpacing(GAP.s)
        bar.addWidget(self._running, 1)
        for one in (self._model, self._stop, self._burst, self._take):
            bar.addWidget(one)
        live = QWidget()
        column = QVBoxLayout(live)
        column.setContentsMargins(GAP.lg, GAP.s, 0, GAP.lg)
        column.setSpacing(GAP.s)
        column.addLayout(bar)
        column.addWidget(self.picture, 1)
        column.addWidget(self._answers)
        column.addWidget(self._thumbs)
        column.addWidget(KeyHints([("Space", "take one"), ("B", "take a burst")]))
        choose = button("Choose a camera")
        self._cameras = QMenu(choose)
        self._cameras.aboutToShow.connect(self._list_cameras)
        choose.setMenu(self._cameras)
        self._start = choose
        empty = QWidget()
        inside = QVBoxLayout(empty)
        inside.setContentsMargins(GAP.lg, GAP.s, 0, GAP.lg)
        inside.addWidget(
            DropArea(
                "camera",
                "Take pictures with a camera",
                "What lies under it is labelled as it is taken. A video file or a folder of pictures works as well.",
                [choose, button("Open a video…", on_click=self.choose_video)],
            )
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(empty)
        self._stack.addWidget(live)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, GAP.xl, 0)
        row.setSpacing(GAP.lg)
        row.addWidget(self._stack, 1)
        row.addWidget(self.plan)

    # -- the stream ---------------------------------------------------------------------------------------------------

    def _list_cameras(self) -> None:
        from training.capture.camera import cameras

        self._cameras.clear()
        for device in cameras():
            self._cameras.addAction(device.name.replace("&", "&&"), partial(self.start, device.number))
        if self._cameras.isEmpty():
            self._cameras.addAction("No camera was found").setEnabled(False)
        self._cameras.addSeparator()
        self._cameras.addAction("A video…", self.choose_video)
        self._cameras.addAction("A folder of pictures…", self.choose_folder)

    def choose_video(self) -> None:
        """Ask for a video file."""
        videos = "Videos (*.mp4 *.mov *.avi *.mkv *.webm *.m4v);;All files (*)"
        path, _ = QFileDialog.getOpenFileName(self, "Choose a video", "", videos)
        if path:
            self.start(Path(path))

    def choose_folder(self) -> None:
        """Ask for a folder of pictures."""
        folder = QFileDialog.getExistingDirectory(self, "Choose a folder of pictures")
        if folder:
            self.start(Path(folder))

    def start(self, source: int | Path) -> None:
        """Show the live picture of a camera, by its number, or of a file or folder."""
        self.stop()
        taking = self._taking = Taking(ask=self._taking.ask)

        def work(context: Context[Live | Shot | str]) -> None:
            from training.capture.camera import Camera

            with Camera(source) as camera:
                context.emit(camera.name)
                stream(camera, taking, context.cancel, context.emit, context.emit, context.cancel.wait)

        def ended(job: Job) -> None:
            if self._job is job:
                self._job = None
                self._show_running()

        self._job = self._around.jobs.start(
            "Camera", work, on_item=self._came, on_error=self._around.notices.error, on_end=ended, visible=False
        )
        self._show_running()

    def stop(self) -> None:
        """Let go of the camera."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._show_running()

    def _load_model(self) -> None:
        name = self._model.value
        self._taking.ask = None
        if name not in self._models:
            return
        folder = self._models[name]

        def loaded(ask: Callable[[NDArray[np.uint8]], Reply]) -> None:
            if self._model.value == name:
                self._taking.ask = ask

        self._around.jobs.start(
            f"Loading {name}", lambda _: _asking(folder), on_done=loaded, on_error=self._around.notices.error
        )

    @property
    def running(self) -> bool:
        """Whether there is a live picture."""
        return self._job is not None

    def _came(self, one: Live | Shot | str) -> None:
        if isinstance(one, Live):
            pixels = one.frame.pixels
            image = to_image(pixels.shape[1], pixels.shape[0], pixels.tobytes())
            fresh = self._size != image.size()
            (self.picture.set_image if fresh else self.picture.swap_image)(image)
            self._size = image.size()
            self._answers.setText(_words(one.reply) if one.reply is not None else "")
        elif isinstance(one, Shot):
            self._keep(one)
        else:
            self._running.setText(one)

    def _show_running(self) -> None:
        self._size = QSize()
        self._stack.setCurrentIndex(1 if self.running or self._last else 0)
        for one in (self._take, self._burst, self._stop):
            one.setEnabled(self.running)
        if not self.running:
            self._answers.setText("")
            self._running.setText("The camera is off." if self._last else "")

    # -- taking -------------------------------------------------------------------------------------------------------

    def take(self) -> None:
        """Take one picture."""
        if self.running and not self._taking.wanted:
            self._taking.begin(1)

    def burst(self) -> None:
        """Take several, and keep the sharpest."""
        if self.running and not self._taking.wanted:
            self._taking.begin(BURST)

    def _keep(self, shot: Shot) -> None:
        dataset = self._state.selected
        if dataset is None:
            return
        answers = dict(self.plan.answers)
        name = self._state.annotator

        def kept(added: Added) -> None:
            if not added.new:
                self._around.notices.info("This picture is in the dataset already; nothing was added.")
                return
            best = shot.chosen.kept[0]
            said = ", ".join(one for one in answers.values() if one)
            self._last.appendleft(_thumb(shot.frames[best]))
            self._thumbs.set_pictures(list(self._last))
            words = f"{shot.chosen.words}." if len(shot.frames) > 1 else f"Took {said or 'a picture'}."
            self._around.told(words, [("Undo", self._around.acting.undo)])

        self._around.acting.act(lambda store: keep(store, dataset, shot, answers, name, shot.chosen.kept), kept)

    # -- showing ------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Follow the state."""
        shown = self._state.shown
        if shown is None:
            return
        if self._seen is None:
            self._around.jobs.start(
                "Looking at models",
                lambda _: _installed(),
                on_done=self._offer,
                on_error=self._around.notices.error,
                visible=False,
            )
        seen = (shown.dataset, shown.items, shown.undo)
        if seen == self._seen:
            return
        self._seen = seen
        self.plan.set_dataset(shown.dataset)
        self._around.acting.act(lambda store: look(store, shown.dataset), self._planned)

    def _planned(self, progress: Progress) -> None:
        self.plan.show_progress(progress)

    def _offer(self, models: dict[str, Path | None]) -> None:
        self._models = models
        value = self._model.value if self._model.value in models else ""
        self._model.set_options({"": "No model", **{name: name for name in models}}, value)

    def _answered(self) -> None:
        self.picture.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """The lamp of the camera goes out when nobody looks."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.stop()

    def close_view(self) -> None:
        """Let go of the camera."""
        self.stop()


def _installed() -> dict[str, Path | None]:
    from desktop.actions.models import list_models

    try:
        return {one.name: one.folder for one in list_models()}
    except SortwerkError:
        return {}


def _asking(model: Path | None) -> Callable[[NDArray[np.uint8]], Reply]:
    from desktop.actions.trying import Trial

    return Trial(model).ask_frame


def _words(reply: Reply) -> str:
    said = []
    for head, result in reply.heads.items():
        best = result.best
        name = f"{head}: " if len(reply.heads) > 1 else ""
        said.append(f"{name}{best.category} {best.confidence * 100:.0f} %")
    return "   ".join(said)


def _thumb(pixels: NDArray[np.uint8]) -> QImage:
    image = to_image(pixels.shape[1], pixels.shape[0], pixels.tobytes())
    way = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return image.scaled(QSize(2 * _THUMB, 2 * _THUMB), *way)
