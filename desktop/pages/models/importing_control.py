"""Carries files from a drop to the library: packages over their panel, plain networks over the assistant."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.jobs import Context, Job, Jobs
from desktop.notices import Notices
from desktop.pages.models.package_panel import PackagePanel
from desktop.pages.models.state import ModelsState
from models.errors import Cancelled

if TYPE_CHECKING:
    from models.package import Inspected

__all__ = ["ImportingControl"]


class ImportingControl(QObject):
    """Takes files one after another; the next is looked at when the person is through with one.

    Attributes:
        panel: what is in a package.

    Signals:
        panel_wanted: whether the panel is to be shown.
        assistant_wanted: a plain network that a person has to say something about; :meth:`go_on` is wanted after it.
        installed: folder of what has joined the library, and whether it is to answer at once.
    """

    panel_wanted = Signal(bool)
    assistant_wanted = Signal(object)
    installed = Signal(object, bool)

    def __init__(self, state: ModelsState, jobs: Jobs, notices: Notices, parent: QObject) -> None:
        super().__init__(parent)
        self._state, self._jobs, self._notices = state, jobs, notices
        self._waiting: list[Path] = []
        self._busy = self._assisting = False
        self._bad = 0  # of those that came together
        self._package: Inspected | None = None
        self.panel = PackagePanel()
        self.panel.agreed.connect(self._install)
        self.panel.dismissed.connect(self._dismiss)

    def take(self, paths: Sequence[Path]) -> None:
        """Look at ``paths``, now or after what is being looked at."""
        self._waiting += [path for path in paths if path not in self._waiting]
        if not self._busy:
            self._next()
        elif self._package is not None:
            self.panel.show_waiting(len(self._waiting))

    def go_on(self) -> None:
        """The person is through with the network that the assistant was wanted for."""
        if self._assisting:
            self._assisting = False
            self._next()

    def close(self) -> None:
        """Forget what was looked at and is not installed."""
        self._waiting.clear()
        self._let_go()

    def _next(self) -> None:
        self._busy = bool(self._waiting)
        if not self._waiting:
            self._bad = 0
            return
        path = self._waiting.pop(0)

        def look(context: Context[object]) -> Inspected | None:
            package = self._state.look_into(path, cancel=context.cancel)
            if package is not None and context.cancel.is_set():
                package.close()
                raise Cancelled("stopped")
            return package

        def ended(job: Job) -> None:
            if job.state.value in ("failed", "cancelled"):
                self._next()

        self._jobs.start(
            f"Looking at {path.name}",
            look,
            on_done=partial(self._looked, path),
            on_error=self._failed,
            on_end=ended,
        )

    def _failed(self, sentence: str) -> None:
        """Only the latest notice is shown, so it tells of those before."""
        self._bad += 1
        self._notices.error(sentence if self._bad == 1 else f"{self._bad:,} files can't be imported; {sentence}")

    def _looked(self, path: Path, package: Inspected | None) -> None:
        if package is None:
            self._assisting = True
            self.assistant_wanted.emit(path)
            return
        self._package = package
        self.panel_wanted.emit(True)
        self.panel.show_package(package, waiting=len(self._waiting))

    def _install(self, use: bool) -> None:
        package = self._package
        if package is None:
            return

        def installed(folder: Path) -> None:
            self._let_go()
            self.panel_wanted.emit(False)
            self.installed.emit(folder, use)
            self._next()

        def failed(sentence: str) -> None:
            self._notices.error(sentence)
            self.panel.let_again()

        self._jobs.start(
            f"Installing {package.spec.name}",
            lambda _: self._state.install(package),
            on_done=installed,
            on_error=failed,
        )

    def _dismiss(self) -> None:
        self._let_go()
        self.panel_wanted.emit(False)
        self._next()

    def _let_go(self) -> None:
        package, self._package = self._package, None
        if package is not None:
            self._jobs.start("Putting a package away", lambda _: package.close(), visible=False)
