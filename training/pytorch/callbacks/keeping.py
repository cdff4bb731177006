"""Keeps checkpoints: the best weights, and the whole state from which a run goes on."""

from __future__ import annotations

import time
from typing import Any

from lightning import Callback, Trainer

from training.pytorch.callbacks.reporting import Reporting
from training.pytorch.checkpoints import best_state, random_state, write_checkpoint
from training.pytorch.data.batches import Batch
from training.pytorch.module import TrainingModule
from training.pytorch.session import Session
from training.runs.events import Checkpoint

__all__ = ["Keeping"]

_LEAST = 15.0
"""Seconds between two checkpoints after epochs: heads on kept activations have several epochs a second."""


class Keeping(Callback):
    """After ``Reporting``, which says whether an epoch is the best.

    Args:
        session: of which run.
        reporting: the callback before.
    """

    def __init__(self, session: Session, reporting: Reporting) -> None:
        self._session, self._reporting = session, reporting
        self._best: dict[str, Any] | None = None
        self._best_at = (0, 0)
        self._kept = time.monotonic()
        self._written = 0.0

    def on_train_batch_end(
        self,
        trainer: Trainer,
        module: TrainingModule,
        outputs: Any,
        batch: Batch,
        batch_idx: int,
    ) -> None:
        """Within a long epoch, every so many minutes."""
        minutes = self._session.config.logging.checkpoint_minutes
        inside = self._session.progress.batch < module.steps_per_epoch
        if minutes and inside and module.stepped and time.monotonic() - self._kept >= 60 * minutes:
            self.keep(trainer, module)

    def on_validation_epoch_end(self, trainer: Trainer, module: TrainingModule) -> None:
        """Remember the best weights, go on to the next epoch, and write both down where it is time."""
        session = self._session
        if self._reporting.best and session.chief:
            self._best = best_state(module.network, session.config, session.progress.epoch, session.watch.best)
            self._best_at = (session.progress.epoch, session.progress.step)
        if module.average is not None:
            module.average.take_out()
        module.next_epoch()
        first = self._written == 0
        if first or time.monotonic() - self._written >= _LEAST:
            self.keep(trainer, module)

    def keep(self, trainer: Trainer, module: TrainingModule) -> None:
        """Write the state, after the best weights where there are better ones."""
        session = self._session
        if not session.chief:
            return
        module.settle()
        if self._best is not None:
            write_checkpoint(session.run.best_checkpoint, self._best)
            self._best = None
            session.say(Checkpoint(kind="best", epoch=self._best_at[0], step=self._best_at[1]))
        state: dict[str, Any] = {
            "session": session.state(),
            "network": module.network.state_dict(),
            "optimiser": trainer.optimizers[0].state_dict(),
            "precision": trainer.precision_plugin.state_dict(),
            "random": random_state(),
        }
        if module.average is not None:
            state["average"] = module.average.state()
        write_checkpoint(session.run.latest_checkpoint, state)
        session.say(Checkpoint(kind="latest", epoch=session.progress.epoch, step=session.progress.step))
        self._kept = self._written = time.monotonic()
