"""Against the COCO tools, on what is hard: ties, crowds, empty pictures, sizes, more detections than count."""

from __future__ import annotations

import contextlib
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from training.metrics import Asked
from training.metrics.boxes import Accumulator, Detections, Truths, summary
from training.metrics.overlap import runs_of

SIDE = 160
NAMES = ("map_50_95", "map_50", "map_75", "map_small", "map_medium", "map_large")
NAMES += ("mar_1", "mar_10", "mar_100", "mar_small", "mar_medium", "mar_large")

Pictures = list[tuple[Detections, Truths]]


@st.composite
def pictures(draw: st.DrawFn, categories: int = 2) -> Pictures:
    """Coordinates on a coarse grid and few scores, so that overlaps and scores are often equal."""
    corner, extent = st.integers(0, 6), st.integers(1, 4)
    step = draw(st.sampled_from([8, 13.25, 26]))

    def boxes(most: int) -> np.ndarray:
        drawn = draw(st.lists(st.tuples(corner, corner, extent, extent), max_size=most))
        grid = np.array(drawn, np.float64).reshape(-1, 4)
        return np.column_stack([grid[:, :2], grid[:, :2] + grid[:, 2:]]) * step

    def several(strategy: st.SearchStrategy[float], count: int) -> np.ndarray:
        return np.array(draw(st.lists(strategy, min_size=count, max_size=count)))

    found: Pictures = []
    for _ in range(draw(st.integers(1, 4))):
        mine, these = boxes(8), boxes(5)
        labels = several(st.integers(0, categories - 1), len(mine)).astype(np.int64)
        scores = several(st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.9]), len(mine))
        truth_labels = several(st.integers(0, categories - 1), len(these)).astype(np.int64)
        crowd = several(st.sampled_from([False, False, True]), len(these)).astype(np.bool_)
        areas = several(st.sampled_from([100.0, 1024.0, 5000.0, 9216.0, 2e4]), len(these))
        given_areas = areas if draw(st.booleans()) else None
        found.append((Detections(mine, labels, scores), Truths(these, truth_labels, crowd, given_areas)))
    return found


def with_masks(found: Pictures, seed: int) -> Pictures:
    """The same things with ragged masks in their boxes."""
    rng = np.random.default_rng(seed)

    def masks(boxes: np.ndarray) -> list[tuple[int, ...]]:
        made = []
        for left, top, right, bottom in boxes.astype(int):
            pixels = np.zeros((SIDE * 2, SIDE * 2), np.bool_)
            pixels[top:bottom, left:right] = rng.random((bottom - top, right - left)) < rng.choice([0.6, 1])
            made.append(runs_of(pixels))
        return made

    return [
        (
            Detections(mine.boxes, mine.labels, mine.scores, masks(mine.boxes)),
            Truths(these.boxes, these.labels, these.crowd, these.areas, masks(these.boxes)),
        )
        for mine, these in found
    ]


