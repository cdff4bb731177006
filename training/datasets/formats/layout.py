"""``images/{train,val,test}``, ``annotations/*.json`` in COCO form, ``metadata.json``: the format that loses nothing.

COCO says what it can; all else (categories, tags, grades, further boxes, masks, targets) stands in further fields of a
picture's entry, as metadata do, which other readers of COCO pass over. ``metadata.json`` has the questions and counts.
A folder of somebody else's in this layout is read as COCO.
"""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from models.errors import DatasetError, one_line
from training.datasets.formats import coco
from training.datasets.formats.coco_facts import CATEGORY_ATTRIBUTES, by_category
from training.datasets.formats.coco_file import CocoFile, CocoImage
from training.datasets.formats.coco_writer import CocoWriter
from training.datasets.formats.documents import read_document, write_document
from training.datasets.formats.finding import Finder
from training.datasets.formats.naming import UNSPLIT, Names, folder_name
from training.datasets.formats.plan import (
    NO_OPTIONS,
    Contents,
    ContentsItem,
    MaskFile,
    Plan,
    PlannedItem,
    PlannedLabel,
    ReadOptions,
    Said,
    TargetFile,
    TargetFiles,
)
from training.datasets.formats.problems import Problems
from training.datasets.formats.targets import place_targets
from training.datasets.formats.writing import Writing
from training.datasets.heads import HeadDef, heads_from_json, heads_to_json
from training.datasets.values import VALUES, Boxes, Mask, Targets

__all__ = ["read", "recognise", "write"]

TITLE = "The Sortwerk layout"
METADATA = "metadata.json"
FORMAT = "sortwerk-dataset"


def recognise(folder: Path) -> float:
    """0.95 where all three are there."""
    there = (folder / METADATA).is_file() and (folder / "annotations").is_dir() and (folder / "images").is_dir()
    return 0.95 if there and coco.files(folder) else 0.0


def read(folder: Path, options: ReadOptions = NO_OPTIONS) -> Plan:
    """Plan what the layout says.

    Raises:
        DatasetError: a file can't be read, or ``metadata.json`` is of a newer version.
    """
    if not (folder / METADATA).is_file():
        raise DatasetError(f"{one_line(folder)} has no {METADATA}; choose the folder that has, or another format.")
    metadata = read_document(folder / METADATA)
    if metadata.get("format") != FORMAT:
        plan = coco.read(folder, options)
        return Plan("layout", plan.heads, plan.items, plan.problems, plan.total)
    if metadata.get("version") != 1:
        raise DatasetError(f"{one_line(folder)} is from a newer version of Sortwerk; install that version.")
    try:
        heads = heads_from_json(metadata["heads"])
    except (KeyError, TypeError, AttributeError) as error:
        raise DatasetError(f"{METADATA} says nothing usable of the questions; get the dataset again.") from error
    main = next((head for head in heads if head.kind == "boxes"), None)
    problems = Problems()
    listed = coco.files(folder)

    def items() -> Iterator[PlannedItem]:
        for path in listed:
            file = CocoFile(path, problems)
            finder = Finder(folder, path.name, problems, ("images", ""))
            split = coco.parts(file)[1]
            for image in file.images():
                place = finder.find(image.name)
                if place is None:
                    continue
                labels = _labels(folder, heads, image, problems, path.name)
                if main is not None and image.extra.get("labelled") is not False:
                    labels[main.name] = Boxes(image.shapes)
                group, source = coco.said(image.extra, "group"), coco.said(image.extra, "source")
                said, frozen = _said(image.extra.get("said")), image.extra.get("frozen") is True
                yield PlannedItem(place, labels, split, source, group, image.size, said, frozen, image.metadata)

    return Plan("layout", heads, items, problems)


def _said(entries: object) -> dict[str, Said]:
    """Who gave the labels of a picture; what is not understood counts as imported."""
    found: dict[str, Said] = {}
    for head, entry in entries.items() if isinstance(entries, dict) else ():
        match entry:
            case [str(annotator), str(time), "person" | "import" | "model" as origin]:
                with contextlib.suppress(ValueError):
                    moment = datetime.fromisoformat(time).replace(tzinfo=None)
                    found[str(head)] = Said(one_line(annotator), moment.isoformat(timespec="seconds"), origin)
    return found


