from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import DatasetError
from training.datasets.heads import HeadDef, check_value, named_categories, with_new_categories
from training.datasets.names import known
from training.datasets.values import (
    VALUES,
    Boxes,
    Category,
    Grade,
    Mask,
    Rle,
    Shape,
    Tags,
    Target,
    Targets,
    Value,
    from_text,
    to_text,
)

SHA = "0f" * 32
NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).filter(
    lambda name: name == name.strip() and known(name) is not None
)
NUMBERS = st.floats(-1e6, 1e6)
SIZES = st.floats(0, 1e6)


@st.composite
def rles(draw: st.DrawFn) -> Rle:
    counts = draw(st.lists(st.integers(0, 30), min_size=1, max_size=8).filter(lambda some: sum(some) > 0))
    return Rle(tuple(counts), 1, sum(counts))


POLYGONS = st.lists(NUMBERS, min_size=3, max_size=5).map(lambda xs: tuple(xs + xs))
SHAPES = st.builds(
    Shape,
    NAMES,
    NUMBERS,
    NUMBERS,
    SIZES,
    SIZES,
    st.lists(POLYGONS, max_size=2).map(tuple),
    st.none() | rles(),
    st.booleans(),
)
TARGETS = st.builds(Target, st.just(SHA), st.just(""), NAMES, st.dictionaries(NAMES, st.text(max_size=5), max_size=2))
ANY: st.SearchStrategy[Value] = st.one_of(
    NAMES.map(Category),
    st.frozensets(NAMES, max_size=4).map(Tags),
    NUMBERS.map(Grade),
    st.builds(Mask, st.just(SHA), st.integers(1, 99), st.integers(1, 99), st.lists(st.integers(0, 254)).map(tuple)),
    st.lists(SHAPES, max_size=3).map(lambda shapes: Boxes(tuple(shapes))),
    st.lists(TARGETS, min_size=1, max_size=3).map(lambda some: Targets(tuple(some))),
)


@given(ANY)
def test_a_value_comes_back_from_its_text(value: Value) -> None:
    assert from_text(value.kind, to_text(value)) == value
    assert VALUES[value.kind].from_json(json.loads(to_text(value))) == value


@given(ANY, ANY)
def test_equal_values_and_only_they_have_equal_text(one: Value, other: Value) -> None:
    assert ((one.kind, to_text(one)) == (other.kind, to_text(other))) == (one == other)


@pytest.mark.parametrize("text", ["", "  ", "unknown", "UNKNOWN", "9999", " 9999 "])
def test_what_nobody_knows_is_no_name(text: str) -> None:
    assert known(text) is None
    with pytest.raises(DatasetError):
        Category(text)


def test_a_known_name_is_trimmed() -> None:
    assert known(" wood ") == "wood"
    assert known(None) is None


@pytest.mark.parametrize(
    "make",
    [
        lambda: Category("a\nb"),
        lambda: Category(" wood"),
        lambda: Category("x" * 201),
        lambda: Grade(math.nan),
        lambda: Grade(True),
        lambda: Mask("short", 1, 1),
        lambda: Mask(SHA, 0, 1),
        lambda: Mask(SHA, 1, 1, (255,)),
        lambda: Shape("a", 0, 0, -1, 1),
        lambda: Shape("a", 0, 0, 1, math.inf),
        lambda: Shape("a", 0, 0, 1, 1, ((0, 0, 1, 1),)),
        lambda: Shape("a", 0, 0, 1, 1, ((0, 0, 1, 1, 2, 2, 3),)),
        lambda: Rle((3, 4), 2, 3),
        Target,
        lambda: Target(SHA, "both"),
        lambda: Targets(()),
    ],
)
def test_what_can_not_be_is_refused(make: object) -> None:
    with pytest.raises(DatasetError):
        make()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("categories", "[]"),
        ("boxes", "[{}]"),
        ("mask", "{}"),
        ("tags", '"a"'),
        ("image", "[]"),
        ("grade", "x"),
        ("x", "1"),
    ],
)
def test_a_damaged_text_is_refused(kind: str, text: str) -> None:
    with pytest.raises(DatasetError):
        from_text(kind, text)


class TestHeads:
    def test_an_answer_must_be_of_the_kind(self) -> None:
        with pytest.raises(DatasetError, match="categories, not with grade"):
            check_value(HeadDef("a", "categories", ("x",)), Grade(1))

    def test_an_answer_must_name_what_is_there(self) -> None:
        head = HeadDef("a", "boxes", ("x",))
        check_value(head, Boxes((Shape("x", 0, 0, 1, 1),)))
        with pytest.raises(DatasetError, match="no category y"):
            check_value(head, Boxes((Shape("y", 0, 0, 1, 1),)))

    def test_a_mask_may_use_only_indices_that_are_there(self) -> None:
        head = HeadDef("a", "mask", ("x", "y"))
        check_value(head, Mask(SHA, 1, 1, (1,)))
        assert named_categories(head, Mask(SHA, 1, 1, (1,))) == {"y"}
        with pytest.raises(DatasetError, match="index 2"):
            check_value(head, Mask(SHA, 1, 1, (2,)))

    def test_a_grade_must_lie_on_its_scale(self) -> None:
        head = HeadDef("a", "grade", options={"low": 1, "high": 10})
        check_value(head, Grade(10))
        with pytest.raises(DatasetError, match="scale"):
            check_value(head, Grade(10.5))

    @pytest.mark.parametrize(
        "make",
        [
            lambda: HeadDef("a", "colours"),
            lambda: HeadDef("a", "categories", ("x", "x")),
            lambda: HeadDef("a", "categories", ("unknown",)),
            lambda: HeadDef("a", "grade", ("x",)),
            lambda: HeadDef("a", "grade", options={"low": 3, "high": 2}),
            lambda: HeadDef("a", "grade", options={"low": {1}}),
            lambda: HeadDef("a", "mask", tuple(f"c{n}" for n in range(256))),
        ],
    )
    def test_what_can_not_be_asked_is_refused(self, make: object) -> None:
        with pytest.raises(DatasetError):
            make()  # type: ignore[operator]

    def test_new_categories_come_last_and_sorted(self) -> None:
        head = HeadDef("a", "tags", ("m",))
        wider = with_new_categories(head, [Tags(frozenset({"z", "m"})), Tags(frozenset({"b"}))])
        assert wider.categories == ("m", "b", "z")
        assert with_new_categories(wider, []) is wider
