"""What lies between a folder in somebody's format and the store: a plan of what comes in, contents that go out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import Cancelled
from training.datasets.attributes import NOTHING, Attributes
from training.datasets.formats.problems import Problems
from training.datasets.heads import HeadDef
from training.datasets.records import Origin
from training.datasets.values import Value

__all__ = [
    "NO_OPTIONS",
    "Contents",
    "ContentsItem",
    "MaskFile",
    "Plan",
    "PlannedItem",
    "PlannedLabel",
    "ReadOptions",
    "Said",
    "TargetFile",
    "TargetFiles",
    "stop_if",
]


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a person says about a folder, where the format leaves it open.

    Attributes:
        head: what the question is called; "" for the format's own word.
        labels: of a table: question -> its column, or "column:kind".
        columns: of a table: "file", "split", "source" or "group" -> its column.
    """

    head: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)


NO_OPTIONS = ReadOptions()


@dataclass(frozen=True, slots=True)
class MaskFile:
    """A mask that is still a file of its own: one channel, or a palette, whose values are indices of categories.

    Attributes:
        path: of the picture.
        values: the file's values -> indices of the head's categories, where they are not the same; what is not in it
            becomes 255, unknown.
    """

    path: Path
    values: Mapping[int, int] | None = None


@dataclass(frozen=True, slots=True)
class TargetFile:
    """A picture that a head is to answer with, still a file of its own.

    Attributes:
        path: of a picture, or of a NumPy archive with one array.
        role: what it is, such as "recoloured" or "normals".
        params: what was asked for, such as the colour.
    """

    path: Path
    role: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TargetFiles:
    """All pictures that a head is to answer with for one item."""

    targets: tuple[TargetFile, ...]


PlannedLabel = Value | MaskFile | TargetFiles


@dataclass(frozen=True, slots=True)
class Said:
    """Who gave a label, when (ISO 8601 to the second, UTC) and how, as ``training.datasets.records.Label``."""

    annotator: str
    time: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """A picture that is to come in.

    Attributes:
        path: of its file, which is there.
        labels: head -> what it is; a head that is not in it is unknown.
        split: "train", "val", "test" or "".
        source: where it comes from, such as "real"; "" for none.
        group: what must never be split, such as a scene; "" for none.
        size: width and height as the format says, to be compared with the picture; None where it says none.
        said: head -> who gave the label; a head that is not in it counts as imported now.
        frozen: whether the split is fixed.
        metadata: what else is known of it, by name.
    """

    path: Path
    labels: Mapping[str, PlannedLabel] = field(default_factory=dict)
    split: str = ""
    source: str = ""
    group: str = ""
    size: tuple[int, int] | None = None
    said: Mapping[str, Said] = field(default_factory=dict)
    frozen: bool = False
    metadata: Attributes = NOTHING


@dataclass(frozen=True, slots=True)
class Plan:
    """What a folder holds.

    Attributes:
        format: name of the format it was read as.
        heads: the questions, with all their categories.
        items: gives the items, one by one, as often as it is called; adds to ``problems`` while it goes.
        problems: what was left out, and why.
        total: how many items there may be at most; None where that is not known.
    """

    format: str
    heads: tuple[HeadDef, ...]
    items: Callable[[], Iterator[PlannedItem]]
    problems: Problems
    total: int | None = None


@dataclass(frozen=True, slots=True)
class ContentsItem:
    """A picture that goes out.

    Attributes:
        path: of its file, which is there.
        name: a path with forward slashes, of no other item's, that any system takes.
        said: head -> who gave the label.

    The others are those of ``PlannedItem``.
    """

    path: Path
    name: str
    width: int
    height: int
    labels: Mapping[str, Value] = field(default_factory=dict)
    split: str = ""
    source: str = ""
    group: str = ""
    said: Mapping[str, Said] = field(default_factory=dict)
    frozen: bool = False
    metadata: Attributes = NOTHING


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes out of a dataset.

    Attributes:
        name: of the dataset.
        heads: its questions.
        items: gives the items, one by one, as often as it is called.
        blob: the file in which the content with a SHA-256 is kept.
    """

    name: str
    heads: tuple[HeadDef, ...]
    items: Callable[[], Iterator[ContentsItem]]
    blob: Callable[[str], Path]

    def of_kind(self, *kinds: str) -> tuple[HeadDef, ...]:
        """The heads of these kinds, in their order."""
        return tuple(head for head in self.heads if head.kind in kinds)


def stop_if(cancel: threading.Event | None) -> None:
    """Raise ``Cancelled`` when ``cancel`` is set."""
    if cancel is not None and cancel.is_set():
        raise Cancelled
