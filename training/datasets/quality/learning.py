"""What the labelled pictures of a dataset teach about its others: the exact incremental head over cached embeddings."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.conformal import fit_temperature
from training.features import Features
from training.held_out import held_out_logits
from training.incremental import IncrementalHead

__all__ = ["Learned", "features_over", "learn"]

FEWEST = 30
"""Labelled pictures under which a classifier says nothing."""

RIDGE = 0.2
"""As in ``training.starter``, whose features are scaled alike."""

_AT_ONCE = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What was learned from N labelled pictures.

    Attributes:
        rows: (N,), rows of ``Facts`` that have a label and an embedding.
        labels: (N,), columns.
        told: bool (N,), which labels a person or a file gave; those of a model are not learned from.
        probabilities: float64 (N, n), of each what it would say had it not seen that one nor its copies.
        temperature: by which logits are divided.
        features: of embeddings.
        weights: float64 (F, n).
    """

    rows: NDArray[np.intp]
    labels: NDArray[np.intp]
    told: NDArray[np.bool_]
    probabilities: NDArray[np.float64]
    temperature: float
    features: Features
    weights: NDArray[np.float64]

    def predict(self, embeddings: NDArray[np.float16], stop: Callable[[], None] = lambda: None) -> NDArray[np.float64]:
        """Of pictures that were not learned from, float16 (M, D), probabilities (M, n)."""
        return _predict(self.features, self.weights, self.temperature, embeddings, stop)


def features_over(embeddings: NDArray[np.float16], blocks: Sequence[slice]) -> Features:
    """Features that standardise over ``embeddings`` (N, D), blocks alike, as ``training.starter`` has them.

    Piece by piece: as float64 all of 100,000 would take 3 GB.
    """
    pieces = [slice(start, start + _AT_ONCE) for start in range(0, len(embeddings), _AT_ONCE)]
    mean = sum((embeddings[some].sum(axis=0, dtype=np.float64) for some in pieces), np.zeros(embeddings.shape[1]))
    mean /= max(len(embeddings), 1)
    squares = sum((np.square(embeddings[some] - mean).sum(axis=0) for some in pieces), np.zeros_like(mean))
    scale = np.sqrt(squares / max(len(embeddings), 1)) + 1e-6
    for block in blocks:
        scale[block] *= np.sqrt((block.stop - block.start) * len(blocks))
    return Features(mean, scale)


def learn(
    rows: NDArray[np.intp],
    embeddings: NDArray[np.float16],
    labels: NDArray[np.intp],
    told: NDArray[np.bool_],
    categories: int,
    *,
    groups: Sequence[Hashable],
    blocks: Sequence[slice],
    stop: Callable[[], None] = lambda: None,
) -> Learned | None:
    """Learn what a person or a file has said; None where that is too little, or one category only.

    Args:
        rows: (N,), to be kept.
        embeddings: float16 (N, D), finite.
        labels: (N,), columns.
        told: bool (N,), which are learned from.
        categories: n.
        groups: of each example; equal ones are held out together.
        blocks: stretches of D that count alike.
        stop: called now and then; may raise to end the work.
    """
    if told.sum() < FEWEST or len(np.unique(labels[told])) < 2:
        return None
    own = np.flatnonzero(told)
    names = [str(column) for column in range(categories)]
    told_of = embeddings if told.all() else embeddings[own]
    features = features_over(told_of, blocks)
    head = IncrementalHead(features, ridge=RIDGE, categories=names)
    keys = [row.to_bytes(4, "big") for row in own.tolist()]
    for start in range(0, len(own), _AT_ONCE):  # their features take some 20 kB each
        stop()
        some = own[start : start + _AT_ONCE]
        said = [names[label] for label in labels[some].tolist()]
        head.add_many(zip(keys[start : start + _AT_ONCE], told_of[start : start + _AT_ONCE], said, strict=True))
    head.prepare(stop)
    together = dict(zip(keys, (groups[row] for row in own.tolist()), strict=True))
    logits, truth = held_out_logits(head, together, stop=stop)
    temperature = fit_temperature(logits, truth)
    probabilities = np.empty((len(rows), categories))
    probabilities[own] = _softmax(logits, temperature)
    guessed = np.flatnonzero(~told)
    probabilities[guessed] = _predict(features, head.weights, temperature, embeddings[guessed], stop)
    return Learned(rows, labels, told, probabilities, temperature, features, head.weights.copy())


def _predict(
    features: Features,
    weights: NDArray[np.float64],
    temperature: float,
    embeddings: NDArray[np.float16],
    stop: Callable[[], None],
) -> NDArray[np.float64]:
    result = np.empty((len(embeddings), weights.shape[1]))
    for start in range(0, len(embeddings), _AT_ONCE):
        stop()
        some = slice(start, start + _AT_ONCE)
        result[some] = _softmax(features(embeddings[some]) @ weights, temperature)
    return result


def _softmax(logits: NDArray[np.floating], temperature: float) -> NDArray[np.float64]:
    scaled = logits.astype(np.float64) / temperature
    scaled = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(scaled / scaled.sum(axis=1, keepdims=True), np.float64)
