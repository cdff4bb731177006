"""What is done to datasets by a process that is killed, and beside it by one that is not; and what may not be lost."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import numpy as np

from training.datasets.bringing import bring_in
from training.datasets.heads import HeadDef
from training.datasets.quality.finding import DropCategories, Finding, Fix, ForgetPlaces, Relabel, SetSplits, Trash
from training.datasets.quality.fixes import apply_fix
from training.datasets.records import Dataset, NewItem, Query, Split
from training.datasets.store import DatasetStore
from training.datasets.values import Category, Mask

__all__ = ["DEEDS", "FAR", "FIXES", "MAIN", "do", "make_sources", "prepare", "state"]

SIZE = 300
MAIN = "killed"
"""The dataset that is there from the start; the others come in."""

FAR = "9999-01-01T00:00:00"
KEPT = 4
"""Datasets that came in, and are not forgotten yet."""

DEEDS = (
    "one", "import", "fix", "bulk", "fix", "undo", "import", "one", "fix", "add", "redo", "split", "import", "fix",
    "merge", "fix", "undo", "forget", "mask", "bulk", "fix", "trash", "undo", "undo", "import", "one", "fix", "freeze",
    "redo", "purge", "rename", "forget", "fix", "one", "undo", "import", "fix", "undo", "forget", "undo", "fix",
)  # fmt: skip

FIXES = (
    "exact-duplicates", "duplicate-places", "leaks", "wrong-labels", "label-consistency", "unknown-labels",
    "unused-categories",
)  # fmt: skip
"""Kinds of finding that are put right."""


def do(store: DatasetStore, number: int) -> str:
    """The deed of that number; what it does follows from the number and what is there alone. Each shows at once.

    Returns:
        Its name; of a fix also the kind of what was fixed, "fix nothing" where nothing was left to fix.
    """
    deed = DEEDS[number % len(DEEDS)]
    (main,) = (one for one in store.datasets() if one.name == MAIN)
    own = {"import": _import, "forget": _forget, "purge": _purge}
    if deed == "fix":
        return f"fix {_fix(store, random.Random(number), number)}"  # noqa: S311  # no secret
    if deed in own:
        own[deed](store, random.Random(number), number)  # noqa: S311  # no secret
    else:
        _change(store, main, deed, number)
    return deed


def _change(store: DatasetStore, main: Dataset, deed: str, number: int) -> None:
    dataset = main.id
    ids = [int(item) for item in store.ids(dataset)]
    categories = main.head("material").categories
    name = categories[number % len(categories)]
    if deed == "one":
        store.set_labels(dataset, "material", {ids[number % len(ids)]: Category(name)}, annotator=str(number))
    elif deed == "bulk":
        store.set_labels(dataset, "material", dict.fromkeys(ids, Category(name)), annotator=str(number))
    elif deed == "add":
        store.add_items(dataset, [_item(f"{number}-{n}", name) for n in range(20)])
    elif deed == "split":
        parts: tuple[Split, ...] = ("train", "val", "test")  # by place, as ids differ after a killed import
        store.set_splits(dataset, {item: parts[(place + number) % 3] for place, item in enumerate(ids)})
    elif deed == "merge":
        store.merge_categories(dataset, "material", [name], categories[(number + 1) % len(categories)])
    elif deed == "rename":
        store.rename_category(dataset, "material", name, f"named {number}")
    elif deed == "mask":
        blob = store.blobs.put(str(number).encode() * 1_000)
        store.set_labels(dataset, "area", {ids[number % len(ids)]: Mask(blob, 4, 4, (0,))})
    elif deed == "trash":
        store.trash_items(dataset, ids[number % 29 :: 29])
    elif deed == "freeze":
        store.freeze(dataset, f"version {number}")
    else:
        getattr(store, deed)(dataset)


def _import(store: DatasetStore, chance: random.Random, number: int) -> None:
    kind = chance.choice(("folders", "coco", "masks"))
    bring_in(store, store.folder.parent / "sources" / kind, name=f"{kind} {number}", copy=chance.random() < 0.5)


def _fix(store: DatasetStore, chance: random.Random, number: int) -> str:
    """What a finding proposes, about some items of the dataset that came in last; or to take that back."""
    dataset = store.datasets()[-1]
    ids = [int(item) for item in store.ids(dataset.id)]
    some = tuple(chance.sample(ids, len(ids) // 3))
    head = dataset.heads[0]
    answers = [Category(name) for name in head.categories] if head.kind == "categories" else [None]
    counts = store.category_counts(dataset.id, head.name)
    fixes: Mapping[str, Callable[[], Fix]] = {
        "exact-duplicates": lambda: Trash(some),
        "duplicate-places": lambda: ForgetPlaces(tuple(ids)),
        "leaks": lambda: SetSplits({item: chance.choice(("train", "val", "test", "")) for item in some}),
        "wrong-labels": lambda: Relabel(head.name, {item: chance.choice(answers) for item in some}),
        "label-consistency": lambda: Relabel(head.name, dict.fromkeys(some)),
        "unknown-labels": lambda: Relabel(
            head.name, {item: chance.choice(answers) for item in ids}, origin="model", annotator=f"look-alikes {number}"
        ),
        "unused-categories": lambda: DropCategories(head.name, tuple(name for name in counts if not counts[name])),
    }
    kind = chance.choice(("undo", "redo", *FIXES, *FIXES))
    if kind in fixes:
        finding = Finding(kind, "error", some, "Something is wrong.", fix=fixes[kind]())
        return kind if apply_fix(store, dataset.id, finding, annotator=str(number)) is not None else "nothing"
    if dataset.name != MAIN:
        getattr(store, kind)(dataset.id)
    return kind


def _forget(store: DatasetStore, _chance: random.Random, _number: int) -> None:
    came = [one for one in store.datasets() if one.name != MAIN]
    if len(came) > KEPT:
        store.trash(came[0].id)


def _purge(store: DatasetStore, _chance: random.Random, _number: int) -> None:
    """All that could be purged one day, now: nobody else is at work."""
    store.purge(FAR)
    store.purge_blobs(time.time() + 10)


def state(store: DatasetStore) -> dict[str, object]:
    """All that may not be lost, by dataset, without the times; and what is in the trash, but for unfinished imports."""
    found: dict[str, object] = {one.name: _state(store, one) for one in store.datasets()}
    found["the trash"] = [
        one.name for one in store.datasets(trashed=True) if not one.name.endswith("(unfinished import)")
    ]
    return found


def _state(store: DatasetStore, dataset: Dataset) -> object:
    copies = os.fsencode(store.copies(dataset.id))
    items = [
        (one.content, one.path.removeprefix(copies), one.status, one.split, one.trashed is not None, dict(one.labels))
        for trashed in (False, True)
        for one in store.items(dataset.id, where=Query(trashed=trashed))
    ]
    order = {int(item): place for place, item in enumerate(store.ids(dataset.id))}
    heads = [(head.name, head.categories) for head in dataset.heads]
    said = {
        (head.name, order[item]): (fact.annotator, fact.origin)
        for head in dataset.heads
        for item, fact in store.label_facts(dataset.id, head.name).items()
    }
    further = {
        order.get(item): [(place.path.removeprefix(copies), place.member) for place in places]
        for item, places in store.further_places(dataset.id).items()
    }
    versions = {one.name: one.hash for one in store.versions(dataset.id)}
    return items, heads, said, further, versions, [step.action for step in store.steps(dataset.id, 10_000)]


def prepare(store: DatasetStore) -> None:
    heads = [
        HeadDef("material", "categories", ("stone", "wood", "metal", "glass")),
        HeadDef("area", "mask", ("ground",)),
    ]
    dataset = store.create(MAIN, heads).id
    store.add_items(dataset, [_item(str(n), "stone") for n in range(SIZE)])


def make_sources(root: Path) -> None:
    """Three folders to bring in: by category with a duplicate and a broken file, COCO with boxes, masks."""
    for number in range(10):
        _picture(root / "folders" / ("wood", "stone")[number % 2] / f"{number}.png", number)
        _picture(root / "coco" / "images" / f"{number}.png", 100 + number)
        _picture(root / "masks" / "images" / f"{number}.png", 200 + number)
        path = root / "masks" / "masks" / f"{number}.png"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(cv2.imencode(".png", np.full((4, 6), number % 2, np.uint8))[1].tobytes())
    _picture(root / "folders" / "stone" / "again.png", 3)
    (root / "folders" / "wood" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    (root / "masks" / "classes.txt").write_text("ground\nsky\n")
    images = [{"id": n, "file_name": f"{n}.png", "width": 6, "height": 4} for n in range(10)]
    boxes = [{"id": n, "image_id": n, "category_id": 1 + n % 2, "bbox": [0, 0, 2, 1 + n % 3]} for n in range(10)]
    kinds = [{"id": 1, "name": "cup"}, {"id": 2, "name": "jug"}]
    whole = {"images": images, "annotations": boxes, "categories": kinds}
    (root / "coco" / "train.json").write_text(json.dumps(whole))


def _picture(path: Path, number: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(".png", np.full((4, 6, 3), number, np.uint8))[1].tobytes())


def _item(name: str, category: str) -> NewItem:
    content = name.encode().ljust(32, b".")
    return NewItem(content, os.fsencode(f"/pictures/{name}.png"), labels={"material": Category(category), "area": None})
