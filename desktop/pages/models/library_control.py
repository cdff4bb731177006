"""What is done with the models of the library: used, renamed, removed and brought back, checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.jobs import Context, Job, Jobs
from desktop.notices import Action, Notices
from desktop.pages.models.entries import Entry
from desktop.pages.models.library_view import LibraryView
from desktop.pages.models.state import ModelsState

if TYPE_CHECKING:
    from models.installed import Removed
    from models.validation import Check

__all__ = ["LibraryControl"]


class LibraryControl(QObject):
    """Between the library's view, the background, and whoever lets a model answer.

    Args:
        choose: lets the model in a folder answer, None for the starter model.

    Signals:
        changed: the library has.
        told: what came of something, for the job bar, and links to act on it.
    """

    changed = Signal()
    told = Signal(str, list)

    def __init__(
        self,
        state: ModelsState,
        jobs: Jobs,
        notices: Notices,
        view: LibraryView,
        *,
        choose: Callable[[Path | None], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.state, self._jobs, self._notices, self._view, self._choose = state, jobs, notices, view, choose
        self._removing: Entry | None = None  # until the starter model answers in its place
        inspector = view.inspector
        inspector.use_wanted.connect(self.use)
        inspector.renamed.connect(self.rename)
        inspector.remove_wanted.connect(self.remove)
        inspector.check_wanted.connect(self.check)

    def look(self, then: Callable[[], None] | None = None) -> None:
        """Read the library anew."""

        def found(entries: Sequence[Entry]) -> None:
            self.state.take(entries)
            if then is not None:
                then()

        self._jobs.start(
            "Looking for models",
            lambda _: self.state.look(),
            on_done=found,
            on_error=self._notices.error,
            visible=False,
        )

    def joined(self, folder: Path, *, use: bool) -> None:
        """A model has joined the library: show it, and let it answer if it is to."""
        self.state.selected = folder

        def shown() -> None:
            self._view.cards.grid.focus_current()
            entry = self.state.find(folder)
            if use and entry is not None and not entry.refusal:
                self._choose(folder)
            elif entry is not None and folder != self.state.in_use() and not entry.refusal:
                self.told.emit(f"{entry.name} is installed.", [("Use for sorting", lambda: self._choose(folder))])

        self.look(shown)
        self.changed.emit()

    def use(self) -> None:
        """Let the model that is looked at answer."""
        entry = self.state.entry
        if entry is not None and not entry.refusal:
            self._removing = None
            self._choose(entry.folder)

    def follow(self) -> None:
        """Another model answers now."""
        self.state.changed.fire(None)
        entry, self._removing = self._removing, None
        if entry is not None and self.state.in_use() is None:
            self._take_out(entry)

    def rename(self, name: str) -> None:
        """Call the model that is looked at otherwise."""
        folder = self.state.selected
        if folder is None:
            return

        def renamed(_: None) -> None:
            self.look()
            self.changed.emit()

        self._jobs.start(
            "Renaming a model",
            lambda _: self.state.rename(folder, name),
            on_done=renamed,
            on_error=self._notices.error,
            visible=False,
        )

    def remove(self) -> None:
        """Take the model that is looked at out of the library; where it answers, the starter model does so first."""
        entry = self.state.entry
        if entry is None or entry.folder is None:
            return
        if entry.folder == self.state.in_use():
            self._removing = entry
            self._choose(None)
        else:
            self._take_out(entry)

    def check(self) -> None:
        """Run the check-list of the model that is looked at."""
        entry = self.state.entry
        if entry is None:
            return

        def work(context: Context[object]) -> list[Check]:
            return self.state.check(entry.folder, cancel=context.cancel, on_progress=context.progress)

        def ended(_: Job) -> None:
            self._view.inspector.set_checking(False)

        self._view.inspector.set_checking(True)
        self._jobs.start(
            f"Checking {entry.name}",
            work,
            on_done=partial(self.state.take_checks, entry.folder),
            on_error=self._notices.error,
            on_end=ended,
        )

    def _take_out(self, entry: Entry) -> None:
        folder = entry.folder
        if folder is None:
            return
        beside = self._beside(folder)

        def removed(token: Removed) -> None:
            if self.state.selected == folder:
                self.state.selected = beside
            self.look()
            self.changed.emit()
            self._notices.info(f"{entry.name} is removed.", Action("Undo", lambda: self._bring_back(token)))

        self._jobs.start(
            "Removing a model",
            lambda _: self.state.remove(folder),
            on_done=removed,
            on_error=self._notices.error,
            visible=False,
        )

    def _bring_back(self, removed: Removed) -> None:
        def restored(folder: Path) -> None:
            self._notices.dismiss()
            self.state.selected = folder
            self.look()
            self.changed.emit()

        self._jobs.start(
            "Bringing a model back",
            lambda _: self.state.restore(removed),
            on_done=restored,
            on_error=self._notices.error,
            visible=False,
        )

    def _beside(self, folder: Path) -> Path | None:
        """What is looked at when the model in ``folder`` is gone: the one behind it, else the one before it."""
        folders = [one.folder for one in self.state.entries]
        place = folders.index(folder) if folder in folders else 0
        rest = [one for one in folders if one != folder]
        return rest[min(place, len(rest) - 1)] if rest else None
