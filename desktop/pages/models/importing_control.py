"""Carries files from a drop to the library: packages over their panel, plain networks over the assistant, and what has
to be converted over an engine first.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.jobs import Context, Job, Jobs
from desktop.notices import Notices
from desktop.pages.models.conversion_panel import ConversionPanel
from desktop.pages.models.converting import Converting, Question, known_architectures, notes_of
from desktop.pages.models.needed_engine import NeededEngine
from desktop.pages.models.package_panel import PackagePanel
from desktop.pages.models.state import ModelsState
from desktop.pages.settings.engine_words import PURPOSES
from models.errors import Cancelled
from models.progress import Progress

if TYPE_CHECKING:
    from desktop.actions.converting import Converted
    from models.formats import Format
    from models.package import Inspected

__all__ = ["ImportingControl"]


class ImportingControl(QObject):
    """Takes files one after another; the next is looked at when the person is through with one.

    Attributes:
        panel: what is in a package.
        conversion: asks of which network weights are.

    Signals:
        panel_wanted: the panel that is to be shown; None for none.
        assistant_wanted: a plain network that a person has to say something about, and what is known of how it was
            converted (rows of a name and words); :meth:`go_on` is wanted after it.
        installed: folder of what has joined the library, and whether it is to answer at once.
    """

    panel_wanted = Signal(object)
    assistant_wanted = Signal(object, list)
    installed = Signal(object, bool)

    def __init__(self, state: ModelsState, jobs: Jobs, notices: Notices, needed: NeededEngine, parent: QObject) -> None:
        super().__init__(parent)
        self._state, self._jobs, self._notices, self._needed = state, jobs, notices, needed
        self._waiting: list[Path] = []
        self._busy = self._assisting = False
        self._bad = 0  # of those that came together
        self._package: Inspected | None = None
        self.panel = PackagePanel()
        self.panel.agreed.connect(self._install)
        self.panel.dismissed.connect(self._dismiss)
        self._converting = Converting()
        self._asked: Path | None = None
        self.conversion = ConversionPanel()
        self.conversion.agreed.connect(self._named)
        self.conversion.dismissed.connect(self._dismiss)

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
            self._converting.close()
            self._next()

    def close(self) -> None:
        """Forget what was looked at and is not installed."""
        self._waiting.clear()
        self._converting.close()
        self._let_go()

    def _next(self) -> None:
        self._busy = bool(self._waiting)
        if not self._waiting:
            self._bad = 0
            return
        path = self._waiting.pop(0)

        def look(context: Context[object]) -> Inspected | Format | None:
            from models.formats import Format

            found = self._state.look_into(path, cancel=context.cancel)
            if context.cancel.is_set():
                if found is not None and not isinstance(found, Format):
                    found.close()
                raise Cancelled("stopped")
            return found

        self._jobs.start(
            f"Looking at {path.name}",
            look,
            on_done=partial(self._looked, path),
            on_error=self._failed,
            on_end=self._ended,
        )

    def _ended(self, job: Job) -> None:
        if job.state.value in ("failed", "cancelled"):
            self._next()

    def _failed(self, sentence: str) -> None:
        """Only the latest notice is shown, so it tells of those before."""
        self._bad += 1
        self._notices.error(sentence if self._bad == 1 else f"{self._bad:,} files can't be imported; {sentence}")

    def _looked(self, path: Path, found: Inspected | Format | None) -> None:
        from models.formats import Format  # loaded by now, in the thread that looked

        if found is None:
            self._assisting = True
            self.assistant_wanted.emit(path, [])
        elif isinstance(found, Format):
            library = PURPOSES[found.converter].title
            why = f"{path.name} is {found.title}, which {library} has to turn into ONNX."
            self._needed.need(found.converter, why, then=partial(self._convert, path), otherwise=self._dismiss)
        else:
            self._package = found
            self.panel_wanted.emit(self.panel)
            self.panel.show_package(found, waiting=len(self._waiting))

    def _convert(self, path: Path, architecture: str = "") -> None:
        words = ""

        def convert(context: Context[object]) -> Converted | Question:
            def step(progress: Progress, now: str) -> None:
                nonlocal words
                words = now or words
                context.progress(progress)

            return self._converting.convert(path, architecture, cancel=context.cancel, on_progress=step)

        title = f"Converting {path.name}"
        self._jobs.start(
            title,
            convert,
            on_done=partial(self._converted, path),
            on_error=self._failed,
            on_end=self._ended,
            say=lambda _: f"{title}: {words[:1].lower()}{words[1:]}…" if words else f"{title}…",
        )

    def _converted(self, path: Path, made: Converted | Question) -> None:
        if isinstance(made, Question):
            self._asked = path
            self.panel_wanted.emit(self.conversion)
            self.conversion.ask(path, made, known_architectures())
            return
        self._assisting = True
        self.assistant_wanted.emit(made.network, notes_of(made, path))

    def _named(self, architecture: str) -> None:
        path, self._asked = self._asked, None
        if path is not None:
            self.panel_wanted.emit(None)
            self._convert(path, architecture)

    def _install(self, use: bool) -> None:
        package = self._package
        if package is None:
            return

        def installed(folder: Path) -> None:
            self._let_go()
            self.panel_wanted.emit(None)
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
        self._asked = None
        self._let_go()
        self.panel_wanted.emit(None)
        self._next()

    def _let_go(self) -> None:
        package, self._package = self._package, None
        if package is not None:
            self._jobs.start("Putting a package away", lambda _: package.close(), visible=False)
