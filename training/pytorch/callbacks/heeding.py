"""Heeds the person, who pauses and stops; ends what has gone wrong; ends what does not improve any more."""

from __future__ import annotations

import math
import signal
from pathlib import Path
from types import FrameType
from typing import Any

from lightning import Callback, Trainer

from training.pytorch.callbacks.keeping import Keeping
from training.pytorch.data.batches import Batch
from training.pytorch.module import TrainingModule
from training.pytorch.session import Interrupted, Session, bad_loss
from training.runs.info import Want

__all__ = ["Heeding", "Wishes"]


class Wishes:
    """What the person wants: read anew only where the file has changed. A request of the system to end is a pause.

    Args:
        session: of which run.
    """

    def __init__(self, session: Session) -> None:
        self._path: Path = session.run.control_path
        self._session = session
        self._seen: tuple[int, int] | None = None
        self._want: Want = "run"
        self._ending = False

    def heed_signals(self) -> None:
        """From now on, SIGTERM asks for a pause. Call it in the main thread."""

        def ending(_number: int, _frame: FrameType | None) -> None:
            self._ending = True

        signal.signal(signal.SIGTERM, ending)

    @property
    def want(self) -> Want:
        """What is wanted now."""
        try:
            facts = self._path.stat()
            seen: tuple[int, int] | None = (facts.st_mtime_ns, facts.st_ino)
        except OSError:
            seen = None
        if seen != self._seen:
            self._seen, self._want = seen, self._session.run.want()
        return "pause" if self._ending and self._want == "run" else self._want


class Heeding(Callback):
    """Last of the callbacks: everything is counted and kept when it looks.

    Args:
        session: of which run.
        keeping: the callback before.
        wishes: of the person.
    """

    def __init__(self, session: Session, keeping: Keeping, wishes: Wishes) -> None:
        self._session, self._keeping, self._wishes = session, keeping, wishes
        self._before: tuple[Any, Batch, int] | None = None

    def on_train_batch_end(
        self,
        trainer: Trainer,
        module: TrainingModule,
        outputs: Any,
        batch: Batch,
        batch_idx: int,
    ) -> None:
        """Look at the loss, and at what the person wants."""
        progress = self._session.progress
        now = (module.last_losses[-1], batch, progress.step)
        # A graphics card is asked about the step before, so that nothing waits for it.
        checked = self._before if module.feed.accelerated else now
        self._before = now
        if checked is not None and not math.isfinite(float(checked[0])):
            _, bad, step = checked
            items = self._session.plan.divided.train
            raise bad_loss(self._session, items, bad.places.tolist(), f"step {step:,} of epoch")
        if module.stepped and progress.batch < module.steps_per_epoch:
            self._heed(trainer, module)

    def on_validation_epoch_end(self, trainer: Trainer, module: TrainingModule) -> None:
        """Look whether it is enough, and at what the person wants."""
        session = self._session
        if session.watch.enough(session.config.stopping):
            session.ended = "early"
            trainer.should_stop = True
        elif session.progress.epoch < session.config.schedule.epochs:
            self._heed(trainer, module)

    def _heed(self, trainer: Trainer, module: TrainingModule) -> None:
        want = self._wishes.want
        if module.feed.world > 1:
            want = trainer.strategy.broadcast(want)
        if want != "run":
            self._keeping.keep(trainer, module)
            raise Interrupted(want)
