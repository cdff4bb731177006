"""Trading cards with their truth: ``truth/*.json`` with borders, grades and defects, ``masks`` beside it, ``cards.csv``
for the parts.

The borders are boxes with an outline of four corners (top left, top right, bottom right, bottom left); corners and
edges have a grade from 1 to 10, centring a percentage. What else a truth says, as margins in millimetres, is metadata
of the picture; what it says further of a defect, as its severity, are attributes of that.
"""

from __future__ import annotations

import csv
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from models.errors import DatasetError, one_line
from models.walking import natural_key
from training.datasets.attributes import NOTHING, Attributes
from training.datasets.formats.attributes_file import foreign
from training.datasets.formats.documents import number, read_document, rows
from training.datasets.formats.finding import Finder
from training.datasets.formats.naming import Names, split_of
from training.datasets.formats.outlines import outline_shape
from training.datasets.formats.plan import (
    NO_OPTIONS,
    Contents,
    ContentsItem,
    MaskFile,
    Plan,
    PlannedItem,
    PlannedLabel,
    ReadOptions,
)
from training.datasets.formats.problems import Problems
from training.datasets.formats.writing import Writing
from training.datasets.heads import HeadDef
from training.datasets.values import Boxes, Grade, Mask, Shape

__all__ = ["questions", "read", "recognise", "write"]

TITLE = "A card's truth"
BORDER, DEFECTS, MASK = "border", "defects", "defect mask"
OUTER, INNER = "outer_border", "graphical_border"
KINDS = ("scratch", "dent", "stain", "wear", "crease")
"""Defects by their number in a mask, from 1 on."""

NONE = "none"
CORNERS = ("top_left", "top_right", "bottom_right", "bottom_left")
EDGES = ("top", "bottom", "left", "right")
CENTRING = ("left_right", "top_bottom")
GRADES = {
    **{f"corner {name.replace('_', ' ')}": ("corner_grades", name) for name in CORNERS},
    **{f"edge {name}": ("edge_grades", name) for name in EDGES},
    **{f"centring {name.replace('_', ' ')}": ("centering", name) for name in CENTRING},
}
"""Question -> where its grade stands in the truth; of centring it is the first of two that make 100."""

QUADS = {OUTER: "outer_quad", INNER: "inner_quad"}
OF_CARDS = frozenset(
    {
        "image",
        "mask",
        "size",
        "defects",
        "metadata",
        "border_attributes",
        *QUADS.values(),
        *(at for at, _ in GRADES.values()),
    }
)
"""What a truth says that becomes a label, or none."""

OF_DEFECTS = frozenset({"type", "bbox", "polygons", "attributes"})


def recognise(folder: Path) -> float:
    """0.97 where there are truths with borders."""
    first = next(iter(sorted((folder / "truth").glob("*.json"))), None) if folder.is_dir() else None
    try:
        return 0.97 if first is not None and "outer_quad" in read_document(first) else 0.0
    except DatasetError:
        return 0.0


def read(folder: Path, _: ReadOptions = NO_OPTIONS) -> Plan:
    """Plan what the truths say.

    Raises:
        DatasetError: there are none.
    """
    problems = Problems()
    truths = sorted((folder / "truth").glob("*.json"), key=lambda path: natural_key(path.name))
    if not truths:
        raise DatasetError(f"{one_line(folder)} has no folder truth with JSON files in it; choose the one that has.")
    table = folder / "cards.csv"
    splits = (
        {row.get("truth", ""): split_of(row.get("split", "")) or "" for row in rows(table)} if table.is_file() else {}
    )

    def items() -> Iterator[PlannedItem]:
        finder = Finder(folder, "the truths", problems, ("", "images"))
        for path in truths:
            try:
                said = read_document(path)
            except DatasetError as error:
                problems.note("{n:,} more truths can't be read.", str(error))
                continue
            picture = finder.find(str(said.get("image", "")))
            if picture is None:
                continue
            labels = _labels(said, path, finder, problems)
            metadata = _further(said, OF_CARDS, "metadata", path, problems)
            yield PlannedItem(
                picture, labels, splits.get(f"truth/{path.name}", ""), size=_size(said), metadata=metadata
            )

    return Plan("cards", questions(), items, problems, len(truths))


