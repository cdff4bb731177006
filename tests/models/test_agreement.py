from __future__ import annotations

import numpy as np
import pytest

from models.agreement import AGREEMENTS, agreement
from models.heads import KINDS, Form
from models.heads.categories import CategoriesResult

NAMES = ("nothing", "wood", "stone")


def categories(*rows: tuple[float, ...]) -> list[CategoriesResult]:
    return [CategoriesResult(NAMES, np.array(row, np.float32)) for row in rows]


def test_every_kind_of_head_can_be_compared() -> None:
    assert AGREEMENTS.keys() == KINDS.keys()


def test_categories_agree_in_the_best_and_differ_in_probability() -> None:
    ones = categories((0.6, 0.3, 0.1), (0.1, 0.8, 0.1))
    others = categories((0.2, 0.7, 0.1), (0.2, 0.7, 0.1))
    found = agreement("categories", ones, others)
    assert found.share == 0.5
    assert found.difference == pytest.approx(0.4)


def test_a_category_that_the_other_does_not_know_has_no_probability_there() -> None:
    other = [CategoriesResult(("wood",), np.array([1], np.float32))]
    assert agreement("categories", categories((0.5, 0.2, 0.3)), other).difference == pytest.approx(0.8)


def test_tags_agree_where_all_of_them_do() -> None:
    ones = KINDS["tags"].decode(np.array([[4, -4, 4], [4, 4, 4]], np.float32), NAMES)
    others = KINDS["tags"].decode(np.array([[4, -4, 4], [4, 4, -4]], np.float32), NAMES)
    found = agreement("tags", ones, others)
    assert found.share == 0.5
    assert found.difference > 0.9


def masks(*classes: list[list[int]]) -> list[object]:
    rows = np.array([[one, np.ones_like(one)] for one in np.array(classes)], np.float32)
    return list(KINDS["mask"].decode(rows.reshape(len(classes), -1), NAMES, form=Form(shape=(2, 2, 2))))


def test_masks_agree_by_intersection_over_union_of_their_classes() -> None:
    found = agreement("mask", masks([[0, 0], [1, 1]]), masks([[0, 1], [1, 1]]))  # type: ignore[arg-type]
    assert found.share == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert found.difference == pytest.approx(1 - found.share)


def boxes(*rows: tuple[float, ...]) -> list[object]:
    packed = np.zeros((1, 100, 6), np.float32)
    packed[0, : len(rows)] = np.array(rows).reshape(-1, 6) if rows else 0
    return list(KINDS["boxes"].decode(packed.reshape(1, -1), NAMES))


def test_boxes_match_by_place_and_category() -> None:
    here, there = (0.1, 0.1, 0.5, 0.5, 0.9, 1), (0.6, 0.6, 0.9, 0.9, 0.8, 2)
    other_name = (*there[:5], 1)
    assert agreement("boxes", boxes(here, there), boxes(here, there)).share == 1  # type: ignore[arg-type]
    found = agreement("boxes", boxes(here, there), boxes(here, other_name))  # type: ignore[arg-type]
    assert (found.share, found.difference) == (0.5, 0.5)
    assert agreement("boxes", boxes(), boxes()).share == 1  # type: ignore[arg-type]
    assert agreement("boxes", boxes(here), boxes()).share == 0  # type: ignore[arg-type]


def test_one_box_is_not_matched_twice() -> None:
    near = (0.1, 0.1, 0.48, 0.5, 0.8, 1), (0.1, 0.1, 0.5, 0.5, 0.9, 1)
    found = agreement("boxes", boxes(near[1], near[0]), boxes(near[1]))  # type: ignore[arg-type]
    assert found.share == pytest.approx(2 / 3)


def test_grades_are_apart_by_their_share_of_the_scale() -> None:
    form = Form(low=0, high=10)
    names = tuple(map(str, range(11)))
    ones = KINDS["grade"].decode(np.array([[0.5]], np.float32), names, form=form)
    others = KINDS["grade"].decode(np.array([[0.7]], np.float32), names, form=form)
    found = agreement("grade", ones, others)
    assert found.difference == pytest.approx(0.2, abs=0.01)
    assert found.share == pytest.approx(0.8, abs=0.01)


def test_pictures_are_apart_by_their_pixels() -> None:
    form = Form(shape=(3, 2, 2))
    ones = KINDS["image"].decode(np.full((1, 12), 0.5, np.float32), (), form=form)
    others = KINDS["image"].decode(np.full((1, 12), 0.6, np.float32), (), form=form)
    found = agreement("image", ones, others)
    assert found.difference == pytest.approx(0.1, abs=0.005)
    assert "PSNR 20." in found.words or "PSNR 19." in found.words
    assert "PSNR inf" in agreement("image", ones, ones).words


def test_nothing_can_not_be_compared() -> None:
    with pytest.raises(ValueError, match="in pairs"):
        agreement("categories", [], [])
