"""Batches, made ahead by threads in a fixed order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.errors import TrainingError
from training.pytorch.data.examples import Examples
from training.pytorch.heads.base import Example, Head, Targets

__all__ = ["Activations", "Batch", "BatchSource", "in_batches"]

Activations = Callable[[NDArray[np.int64]], Tensor]
"""Places of items -> their cached activations, (N, ...)."""


@dataclass(slots=True, eq=False)
class Batch:
    """What a step sees.

    Attributes:
        inputs: uint8 (N, S, S, 3), pictures; or cached activations.
        targets: of each head, in the network's order.
        places: int64 (N,), of the items in their split.
        cached: whether ``inputs`` are activations.
    """

    inputs: Tensor
    targets: list[Targets]
    places: NDArray[np.int64]
    cached: bool = False

    def __len__(self) -> int:
        return len(self.places)

    def to(self, device: Any, **options: Any) -> Batch:
        """On ``device``: Lightning asks for it."""
        targets = [{name: _moved(one, device, options) for name, one in some.items()} for some in self.targets]
        return Batch(_moved(self.inputs, device, options), targets, self.places, self.cached)

    def pinned(self) -> Batch:
        """The same where a graphics card can fetch it by itself."""
        self.inputs = self.inputs.pin_memory()
        return self


@dataclass(slots=True, eq=False)
class BatchSource:
    """Batches of one epoch, made ahead in order.

    What is iterated twice gives the same twice. Items whose pictures can't be used are left out, and so is a batch of
    which none can.

    Attributes:
        examples: to be drawn from.
        heads: whose targets are made.
        batches: int64 (n,) each: places of items.
        variants: int64 (n,) each: how each is varied.
        workers: threads.
        activations: cached, in place of pictures.
        pin: whether batches go to a graphics card.
        learning: whether there must be as many batches as are promised, of two pictures or more: one of which no
            picture can be used is another one once more.
    """

    examples: Examples
    heads: Sequence[Head]
    batches: Sequence[NDArray[np.int64]]
    variants: Sequence[NDArray[np.int64]]
    workers: int
    activations: Activations | None = None
    pin: bool = False
    learning: bool = False

    def __len__(self) -> int:
        return len(self.batches)

    def __iter__(self) -> Iterator[Batch]:
        if self.activations is not None:
            yield from self._cached(self.activations)
            return
        owed, last = 0, None
        for batch in self._in_order():
            if batch is None:
                owed += 1
            else:
                last = batch
                yield batch
        if self.learning and owed and last is None:
            raise TrainingError(
                "None of the pictures that are trained on can be read; see which were skipped, and why."
            )
        if self.learning and last is not None:
            yield from [last] * owed

    def _in_order(self) -> Iterator[Batch | None]:
        with ThreadPoolExecutor(self.workers, "batches") as pool:
            waiting: deque[Future[Batch | None]] = deque()
            try:
                for places, variants in zip(self.batches, self.variants, strict=True):
                    waiting.append(pool.submit(self._made, places, variants))
                    if len(waiting) > self.workers + 1:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def _made(self, places: NDArray[np.int64], variants: NDArray[np.int64]) -> Batch | None:
        found: list[tuple[int, Example]] = []
        for place, variant in zip(places.tolist(), variants.tolist(), strict=True):
            example = self.examples.example(place, variant)
            if example is not None:
                found.append((place, example))
        if not found:
            return None
        if self.learning and len(found) == 1:
            found *= 2
        some = [example for _, example in found]
        inputs = torch.from_numpy(np.stack([example.image for example in some]))
        batch = Batch(inputs, self._targets(some), np.array([place for place, _ in found], np.int64))
        return batch.pinned() if self.pin else batch

    def _cached(self, activations: Activations) -> Iterator[Batch]:
        """Targets of everything at once: a step on activations takes no longer than making them one by one would."""
        whole = self._targets([self.examples.labelled(place) for place in range(len(self.examples))])
        for places in self.batches:
            targets = [{name: one[places] for name, one in some.items()} for some in whole]
            yield Batch(activations(places), targets, places, cached=True)

    def _targets(self, examples: Sequence[Example]) -> list[Targets]:
        return [head.targets(examples) for head in self.heads]


def in_batches(order: NDArray[np.int64], size: int, *, rank: int = 0, world: int = 1) -> list[NDArray[np.int64]]:
    """``order`` in pieces of ``size``, those of process ``rank`` of ``world``; all processes have equally many.

    A last piece of a single one joins the one before it, which normalisation over a batch needs.

    Args:
        order: int64 (N,).
        size: of one process's batch, at least 1.
        rank: of the process.
        world: how many there are.
    """
    whole = size * world
    pieces = [order[start : start + whole] for start in range(0, len(order), whole)]
    if len(pieces) > 1 and len(pieces[-1]) < 2 * world:
        last = pieces.pop()
        pieces[-1] = np.concatenate([pieces[-1], last])
    if world > 1:
        pieces = [np.resize(piece, -(-len(piece) // world) * world)[rank::world] for piece in pieces]
    return pieces


def _moved(value: Any, device: Any, options: dict[str, Any]) -> Any:
    if isinstance(value, Tensor):
        return value.to(device, **options)
    if isinstance(value, list):
        return [_moved(one, device, options) for one in value]
    if isinstance(value, dict):
        return {name: _moved(one, device, options) for name, one in value.items()}
    return value
