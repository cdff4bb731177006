"""How good a network is on a set of pictures: losses, figures of each head, and what it says to some of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from torch import Tensor

from training.metrics import KINDS, Accumulator, Figures
from training.pytorch.data.batches import Batch
from training.pytorch.heads.base import Head, Said
from training.pytorch.network import Network
from training.pytorch.stopping import Judged

__all__ = ["Judge"]


class Judge:
    """Counts answers batch by batch.

    Args:
        network: whose heads answer.
        shown: places of the pictures whose answers are kept for a person.
    """

    def __init__(self, network: Network, shown: Collection[int] = ()) -> None:
        self._heads: list[Head] = network.questions
        self._network = network
        self._accumulators: list[Accumulator] = [KINDS[head.kind].accumulator(head.asked()) for head in self._heads]
        self._shown = frozenset(shown)
        self._sums = np.zeros(len(self._heads))
        self._known = np.zeros(len(self._heads))
        self._total, self._pictures = 0.0, 0
        self._summaries: list[Figures] = []
        self.said: dict[int, dict[str, Said]] = {}

    def add(self, batch: Batch, raws: Sequence[Any], losses: Sequence[Tensor]) -> None:
        """Count a batch with the heads' answers and losses."""
        self._summaries = []
        self._total += float(self._network.total(losses)) * len(batch)
        self._pictures += len(batch)
        for at, head in enumerate(self._heads):
            targets = batch.targets[at]
            known = int((targets["weight"] > 0).sum())
            self._sums[at] += float(losses[at]) * known
            self._known[at] += known
            head.judge(self._accumulators[at], raws[at], targets)
        for row, place in enumerate(batch.places.tolist()):
            if place in self._shown:
                answers = zip(self._heads, raws, batch.targets, strict=True)
                self.said[place] = {head.plan.name: head.said(raw, targets, row) for head, raw, targets in answers}

    def figures(self) -> dict[str, float | None]:
        """Named "loss", "<head>.loss" and "<head>.<figure>" of all that is known."""
        found: dict[str, float | None] = {"loss": self._total / self._pictures if self._pictures else None}
        for at, head in enumerate(self._heads):
            known = self._known[at]
            found[f"{head.plan.name}.loss"] = float(self._sums[at] / known) if known else None
            for name, value in self._summary(at).items():
                found[f"{head.plan.name}.{name}"] = value
        return found

    def judged(self) -> list[Judged]:
        """Each head's figures, to watch."""
        return [
            Judged(head.plan.name, head.kind, head.plan.config.weight, head.asked(), self._summary(at))
            for at, head in enumerate(self._heads)
        ]

    def _summary(self, at: int) -> Figures:
        self._summaries = self._summaries or [one.summary() for one in self._accumulators]
        return self._summaries[at]

    def classes(self) -> dict[str, list[tuple[str, float | None, int]]]:
        """Head -> name, figure and pictures of each category; heads without categories are missing."""
        found: dict[str, list[tuple[str, float | None, int]]] = {}
        for head, accumulator in zip(self._heads, self._accumulators, strict=True):
            shown = KINDS[head.kind].per_class
            if shown:
                rows = zip(head.plan.categories, accumulator.per_class(), strict=True)
                found[head.plan.name] = [(name, one[shown], int(one["support"] or 0)) for name, one in rows]
        return found