def questions() -> tuple[HeadDef, ...]:
    """What cards are asked."""
    scales = {"centering": (0.0, 100.0)}
    grades = []
    for name, (field, _) in GRADES.items():
        low, high = scales.get(field, (1.0, 10.0))
        grades.append(HeadDef(name, "grade", options={"low": low, "high": high}))
    return (
        HeadDef(BORDER, "boxes", (OUTER, INNER), {"quads": True}),
        *grades,
        HeadDef(DEFECTS, "boxes", KINDS),
        HeadDef(MASK, "mask", (NONE, *KINDS)),
    )


def _further(said: Mapping[str, Any], known: frozenset[str], rest: str, path: Path, problems: Problems) -> Attributes:
    """What ``said`` has beside ``known``, and under ``rest``."""
    found = {field: value for field, value in said.items() if field not in known}
    more = said.get(rest)
    found |= more if isinstance(more, dict) else {}
    return foreign(found, f"What {one_line(path.name)} says further", problems) if found else NOTHING


def _native(values: Attributes, known: frozenset[str], rest: str) -> dict[str, Any]:
    """The counterpart of ``_further``."""
    found = {field: value for field, value in values.items() if field not in known}
    more = {field: value for field, value in values.items() if field in known}
    return found | ({rest: more} if more else {})


def _labels(said: Mapping[str, Any], path: Path, finder: Finder, problems: Problems) -> dict[str, PlannedLabel]:
    found: dict[str, PlannedLabel] = {}
    makers: dict[str, Callable[[], PlannedLabel | None]] = {
        BORDER: partial(_border, said, path, problems),
        DEFECTS: partial(_defects, said, path, problems),
        **{name: partial(_grade, said, field, key) for name, (field, key) in GRADES.items()},
    }
    for name, make in makers.items():
        try:
            label = make()
        except (DatasetError, ValueError, TypeError, KeyError, AttributeError) as error:
            why = str(error).rstrip(".") if isinstance(error, DatasetError | ValueError) else "it is damaged"
            problems.note(
                "{n:,} more labels can't be used.", f"The {name} of {one_line(path.name)} can't be used: {why}."
            )
            continue
        if label is not None:
            found[name] = label
    mask = finder.find(said["mask"]) if isinstance(said.get("mask"), str) else None
    if mask is not None:
        found[MASK] = MaskFile(mask)
    return found


def _size(said: Mapping[str, Any]) -> tuple[int, int] | None:
    size = said.get("size")
    match size:
        case [int(width), int(height)]:
            return width, height
        case _:
            return None


def _border(said: Mapping[str, Any], path: Path, problems: Problems) -> Boxes | None:
    quads = {name: said[field] for name, field in QUADS.items() if said.get(field)}
    further = said.get("border_attributes")
    attributes = further if isinstance(further, dict) else {}
    shapes = []
    for name, quad in quads.items():
        points = tuple(number(value) for point in quad for value in point)
        if len(points) != 8:
            raise ValueError("a border has not four corners")
        known = foreign(attributes.get(name, {}), f"What {one_line(path.name)} says further", problems)
        shapes.append(replace(outline_shape(name, None, [points]), attributes=known))
    return Boxes(tuple(shapes)) if quads else None


def _defects(said: Mapping[str, Any], path: Path, problems: Problems) -> Boxes | None:
    if not isinstance(said.get("defects"), list):
        return None
    shapes = []
    for one in said["defects"]:
        if one["type"] not in KINDS:
            raise ValueError(f"there is no defect {one_line(str(one['type']))}")
        box = [number(value) for value in one["bbox"]]
        polygons = [[number(value) for value in piece] for piece in one.get("polygons", [])]
        attributes = _further(one, OF_DEFECTS, "attributes", path, problems)
        shapes.append(replace(outline_shape(one["type"], box, polygons), attributes=attributes))
    return Boxes(tuple(shapes))


