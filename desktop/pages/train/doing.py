"""What can be done with runs, each for a background thread: what the page asks of the program. No Qt."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from desktop.pages.train.checks import CheckRow, rows_of

if TYPE_CHECKING:  # NumPy and pydantic come with them
    from models.worker import Step
    from training.config import TrainingConfig
    from training.handover import HandedOver

__all__ = ["Actions", "ProgramActions"]


class Actions(Protocol):
    """What the page needs of the program; tests hand in their own where a real training would take too long."""

    def check(self, dataset: int, version: str, config: TrainingConfig) -> list[CheckRow]:
        """What stands in the way of a training."""

    def start(self, dataset: int, version: str, config: TrainingConfig, *, beside: bool = False) -> Path:
        """Begin a training; the folder of its run."""

    def pause(self, run: Path) -> None:
        """Let a training finish its step, keep everything and end."""

    def stop(self, run: Path) -> None:
        """Let a training end, keep the best and hand it over."""

    def resume(self, run: Path) -> None:
        """Go on with a training."""

    def remove(self, runs: Sequence[Path]) -> None:
        """Put runs into the trash."""

    def restore(self, runs: Sequence[Path]) -> None:
        """Bring them back."""

    def describe(self, run: Path, name: str, notes: str, tags: Sequence[str]) -> None:
        """Keep what a person says of a run."""

    def hand_over(self, run: Path, cancel: threading.Event, on_progress: Callable[[Step], None]) -> HandedOver:
        """Check, pack and install the model of a run, once."""


class ProgramActions:
    """Those of the program. Each raises the errors of what it calls."""

    def check(self, dataset: int, version: str, config: TrainingConfig) -> list[CheckRow]:
        """As ``Actions.check``."""
        from desktop.actions.training import check_training

        return rows_of(check_training(dataset, config, version).findings)

    def start(self, dataset: int, version: str, config: TrainingConfig, *, beside: bool = False) -> Path:
        """As ``Actions.start``; it is looked through once more, for pictures that look alike."""
        from desktop.actions.training import check_training, start_training

        return start_training(check_training(dataset, config, version), beside=beside).run.path

    def pause(self, run: Path) -> None:
        """As ``Actions.pause``."""
        from desktop.actions.runs import RunFolder, pause_run

        pause_run(RunFolder(run))

    def stop(self, run: Path) -> None:
        """As ``Actions.stop``."""
        from desktop.actions.runs import RunFolder, stop_run

        stop_run(RunFolder(run))

    def resume(self, run: Path) -> None:
        """As ``Actions.resume``."""
        from desktop.actions.runs import RunFolder
        from desktop.actions.training import resume_training

        resume_training(RunFolder(run))

    def remove(self, runs: Sequence[Path]) -> None:
        """As ``Actions.remove``."""
        from desktop.actions.runs import RunFolder, remove_run

        for run in runs:
            remove_run(RunFolder(run))

    def restore(self, runs: Sequence[Path]) -> None:
        """As ``Actions.restore``."""
        from desktop.actions.runs import restore_run

        for run in runs:
            restore_run(run)

    def describe(self, run: Path, name: str, notes: str, tags: Sequence[str]) -> None:
        """As ``Actions.describe``; the tags are all that there are."""
        from training.runs.folder import RunFolder
        from training.runs.info import Person

        RunFolder(run).set_person(Person(name=name, notes=notes, tags=tuple(tags)))

    def hand_over(self, run: Path, cancel: threading.Event, on_progress: Callable[[Step], None]) -> HandedOver:
        """As ``Actions.hand_over``."""
        from desktop.actions.runs import RunFolder
        from desktop.actions.training import hand_over_run

        return hand_over_run(RunFolder(run), cancel=cancel, on_progress=on_progress)
