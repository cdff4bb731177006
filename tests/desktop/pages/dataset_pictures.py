"""A dataset of small pictures that are really there, for the tests of the Dataset page."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image

from desktop.pages.dataset.state import DatasetState
from training.datasets.heads import HeadDef
from training.datasets.records import NewItem, Split
from training.datasets.values import Value

__all__ = ["labelled_zip", "look", "made", "write"]


def write(path: Path, seed: int) -> bytes:
    """A picture of noise; its SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 255, (24, 32, 3), np.uint8)
    Image.fromarray(pixels).save(path)
    return hashlib.sha256(path.read_bytes()).digest()


def labelled_zip(path: Path, kind: str) -> Path:
    """A zip of three pictures with labels, "folders" or "coco", in a folder of its own as people zip them."""
    given = path.parent / f"given {kind}"
    for number, name in enumerate(("wood", "wood", "stone")):
        write(given / (f"{name}/{number}.png" if kind == "folders" else f"images/{number}.png"), 50 + number)
    if kind == "coco":
        size = {"width": 32, "height": 24}
        document = {
            "images": [{"id": number + 1, "file_name": f"{number}.png"} | size for number in range(3)],
            "categories": [{"id": 1, "name": "stone"}, {"id": 2, "name": "wood"}],
            "annotations": [
                {"id": number + 1, "image_id": number + 1, "category_id": kind_, "bbox": [2, 3, 9, 8]}
                for number, kind_ in enumerate((2, 2, 1))
            ],
        }
        (given / "annotations.json").write_text(json.dumps(document))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in sorted(given.rglob("*")):
            if one.is_file():
                archive.write(one, f"walls/{one.relative_to(given).as_posix()}")
    return path


def made(
    state: DatasetState,
    folder: Path,
    heads: tuple[HeadDef, ...],
    labels: list[Mapping[str, Value | None]],
    splits: Mapping[int, Split] | None = None,
) -> list[int]:
    """A dataset with a picture for each of ``labels``, looked at; the ids of its items."""
    dataset = state.store.create("walls", heads).id
    items = []
    for number, said in enumerate(labels):
        path = folder / f"{number}.png"
        content = write(path, number)
        split = (splits or {}).get(number, "")
        source = "real" if number % 2 else "drawn"
        place = os.fsencode(path)
        items.append(NewItem(content, place, labels=said, width=32, height=24, size=9, split=split, source=source))
    added = state.store.add_items(dataset, items)
    state.select(dataset)
    look(state)
    return list(added.new)


def look(state: DatasetState) -> None:
    """Read what is wanted, as the page does."""
    state.take(state.read(state.selected, state.wanted))
