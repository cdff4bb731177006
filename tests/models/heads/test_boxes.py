from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.heads import Form, boxes
from models.heads.categories import UNKNOWN, Score
from models.heads.painting import PALETTE
from models.heads.suppression import suppress
from tests.models.heads.carried import SIZE, carried

NAMES = ("Drawer", "Frame", "Handle")
WIDTH, HEIGHT = SIZE
XYXY = np.array([[8, 6, 32, 24], [0, 0, 64, 48], [40, 12, 48, 36]], np.float32)
LABELS = np.array([2, 1, 2])
SCORES = np.array([0.6, 0.9, 0.1], np.float32)
HALF = 1 / 4096 + 1e-6
Array = np.ndarray[Any, Any]


def one_of(corners: Array, labels: Array = LABELS, scores: Array = SCORES, **form: Any) -> boxes.BoxesResult:
    [result] = carried("boxes", [corners, labels, scores], NAMES, Form(**form))
    return result


def to_cxcywh(corners: Array) -> Array:
    return np.concatenate([(corners[..., :2] + corners[..., 2:]) / 2, corners[..., 2:] - corners[..., :2]], -1)


def test_the_documented_detection() -> None:
    result = one_of(XYXY)
    assert result.labels.tolist() == [1, 2, 2]
    assert result.scores == pytest.approx([0.9, 0.6, 0.1], abs=1e-3)
    expected = [[0, 0, 1, 1], [0.125, 0.125, 0.5, 0.5], [0.625, 0.25, 0.75, 0.75]]
    assert result.boxes == pytest.approx(np.array(expected), abs=HALF)
    assert result.probabilities == pytest.approx([0, 0.9, 0.6], abs=1e-3)
    assert (result.shown, result.counts.tolist()) == (2, [0, 1, 1])
    assert result.best.category == "Frame"
    assert result.to_json(1) == [
        {"category": "Frame", "confidence": pytest.approx(0.9, abs=1e-3), "box": [0, 0, 1, 1]},
        {"category": "Handle", "confidence": pytest.approx(0.6, abs=1e-3), "box": [0.125, 0.125, 0.5, 0.5]},
    ]


@pytest.mark.parametrize("fractions", [False, True])
def test_each_way_to_write_a_box_says_the_same(fractions: bool) -> None:
    unit = np.array([WIDTH, HEIGHT, WIDTH, HEIGHT]) if fractions else 1
    expected = one_of(XYXY)
    xywh = np.concatenate([XYXY[:, :2], XYXY[:, 2:] - XYXY[:, :2]], 1)
    for corners, how in ((XYXY, "xyxy"), (xywh, "xywh"), (to_cxcywh(XYXY), "cxcywh")):
        result = one_of((corners / unit).astype(np.float32), boxes=how, fractions=fractions)
        assert result.boxes == pytest.approx(expected.boxes, abs=HALF)
        assert result.labels.tolist() == expected.labels.tolist()


def test_with_a_batch_axis_or_without() -> None:
    [first, second] = carried(
        "boxes", [np.stack([XYXY, XYXY]), np.stack([LABELS, 2 - LABELS]), np.stack([SCORES, SCORES])], NAMES, Form()
    )
    assert first.boxes.tolist() == one_of(XYXY).boxes.tolist()
    assert second.labels.tolist() == [1, 0, 0]
    mixed = one_of(XYXY[None], LABELS[None, :, None], SCORES)
    assert mixed.boxes.tolist() == first.boxes.tolist()


def test_nothing_found() -> None:
    result = one_of(np.zeros((0, 4), np.float32), np.zeros(0, np.int64), np.zeros(0, np.float32))
    assert (result.boxes.shape, result.shown, result.to_json(5)) == ((0, 4), 0, [])
    assert (result.best, result.unknown, result.unsure) == (Score(UNKNOWN, 0.0), True, True)
    picture = np.full((20, 30, 3), 9, np.uint8)
    assert (result.paint(picture) == picture).all()


def test_labels_that_count_from_one_and_the_background() -> None:
    result = one_of(XYXY, np.array([3, 0, 1]), first_label=1)
    assert result.labels.tolist() == [2, 0]
    assert one_of(XYXY, np.array([3, -1, 1])).labels.tolist() == [1]


def test_boxes_are_clipped_and_empty_ones_go() -> None:
    corners = np.array([[-20, -9, 32, 24], [70, 0, 90, 10], [30, 30, 20, 40]], np.float32)
    result = one_of(corners)
    assert result.boxes.tolist() == [[0, 0, 0.5, 0.5]]
    assert result.scores == pytest.approx([0.6], abs=1e-3)


def test_the_hundred_best_are_kept() -> None:
    rng = np.random.default_rng(3)
    corners = np.tile(np.array([[1, 1, 9, 9]], np.float32), (300, 1))
    scores = rng.permutation(np.linspace(0.3, 0.9, 300)).astype(np.float32)
    result = one_of(corners, np.zeros(300), scores)
    assert result.scores == pytest.approx(np.sort(scores)[::-1][:100], abs=1e-3)
    assert result.shown == 100


def test_boxes_under_a_threshold_are_not_shown() -> None:
    for unknown_below, shown in ((0.0, 2), (0.7, 1), (0.95, 0)):
        [result] = carried("boxes", [XYXY, LABELS, SCORES], NAMES, Form(), unknown_below=unknown_below)
        assert (result.shown, result.unknown, len(result.scores)) == (shown, shown == 0, 3)
    [result] = carried("boxes", [XYXY, LABELS, SCORES], NAMES, Form(), unsure_below=0.95)
    assert (result.unsure, result.unknown) == (True, False)


