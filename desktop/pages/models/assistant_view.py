"""The import assistant: a plain ONNX file becomes a model, while its answers to one's own pictures are seen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.jobs import Context, Job, Jobs
from desktop.notices import Notices
from desktop.pages.models.assistant_form import AssistantForm
from desktop.pages.models.assisting import Assisting
from desktop.pages.models.live_answers import LiveAnswers
from desktop.pages.models.model_view import ModelView
from desktop.pages.models.names_file import read_names
from desktop.pages.models.rehearsed import Played
from desktop.results import PAINTED
from desktop.theme import GAP
from desktop.widgets.labels import button, label
from desktop.widgets.picture_menu import PictureMenu
from desktop.widgets.side_scroll import SideScroll

if TYPE_CHECKING:
    from desktop.actions.rehearsing import Seat
    from models.formats.facts import OnnxFacts
    from models.proposal import Proposal

__all__ = ["AssistantView"]

_SAMPLE = Path(__file__).resolve().parents[3] / "assets" / "samples"
_FORM, _FORM_WIDE, _WIDE = 400, 480, 1400
_REST_MS = 90  # after the last change, before the network is asked: typing is not held up by it


class AssistantView(ModelView):
    """The view."""

    def __init__(self, jobs: Jobs, notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__("Add a model", "Drop to see it answer", jobs, notices, parent)
        menu = PictureMenu(self)
        menu.chosen.connect(self.look_at)
        self.state = Assisting()
        self._examining: Job | None = None
        self._playing: Job | None = None
        self._adding: Job | None = None
        self._stale = False  # whether something has changed since what is being played
        self._resting = QTimer(self, singleShot=True, interval=_REST_MS)
        self._resting.timeout.connect(self._play)
        self._form = AssistantForm()
        self._form.changed.connect(lambda fields: self.state.change(**fields))
        self._form.question_changed.connect(lambda index, fields: self.state.change_question(index, **fields))
        self._form.names_wanted.connect(self._read_names)
        browse, others = button("Browse…", "primary"), button("Other pictures…")
        for one in (browse, others):
            one.setMenu(menu)
        self._answers = LiveAnswers(browse, others)
        self._answers.sample_wanted.connect(lambda: self.look_at([_SAMPLE]))
        self._add = button("Add to my models", "primary", on_click=self.add, tip="Add the model (Ctrl+Enter)")
        self._add.setShortcut("Ctrl+Return")
        self.add_action(self._add)
        self._lay_out()
        self.dropped.connect(self.look_at)
        self.hot.connect(self._answers.set_hot)
        self.state.changed.subscribe(lambda _: self._changed())

    def _lay_out(self) -> None:
        self._area = SideScroll(self._form, _FORM)
        across = QWidget()
        row = QHBoxLayout(across)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._area)
        row.addWidget(self._answers, 1)
        waiting = QWidget()
        column = QVBoxLayout(waiting)
        column.setContentsMargins(GAP.xl, GAP.xs, GAP.xl, GAP.xl)
        self._waiting = label("", "secondary", wrap=True)
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._waiting)
        self._stack = QStackedWidget()
        self._stack.addWidget(waiting)
        self._stack.addWidget(across)
        self.body.addWidget(self._stack)

    # -- what a person does -------------------------------------------------------------------------------------------

    def open(self, path: Path, notes: Sequence[tuple[str, str]] = ()) -> None:
        """Look at the ONNX file ``path``, in a child process, and propose how it is used.

        Args:
            path: of the file.
            notes: what is known of it besides, as rows of a name and words: from which original it was converted.
        """
        for job in (self._examining, self._playing):
            if job is not None:
                job.cancel()
        self.state.begin(path, notes)
        self.set_title("Add a model", path.name)
        self._waiting.setText("Looking at the file, in a process of its own…")
        self._stack.setCurrentIndex(0)

        def examined(found: tuple[OnnxFacts, Proposal]) -> None:
            if job is self._examining:
                self.state.take(*found)
                if self.state.draft is not None:
                    self._form.begin(self.state.fact_rows(), self.state.draft)
                self._area.verticalScrollBar().setValue(0)
                self._stack.setCurrentIndex(1)

        def failed(sentence: str) -> None:
            if job is self._examining:
                self._notices.error(sentence)
                self.closed.emit()

        job = self._jobs.start(
            f"Looking at {path.name}",
            lambda context: Assisting.examine(path, context.cancel),
            on_done=examined,
            on_error=failed,
        )
        self._examining = job

    def look_at(self, paths: Sequence[Path]) -> None:
        """Have a dozen of the pictures under ``paths`` answered."""

        def seated(seats: list[Seat]) -> None:
            if seats:
                self.state.take_pictures(seats)
            else:
                self._notices.warn("No picture was found there; choose a folder with pictures in it.")

        self._jobs.start(
            "Looking for pictures",
            lambda context: Assisting.take_seats(list(paths), context.cancel),
            on_done=seated,
            on_error=self._notices.error,
            visible=False,
        )

    def add(self) -> None:
        """Add the model to those of the workspace, if nothing is missing."""
        draft = self.state.draft
        if draft is None or self.state.problem or self._adding is not None:
            return

        def added(folder: Path) -> None:
            self._notices.info(f"{draft.name} is one of your models now.")
            self.installed.emit(folder)

        def ended(_: Job) -> None:
            self._adding = None
            self._show_problem()

        self._adding = self._jobs.start(
            f"Adding {draft.name}",
            lambda context: self.state.install(draft, context.cancel),
            on_done=added,
            on_error=self._notices.error,
            on_end=ended,
        )
        self._show_problem()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A wide window has room for a wider form."""
        super().resizeEvent(event)
        self._area.set_wished(_FORM_WIDE if self.width() >= _WIDE else _FORM)

    def _read_names(self, index: int, path: Path) -> None:
        self._jobs.start(
            "Reading names",
            lambda _: read_names(path),
            on_done=lambda names: self._form.set_names(index, names),
            on_error=self._notices.error,
            visible=False,
        )

    # -- following ----------------------------------------------------------------------------------------------------

    def _changed(self) -> None:
        draft = self.state.draft
        if draft is not None and self._form.shows(draft):
            self._form.show_draft(draft)
        self._show_problem()
        self._stale = True
        self._resting.start()

    def _show_problem(self) -> None:
        self.set_hint("" if self._adding is not None else self.state.problem)
        self._add.setEnabled(not self.state.problem and self._adding is None)

    def _play(self) -> None:
        """Ask the network, unless it is being asked: then afterwards. The latest draft is always answered."""
        draft = self.state.draft
        if self._playing is not None or draft is None:
            return
        if not self.state.seats:
            self._answers.show_empty()
            return
        if self.state.problem:  # what is missing is said beside the button; the answers of before stay
            return
        self._stale = False

        def play(context: Context[None]) -> Played:
            return self.state.play(draft, PAINTED, context.cancel)

        def failed(sentence: str) -> None:
            if not self._stale:
                self._answers.show_problem(sentence)

        def ended(_: Job) -> None:
            self._playing = None
            if self._stale and not self._resting.isActive():
                self._play()

        self._playing = self._jobs.start(
            "Asking the network",
            play,
            on_done=self._answers.show_played,
            on_error=failed,
            on_end=ended,
            visible=False,
        )
