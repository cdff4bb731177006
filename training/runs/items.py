"""``items.jsonl``: the pictures of a run with their labels, as they were when it was prepared."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from models.errors import DatasetError, TrainingError
from models.sources import Source
from models.workspace import atomic_file, reason
from training.datasets.heads import HeadDef, heads_from_json, heads_to_json
from training.datasets.records import SPLITS, Split
from training.datasets.values import VALUES, Value

__all__ = ["RunItem", "RunItems", "read_items", "write_items"]

_VERSION = 1


@dataclass(frozen=True, slots=True)
class RunItem:
    """One picture.

    Attributes:
        key: SHA-256 of the file's bytes, 64 hexadecimal digits.
        path: of the file or zip, absolute, as ``os.fsdecode`` gives it: it may hold bytes that are no text.
        member: the name inside the zip; "" for a file.
        split: what it is for.
        source: where it comes from; "" when that does not matter.
        group: what belongs together; "" for none.
        width: pixels of the upright picture; 0 when not known.
        height: likewise.
        labels: by head name; a missing one is unknown.
    """

    key: str
    path: str
    member: str = ""
    split: Split = "train"
    source: str = ""
    group: str = ""
    width: int = 0
    height: int = 0
    labels: Mapping[str, Value] = field(default_factory=dict)

    @property
    def place(self) -> Source:
        """To be read."""
        return Source(Path(self.path), self.member or None)


@dataclass(frozen=True, slots=True)
class RunItems:
    """All pictures of a run.

    Attributes:
        heads: the questions.
        blobs: the folder of masks and targets (``training.datasets.blobs.BlobStore``), absolute.
        items: in a fixed order.
    """

    heads: tuple[HeadDef, ...]
    blobs: Path
    items: tuple[RunItem, ...]

    def of(self, split: Split) -> tuple[RunItem, ...]:
        """The items of one split."""
        return tuple(item for item in self.items if item.split == split)


def write_items(path: Path, heads: Sequence[HeadDef], blobs: Path, items: Iterable[RunItem]) -> None:
    """Write ``items`` to ``path``, whole or not at all.

    Raises:
        OSError: it can't be written.
    """
    rows = list(items)
    header = {"version": _VERSION, "heads": heads_to_json(heads), "blobs": str(blobs), "items": len(rows)}
    with atomic_file(path) as file:
        file.write(_line(header))
        for item in rows:
            file.write(_line(_to_json(item)))


def read_items(path: Path) -> RunItems:
    """The counterpart of ``write_items``.

    Raises:
        TrainingError: the file is missing, damaged or cut off, or of a later version.
    """
    try:
        with path.open("rb") as file:
            header = json.loads(next(file, b""))
            if header["version"] != _VERSION:
                raise TrainingError(f"{path} was written by another Sortwerk than this one; update it.")
            heads = heads_from_json(header["heads"])
            kinds = {head.name: VALUES[head.kind] for head in heads}
            items = tuple(_from_json(json.loads(line), kinds) for line in file)
    except OSError as error:
        raise TrainingError(
            f"The pictures of the run can't be read from {path} ({reason(error)}); prepare the run anew."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, DatasetError) as error:
        raise TrainingError(f"{path} is damaged; prepare the run anew.") from error
    if len(items) != header.get("items", len(items)):
        raise TrainingError(f"{path} is cut off after {len(items):,} pictures; prepare the run anew.")
    return RunItems(heads, Path(header["blobs"]), items)


def _to_json(item: RunItem) -> dict[str, Any]:
    return {
        "key": item.key,
        "path": item.path,
        "member": item.member,
        "split": item.split,
        "source": item.source,
        "group": item.group,
        "width": item.width,
        "height": item.height,
        "labels": {name: value.to_json() for name, value in item.labels.items()},
    }


def _from_json(data: Mapping[str, Any], kinds: Mapping[str, type[Value]]) -> RunItem:
    if data["split"] not in SPLITS:
        raise ValueError(data["split"])
    labels = {name: kinds[name].from_json(value) for name, value in data["labels"].items()}
    return RunItem(
        data["key"],
        os.fspath(data["path"]),
        data["member"],
        data["split"],
        data["source"],
        data["group"],
        data["width"],
        data["height"],
        MappingProxyType(labels),
    )


def _line(data: Any) -> bytes:
    return json.dumps(data, separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"
