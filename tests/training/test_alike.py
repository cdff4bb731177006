from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from training import alike
from training.alike import chain


def clusters(count: int, each: int, seed: int = 0) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Pictures around ``count`` directions, shuffled, and which direction each belongs to."""
    drawn = np.random.default_rng(seed)
    centres = drawn.standard_normal((count, 300))
    labels = drawn.permutation(np.repeat(np.arange(count), each))
    return centres[labels] + 0.1 * drawn.standard_normal((len(labels), 300)), labels


def breaks(labels: NDArray[np.intp]) -> int:
    """How often one thing is followed by another."""
    return int((np.diff(labels) != 0).sum())


def test_look_alikes_stand_together() -> None:
    features, labels = clusters(12, 20)
    assert breaks(labels) > 200
    assert breaks(labels[chain(features)]) == 11


def test_more_than_are_chained_at_once_are_halved_and_still_stand_together() -> None:
    count = 2 * alike.AT_ONCE + 100
    features, labels = clusters(10, count // 10)
    order = chain(features)
    assert sorted(order) == list(range(len(features)))
    # Each half may begin and end in the middle of a cluster
    assert breaks(labels[order]) < 10 * 4


@pytest.mark.parametrize("count", [0, 1, 2, 3, 50])
def test_every_picture_comes_once(count: int) -> None:
    features = np.random.default_rng(1).standard_normal((count, 20))
    assert sorted(chain(features)) == list(range(count))


def test_equal_pictures_and_empty_ones_are_no_trouble() -> None:
    features = np.zeros((6, 20))
    features[3:] = 1
    order = chain(features)
    assert sorted(order) == list(range(6))
    assert breaks((order >= 3).astype(np.intp)) == 1


def test_the_same_pictures_give_the_same_order() -> None:
    features, _ = clusters(5, 30)
    assert (chain(features) == chain(features.copy())).all()
    assert chain(features.astype(np.float32)).tolist() == chain(features).tolist()