def _labels(
    folder: Path, heads: tuple[HeadDef, ...], image: CocoImage, problems: Problems, name: str
) -> dict[str, PlannedLabel]:
    said = image.extra.get("labels")
    found: dict[str, PlannedLabel] = {}
    for head in heads:
        if not isinstance(said, dict) or head.name not in said:
            continue
        try:
            found[head.name] = _label(folder, head, said[head.name], problems, name)
        except (DatasetError, KeyError, TypeError, ValueError, AttributeError) as error:
            sentence = str(error) if isinstance(error, DatasetError) else "it is damaged."
            problems.note(
                f"{{n:,}} more labels in {name} can't be used.",
                f"The {head.name} of {one_line(image.name)} in {name} can't be used: {sentence}",
            )
    return found


def _label(folder: Path, head: HeadDef, said: Any, problems: Problems, name: str) -> PlannedLabel:
    finder = Finder(folder, name, problems, ("",))
    if head.kind == "mask":
        path = finder.find(str(said))
        if path is None:
            raise DatasetError("its file is not there.")
        return MaskFile(path)
    if head.kind == "image":
        targets = []
        for one in said:
            path = finder.find(str(one["file"]))
            if path is None:
                raise DatasetError("its file is not there.")
            params = {str(key): str(value) for key, value in one.get("params", {}).items()}
            targets.append(TargetFile(path, str(one.get("role", "")), params))
        return TargetFiles(tuple(targets))
    return VALUES[head.kind].from_json(said)


def write(contents: Contents, folder: Path, problems: Problems, *, cancel: threading.Event | None = None) -> None:
    """Write everything. Raises ``DatasetError``: a file can't be copied."""
    writing = Writing(
        contents,
        folder,
        TITLE,
        problems,
        keeps=contents.heads,
        parts=("split", "source", "group", "said"),
        cancel=cancel,
    )
    main = next(iter(contents.of_kind("boxes")), None)
    names = Names()
    counts: Counter[str] = Counter()
    labels: dict[str, Counter[str]] = {head.name: Counter() for head in contents.heads}
    with ExitStack() as stack:
        writers: dict[str, CocoWriter] = {}
        for item in writing.items():
            split = item.split or UNSPLIT
            if split not in writers:
                info: dict[str, Any] = {
                    "description": contents.name,
                    "head": main.name if main else "",
                    "split": item.split,
                }
                info |= {CATEGORY_ATTRIBUTES: known} if main and (known := by_category(main.options)) else {}
                path = folder / "annotations" / f"{split}.json"
                writers[split] = stack.enter_context(CocoWriter(path, main.categories if main else (), info))
            name = names.take(f"{split}/{item.name}")
            writing.place(item.path, f"images/{name}")
            boxes = item.labels.get(main.name) if main else None
            extra: dict[str, Any] = {"source": item.source, "group": item.group}
            if labelled := _labelled(writing, contents, item, main, name):
                extra["labels"] = labelled
            if item.said:
                extra["said"] = {head: [one.annotator, one.time, one.origin] for head, one in item.said.items()}
            if item.frozen:
                extra["frozen"] = True
            shapes = boxes.shapes if isinstance(boxes, Boxes) else None
            writers[split].add(item, name, shapes, extra, item.metadata)
            counts[split] += 1
            for head in item.labels:
                labels[head][split] += 1
    heads = [{field: value for field, value in one.items() if field != "id"} for one in heads_to_json(contents.heads)]
    statistics = {"pictures": dict(counts), "labels": {head: dict(found) for head, found in labels.items()}}
    (folder / "annotations").mkdir(exist_ok=True)
    (folder / "images").mkdir(exist_ok=True)
    document = {"format": FORMAT, "version": 1, "name": contents.name, "heads": heads, "statistics": statistics}
    write_document(folder / METADATA, document)


def _labelled(
    writing: Writing, contents: Contents, item: ContentsItem, main: HeadDef | None, name: str
) -> Mapping[str, Any]:
    """The labels that COCO has no field for."""
    found: dict[str, Any] = {}
    for head, value in item.labels.items():
        if main is not None and head == main.name:
            continue
        place = (
            f"{folder_name(head)}/{PurePosixPath(name).with_suffix('')}{PurePosixPath(name).suffix.replace('.', '_')}"
        )
        if isinstance(value, Mask):
            found[head] = f"masks/{place}.png"
            writing.place(contents.blob(value.blob), found[head])
        elif isinstance(value, Targets):
            found[head] = place_targets(writing, value, f"targets/{place}")
        else:
            found[head] = value.to_json()
    return found
