"""The step: what Lightning runs. What is said, kept and stopped is done by the callbacks beside it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import lightning
import numpy as np
import torch
from torch import Tensor

from training.pytorch.averaging import Average
from training.pytorch.blending import blended, can_blend
from training.pytorch.caching import Split
from training.pytorch.data.batches import Batch, BatchSource
from training.pytorch.feeding import Feed
from training.pytorch.freezing import Freezing, parameter_groups
from training.pytorch.heads.base import Features
from training.pytorch.judging import Judge
from training.pytorch.network import Network
from training.pytorch.schedule import share_at
from training.pytorch.session import Session, bad_loss

__all__ = ["TrainingModule", "places_of_samples"]


class TrainingModule(lightning.LightningModule):
    """A network that is trained in a session.

    Args:
        session: of which run.
        network: that learns.
        feed: its batches.
        freezing: of its backbone.
        optimiser_state: of the optimiser, from a checkpoint; None to begin.

    Attributes:
        split: the frozen and the other part; None while pictures go through both.
        average: of the weights, where that is asked for.
        judge: of the validation that goes on, or went last.
        shown: places of the validation's sample pictures.
        steps_per_epoch: batches of an epoch.
    """

    def __init__(
        self,
        session: Session,
        network: Network,
        feed: Feed,
        freezing: Freezing,
        optimiser_state: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self.session, self.feed, self.freezing = session, feed, freezing
        self.network = network
        self.split: Split | None = None
        self.average: Average | None = None
        self.judge = Judge(network)
        self.shown: tuple[int, ...] = ()
        self.steps_per_epoch = feed.steps()
        self._optimiser_state = optimiser_state
        self._blends = can_blend(network.questions)
        self._sums: Tensor | None = None
        self.last_losses = torch.zeros(len(network.questions) + 1)

    # -- what is seen -------------------------------------------------------------------------------------------------

    def train_dataloader(self) -> BatchSource:
        """What is left of the epoch that goes on; asked for again at each epoch."""
        progress = self.session.progress
        return self.feed.train(progress.epoch, progress.batch)

    def val_dataloader(self) -> BatchSource:
        """The pictures that are validated on."""
        return self.feed.fixed("val")

    def features(self, batch: Batch) -> Features:
        """What heads see of a batch, from its pictures or from kept activations."""
        if batch.cached and self.split is not None:
            return self.split.upper(batch.inputs)
        features: Features = self.network.encoder(batch.inputs)
        return features

    # -- learning -----------------------------------------------------------------------------------------------------

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """AdamW or SGD over all parameters; those that are frozen have no gradients, and so stay."""
        config = self.session.config
        others = [self.network.encoder.hidden, *self.network.heads]
        groups = parameter_groups(self.network.encoder.network, others, config.optimiser, config.tuning)
        made: torch.optim.Optimizer
        if config.optimiser.name == "sgd":
            made = torch.optim.SGD(groups, config.optimiser.learning_rate, momentum=config.optimiser.momentum)
        else:
            made = torch.optim.AdamW(groups, config.optimiser.learning_rate)
        if self._optimiser_state is not None:
            made.load_state_dict(dict(self._optimiser_state))
        return made

    @property
    def rate(self) -> float:
        """The learning rate of the step that comes next, before the factors of layers and heads."""
        config, progress = self.session.config, self.session.progress
        step = progress.epoch * self.steps_per_epoch + progress.batch
        share = share_at(config.schedule, step, self.steps_per_epoch)
        return config.optimiser.learning_rate * share * self.session.plateau.factor

    def on_train_epoch_start(self) -> None:
        """What is frozen stays in the state of evaluation."""
        self.freezing.hold()

    def on_train_batch_start(self, batch: Batch, batch_idx: int) -> None:
        """Set the rates."""
        rate = self.rate
        for group in self.optimizers().param_groups:
            group["lr"] = rate * group["scale"]

    def training_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """The loss of a batch, all heads together."""
        session, progress = self.session, self.session.progress
        if self._blends:
            seed = (session.config.compute.seed, progress.epoch, progress.batch, self.feed.rank)
            batch = blended(batch, session.config.regularisation, seed)
        raws = self.network.answered(self.features(batch), batch.targets)
        losses = self.network.losses(raws, batch.targets)
        total = self.network.total(losses)
        self.last_losses = torch.stack([*losses, total]).detach().float()
        return total

    def count(self, batch: Batch) -> None:
        """A batch is done: add it up. Nothing here waits for the device."""
        progress = self.session.progress
        if self._sums is None:
            start = progress.sums or [0.0] * len(self.last_losses)
            self._sums = torch.tensor(start, dtype=torch.float64, device=self.last_losses.device)
        self._sums += self.last_losses * len(batch)
        progress.pictures += len(batch)
        progress.batch += 1
        if self.stepped:
            progress.step += 1
            if self.average is not None:
                self.average.after_step()

    @property
    def stepped(self) -> bool:
        """Whether the optimiser has made its step with the last batch, or gathers for a later one."""
        batch, every = self.session.progress.batch, self.session.config.optimiser.accumulation
        return batch % every == 0 or batch >= self.steps_per_epoch

    def settle(self) -> None:
        """Bring the sums of the epoch from the device into the progress, for a checkpoint or a report."""
        if self._sums is not None:
            self.session.progress.sums = self._sums.tolist()

    def means(self) -> dict[str, float | None]:
        """Named "loss" and "<head>.loss", over the epoch so far."""
        self.settle()
        progress = self.session.progress
        names = [*(f"{head.plan.name}.loss" for head in self.network.questions), "loss"]
        sums = progress.sums or [0.0] * len(names)
        return {
            name: one / progress.pictures if progress.pictures else None for name, one in zip(names, sums, strict=True)
        }

    def next_epoch(self) -> None:
        """The epoch is done and judged."""
        self._sums = None
        self.session.progress.next_epoch()

    # -- judging ------------------------------------------------------------------------------------------------------

    def on_validation_epoch_start(self) -> None:
        """A new judge; the average of the weights answers where there is one."""
        if self.average is not None:
            self.average.put_in()
        self.judge = Judge(self.network, self.shown)

    def validation_step(self, batch: Batch, batch_idx: int) -> None:
        """Judge a batch."""
        raws = self.network.answered(self.features(batch), batch.targets)
        losses = self.network.losses(raws, batch.targets)
        if not math.isfinite(float(self.network.total(losses))):
            raise bad_loss(self.session, self.session.plan.divided.val, batch.places.tolist(), "validation of epoch")
        self.judge.add(batch, raws, losses)

    def on_validation_model_train(self) -> None:
        """Back to learning, but for what is frozen."""
        self.network.train()
        self.freezing.hold()

    def transfer_batch_to_device(self, batch: Batch, device: torch.device, dataloader_idx: int) -> Batch:
        """Without waiting, where the batch lies in pinned memory."""
        return batch.to(device, non_blocking=self.feed.accelerated)


def places_of_samples(count: int, wanted: int) -> tuple[int, ...]:
    """``wanted`` places spread evenly over ``count``, the same ones each time."""
    return tuple(dict.fromkeys(np.linspace(0, count - 1, min(count, wanted)).round().astype(int).tolist()))
