"""Cards whose border a person marks by clicks that snap: for ``labelling_keys``."""

from __future__ import annotations

import csv
import json
import shutil
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.labelling import apart
from tests.benchmarks.labelling_person import Count, Person
from tests.end_to_end.dataset_hands import Key
from training.datasets.values import Boxes


def cards(data: Path, home: Path, count: int) -> tuple[Path, dict[str, NDArray[np.float64]]]:
    folder = home / "cards"
    folder.mkdir()
    with (data / "cards" / "cards.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "test"][:count]
    truth = {}
    for row in rows:
        name = Path(row["image"]).name
        shutil.copy(data / "cards" / row["image"], folder / name)
        truth[name] = np.array(json.loads((data / "cards" / row["truth"]).read_text())["outer_quad"])
    return folder, truth


def mark_cards(
    person: Person, truth: dict[str, NDArray[np.float64]], jitter: float, seed: int, *, finding: bool
) -> tuple[Count, str]:
    chance = np.random.default_rng(seed)
    clicked, after, found = [], [], 0
    for item in list(person.shown):
        if person.current != item:
            person.tap(Key.Key_D)
            person.wait(lambda item=item: person.current == item)  # type: ignore[misc]
            person.ready()
        wanted = truth[person.item(item).name]
        near = False
        if finding:
            person.tap(Key.Key_F)
            near = settled(person, item) and apart(corners(person, item), wanted) < jitter
            found += near
            if not near and person.value("border", item) is not None:
                person.tap(Key.Key_V, Key.Key_Delete, Key.Key_Q)
                person.kept()
        if not near:
            hand = wanted + chance.normal(0, jitter, (4, 2))
            person.click_at(*((float(x), float(y)) for x, y in hand))
            clicked.append(apart(hand, wanted))
            settled(person, item)
        after.append(apart(corners(person, item), wanted))
    sure = np.array(after)
    words = (
        f"{sure.mean():.2f} px (median {np.median(sure):.2f}, worst {sure.max():.2f}; {np.mean(sure < 1):.0%} under 1)"
    )
    words += f", clicked {np.mean(clicked):.2f}" if clicked else ""
    words += f"; found by itself {found}" if finding else ""
    return person.counter.count, words


def settled(person: Person, item: int) -> bool:
    """Wait until a border was found or snapped; whether there is one."""
    end = time.monotonic() + 1.5
    person.wait(lambda: time.monotonic() > end or bool(person.tab.editing.editor._sure))  # type: ignore[union-attr]
    person.kept()
    return isinstance(person.value("border", item), Boxes)


def corners(person: Person, item: int) -> NDArray[np.float64]:
    value = person.value("border", item)
    assert isinstance(value, Boxes)
    return np.reshape(value.shapes[0].polygons[0], (4, 2))
