"""Freezes and frees layers as scheduled, and keeps what the frozen part says where that is the same in every epoch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import torch
from lightning import Callback, Trainer

from training.pytorch.caching import keep, split
from training.pytorch.callbacks.heeding import Wishes
from training.pytorch.data.batches import Batch
from training.pytorch.module import TrainingModule
from training.pytorch.session import Interrupted, Session
from training.runs.events import Unfrozen

__all__ = ["Thawing"]

_LEAST_EPOCHS = 2
"""Epochs for which keeping activations is worth it."""


class Thawing(Callback):
    """Before all others: at an epoch's start it decides what is learned and what is seen.

    Args:
        session: of which run.
        wishes: of the person, who may pause while activations are computed.
    """

    def __init__(self, session: Session, wishes: Wishes) -> None:
        self._session, self._wishes = session, wishes
        self.ratio = session.config.tuning.freeze_ratio_at(session.progress.epoch)

    def begin(self, module: TrainingModule, device: torch.device) -> int:
        """Freeze what is to be frozen, and keep what can be; before Lightning asks for batches.

        Returns:
            How many parameters learn.

        Raises:
            Interrupted: the person wants something else.
        """
        trainable = self._apply(module)
        self._keep(module, device)
        module.steps_per_epoch = module.feed.steps()
        return trainable

    def on_validation_epoch_end(self, trainer: Trainer, module: TrainingModule) -> None:
        """Free layers for the epoch that comes; its batches are of pictures again."""
        epoch = self._session.progress.epoch  # the next one: ``Keeping`` has counted
        ratio = self._session.config.tuning.freeze_ratio_at(epoch)
        if ratio == self.ratio or epoch >= self._session.config.schedule.epochs:
            return
        self.ratio = ratio
        self._apply(module)
        module.split = None
        module.feed.kept.clear()
        module.steps_per_epoch = module.feed.steps()
        self._session.say(Unfrozen(epoch=epoch, freeze_ratio=ratio))

    def _apply(self, module: TrainingModule) -> int:
        module.freezing.apply(self.ratio)
        return sum(one.numel() for one in module.network.parameters() if one.requires_grad)

    def _keep(self, module: TrainingModule, device: torch.device) -> None:
        """Only where pictures are seen as they are, no head wants the levels between, and it is worth it."""
        session, encoder = self._session, module.network.encoder
        if self.ratio == 0 or module.feed.varied or encoder.pyramid or self._epochs() < _LEAST_EPOCHS:
            return
        module.network.to(device)
        module.freezing.hold()
        parts = split(encoder)
        if parts is None:
            return

        def lower(batch: Batch) -> torch.Tensor:
            if self._wishes.want != "run":
                raise Interrupted(self._wishes.want)
            with torch.inference_mode():
                return parts.lower(batch.inputs.to(device)).float().cpu()

        what = "the embeddings" if parts.whole else "what the frozen layers say"
        session.log(f"Computing {what} of all pictures once.")
        again = session.progress.epoch > 0 or session.progress.batch > 0
        uses: tuple[Literal["train", "val"], ...] = ("train", "val")
        for use in uses:
            path = session.run.cache / f"{use}-{module.feed.rank}.activations"
            batches: Iterator[Batch] = iter(module.feed.plain(use))
            made: Any = keep(path, len(module.feed.examples(use)), batches, lower, again=again)
            if made is None:
                module.feed.kept.clear()
                return
            module.feed.kept[use] = made
        module.split = parts

    def _epochs(self) -> int:
        """For how many epochs from now on the same is frozen."""
        tuning, epoch = self._session.config.tuning, self._session.progress.epoch
        last = self._session.config.schedule.epochs
        return next(
            (later - epoch for later in range(epoch, last) if tuning.freeze_ratio_at(later) != self.ratio), last - epoch
        )