FRACTION = st.floats(0, 1, width=32)
SCORE = st.just(0.0) | st.floats(0.001, 1)


@given(st.lists(st.tuples(FRACTION, FRACTION, FRACTION, FRACTION, st.integers(0, 2), SCORE), max_size=30))
def test_what_goes_in_comes_out(rows: list[tuple[float, ...]]) -> None:
    """Whatever corners a network gives, results are within the picture, sorted, and among what was given."""
    table = np.array(rows, np.float32).reshape(-1, 6)
    result = one_of(table[:, :4], table[:, 4], table[:, 5], fractions=True)
    assert ((result.boxes >= 0) & (result.boxes <= 1)).all()
    assert (np.diff(result.scores) <= 0).all()
    seen = [row for row in rows if row[2] > row[0] and row[3] > row[1] and row[5] > 0]
    assert len(result.scores) == len(seen)
    for box, label, score in zip(result.boxes, result.labels, result.scores, strict=True):
        difference = np.abs(np.array(seen)[:, [0, 1, 2, 3, 5]] - [*box, score]).max(axis=1)
        assert label in {seen[place][4] for place in np.flatnonzero(difference <= HALF)}


def anchors(corners: Array, labels: Array, scores: Array, count: int) -> Array:
    """The one output (1, 4 + n, anchors) that says the same."""
    columns = np.full((len(corners), count), 0.01, np.float32)
    columns[np.arange(len(corners)), labels] = scores
    return np.concatenate([to_cxcywh(corners), columns], 1).T[None]


@pytest.mark.parametrize("fractions", [False, True])
def test_one_output_of_anchors_either_way_round(fractions: bool) -> None:
    shifted = XYXY[[0, 0, 0]] + np.array([[0], [1], [2]], np.float32)
    corners = np.concatenate([XYXY, shifted])
    labels, scores = np.array([2, 1, 2, 2, 2, 0]), np.array([0.6, 0.9, 0.1, 0.8, 0.5, 0.3], np.float32)
    corners = corners / np.array([WIDTH, HEIGHT, WIDTH, HEIGHT]) if fractions else corners
    tensor = anchors(corners.astype(np.float32), labels, scores, 3)
    for output in (tensor, tensor.transpose(0, 2, 1)):
        [result] = carried("boxes", [output], NAMES, Form(boxes="yolo", fractions=fractions))
        assert result.labels.tolist() == [1, 2, 0]  # of the handles that overlap, the best; the drawer there stays
        assert result.scores == pytest.approx([0.9, 0.8, 0.3], abs=1e-3)
        assert result.boxes[1] == pytest.approx(np.array([0.125, 0.125, 0.5, 0.5]), abs=HALF)


def test_suppression_agrees_with_that_of_opencv() -> None:
    rng = np.random.default_rng(5)
    for _ in range(20):
        corner, extent = rng.uniform(0, 400, (200, 2)), rng.uniform(20, 200, (200, 2))
        corners = np.concatenate([corner, corner + extent], 1).astype(np.float32)
        scores = rng.permutation(np.linspace(0.3, 0.9, 200)).astype(np.float32)
        labels = rng.integers(0, 3, 200)
        expected = []
        for label in range(3):
            places = np.flatnonzero(labels == label)
            rectangles = np.concatenate([corner, extent], 1)[places].tolist()
            expected += places[np.ravel(cv2.dnn.NMSBoxes(rectangles, scores[places].tolist(), 0.25, 0.45))].tolist()
        kept = suppress(corners, labels, scores, overlap=0.45, most=1000)
        assert sorted(kept.tolist()) == sorted(expected)
        assert suppress(corners, labels, scores, overlap=0.45, most=7).tolist() == kept[:7].tolist()


@pytest.mark.parametrize(
    ("tensors", "form", "words"),
    [
        ([XYXY], Form(), "it gives 1 outputs and boxes are three"),
        ([XYXY[:, :3], LABELS, SCORES], Form(), "boxes of shape .3, 3. and not four numbers each"),
        ([XYXY, LABELS[:2], SCORES], Form(), "it gives 3 boxes and 2 labels"),
        ([XYXY, LABELS, SCORES * 9], Form(), "its scores are 0.9 to 8.1 and not 0 to 1"),
        ([np.zeros((1, 8, 20))], Form(boxes="yolo"), "and not .N, 7, anchors. for 3 categories"),
        ([np.zeros((1, 7))], Form(boxes="yolo"), "and not .N, 7, anchors."),
    ],
)
def test_outputs_that_do_not_fit(tensors: list[Array], form: Form, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        boxes.pack(tensors, form, NAMES, SIZE)


def test_labels_beyond_the_categories_are_refused() -> None:
    packed, _ = boxes.pack([XYXY, LABELS, SCORES], Form(), NAMES, SIZE)
    with pytest.raises(ValueError, match="expected labels under 2, got 1 to 2"):
        boxes.decode(packed, NAMES[:2])


def test_frames_and_names_are_painted() -> None:
    picture = np.zeros((480, 640, 3), np.uint8)
    painted = one_of(XYXY[:1], LABELS[:1], SCORES[:1]).paint(picture)
    assert (painted[60:240, 80] == PALETTE[2]).all()
    assert (painted[240, 80:320] == PALETTE[2]).all()
    assert not painted[100:200, 120:280].any()
    plate = painted[40:59, 80:180]
    assert (plate == PALETTE[2]).all(-1).any()
    assert (plate == 0).all(-1).any()  # its letters


def test_letters_that_opencv_lacks_do_no_harm() -> None:
    [result] = carried("boxes", [XYXY, LABELS, SCORES], ["Griff", "Schublädchen Größe", "把手"], Form())
    assert result.paint(np.zeros((48, 64, 3), np.uint8)).any()
