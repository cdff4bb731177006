"""What a head's confidences are worth, on simulated pictures and with next to none."""

from __future__ import annotations

import numpy as np
import pytest

from tests.training.test_incremental import NAMES, D, features
from training.calibration import DEFAULT_TEMPERATURE, FEWEST, Calibration, calibrate, unsure_from
from training.conformal import answer_threshold
from training.held_out import held_out_logits
from training.incremental import IncrementalHead


def clouds(count: int, *, apart: float, seed: int = 0) -> IncrementalHead:
    """``count`` pictures of three categories, whose centres are ``apart`` along one number each."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 3
    rows = rng.normal(size=(count, D)) + apart * np.eye(D)[labels]
    head = IncrementalHead(features(), ridge=0.1, categories=NAMES)
    head.add_many((b"%d" % i, row, NAMES[label]) for i, (row, label) in enumerate(zip(rows, labels, strict=True)))
    return head


def confidences(head: IncrementalHead, logits: np.ndarray, temperature: float) -> np.ndarray:
    scaled = np.exp((logits - logits.max(axis=1, keepdims=True)) / temperature)
    return np.asarray(scaled.max(axis=1) / scaled.sum(axis=1))


def test_confidences_are_as_often_right_as_they_say() -> None:
    head, unseen = clouds(600, apart=1.5), clouds(3000, apart=1.5, seed=1)
    found = calibrate(head, {}, wrong=None)
    logits = head.logits(np.stack([e.embedding for e in unseen.examples.values()]))
    right = np.array([NAMES[i] for i in logits.argmax(axis=1)]) == [e.category for e in unseen.examples.values()]
    assert confidences(head, logits, found.temperature).mean() == pytest.approx(right.mean(), abs=0.03)
    assert found.examples == 600


def test_thresholds_are_those_of_the_held_out_answers() -> None:
    head = clouds(600, apart=1.5)
    found = calibrate(head, {}, wrong=0.2)
    logits, labels = held_out_logits(head)
    seen, right = confidences(head, logits, found.temperature), logits.argmax(axis=1) == labels
    assert found.promised
    assert found.unknown_below == answer_threshold(seen, right, wrong=0.2)
    assert right[seen >= found.unknown_below].mean() > 0.8
    assert found.unsure_below == unsure_from(seen, right)
    assert 0 < found.unknown_below <= found.unsure_below < 1


def test_nothing_is_unknown_unless_that_was_asked_for() -> None:
    head = clouds(600, apart=1.5)
    asked, not_asked = (calibrate(head, {}, wrong=wrong) for wrong in (0.2, None))
    assert asked.unknown_below > 0
    assert not_asked == Calibration(asked.temperature, asked.unsure_below, 0.0, None, promised=False, examples=600)


def test_what_can_not_be_promised_is_told_apart_from_what_needs_no_refusal() -> None:
    hopeless = calibrate(clouds(90, apart=0), {}, wrong=0.05)
    assert (hopeless.promised, hopeless.unknown_below) == (False, 0.0)
    easy = calibrate(clouds(600, apart=20), {}, wrong=0.05)
    assert (easy.promised, easy.unknown_below) == (True, 0.0)


def test_unsure_is_never_under_unknown() -> None:
    found = calibrate(clouds(900, apart=2.5), {}, wrong=0.05)
    assert found.promised
    assert found.unknown_below > calibrate(clouds(900, apart=2.5), {}, wrong=None).unsure_below
    assert found.unsure_below == found.unknown_below


def test_a_series_is_left_out_whole() -> None:
    """Every picture four times over: one left out at a time gives each away."""
    head = clouds(60, apart=1)
    for key, example in list(head.examples.items()):
        for copy in range(3):
            head.add(key + b" copy %d" % copy, example.embedding, example.category)
    keys = {key: key.split()[0] for key in head.examples}
    alone, together = calibrate(head, {}, wrong=0.3), calibrate(head, keys, wrong=0.3)
    assert alone.temperature < together.temperature / 2
    assert (alone.promised, together.promised) == (True, False)


def test_numbering_is_no_series() -> None:
    head = clouds(90, apart=1.5)
    assert calibrate(head, dict.fromkeys(head.examples, b"IMG_"), wrong=0.3) == calibrate(head, {}, wrong=0.3)


def test_series_of_what_was_unlearned_do_not_matter() -> None:
    head = clouds(90, apart=1.5)
    assert calibrate(head, {b"gone": b"a series"}, wrong=0.3) == calibrate(head, {}, wrong=0.3)


@pytest.mark.parametrize("wrong", [None, 0.2])
@pytest.mark.parametrize(
    "labels",
    [
        [],
        ["wood"],
        ["wood"] * 300,
        ["wood", "metal", "brick"],
        ["wood", "metal", "brick", "brick", "metal", "wood"],
        ["wood"] * (FEWEST - 1) + ["metal"],
    ],
)
def test_little_is_no_ground_for_anything(labels: list[str], wrong: float | None) -> None:
    rows = np.random.default_rng(0).normal(size=(len(labels), D))
    head = IncrementalHead(features(), ridge=0.1, categories=NAMES)
    head.add_many((b"%d" % i, row, name) for i, (row, name) in enumerate(zip(rows, labels, strict=True)))
    expected = Calibration(DEFAULT_TEMPERATURE, 1.0, 0.0, wrong, promised=False, examples=len(labels))
    assert calibrate(head, {}, wrong=wrong) == expected


def test_every_category_once_is_no_ground_either() -> None:
    names = [f"category {i}" for i in range(200)]
    rows = np.random.default_rng(0).normal(size=(200, D))
    head = IncrementalHead(features(), ridge=0.1, categories=names)
    head.add_many((name.encode(), row, name) for name, row in zip(names, rows, strict=True))
    assert calibrate(head, {}, wrong=0.2) == Calibration(DEFAULT_TEMPERATURE, 1.0, 0.0, 0.2, False, 200)


def test_many_categories_seen_once_do_not_make_the_others_alike() -> None:
    head = clouds(60, apart=4)
    before = calibrate(head, {}, wrong=None)
    for i, row in enumerate(np.random.default_rng(2).normal(size=(60, D))):
        head.add_category(f"once {i}")
        head.add(b"once %d" % i, row, f"once {i}")
    after = calibrate(head, {}, wrong=0.2)
    assert after.temperature < 3 * before.temperature
    # Held out, half of them can't be answered rightly: that counts where promises are made
    assert after.unknown_below > 0 or not after.promised


def test_a_few_right_answers_do_not_make_it_sure_of_all() -> None:
    head = clouds(12, apart=20)
    found = calibrate(head, {}, wrong=None)
    logits, labels = held_out_logits(head)
    assert (logits.argmax(axis=1) == labels).all()
    assert 0.8 < np.median(confidences(head, logits, found.temperature)) < 0.96


def test_the_head_stays_as_it_is() -> None:
    head = clouds(90, apart=1.5)
    weights, version = head.weights.copy(), head.version
    calibrate(head, {}, wrong=0.2)
    assert head.version == version
    np.testing.assert_array_equal(head.weights, weights)


def test_unsure_starts_where_too_many_answers_are_wrong() -> None:
    seen = np.linspace(0.5, 1.0, 101)
    below = unsure_from(seen, seen >= 0.7)
    assert 0.5 < below < 0.7
    assert np.mean(seen[seen >= below] >= 0.7) >= 0.85
    assert unsure_from(seen, np.zeros(101, bool)) == 1.0
    assert unsure_from(np.empty(0), np.empty(0, bool)) == 1.0


@pytest.mark.parametrize("wrong", [0.0, 1.0, -0.1])
def test_a_share_is_a_share(wrong: float) -> None:
    with pytest.raises(ValueError, match="share"):
        calibrate(clouds(6, apart=1), {}, wrong=wrong)
