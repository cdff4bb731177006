"""Pictures and what they are to become: ``triples.csv`` with source, mask, target colour and truth, a row each.

Masks, and COCO files beside the table, are read along: they are about the same pictures. What the table says further is
kept as the parameters of the target.
"""

from __future__ import annotations

import csv
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from models.errors import DatasetError, one_line
from training.datasets.formats import coco
from training.datasets.formats.attributes_file import AttributesFile
from training.datasets.formats.documents import rows
from training.datasets.formats.finding import Finder
from training.datasets.formats.heads_file import named, write_heads
from training.datasets.formats.mask_folders import MaskFolder
from training.datasets.formats.naming import joined_ending, split_of
from training.datasets.formats.plan import (
    NO_OPTIONS,
    Contents,
    MaskFile,
    Plan,
    PlannedItem,
    PlannedLabel,
    ReadOptions,
    TargetFile,
    TargetFiles,
)
from training.datasets.formats.problems import Problems
from training.datasets.formats.targets import place_target
from training.datasets.formats.writing import Writing
from training.datasets.heads import HeadDef
from training.datasets.values import Mask, Target, Targets

__all__ = ["read", "recognise", "write"]

TITLE = "A table of pictures and targets"
TABLE = "triples.csv"
HEAD, MASK = "recoloured", "component"
FIXED = ("source", "mask", "ground_truth", "split", "scene", "role")
WORDS = {"target_hex": "colour", "target_name": "colour_name", "recolour_classes": "classes"}
"""Columns -> what they are called among a target's parameters."""


def recognise(folder: Path) -> float:
    """0.97 where the table is there."""
    try:
        first = next(rows(folder / TABLE), {}) if (folder / TABLE).is_file() else {}
    except DatasetError:
        return 0.0
    return 0.97 if {"source", "ground_truth"} <= first.keys() else 0.0


def read(folder: Path, options: ReadOptions = NO_OPTIONS) -> Plan:
    """Plan what the table says, and what lies beside it.

    Raises:
        DatasetError: there is no such table.
    """
    if not recognise(folder):
        raise DatasetError(
            f"{one_line(folder)} has no {TABLE} with the columns source and ground_truth; choose another."
        )
    shapes = coco.read(folder) if coco.files(folder) else None
    problems = shapes.problems if shapes else Problems()
    masks = MaskFolder.open(folder, problems)
    head = named(folder, HeadDef(HEAD, "image", options={"roles": [HEAD]}), options.head)
    mask = named(folder, HeadDef(MASK, "mask", masks.categories)) if masks else None
    heads = [head, *([mask] if mask else []), *(shapes.heads if shapes else ())]

    def items() -> Iterator[PlannedItem]:
        table = _table(folder, masks, problems)
        known = AttributesFile(folder, problems)
        for item in shapes.items() if shapes else ():
            row = table.pop(item.path, None)
            labels = dict(item.labels) | _labels(head, mask, row, masks, item.path)
            split, group = (row.split or item.split, row.group or item.group) if row else (item.split, item.group)
            metadata = known.metadata(item.path, item.metadata)
            yield PlannedItem(item.path, labels, split, item.source, group, item.size, metadata=metadata)
        for path, row in table.items():
            labels = _labels(head, mask, row, masks, path)
            yield PlannedItem(path, labels, row.split, "", row.group, metadata=known.metadata(path))

    return Plan("pairs", tuple(heads), items, problems, shapes.total if shapes else None)


class _Row:
    """All that the table says of one source."""

    def __init__(self) -> None:
        self.split = self.group = ""
        self.mask: MaskFile | None = None
        self.targets: list[TargetFile] = []