def _grade(said: Mapping[str, Any], field: str, key: str) -> Grade | None:
    value = (said.get(field) or {}).get(key)
    if value is None:
        return None
    return Grade(number(value[0] if field == "centering" else value))


def write(contents: Contents, folder: Path, problems: Problems, *, cancel: threading.Event | None = None) -> None:
    """Write the questions that cards have, by their names.

    Raises:
        DatasetError: there is no border, or a file can't be copied.
    """
    wanted = {head.name: head for head in questions()}
    heads = [
        one
        for one in contents.heads
        if one.name in wanted
        and one.kind == wanted[one.name].kind
        and (one.kind != "mask" or one.categories == wanted[one.name].categories)
    ]
    if BORDER not in {head.name for head in heads}:
        raise DatasetError(f"{one_line(contents.name)} asks for no border of cards; choose another format.")
    writing = Writing(contents, folder, TITLE, problems, keeps=heads, parts=("split",), cancel=cancel)
    names = Names(stems=True)
    with (folder / "cards.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        grades = [head.name for head in heads if head.kind == "grade"]
        table.writerow(["image", "truth", "mask", "split", *(name.replace(" ", "_") for name in grades)])
        for item in writing.items():
            name = names.take(item.name.rpartition("/")[2], item.name.replace("/", "_"))
            stem = PurePosixPath(name).stem
            writing.place(item.path, f"images/{name}")
            mask = item.labels.get(MASK)
            place = f"masks/{stem}.png" if isinstance(mask, Mask) else ""
            if isinstance(mask, Mask):
                writing.place(contents.blob(mask.blob), place)
            truth = _truth(item, f"images/{name}", place, writing)
            writing.text(f"truth/{stem}.json", json.dumps(truth, indent=1) + "\n")
            said = (item.labels.get(grade) for grade in grades)
            cells = (repr(one.value) if isinstance(one, Grade) else "" for one in said)
            table.writerow([f"images/{name}", f"truth/{stem}.json", place, item.split, *cells])


def _truth(item: ContentsItem, image: str, mask: str, writing: Writing) -> dict[str, Any]:
    found: dict[str, Any] = {"image": image, **({"mask": mask} if mask else {}), "size": [item.width, item.height]}
    found |= _native(item.metadata, OF_CARDS, "metadata")
    border = item.labels.get(BORDER)
    # The first truth looked for says that this is one, so it is there also where nobody knows it.
    found["outer_quad"] = None
    for shape in border.shapes if isinstance(border, Boxes) else ():
        points = shape.polygons[0] if shape.polygons else ()
        if len(points) != 8 or shape.category not in QUADS:
            writing.lost("Cards have borders of four corners: {n:,} left out of others.")
        else:
            found[QUADS[shape.category]] = [list(points[at : at + 2]) for at in range(0, 8, 2)]
            if shape.attributes:
                found.setdefault("border_attributes", {})[shape.category] = shape.attributes.to_json()
    for name, (field, key) in GRADES.items():
        grade = item.labels.get(name)
        if isinstance(grade, Grade):
            value = [grade.value, round(100 - grade.value, 10)] if field == "centering" else grade.value
            found.setdefault(field, {})[key] = value
    defects = item.labels.get(DEFECTS)
    if isinstance(defects, Boxes):
        found["defects"] = [_defect(shape, writing) for shape in defects.shapes]
    return found


def _defect(shape: Shape, writing: Writing) -> dict[str, Any]:
    if shape.crowd or shape.rle is not None:
        writing.lost("Cards have outlines of defects: {n:,} left out of crowds and run lengths.")
    box = [shape.left, shape.top, shape.width, shape.height]
    said = {"type": shape.category, "bbox": box, "polygons": [list(one) for one in shape.polygons]}
    return said | _native(shape.attributes, OF_DEFECTS, "attributes")
