"""Carries the choice of a model from the menu to answers by it, and a new model from its panel to being chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QMenu

from desktop.jobs import Context, Jobs
from desktop.notices import Notices
from desktop.pages.sort.choosing import Choosing, NewModel
from desktop.pages.sort.new_model_panel import NewModelPanel
from desktop.widgets.menu_button import MenuButton
from models.errors import Cancelled

if TYPE_CHECKING:
    from desktop.actions.classify import Classifier
    from desktop.actions.models import Installed

__all__ = ["ChoosingControl"]

_ASK_AGAIN_MS = 50
_TIP = "The model that answers. Each keeps its own corrections."


class ChoosingControl(QObject):
    """Between the button, the panel and the page.

    Args:
        state: what can be done.
        jobs: the background.
        notices: for what went wrong.
        pause: asks everything that uses the model to stop, and says whether it has; asked until it has.
        go_on: another model answers from now on.

    Attributes:
        button: shows the model that answers, and lets another be chosen.
        panel: what a new model is to be; hidden while none is wished for.

    Signals:
        chosen: a model's folder, None for the starter model; to be kept for the next start.
        panel_wanted: whether the panel is to be shown.
    """

    chosen = Signal(object)
    panel_wanted = Signal(bool)

    def __init__(
        self,
        state: Choosing,
        jobs: Jobs,
        notices: Notices,
        *,
        pause: Callable[[], bool],
        go_on: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.state, self._jobs, self._notices = state, jobs, notices
        self._pause, self._go_on = pause, go_on
        self._loaded: tuple[Path | None, Classifier] | None = None
        self._asking = QTimer(self, singleShot=True, interval=_ASK_AGAIN_MS)
        self._asking.timeout.connect(self._use)
        self.button = MenuButton("Starter model", self._fill)
        self.panel = NewModelPanel()
        self.panel.agreed.connect(self.make)
        self.panel.dismissed.connect(self.dismiss)
        self.panel.table_chosen.connect(self._read_table)
        self.refresh()

    def refresh(self) -> None:
        """Show which model answers."""
        page = self.state.page
        unloaded = page.model.name if page.model is not None else "Starter model"
        listed = next((one.name for one in self.state.installed if one.folder == page.model and not one.problem), "")
        self.button.set_words(listed or page.model_name or unloaded, _TIP)

    def prepare(self) -> None:
        """Load the model that was chosen last; where it can't be, the starter model answers."""

        def load(_: Context[object]) -> None:
            self.state.page.prepare()

        def failed(sentence: str) -> None:
            self._notices.error(sentence)
            if self.state.page.model is not None:
                self.choose(None)

        def ready(_: object) -> None:
            self.refresh()
            if self.state.page.notice:
                self._notices.warn(self.state.page.notice)

        self._jobs.start("Getting ready", load, on_done=ready, on_error=failed, visible=False)
        self.look()

    def choose(self, model: Path | None) -> None:
        """Let the model in a folder answer, None for the starter model; if it can't, the present one goes on."""
        if model == self.state.page.model and self.state.page.learner is not None:
            return

        def load(context: Context[object]) -> Classifier:
            classifier = self.state.load(model)
            if context.cancel.is_set():
                classifier.close()
                raise Cancelled("stopped")
            return classifier

        def loaded(classifier: Classifier) -> None:
            self._drop_loaded()  # of two choices made quickly the later one counts
            self._loaded = model, classifier
            self._use()

        self._jobs.start("Loading the model", load, on_done=loaded, on_error=self._notices.error)

    def make(self, wish: NewModel) -> None:
        """Make a model, and choose it."""

        def made(folder: Path) -> None:
            self.dismiss()
            self.look()
            self.choose(folder)

        self._jobs.start(
            "Making a model",
            lambda _: self.state.make(wish),
            on_done=made,
            on_error=self.panel.show_problem,
            visible=False,
        )

    def wish(self) -> None:
        """Ask what a new model is to be."""
        self.panel.begin()
        self.panel_wanted.emit(True)
        self.panel.focus_name()

    def dismiss(self) -> None:
        """No new model is wished for any more."""
        self.panel_wanted.emit(False)

    def close(self) -> None:
        """Let go of a model that waits to answer."""
        self._asking.stop()
        self._drop_loaded()

    def _use(self) -> None:
        if self._loaded is None:
            return
        if not self._pause():
            self._asking.start()
            return
        (model, classifier), self._loaded = self._loaded, None
        before = self.state.page.use(model, classifier)
        if before is not None:
            self._jobs.start("Closing a model", lambda _: before.close(), visible=False)
        self.refresh()
        if self.state.page.notice:
            self._notices.warn(self.state.page.notice)
        self.chosen.emit(model)
        self._go_on()

    def _drop_loaded(self) -> None:
        if self._loaded is not None:
            self._loaded[1].close()
            self._loaded = None

    def look(self) -> None:
        """Find out which models there are."""

        def found(installed: Sequence[Installed]) -> None:
            self.state.installed = installed
            self.refresh()

        self._jobs.start(
            "Looking for models",
            lambda _: self.state.look(),
            on_done=found,
            on_error=self._notices.error,
            visible=False,
        )

    def _fill(self, menu: QMenu) -> None:
        page = self.state.page
        for one in self.state.installed:
            action = menu.addAction(one.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(one.folder == page.model)
            action.setEnabled(not one.problem)
            action.setToolTip(one.problem or f"Answers {', '.join(one.heads)}; {one.learned:,} pictures labelled")
            action.triggered.connect(lambda _checked=False, folder=one.folder: self.choose(folder))
        menu.addSeparator()
        menu.addAction("New model…", self.wish)
        self.look()  # what is new since the last time is there the next time

    def _read_table(self, table: Path) -> None:
        self._jobs.start(
            "Reading a table",
            lambda _: self.state.questions_of(table),
            on_done=lambda questions: self.panel.show_table(table, questions),
            on_error=self.panel.show_problem,
            visible=False,
        )
