"""The promises about Unknown and about wrong answers, on simulated data where they must hold and on the textures."""

from __future__ import annotations

import math
from pathlib import Path, PurePath

import numpy as np
import pytest

from models.embedding import Backbone
from models.heads.categories import decode
from models.library import BUNDLED
from training.conformal import answer_threshold, fit_temperature, known_threshold
from training.features import Features
from training.held_out import held_out_logits
from training.incremental import IncrementalHead
from training.pictures import read_table, squares
from training.series import series, series_key


def test_the_temperature_that_made_the_labels_is_found() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(20_000, 5))
    drawn = logits / 0.25 + rng.gumbel(size=logits.shape)  # a draw from softmax(logits / 0.25)
    assert fit_temperature(logits, drawn.argmax(axis=1)) == pytest.approx(0.25, rel=0.05)


def test_the_temperature_has_bounds() -> None:
    logits = np.eye(4)
    assert fit_temperature(logits, np.arange(4)) == pytest.approx(1e-3, rel=0.01)
    assert fit_temperature(logits, np.array([1, 2, 3, 0])) == pytest.approx(1e2, rel=0.01)


def test_few_examples_hardly_move_the_usual_temperature_and_many_do() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(5_000, 5))
    labels = (logits / 0.05 + rng.gumbel(size=logits.shape)).argmax(axis=1)
    fits = [fit_temperature(logits[:count], labels[:count], usual=0.2) for count in (1, 50, 5_000)]
    assert fits == sorted(fits, reverse=True)
    assert fits[0] == pytest.approx(0.2, rel=0.15)
    assert fits[-1] == pytest.approx(0.05, rel=0.1)
    right = np.eye(4).repeat(3, axis=0)  # twelve that are all right are no certainty, nor all wrong the end
    assert 0.1 < fit_temperature(right, right.argmax(axis=1), usual=0.2) < 0.2
    assert 0.2 < fit_temperature(right, (right.argmax(axis=1) + 1) % 4, usual=0.2) < 1.5


@pytest.mark.parametrize("refused", [0.01, 0.05, 0.1, 0.3])
@pytest.mark.parametrize("count", [20, 99, 400])
def test_no_more_known_things_are_refused_than_promised(count: int, refused: float) -> None:
    rng = np.random.default_rng(count)
    rates = []
    for _ in range(2000):
        scores = rng.exponential(size=count + 20)
        rates.append(np.mean(scores[count:] < known_threshold(scores[:count], refused)))
    standard_error = np.std(rates) / math.sqrt(len(rates))
    assert np.mean(rates) <= refused + 3 * standard_error
    # And not idly little: the share is exact up to the step of 1 / (n + 1)
    assert np.mean(rates) >= refused - 1 / (count + 1) - 3 * standard_error


def test_too_few_scores_refuse_nothing() -> None:
    assert known_threshold(np.array([0.5]), 0.05) == -math.inf
    assert known_threshold(np.empty(0), 0.05) == -math.inf
    with pytest.raises(ValueError, match="share"):
        known_threshold(np.empty(0), 1)


@pytest.mark.parametrize("wrong", [0.05, 0.1, 0.2])
def test_answers_are_wrong_as_seldom_as_promised(wrong: float) -> None:
    """Confidence c is right with chance (1 + c) / 2."""
    rng = np.random.default_rng(3)
    broken, promised = 0, 0
    for _ in range(200):
        confidences = rng.uniform(size=3000)
        threshold = answer_threshold(confidences, rng.uniform(size=3000) < (1 + confidences) / 2, wrong=wrong)
        if threshold is not None:
            promised += 1
            broken += (1 - threshold) / 4 > wrong  # what is truly wrong, on average over the answers above it
    assert broken <= 200 * 0.1
    assert promised > 100


def test_with_many_examples_the_threshold_comes_near_the_best() -> None:
    rng = np.random.default_rng(4)
    confidences = rng.uniform(size=50_000)
    threshold = answer_threshold(confidences, rng.uniform(size=50_000) < confidences, wrong=0.1)
    assert threshold is not None
    assert 0.8 <= threshold <= 0.83  # above c, a share of (1 - c) / 2 is wrong


def test_nothing_is_promised_without_grounds() -> None:
    assert answer_threshold(np.empty(0), np.empty(0, bool), wrong=0.05) is None
    assert answer_threshold(np.ones(20), np.ones(20, bool), wrong=0.05) is None
    assert answer_threshold(np.ones(200), np.zeros(200, bool), wrong=0.05) is None
    assert answer_threshold(np.full(500, 0.999), np.ones(500, bool), wrong=0.05) == 0.0
    with pytest.raises(ValueError, match="between 0 and 1"):
        answer_threshold(np.ones(5), np.ones(5, bool), wrong=0)


def test_the_promises_hold_from_the_train_split_to_the_validation_split(data: Path) -> None:
    """Thresholds from half of the train split's textures, each scored by a head that saw none of its series."""
    backbone = Backbone(BUNDLED / "backbone", threads=2)
    rows = read_table(data / "textures" / "labels.csv")
    train = [row for row in rows if row["split"] == "train"][::2]
    validation = [row for row in rows if row["split"] == "val"]
    vectors = {
        name: np.concatenate(
            [
                backbone.embed(batch)
                for batch in squares([data / "textures" / row["file"] for row in some], backbone.side)
            ]
        )
        for name, some in (("train", train), ("validation", validation))
    }
    with np.load(BUNDLED / "starter" / "head.npz") as file:
        features = Features(file["mean"], file["scale"])
    categories = sorted({row["category"] for row in rows})
    head = IncrementalHead(features, ridge=0.1, categories=categories)
    head.add_many(
        (row["file"].encode(), vector, row["category"]) for row, vector in zip(train, vectors["train"], strict=True)
    )
    keys = {r["file"].encode(): series_key(PurePath(r["game"], PurePath(r["original_name"]).name)) for r in train}
    held_out, labels = held_out_logits(head, series(keys, {r["file"].encode(): r["category"] for r in train}))
    temperature = fit_temperature(held_out, labels)
    seen = np.array([r.best.confidence for r in decode(held_out / np.float32(temperature), categories)])
    answers = decode(head.logits(vectors["validation"]) / np.float32(temperature), categories)
    confidences = np.array([answer.best.confidence for answer in answers])
    right = np.array([a.best.category == row["category"] for a, row in zip(answers, validation, strict=True)])

    # 182 pictures: three standard errors of a share of 0.1 are 0.067
    assert np.mean(confidences < known_threshold(seen, 0.1)) <= 0.1 + 0.067
    threshold = answer_threshold(seen, held_out.argmax(axis=1) == labels, wrong=0.2)
    assert threshold is not None
    answered = confidences >= threshold
    assert answered.mean() > 0.2
    assert np.mean(~right[answered]) <= 0.2 + 3 * math.sqrt(0.2 * 0.8 / answered.sum())
