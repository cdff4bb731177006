"""Says how training goes: steps, epochs, figures of each category, and answers to the sample pictures."""

from __future__ import annotations

import time
from typing import Any

import cv2
from lightning import Callback, Trainer

from models.errors import FileError, TrainingError
from models.images.decode import decode
from models.images.resize import thumbnail
from models.workspace import atomic_file, reason
from training.pytorch.data.batches import Batch
from training.pytorch.module import TrainingModule
from training.pytorch.session import Session
from training.pytorch.stopping import monitored
from training.runs.events import Classes, Epoch, Sample, SampleAnswer, Samples, Step
from training.runs.items import RunItem

__all__ = ["Reporting"]

_PAUSE = 0.25
"""Seconds between two steps that are told."""

_SAMPLE_SIDE = 192
"""Of the small copies of the sample pictures, pixels."""


class Reporting(Callback):
    """First of the callbacks: it counts what the others look at.

    Args:
        session: of which run.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._told = 0.0
        self._begun = time.monotonic()
        self._marks: list[tuple[float, int]] = []
        self._validation = 0.0
        self.best = False

    def on_train_start(self, trainer: Trainer, module: Any) -> None:
        """Write the sample pictures, once."""
        items = self._session.plan.divided.val
        if self._session.chief:
            for place in module.shown:
                _keep_sample(self._session, items[place])

    def on_train_epoch_start(self, trainer: Trainer, module: Any) -> None:
        """The clock starts."""
        self._begun = time.monotonic() - self._session.progress.seconds
        self._marks = [(time.monotonic(), 0)]

    def on_train_batch_end(self, trainer: Trainer, module: Any, outputs: Any, batch: Batch, batch_idx: int) -> None:
        """Count the batch, and tell of the step now and then, and of an epoch's first and last."""
        progress = self._session.progress
        module.count(batch)
        now = time.monotonic()
        progress.seconds = now - self._begun
        self._marks = [*self._marks[-63:], (now, self._marks[-1][1] + len(batch))]
        ends = progress.batch == 1 or progress.batch >= module.steps_per_epoch
        if self._session.chief and module.stepped and (ends or now - self._told >= _PAUSE):
            self._told = now
            self._session.say(self._step(module))

    def _step(self, module: TrainingModule) -> Step:
        progress, config = self._session.progress, self._session.config
        *each, total = module.last_losses.tolist()
        (start, before), (end, after) = self._marks[0], self._marks[-1]
        pace = (after - before) * module.feed.world / (end - start) if end > start else 0.0
        batches = (config.schedule.epochs - progress.epoch) * module.steps_per_epoch - progress.batch
        a_batch = (end - start) / max(1, len(self._marks) - 1)
        return Step(
            epoch=progress.epoch,
            step=progress.step,
            loss=total,
            losses={head.plan.name: loss for head, loss in zip(module.network.questions, each, strict=True)},
            rate=module.rate,
            images_per_second=pace,
            seconds_left=batches * a_batch + (config.schedule.epochs - progress.epoch) * self._validation,
        )

    def on_validation_epoch_start(self, trainer: Trainer, module: Any) -> None:
        """The clock of the validation starts."""
        self._validation_begun = time.monotonic()

    def on_validation_epoch_end(self, trainer: Trainer, module: TrainingModule) -> None:
        """Judge the epoch, and tell of it."""
        session, progress = self._session, self._session.progress
        self._validation = time.monotonic() - self._validation_begun
        val = module.judge.figures()
        monitor, way = monitored(session.config.stopping, val, module.judge.judged())
        self.best = session.watch.after_epoch(progress.epoch, monitor, way, session.config.stopping)
        session.plateau.after_epoch(session.config.schedule, improved=session.watch.waited == 0)
        session.say(
            Epoch(
                epoch=progress.epoch,
                step=progress.step,
                train=module.means(),
                val=val,
                monitor=monitor,
                best=self.best,
                seconds=time.monotonic() - self._begun,
            )
        )
        for head, figures in module.judge.classes().items():
            session.say(Classes(epoch=progress.epoch, head=head, figures=figures))
        self._show(module)

    def _show(self, module: TrainingModule) -> None:
        items, said = self._session.plan.divided.val, module.judge.said
        answers = [
            Sample(
                key=items[place].key,
                heads={
                    name: SampleAnswer(said=one.said, confidence=one.confidence, truth=one.truth, right=one.right)
                    for name, one in said[place].items()
                },
            )
            for place in module.shown
            if place in said
        ]
        if answers:
            self._session.say(Samples(epoch=self._session.progress.epoch, answers=answers))


def _keep_sample(session: Session, item: RunItem) -> None:
    path = session.run.samples / f"{item.key}.png"
    if path.exists():
        return
    try:
        small = thumbnail(decode(item.place.read_picture(), item.place.name, max_side=_SAMPLE_SIDE), _SAMPLE_SIDE)
    except FileError:
        return  # it is told of when it is read to be judged
    written, png = cv2.imencode(".png", cv2.cvtColor(small, cv2.COLOR_RGB2BGR))
    try:
        path.parent.mkdir(exist_ok=True)
        if written:
            with atomic_file(path) as file:
                file.write(png.tobytes())
    except OSError as error:
        raise TrainingError(
            f"The sample picture {path} can't be written ({reason(error)}); make room on the disk and resume the run."
        ) from error
