"""The promise of the incremental head: after any sequence of changes it is what a fit from scratch would be."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from training.features import Features
from training.incremental import IncrementalHead
from training.rescoring import Rescorer

D = 24
NAMES = ("brick", "metal", "wood")
RIDGE = 0.1
PROMISED = 1e-6


def features() -> Features:
    rng = np.random.default_rng(7)
    return Features(rng.normal(size=D), np.sqrt(D) * rng.uniform(0.5, 2, D))


def embeddings(count: int, seed: int = 0) -> NDArray[np.float16]:
    return np.random.default_rng(seed).normal(size=(count, D)).astype(np.float16)


def filled(count: int) -> IncrementalHead:
    head = IncrementalHead(features(), ridge=RIDGE, categories=NAMES)
    head.add_many((b"%d" % i, row, NAMES[i % 3]) for i, row in enumerate(embeddings(count)))
    return head


def from_scratch(head: IncrementalHead) -> NDArray[np.float64]:
    """The normal equations of ridge regression, written down once more and solved by another road."""
    rows = np.stack([example.embedding for example in head.examples.values()]) if head.examples else np.empty((0, D))
    matrix = head.features(rows)
    targets = np.zeros((len(rows), len(head.categories)))
    for row, example in enumerate(head.examples.values()):
        targets[row, head.categories.index(example.category)] = 1
    gram = matrix.T @ matrix + head.ridge * np.eye(head.features.count)
    solved: NDArray[np.float64] = np.linalg.solve(gram, matrix.T @ targets).astype(np.float64)
    return solved


def error(head: IncrementalHead) -> float:
    expected = from_scratch(head)
    return float(np.linalg.norm(head.weights - expected) / (np.linalg.norm(expected) + 1e-12))


def test_a_thousand_random_changes_are_a_fit_from_scratch() -> None:
    rng = np.random.default_rng(1)
    rows = embeddings(1000, seed=2)
    head = filled(30)
    head.prepare()
    for step in range(1000):
        keys = list(head.examples)
        name = head.categories[rng.integers(len(head.categories))]
        action = rng.choice(["add", "remove", "relabel", "category"], p=[0.4, 0.35, 0.24, 0.01])
        if action == "add" or len(keys) < 4:
            head.add(b"new %d" % step, rows[step], name)
        elif action == "remove":
            head.remove(keys[rng.integers(len(keys))])
        elif action == "relabel":
            head.relabel(keys[rng.integers(len(keys))], name)
        else:
            head.add_category(f"new {step}")
        if step % 50 == 0:
            assert error(head) < PROMISED
    assert error(head) < PROMISED


KEYS = st.integers(0, 11)
BLOCKS = st.lists(KEYS, min_size=1, max_size=12, unique=True)
CHANGES: st.SearchStrategy[tuple[str, list[int], str | None]] = st.one_of(
    st.tuples(st.just("add"), BLOCKS, st.sampled_from(NAMES)),
    st.tuples(st.just("remove"), BLOCKS, st.none()),
    st.tuples(st.just("relabel"), BLOCKS, st.sampled_from(NAMES)),
    st.tuples(st.just("prepare"), st.just([]), st.none()),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(CHANGES, max_size=25))
def test_any_sequence_of_single_and_bulk_changes_is_a_fit_from_scratch(
    changes: list[tuple[str, list[int], str | None]],
) -> None:
    rows = embeddings(12)
    head = IncrementalHead(features(), ridge=RIDGE, categories=NAMES)
    for action, numbers, name in changes:
        there = [b"%d" % n for n in numbers if b"%d" % n in head.examples]
        if action == "add":
            head.add_many((b"%d" % n, rows[n], name or "") for n in numbers if b"%d" % n not in head.examples)
        elif action == "remove":
            head.remove_many(there)
        elif action == "relabel":
            head.relabel_many(dict.fromkeys(there, name or ""))
        else:
            head.prepare()
        assert head.drift() < PROMISED or not head.examples
    assert error(head) < PROMISED


def test_the_order_of_examples_does_not_matter() -> None:
    rows = list(enumerate(embeddings(60)))
    heads = []
    for some in (rows, rows[::-1]):
        head = IncrementalHead(features(), ridge=RIDGE, categories=NAMES)
        for i, row in some:
            head.add(b"%d" % i, row, NAMES[i % 3])
            head.prepare()
        heads.append(head)
    np.testing.assert_allclose(heads[0].weights, heads[1].weights, atol=1e-12)


def test_it_learns_what_it_is_shown() -> None:
    head = filled(30)
    wrong = embeddings(1, seed=9)[0]
    for number in range(20):
        head.add(b"again %d" % number, wrong, "metal")
    assert head.categories[int(head.logits(wrong[None]).argmax())] == "metal"
    assert head.logits(wrong[None]).dtype == np.float32


def test_corrections_are_taken_back_in_any_order() -> None:
    head = filled(50)
    before = head.weights.copy()
    head.prepare()
    head.add(b"a", embeddings(1, seed=4)[0], "wood")
    head.relabel(b"3", "wood")
    head.add(b"b", embeddings(1, seed=5)[0], "brick")
    head.relabel(b"3", "brick")
    head.remove(b"a")
    head.remove(b"b")
    assert np.linalg.norm(head.weights - before) < PROMISED * np.linalg.norm(before)


@pytest.mark.parametrize("count", [1000, 10_000])
def test_many_corrections_are_undone_in_one_go(count: int) -> None:
    head = filled(50)
    before, examples = head.weights.copy(), dict(head.examples)
    taken = head.snapshot()
    head.add_category("new")
    head.relabel(b"3", "new")
    head.remove(b"4")
    for number, row in enumerate(embeddings(count, seed=6)):
        head.add(b"correction %d" % number, row, head.categories[number % 4])
    assert error(head) < PROMISED
    head.restore(taken)
    assert list(head.examples) == list(examples)
    assert head.categories == NAMES
    assert np.linalg.norm(head.weights - before) < PROMISED * np.linalg.norm(before)
    assert error(head) < PROMISED


def test_a_snapshot_is_not_changed_by_what_comes_after() -> None:
    head = filled(6)
    taken = head.snapshot()
    head.remove(b"1")
    assert b"1" in taken.examples


def test_drift_is_noticed_and_mended() -> None:
    head = filled(40)
    head.prepare()
    head._weights[3, 1] += 1e-3  # what rounding would do after very many changes
    assert head.drift() > PROMISED
    head.add(b"x", embeddings(1, seed=8)[0], "wood")
    assert error(head) < PROMISED


def test_a_category_with_examples_stays() -> None:
    head = filled(6)
    with pytest.raises(ValueError, match="'wood' has examples"):
        head.remove_category("wood")
    head.relabel_many({b"2": "metal", b"5": "metal"})
    head.remove_category("wood")
    assert head.categories == ("brick", "metal")
    assert error(head) < PROMISED


def test_what_can_not_be_learned_changes_nothing() -> None:
    head = filled(6)
    before, examples = head.weights.copy(), dict(head.examples)
    row = embeddings(1, seed=8)[0]
    with pytest.raises(ValueError, match="relabel it"):
        head.add_many([(b"x", row, "wood"), (b"1", row, "wood")])
    with pytest.raises(KeyError):
        head.add_many([(b"x", row, "wood"), (b"y", row, "glass")])
    with pytest.raises(ValueError, match="24 finite"):
        head.add(b"x", row[:5], "wood")
    with pytest.raises(ValueError, match="finite"):
        head.add(b"x", np.full(D, 1e6), "wood")  # more than a half float holds
    with pytest.raises(KeyError):
        head.relabel_many({b"1": "wood", b"gone": "wood"})
    with pytest.raises(KeyError):
        head.remove_many([b"1", b"gone"])
    assert dict(head.examples) == examples
    np.testing.assert_array_equal(head.weights, before)


def test_weights_and_examples_can_not_be_changed_from_outside() -> None:
    head = filled(6)
    with pytest.raises(ValueError, match="read-only"):
        head.weights[0, 0] = 1


def test_an_empty_head_answers_nothing_in_particular() -> None:
    head = IncrementalHead(features(), ridge=RIDGE)
    assert head.logits(embeddings(3)).shape == (3, 0)
    head.add_category("first")
    assert not head.logits(embeddings(3)).any()


def test_scores_follow_the_head() -> None:
    pictures = embeddings(300, seed=11)
    head = filled(30)
    for number in range(3):
        head.add_category(f"more {number}")
    rescorer = Rescorer(head, pictures)
    np.testing.assert_allclose(rescorer.logits(), head.logits(pictures), atol=1e-5)
    for step in range(40):
        head.add(b"new %d" % step, pictures[step], head.categories[step % 6])
        if step % 7 == 0:
            head.relabel(b"new %d" % step, "wood")
        if step % 11 == 0:
            head.add_category(f"category {step}")
        if step % 3 == 0:
            np.testing.assert_allclose(rescorer.logits(), head.logits(pictures), atol=1e-5)
    assert rescorer.logits() is rescorer.logits()


def test_weights_that_do_not_belong_to_the_examples_are_made_anew() -> None:
    head = filled(30)
    expected = head.weights.copy()
    again = IncrementalHead.of_state(
        head.features, ridge=RIDGE, categories=NAMES, examples=head.examples, weights=head.weights + 0.01
    )
    np.testing.assert_allclose(again.weights, expected, atol=1e-12)


def test_learning_needs_numpy_only() -> None:
    code = (
        "import sys, training.incremental, training.rescoring, training.conformal\n"
        "import training.calibration, training.head_file, training.held_out, training.series\n"
        "heavy = {'torch', 'scipy', 'sklearn', 'cv2', 'onnxruntime', 'pydantic', 'PySide6'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_an_output_that_never_moved_does_not_drown_the_others() -> None:
    scale = np.ones(4)
    scale[2] = 1e-6
    seen = Features(np.zeros(4), scale)(np.array([[1, 2, 3, 4]], np.float16))
    np.testing.assert_array_equal(seen, [[1, 2, 0, 4, 1]])


def test_features_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="one number per dimension"):
        Features(np.zeros(3), np.ones(4))
    with pytest.raises(ValueError, match="more than zero"):
        Features(np.zeros(3), np.zeros(3))
    with pytest.raises(ValueError, match="ridge penalty"):
        IncrementalHead(features(), ridge=0)
    with pytest.raises(ValueError, match="listed twice"):
        IncrementalHead(features(), ridge=1, categories=("a", "a"))