def annotations(picture: int, one: Detections | Truths, areas: np.ndarray | None, kind: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for place, (left, top, right, bottom) in enumerate(one.boxes.tolist()):
        row: dict[str, object] = {
            "image_id": picture,
            "category_id": int(one.labels[place]),
            "bbox": [left, top, right - left, bottom - top],
            "area": (right - left) * (bottom - top),
            "iscrowd": 0,
        }
        if kind == "segm":
            assert one.masks is not None
            row["segmentation"] = {"size": [SIDE * 2] * 2, "counts": list(one.masks[place])}
            row["area"] = sum(one.masks[place][1::2])
        if areas is not None:
            row["area"] = float(areas[place])
        rows.append(row)
    return rows


def reference(found: Pictures, categories: int, kind: str = "bbox") -> COCOeval:
    truths, detections = [], []
    for picture, (mine, these) in enumerate(found):
        rows = annotations(picture, these, these.areas, kind)
        crowd = [False] * len(rows) if these.crowd is None else these.crowd.tolist()
        truths += [row | {"iscrowd": int(many)} for row, many in zip(rows, crowd, strict=True)]
        rows = annotations(picture, mine, None, kind)
        detections += [row | {"score": score} for row, score in zip(rows, mine.scores.tolist(), strict=True)]
    images = [{"id": picture, "width": SIDE * 2, "height": SIDE * 2} for picture in range(len(found))]
    sides = []
    with contextlib.redirect_stdout(io.StringIO()):
        for rows in (truths, detections):
            side = COCO()
            numbered = [row | {"id": number} for number, row in enumerate(rows, 1)]
            names = [{"id": one, "name": str(one)} for one in range(categories)]
            side.dataset = {"images": images, "categories": names, "annotations": numbered}
            side.createIndex()
            sides.append(side)
        evaluated = COCOeval(*sides, kind)
        evaluated.evaluate()
        evaluated.accumulate()
        evaluated.summarize()
    return evaluated


def accumulated(found: Pictures, categories: int) -> Accumulator:
    one = Accumulator(Asked(categories))
    for mine, these in found:  # one picture at a time
        one.add([mine], [these])
    return one


def same(found: dict[str, float | None], expected: np.ndarray) -> None:
    for name, value in zip(NAMES, expected, strict=True):
        assert found[name] == (None if value == -1 else pytest.approx(value, abs=1e-9)), name


@settings(max_examples=150, deadline=None)
@given(pictures())
def test_as_the_coco_tools(found: Pictures) -> None:
    expected, one = reference(found, 2), accumulated(found, 2)
    same(one.summary(), expected.stats)
    for category, figures in enumerate(one.per_class()):
        precision = expected.eval["precision"][:, :, category, 0, 2]
        curve = one.of_boxes.precision(category)
        if (precision == -1).all():
            assert figures["ap_50_95"] is curve is None
        else:
            assert figures["ap_50_95"] == pytest.approx(precision.mean(), abs=1e-9)
            assert figures["ap_75"] == pytest.approx(precision[5].mean(), abs=1e-9)
            np.testing.assert_allclose(curve, precision[0], atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(pictures(), st.integers(0, 2**16))
def test_masks_as_the_coco_tools(found: Pictures, seed: int) -> None:
    found = with_masks(found, seed)
    one = accumulated(found, 2)
    same(one.of_masks.summary(), reference(found, 2, "segm").stats)
    same(one.summary(), reference(found, 2).stats)


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_of_two_truths_equally_near_the_one_that_the_coco_tools_take(order: list[int]) -> None:
    truth = np.array([[0.0, 0, 12, 8], [4, 0, 16, 8]])
    between = np.array([[2.0, 0, 14, 8], truth[0]])  # the second could have the first truth only
    detections = Detections(between, np.zeros(2, np.int64), np.array([0.9, 0.8]))
    found = [(detections, Truths(truth[order], np.zeros(2, np.int64)))]
    same(accumulated(found, 1).summary(), reference(found, 1).stats)


def test_many_detections_as_the_coco_tools() -> None:
    rng = np.random.default_rng(1)
    found: Pictures = []
    for _ in range(6):
        corners = rng.integers(0, 100, (12, 2))
        truth = np.column_stack([corners, corners + rng.integers(8, 120, (12, 2))]).astype(np.float64)
        near = truth[rng.integers(0, 12, 260)] + rng.normal(0, 6, (260, 4))
        near[:, 2:] = np.maximum(near[:, 2:], near[:, :2] + 1)
        detections = Detections(near, rng.integers(0, 2, 260), rng.random(260).round(2))
        found.append((detections, Truths(truth, rng.integers(0, 2, 12), rng.random(12) < 0.1)))
    same(summary(Asked(2), *zip(*found, strict=True)), reference(found, 2).stats)


def test_no_boxes_at_all_in_either() -> None:
    nothing = (np.empty((0, 4)), np.empty(0, np.int64))
    figures = summary(Asked(2), [Detections(*nothing, np.empty(0))], [Truths(*nothing)])
    assert set(figures.values()) == {None}


def test_labels_without_a_type_are_none() -> None:
    truth = Truths(np.array([[0.0, 0, 9, 9]]), np.array([1]))
    figures = summary(Asked(2), [Detections(np.empty((0, 4)), np.array([]), np.array([]))], [truth])
    assert (figures["map_50_95"], figures["recall"], figures["precision"]) == (0, 0, None)


@pytest.mark.parametrize("label", [-1, 2])
def test_labels_beyond_the_categories(label: int) -> None:
    box = np.array([[0.0, 0, 9, 9]])
    with pytest.raises(ValueError, match="2 categories"):
        summary(Asked(2), [Detections(box, np.array([label]), np.ones(1))], [Truths(box, np.array([0]))])


def test_shapes_that_do_not_belong_together() -> None:
    box = np.array([[0.0, 0, 9, 9]])
    with pytest.raises(ValueError, match="the scores have the shape"):
        Detections(box, np.array([0]), np.ones(2))
    with pytest.raises(ValueError, match="masks for 1 boxes"):
        Truths(box, np.array([0]), masks=[])
    with pytest.raises(ValueError, match="numbers that are none"):
        Truths(box * np.nan, np.array([0]))
