from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.labelling.pools import clumps
from training.labelling.active_learning import Novelty, pick
from training.labelling.pool import Pool

POOL = clumps(60, spread=0.6, seed=3)


def novelty_of(pool: Pool, labelled: set[int]) -> np.ndarray:
    """Row by row, with nothing clever."""
    unit = pool.features / np.linalg.norm(pool.features, axis=1, keepdims=True)
    if not labelled:
        return np.ones(len(unit))
    return np.clip(1 - (unit @ unit[sorted(labelled)].T).max(axis=1), 0, 1)


ROWS = st.sets(st.integers(0, len(POOL.ids) - 1), max_size=6)


@given(st.lists(st.tuples(st.booleans(), ROWS), max_size=8))
@settings(deadline=None, max_examples=60)
def test_novelty_follows_labels_that_come_and_go(acts: list[tuple[bool, set[int]]]) -> None:
    novelty, labelled = Novelty(POOL), set[int]()
    for comes, rows in acts:
        (novelty.add if comes else novelty.remove)(rows)
        labelled = labelled | rows if comes else labelled - rows
        assert novelty.values == pytest.approx(novelty_of(POOL, labelled), abs=1e-5)


def greedily(rows: np.ndarray, uncertainty: np.ndarray, novelty: np.ndarray, count: int) -> list[int]:
    """Looking at all of them each time."""
    unit = POOL.features / np.linalg.norm(POOL.features, axis=1, keepdims=True)
    now, left, found = novelty.copy(), np.ones(len(rows), bool), []
    for _ in range(min(count, len(rows))):
        best = int(np.where(left, uncertainty * np.sqrt(now), -1).argmax())
        left[best] = False
        found.append(best)
        now = np.minimum(now, np.clip(1 - unit[rows] @ unit[rows[best]], 0, 1))
    return found


def test_picks_are_those_of_looking_at_everything() -> None:
    random = np.random.default_rng(5)
    for candidates in (2, 7, 1024):  # so few that what was left out must be fetched
        rows = np.sort(random.permutation(60)[:40])
        uncertainty, novelty = random.random(40).astype(np.float32), novelty_of(POOL, {1, 2})[rows].astype(np.float32)
        places, scores, novelties = pick(POOL, rows, uncertainty, novelty, 2, candidates=candidates)
        assert places.tolist() == greedily(rows, uncertainty, novelty, 2)
        assert scores == pytest.approx(uncertainty[places] * np.sqrt(novelties), abs=1e-6)
        assert (np.diff(scores) <= 1e-6).all()
        every, _, _ = pick(POOL, rows, uncertainty, novelty, 99, candidates=candidates)
        assert sorted(every.tolist()) == list(range(40))


def test_what_was_picked_makes_its_look_alikes_dull() -> None:
    pool = clumps(30, kinds=3, spread=0.01)
    rows = np.arange(30)
    places, _, _ = pick(pool, rows, np.ones(30, np.float32), np.ones(30, np.float32), 3)
    assert {int(place) % 3 for place in places} == {0, 1, 2}
