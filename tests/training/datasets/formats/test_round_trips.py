"""What a format can say comes back as it was, whatever it is called and whatever is in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.training.datasets.formats.round_trips import (
    SIZES,
    Known,
    Place,
    categories,
    contents,
    coordinates,
    facts,
    place,
    splits,
    there,
    trip,
    values,
)
from training.datasets.attributes import Attributes
from training.datasets.formats import cards
from training.datasets.formats.outlines import outline_shape
from training.datasets.formats.plan import Contents, ContentsItem
from training.datasets.heads import HeadDef
from training.datasets.values import Boxes, Grade, Rle, Shape, Target, Targets, Value

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


def told(lost: tuple[str, ...]) -> tuple[str, ...]:
    """What was said of real losses: what lies in a file beside is none."""
    return tuple(one for one in lost if "it lies in attributes.json, which other programs pass over" not in one)


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
    "coco": (("boxes", "boxes", "categories", "tags", "grade"), ("split", "source", "group")),
    "csv": (("categories", "tags", "grade", "categories"), ("split", "source", "group")),
    "folders": (("categories",), ("split",)),
    "masks": (("mask",), ("split",)),
    "pairs": (("image", "mask"), ("split", "group")),
}
BESIDE = ("folders", "masks", "pairs")
"""Formats that have no place for metadata."""


@pytest.mark.parametrize("name", EXACT)
@given(draw=st.data())
@often
def test_nothing_is_lost(name: str, at: Place, draw: st.DataObject) -> None:
    kinds, parts = EXACT[name]
    heads = heads_of(draw, *kinds)
    out = draw.draw(contents(at, heads, parts=parts))
    back = trip(out, name)
    assert (told(back.lost), back.missed) == ((), ())
    assert any("attributes.json" in one for one in back.lost) == (
        name in BESIDE and any(i.metadata for i in out.items())
    )
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
    assert [one for one in told(back.lost) if "parts for training" not in one] == []
    assert rounded(back.back) == rounded(there(out, at))


quads = st.lists(coordinates, min_size=8, max_size=8).map(tuple)


@given(draw=st.data())
@often
def test_cards_and_their_truth(at: Place, draw: st.DataObject) -> None:
    heads = cards.questions()
    items = []
    for number, (path, (width, height)) in enumerate(zip(at.pictures, SIZES, strict=True)):
        labels: dict[str, Value] = {}
        for head in heads:
            if head.name == "border" and draw.draw(st.booleans()):
                corners = draw.draw(st.lists(quads, max_size=2))
                named = zip(head.categories, corners, strict=False)
                shapes = [replace(outline_shape(n, None, [q]), attributes=draw.draw(facts)) for n, q in named]
                labels[head.name] = Boxes(tuple(shapes))
            elif head.kind == "grade" and draw.draw(st.booleans()):
                low, high = head.scale
                labels[head.name] = Grade(draw.draw(st.floats(low, high).map(lambda value: round(value, 2))))
            elif head.kind in ("boxes", "mask") and head.name != "border" and draw.draw(st.booleans()):
                value = draw.draw(values(at, head, (width, height)))
                if isinstance(value, Boxes):
                    value = Boxes(tuple(replace(one, rle=None, crowd=False) for one in value.shapes))
                labels[head.name] = value
        said = {"split": draw.draw(splits), "metadata": draw.draw(facts)}
        items.append(ContentsItem(path, f"{number}/p{path.suffix}", width, height, labels, **said))
    out = Contents("cards", heads, lambda: iter(items), at.blobs.path)
    back = trip(out, "cards")
    assert (back.lost, back.missed) == ((), ())
    assert back.plan.heads == heads
    expected = there(out, at)
    for key, one in expected.items():
        if one.labels.get("border") == Boxes():  # a card without a border: nobody knows it
            expected[key] = replace(one, labels={n: v for n, v in one.labels.items() if n != "border"})
    assert back.back == expected


@given(draw=st.data())
@often
def test_things_under_many_lights(at: Place, draw: st.DataObject) -> None:
    truths = {
        role: HeadDef(role, "image", options={"roles": [role]})
        for role in draw.draw(st.lists(st.sampled_from(["normals", "reflectance", "depth"]), min_size=1, unique=True))
    }
    mask = draw.draw(st.none() | st.just(HeadDef("which", "mask", ("table", "coin"))))
    heads = (*truths.values(), *([mask] if mask else []))
    items = []
    # One truth a folder: so what lies in one folder has one size here, and one picture.
    for group, path, (width, height) in zip(draw.draw(st.permutations(GROUPS)), at.pictures, SIZES, strict=True):
        light = {"light": " ".join(repr(draw.draw(coordinates)) for _ in range(3))}
        blob = at.blobs.put(path.read_bytes())
        labels: dict[str, Value] = {role: Targets((Target(blob, "", role, light),)) for role in truths}
        if mask and draw.draw(st.booleans()):
            labels[mask.name] = draw.draw(values(at, mask, (width, height)))
        name = draw.draw(st.sampled_from(["a", "normals", "mask", "\u00e4 b"])) + path.suffix
        metadata = draw.draw(facts)
        items.append(ContentsItem(path, f"{group}/{name}", width, height, labels, group=group, metadata=metadata))
    out = Contents("things", heads, lambda: iter(items), at.blobs.path)
    back = trip(out, "photometric")
    assert (told(back.lost), back.missed) == ((), ())
    assert back.plan.heads == heads
    assert back.back == there(out, at)


GROUPS = ("coin", "con", "a/b: c", "\u00fc\u4e2d.")


def test_several_lights_share_what_is_known_of_the_thing(at: Place) -> None:
    blob = at.blobs.put(at.pictures[0].read_bytes())
    head = HeadDef("normals", "image", options={"roles": ["normals"]})
    known = [{"light_irradiance": 3.0}, {"light_irradiance": 3.0}, {}, {"light_irradiance": 2.0}]
    items = [
        ContentsItem(
            path,
            f"p{number}{path.suffix}",
            *SIZES[number],
            {"normals": Targets((Target(blob, "", "normals", {"light": f"0.0 0.0 {number}.0"}),))},
            group="coin",
            metadata=Attributes(known[number]),
        )
        for number, path in enumerate(at.pictures)
    ]
    out = Contents("x", (head,), lambda: iter(items), at.blobs.path)
    seen = []
    back = trip(out, "photometric", lambda folder: seen.append(json.loads((folder / "coin" / "info.json").read_text())))
    assert seen == [known[0]]
    assert back.back == there(out, at)
    assert len(back.lost) == 1
    assert "what else is known of 2 pictures: it lies in attributes.json" in back.lost[0]


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
