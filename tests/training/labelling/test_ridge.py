"""Whatever comes and goes, the weights are those of a fit from scratch."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.labelling.ridge import RIDGE, Ridge

FEATURES = np.random.default_rng(1).standard_normal((40, 6)).astype(np.float32)


def scratch(targets: dict[int, np.ndarray], outputs: int) -> np.ndarray:
    """By the normal equations."""
    rows = np.hstack([FEATURES.astype(np.float64), np.ones((len(FEATURES), 1))])[list(targets)]
    wanted = np.array(list(targets.values())).reshape(len(targets), outputs)
    return np.linalg.solve(rows.T @ rows + RIDGE * np.eye(rows.shape[1]), rows.T @ wanted)


TARGET = st.none() | st.lists(st.floats(-5, 5), min_size=2, max_size=2).map(np.array)
ACTS = st.lists(st.dictionaries(st.integers(0, len(FEATURES) - 1), TARGET, max_size=8), max_size=8)


@given(ACTS)
@settings(deadline=None, max_examples=60)
def test_weights_are_those_of_a_fit_from_scratch(acts: list[dict[int, np.ndarray | None]]) -> None:
    ridge = Ridge(FEATURES, 2)
    known: dict[int, np.ndarray] = {}
    for act in acts:
        ridge.set(act)
        known |= {row: target for row, target in act.items() if target is not None}
        known = {row: target for row, target in known.items() if act.get(row, target) is not None}
    assert ridge.targets.keys() == known.keys()
    expected = scratch(known, 2)
    assert ridge.weights == pytest.approx(expected, abs=1e-8)
    rows = np.arange(len(FEATURES))
    assert ridge.predict(rows) == pytest.approx(FEATURES @ expected[:-1] + expected[-1], abs=1e-4)


def test_many_changes_drift_nowhere() -> None:
    ridge = Ridge(FEATURES, 1)
    random = np.random.default_rng(2)
    known: dict[int, np.ndarray] = {}
    for _ in range(3000):  # past a remaking
        row = int(random.integers(len(FEATURES)))
        if row in known and random.random() < 0.5:
            ridge.set({row: None})
            del known[row]
        else:
            known[row] = random.standard_normal(1)
            ridge.set({row: known[row]})
    assert ridge.weights == pytest.approx(scratch(known, 1), abs=1e-8)


def test_held_out_is_what_would_be_said_without_a_row_and_its_own() -> None:
    random = np.random.default_rng(3)
    targets = {row: random.standard_normal(2) for row in range(0, 30, 2)}
    together = np.arange(len(FEATURES))
    together[[2, 4, 6]] = 2
    ridge = Ridge(FEATURES, 2)
    ridge.set(targets)
    rows, held_out = ridge.held_out(together)
    assert sorted(rows.tolist()) == sorted(targets)
    for row, said in zip(rows.tolist(), held_out, strict=True):
        others = {other: target for other, target in targets.items() if together[other] != together[row]}
        weights = scratch(others, 2)
        assert said == pytest.approx(FEATURES[row] @ weights[:-1] + weights[-1], abs=1e-6)


def test_nothing_known_is_nothing_held_out() -> None:
    rows, held_out = Ridge(FEATURES, 3).held_out(np.arange(len(FEATURES)))
    assert (len(rows), held_out.shape) == (0, (0, 3))


def test_a_new_output_is_as_if_it_had_been_there() -> None:
    ridge, whole = Ridge(FEATURES, 1), Ridge(FEATURES, 2)
    ridge.set({0: np.array([1.0]), 1: np.array([0.0])})
    ridge.widen(2)
    ridge.set({2: np.array([0.0, 1.0])})
    whole.set({0: np.array([1.0, 0]), 1: np.array([0.0, 0]), 2: np.array([0, 1.0])})
    assert ridge.weights == pytest.approx(whole.weights, abs=1e-10)


def test_leverage_falls_where_more_is_known() -> None:
    ridge = Ridge(FEATURES, 1)
    rows = np.arange(5)
    before = ridge.leverage(rows)
    ridge.set({row: np.array([1.0]) for row in range(5)})
    assert (ridge.leverage(rows) < before).all()
    assert (ridge.leverage(rows) > 0).all()
