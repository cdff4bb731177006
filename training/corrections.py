"""Learning from corrections without any training: what a model says, adjusted by how often it was corrected."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from training.correction_record import DEFAULT_HEAD, DEFAULT_MODEL, Correction, unit
from training.correction_rows import Label, Step
from training.correction_store import TrainingDataStore

__all__ = [
    "DEFAULT_HEAD",
    "CategoryStatistics",
    "Correction",
    "IncrementalLearner",
    "Label",
    "Step",
    "TrainingDataStore",
]

PRIOR_STRENGTH = 10.0
"""As if each category had been confirmed so often before anybody looked: two slips move little, ten move half."""


@dataclass(frozen=True, slots=True)
class CategoryStatistics:
    """How one category fared, in pictures, each with its current correction.

    Attributes:
        category: its name.
        pictures: that a person says are of it.
        confirmed: of those, the ones of which the model had said so too.
        gained: of those, the ones of which the model had said something else.
        lost: that the model had said are of it, and the person says are not.
    """

    category: str
    pictures: int
    confirmed: int
    gained: int
    lost: int


class IncrementalLearner:
    """Records corrections, and adjusts predictions by them. Safe to use from several threads at once.

    This works on what any model says, without its insides; ``training.incremental`` learns from the pictures.

    Args:
        store: of the corrections; None for the workspace's.
        head: the question they answer.
        model: whose answers they correct.
        prior_strength: how many confirmations of each category are taken for granted, above 0 (see
            ``adjust_predictions``).

    Attributes:
        store: where they are kept: undo, labels, export and import are there.

    Raises:
        ValueError: ``prior_strength`` is not above 0.
        WorkspaceError: the store can't be used. So does every method.
    """

    def __init__(
        self,
        store: TrainingDataStore | None = None,
        *,
        head: str = DEFAULT_HEAD,
        model: str = DEFAULT_MODEL,
        prior_strength: float = PRIOR_STRENGTH,
    ) -> None:
        if not prior_strength > 0:
            raise ValueError(f"prior_strength must be above 0, and is {prior_strength}")
        self.store = store if store is not None else TrainingDataStore()
        self._head = head
        self._model = model
        self._prior = prior_strength
        self._lock = threading.Lock()
        self._known: tuple[int, Shares] | None = None  # the store's version, and what followed from it

    def record_correction(
        self,
        texture_path: str | Path,
        corrected_category: str,
        original_predictions: Iterable[Mapping[str, Any]] | None = None,
        **fields: Any,
    ) -> int:
        """Keep what a person says one picture is; the next ``adjust_predictions`` knows it.

        Args:
            texture_path: of the picture. It is read for its hash and size, unless ``texture_hash`` is given; one that
                is gone is no obstacle.
            corrected_category: what it is.
            original_predictions: what the model had said: objects with "category" and "confidence", in any order. The
                most confident one is kept.
            fields: further arguments of ``TrainingDataStore.record``.

        Returns:
            The correction's id.

        Raises:
            ValueError: an argument has a value that it can't have.
        """
        said = _scores(original_predictions or ())
        category, confidence = max(said, key=lambda score: score[1]) if said else (None, None)
        return self.store.record(
            texture_path,
            corrected_category,
            category,
            confidence,
            **{"head": self._head, "model": self._model, **fields},
        )

    def adjust_predictions(self, predictions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """What a model says, in the light of the corrections.

        With n(o, c) current corrections from category o to c (c = o where a person agreed) and the prior's strength a,

            P(c | o) = (n(o, c) + a [c = o]) / (sum over c' of n(o, c') + a)
            adjusted(c) = sum over o of predicted(o) P(c | o)

        P(. | o) is the posterior mean of a multinomial with a Dirichlet prior (Gelman et al., Bayesian Data Analysis,
        third edition, section 3.4) whose a pseudo-counts all lie on "the model is right": Laplace's rule would spread
        them over all categories, and change every prediction before anybody has corrected one. The sum over o is the
        law of total probability, with the model as an annotator whose confusions the corrections count (Dawid and
        Skene 1979). People correct mistakes more often than they confirm, so P leans towards change; a
        larger a leans the other way.

        Args:
            predictions: objects with "category" and "confidence" (0 to 1); never changed. They may be only the top few.

        Returns:
            New objects of the same form, most confident first (equal ones in the order given); what else an object
            held is copied. The sum of confidences is what it was, and at most 1. A category that takes its share from
            others is added where it was missing. Without corrections that apply, the predictions as they were, sorted.

        Raises:
            ValueError: an object lacks one of the two, or holds a value that it can't have.
        """
        scores = _scores(predictions)
        shares = self._shares()
        adjusted = [dict(prediction) for prediction in predictions]
        if any(category in shares for category, _ in scores):
            adjusted = _with_confidences(adjusted, _adjusted(scores, shares))
        return sorted(adjusted, key=lambda prediction: -float(prediction["confidence"]))

    @property
    def learned_categories(self) -> list[str]:
        """The categories that a person has given to a picture, by name."""
        return list(self.store.category_counts(self._head, model=self._model))

    def statistics(self) -> list[CategoryStatistics]:
        """How each category fared that a model or a person has named, by name."""
        pictures = self.store.category_counts(self._head, model=self._model)
        confusion = self.store.confusion(self._head, model=self._model)
        names = sorted({*pictures, *(original for original, _ in confusion)})
        return [_statistics(name, pictures.get(name, 0), confusion) for name in names]

    def _shares(self) -> Shares:
        with self._lock:
            version = self.store.version()
            if self._known is None or self._known[0] != version:
                self._known = version, _shares(self.store.confusion(self._head, model=self._model), self._prior)
            return self._known[1]


Shares = Mapping[str, Mapping[str, float]]
"""What the model says -> what it is -> P; what was never corrected is left out, and stays what it is."""


def _shares(confusion: Mapping[tuple[str, str], int], prior: float) -> Shares:
    weights: dict[str, dict[str, float]] = {}
    for (original, corrected), count in confusion.items():
        row = weights.setdefault(original, {original: prior})
        row[corrected] = row.get(corrected, 0.0) + count
    return MappingProxyType(
        {original: {c: weight / sum(row.values()) for c, weight in row.items()} for original, row in weights.items()}
    )


def _adjusted(scores: Sequence[tuple[str, float]], shares: Shares) -> dict[str, float]:
    adjusted: dict[str, float] = {category: 0.0 for category, _ in scores}
    for original, confidence in scores:
        for category, share in shares.get(original, {original: 1.0}).items():
            adjusted[category] = adjusted.get(category, 0.0) + confidence * share
    excess = max(1.0, sum(adjusted.values()))  # rounded confidences may have summed to a little more than 1
    return {category: confidence / excess for category, confidence in adjusted.items()}


def _with_confidences(predictions: Sequence[dict[str, Any]], confidences: dict[str, float]) -> list[dict[str, Any]]:
    """``predictions``, one for each category, with new confidences, and new ones for categories that they lack."""
    first: dict[str, dict[str, Any]] = {}
    for prediction in predictions:
        first.setdefault(prediction["category"], prediction)
    return [{**first.get(c, {"category": c}), "confidence": confidence} for c, confidence in confidences.items()]


def _scores(predictions: Iterable[Mapping[str, Any]]) -> list[tuple[str, float]]:
    scores = []
    for prediction in predictions:
        if not isinstance(prediction, Mapping) or not isinstance(prediction.get("category"), str):
            raise ValueError("a prediction must be an object with a category and a confidence")
        scores.append((prediction["category"], unit(prediction.get("confidence"))))
    return scores


def _statistics(name: str, pictures: int, confusion: Mapping[tuple[str, str], int]) -> CategoryStatistics:
    return CategoryStatistics(
        category=name,
        pictures=pictures,
        confirmed=confusion.get((name, name), 0),
        gained=sum(count for (original, c), count in confusion.items() if c == name != original),
        lost=sum(count for (original, c), count in confusion.items() if original == name != c),
    )
