"""What a format can say comes back as it was, whatever it is called and whatever is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.training.datasets.formats.round_trips import Known, Place, categories, contents, place, there, trip
from training.datasets.formats.plan import Contents, ContentsItem
from training.datasets.heads import HeadDef
from training.datasets.values import Boxes, Grade, Rle, Shape

often = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return place(tmp_path_factory.mktemp("place"))


def nearly(shape: Shape) -> Shape:
    """Numbers as far as a format that divides by the size of the picture keeps them."""
    sides = {side: round(getattr(shape, side), 6) for side in ("left", "top", "width", "height")}
    polygons = tuple(tuple(round(value, 6) for value in one) for one in shape.polygons)
    return replace(shape, **sides, polygons=polygons)


def rounded(known: Mapping[str, Known]) -> dict[str, Known]:
    def value(label: object) -> object:
        return Boxes(tuple(nearly(one) for one in label.shapes)) if isinstance(label, Boxes) else label

    return {key: replace(one, labels={h: value(v) for h, v in one.labels.items()}) for key, one in known.items()}


def heads_of(draw: st.DataObject, *kinds: str, most: int = 5) -> list[HeadDef]:
    return [
        HeadDef(f"{kind} {n}", kind, () if kind in ("grade", "image") else draw.draw(categories(most)))
        for n, kind in enumerate(kinds)
    ]


EXACT = {
    "layout": (
        ("boxes", "categories", "tags", "grade", "mask", "image", "boxes", "categories"),
        ("split", "source", "group"),
    ),
    "coco": (("boxes", "boxes"), ("split", "source", "group")),
    "csv": (("categories", "tags", "grade", "categories"), ("split", "source", "group")),
    "folders": (("categories",), ("split",)),
    "masks": (("mask",), ("split",)),
    "pairs": (("image", "mask"), ("split", "group")),
}


@pytest.mark.parametrize("name", EXACT)
@given(draw=st.data())
@often
def test_nothing_is_lost(name: str, at: Place, draw: st.DataObject) -> None:
    kinds, parts = EXACT[name]
    heads = heads_of(draw, *kinds)
    out = draw.draw(contents(at, heads, parts=parts))
    back = trip(out, name)
    assert (back.lost, back.missed) == ((), ())
    assert back.plan.heads == tuple(heads)
    assert back.back == there(out, at)


@given(draw=st.data())
@often
def test_boxes_through_voc(at: Place, draw: st.DataObject) -> None:
    heads = heads_of(draw, "boxes")
    out = draw.draw(contents(at, heads, parts=["split"]))
    back = trip(out, "voc")
    assert back.missed == ()
    assert back.plan.heads == tuple(heads)
    expected = there(out, at)
    for key, one in expected.items():
        boxes = one.labels.get(heads[0].name)
        if isinstance(boxes, Boxes):
            plain = Boxes(tuple(replace(shape, rle=None, crowd=False) for shape in boxes.shapes))
            regions = sum(shape.rle is not None for shape in boxes.shapes)
            assert not regions or any("VOC has no run lengths" in sentence for sentence in back.lost)
            expected[key] = replace(one, labels={heads[0].name: plain})
    assert rounded(back.back) == rounded(expected)


@given(draw=st.data())
@often
def test_boxes_through_yolo(at: Place, draw: st.DataObject) -> None:
    heads = heads_of(draw, "boxes")
    out = draw.draw(contents(at, heads, parts=["split"], rich=False))
    back = trip(out, "yolo")
    assert back.missed == ()
    assert back.plan.heads == tuple(heads)
    assert [one for one in back.lost if "parts for training" not in one] == []
    assert rounded(back.back) == rounded(there(out, at))


def test_outlines_through_yolo_and_what_it_can_not_say(at: Place) -> None:
    triangle = (1.0, 1.0, 5.0, 1.0, 5.0, 4.0)
    things = (
        Shape("a", 1, 1, 4, 3, polygons=(triangle,)),
        Shape("b", 0, 0, 2, 2),
        Shape("a", 0, 0, 7, 5, polygons=(triangle, (0.0, 0.0, 7.0, 0.0, 7.0, 5.0))),
        Shape("b", 0, 0, 8, 6, rle=Rle((0, 48), 6, 8), crowd=True),
    )
    heads = (HeadDef("things", "boxes", ("a", "b")), HeadDef("grade", "grade"), HeadDef("more", "boxes", ("c",)))
    labels = {"things": Boxes(things), "grade": Grade(3), "more": Boxes((Shape("c", 0, 0, 1, 1),))}
    item = ContentsItem(at.pictures[0], "a.png", 8, 6, labels, "train", "real", "g")
    back = trip(Contents("x", heads, lambda: iter([item]), at.blobs.path), "yolo")
    (known,) = back.back.values()
    boxes = known.labels["things"]
    assert isinstance(boxes, Boxes)
    assert [shape.category for shape in boxes.shapes] == ["a", "b", "a", "a"]
    assert nearly(boxes.shapes[0]) == things[0]
    assert boxes.shapes[1].polygons == ((0.0, 0.0, 2.0, 0.0, 2.0, 2.0, 0.0, 2.0),)
    assert back.lost == (
        "YOLO has no grades: 1 label of grade left out.",
        "YOLO takes one question with boxes: 1 label of more left out.",
        "YOLO has no sources: those of 1 picture left out.",
        "YOLO has no groups: those of 1 picture left out.",
        "YOLO takes either boxes or outlines: four corners written for 1 without an outline.",
        "YOLO has one outline a thing: each piece written as a thing for 1 in several pieces.",
        "YOLO has no crowds: 1 left out.",
    )
