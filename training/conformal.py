"""When to answer, and how sure to sound: three numbers set from examples that a head had not seen when it scored them.

``training.held_out`` gives such scores for a person's own examples, with nothing set aside. Strictly the
guarantees below are for scores that one fixed head gives to examples that it never saw and that were drawn like the
coming ones (split conformal). Held-out scores come from as many heads, each a little worse than the whole one, so they
err on the careful side; series of pictures must be left out whole, or they err badly on the other (docs/learning.md).

All of them need the coming pictures to be like the labelled ones. A new game is not; nothing here can promise for it.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["answer_threshold", "fit_temperature", "known_threshold"]

COOLEST, HOTTEST = 1e-3, 1e2
"""Bounds of the temperature. A ridge's logits lie between 0 and 1, and 0.05 is usual."""

SPREAD = 0.35
"""Deviation of the logarithm of a temperature from the usual one. Twice that is a factor of two either way: from what
few labels need (``training.calibration.DEFAULT_TEMPERATURE``) down to what hundreds do."""

GRID = np.arange(100) / 100
"""Confidences that may become a threshold. Fixed before any data is seen, as the test of each of them needs."""

STARTS = (99, 95, 90, 80, 60)
"""Where on the grid testing begins: several places, since the surest answers may be too few to pass any test."""


def fit_temperature(logits: NDArray[np.floating], labels: NDArray[np.intp], *, usual: float | None = None) -> float:
    """The T for which softmax(logits / T) makes ``labels`` most likely (Guo et al., ICML 2017).

    Args:
        logits: (N, n), of examples held out; N at least 1.
        labels: (N,), columns.
        usual: the T to expect where examples are few: T is then the likeliest (maximum a posteriori) under a gamma
            distribution of 1 / T that has its mode at 1 / ``usual`` and of log T a deviation of about ``SPREAD``. None
            to let the examples alone say.

    Returns:
        T, from 0.001 to 100, within one in 10,000. The loss is convex in 1 / T, so one minimum is the minimum.
    """
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    true = shifted[np.arange(len(labels)), labels]
    weight = 0.0 if usual is None else 1 / (SPREAD**2 * len(labels))

    def loss(log_temperature: float) -> float:
        scaled = shifted / math.exp(log_temperature)
        missed = float(np.mean(np.log(np.exp(scaled).sum(axis=1))) - true.mean() / math.exp(log_temperature))
        above = 0.0 if usual is None else log_temperature - math.log(usual)
        return missed + weight * (math.exp(-above) + above)

    low, high = math.log(COOLEST), math.log(HOTTEST)
    ratio = (math.sqrt(5) - 1) / 2
    while high - low > 1e-4:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if loss(left) <= loss(right):
            high = right
        else:
            low = left
    return math.exp((low + high) / 2)


def known_threshold(scores: NDArray[np.floating], refused: float) -> float:
    """The score below which a thing is called unknown (split conformal prediction; Papadopoulos et al., ECML 2002).

    *Of things like the labelled ones, at most the share ``refused`` is called unknown*: when a coming score and
    ``scores`` are exchangeable, the chance that it lies under the k-th smallest of n is at most k / (n + 1), whatever
    their distribution; k = floor(refused (n + 1)). On average over the draw of the n. Of unknown things it promises
    nothing.

    Args:
        scores: (n,), of held-out known things; higher is more familiar.
        refused: 0 to under 1.

    Returns:
        The threshold; -inf (nothing is refused) with too few scores to promise so little.
    """
    if not 0 <= refused < 1:
        raise ValueError(f"a share from 0 to under 1 may be refused, not {refused}")
    rank = math.floor(refused * (len(scores) + 1) + 1e-9)
    return float(np.partition(scores, rank - 1)[rank - 1]) if rank else -math.inf


def answer_threshold(
    confidences: NDArray[np.floating], right: NDArray[np.bool_], *, wrong: float, doubt: float = 0.1
) -> float | None:
    """The least confidence from which *answers are wrong at most the share ``wrong`` of the time*.

    True, with a chance of at least 1 - ``doubt`` over the draw of the examples, for all coming answers of at least that
    confidence together, not for each of them. Learn-then-test (Angelopoulos et al., 2021): for each confidence of a
    fixed grid the exact binomial test (Clopper and Pearson) of "more are wrong", in fixed sequence from the sure to the
    unsure, from ``STARTS`` beginnings with their share of ``doubt`` each, until one is not rejected.

    Args:
        confidences: (n,), of the best answers to held-out examples, 0 to 1.
        right: (n,), whether they were.
        wrong: share that may be, over 0 and under 1.
        doubt: chance that the promise does not hold, over 0 and under 1.

    Returns:
        A hundredth from 0 to 0.99; None when nothing can be promised, for want of examples or of right answers.
    """
    if not (0 < wrong < 1 and 0 < doubt < 1):
        raise ValueError(f"wrong {wrong} and doubt {doubt} must lie between 0 and 1")
    answered = np.array([(confidences >= at).sum() for at in GRID])
    errors = np.array([((confidences >= at) & ~right).sum() for at in GRID])
    passed: int | None = None
    for start in STARTS:
        if passed is not None and passed <= start:
            continue
        for index in range(start, -1, -1):
            if _at_most(int(errors[index]), int(answered[index]), wrong) > doubt / len(STARTS):
                break
            passed = index
    return None if passed is None else float(GRID[passed])


def _at_most(errors: int, trials: int, chance: float) -> float:
    """P(X <= errors) for X binomial with ``trials`` and ``chance``."""
    terms = (
        math.lgamma(trials + 1)
        - math.lgamma(k + 1)
        - math.lgamma(trials - k + 1)
        + k * math.log(chance)
        + (trials - k) * math.log1p(-chance)
        for k in range(errors + 1)
    )
    return min(math.fsum(math.exp(term) for term in terms), 1.0)
