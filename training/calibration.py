"""How sure a head may sound, from its own examples: the temperature and the two confidences that a model states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from training.conformal import answer_threshold, fit_temperature
from training.held_out import held_out_logits
from training.incremental import IncrementalHead
from training.series import series

if TYPE_CHECKING:  # pydantic comes with it
    from models.spec import HeadSpec

__all__ = ["DEFAULT_TEMPERATURE", "Calibration", "calibrate", "calibrate_logits", "unsure_from"]

DEFAULT_TEMPERATURE = 0.2
"""Until there is something to fit: what 4 to 16 labels of textures, parts or colours need (0.09 to 0.28, on the train
splits; three of four needed more than 0.15). 0.1, which hundreds need, would call 90 % sure what is 70 % right."""

FEWEST = 10
"""Examples of categories that are known without them, under which a temperature says nothing."""

SURE_FROM = 30
"""Such examples under which every answer is shown as unsure: a few may all be right by luck, and things of categories
that were never named look sure."""

RIGHT_ENOUGH = 0.85
"""Answers are shown as unsure below the confidence from which this share of the held-out ones is right."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a head's logits are worth.

    Attributes:
        temperature: confidences are softmax(logits / temperature).
        unsure_below: a best answer under this confidence is shown as unsure, 0 to 1; at least ``unknown_below``.
        unknown_below: a best answer under this confidence is shown as unknown, 0 to 1; 0 when nothing is.
        wrong: the share of wrong answers that was asked for; None when everything is to be answered.
        promised: whether the answers from ``unknown_below`` on are wrong at most that often, as
            ``training.conformal.answer_threshold`` promises it; False when ``wrong`` is None, or for want of examples.
        examples: held-out examples that all this rests on.
    """

    temperature: float
    unsure_below: float
    unknown_below: float
    wrong: float | None
    promised: bool
    examples: int

    @classmethod
    def stated(cls, spec: HeadSpec) -> Calibration:
        """What a model says of a head whose logits are calibrated already, and that has no examples here."""
        return cls(1.0, spec.unsure_below, spec.unknown_below, wrong=None, promised=False, examples=0)


def calibrate(head: IncrementalHead, series_keys: Mapping[bytes, Hashable], *, wrong: float | None) -> Calibration:
    """Calibrate ``head`` by what it would say of its examples had it not seen them nor the rest of their series.

    An example whose category is known from its own series only can't be answered rightly when that is held out. It
    counts as wrong for the two confidences, which errs on the careful side, and not at all for the temperature, which
    would end at "all categories are alike" while most categories have one example.

    With fewer than ``FEWEST`` of the others, or all of one category, the temperature is ``DEFAULT_TEMPERATURE`` and
    nothing is promised; with fewer than ``SURE_FROM`` every answer under 1 is unsure.

    The head stays as it is, but for its inverse, which is made if it is missing: so not beside a change in another
    thread. At 3,496 numbers on two cores 0.5 s for 795 examples and 1.5 s for 5,000; the inverse another 1.5 s and 6 s.

    Args:
        head: what to calibrate.
        series_keys: example -> its series, as from ``training.series.series_key``; examples may be missing. Numbering
            is taken out here (``training.series.series``).
        wrong: share of the answers that may be wrong, over 0 and under 1; None to answer everything.

    Raises:
        ValueError: ``wrong`` is no such share.
    """
    if wrong is not None and not 0 < wrong < 1:
        raise ValueError(f"a share over 0 and under 1 may be wrong, not {wrong}")
    categories = {key: example.category for key, example in head.examples.items()}
    groups = series({key: group for key, group in series_keys.items() if key in categories}, categories)
    known = _known_without(categories, groups)
    count = len(categories)
    if known.sum() < FEWEST or len(set(categories.values())) < 2:
        return Calibration(DEFAULT_TEMPERATURE, 1.0, 0.0, wrong, promised=False, examples=count)
    logits, labels = held_out_logits(head, groups)
    temperature = fit_temperature(*_with_one_wrong(logits[known], labels[known]))
    confidences = _confidences(logits, temperature)
    right = logits.argmax(axis=1) == labels
    least = None if wrong is None else answer_threshold(confidences, right, wrong=wrong)
    unknown_below = least or 0.0
    unsure_below = max(unsure_from(confidences, right), unknown_below) if known.sum() >= SURE_FROM else 1.0
    return Calibration(temperature, unsure_below, unknown_below, wrong, promised=least is not None, examples=count)


def calibrate_logits(logits: NDArray[np.floating], labels: NDArray[np.intp], *, wrong: float | None) -> Calibration:
    """As ``calibrate``, of a network whose logits of pictures that it was not trained on are at hand.

    With fewer than ``FEWEST`` of them, or all of one category, the temperature is 1 and nothing is promised; with fewer
    than ``SURE_FROM`` every answer under 1 is unsure.

    Args:
        logits: (N, n), finite.
        labels: (N,), columns.
        wrong: as in ``calibrate``.
    """
    if len(labels) < FEWEST or len(np.unique(labels)) < 2:
        return Calibration(1.0, 1.0, 0.0, wrong, promised=False, examples=len(labels))
    scores = logits.astype(np.float32)
    temperature = fit_temperature(*_with_one_wrong(scores, labels))
    confidences = _confidences(scores, temperature)
    right = scores.argmax(axis=1) == labels
    least = None if wrong is None else answer_threshold(confidences, right, wrong=wrong)
    unknown_below = least or 0.0
    unsure_below = max(unsure_from(confidences, right), unknown_below) if len(labels) >= SURE_FROM else 1.0
    return Calibration(
        temperature, unsure_below, unknown_below, wrong, promised=least is not None, examples=len(labels)
    )


def unsure_from(confidences: NDArray[np.floating], right: NDArray[np.bool_]) -> float:
    """The least confidence, in hundredths, from which ``RIGHT_ENOUGH`` of the answers are right; 1 if there is none.

    Args:
        confidences: (N,), of the best answers, 0 to 1.
        right: (N,), whether they were.
    """
    for hundredth in range(100):
        kept = right[confidences >= hundredth / 100]
        if len(kept) and kept.mean() >= RIGHT_ENOUGH:
            return hundredth / 100
    return 1.0


def _known_without(categories: Mapping[bytes, str], groups: Mapping[bytes, Hashable]) -> NDArray[np.bool_]:
    """(N,): whether an example's category has examples outside of its series."""
    pictures = Counter(categories.values())
    # In a tuple, so that no series is also a key
    together = {key: (groups[key],) if key in groups else key for key in categories}
    own = Counter((together[key], category) for key, category in categories.items())
    return np.array([pictures[category] > own[together[key], category] for key, category in categories.items()], bool)


def _with_one_wrong(
    logits: NDArray[np.float32], labels: NDArray[np.intp]
) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Logits (N, n) and labels (N,), and one more of usual margin that was answered wrong.

    As Laplace's rule of succession counts. Without it, examples that were all answered rightly, be they ten, would make
    the head as sure as a number can be of whatever comes.
    """
    top = np.partition(logits, -2, axis=1)[:, -2:]
    middle = int(np.argsort(top[:, 1] - top[:, 0], kind="stable")[len(top) // 2])
    second = int(np.argsort(-logits[middle], kind="stable")[1])
    return np.append(logits, logits[middle : middle + 1], axis=0), np.append(labels, second)


def _confidences(logits: NDArray[np.float32], temperature: float) -> NDArray[np.float64]:
    """The largest entry of softmax(logits / temperature), (N,)."""
    shifted = (logits - logits.max(axis=1, keepdims=True)).astype(np.float64)
    confidences: NDArray[np.float64] = 1 / np.exp(shifted / temperature).sum(axis=1)
    return confidences
