"""One head of a network that was trained here, and what a person's corrections change in its answers.

The network stays as it is. Beside its probabilities p(x) there is a ridge regression of what they miss, on the
network's own embedding: r(x), fitted to "one for what it is, nothing for the others" less p. What is said is p + r. So
with no corrections it is the network's own answer to the last digit, a corrected picture is right at once, and others
move as far as they are like it. It is one step of boosting with the squared error (Friedman 2001; of probabilities,
Brier's score), and, like ``training.incremental``, a function of the labels alone and not of their order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from models.heads.categories import UNKNOWN, softmax
from models.network import HeadSlice
from models.spec import HeadSpec
from training.calibration import Calibration
from training.correction_rows import Label
from training.features import Features
from training.incremental import IncrementalHead
from training.learned_head import Published

__all__ = ["TunedHead", "Unbiased"]

LEAST = np.float32(1e-6)
"""What stands for a probability that the sum left at nothing or under: its logarithm is taken."""


class Unbiased(Features):
    """Features without a constant: one correction says nothing of pictures that are in no way like it."""

    def __call__(self, embeddings: NDArray[np.floating]) -> NDArray[np.float64]:
        """Embeddings (N, D) to features (N, F), the last of them zero."""
        features = super().__call__(embeddings)
        features[:, -1] = 0
        return features


class TunedHead:
    """Stands where a ``LearnedHead`` would. Not for several threads at once: ``training.learner`` has the lock.

    How sure it sounds stays as its training found on the validation split: corrections are mostly of what it got wrong,
    and say nothing of how often that is.

    Args:
        spec: of the head, of kind "categories".
        logits: where the network's own answer lies in a row.
        embedding: where its embedding lies.
        features: of that embedding.
        ridge: the penalty on squared weights, more than 0.

    Attributes:
        name: of the head.
        head: what the corrected pictures have taught; its examples are embeddings alone.
        labels: content -> what a person has said.
        waiting: contents that are labelled and have not been learned, for want of a row.
    """

    def __init__(
        self, spec: HeadSpec, logits: HeadSlice, embedding: HeadSlice, features: Features, *, ridge: float
    ) -> None:
        self._spec = spec
        self._logits = logits
        self._embedding = embedding
        self.name = spec.name
        self.head = IncrementalHead(Unbiased(features.mean, features.scale), ridge=ridge, categories=spec.categories)
        self.labels: dict[bytes, str] = {}
        self.waiting: set[bytes] = set()
        self._own: dict[bytes, NDArray[np.float32]] = {}  # of each example, what the network says by itself
        self._moment = np.zeros((self.head.features.count, len(spec.categories)))  # X' p over the examples

    def embeddings(self, rows: NDArray[np.float16]) -> NDArray[np.float16]:
        """Rows (N, D) to what the examples are made of, (N, E)."""
        return rows[:, self._embedding.start : self._embedding.stop]

    def follow(self, labels: Mapping[bytes, Label | None], rows: Mapping[bytes, NDArray[np.float16]]) -> None:
        """A person has said ``labels`` (None: took back what was said); ``rows``, (D,), of as many as are at hand."""
        wanted: dict[bytes, str | None] = {}
        for content, label in labels.items():
            if label is None:
                self.labels.pop(content, None)
                wanted[content] = None
            else:
                self.labels[content] = label.category
                wanted[content] = None if label.category == UNKNOWN else label.category
        self._learn(wanted, rows)

    def published(self) -> Published:
        """What the head says now."""
        spec, own = self._spec, self._logits
        calibration = Calibration.stated(spec)
        said = MappingProxyType(dict(self.labels))
        if not self.head.examples:
            return Published(self.name, spec.kind, spec.categories, own, calibration, said, own.form)
        matrix, bias = self.head.features.fold(self.head.weights - self._missed())
        place = slice(self._embedding.start, self._embedding.stop)

        def logits(rows: NDArray[np.float16]) -> NDArray[np.float32]:
            sums = rows[:, place].astype(np.float32) @ matrix + bias
            sums[:, : len(spec.categories)] += softmax(own(rows))
            scores: NDArray[np.float32] = np.log(np.maximum(sums, LEAST))
            return scores

        return Published(self.name, spec.kind, self.head.categories, logits, calibration, said)

    def _missed(self) -> NDArray[np.float64]:
        """The part of the weights that answers what the network says by itself, (F, n): P X' p."""
        missed = np.zeros(self.head.weights.shape)
        missed[:, : self._moment.shape[1]] = self.head.inverse_times(self._moment)
        return missed

    def _learn(self, wanted: Mapping[bytes, str | None], rows: Mapping[bytes, NDArray[np.float16]]) -> None:
        """Make ``wanted`` true: content -> its category, None for no example."""
        head = self.head
        for name in dict.fromkeys(name for name in wanted.values() if name is not None):
            if name not in head.categories:
                head.add_category(name)
        there = {content: name for content, name in wanted.items() if content in head.examples}
        self._remove([content for content, name in there.items() if name is None])
        head.relabel_many({content: name for content, name in there.items() if name is not None})
        new = {content: name for content, name in wanted.items() if name is not None and content not in head.examples}
        self._add({content: name for content, name in new.items() if content in rows}, rows)
        self.waiting -= wanted.keys()
        self.waiting |= new.keys() - rows.keys()
        self._drop_empty_categories()

    def _add(self, new: Mapping[bytes, str], rows: Mapping[bytes, NDArray[np.float16]]) -> None:
        if not new:
            return
        table = np.stack([rows[content] for content in new])
        self._own |= dict(zip(new, softmax(self._logits(table)), strict=True))
        self.head.add_many(zip(new, self.embeddings(table), new.values(), strict=True))
        self._count(list(new), 1)

    def _remove(self, gone: Sequence[bytes]) -> None:
        if not gone:
            return
        self._count(gone, -1)
        self.head.remove_many(gone)
        for content in gone:
            del self._own[content]
        if not self._own:
            self._moment[:] = 0  # and not what rounding has left

    def _count(self, contents: Sequence[bytes], sign: int) -> None:
        features, _ = self.head.table(contents)
        self._moment += sign * (features.T @ np.stack([self._own[content] for content in contents]))

    def _drop_empty_categories(self) -> None:
        """A category that a person made goes with its last label."""
        kept = {*self._spec.categories, *self.labels.values()}
        for name in self.head.categories:
            if name not in kept:
                self.head.remove_category(name)
