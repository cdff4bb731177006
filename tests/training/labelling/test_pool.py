from __future__ import annotations

import numpy as np
import pytest

from training.labelling.pool import COMPONENTS, components

BLOCKS = [slice(0, 30), slice(30, 40)]


def embeddings(count: int, width: int = 40) -> np.ndarray:
    random = np.random.default_rng(4)
    return (random.standard_normal((count, 8)) @ random.standard_normal((8, width))).astype(np.float16)


def test_components_keep_the_distances_of_standardised_embeddings() -> None:
    given = embeddings(60)
    found = components(given, np.ones(60, bool), BLOCKS)
    assert found.dtype == np.float32
    assert found.shape[1] <= 40
    wide = given.astype(np.float64)
    scale = wide.std(axis=0) * np.sqrt(np.where(np.arange(40) < 30, 30, 10) * 2)
    standard = (wide - wide.mean(axis=0)) / scale
    apart = np.linalg.norm(standard[:, None] - standard, axis=2)
    kept = np.linalg.norm(found[:, None].astype(np.float64) - found, axis=2)
    assert kept == pytest.approx(apart, abs=0.02)


def test_what_is_not_embedded_is_zero_and_changes_nothing() -> None:
    given = embeddings(50)
    embedded = np.ones(50, bool)
    whole = components(given[:49], embedded[:49], BLOCKS)
    given[49], embedded[49] = np.nan, False
    found = components(given, embedded, BLOCKS)
    assert (found[49] == 0).all()
    assert found[:49] == pytest.approx(whole, abs=1e-5)


def test_more_pictures_than_are_sampled() -> None:
    given = embeddings(2200)
    found = components(given, np.ones(2200, bool), BLOCKS)
    assert np.isfinite(found).all()
    assert found.shape == (2200, found.shape[1])
    assert found.shape[1] <= COMPONENTS
    assert np.square(found).sum(axis=1).mean() == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("count", [0, 1])
def test_of_no_picture_or_one_there_is_nothing_to_tell(count: int) -> None:
    assert components(embeddings(count), np.ones(count, bool), BLOCKS).shape == (count, 1)


def test_pictures_that_are_all_the_same() -> None:
    given = np.repeat(embeddings(1), 5, axis=0)
    assert (components(given, np.ones(5, bool), BLOCKS) == 0).all()
