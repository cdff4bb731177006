"""Folders of others in every way of laying them out, and broken ones: one sentence each, and the rest comes in."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.errors import DatasetError
from training.datasets.formats import FORMATS, ReadOptions, recognise, yaml
from training.datasets.formats.mask_folders import indices
from training.datasets.formats.plan import MaskFile, PlannedItem
from training.datasets.values import Boxes, Category, Grade, Shape, Tags


def picture(path: Path, width: int = 10, height: int = 8) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(".png", np.zeros((height, width, 3), np.uint8))[1].tobytes())
    return path


def text(path: Path, content: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def read(folder: Path, name: str, options: ReadOptions | None = None) -> tuple[list[PlannedItem], tuple[str, ...]]:
    plan = FORMATS[name].read(folder, options or ReadOptions())
    items = list(plan.items())
    return items, plan.problems.sentences()


def things(item: PlannedItem, head: str = "objects") -> tuple[Shape, ...]:
    boxes = item.labels[head]
    assert isinstance(boxes, Boxes)
    return boxes.shapes


YOLO_BOX = "1 0.5 0.5 0.2 0.5\n"
BOX = Shape("cat", 4, 2, 2, 4)


@pytest.mark.parametrize("names", ["[dog, 'cat']", '{0: dog, 1: "cat"}', "\n  - dog\n  - cat", "\n  0: dog\n  1: cat"])
@pytest.mark.parametrize("way", ["images/train", "train/images"])
def test_yolo_in_both_layouts_with_names_in_any_style(names: str, way: str, tmp_path: Path) -> None:
    picture(tmp_path / way / "a.png")
    text(tmp_path / way.replace("images", "labels") / "a.txt", YOLO_BOX)
    text(tmp_path / "data.yaml", f"# made by hand\ntrain: ../{way}  # there\nval: ../nowhere\nnc: 2\nnames: {names}\n")
    assert recognise(tmp_path) == "yolo"
    (item,), problems = read(tmp_path, "yolo")
    assert (item.split, things(item)) == ("train", (BOX,))
    assert problems == ("The val of data.yaml, ../nowhere, is not in the folder and was left out.",)


def test_yolo_without_a_yaml_and_with_a_list_of_files(tmp_path: Path) -> None:
    picture(tmp_path / "images" / "a.png")
    text(tmp_path / "labels" / "a.txt", YOLO_BOX + "\n")
    (item,), problems = read(tmp_path, "yolo")
    assert things(item)[0].category == "class 1"
    assert problems == ("Nothing names the categories; they are called by their numbers.",)
    text(tmp_path / "classes.txt", "dog\ncat\n")
    text(tmp_path / "valid.txt", "./images/a.png\n../../etc/passwd\n")
    text(tmp_path / "data.yaml", "val: valid.txt\nnames: [dog, cat]\n")
    (item,), problems = read(tmp_path, "yolo")
    assert (item.split, things(item)) == ("val", (BOX,))
    assert problems == ("../../etc/passwd of valid.txt leads out of the folder and was left out.",)


def test_yolo_lines_that_can_not_be_used(tmp_path: Path) -> None:
    picture(tmp_path / "images" / "a.png")
    lines = [
        "7 0 0 1 1",
        "x 0 0 1 1",
        "0 nan 0 1 1",
        "0 1 1",
        "0.5 0 0 1 1",
        "0 0.5 0.5 -1 1",
        "0 0 0 1 0 1 1",
        "1 .5 .5 .2 .5 0.9",
    ]
    text(tmp_path / "labels" / "a.txt", "\n".join(lines))
    text(tmp_path / "data.yaml", "names: [dog, cat]\n")
    (item,), problems = read(tmp_path, "yolo")
    assert things(item) == (Shape("dog", 0, 0, 10, 8, polygons=((0, 0, 10, 0, 10, 8),)), BOX)
    assert [sentence.partition(" was left out: ")[2] for sentence in problems] == [
        "there is no category 7.",
        "x is no number.",
        "nan is no number.",
        "its outline has fewer than three points.",
        "0.5 is no whole number.",
        "its box ends before it begins.",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [("names: [dog", "has a list without its end"), ("names\n", "not understood"), ("names: {x: dog}", "not numbered")],
)
def test_a_yaml_that_can_not_be_understood(content: str, words: str, tmp_path: Path) -> None:
    picture(tmp_path / "images" / "a.png")
    text(tmp_path / "data.yaml", content)
    with pytest.raises(DatasetError, match=words):
        read(tmp_path, "yolo")


def test_yaml_as_people_write_it() -> None:
    content = (
        "a: it's # not\n'b': 'don''t'\nc: [x's, \"y, z\",\n  w]\nd: {k: 1, \"l\": m}\n"
        "e:\n- one # two\n- 'three # four'\n"
    )
    assert yaml.read(content) == {
        "a": "it's",
        "b": "don't",
        "c": ["x's", "y, z", "w"],
        "d": {"k": "1", "l": "m"},
        "e": ["one", "three # four"],
    }


VOC = """<?xml version="1.0"?><annotation><folder>x</folder><filename>{name}</filename>
<size><width>10</width><height>8</height><depth>3</depth></size>{things}</annotation>"""
THING = (
    "<object><name>{name}</name><bndbox><xmin>{left}</xmin><ymin>2</ymin><xmax>6</xmax><ymax>6</ymax></bndbox></object>"
)


def test_voc_with_splits_and_what_is_wrong(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        picture(tmp_path / "JPEGImages" / f"{name}.png")
    good, wrong = THING.format(name="cat", left=4), THING.format(name="cat", left="NaN")
    text(tmp_path / "Annotations" / "a.xml", VOC.format(name="a.png", things=good + wrong))
    text(tmp_path / "Annotations" / "b.xml", VOC.format(name="b.png", things=good.replace("cat", "")))
    text(tmp_path / "Annotations" / "d.xml", VOC.format(name="../../d.png", things=good))
    text(tmp_path / "Annotations" / "e.xml", "<annotation><object>")
    text(tmp_path / "ImageSets" / "Main" / "val.txt", "a\n")
    assert recognise(tmp_path) == "voc"
    (a, b, c), problems = read(tmp_path, "voc")
    assert (a.split, things(a), a.size) == ("val", (BOX,), (10, 8))
    assert (things(b), c.labels) == ((), {})
    assert problems == (
        "A thing in a.xml was left out: nan is no number.",
        "A thing in b.xml was left out: its name can't be a category.",
        "../../d.png of the annotations leads out of the folder and was left out.",
        "e.xml is no XML, or is cut off; it was left out.",
    )


BOMBS = {
    "entities": (
        '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><annotation>&b;</annotation>',
        "declares entities",
    ),
    "a file": (
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><annotation>&x;</annotation>',
        "declares entities",
    ),
    "depth": ("<annotation>" * 5000, "has more elements than"),
    "text": ("just words", "is no XML"),
    "zeros": ("\0" * 100, "is no XML"),
}


@pytest.mark.parametrize("case", BOMBS)
def test_an_xml_bomb_is_one_sentence(case: str, tmp_path: Path) -> None:
    content, words = BOMBS[case]
    picture(tmp_path / "JPEGImages" / "a.png")
    text(tmp_path / "Annotations" / "a.xml", content)
    text(tmp_path / "Annotations" / "b.xml", VOC.format(name="a.png", things=THING.format(name="cat", left=4)))
    (item,), problems = read(tmp_path, "voc")
    assert things(item) == (BOX,)
    assert len(problems) == 1
    assert problems[0].startswith(f"a.xml {words}")


def test_a_table_of_somebody(tmp_path: Path) -> None:
    for name in ("a", "b", "c", "d"):
        picture(tmp_path / f"{name}.png")
    text(
        tmp_path / "labels.csv",
        "\ufefffile;part_id;part_name;color_id;color_name;tags;quality;split;source;group\n"
        "a.png;3005;Brick;4;Red;new, shiny;7.5;Train;real;g1\n"
        "b.png;3006;Brick;9999;unknown;;NaN;testing;;\n"
        "c.png;;;1;Blue;new;unknown;elsewhere;b200c;g2\n"
        "../x.png;1;1;1;1;;;;;\ngone.png;1;1;1;1;;;;;\nd.png\n",
    )
    assert recognise(tmp_path) == "csv"
    plan = FORMATS["csv"].read(tmp_path)
    a, b, c, d = plan.items()
    # One name for two parts: so the part is told by its number.
    assert [(head.name, head.kind) for head in plan.heads] == [
        ("part", "categories"),
        ("color", "categories"),
        ("tags", "tags"),
    ]
    assert a.labels == {"part": Category("3005"), "color": Category("Red"), "tags": Tags(frozenset({"new", "shiny"}))}
    assert (a.split, a.source, a.group) == ("train", "real", "g1")
    assert (b.labels, b.split) == ({"part": Category("3006")}, "test")
    assert (c.labels["color"], c.split, d.labels) == (Category("Blue"), "", {})
    assert plan.problems.sentences() == (
        "The split elsewhere in labels.csv is neither train, val nor test; its pictures have none.",
        "../x.png of labels.csv is not there and was left out.",
        "gone.png of labels.csv is not there and was left out.",
    )
    said = ReadOptions(labels={"q": "quality:grade", "c": "color_id"}, columns={"group": "color_name"})
    plan = FORMATS["csv"].read(tmp_path, said)
    items = list(plan.items())
    assert [item.labels for item in items] == [{"q": Grade(7.5), "c": Category("4")}, {}, {"c": Category("1")}, {}]
    assert items[0].group == "Red"
    assert "NaN in labels.csv can't be used for q: nan is no number." in plan.problems.sentences()


@pytest.mark.parametrize(
    ("table", "options", "words"),
    [
        ("file,what\na.png,x\n", ReadOptions(), "No column of labels.csv says what the pictures are; name one"),
        (
            "name,label\na.png,x\n",
            ReadOptions(),
            "has no column file with the pictures' paths; its columns are: name, label",
        ),
        (
            "file,label\na.png,x\n",
            ReadOptions(labels={"h": "gone"}),
            "has no column gone; its columns are: file, label",
        ),
        ("file,label\na.png,x\n", ReadOptions(labels={"h": "label:mask"}), "can't hold the kind mask"),
        ("file,label\n", ReadOptions(), "has no rows"),
        ("file,label\n\udcff,x\n", ReadOptions(), "is not a CSV file in UTF-8"),
        ("", ReadOptions(), "has no rows"),
    ],
)
def test_a_table_that_can_not_be_used(table: str, options: ReadOptions, words: str, tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text(table, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(DatasetError) as trouble:
        read(tmp_path, "csv", options)
    assert words in str(trouble.value)


def test_folders_with_splits_loose_pictures_and_unknown(tmp_path: Path) -> None:
    for name in ("train/wood/a", "train/unknown/b", "valid/stone/deep/c", "train/d"):
        picture(tmp_path / f"{name}.png")
    assert recognise(tmp_path) == "folders"
    items, problems = read(tmp_path, "folders", ReadOptions(head="material"))
    assert {item.path.stem: (item.split, item.labels.get("material")) for item in items} == {
        "a": ("train", Category("wood")),
        "b": ("train", None),
        "c": ("val", Category("stone")),
        "d": ("train", None),
    }
    assert len(problems) == 1
    assert problems[0] == f"1 picture in {tmp_path / 'train'} lies in no category's folder; it has no label."
    with pytest.raises(DatasetError, match="has no folders with pictures"):
        read(tmp_path / "train" / "wood", "folders")


def mask(path: Path, values: list[list[int]], *, colours: bool = False) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.array(values, np.uint8)
    pixels = np.repeat(pixels[..., None], 3, axis=2) if colours else pixels
    path.write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    return path


def test_masks_without_names_and_of_two_values(tmp_path: Path) -> None:
    picture(tmp_path / "images" / "a_1.png", 2, 1)
    mask(tmp_path / "masks" / "a.png", [[0, 255]])
    plan = FORMATS["masks"].read(tmp_path)
    (item,) = plan.items()
    assert plan.heads[0].categories == ("background", "object")
    found = item.labels["mask"]
    assert isinstance(found, MaskFile)
    assert indices(found).tolist() == [[0, 1]]
    mask(tmp_path / "masks" / "a.png", [[2, 255]])
    plan = FORMATS["masks"].read(tmp_path)
    assert plan.heads[0].categories == ("background", "class 1", "class 2")
    text(tmp_path / "classes.txt", "sky\nroad\ncar\n")
    assert FORMATS["masks"].read(tmp_path).heads[0].categories == ("sky", "road", "car")


def test_a_mask_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="it has colours instead of one number a pixel"):
        indices(MaskFile(mask(tmp_path / "a.png", [[1, 2]], colours=True)))
    with pytest.raises(DatasetError, match=r"b\.png can't be read as a mask"):
        indices(MaskFile(text(tmp_path / "b.png", "words")))
    with pytest.raises(DatasetError, match="can't be read as a mask"):
        indices(MaskFile(tmp_path / "gone.png"))


def test_cards_whose_truth_is_broken(tmp_path: Path) -> None:
    picture(tmp_path / "images" / "a.png")
    quad = [[1, 1], [9, 1], [9, 7], [1, 7]]
    truth = {"image": "images/a.png", "outer_quad": quad, "inner_quad": quad[:3], "corner_grades": {"top_left": "bad"}}
    text(tmp_path / "truth" / "a.json", json.dumps(truth | {"edge_grades": {"top": 8}, "defects": [{"type": "hole"}]}))
    text(tmp_path / "truth" / "b.json", "{")
    assert recognise(tmp_path) == "cards"
    (item,), problems = read(tmp_path, "cards")
    assert item.labels == {"edge top": Grade(8)}
    assert problems == (
        "The border of a.json can't be used: a border has not four corners.",
        "The defects of a.json can't be used: there is no defect hole.",
        "The corner top left of a.json can't be used: bad is no number.",
        "b.json holds no JSON object; get it again from where it came from.",
    )


def test_lights_that_do_not_fit_their_pictures(tmp_path: Path) -> None:
    for name in ("img_0", "img_1"):
        picture(tmp_path / "coin" / f"{name}.png")
    picture(tmp_path / "coin" / "normals.png")
    text(tmp_path / "coin" / "lights.txt", "0 0 1\n")
    items, problems = read(tmp_path, "photometric")
    assert len(items) == 2
    assert problems == ("coin has 2 pictures and 1 lights; they came without lights.",)


def test_the_layout_of_a_newer_version_and_a_damaged_one(tmp_path: Path) -> None:
    text(tmp_path / "metadata.json", '{"format": "sortwerk-dataset", "version": 2}')
    with pytest.raises(DatasetError, match="is from a newer version"):
        read(tmp_path, "layout")
    text(tmp_path / "metadata.json", '{"format": "sortwerk-dataset", "version": 1, "heads": [{"name": 1}]}')
    with pytest.raises(DatasetError, match="says nothing usable of the questions"):
        read(tmp_path, "layout")


def test_what_is_no_dataset(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="is not there"):
        recognise(tmp_path / "gone")
    with pytest.raises(DatasetError, match="is in no format that is known"):
        recognise(tmp_path)
    with pytest.raises(DatasetError, match="is in no format that is known"):
        recognise(text(tmp_path / "a.txt", "words"))
