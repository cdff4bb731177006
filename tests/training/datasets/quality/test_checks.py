from __future__ import annotations

import cv2
import numpy as np
import pytest

from models.errors import Cancelled
from tests.training.datasets.quality.making import category_head, facts, said, scene
from training.datasets.heads import HeadDef
from training.datasets.quality import (
    balance,
    blur,
    consistency,
    coverage,
    exact_duplicates,
    exposure,
    information,
    leaks,
    near_duplicates,
    outlines,
    sizes,
    wrong_labels,
)
from training.datasets.quality.confident import confident_errors
from training.datasets.quality.embedding_map import layout
from training.datasets.quality.facts import HeadFacts
from training.datasets.quality.finding import DropCategories, ForgetPlaces, Relabel, SetSplits, Trash
from training.datasets.quality.report import check
from training.datasets.quality.table import CHECKS
from training.datasets.records import Split
from training.datasets.values import Boxes, Category, Mask, Shape

MANY = [scene(seed) for seed in range(40)]


def test_near_duplicates_keep_the_labelled_then_the_larger_and_what_is_frozen() -> None:
    small = cv2.resize(scene(0), (64, 64), interpolation=cv2.INTER_AREA)
    twice = [scene(0), small, scene(1), scene(1), scene(2), scene(2)]
    labels = [None, "wood", None, None, None, None]
    (found,) = near_duplicates.find(
        facts(twice, heads=[category_head(labels)], frozen=[False, False, False, False, True, True])
    )
    assert found.fix == Trash((100, 103))
    assert set(found.groups) == {(101, 100), (102, 103), (104, 105)}


def test_leaks_go_where_most_are_and_leave_a_frozen_test_set_alone() -> None:
    pictures = [scene(0)] * 3 + [scene(1)] * 2 + [scene(2)] * 2 + [scene(3), scene(4)]
    splits: list[Split] = ["test", "train", "test", "train", "test", "val", "", "train", "val"]
    (found,) = leaks.find(facts(pictures, splits=splits, frozen=[False] * 4 + [True] + [False] * 4))
    assert isinstance(found.fix, SetSplits)
    assert dict(found.fix.splits) == {101: "test", 103: ""}
    assert found.severity == "error"


def test_a_group_that_straddles_is_a_leak_though_nothing_looks_alike() -> None:
    (found,) = leaks.find(facts(MANY[:3], splits=["train", "val", "train"], groups=["a", "a", ""]))
    assert found.groups == ((100, 101),)
    assert isinstance(found.fix, SetSplits)
    assert dict(found.fix.splits) == {101: "train"}


def test_blur_is_found_among_its_like_and_a_smooth_category_is_none() -> None:
    smooth = [cv2.GaussianBlur(scene(seed), (0, 0), 6) for seed in range(60, 70)]
    blurred = [cv2.GaussianBlur(scene(seed), (0, 0), 4) for seed in (50, 51)]
    labels = ["brick"] * 40 + ["sky"] * 10 + ["brick"] * 2
    (found,) = blur.find(facts([*MANY, *smooth, *blurred], heads=[category_head(labels)]))
    assert set(found.items) == {150, 151}
    assert isinstance(found.fix, Trash)


def test_light_and_emptiness() -> None:
    dark, bright = (scene(60) * 0.1).astype(np.uint8), (235 + scene(61) * 0.07).astype(np.uint8)
    clipped = scene(62)
    clipped[:100] = 255
    flat = np.full((64, 64, 3), 90, np.uint8)
    made = facts([*MANY, dark, bright, clipped, flat])
    assert [one.items for one in exposure.find(made)] == [(140,), (141,), (142,)]
    assert [one.items for one in information.find(made)] == [(143,)]


def test_white_ground_in_all_of_a_category_is_no_fault() -> None:
    clipped = []
    for seed in range(10):
        clipped.append(scene(seed))
        clipped[-1][:100] = 255
    assert exposure.find(facts([*MANY, *clipped], heads=[category_head(["a"] * 40 + ["b"] * 10)])) == []


