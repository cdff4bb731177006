"""COCO as the COCO tools read and write it, and as nobody should write it."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO

from models.errors import DatasetError
from tests.training.datasets.formats.round_trips import Place, fact_names, fact_values, place, shapes
from training.datasets.attributes import Attributes
from training.datasets.formats import FORMATS, Problems, ReadOptions, recognise, rle
from training.datasets.formats.coco_file import name_parts
from training.datasets.formats.plan import Contents, ContentsItem
from training.datasets.heads import HeadDef
from training.datasets.values import Boxes, Rle, Shape

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # pycocotools' own

HEAD = HeadDef("objects", "boxes", ("wood", "stone", "hole"))
TAKEN = ("id", "image_id", "caption", "bbox", "segmentation")
BOX = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 3, 2], "iscrowd": 0, "segmentation": []}


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return place(tmp_path_factory.mktemp("place"))


def written(at: Place, things: tuple[Shape, ...], folder: Path) -> Path:
    items = [
        ContentsItem(at.pictures[0], "a/one.png", 8, 6, {"objects": Boxes(things)}, "val"),
        ContentsItem(at.pictures[1], "two.jpg", 5, 9, {}, "val"),
    ]
    FORMATS["coco"].write(Contents("x", (HEAD,), lambda: iter(items), at.blobs.path), folder, Problems())
    return folder / "annotations" / "objects_val.json"


def foreign(
    folder: Path, at: Place, *annotations: Mapping[str, Any], images: object = None, **more: object
) -> tuple[list[tuple[Path, tuple[Shape, ...]]], tuple[str, ...]]:
    (folder / "images").mkdir(exist_ok=True)
    (folder / "images" / "one.png").write_bytes(at.pictures[0].read_bytes())
    document = {
        "images": images or [{"id": 1, "file_name": "one.png", "width": 8, "height": 6}],
        "categories": [{"id": 1, "name": "wood"}, {"id": 7, "name": "stone"}],
        "annotations": list(annotations),
    }
    (folder / "instances_train.json").write_text(json.dumps(document | more))
    plan = FORMATS["coco"].read(folder)
    items = []
    for item in plan.items():
        boxes = item.labels.get("instances", Boxes())
        assert isinstance(boxes, Boxes)
        items.append((item.path, boxes.shapes))
    return items, plan.problems.sentences()


@given(draw=st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_coco_tools_read_what_is_written(
    at: Place, tmp_path_factory: pytest.TempPathFactory, draw: st.DataObject
) -> None:
    things = tuple(draw.draw(st.lists(shapes((8, 6), HEAD, outlines=True, regions=True), min_size=1, max_size=4)))
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(str(written(at, things, tmp_path_factory.mktemp("out"))))
    assert [one["name"] for one in coco.loadCats(coco.getCatIds())] == list(HEAD.categories)
    first, second = coco.loadImgs(coco.getImgIds())
    assert (first["file_name"], first["width"], first["height"]) == ("a/one.png", 8, 6)
    assert coco.getAnnIds(imgIds=[second["id"]]) == []
    for shape, found in zip(things, coco.loadAnns(coco.getAnnIds(imgIds=[first["id"]])), strict=True):
        assert coco.loadCats([found["category_id"]])[0]["name"] == shape.category
        assert found["bbox"] == [shape.left, shape.top, shape.width, shape.height]
        if shape.rle is not None:
            pixels = rle.to_pixels(shape.rle.counts, 8, 6)
            assert np.array_equal(coco.annToMask(found).astype(bool), pixels)
            assert found["area"] == pixels.sum()


@given(cells=st.lists(st.booleans(), min_size=48, max_size=48))
@settings(max_examples=100, deadline=None)
def test_run_lengths_are_those_of_the_coco_tools(cells: list[bool]) -> None:
    pixels = np.array(cells, np.uint8).reshape(6, 8)
    theirs = coco_mask.encode(np.asfortranarray(pixels))
    counts = rle.unpack(theirs["counts"].decode())
    assert rle.pack(counts) == theirs["counts"].decode()
    assert np.array_equal(rle.to_pixels(counts, 8, 6), pixels.astype(bool))
    assert rle.area(counts) == coco_mask.area(theirs)
    assert list(rle.bounds(counts, 6)) == list(coco_mask.toBbox(theirs))


def test_what_others_write_is_understood(at: Place, tmp_path: Path) -> None:
    packed = rle.pack((0, 12, 36))
    items, problems = foreign(
        tmp_path,
        at,
        BOX,
        {**BOX, "id": 2, "segmentation": [[1, 1, 4, 1, 4, 3]], "category_id": 7, "area": 3},
        {**BOX, "id": 3, "iscrowd": 1, "segmentation": {"size": [6, 8], "counts": [0, 12, 36]}},
        {**BOX, "id": 4, "bbox": [], "segmentation": {"size": [6, 8], "counts": packed}},
    )
    assert problems == ()
    ((path, found),) = items
    assert path == tmp_path / "images" / "one.png"
    assert found == (
        Shape("wood", 1, 1, 3, 2, attributes=Attributes({"id": 1})),
        Shape("stone", 1, 1, 3, 2, polygons=((1, 1, 4, 1, 4, 3),), attributes=Attributes({"id": 2})),
        Shape("wood", 1, 1, 3, 2, rle=Rle((0, 12, 36), 6, 8), crowd=True, attributes=Attributes({"id": 3})),
        Shape("wood", 0, 0, 2, 6, rle=Rle((0, 12, 36), 6, 8), attributes=Attributes({"id": 4})),
    )


BROKEN = {
    "no number": ({**BOX, "bbox": [float("nan"), 0, 1, 1]}, "nan is no number"),
    "infinite": ({**BOX, "bbox": [0, 0, float("inf"), 1]}, "inf is no number"),
    "too few": ({**BOX, "bbox": [1, 2, 3]}, "its box has no four numbers"),
    "backwards": ({**BOX, "bbox": [1, 2, -3, 4]}, "its box ends before it begins"),
    "strange category": ({**BOX, "category_id": 99}, "there is no category 99"),
    "two points": ({**BOX, "segmentation": [[1, 1, 2, 2]]}, "its outline has fewer than three points"),
    "nothing": ({**BOX, "bbox": None}, "it has neither a box nor an outline"),
    "another size": (
        {**BOX, "segmentation": {"size": [3, 3], "counts": [9]}},
        "its run lengths are of 3 x 3 pixels, the picture of 8 x 6",
    ),
    "too long": ({**BOX, "segmentation": {"size": [6, 8], "counts": [10**12]}}, "don't fill 8 x 6 pixels"),
    "no text": ({**BOX, "segmentation": {"size": [6, 8], "counts": "\x7f~"}}, "its run lengths are no COCO text"),
    "words": ({**BOX, "bbox": ["a", 1, 1, 1]}, "a is no number"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_shape_is_left_out_with_a_sentence(case: str, at: Place, tmp_path: Path) -> None:
    annotation, words = BROKEN[case]
    items, problems = foreign(tmp_path, at, annotation, {**BOX, "id": 2})
    assert items == [(tmp_path / "images" / "one.png", (Shape("wood", 1, 1, 3, 2, attributes=Attributes({"id": 2})),))]
    assert len(problems) == 1
    assert problems[0].startswith("A shape of one.png in instances_train.json was left out: ")
    assert words in problems[0]


@pytest.mark.parametrize(
    "name", ["../../secret.png", "/etc/passwd", "C:\\windows\\a.png", "images/../../x.png", "..\\..\\x.png", "a\0b.png"]
)
def test_no_name_leads_out_of_the_folder(name: str, at: Place, tmp_path: Path) -> None:
    for outside in (tmp_path / "secret.png", tmp_path / "x.png"):
        outside.write_bytes(at.pictures[0].read_bytes())
    (tmp_path / "set" / "deep").mkdir(parents=True)
    items, problems = foreign(tmp_path / "set" / "deep", at, images=[{"id": 1, "file_name": name}])
    assert items == []
    assert "leads out of the folder and was left out" in problems[0] or "is not there" in problems[0]


def test_missing_pictures_are_named_and_then_counted(at: Place, tmp_path: Path) -> None:
    images = [{"id": number, "file_name": f"gone{number}.png"} for number in range(25)]
    items, problems = foreign(tmp_path, at, images=images)
    assert items == []
    assert problems[0] == "gone0.png of instances_train.json is not there and was left out."
    assert problems[-1] == "15 more pictures of instances_train.json are not there."


def test_numbers_that_come_twice(at: Place, tmp_path: Path) -> None:
    same = {"id": 1, "file_name": "one.png"}
    items, problems = foreign(
        tmp_path,
        at,
        BOX,
        {**BOX, "id": 2, "image_id": 5},
        images=[same, same, {"file_name": "one.png"}],
        categories=[{"id": 1, "name": "wood"}, {"id": 1, "name": "stone"}, {"id": 2, "name": " "}],
    )
    assert [len(found) for _, found in items] == [1, 0]
    assert problems == (
        "The number 1 stands for two categories in instances_train.json; wood counts.",
        "A category of instances_train.json has no name or no number and was left out.",
        "1 shapes of instances_train.json belong to no picture in it and were left out.",
        "The number 1 of one.png in instances_train.json is another picture's too; it came in without labels.",
        "A picture of instances_train.json has no name or no number and was left out.",
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"images": [', "holds no JSON object"),
        (b'{"images": [' + b"[" * 100_000, "holds no JSON object"),
        (b'[{"images": []}]', "holds no JSON object"),
        (b'{"images": [\xff]}', "is not text in UTF-8"),
    ],
)
def test_a_file_that_is_none_is_one_sentence(content: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "train.json").write_bytes(content)
    with pytest.raises(DatasetError, match=words):
        FORMATS["coco"].read(tmp_path)


def test_lists_that_are_none(at: Place, tmp_path: Path) -> None:
    items, problems = foreign(tmp_path, at, annotations={"a": 1}, categories=[1, 2])
    assert [found for _, found in items] == [()]
    assert problems == (
        "The categories of instances_train.json are no list of objects and were left out.",
        "The annotations of instances_train.json are no list of objects and were left out.",
    )


def test_names_of_files_say_what_they_are_about() -> None:
    assert name_parts("instances_train2017") == ("instances", "train")
    assert name_parts("train") == ("", "train")
    assert name_parts("defects-valid") == ("defects", "val")
    assert name_parts("my_boxes") == ("my_boxes", "")


def test_numbers_at_the_end_of_all_numbers_are_still_json(at: Place, tmp_path: Path) -> None:
    far = Shape("wood", -1e308, 0, 1e308, 1e308, polygons=((1e308, 0, 0, 1e308, -1e308, -1e308),))
    document = json.loads(written(at, (far,), tmp_path).read_text(), parse_constant=pytest.fail)
    assert document["annotations"][0]["bbox"] == [-1e308, 0, 1e308, 1e308]
    item = ContentsItem(at.pictures[0], "one.png", 8, 6, {"objects": Boxes((far,))})
    given = Contents("x", (HEAD,), lambda: iter([item]), at.blobs.path)
    for name in ("voc", "yolo"):
        (tmp_path / name).mkdir()
        FORMATS[name].write(given, tmp_path / name, Problems())


def test_a_single_question_is_called_as_a_person_says(at: Place, tmp_path: Path) -> None:
    foreign(tmp_path, at, BOX)
    plan = FORMATS["coco"].read(tmp_path, ReadOptions(head="things"))
    assert [head.name for head in plan.heads] == ["things"]
    assert [list(item.labels) for item in plan.items()] == [["things"]]


def test_the_real_files(data: Path) -> None:
    assert recognise(data / "cards" / "defects_val.json") == "coco"
    plan = FORMATS["coco"].read(data / "cards")
    found = list(plan.items())
    assert plan.problems.sentences() == ()
    assert len(found) == 200
    assert sum(len(one.labels["defects"].shapes) for one in found) == 276 + 63 + 62  # type: ignore[union-attr]


PERSON = {
    "info": {"description": "COCO 2017"},
    "licenses": [{"id": 4, "name": "CC BY", "url": "http://x"}],
    "images": [
        {"id": 397133, "file_name": "one.png", "width": 8, "height": 6, "license": 4, "date_captured": "2013-11-14"}
    ],
    "categories": [
        {"id": 18, "name": "dog", "supercategory": "animal"},
        {"id": 1, "name": "person", "supercategory": "", "keypoints": ["nose", "left_eye"], "skeleton": [[1, 2]]},
    ],
    "annotations": [
        {
            **BOX,
            "id": 82445,
            "image_id": 397133,
            "area": 6,
            "keypoints": [2, 2, 2, 0, 0, 0],
            "num_keypoints": 1,
            "score": 0.5,
        }
        | {"attributes": {"occluded": True, "\u00e4": "\u00fc"}}
    ],
}
CAPTIONS = {
    "images": [{"id": 397133, "file_name": "one.png", "width": 8, "height": 6}],
    "annotations": [
        {"id": 31, "image_id": 397133, "caption": "A person"},
        {"id": 2, "image_id": 397133, "caption": "B", "lang": "de"},
    ],
}


def test_keypoints_licences_and_captions_come_back_and_the_coco_tools_read_them(at: Place, tmp_path: Path) -> None:
    given_folder, out = tmp_path / "in", tmp_path / "out"
    (given_folder / "images").mkdir(parents=True)
    (given_folder / "images" / "one.png").write_bytes(at.pictures[0].read_bytes())
    (given_folder / "person_keypoints_val2017.json").write_text(json.dumps(PERSON))
    (given_folder / "captions_val2017.json").write_text(json.dumps(CAPTIONS))
    plan = FORMATS["coco"].read(given_folder)
    (item,) = plan.items()
    assert plan.problems.sentences() == ()
    assert item.metadata == Attributes(
        {
            "id": 397133,
            "license": {"id": 4, "name": "CC BY", "url": "http://x"},
            "date_captured": "2013-11-14",
            "captions": ["A person", "B"],
            "caption_ids": [31, 2],
            "caption_fields": [{}, {"lang": "de"}],
        }
    )
    goes = ContentsItem(item.path, "one.png", 8, 6, item.labels, "val", metadata=item.metadata)  # type: ignore[arg-type]
    out.mkdir()
    FORMATS["coco"].write(Contents("x", plan.heads, lambda: iter([goes]), at.blobs.path), out, Problems())
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(str(out / "annotations" / "person_keypoints_val.json"))
        captions = COCO(str(out / "annotations" / "captions_val.json"))
    (found,) = coco.loadAnns(coco.getAnnIds(imgIds=[397133]))
    assert (found["id"], found["keypoints"], found["num_keypoints"]) == (82445, [2, 2, 2, 0, 0, 0], 1)
    assert found["attributes"] == {"id": 82445, "score": 0.5, "occluded": True, "\u00e4": "\u00fc"}
    assert coco.loadCats([1, 18]) == sorted(PERSON["categories"], key=lambda one: one["id"])  # type: ignore[index]
    assert coco.dataset["licenses"] == PERSON["licenses"]
    assert coco.loadImgs([397133])[0]["license"] == 4
    assert [(one["id"], one["caption"]) for one in captions.loadAnns(captions.getAnnIds(imgIds=[397133]))] == [
        (31, "A person"),
        (2, "B"),
    ]
    back = FORMATS["coco"].read(out)
    (again,) = back.items()
    assert (again.labels, again.metadata, back.heads) == (item.labels, item.metadata, plan.heads)


words = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
further = st.dictionaries(fact_names.filter(lambda name: name not in TAKEN), fact_values, max_size=3)


@given(
    said=st.lists(st.tuples(words, st.none() | st.integers(1, 99), further), min_size=1, max_size=4),
    split=st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_whatever_a_foreign_caption_says_comes_back(
    at: Place,
    tmp_path_factory: pytest.TempPathFactory,
    said: list[tuple[str, int | None, dict[str, Any]]],
    split: bool,
) -> None:
    folder, out = tmp_path_factory.mktemp("in"), tmp_path_factory.mktemp("out")
    foreign(folder, at, BOX)
    entries = [
        {**fields, **({} if number is None else {"id": number}), "image_id": 1, "caption": caption}
        for caption, number, fields in said
    ]
    halves = (entries[:1], entries[1:]) if split and len(entries) > 1 else (entries,)  # in two files of one part
    for number, some in enumerate(halves):
        document = {"images": [{"id": 1, "file_name": "one.png"}], "annotations": some}
        (folder / f"captions{number}_train.json").write_text(json.dumps(document))
    plan = FORMATS["coco"].read(folder)
    (item,) = plan.items()
    assert plan.problems.sentences() == ()
    assert item.metadata["captions"] == [caption for caption, _, _ in said]
    assert item.metadata.get("caption_fields", [{}] * len(said)) == [fields for _, _, fields in said]
    goes = ContentsItem(item.path, "one.png", 8, 6, item.labels, "train", metadata=item.metadata)  # type: ignore[arg-type]
    FORMATS["coco"].write(Contents("x", plan.heads, lambda: iter([goes]), at.blobs.path), out, Problems())
    written = json.loads((out / "annotations" / "captions_train.json").read_text())["annotations"]
    for annotation, (caption, _, fields) in zip(written, said, strict=True):
        assert annotation["caption"] == caption
        assert {name: value for name, value in annotation.items() if name not in TAKEN} == fields
    (again,) = FORMATS["coco"].read(out).items()
    assert (again.labels, again.metadata) == (item.labels, item.metadata)


def sent(at: Place, heads: tuple[HeadDef, ...], shapes_: tuple[Shape, ...], out: Path, split: str = "train") -> Path:
    """A dataset of one picture, as COCO."""
    out.mkdir()
    goes = ContentsItem(at.pictures[0], "one.png", 8, 6, {heads[0].name: Boxes(shapes_)}, split)
    FORMATS["coco"].write(Contents("mine", heads, lambda: iter([goes]), at.blobs.path), out, Problems())
    return out / "annotations" / f"{heads[0].name}_{split}.json"


ABOUT = {
    "info": {"description": "Walls", "version": "1.2", "year": 2024, "contributor": "Ada"},
    "licenses": [{"id": 2, "name": "CC0"}, {"name": "no number"}],
    "type": "instances",
}


def test_what_a_file_says_of_itself_comes_back(at: Place, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    foreign(tmp_path / "in", at, BOX, **ABOUT)
    plan = FORMATS["coco"].read(tmp_path / "in")
    written = json.loads(sent(at, plan.heads, (), tmp_path / "out").read_text())
    assert {name: written["info"][name] for name in ("description", "version", "year", "contributor")} == {
        "description": "Walls",
        "version": "1.2",
        "year": 2024,
        "contributor": "Ada",
    }
    assert (written["type"], written["licenses"]) == ("instances", [{"id": 2, "name": "CC0"}])
    again = FORMATS["coco"].read(tmp_path / "out")
    assert again.heads == plan.heads
    assert plan.heads[0].options["coco_files"] == {"train": ABOUT}
    other = json.loads(sent(at, (HEAD,), (), tmp_path / "none").read_text())
    assert other["info"] == {"description": "mine", "head": "objects", "split": "train"}
    assert FORMATS["coco"].read(tmp_path / "none").heads == (HEAD,)


def test_a_file_that_says_a_book_of_itself_is_told(at: Place, tmp_path: Path) -> None:
    _, problems = foreign(tmp_path, at, BOX, info={"description": "x" * 70_000})
    assert problems == ("instances_train.json says more of itself than 64 KiB; that was left out.",)
    assert FORMATS["coco"].read(tmp_path).heads[0].options.get("coco_files") is None


@given(area=st.floats(0, 1e6) | st.integers(0, 99), outline=st.booleans())
@settings(max_examples=40, deadline=None)
def test_a_foreign_area_comes_back_while_its_shape_is_the_same(
    at: Place, tmp_path_factory: pytest.TempPathFactory, area: float, outline: bool
) -> None:
    folder = tmp_path_factory.mktemp("in")
    polygon = [[1, 1, 4, 1, 4, 3]] if outline else []
    ((_, (shape,)),), problems = foreign(folder, at, {**BOX, "area": area, "segmentation": polygon})
    assert problems == ()
    plan = FORMATS["coco"].read(folder)
    for number, (thing, wanted) in enumerate(((shape, area), (replace(shape, width=8, polygons=()), 16))):
        path = sent(at, plan.heads, (thing,), folder / f"out{number}")
        (annotation,) = json.loads(path.read_text())["annotations"]
        assert annotation["area"] == pytest.approx(wanted, rel=1e-5, abs=1e-5)
        ((back),) = FORMATS["coco"].read(folder / f"out{number}").items()
        boxes = back.labels["instances"]
        assert boxes == Boxes((thing,))
