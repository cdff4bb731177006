"""Real data sets with problems planted in them, by a seed: what the checks of a dataset are measured with."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from models.images.decode import decode
from training.datasets.heads import HeadDef
from training.datasets.records import NewItem, Split
from training.datasets.store import DatasetStore
from training.datasets.values import Category
from training.pictures import read_table

__all__ = ["COPIES", "Original", "Planted", "parts", "plant", "textures"]

SEED = 20261124
Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Original:
    """A picture as it is in the data set: its file, labels by head, and split."""

    path: Path
    labels: Mapping[str, str]
    split: Split
    source: str = ""


@dataclass
class Planted:
    """A dataset in a store, and what is wrong with it: kind -> items, by the name of what was planted.

    Attributes:
        dataset: its id.
        problems: what was planted -> ids of the items concerned.
        pairs: what was planted -> (original, copy), for what concerns two.
        scored: ids of the items that count in figures; the others are there as in life.
        truth: id -> the true label of the first head, of those planted with a wrong one.
    """

    dataset: int = 0
    problems: dict[str, set[int]] = field(default_factory=dict)
    pairs: dict[str, set[tuple[int, int]]] = field(default_factory=dict)
    scored: set[int] = field(default_factory=set)
    truth: dict[int, str] = field(default_factory=dict)


def textures(data: Path) -> list[Original]:
    """All textures, with the head "material"."""
    root = data / "textures"
    return [
        Original(root / row["file"], {"material": row["category"]}, _split(row["split"]))
        for row in read_table(root / "labels.csv")
    ]


def parts(data: Path) -> list[Original]:
    """All parts, with the heads "part" and "colour"; what is not real is for training."""
    root = data / "parts"
    found = []
    for row in read_table(root / "labels.csv"):
        labels = {"part": row["part_id"]}
        if row["color_id"] != "9999":
            labels["colour"] = row["color_name"]
        found.append(Original(root / row["file"], labels, _split(row["split"] or "train"), row["source"]))
    return found


def _split(text: str) -> Split:
    splits: dict[str, Split] = {"train": "train", "val": "val", "test": "test"}
    return splits[text]


def _resized(rgb: Pixels, rng: np.random.Generator) -> bytes:
    factor = rng.uniform(0.5, 0.85)
    size = max(8, round(rgb.shape[1] * factor)), max(8, round(rgb.shape[0] * factor))
    return _png(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA))


def _compressed(rgb: Pixels, rng: np.random.Generator) -> bytes:
    return _jpeg(rgb, int(rng.integers(40, 75)))


def _brighter(rgb: Pixels, rng: np.random.Generator) -> bytes:
    factor = rng.uniform(1.15, 1.35) if rng.random() < 0.5 else rng.uniform(0.7, 0.85)
    return _jpeg(np.clip(rgb * factor, 0, 255).astype(np.uint8), 88)


def _cropped(rgb: Pixels, rng: np.random.Generator) -> bytes:
    cut = max(1, round(0.03 * min(rgb.shape[:2])))
    return _jpeg(rgb[cut:-cut, cut:-cut], 88)


COPIES: Mapping[str, Callable[[Pixels, np.random.Generator], bytes]] = MappingProxyType(
    {"resized": _resized, "re-encoded": _compressed, "brightened": _brighter, "cropped": _cropped}
)
"""What becomes of a near duplicate."""


def _blurred(rgb: Pixels, rng: np.random.Generator) -> bytes:
    return _jpeg(cv2.GaussianBlur(rgb, (0, 0), rng.uniform(0.008, 0.018) * max(rgb.shape[:2])), 90)


def _dark(rgb: Pixels, rng: np.random.Generator) -> bytes:
    return _jpeg((rgb * rng.uniform(0.06, 0.14)).astype(np.uint8), 90)


def _bright(rgb: Pixels, rng: np.random.Generator) -> bytes:
    return _jpeg((255 - (255 - rgb.astype(np.float32)) * rng.uniform(0.06, 0.18)).astype(np.uint8), 90)


def _flat(rgb: Pixels, rng: np.random.Generator) -> bytes:
    noise = rng.normal(0, 1, rgb.shape) + rng.integers(40, 216, 3)
    return _jpeg(np.clip(noise, 0, 255).astype(np.uint8), 90)


def _cut_off(rgb: Pixels, rng: np.random.Generator) -> bytes:
    data = _png(rgb) if rng.random() < 0.5 else _jpeg(rgb, 90)
    return data[: int(len(data) * rng.uniform(0.2, 0.8))]


def _noise(rgb: Pixels, rng: np.random.Generator) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + rng.bytes(2000)


REPLACED: Mapping[str, Callable[[Pixels, np.random.Generator], bytes]] = MappingProxyType(
    {"blurred": _blurred, "dark": _dark, "bright": _bright, "flat": _flat, "cut off": _cut_off, "no picture": _noise}
)
"""What a picture is replaced with."""


def plant(
    store: DatasetStore, folder: Path, originals: Sequence[Original], *, scored: Sequence[str], share: float = 0.03
) -> Planted:
    """Put ``originals`` into a new dataset, with problems.

    Args:
        store: where to.
        folder: where the files that are planted are written.
        originals: the pictures; none is changed.
        scored: the splits of the pictures that count in figures.
        share: of the pictures that get each kind of problem; 5 % get a wrong label in any case.
    """
    rng = np.random.default_rng(SEED)
    planting = _Planting(folder, originals, rng, share)
    names = list(originals[0].labels)
    heads = [
        HeadDef(name, "categories", tuple(sorted({one.labels[name] for one in originals if name in one.labels})))
        for name in dict.fromkeys(name for one in originals for name in one.labels)
    ]
    planted = Planted(dataset=store.create("Planted", heads).id)
    items = planting.items(names[0], heads[0].categories)
    store.add_items(planted.dataset, items)
    ids = {one.content: one.id for one in store.items(planted.dataset)}
    planted.scored = {ids[items[number].content] for number in planting.counting(scored)}
    planted.problems = {
        what: {ids[items[number].content] for number in numbers} for what, numbers in planting.problems.items()
    }
    planted.pairs = {
        what: {(ids[items[one].content], ids[items[other].content]) for one, other in pairs}
        for what, pairs in planting.pairs.items()
    }
    planted.truth = {ids[items[number].content]: name for number, name in planting.truth.items()}
    for number in planting.problems["missing"]:
        Path(os.fsdecode(items[number].path)).unlink()
    return planted


class _Planting:
    def __init__(self, folder: Path, originals: Sequence[Original], rng: np.random.Generator, share: float) -> None:
        self._folder, self._originals, self._rng = folder, originals, rng
        self._each = max(2, round(share * len(originals)))
        self.problems: dict[str, list[int]] = {}
        self.pairs: dict[str, list[tuple[int, int]]] = {}
        self.truth: dict[int, str] = {}
        self._origins = list(range(len(originals)))

    def counting(self, scored: Sequence[str]) -> list[int]:
        return [number for number, origin in enumerate(self._origins) if self._originals[origin].split in scored]

    def items(self, head: str, categories: Sequence[str]) -> list[NewItem]:
        rng, originals = self._rng, self._originals
        order = iter(rng.permutation(len(originals)).tolist())
        take = lambda count: [next(order) for _ in range(count)]  # noqa: E731  # each picture has one problem at most
        changed: dict[int, bytes] = {}
        for what, change in REPLACED.items():
            self.problems[what] = take(max(2, self._each if what == "blurred" else self._each // 3))
            for number in self.problems[what]:
                changed[number] = change(self._pixels(number), rng)
        self.problems["missing"] = take(max(2, self._each // 3))
        for number in self.problems["missing"]:
            changed[number] = originals[number].path.read_bytes() + b"\0"
        labels = [dict(one.labels) for one in originals]
        self.problems["wrong label"] = take(round(0.05 * len(originals)))
        for number in self.problems["wrong label"]:
            self.truth[number] = labels[number][head]
            labels[number][head] = str(rng.choice([name for name in categories if name != labels[number][head]]))
        items = [
            self._item(number, changed.get(number), labels[number], one.split) for number, one in enumerate(originals)
        ]
        self.problems["exact duplicate"] = take(self._each)
        for number in self.problems["exact duplicate"]:
            items.append(self._item(number, originals[number].path.read_bytes(), labels[number], ""))
            self._origins.append(number)
        leaks, contradictions = [], []
        for what, change in COPIES.items():
            self.pairs[what] = []
            for turn, number in enumerate(take(self._each)):
                one = originals[number]
                split: Split = one.split if turn % 2 else ("train" if one.split != "train" else "test")
                own = dict(labels[number])
                if turn % 5 == 0:
                    own[head] = str(rng.choice([name for name in categories if name != own[head]]))
                    contradictions.append((number, len(items)))
                if split != one.split:
                    leaks.append((number, len(items)))
                self.pairs[what].append((number, len(items)))
                items.append(self._item(number, change(self._pixels(number), rng), own, split))
                self._origins.append(number)
        self.pairs["leak"], self.pairs["contradiction"] = leaks, contradictions
        return items

    def _pixels(self, number: int) -> Pixels:
        path = self._originals[number].path
        return np.ascontiguousarray(decode(path.read_bytes(), path.name).on_grey())

    def _item(self, number: int, data: bytes | None, labels: Mapping[str, str], split: Split) -> NewItem:
        one = self._originals[number]
        path = one.path
        if data is None:
            data = path.read_bytes()
        else:
            path = self._folder / f"{len(list(self._folder.iterdir())):05d}_{one.path.stem}{_ending(data, one.path)}"
            path.write_bytes(data)
        facts = path.stat()
        return NewItem(
            hashlib.sha256(data).digest(),
            os.fsencode(path),
            source=one.source,
            size=facts.st_size,
            mtime_ns=facts.st_mtime_ns,
            labels={name: Category(label) for name, label in labels.items()},
            split=split,
        )


def _ending(data: bytes, path: Path) -> str:
    return ".jpg" if data[:2] == b"\xff\xd8" else ".png" if data[:4] == b"\x89PNG" else path.suffix


def _png(rgb: Pixels) -> bytes:
    return cv2.imencode(".png", rgb[..., ::-1])[1].tobytes()


def _jpeg(rgb: Pixels, quality: int) -> bytes:
    return cv2.imencode(".jpg", np.ascontiguousarray(rgb[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
