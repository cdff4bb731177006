"""COCO: a JSON file for each part with the pictures, boxes, polygons and run lengths. Each question has its own files.

Beside what COCO knows, an entry of a picture may say ``group``, ``source``, and ``labelled: false`` where nobody has
looked for things yet: without that, a picture without annotations holds nothing. What else is known is said as
``training.datasets.formats.coco_facts`` says; sentences about pictures have a file of captions.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

from models.errors import DatasetError, one_line
from training.datasets.attributes import Attributes
from training.datasets.formats import coco_answers
from training.datasets.formats.coco_facts import CATEGORY_ATTRIBUTES, FILE_FACTS, by_category
from training.datasets.formats.coco_file import CocoFile, CocoImage, is_coco, name_parts
from training.datasets.formats.coco_writer import CocoWriter
from training.datasets.formats.finding import Finder, usable_names
from training.datasets.formats.naming import UNSPLIT, folder_name
from training.datasets.formats.plan import (
    NO_OPTIONS,
    Contents,
    ContentsItem,
    Plan,
    PlannedItem,
    PlannedLabel,
    ReadOptions,
)
from training.datasets.formats.problems import Problems
from training.datasets.formats.writing import Writing
from training.datasets.heads import HeadDef
from training.datasets.values import Boxes, Mask, Shape
from training.datasets.wording import pictures

__all__ = ["HEAD", "bases", "files", "parts", "read", "recognise", "write"]

TITLE = "COCO"
HEAD = "objects"
"""What the question is called where no file says it."""

CAPTIONS = "captions"
"""Metadata: sentences about a picture."""

CAPTION_IDS = "caption_ids"
"""Metadata: their numbers in the file that they came from."""

CAPTION_FIELDS = "caption_fields"
"""Metadata: what that file says of each of them further, an object for each sentence."""

CAPTION_FACTS = "coco_caption_files"
"""As ``FILE_FACTS``, an option of the first question, of the files of captions."""

MOST = 20


def files(folder: Path) -> list[Path]:
    """The annotation files of a dataset in ``folder``, or ``folder`` itself where it is one."""
    if folder.is_file():
        return [folder] if is_coco(folder) else []
    places = [one for one in (folder, folder / "annotations", folder / "labels") if one.is_dir()]
    found = [path for place in places for path in sorted(place.glob("*.json")) if is_coco(path)]
    below = (one for one in sorted(folder.iterdir()) if one.is_dir()) if folder.is_dir() and not found else ()
    some = (path for one in below for path in islice(one.glob("*.json"), MOST))
    return found or sorted(path for path in some if is_coco(path))


def recognise(folder: Path) -> float:
    """0.8 where there are annotation files."""
    return 0.8 if files(folder) else 0.0


def read(folder: Path, options: ReadOptions = NO_OPTIONS) -> Plan:
    """Plan what the annotation files say.

    Raises:
        DatasetError: there are none, or one of them can't be read.
    """
    problems = Problems()
    root = folder.parent if folder.is_file() else folder
    found = files(folder)
    categories: dict[str, dict[str, None]] = {}
    described: dict[str, dict[str, Any]] = {}
    facts: dict[str, dict[str, Any]] = {}
    captions: dict[str, Any] = {}
    by_split: dict[str, list[tuple[str, Path]]] = defaultdict(list)
    answered: dict[str, HeadDef] = {}
    total = 0
    for path in found:
        file = CocoFile(path, Problems())  # what is wrong is said when the items are read
        head, split = parts(file)
        if file.has_captions:
            by_split[split].append(("", path))
            captions |= {split: file.facts} if file.facts else {}
            continue
        if not file.has_shapes:
            problems.say(f"{one_line(path.name)} has no boxes and was left out.")
            continue
        if file.facts:
            facts.setdefault(head, {}).setdefault(split, file.facts)
        for name, some in file.category_attributes.items():
            described.setdefault(head, {}).setdefault(name, some)
        categories.setdefault(head, {}).update(dict.fromkeys(usable_names(file.categories, path.name, problems)))
        by_split[split].append((head, path))
        answered |= {one.name: one for one in coco_answers.heads_of(file.info)}
        total += file.count
    if not categories:
        raise DatasetError(f"{one_line(folder.name)} has no COCO files with boxes in it; choose the folder of them.")

    called = dict.fromkeys(categories, options.head) if options.head and len(categories) == 1 else {}
    beside = [one for name, one in answered.items() if name not in (*categories, *called.values())]

    def items() -> Iterator[PlannedItem]:
        for split, some in by_split.items():
            yield from _items(root, split, [(called.get(head, head), path) for head, path in some], beside, problems)

    heads: list[HeadDef] = []
    for name, names in categories.items():
        some = {CATEGORY_ATTRIBUTES: described.get(name), FILE_FACTS: facts.get(name)}
        some |= {} if heads else {CAPTION_FACTS: captions}
        given = {option: value for option, value in some.items() if value}
        heads.append(HeadDef(called.get(name, name), "boxes", tuple(names), given))
    return Plan("coco", (*heads, *beside), items, problems, total)


def parts(file: CocoFile) -> tuple[str, str]:
    """The question and the part that a file is about."""
    head, split = name_parts(file.path.stem)
    if isinstance(file.info.get("split"), str):
        split = file.info["split"]
    return str(
        file.info.get("head") or (head if split or head not in ("", "annotations") else "") or HEAD
    ).strip(), split


def bases(path: Path, root: Path, split: str) -> list[str]:
    """Folders that the names in the file ``path`` may start from."""
    own = path.parent.relative_to(root).as_posix()
    raw = path.stem.rpartition("_")[2]
    places = ("", split, raw)
    return ["", "images", *(f"images/{one}" for one in places[1:]), *places[1:], own, f"{own}/../images"]


def _items(
    root: Path, split: str, some: list[tuple[str, Path]], beside: Sequence[HeadDef], problems: Problems
) -> Iterator[PlannedItem]:
    """One part: what several files say of one picture comes together; ``beside`` are questions that entries answer."""
    merged: dict[Path, tuple[CocoImage, dict[str, PlannedLabel], dict[str, Any]]] = {}
    for head, path in some:
        finder = Finder(root, path.name, problems, bases(path, root, split))
        for image in CocoFile(path, problems).images():
            place = finder.find(image.name)
            if place is None:
                continue
            what = f"{one_line(image.name)} in {one_line(path.name)}"
            labels = coco_answers.answers_of(image.extra, beside, what, problems)
            if head and (image.shapes or image.extra.get("labelled") is not False):
                labels[head] = Boxes(image.shapes)
            if len(some) == 1 and not image.captions:
                yield _item(place, split, image, labels, image.metadata)
                continue
            _, all_labels, known = merged.setdefault(place, (image, {}, {}))
            all_labels.update(labels)
            for name, value in image.metadata.items():
                known.setdefault(name, value)
            if image.captions:
                _add_captions(known, image)
    for place, (image, labels, known) in merged.items():
        yield _item(place, split, image, labels, Attributes(known))


def _add_captions(known: dict[str, Any], image: CocoImage) -> None:
    """Say the sentences about a picture after those that are ``known``; what is said of each stands in its place."""
    before = _listed(known.get(CAPTIONS))
    known[CAPTIONS] = [*before, *image.captions]
    for name, some, none in ((CAPTION_IDS, image.caption_ids, None), (CAPTION_FIELDS, image.caption_fields, {})):
        there = _listed(known.get(name))
        if some and (there or any(one != none for one in some)):
            known[name] = [*(there or [none] * len(before)), *some]


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _item(
    place: Path, split: str, image: CocoImage, labels: Mapping[str, PlannedLabel], metadata: Attributes
) -> PlannedItem:
    source, group = said(image.extra, "source"), said(image.extra, "group", "scene")
    return PlannedItem(place, labels, split, source, group, image.size, metadata=metadata)


def said(extra: Mapping[str, Any], *fields: str) -> str:
    """The first of ``fields`` that says something, as text."""
    return next((str(extra[one]) for one in fields if isinstance(extra.get(one), str | int) and extra[one] != ""), "")


def write(contents: Contents, folder: Path, problems: Problems, *, cancel: threading.Event | None = None) -> None:
    """Write every head with boxes or masks, and what the pictures' entries can say beside.

    Raises:
        DatasetError: there is no such head, or a file can't be read or copied.
    """
    heads = (*contents.of_kind("boxes"), *contents.of_kind("mask"))
    if not heads:
        raise DatasetError(
            f"{one_line(contents.name)} has no boxes and no masks, and COCO needs some; choose another format."
        )
    beside = [head for head in contents.heads if head.kind in coco_answers.KINDS]
    keeps = (*heads, *beside)
    writing = Writing(contents, folder, TITLE, problems, keeps=keeps, parts=("split", "source", "group"), cancel=cancel)
    taken = {folder_name(head.name).casefold() for head in heads}
    masks: Counter[str] = Counter()
    with ExitStack() as stack:
        writers: dict[tuple[str, str], CocoWriter] = {}
        for item in writing.items():
            name = f"images/{item.name}"
            writing.place(item.path, name)
            number: int | None = None
            captions, metadata = _captions(item.metadata) if CAPTIONS not in taken else ((), item.metadata)
            extra = {"source": item.source, "group": item.group, **coco_answers.answers(item, beside)}
            for head in (*heads, None) if captions else heads:
                name = head.name if head else ""
                key = name, item.split
                if key not in writers:
                    path = folder / "annotations" / f"{folder_name(name or CAPTIONS)}_{item.split or UNSPLIT}.json"
                    info: dict[str, Any] = {"description": contents.name, "head": name, "split": item.split}
                    info |= {CATEGORY_ATTRIBUTES: known} if head and (known := by_category(head.options)) else {}
                    info |= coco_answers.info_of(beside) if head else {}
                    options = head.options if head else {FILE_FACTS: heads[0].options.get(CAPTION_FACTS)}
                    writer = CocoWriter(path, head.categories if head else None, info, options)
                    writers[key] = stack.enter_context(writer)
                if head is None:
                    writers[key].add(
                        item,
                        item.name,
                        (),
                        {},
                        captions=captions,
                        number=number,
                        caption_numbers=_listed(metadata.get(CAPTION_IDS)),
                        caption_fields=_listed(metadata.get(CAPTION_FIELDS)),
                    )
                    continue
                masks[name] += isinstance(item.labels.get(name), Mask)
                number = writers[key].add(item, item.name, _shapes(contents, item, head), extra, metadata)
    for name, count in masks.items():
        if count:
            said = f"the {one_line(name)} of {pictures(count)}"
            problems.say(f"{TITLE} knows a mask as a region for each category: {said} would come back as shapes.")


def _shapes(contents: Contents, item: ContentsItem, head: HeadDef) -> Iterable[Shape] | None:
    """What an item's file says of one question; None where nobody has looked."""
    value = item.labels.get(head.name)
    if isinstance(value, Mask):
        return coco_answers.regions(head, value, contents.blob(value.blob))
    return value.shapes if isinstance(value, Boxes) else None


def _captions(metadata: Attributes) -> tuple[tuple[str, ...], Attributes]:
    """The sentences about a picture, and what else is known of it."""
    said = metadata.get(CAPTIONS)
    if not isinstance(said, list) or not said or not all(isinstance(one, str) for one in said):
        return (), metadata
    return tuple(said), Attributes({name: value for name, value in metadata.items() if name != CAPTIONS})
