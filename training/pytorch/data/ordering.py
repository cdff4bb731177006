"""In which order an epoch sees its pictures, and which ones: a pure function of the seed and the epoch."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.config import DataConfig
from training.datasets.values import Category
from training.runs.items import RunItem

__all__ = ["Order", "class_weights", "rarity", "source_weights"]


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """What decides an order.

    Attributes:
        config: with the curriculum.
        seed: another one gives another order.
        sources: of each item, its source.
        rarity: float64 (N,), how much rather an item is shown than another; None for all alike.
    """

    config: DataConfig
    seed: int
    sources: Sequence[str]
    rarity: NDArray[np.float64] | None = None

    def of(self, epoch: int) -> NDArray[np.int64]:
        """int64 (N,): places of items in the order of ``epoch`` (from 0).

        Each item once; where a curriculum or a balance says otherwise, each as often as its share asks for, rounded up
        or down by chance (systematic resampling, Kitagawa 1996), so that an epoch is as long as any other.
        """
        generator = np.random.default_rng([self.seed, epoch])
        shares = self._shares(epoch)
        count = len(self.sources)
        if shares is None:
            return generator.permutation(count)
        ends = np.cumsum(shares)
        marks = (np.arange(count) + generator.random()) * (ends[-1] / count)
        chosen = np.minimum(np.searchsorted(ends, marks, side="right"), count - 1)
        return generator.permutation(chosen)

    def _shares(self, epoch: int) -> NDArray[np.float64] | None:
        by_source = self.config.shares_at(epoch)
        if by_source is None:
            return self.rarity
        weights = np.ones(len(self.sources)) if self.rarity is None else self.rarity.copy()
        whole: defaultdict[str, float] = defaultdict(float)
        for source, weight in zip(self.sources, weights.tolist(), strict=True):
            whole[source] += weight
        for place, source in enumerate(self.sources):
            weights[place] *= by_source.get(source, 0.0) / whole[source] if whole[source] else 0.0
        return weights if weights.sum() > 0 else self.rarity  # sources that this dataset does not have


def rarity(items: Sequence[RunItem], heads: Sequence[str]) -> NDArray[np.float64] | None:
    """How much rather each item is to be shown so that categories come equally often: float64 (N,), mean 1.

    The mean over the ``heads`` of the kind ``categories`` of how much rarer an item's category is than the average one;
    a head that is unknown counts as 1. None where no head has categories.
    """
    total, known = np.zeros(len(items)), 0
    for head in heads:
        counts = _counts(items, head)
        if len(counts) > 1:
            usual = sum(counts.values()) / len(counts)
            values = (item.labels.get(head) for item in items)
            total += [usual / counts[value.name] if isinstance(value, Category) else 1.0 for value in values]
            known += 1
    return total / total.mean() if known else None


def class_weights(items: Sequence[RunItem], head: str, categories: Sequence[str]) -> tuple[float, ...]:
    """What each of ``categories`` counts so that rare ones get their due: by the inverse of the square root of their
    number, 1 on average over the ``items``. The full inverse lets a few pictures shake the whole network. Categories
    that no item has count 1.
    """
    counts = _counts(items, head)
    if not counts:
        return ()
    raw = {name: counts[name] ** -0.5 for name in counts}
    usual = sum(raw[name] * counts[name] for name in counts) / sum(counts.values())
    return tuple(raw[name] / usual if name in raw else 1.0 for name in categories)


def source_weights(items: Sequence[RunItem], weights: Mapping[str, float]) -> NDArray[np.float32]:
    """What each item counts in the loss: float32 (N,), 1 on average."""
    given = np.array([weights.get(item.source, 1.0) for item in items], np.float64)
    mean = given.mean() if len(given) else 1.0
    return (given / mean if mean > 0 else np.ones(len(given))).astype(np.float32)


def _counts(items: Sequence[RunItem], head: str) -> Counter[str]:
    values = (item.labels.get(head) for item in items)
    return Counter(value.name for value in values if isinstance(value, Category))
