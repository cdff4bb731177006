"""Labels that a classifier, held out, would not have given: confident learning (Northcutt et al., 2021)."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.conformal import fit_temperature
from training.features import Features
from training.held_out import held_out_logits
from training.incremental import IncrementalHead

__all__ = ["Suspects", "confident_errors", "features_over", "held_out_probabilities"]

RIDGE = 0.2
"""As in ``training.starter``, whose features are scaled alike."""


@dataclass(frozen=True, slots=True, eq=False)
class Suspects:
    """M examples whose label is probably wrong, the most probable first.

    Attributes:
        rows: (M,), of the examples.
        proposed: (M,), the columns of the categories that they probably are.
        margins: float64 (M,), how much more probable that is than what the label says, 0 to 1.
    """

    rows: NDArray[np.intp]
    proposed: NDArray[np.intp]
    margins: NDArray[np.float64]


def features_over(embeddings: NDArray[np.float16], blocks: Sequence[slice]) -> Features:
    """Features that standardise over ``embeddings`` (N, D), blocks alike, as ``training.starter`` has them."""
    reference = embeddings.astype(np.float64)
    scale = reference.std(axis=0) + 1e-6
    for block in blocks:
        scale[block] *= np.sqrt((block.stop - block.start) * len(blocks))
    return Features(reference.mean(axis=0), scale)


def held_out_probabilities(
    embeddings: NDArray[np.float16],
    labels: NDArray[np.intp],
    categories: int,
    groups: Sequence[Hashable],
    blocks: Sequence[slice],
) -> NDArray[np.float64]:
    """What the head that learns all examples would say of each, had it not seen that one nor its group: (N, n).

    Args:
        embeddings: float16 (N, D), finite.
        labels: (N,), columns.
        categories: n, two at least.
        groups: of each example; equal ones are held out together.
        blocks: stretches of D that count alike.
    """
    names = [str(column) for column in range(categories)]
    head = IncrementalHead(features_over(embeddings, blocks), ridge=RIDGE, categories=names)
    keys = [row.to_bytes(4, "big") for row in range(len(labels))]
    head.add_many(zip(keys, embeddings, [names[label] for label in labels.tolist()], strict=True))
    logits, truth = held_out_logits(head, dict(zip(keys, groups, strict=True)))
    scaled = logits.astype(np.float64) / fit_temperature(logits, truth)
    scaled = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(scaled / scaled.sum(axis=1, keepdims=True), np.float64)


def confident_errors(probabilities: NDArray[np.float64], labels: NDArray[np.intp], *, margin: float = 0.0) -> Suspects:
    """The off-diagonal of the confident joint, ranked by margin.

    A category's threshold is the mean probability that it gets where it is the label. An example is counted where the
    most probable of those categories is whose threshold it reaches; where that is not its label, the label is
    suspected. So neither a category that is hard everywhere nor one that is too easily said brings suspicion by itself.

    Args:
        probabilities: (N, n), held out.
        labels: (N,), columns.
        margin: the least by which the other must be more probable.
    """
    count, categories = probabilities.shape
    own = probabilities[np.arange(count), labels]
    totals = np.bincount(labels, weights=own, minlength=categories)
    sizes = np.bincount(labels, minlength=categories)
    thresholds = np.divide(totals, sizes, out=np.full(categories, np.inf), where=sizes > 0)
    reached = np.where(probabilities >= thresholds, probabilities, -1.0)
    counted_as = reached.argmax(axis=1)
    margins = probabilities[np.arange(count), counted_as] - own
    suspected = (reached.max(axis=1) >= 0) & (counted_as != labels) & (margins > margin)
    rows = np.flatnonzero(suspected)
    rows = rows[np.argsort(-margins[rows], kind="stable")]
    return Suspects(rows, counted_as[rows], margins[rows])
