"""Cabinets whose parts a person paints by rough boxes and strokes: for ``labelling_keys``."""

from __future__ import annotations

import csv
import math
import shutil
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from desktop.labelling.mask import MaskEditor
from tests.benchmarks.labelling import BOX_NOISE, largest_stroke, mean_iou, things
from tests.benchmarks.labelling_person import Count, Person
from tests.end_to_end.dataset_hands import CONTROL, Key
from tests.end_to_end.test_window_label import SHIFT
from training.datasets.masks import read_mask
from training.datasets.values import Mask


def cabinets(data: Path, home: Path, count: int) -> tuple[Path, dict[str, NDArray[np.uint8]]]:
    folder = home / "cabinets"
    folder.mkdir()
    with (data / "furniture" / "triples.csv").open() as file:
        scenes = {row["scene"]: row["split"] for row in csv.DictReader(file)}
    order = sorted(scenes, key=lambda scene: (("test", "val", "train").index(scenes[scene]), int(scene)))[:count]
    truth = {}
    for scene in order:
        name = f"s{int(scene):03d}"
        shutil.copy(data / "furniture" / "images" / f"{name}_src.png", folder / f"{name}_src.png")
        mask = cv2.imread(str(data / "furniture" / "masks" / f"{name}.png"), cv2.IMREAD_UNCHANGED)
        truth[f"{name}_src.png"] = np.asarray(mask, np.uint8)
    return folder, truth


def paint(person: Person, truth: dict[str, NDArray[np.uint8]], strokes: int, seed: int) -> tuple[Count, str]:
    ious, right, parts = [], [], 0
    for item in list(person.shown):
        if person.current != item:
            person.tap(Key.Key_D)
            person.wait(lambda item=item: person.current == item)  # type: ignore[misc]
            person.ready()
        wanted = truth[person.item(item).name]
        parts += paint_one(person, item, wanted, strokes, np.random.default_rng(seed))
        value = person.value("area", item)
        assert isinstance(value, Mask)
        found = read_mask(person.page.state.store.blobs, value)
        ious.append(mean_iou(found, wanted))
        right.append(float(np.mean(found == wanted)))
    words = f"mean IoU {np.mean(ious):.3f} (lowest {min(ious):.3f}), {np.mean(right):.1%} of the pixels, {parts} parts"
    return person.counter.count, words


def paint_one(person: Person, item: int, wanted: NDArray[np.uint8], strokes: int, chance: np.random.Generator) -> int:
    editor = person.tab.editing.editor
    assert isinstance(editor, MaskEditor)
    person.wait(lambda: editor._painting is not None and editor._subject is not None and editor._subject.item == item)
    assert editor._painting is not None
    height, width = wanted.shape
    waiting = list(things(wanted))
    for place, (index, thing) in enumerate(waiting):
        later = np.zeros(wanted.shape, np.bool_)
        for _, other in waiting[place + 1 :]:
            later |= other
        if editor._category != index:
            person.tap(Key[f"Key_{index + 1}"])
        if editor._tool != "rough":
            person.tap(Key.Key_R)
        rows, columns = np.nonzero(thing)
        off = 2 + np.abs(chance.normal(0, BOX_NOISE, 4))
        left, top = max(0.0, columns.min() - off[0]), max(0.0, rows.min() - off[1])
        right, bottom = min(width, columns.max() + 1 + off[2]), min(height, rows.max() + 1 + off[3])
        person.drag((left, top), ((left + right) / 2, (top + bottom) / 2), (right, bottom))
        answered(person, editor)
        boxed = np.zeros(wanted.shape, np.bool_)
        boxed[int(top) : math.ceil(bottom), int(left) : math.ceil(right)] = True
        for _ in range(strokes):
            painted = editor._painting.indices == index
            wrong = (painted & (wanted != index) & ~later & boxed) | (thing & ~painted)
            stroke = largest_stroke(wrong)
            if stroke is None or np.count_nonzero(wrong) < 0.02 * np.count_nonzero(thing):
                break
            belongs = bool(thing[stroke].mean() > 0.5)
            ends = ends_of(stroke)
            person.drag(ends[0], *ends, held=SHIFT if belongs else CONTROL)
            answered(person, editor)
    return len(waiting)


def answered(person: Person, editor: MaskEditor) -> None:
    hand = editor._hand
    assert hand is not None
    person.wait(lambda: hand._rough is None or not hand._rough.pending)


def ends_of(stroke: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """The way of a hand along a stroke: from one end over the middle to the other."""
    points = np.argwhere(stroke)[:, ::-1] + 0.5
    middle = points.mean(axis=0)
    _, _, axes = np.linalg.svd(points - middle, full_matrices=False)
    along = (points - middle) @ axes[0]
    return [tuple(points[int(np.argmin(np.abs(along - at)))]) for at in (along.min(), 0.0, along.max())]
