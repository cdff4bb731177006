"""Kappa against figures worked out by hand, and what must always hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.labelling.kappa import kappa_words, weighted_kappa


def columns(*counts: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """(first, second, how often) to the answers of both."""
    ones = np.concatenate([np.full(times, one) for one, _, times in counts])
    others = np.concatenate([np.full(times, other) for _, other, times in counts])
    return ones.astype(np.intp), others.astype(np.intp)


def test_two_answers_by_hand() -> None:
    # 50 pictures: yes/yes 20, yes/no 5, no/yes 10, no/no 15. Observed 35/50 = 0.7; the first says yes 25, the second 30
    # times, so by chance (25 x 30 + 25 x 20) / 2500 = 0.5. Kappa (0.7 - 0.5) / (1 - 0.5) = 0.4.
    ones, others = columns((0, 0, 20), (0, 1, 5), (1, 0, 10), (1, 1, 15))
    assert weighted_kappa(ones, others, 2) == pytest.approx(0.4)
    assert weighted_kappa(ones, others, 2, weights="linear") == pytest.approx(0.4)
    assert weighted_kappa(ones, others, 2, weights="quadratic") == pytest.approx(0.4)


def test_three_answers_by_hand() -> None:
    # (0,0) 4, (0,1) 1, (1,1) 2, (1,2) 1, (2,0) 1, (2,2) 1: 10 pictures; the first says 5, 3, 2, the second 5, 3, 2.
    # Observed 0.7, by chance 0.25 + 0.09 + 0.04 = 0.38: kappa 0.32 / 0.62.
    # Linear: observed (0.5 + 0.5 + 1) / 10 = 0.2, by chance 0.5 x (0.15 + 0.15 + 0.06 + 0.06) + 0.1 + 0.1 = 0.41.
    # Quadratic: observed (0.25 + 0.25 + 1) / 10 = 0.15, by chance 0.25 x 0.42 + 0.2 = 0.305.
    ones, others = columns((0, 0, 4), (0, 1, 1), (1, 1, 2), (1, 2, 1), (2, 0, 1), (2, 2, 1))
    assert weighted_kappa(ones, others, 3) == pytest.approx(0.32 / 0.62)
    assert weighted_kappa(ones, others, 3, weights="linear") == pytest.approx(1 - 0.2 / 0.41)
    assert weighted_kappa(ones, others, 3, weights="quadratic") == pytest.approx(1 - 0.15 / 0.305)


def test_both_always_the_same_one_thing_says_nothing() -> None:
    same = np.zeros(5, np.intp)
    assert weighted_kappa(same, same, 3) is None
    assert weighted_kappa(same, same + 1, 3) == pytest.approx(0)
    assert "nothing can be told" in kappa_words(None)


ANSWERS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40)
WEIGHTS = st.sampled_from(["none", "linear", "quadratic"])


@given(ANSWERS, WEIGHTS)
def test_it_is_the_same_either_way_round_and_never_over_one(answers: list[tuple[int, int]], weights: str) -> None:
    ones, others = (np.array(side, np.intp) for side in zip(*answers, strict=True))
    kappa = weighted_kappa(ones, others, 4, weights=weights)  # type: ignore[arg-type]
    swapped = weighted_kappa(others, ones, 4, weights=weights)  # type: ignore[arg-type]
    if kappa is None:
        assert swapped is None
        assert len(set(ones.tolist() + others.tolist())) == 1
    else:
        assert swapped == pytest.approx(kappa)
        assert kappa <= 1 + 1e-12
        assert (kappa == pytest.approx(1)) == bool((ones == others).all())


@pytest.mark.parametrize(
    ("kappa", "name"),
    [
        (0.85, "almost perfect"),
        (0.8, "substantial"),
        (0.45, "moderate"),
        (0.3, "fair"),
        (0.1, "slight"),
        (-0.2, "chance"),
    ],
)
def test_it_has_a_name(kappa: float, name: str) -> None:
    assert name in kappa_words(kappa)
