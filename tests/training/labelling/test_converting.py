"""What a model says, in the dataset's categories, scale and pixels: every kind of head."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.heads import Form
from models.heads.categories import UNKNOWN
from models.spec import HeadSpec
from tests.training.labelling.answers import answer, item, result, spec
from training.datasets.heads import HeadDef, check_value
from training.datasets.values import Boxes, Category, Grade, Tags
from training.labelling.converting import convert
from training.labelling.drafts import CompressedMask, MadePicture
from training.labelling.matching import Match, match_heads

THREE = ("stone", "Wood", "glass")
MATERIAL = HeadDef("material", "categories", ("wood", "stone", "metal"))
LOGITS = np.log([[0.2, 0.7, 0.1]])


def match(kind: str, head: HeadDef, categories: tuple[str, ...] = THREE, form: Form | None = None) -> Match:
    (found,) = match_heads(spec(HeadSpec(name="its", kind=kind, categories=categories, form=form or Form())), [head])
    return found


class TestCategories:
    def test_the_best_in_the_datasets_letters(self) -> None:
        said = answer({"its": result("categories", LOGITS, THREE)})
        made = convert(said, match("categories", MATERIAL), item())
        assert made is not None
        assert (made.item, made.head, made.draft) == (7, "material", Category("wood"))
        assert made.confidence == pytest.approx(0.7, abs=1e-4)
        assert made.words == "wood 70 %, stone 20 %"

    def test_thresholds(self) -> None:
        fits = match("categories", MATERIAL)
        said = answer({"its": result("categories", LOGITS, THREE)})
        assert convert(said, fits, item(), 0.69) is not None
        assert convert(said, fits, item(), 0.71) is None
        shy = answer({"its": result("categories", LOGITS, THREE, unknown_below=0.8, unsure_below=0.8)})
        assert convert(shy, fits, item()) is None
        assert convert(shy, fits, item(), 0.5) is not None  # a person's own threshold goes before the model's

    def test_what_the_dataset_has_no_category_for_is_not_proposed(self) -> None:
        said = answer({"its": result("categories", np.log([[0.1, 0.1, 0.8]]), THREE)})
        assert convert(said, match("categories", MATERIAL), item()) is None

    def test_a_persons_correction_goes_before_the_model(self) -> None:
        fits = match("categories", MATERIAL)
        head = {"its": result("categories", LOGITS, THREE)}
        made = convert(answer(head, {"its": "stone"}), fits, item(), 0.99)
        assert made is not None
        assert (made.draft, made.confidence) == (Category("stone"), 1.0)
        assert convert(answer(head, {"its": UNKNOWN}), fits, item()) is None


def test_tags_are_as_sure_as_the_least_sure_of_them() -> None:
    head = HeadDef("look", "tags", ("stone", "wood", "wet"))
    shares = np.array([0.9, 0.3, 0.99])
    said = answer({"its": result("tags", np.log(shares / (1 - shares))[None], THREE)})
    made = convert(said, match("tags", head), item())
    assert made is not None
    assert made.draft == Tags(frozenset({"stone"}))  # glass is none of the dataset's
    assert made.confidence == pytest.approx(0.7, abs=1e-4)
    assert made.scores == pytest.approx((0.9,), abs=1e-4)
    assert convert(said, match("tags", head), item(), 0.75) is None


class TestGrades:
    HEAD = HeadDef("quality", "grade", options={"low": 1, "high": 10, "step": 0.5})

    @given(st.floats(0, 1))
    def test_scales_are_brought_to_each_other(self, share: float) -> None:
        form = Form(low=0, high=100)
        said = answer({"its": result("grade", np.array([[share]]), form=form)})
        made = convert(said, match("grade", self.HEAD, (), form), item())
        assert made is not None
        assert isinstance(made.draft, Grade)
        check_value(self.HEAD, made.draft)
        assert made.draft.value == pytest.approx(1 + 9 * share, abs=0.26 + 0.09)
        assert (2 * made.draft.value).is_integer()

    def test_how_sure_it_is_nobody_knows(self) -> None:
        form = Form(low=1, high=10)
        said = answer({"its": result("grade", np.array([[0.5]]), form=form)})
        fits = match("grade", self.HEAD, (), form)
        made = convert(said, fits, item())
        assert made is not None
        assert made.confidence is None
        assert convert(said, fits, item(), 0.5) is None
        assert convert(said, fits, item(), 0.0) is not None


def packed(*rows: tuple[float, ...]) -> np.ndarray:
    numbers = np.zeros((1, 100, 6))
    numbers[0, : len(rows)] = np.reshape(rows, (-1, 6))
    return numbers.reshape(1, -1)


class TestBoxes:
    HEAD = HeadDef("things", "boxes", ("wood", "stone"))
    ROWS = packed(
        (0.1, 0.2, 0.5, 0.6, 0.9, 0), (0.5, 0.5, 1, 1, 0.6, 1), (0, 0, 1, 1, 0.5, 2), (0, 0, 0.1, 0.1, 0.2, 0)
    )

    def test_fractions_become_pixels_of_the_full_size(self) -> None:
        made = convert(answer({"its": result("boxes", self.ROWS, THREE)}), match("boxes", self.HEAD), item(400, 200))
        assert made is not None
        assert isinstance(made.draft, Boxes)
        shapes = made.draft.shapes
        assert [one.category for one in shapes] == ["stone", "wood"]  # glass is left out, and what is under 0.25
        box = (shapes[0].left, shapes[0].top, shapes[0].width, shapes[0].height)
        assert box == pytest.approx((40, 40, 160, 80), abs=0.1)
        assert made.scores == pytest.approx((0.9, 0.6), abs=1e-3)
        assert made.confidence == min(made.scores)
        assert made.words == "stone (90 %), wood (60 %)"

    def test_a_threshold_cuts_shape_by_shape(self) -> None:
        said = answer({"its": result("boxes", self.ROWS, THREE)})
        fits = match("boxes", self.HEAD)
        some = convert(said, fits, item(), 0.7)
        every = convert(said, fits, item(), 0.1)
        assert some is not None
        assert every is not None
        assert (len(some.draft.shapes), len(every.draft.shapes)) == (1, 3)  # type: ignore[union-attr]
        assert convert(said, fits, item(), 0.95) is None
        assert convert(answer({"its": result("boxes", packed(), THREE)}), fits, item()) is None

    def test_quads_are_four_corners(self) -> None:
        head = HeadDef("border", "boxes", ("wood", "stone"), {"quads": True})
        made = convert(answer({"its": result("boxes", self.ROWS, THREE)}), match("boxes", head), item(400, 200))
        assert made is not None
        shape = made.draft.shapes[0]  # type: ignore[union-attr]
        right, bottom = shape.left + shape.width, shape.top + shape.height
        corners = (shape.left, shape.top, right, shape.top, right, bottom, shape.left, bottom)
        assert shape.polygons[0] == pytest.approx(corners, abs=0.01)

    def test_without_a_size_nothing_can_be_placed(self) -> None:
        assert (
            convert(answer({"its": result("boxes", self.ROWS, THREE)}), match("boxes", self.HEAD), item(0, 0)) is None
        )


class TestMasks:
    HEAD = HeadDef("parts", "mask", ("background", "stone", "wood"))
    NAMES = ("Background", "wood", "glass")

    def test_indices_are_the_datasets_at_full_size_and_the_rest_is_unknown(self) -> None:
        classes = np.array([[0, 1], [1, 2]])
        rows = np.stack([classes, np.full((2, 2), 0.8)]).reshape(1, -1)
        said = answer({"its": result("mask", rows, self.NAMES, Form(shape=(2, 2, 2)))})
        fits = match("mask", self.HEAD, self.NAMES, Form(shape=(2, 2, 2)))
        made = convert(said, fits, item(6, 4))
        assert made is not None
        assert isinstance(made.draft, CompressedMask)
        wanted = np.array([[0, 2], [2, 255]], np.uint8).repeat(2, 0).repeat(3, 1)
        assert np.array_equal(made.draft.painted().indices, wanted)
        assert made.confidence == pytest.approx(0.8)
        assert made.words == "wood 50 %, background 25 % of the picture"
        assert convert(said, fits, item(6, 4), 0.9) is None

    def test_nothing_but_unknown_is_no_proposal(self) -> None:
        rows = np.stack([np.full((2, 2), 2), np.ones((2, 2))]).reshape(1, -1)
        form = Form(shape=(2, 2, 2))
        said = answer({"its": result("mask", rows, self.NAMES, form)})
        assert convert(said, match("mask", self.HEAD, self.NAMES, form), item(6, 4), 0.0) is None


def test_a_picture_for_a_picture() -> None:
    form = Form(shape=(3, 2, 2))
    head = HeadDef("normals", "image", options={"roles": ["normals", "depth"]})
    said = answer({"its": result("image", np.full((1, 12), 0.5), form=form)})
    made = convert(said, match("image", head, (), form), item())
    assert made is not None
    assert isinstance(made.draft, MadePicture)
    assert (made.draft.role, made.confidence) == ("normals", None)
    assert made.draft.png.startswith(b"\x89PNG")
