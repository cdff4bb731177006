"""One head of a model as it stands after all a person has said: what it shipped with, and the corrections on top."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from models.heads import KINDS, Form, Result
from models.heads.categories import UNKNOWN
from models.spec import HeadSpec
from training.calibration import Calibration
from training.correction_rows import Label
from training.fits import Fit
from training.incremental import Example, IncrementalHead
from training.series import series_key

__all__ = ["LearnedHead", "Published"]

Logits = Callable[[NDArray[np.float16]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True, eq=False)
class Published:
    """What a head says now; never changes, so any thread may use it while the head learns on.

    Attributes:
        name: of the head.
        kind: of the head.
        categories: names, in the order of the logits.
        logits: embeddings (N, D) to float32 (N, n), before the temperature.
        calibration: how sure to sound.
        labels: content -> what a person has said.
        form: of the packed numbers, of kinds that are no logits.
    """

    name: str
    kind: str
    categories: tuple[str, ...]
    logits: Logits
    calibration: Calibration
    labels: Mapping[bytes, str]
    form: Form = Form()

    def results(self, logits: NDArray[np.float32]) -> Sequence[Result]:
        """Logits (N, n), or other packed numbers (N, d), to N typed results."""
        how = self.calibration
        return KINDS[self.kind].decode(
            logits / np.float32(how.temperature),
            self.categories,
            unsure_below=how.unsure_below,
            unknown_below=how.unknown_below,
            form=self.form,
        )


class LearnedHead:
    """A head that follows a person's labels. Not for several threads at once: ``training.learner`` has the lock.

    The examples it has learned are always those it shipped with, except where a person has said something else, and all
    that a person has labelled and whose embedding is at hand. So it depends on the labels alone, not on their history.

    Args:
        spec: of the head.
        head: as it shipped, or an empty one.
        series: example -> ``training.series.series_key``, of the examples it shipped with.
        calibration: as it shipped.

    Attributes:
        name: of the head.
        head: that learns.
        labels: content -> what a person has said.
        waiting: contents that are labelled and have not been learned, for want of an embedding.
        calibration: how sure to sound; whoever finds it anew sets it.
    """

    def __init__(
        self, spec: HeadSpec, head: IncrementalHead, series: Mapping[bytes, bytes], calibration: Calibration
    ) -> None:
        self._spec = spec
        self.head = head
        self.name = spec.name
        self.labels: dict[bytes, str] = {}
        self.waiting: set[bytes] = set()
        self.calibration = calibration
        self._shipped = head.snapshot()
        self._shipped_calibration = calibration
        self._series = dict(series)

    def follow(self, labels: Mapping[bytes, Label | None], embeddings: Mapping[bytes, NDArray[np.float16]]) -> None:
        """A person has said ``labels`` (None: took back what was said); ``embeddings`` of as many as are at hand."""
        wanted: dict[bytes, str | None] = {}
        for content, label in labels.items():
            if label is None:
                self.labels.pop(content, None)
                shipped = self._shipped.examples.get(content)
                wanted[content] = shipped.category if shipped is not None else None
            else:
                self.labels[content] = label.category
                wanted[content] = None if label.category == UNKNOWN else label.category
                self._series.setdefault(content, series_key(PurePath(label.path)))
        self._learn(wanted, embeddings)

    def take_fit(self, fit: Fit) -> None:
        """Use what was fitted before for the same examples (``fingerprint``) instead of fitting it again."""
        head = self.head
        if sorted(fit.categories) != sorted(head.categories) or len(fit.weights) != head.features.count:
            return
        if not np.isfinite(fit.weights).all():
            return
        self.head = IncrementalHead.of_state(
            head.features,
            ridge=head.ridge,
            categories=head.categories,
            examples=head.examples,
            weights=fit.weights[:, [fit.categories.index(name) for name in head.categories]],
        )
        self.calibration = fit.calibration

    def fit(self, *, calibrated: bool) -> Fit:
        """What ``take_fit`` takes."""
        return Fit(self.head.categories, self.head.weights, self.calibration, calibrated)

    def fingerprint(self) -> bytes:
        """SHA-256 of the set of examples and of how they are fitted: what the weights are a function of."""
        digest = hashlib.sha256()
        for array in (self.head.features.mean, self.head.features.scale, np.array(self.head.ridge)):
            digest.update(array.astype("<f8").tobytes())
        digest.update("\0".join(sorted(self.head.categories)).encode("utf-8", "surrogatepass"))
        examples = self.head.examples
        for key in sorted(examples):
            digest.update(key + examples[key].category.encode("utf-8", "surrogatepass") + b"\0")
        return digest.digest()

    @property
    def as_shipped(self) -> bool:
        """Whether a person has said nothing, and wishes nothing else than the model's maker did."""
        return not self.labels and self.calibration == self._shipped_calibration

    @property
    def series(self) -> dict[bytes, bytes]:
        """Example -> ``training.series.series_key``, of all whose names were known."""
        return {key: self._series[key] for key in self.head.examples if key in self._series}

    def published(self) -> Published:
        """What the head says now."""
        matrix, bias = self.head.features.fold(self.head.weights)

        def logits(embeddings: NDArray[np.float16]) -> NDArray[np.float32]:
            scores: NDArray[np.float32] = embeddings.astype(np.float32) @ matrix + bias
            return scores

        labels = MappingProxyType(dict(self.labels))
        return Published(self.name, self._spec.kind, self.head.categories, logits, self.calibration, labels)

    def _learn(self, wanted: Mapping[bytes, str | None], embeddings: Mapping[bytes, NDArray[np.float16]]) -> None:
        """Make ``wanted`` true: content -> its category, None for no example."""
        head = self.head
        for name in dict.fromkeys(name for name in wanted.values() if name is not None):
            if name not in head.categories:
                head.add_category(name)
        there = {content: name for content, name in wanted.items() if content in head.examples}
        head.remove_many(content for content, name in there.items() if name is None)
        head.relabel_many({content: name for content, name in there.items() if name is not None})
        new = {content: name for content, name in wanted.items() if name is not None and content not in head.examples}
        at_hand = {**self._shipped_embeddings(new), **{c: embeddings[c] for c in new if c in embeddings}}
        head.add_many((content, at_hand[content], name) for content, name in new.items() if content in at_hand)
        self.waiting -= wanted.keys()
        self.waiting |= new.keys() - at_hand.keys()
        self._drop_empty_categories()

    def _shipped_embeddings(self, contents: Collection[bytes]) -> dict[bytes, NDArray[np.float16]]:
        shipped: Mapping[bytes, Example] = self._shipped.examples
        return {content: shipped[content].embedding for content in contents if content in shipped}

    def _drop_empty_categories(self) -> None:
        """A category that a person made goes with its last label."""
        kept = {*self._shipped.categories, *self.labels.values()}
        for name in self.head.categories:
            if name not in kept:
                self.head.remove_category(name)
