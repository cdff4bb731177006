"""What a run's pictures become in each epoch: batches to train, to validate and to judge by."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from training.augmentation.augmenter import Augmenter
from training.augmentation.config import AugmentationConfig
from training.augmentation.presets import find_preset, preset_for
from training.config import TrainingConfig
from training.pytorch.caching import Kept
from training.pytorch.data.batches import BatchSource, in_batches
from training.pytorch.data.examples import Examples, geometric
from training.pytorch.data.ordering import Order, rarity, source_weights
from training.pytorch.data.pixels import PixelCache
from training.pytorch.heads.base import Example, Head
from training.pytorch.session import Session
from training.runs.events import Skipped
from training.runs.items import RunItem

__all__ = ["Feed", "augmentation_of", "cores", "workers_of"]

Use = Literal["train", "val", "test"]


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def workers_of(config: TrainingConfig, *, accelerated: bool) -> int:
    """Threads that read and vary pictures: beside a processor that computes few, beside a graphics card all."""
    if config.data.workers >= 0:
        return max(1, config.data.workers)
    return min(16, cores()) if accelerated else max(1, min(4, cores() // 2))


def augmentation_of(config: TrainingConfig, kinds: Sequence[str]) -> AugmentationConfig | None:
    """How pictures that are trained on are varied; None for not at all.

    Raises:
        DatasetError: there is no such preset, or the configuration's own settings are none.
    """
    data = config.data
    if data.custom_augmentation is not None:
        chosen = AugmentationConfig.from_json(data.custom_augmentation)
    elif data.augmentation == "auto":
        chosen = preset_for(config.template).config
    else:
        chosen = find_preset(data.augmentation).config
    if "image" in kinds:
        chosen = geometric(chosen)
    return chosen if any(one.probability > 0 for one in chosen.operations.values()) else None


@dataclass(slots=True, eq=False)
class Feed:
    """All batches of a session.

    Attributes:
        session: of which run.
        heads: that are trained.
        accelerated: whether a graphics card computes.
        rank: of this process among those that train together.
        world: how many there are.
        kept: activations of a frozen part, by use; empty while pictures are seen.
    """

    session: Session
    heads: Sequence[Head]
    accelerated: bool = False
    rank: int = 0
    world: int = 1
    kept: dict[Use, Kept] = field(default_factory=dict)
    _examples: dict[Use, Examples] = field(default_factory=dict)
    _pixels: PixelCache | None = None
    _order: Order | None = None
    _told: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        cv2.setNumThreads(1)  # each thread of the loader is one already
        session, data = self.session, self.session.config.data
        divided = session.plan.divided
        if session.chief:
            self._told = {one.path for one in session.run.events() if isinstance(one, Skipped)}
        if data.cache:
            ids = {item.key for item in (*divided.train, *divided.val, *divided.test)}
            self._pixels = PixelCache(session.run.path.parent / ".pixels", ids, data.side)
        augmentation = augmentation_of(session.config, [head.kind for head in self.heads])
        augmenter = Augmenter(augmentation, session.config.compute.seed) if augmentation is not None else None
        weights = source_weights(divided.train, data.source_weights)
        self._examples["train"] = self._of(divided.train, augmenter, weights)
        self._examples["val"] = self._of(divided.val)
        self._examples["test"] = self._of(divided.test)
        balance = None
        if data.balancing == "sampler":
            balance = rarity(divided.train, [head.plan.name for head in self.heads if head.kind == "categories"])
        self._order = Order(data, session.config.compute.seed, [item.source for item in divided.train], balance)

    def _of(
        self, items: Sequence[RunItem], augmenter: Augmenter | None = None, weights: NDArray[np.float32] | None = None
    ) -> Examples:
        session = self.session
        return Examples(
            items,
            session.plan.defs,
            session.plan.blobs,
            session.config.data.side,
            pixels=self._pixels,
            augmenter=augmenter,
            weights=weights,
            skipped=self._skipped,
        )

    def _skipped(self, path: str, sentence: str) -> None:
        if path not in self._told:
            self._told.add(path)
            self.session.say(Skipped(path=path, sentence=sentence))

    @property
    def varied(self) -> bool:
        """Whether training sees its pictures varied."""
        return self._examples["train"].varied

    def examples(self, use: Use) -> Examples:
        """The pictures of one use."""
        return self._examples[use]

    def steps(self) -> int:
        """Batches of an epoch, the same for every one."""
        return len(self._epoch(0)[0])

    def train(self, epoch: int, first: int = 0) -> BatchSource:
        """The batches of ``epoch`` from the ``first`` on."""
        batches, variants = self._epoch(epoch)
        return self._source("train", batches[first:], variants[first:])

    def fixed(self, use: Use) -> BatchSource:
        """The pictures of a use as they are, in their order; every process sees all of them."""
        order = np.arange(len(self._examples[use]))
        kept = self.kept.get(use)
        batches = in_batches(order if kept is None else kept.usable, self.session.batch_size)
        return self._source(use, batches, [np.zeros(len(places), np.int64) for places in batches])

    def plain(self, use: Use) -> BatchSource:
        """Likewise, never from kept activations and never varied: what activations are computed of."""
        plain = self._plain(use)
        batches = in_batches(np.arange(len(plain)), self.session.batch_size)
        variants = [np.zeros(len(places), np.int64) for places in batches]
        workers = workers_of(self.session.config, accelerated=self.accelerated)
        return BatchSource(plain, self.heads, batches, variants, workers, pin=self.accelerated)

    def _plain(self, use: Use) -> Examples:
        return self._of(self._examples[use].items) if use == "train" else self._examples[use]

    def pictures(self, use: Use) -> Iterator[list[Example]]:
        """The pictures of a use as they are, in pieces; those that can't be used are left out."""
        source = self._examples[use]
        for start in range(0, len(source), self.session.batch_size):
            places = range(start, min(len(source), start + self.session.batch_size))
            found = [self._plain(use).example(place, 0) for place in places]
            yield [example for example in found if example is not None]

    def _epoch(self, epoch: int) -> tuple[list[NDArray[np.int64]], list[NDArray[np.int64]]]:
        assert self._order is not None  # noqa: S101 - made with the feed
        order, kept = self._order.of(epoch), self.kept.get("train")
        if kept is not None:
            order = order[np.isin(order, kept.usable)]
        if len(order) == 1:
            order = np.repeat(order, 2)  # normalisation over a batch needs two
        places = np.arange(len(order))
        options = {"rank": self.rank, "world": self.world}
        pieces = in_batches(places, self.session.batch_size, **options)
        return [order[piece] for piece in pieces], [piece + epoch * len(order) for piece in pieces]

    def _source(self, use: Use, batches: list[NDArray[np.int64]], variants: list[NDArray[np.int64]]) -> BatchSource:
        workers = workers_of(self.session.config, accelerated=self.accelerated)
        kept = self.kept.get(use)
        pin = self.accelerated and torch.cuda.is_available()
        return BatchSource(
            self._examples[use], self.heads, batches, variants, workers, kept, pin, learning=use == "train"
        )
