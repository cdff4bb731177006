"""YOLO: a text file beside each picture with a line for each thing, and ``data.yaml`` with the categories.

A line is a category's number, then either the box (centre, width, height) or the outline (x, y, x, y, ...), as
fractions of the picture. No text file: nobody has looked; an empty one: nothing is there.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from models.errors import DatasetError, FileError, one_line
from training.datasets.attributes import Attributes
from training.datasets.formats import yaml
from training.datasets.formats.attributes_file import AttributesFile
from training.datasets.formats.documents import number, read_text, whole
from training.datasets.formats.heads_file import named, write_heads
from training.datasets.formats.measuring import picture_size
from training.datasets.formats.naming import UNSPLIT, Names
from training.datasets.formats.outlines import bounds, outline_shape
from training.datasets.formats.plan import NO_OPTIONS, Contents, Plan, PlannedItem, ReadOptions
from training.datasets.formats.problems import Problems
from training.datasets.formats.writing import Writing
from training.datasets.formats.yolo_files import YoloFiles, is_yolo
from training.datasets.heads import HeadDef
from training.datasets.values import Boxes, Shape

__all__ = ["read", "recognise", "write"]

TITLE = "YOLO"
HEAD = "objects"


def recognise(folder: Path) -> float:
    """0.85 where there is a data.yaml with names, 0.6 where labels lie beside images."""
    return is_yolo(folder)


def read(folder: Path, options: ReadOptions = NO_OPTIONS) -> Plan:
    """Plan what the text files say; of each picture the size is looked at.

    Raises:
        DatasetError: there are no pictures, or ``data.yaml`` can't be understood.
    """
    problems = Problems()
    files = YoloFiles(folder, problems)
    head = named(folder, HeadDef(HEAD, "boxes", files.categories), options.head)

    def items() -> Iterator[PlannedItem]:
        known = AttributesFile(folder, problems)
        for split, picture, text in files.pairs():
            if not os.path.isfile(text):  # noqa: PTH113 - as training.datasets.formats.finding
                yield PlannedItem(picture, {}, split, metadata=known.metadata(picture))
                continue
            try:
                size = picture_size(picture)
                shapes = known.shapes(picture, tuple(_shapes(text, files.names, size, problems)))
                labels = {head.name: Boxes(shapes)}
                yield PlannedItem(picture, labels, split, metadata=known.metadata(picture))
            except (FileError, DatasetError) as error:
                problems.note("{n:,} more pictures have no size, or a text that can't be read.", str(error))
                yield PlannedItem(picture, {}, split, metadata=known.metadata(picture))

    return Plan("yolo", (head,), items, problems)


def _shapes(path: Path, names: dict[int, str], size: tuple[int, int], problems: Problems) -> Iterator[Shape]:
    for count, line in enumerate(read_text(path).splitlines(), 1):
        words = line.split()
        if not words:
            continue
        try:
            yield _shape(words, names, size)
        except (ValueError, DatasetError) as error:
            problems.note(
                "{n:,} more lines of text files can't be used.",
                f"Line {count} of {one_line(path.name)} was left out: {str(error).rstrip('.')}.",
            )


def _shape(words: list[str], names: dict[int, str], size: tuple[int, int]) -> Shape:
    index = whole(words[0])
    if index not in names:
        raise ValueError(f"there is no category {index}")
    numbers = [number(word) for word in words[1:]]
    width, height = size
    if len(numbers) in (4, 5):  # a fifth is how sure a model was
        x, y, across, down = numbers[0] * width, numbers[1] * height, numbers[2] * width, numbers[3] * height
        return outline_shape(names[index], (x - across / 2, y - down / 2, across, down), ())
    points = tuple(value * (height if at % 2 else width) for at, value in enumerate(numbers))
    return outline_shape(names[index], None, [points])


def write(contents: Contents, folder: Path, problems: Problems, *, cancel: threading.Event | None = None) -> None:
    """Write the first boxes head: as outlines where anything has one, else as boxes.

    Raises:
        DatasetError: there is no such head, or a file can't be copied.
    """
    heads = contents.of_kind("boxes")[:1]
    if not heads:
        raise DatasetError(f"{one_line(contents.name)} has no boxes, and YOLO has nothing else; choose another format.")
    head = heads[0]
    outlines = any(shape.polygons for item in contents.items() for shape in _of(item.labels.get(head.name)))
    writing = Writing(contents, folder, TITLE, problems, keeps=heads, parts=("split",), cancel=cancel)
    numbers = {name: index for index, name in enumerate(head.categories)}
    names, splits = Names(stems=True), set()
    for item in writing.items():
        split = item.split or UNSPLIT
        splits.add(split)
        flat = item.name.rpartition("/")[2]
        name = names.take(f"{split}/{flat}", f"{split}/{item.name.replace('/', '_')}")
        writing.place(item.path, f"images/{name}")
        boxes = item.labels.get(head.name)
        attributes: list[Attributes] = []
        if isinstance(boxes, Boxes):
            lines = []
            for shape in boxes.shapes:
                some = list(_lines(shape, numbers, (item.width, item.height), outlines, writing))
                lines += some
                attributes += [shape.attributes] * len(some)
            writing.text(f"labels/{PurePosixPath(name).with_suffix('.txt')}", "".join(f"{line}\n" for line in lines))
        writing.keep(f"images/{name}", item.metadata or None, attributes)
    write_heads(folder, heads)
    listed = {"path": "."} | {split: f"images/{split}" for split in sorted(splits)}
    if not {"train", "val"} & splits and splits:
        problems.say("YOLO wants parts for training and validation, and the dataset has none; split it first.")
    writing.text("data.yaml", yaml.write({**listed, "nc": str(len(head.categories)), "names": head.categories}))
    writing.text("classes.txt", "".join(f"{name}\n" for name in head.categories))


def _of(value: object) -> tuple[Shape, ...]:
    return value.shapes if isinstance(value, Boxes) else ()


def _lines(
    shape: Shape, numbers: dict[str, int], size: tuple[int, int], outlines: bool, writing: Writing
) -> Iterator[str]:
    index = numbers[shape.category]
    width, height = size
    if shape.crowd:
        writing.lost("YOLO has no crowds: {n:,} left out.")
        return
    if shape.rle is not None:
        writing.lost("YOLO has no run lengths: {n:,} left out, with only the box or the outline written.")
    if not outlines:
        centre = shape.left + shape.width / 2, shape.top + shape.height / 2
        yield _line(index, (*centre, shape.width, shape.height), width, height)
        return
    if not shape.polygons:
        writing.lost("YOLO takes either boxes or outlines: four corners written for {n:,} without an outline.")
    if len(shape.polygons) > 1:
        writing.lost("YOLO has one outline a thing: each piece written as a thing for {n:,} in several pieces.")
    if shape.polygons and bounds(shape.polygons) != (shape.left, shape.top, shape.width, shape.height):
        writing.lost(
            "YOLO takes either boxes or outlines: {n:,} left out of boxes that are not those around the outlines."
        )
    right, bottom = shape.left + shape.width, shape.top + shape.height
    corners = (shape.left, shape.top, right, shape.top, right, bottom, shape.left, bottom)
    for polygon in shape.polygons or (corners,):
        yield _line(index, polygon, width, height)


def _line(index: int, numbers: tuple[float, ...], width: int, height: int) -> str:
    return " ".join([str(index), *(repr(value / (height if at % 2 else width)) for at, value in enumerate(numbers))])
