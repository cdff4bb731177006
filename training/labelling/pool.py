"""The pictures of a dataset as what learns while one labels sees them: some hundred numbers each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from training.datasets.quality.clusters import Clusters
from training.datasets.quality.facts import Facts
from training.datasets.quality.learning import features_over

__all__ = ["COMPONENTS", "Pool", "components"]

COMPONENTS = 512
"""Numbers a picture is reduced to. On the validation pictures of textures, parts and colours the classifier loses one
point of a hundred against all 3,496 with 400 labels of the train split, and one to three with all of them."""

SAMPLED = 2048
"""Pictures from which mean, scale and components are taken."""

_AT_ONCE = 4096


@dataclass(frozen=True, eq=False)
class Pool:
    """N pictures, a row each.

    Attributes:
        ids: of the items, int64 (N,).
        features: float32 (N, F), finite; a picture's squares sum to about one, and zeros where nothing is known.
        embedded: bool (N,), which rows hold anything.
        together: intp (N,), the same number for pictures that belong together, as those of a burst do.
    """

    ids: NDArray[np.int64]
    features: NDArray[np.float32]
    embedded: NDArray[np.bool_]
    together: NDArray[np.intp]

    @cached_property
    def rows(self) -> dict[int, int]:
        """Item -> row."""
        return {item: row for row, item in enumerate(self.ids.tolist())}

    @cached_property
    def lengths(self) -> NDArray[np.float32]:
        """float32 (N,), of ``features``; at least 1e-12."""
        lengths: NDArray[np.float32] = np.maximum(np.linalg.norm(self.features, axis=1), np.float32(1e-12))
        return lengths

    @classmethod
    def of_facts(cls, facts: Facts, *, near: bool = False) -> Pool:
        """The pictures that were gathered (``training.datasets.quality.gathering.gather``).

        Args:
            facts: of a dataset.
            near: whether near duplicates count as belonging together, which takes a minute to find among 100,000.
        """
        if near:
            together = facts.together
        else:
            clusters = Clusters(facts.count)
            clusters.join_equal(facts.groups)
            together = clusters.numbers()
        features = components(facts.embeddings, facts.embedded, facts.blocks, stop=facts.stop)
        return cls(facts.ids, features, facts.embedded, together)


def components(
    embeddings: NDArray[np.float16],
    embedded: NDArray[np.bool_],
    blocks: Sequence[slice],
    *,
    stop: Callable[[], None] = lambda: None,
) -> NDArray[np.float32]:
    """The main components of standardised embeddings; the same pictures give the same numbers.

    Args:
        embeddings: float16 (N, D), finite where ``embedded``.
        embedded: bool (N,).
        blocks: stretches of D that count alike.
        stop: called now and then; may raise to end the work.

    Returns:
        float32 (N, F), F at most ``COMPONENTS`` and under the number of pictures; zeros where nothing is embedded.
    """
    rows = np.flatnonzero(embedded)
    if len(rows) < 2:
        return np.zeros((len(embeddings), 1), np.float32)
    some = rows if len(rows) <= SAMPLED else np.sort(np.random.default_rng(0).permutation(rows)[:SAMPLED])
    features = features_over(embeddings[some], blocks)
    sample = features(embeddings[some])[:, :-1].astype(np.float32)
    # Of few pictures in many numbers: by the products of the pictures, not of the numbers
    values, vectors = np.linalg.eigh(sample @ sample.T)
    order = np.argsort(-values)[: min(COMPONENTS, len(some) - 1)]
    order = order[values[order] > 1e-6 * max(float(values.max()), 1e-12)]
    if not len(order):  # all pictures are the same
        return np.zeros((len(embeddings), 1), np.float32)
    stop()
    axes = sample.T @ (vectors[:, order] / np.sqrt(values[order]))
    matrix, bias = features.fold(np.vstack([axes, np.zeros(len(order))]).astype(np.float64))
    result = np.zeros((len(embeddings), len(order)), np.float32)
    for start in range(0, len(rows), _AT_ONCE):
        stop()
        part = rows[start : start + _AT_ONCE]
        result[part] = embeddings[part].astype(np.float32) @ matrix + bias
    return result