def test_odd_sizes() -> None:
    odd = [scene(50, 20), scene(51, 1024), np.ascontiguousarray(scene(52)[:34, :])]
    found = sizes.find(facts([*MANY, *odd]))
    assert [one.items for one in found] == [(140,), (141,), (142,)]
    assert found[0].notes[140] == "20 x 20"


def test_contents_in_several_places_and_datasets() -> None:
    places = [("a.png", "b/a.png"), ("c.png",), ("d.png",)]
    here, other = exact_duplicates.find(facts(MANY[:3], places=places, elsewhere={2: ("Cards",)}))
    assert here.items == (100,)
    assert here.fix == ForgetPlaces((100,))
    assert here.fix_words == "Forget 1 further place, no file is touched"
    assert other.fix == Trash((102,))


def test_copies_with_different_labels_get_that_of_most_or_none() -> None:
    pictures = [scene(0)] * 3 + [scene(1)] * 2 + [scene(2)] * 2
    labels = ["wood", "stone", "wood", "wood", "stone", "wood", None]
    (found,) = consistency.find(facts(pictures, heads=[category_head(labels)]))
    assert isinstance(found.fix, Relabel)
    assert said(found.fix.labels) == {101: "wood", 103: None, 104: None}


def test_categories_unused_scarce_uneven_and_absent_from_a_split() -> None:
    labels = ["a"] * 6 + ["b"] * 4 + ["c"] * 30
    splits: list[Split] = ["train"] * 6 + ["train", "test"] * 2 + ["train"] * 15 + ["val"] * 5 + ["test"] * 10
    found = balance.find(facts(MANY, heads=[category_head(labels, more=["d"])], splits=splits))
    unused, few, absent = found
    assert unused.fix == DropCategories("material", ("d",))
    assert isinstance(few.fix, Relabel)
    assert said(few.fix.labels) == dict.fromkeys(range(106, 110))
    assert isinstance(absent.fix, SetSplits)
    assert set(absent.items) == set(range(100, 106))
    assert set(absent.fix.splits.values()) == {"val", "test"}


def test_coverage_takes_bare_pictures_out_of_the_splits() -> None:
    made = facts(MANY[:3], heads=[category_head(["a", None, None])], splits=["train", "test", ""])
    bare, aside = coverage.find(made)
    assert bare.items == (101,)
    assert (aside.kind, aside.items, aside.fix) == ("set-aside", (102,), Trash((102,)))
    assert isinstance(bare.fix, SetSplits)
    assert dict(bare.fix.splits) == {101: ""}


def test_boxes_are_cut_at_the_edge_and_empty_ones_go() -> None:
    inside, over = Shape("a", 1, 1, 20, 20), Shape("a", 100, 100, 60, 20, polygons=((100, 100, 160, 100, 160, 120),))
    outside = Shape("a", 200, 5, 10, 10)
    head = HeadFacts(HeadDef("things", "boxes", ("a",)), {0: Boxes((inside, over, outside)), 1: Boxes((inside,))})
    (found,) = outlines.find(facts(MANY[:2], heads=[head]))
    assert isinstance(found.fix, Relabel)
    cut = found.fix.labels[100]
    assert isinstance(cut, Boxes)
    assert cut.shapes == (inside, Shape("a", 100, 100, 28, 20, polygons=((100, 100, 128, 100, 128, 120),)))


def test_masks_without_a_known_pixel_or_of_another_size() -> None:
    blob = "0" * 64
    values = {0: Mask(blob, 128, 128, (0,)), 1: Mask(blob, 128, 128, ()), 2: Mask(blob, 64, 128, (0,))}
    found = outlines.find(facts(MANY[:3], heads=[HeadFacts(HeadDef("areas", "mask", ("a",)), values)]))
    assert [(one.kind, one.items) for one in found] == [("empty-masks", (101,)), ("mask-sizes", (102,))]


