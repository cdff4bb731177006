"""Textures that a person names by number, by first letters or by Enter: for ``labelling_keys``."""

from __future__ import annotations

import csv
import random
import shutil
import time
from pathlib import Path

from desktop.labelling.names import CategoriesEditor
from desktop.widgets.name_match import rank
from tests.benchmarks.labelling_person import Count, Person
from tests.end_to_end.dataset_hands import Key
from training.datasets.values import Category

NUMBERS = 9


def textures(data: Path, home: Path, count: int, seed: int) -> tuple[Path, dict[str, str], tuple[str, ...]]:
    """A folder of textures that says nothing of their categories; name -> category; all categories."""
    with (data / "textures" / "labels.csv").open() as file:
        rows = list(csv.DictReader(file))
    folder = home / "textures"
    folder.mkdir()
    truth = {}
    for row in random.Random(seed).sample(rows, count):  # noqa: S311 - no secret
        path = Path(row["file"])
        shutil.copy(data / "textures" / path, folder / path.name)
        truth[path.name] = row["category"]
    return folder, truth, tuple(sorted({row["category"] for row in rows}))


def name_textures(
    person: Person, truth: dict[str, str], categories: tuple[str, ...], *, learned: bool, order: str
) -> tuple[Count, int]:
    """What it costs, and how often Enter was enough."""
    taken = 0
    person.tab.course.set_turns(False)
    if order != "shown":
        person.tab.course.set_order(order)
        person.counter.count.clicks += 2  # the menu, and the order in it
        person.wait(lambda: person.tab.course.labelling.order.way.order == order)  # type: ignore[union-attr]
        person.ready()
    for place in range(len(truth)):
        item = person.current
        label = truth[person.item(item).name]
        editor = person.tab.editing.editor
        assert isinstance(editor, CategoriesEditor)
        if learned and place:
            person.kept()
            hear(person)
        proposal = editor._proposal
        if learned and proposal is not None and proposal.draft == Category(label):
            taken += 1
            person.tap(Key.Key_Return)
        elif label in categories[:NUMBERS]:
            person.tap(Key[f"Key_{categories.index(label) + 1}"])
        else:
            person.type(prefix(label, categories))
            person.tap(Key.Key_Return)
        person.wait(lambda item=item: person.current != item or not person.tab.course.labelling.left("material"))  # type: ignore[misc]
        person.ready()
    person.kept()
    assert {person.item(one).name: name for one, name in person.names().items()} == {
        person.item(one).name: truth[person.item(one).name] for one in person.shown
    }
    return person.counter.count, taken


def hear(person: Person) -> None:
    """Wait for what was learned about the picture that is shown."""
    person.wait(lambda: not person.tab.helping._asking._wanted)
    end = time.monotonic() + 0.1
    person.wait(lambda: time.monotonic() > end)


def prefix(label: str, categories: tuple[str, ...]) -> str:
    """The first letters that are enough."""
    lengths = range(1, len(label) + 1)
    return next(label[:one] for one in lengths if rank(label[:one], categories)[0].name == label)
