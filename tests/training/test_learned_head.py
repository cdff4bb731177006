from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from models.heads.categories import UNKNOWN
from models.spec import HeadSpec
from tests.training.tiny import FEATURES, RIDGE, SHIPPED, content, embedding, embeddings
from training.calibration import Calibration
from training.correction_rows import Label
from training.fits import Fit
from training.incremental import IncrementalHead
from training.learned_head import LearnedHead

HOW = Calibration(0.2, 0.5, 0.3, wrong=0.2, promised=True, examples=11)
AT_HAND = {content(number): embedding(number) for number in range(40)}


@pytest.fixture
def head() -> LearnedHead:
    learning = IncrementalHead(FEATURES, ridge=RIDGE, categories=tuple(SHIPPED))
    learning.add_many((content(n), embedding(n), name) for name, numbers in SHIPPED.items() for n in numbers)
    spec = HeadSpec(name="material", kind="categories", categories=tuple(SHIPPED))
    return LearnedHead(spec, learning, {content(0): b"01234567"}, HOW)


def labels(given: Mapping[int, str | None], path: str = "a/b.png") -> dict[bytes, Label | None]:
    return {content(n): None if name is None else Label(name, "", "", path) for n, name in given.items()}


def test_what_is_published_stays_what_it_was(head: LearnedHead) -> None:
    head.follow(labels({20: "glass"}), AT_HAND)
    then = head.published()
    asked = embeddings(range(40))
    logits = then.logits(asked)
    head.follow(labels({20: None, 21: "cloth", 0: UNKNOWN}), AT_HAND)
    np.testing.assert_array_equal(then.logits(asked), logits)
    assert then.categories == ("stone", "wood", "metal", "glass")
    assert then.labels == {content(20): "glass"}
    now = head.published()
    assert now.categories == ("stone", "wood", "metal", "cloth")
    assert now.labels == {content(21): "cloth", content(0): UNKNOWN}
    with pytest.raises(TypeError):
        now.labels[content(1)] = "wood"  # type: ignore[index]  # refused at run time too


def test_results_are_the_softmax_by_temperature_with_its_thresholds(head: LearnedHead) -> None:
    published = head.published()
    logits = published.logits(embeddings([0, 20]))
    np.testing.assert_allclose(logits, head.head.logits(embeddings([0, 20])), atol=1e-5)
    expected = np.exp(logits / 0.2) / np.exp(logits / 0.2).sum(axis=1, keepdims=True)
    results = published.results(logits)
    np.testing.assert_allclose([one.probabilities for one in results], expected, atol=1e-5)
    assert {(one.unsure_below, one.unknown_below) for one in results} == {(0.5, 0.3)}


def test_what_has_no_embedding_waits_and_its_category_is_there(head: LearnedHead) -> None:
    head.follow(labels({20: "glass", 21: "glass"}), {content(20): embedding(20)})
    assert head.waiting == {content(21)}
    head.follow(labels({20: None}), {})
    assert head.head.categories[-1] == "glass"
    head.follow(labels({21: "glass"}), AT_HAND)
    assert head.waiting == set()
    assert head.head.examples[content(21)].category == "glass"


def test_shipped_pictures_need_no_embedding_to_come_back(head: LearnedHead) -> None:
    head.follow(labels({0: UNKNOWN}), {})
    assert content(0) not in head.head.examples
    head.follow(labels({0: "wood"}), {})
    assert head.head.examples[content(0)].category == "wood"
    head.follow(labels({0: None}), {})
    assert head.head.examples[content(0)].category == "stone"


def test_its_own_series_are_kept_and_new_ones_made(head: LearnedHead) -> None:
    head.follow(labels({0: "wood", 20: "wood", 21: "wood", 22: UNKNOWN}, "walls/wall_07.png"), AT_HAND)
    assert head.series[content(0)] == b"01234567"
    assert head.series[content(20)] == head.series[content(21)]
    assert set(head.series) == {content(0), content(20), content(21)}


class TestFingerprint:
    def test_it_is_of_the_examples_whatever_their_history(self, head: LearnedHead) -> None:
        fresh = head.fingerprint()
        head.follow(labels({20: "glass", 21: "cloth"}), AT_HAND)
        both = head.fingerprint()
        head.follow(labels({20: None, 21: None}), AT_HAND)
        assert head.fingerprint() == fresh
        head.follow(labels({21: "cloth"}), AT_HAND)
        assert head.fingerprint() not in (fresh, both)
        head.follow(labels({20: "glass"}), AT_HAND)
        assert head.fingerprint() == both
        head.follow(labels({20: "cloth", 21: "glass"}), AT_HAND)
        assert head.fingerprint() != both

    def test_names_can_not_run_into_each_other(self, head: LearnedHead) -> None:
        head.follow(labels({20: "a", 21: "ab"}), AT_HAND)
        one = head.fingerprint()
        head.follow(labels({20: "ab", 21: "a"}), AT_HAND)
        assert head.fingerprint() != one


class TestFit:
    def test_it_is_taken_in_whatever_order_the_categories_are(self, head: LearnedHead) -> None:
        head.follow(labels({20: "glass", 21: "cloth"}), AT_HAND)
        fit = head.fit(calibrated=True)
        logits = head.published().logits(embeddings(range(40)))
        head.follow(labels({20: None}), AT_HAND)
        head.follow(labels({20: "glass"}), AT_HAND)  # now behind cloth
        assert head.head.categories != fit.categories
        head.take_fit(fit)
        order = [head.head.categories.index(name) for name in fit.categories]
        np.testing.assert_allclose(head.published().logits(embeddings(range(40)))[:, order], logits, atol=1e-5)

    def test_one_of_other_examples_is_made_anew(self, head: LearnedHead) -> None:
        fit = head.fit(calibrated=True)
        head.follow(labels({0: "wood"}), AT_HAND)
        expected = head.head.weights.copy()
        head.take_fit(fit)
        np.testing.assert_allclose(head.head.weights, expected, atol=1e-9)

    @pytest.mark.parametrize("spoilt", [np.ones((4, 3)), np.full((9, 3), np.nan), np.ones((9, 3))])
    def test_one_that_does_not_fit_is_made_anew(self, head: LearnedHead, spoilt: NDArray[np.float64]) -> None:
        expected = head.head.weights.copy()
        head.take_fit(Fit(head.head.categories, spoilt, HOW, calibrated=True))
        np.testing.assert_allclose(head.head.weights, expected, atol=1e-9)

    def test_as_shipped_is_without_labels_or_wishes(self, head: LearnedHead) -> None:
        assert head.as_shipped
        head.follow(labels({50: UNKNOWN}), {})
        assert not head.as_shipped
        head.follow(labels({50: None}), {})
        assert head.as_shipped
        head.calibration = Calibration(0.2, 0.5, 0.4, wrong=0.1, promised=True, examples=11)
        assert not head.as_shipped
