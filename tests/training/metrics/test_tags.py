from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from training.metrics import Asked
from training.metrics.curves import average_precision
from training.metrics.tags import Accumulator, summary

SHAPES = st.tuples(st.integers(0, 20), st.integers(1, 4))


@given(SHAPES, st.data())
def test_figures_are_those_counted_one_by_one(shape: tuple[int, int], data: st.DataObject) -> None:
    probabilities = data.draw(arrays(np.float32, shape, elements=st.sampled_from([0.0, 0.25, 0.5, 1.0])))
    labels = data.draw(arrays(np.int8, shape, elements=st.integers(-1, 1)))
    known = data.draw(arrays(np.bool_, shape))
    cut = data.draw(st.integers(0, shape[0]))
    one = Accumulator(Asked(shape[1]))
    one.add(probabilities[:cut], labels[:cut], known[:cut])
    one.add(probabilities[cut:], labels[cut:], known[cut:])
    figures, each = one.summary(), one.per_class()

    counts = []
    for tag in range(shape[1]):
        cells = [
            (bool(p >= 0.5), bool(label), float(p))
            for p, label, there in zip(probabilities[:, tag], labels[:, tag], known[:, tag], strict=True)
            if there and label >= 0
        ]
        right = sum(said and true for said, true, _ in cells)
        found, images = sum(said for said, _, _ in cells), sum(true for _, true, _ in cells)
        counts.append((right, found, images))
        assert each[tag]["precision"] == (right / found if found else None)
        assert each[tag]["recall"] == (right / images if images else None)
        assert each[tag]["f1"] == (2 * right / (found + images) if found + images else None)
        assert each[tag]["support"] == images
        area = average_precision(np.array([p for *_, p in cells]), np.array([true for _, true, _ in cells], np.bool_))
        assert each[tag]["average_precision"] == area
    right, found, images = np.sum(counts, axis=0)
    assert figures["micro_f1"] == (pytest.approx(2 * right / (found + images)) if found + images else None)
    f1s = [2 * r / (f + i) for r, f, i in counts if f + i]
    assert figures["macro_f1"] == (pytest.approx(np.mean(f1s)) if f1s else None)
    areas = [one["average_precision"] for one in each if one["average_precision"] is not None]
    assert figures["map"] == (pytest.approx(np.mean(areas)) if areas else None)
    whole = [
        bool(((p >= 0.5) == (label == 1)).all())
        for p, label, there in zip(probabilities, labels, known, strict=True)
        if (there & (label >= 0)).all()
    ]
    assert figures["subset_accuracy"] == (pytest.approx(np.mean(whole)) if whole else None)


def test_by_hand() -> None:
    probabilities = np.array([[0.9, 0.6], [0.2, 0.8], [0.7, 0.1]])
    labels = np.array([[True, False], [True, True], [False, False]])
    figures = summary(Asked(2), probabilities, labels)
    assert figures["micro_precision"] == 0.5
    assert figures["micro_recall"] == pytest.approx(2 / 3)
    assert figures["map"] == pytest.approx(((0.5 * 1 + 0.5 * 2 / 3) + 1) / 2)
    assert figures["subset_accuracy"] == 0


@pytest.mark.parametrize("labels", [np.full((2, 3), 2), np.zeros((2, 2))])
def test_labels_that_can_not_be(labels: np.ndarray) -> None:
    with pytest.raises(ValueError, match="labels must be"):
        summary(Asked(3), np.zeros((2, 3)), labels)
