"""Held-out logits in closed form are those of heads that truly never saw the examples."""

from __future__ import annotations

import numpy as np
import pytest

from models.errors import Cancelled
from tests.training.test_incremental import features, filled
from training.held_out import held_out_logits
from training.incremental import IncrementalHead


def test_held_out_logits_are_those_of_heads_that_never_saw_the_example() -> None:
    head = filled(40)
    held_out, labels = held_out_logits(head)
    assert [head.categories[label] for label in labels] == [e.category for e in head.examples.values()]
    for row, (key, example) in enumerate(list(head.examples.items())[:10]):
        head.remove(key)
        np.testing.assert_allclose(held_out[row], head.logits(example.embedding[None])[0], atol=1e-6)
        head.add(key, example.embedding, example.category)


def test_held_out_logits_of_a_group_are_those_of_a_head_that_never_saw_the_group() -> None:
    head = filled(40)
    groups = {key: int(key) % 7 for key in head.examples if int(key) < 30}
    held_out, _ = held_out_logits(head, groups)
    for left_out in (0, 3):
        other = filled(40)
        keys = [key for key, group in groups.items() if group == left_out]
        other.remove_many(keys)
        for key in keys:
            row = list(head.examples).index(key)
            expected = other.logits(head.examples[key].embedding[None])[0]
            np.testing.assert_allclose(held_out[row], expected, atol=1e-6)


def test_the_work_ends_between_two_batches() -> None:
    calls: list[None] = []

    def stop() -> None:
        calls.append(None)
        raise Cancelled("The work was cancelled.")

    with pytest.raises(Cancelled):
        held_out_logits(filled(40), stop=stop)
    assert len(calls) == 1


def test_a_fit_that_was_stopped_is_begun_anew() -> None:
    def stop() -> None:
        raise Cancelled("The work was cancelled.")

    head, other = filled(400), filled(400)
    before = other.weights.copy()
    with pytest.raises(Cancelled):
        head.prepare(stop)
    np.testing.assert_allclose(head.weights, before, atol=1e-9)


def test_of_nothing_nothing_is_held_out() -> None:
    logits, labels = held_out_logits(IncrementalHead(features(), ridge=1, categories=("a", "b")))
    assert logits.shape == (0, 2)
    assert labels.shape == (0,)