def _table(folder: Path, masks: MaskFolder | None, problems: Problems) -> dict[Path, _Row]:
    finder = Finder(folder, TABLE, problems, ("", "images"))
    found: dict[Path, _Row] = defaultdict(_Row)
    for said in rows(folder / TABLE):
        source = finder.find(said["source"])
        if source is None:
            continue
        row = found[source]
        truth = finder.find(said["ground_truth"]) if said["ground_truth"] else None
        row.split = split_of(said.get("split", "")) or ""
        row.group = said.get("scene", "")
        if said.get("mask"):
            mask = finder.find(said["mask"])
            row.mask = MaskFile(mask, masks.values if masks else None) if mask else None
        if truth is not None:
            params = {WORDS.get(column, column): cell for column, cell in said.items() if cell and column not in FIXED}
            if "classes" in params and masks is not None:
                params["classes"] = _named(params["classes"], masks.categories)
            row.targets.append(TargetFile(truth, said.get("role", HEAD), params))
    return dict(found)


def _labels(
    head: HeadDef, mask: HeadDef | None, row: _Row | None, masks: MaskFolder | None, path: Path
) -> dict[str, PlannedLabel]:
    found: dict[str, PlannedLabel] = {}
    file = (row.mask if row else None) or (masks.find(path) if masks else None)
    if file is not None and mask is not None:
        found[mask.name] = file
    if row is not None and row.targets:
        found[head.name] = TargetFiles(tuple(row.targets))
    return found


def _named(text: str, categories: tuple[str, ...]) -> str:
    """The names of the categories whose numbers stand in ``text``; ``text`` where that can't be said so."""
    words = text.split()
    if not all(word.isdecimal() and len(word) < 4 and int(word) < len(categories) for word in words):
        return text
    names = [categories[int(word)] for word in words]
    return text if any(" " in name for name in names) else " ".join(names)


def _numbered(text: str, categories: tuple[str, ...]) -> str:
    """The counterpart of ``_named``."""
    words = text.split()
    return " ".join(str(categories.index(word)) for word in words) if set(words) <= set(categories) else text


def write(contents: Contents, folder: Path, problems: Problems, *, cancel: threading.Event | None = None) -> None:
    """Write the first image head and the first mask head.

    Raises:
        DatasetError: there is no image head, or a file can't be copied.
    """
    heads = contents.of_kind("image")[:1]
    if not heads:
        raise DatasetError(f"{one_line(contents.name)} has no pictures as answers; choose another format.")
    masks = contents.of_kind("mask")[:1]
    writing = Writing(
        contents, folder, TITLE, problems, keeps=(*heads, *masks), parts=("split", "group"), cancel=cancel
    )
    categories = masks[0].categories if masks else ()
    words = {word: column for column, word in WORDS.items()}
    further = sorted({name for item in contents.items() for one in _of(item.labels, heads[0]) for name in one.params})
    columns = [words.get(name, name) for name in further]
    with (folder / TABLE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*FIXED, *columns])
        for item in writing.items():
            source = f"images/{item.name}"
            writing.place(item.path, source)
            writing.keep(source, item.metadata or None)
            stem = joined_ending(item.name)
            mask = item.labels.get(masks[0].name) if masks else None
            place = f"masks/{stem}.png" if isinstance(mask, Mask) else ""
            if isinstance(mask, Mask):
                writing.place(contents.blob(mask.blob), place)
            targets = _of(item.labels, heads[0])
            for number, target in enumerate(targets, 1):
                truth = place_target(writing, target, f"targets/{stem}_{number}")
                said = dict(target.params)
                if "classes" in said:
                    said["classes"] = _numbered(said["classes"], categories)
                cells = [said.get(name, "") for name in further]
                writer.writerow([source, place, truth, item.split, item.group, target.role, *cells])
            if not targets:
                writer.writerow([source, place, "", item.split, item.group, "", *("" for _ in further)])
    write_heads(folder, (*heads, *masks))
    if masks:
        (folder / "masks").mkdir(exist_ok=True)
        writing.text("classes.txt", "".join(f"{name}\n" for name in categories))


def _of(labels: Mapping[str, object], head: HeadDef) -> tuple[Target, ...]:
    value = labels.get(head.name)
    return value.targets if isinstance(value, Targets) else ()
