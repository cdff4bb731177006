"""What is done to labels by a window that is killed, and beside it by nobody who is; and what may not be lost."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from training.datasets.heads import HeadDef
from training.datasets.records import NewItem
from training.datasets.store import DatasetStore
from training.datasets.values import Boxes, Category, Shape, Value, to_text
from training.labelling.drafts import Draft, PaintedMask, to_value
from training.labelling.spreading import Plan, carry_out, to_burst

__all__ = ["DEEDS", "Said", "do", "is_refused", "length", "other", "prepare", "said", "state"]

SIZE, BURST = 60, 6
WIDTH, HEIGHT = 32, 24
HEADS = (
    HeadDef("material", "categories", ("brick", "wood", "stone", "metal")),
    HeadDef("things", "boxes", ("door", "window")),
    HeadDef("area", "mask", ("background", "door", "window")),
)

DEEDS = (
    "name", "quick", "name", "name", "box", "mask", "undo", "name", "burst", "box", "undo", "redo", "box", "review",
    "mask", "refused name", "refused box", "refused name", "refused mask", "refused box", "refused unknown", "review",
    "name", "opinion", "burst", "box", "unknown", "undo", "undo", "redo", "mask", "review", "undo", "quick", "name",
    "name", "refused box", "refused box", "refused name", "box", "undo", "opinion", "name", "undo", "burst", "unknown",
)  # fmt: skip
"""``quick`` and the two after it are said without waiting; while the workspace refuses, nothing but labels is said."""


@dataclass(frozen=True)
class Said:
    """A label."""

    head: str
    item: int
    draft: Draft | None
    words: str


Read = Callable[[str, int], Draft | None]
"""What a label says now, as far as the hand knows."""


def deed(number: int) -> str:
    return DEEDS[number % len(DEEDS)]


def length(number: int) -> int:
    """How many deeds from this one on are said without waiting."""
    return 3 if deed(number) == "quick" else 1


def is_refused(number: int) -> bool:
    """Whether the workspace takes nothing while that deed is done."""
    return deed(number).startswith("refused")


def said(store: DatasetStore, dataset: int, number: int, read: Read) -> Said | None:
    """The label of a deed; None for a deed that is another thing. It follows from the number and from what is there."""
    kind = deed(number).removeprefix("refused ").replace("quick", "name")
    ids = [int(one) for one in store.ids(dataset)]
    chance = random.Random(number // 3)  # noqa: S311  # no secret; some deeds in a row are about one picture
    item = ids[chance.randrange(len(ids))]
    if kind == "name":
        categories = HEADS[0].categories
        return Said("material", item, Category(categories[number % len(categories)]), f"Named it, {number}")
    if kind == "unknown":
        return Said("things", item, None, f"Took it away, {number}")
    if kind == "box":
        before = read("things", item)
        shapes = before.shapes if isinstance(before, Boxes) else ()
        new = Shape(("door", "window")[number % 2], number % 20, number % 15, 5, 4)
        return Said("things", item, Boxes((*shapes[-3:], new)), f"Drew a box, {number}")
    if kind == "mask":
        indices = np.zeros((HEIGHT, WIDTH), np.uint8)
        cv2.circle(indices, (number % WIDTH, number % HEIGHT), 6, 1 + number % 2, -1)
        return Said("area", item, PaintedMask(indices), f"Painted it, {number}")
    return None


def other(store: DatasetStore, dataset: int, number: int, annotator: str) -> None:
    """A deed that is no label of one picture, and neither undo nor redo."""
    labelled = store.labels(dataset, "material")
    if not labelled:
        return
    item = sorted(labelled)[number % len(labelled)]
    if deed(number) == "burst":
        carry_out(store, dataset, burst(store, dataset, item), annotator=annotator)
    elif deed(number) == "review":
        store.set_reviews(dataset, "material", {item: "rejected" if number % 2 else "accepted"}, note=str(number))
    else:
        store.set_opinions(dataset, "material", {item: Category("wood")}, annotator=f"Ada {number}")


def burst(store: DatasetStore, dataset: int, item: int) -> Plan:
    return to_burst(store, dataset, "material", item, overwrite=True)


def do(store: DatasetStore, dataset: int, number: int, annotator: str) -> str:
    """The deed of that number, by somebody to whom nothing happens; return what it is called."""
    kind = deed(number)
    label = said(store, dataset, number, lambda head, item: store.labels(dataset, head, [item]).get(item))
    if label is not None:
        value: Value | None = None if label.draft is None else to_value(store.blobs, label.draft)
        before = store.labels(dataset, label.head, [label.item]).get(label.item)
        expected = {label.item: None if before is None else to_text(before)}
        store.save_labels(
            dataset, label.head, {label.item: value}, expected=expected, annotator=annotator, action=label.words
        )
    elif kind in ("undo", "redo"):
        getattr(store, kind)(dataset)
    else:
        other(store, dataset, number, annotator)
    return kind


def prepare(store: DatasetStore) -> int:
    """A dataset of pictures that are nowhere, in bursts; its id."""
    dataset = store.create("killed", HEADS).id
    items = [
        NewItem(
            f"{number}".encode().ljust(32, b"."),
            os.fsencode(f"/pictures/{number}.png"),
            width=WIDTH,
            height=HEIGHT,
            group=f"burst {number // BURST}",
        )
        for number in range(SIZE)
    ]
    store.add_items(dataset, items)
    return dataset


def state(store: DatasetStore, dataset: int) -> dict[str, object]:
    """All that may not be lost, without the times."""
    found: dict[str, object] = {}
    for head in HEADS:
        facts = store.label_facts(dataset, head.name)
        reviews, opinions = store.reviews(dataset, head.name), store.opinions(dataset, head.name)
        found[head.name] = (
            {item: (fact.value, fact.annotator, fact.origin) for item, fact in facts.items()},
            {item: (one.state, one.note, one.reviewer) for item, one in reviews.items()},
            {item: {one.annotator: one.value for one in some} for item, some in opinions.items()},
        )
    found["steps"] = [step.action for step in store.steps(dataset, 10_000)]
    return found
