"""What several models say about one picture, made into one answer. Pure functions; the formulas are those of the
document "AI Model System", "Prediction Blending Modes".

Two things that the document leaves open are decided here. A category that a model does not name has the confidence 0
in that model: it was asked, and had nothing to say for it. And a model without any prediction has not answered at all,
so it counts neither in a weight nor in a mean: with one model left, every mode gives what that model said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, TypedDict

__all__ = ["MODES", "BlendMode", "Prediction", "average", "blend", "confidence_weighted", "maximum", "ranked"]

BlendMode = Literal["confidence_weighted", "max", "average"]


class Prediction(TypedDict):
    """One category and the confidence in it, 0 to 1."""

    category: str
    confidence: float


Said = Sequence[Mapping[str, float]]
"""For each model that has answered, category -> confidence."""


def confidence_weighted(answers: Sequence[Sequence[Prediction]]) -> list[Prediction]:
    """The mean over the models of confidence * weight; the weight of a model is its share of all confidences together.

    Taken as it is written, so the numbers are smaller than those of the models: two models that are both certain of the
    same category have the weight 1/2 each, and the mean of their halves is 1/2. They order categories and can be
    compared with each other, not with a probability. When all confidences are 0, the weights are equal.

    Args:
        answers: what each model says, 0 to 1, in any order; of a category named twice the higher counts.

    Returns:
        Every category that was named, highest first.
    """
    said = _said(answers)
    totals = [sum(one.values()) for one in said]
    total = sum(totals)
    weights = [one / total for one in totals] if total > 0 else [1 / len(said) for _ in said]
    return ranked(
        {
            category: sum(one.get(category, 0.0) * weight for one, weight in zip(said, weights, strict=True))
            / len(said)
            for category in _named(said)
        }
    )


def maximum(answers: Sequence[Sequence[Prediction]]) -> list[Prediction]:
    """The highest confidence of any model; arguments and order as ``confidence_weighted``."""
    said = _said(answers)
    return ranked({category: max(one.get(category, 0.0) for one in said) for category in _named(said)})


def average(answers: Sequence[Sequence[Prediction]]) -> list[Prediction]:
    """The mean of the models' confidences; arguments and order as ``confidence_weighted``."""
    said = _said(answers)
    return ranked({category: sum(one.get(category, 0.0) for one in said) / len(said) for category in _named(said)})


MODES: Mapping[BlendMode, Callable[[Sequence[Sequence[Prediction]]], list[Prediction]]] = MappingProxyType(
    {"confidence_weighted": confidence_weighted, "max": maximum, "average": average}
)


def blend(answers: Sequence[Sequence[Prediction]], mode: BlendMode = "confidence_weighted") -> list[Prediction]:
    """What each model says, made into one answer; arguments and order as ``confidence_weighted``."""
    return MODES[mode](answers)


def ranked(confidences: Mapping[str, float]) -> list[Prediction]:
    """Category -> confidence, as predictions, highest first; of equal ones, whichever comes first."""
    order = sorted(confidences, key=lambda category: -confidences[category])
    return [Prediction(category=category, confidence=float(confidences[category])) for category in order]


def _said(answers: Sequence[Sequence[Prediction]]) -> list[dict[str, float]]:
    said = []
    for answer in answers:
        confidences: dict[str, float] = {}
        for one in answer:
            confidences[one["category"]] = max(one["confidence"], confidences.get(one["category"], 0.0))
        if confidences:
            said.append(confidences)
    return said


def _named(said: Said) -> list[str]:
    """Every category, in the order in which it was named first."""
    return list(dict.fromkeys(category for one in said for category in one))