def test_wrong_labels_are_found_and_copies_under_one_wrong_label_do_not_vouch_for_each_other() -> None:
    rng = np.random.default_rng(0)
    true = np.repeat([0, 1, 2], 40)
    vectors = np.eye(3, 8)[true] * 3 + rng.normal(0, 0.5, (120, 8))
    pictures = [scene(seed) for seed in range(120)]
    vectors[0, 5] = 8  # something odd about it, from which its copy would be known
    pictures[1], vectors[1] = pictures[0], vectors[0]
    labels = [f"{column}" for column in true]
    labels[0] = labels[1] = "2"
    labels[50] = "0"
    found = wrong_labels.find(facts(pictures, vectors=vectors, heads=[category_head(labels)]))
    assert {item for one in found for item in one.items} == {100, 101, 150}
    proposed = {item: value for one in found if isinstance(one.fix, Relabel) for item, value in one.fix.labels.items()}
    assert proposed == {100: Category("0"), 101: Category("0"), 150: Category("1")}


def test_the_confident_joint_uses_each_categorys_own_threshold() -> None:
    # "0" is never surer than 0.6, "1" always is: so 0.3 for "0" is as good a fit as 0.5 for "1"
    probabilities = np.array([[0.6, 0.4], [0.5, 0.5], [0.05, 0.95], [0.1, 0.9], [0.55, 0.45], [0.3, 0.7]])
    labels = np.array([0, 0, 1, 1, 1, 0])
    suspects = confident_errors(probabilities, labels, odds=1.2)
    assert suspects.rows.tolist() == [4, 5]
    assert suspects.proposed.tolist() == [0, 1]
    zero, one = np.mean([0.6, 0.5, 0.3]), np.mean([0.95, 0.9, 0.45])
    assert suspects.odds == pytest.approx([0.55 / zero / (0.45 / one), 0.7 / one / (0.3 / zero)])


def test_a_label_of_probability_nought_is_the_most_suspicious_and_a_category_of_no_label_is_never_proposed() -> None:
    probabilities = np.array([[0.0, 0.5, 0.5], [0.9, 0.1, 0.0], [0.1, 0.9, 0.0], [0.3, 0.7, 0.0]])
    suspects = confident_errors(probabilities, np.array([0, 0, 1, 0]))
    assert suspects.rows.tolist() == [0, 3]
    assert suspects.proposed.tolist() == [1, 1]
    assert np.isfinite(suspects.odds).all()


def test_few_labels_or_one_category_say_nothing() -> None:
    vectors = np.random.default_rng(0).normal(size=(40, 8))
    assert wrong_labels.find(facts(MANY, vectors=vectors, heads=[category_head(["a"] * 40)])) == []
    few = category_head(["a", "b"] * 10 + [None] * 20)
    assert wrong_labels.find(facts(MANY, vectors=vectors, heads=[few])) == []


def test_the_map_puts_like_to_like_the_same_way_each_time() -> None:
    rng = np.random.default_rng(0)
    kinds = np.repeat([0, 1, 2], 50)
    rows = (np.eye(3, 8)[kinds] * 4 + rng.normal(0, 0.4, (150, 8))).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    known = np.ones(150, bool)
    known[7] = False
    places = layout(rows, known)
    assert np.array_equal(places, layout(rows, known), equal_nan=True)
    assert np.isnan(places[7]).all()
    assert np.nanmin(places) == 0
    assert np.nanmax(places) == 1
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    nearest = np.nan_to_num(apart, nan=np.inf).argmin(axis=1)
    assert (kinds[nearest] == kinds)[known].mean() > 0.97


def test_a_report_is_the_worst_first_and_stops_when_told() -> None:
    pictures = [scene(0), scene(0), *MANY[1:], np.full((64, 64, 3), 90, np.uint8)]
    splits: list[Split] = ["train", "test", *[""] * 40]
    steps: list[tuple[int, int, str]] = []
    report = check(facts(pictures, splits=splits), on_step=lambda *step: steps.append(step))
    severities = [one.severity for one in report.findings]
    assert severities == sorted(severities, key=["error", "warning", "hint"].index)
    assert report.findings[0].kind == "leaks"
    assert steps[-1] == (len(CHECKS) + 1, len(CHECKS) + 1, "")

    def stop() -> None:
        raise Cancelled("The work was cancelled.")

    with pytest.raises(Cancelled):
        check(facts(pictures, stop=stop))


def test_nothing_to_check_is_nothing_found() -> None:
    report = check(facts([]))
    assert report.findings == ()
    assert report.places.shape == (0, 2)
