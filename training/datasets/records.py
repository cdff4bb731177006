"""What goes into the dataset store and comes out of it: frozen records, and the query that chooses items."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from models.errors import DatasetError, one_line
from models.sources import Source
from training.datasets.attributes import NOTHING, Attributes
from training.datasets.heads import HeadDef
from training.datasets.reviews import ReviewFilter
from training.datasets.values import Value

__all__ = [
    "ORDERS",
    "SPLITS",
    "Dataset",
    "Item",
    "Label",
    "NewItem",
    "Order",
    "Origin",
    "Place",
    "Query",
    "Split",
    "Status",
]

Split = Literal["", "train", "val", "test"]
"""What an item is for; "" for nothing yet."""

SPLITS: tuple[Split, ...] = ("train", "val", "test", "")
Status = Literal["ok", "missing", "unreadable"]
Origin = Literal["person", "import", "model"]
"""Who said so: a person here, a file that was imported, a model whose answer nobody has looked at."""

Order = Literal["added", "newest", "name", "source", "split", "pixels", "group"]
ORDERS: tuple[Order, ...] = ("added", "newest", "name", "source", "split", "pixels", "group")
"""How items may be sorted; equal ones as they were added. "pixels": the smallest picture first."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Pictures and what is asked about them.

    Attributes:
        id: given by the store, never twice.
        name: for people; two may have the same.
        template: the name of a ``training.datasets.templates.Template``, or "".
        heads: the questions, in order.
        created: ISO 8601 to the second, UTC without saying so.
        trashed: when it went into the trash, likewise; None when it is not there.
    """

    id: int
    name: str
    template: str
    heads: tuple[HeadDef, ...]
    created: str
    trashed: str | None = None

    def head(self, name: str) -> HeadDef:
        """The question of that name.

        Raises:
            DatasetError: there is none.
        """
        for one in self.heads:
            if one.name == name:
                return one
        names = ", ".join(one_line(one.name) for one in self.heads) or "none yet"
        raise DatasetError(f"{one_line(self.name)} has no question {one_line(name)}; its questions are: {names}.")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a content lies.

    Attributes:
        path: of the file, or of the zip, as ``os.fsencode`` gives it.
        member: the name inside the zip; "" for a file.
    """

    path: bytes
    member: str = ""

    @property
    def source(self) -> Source:
        """To be read."""
        return Source(Path(os.fsdecode(self.path)), self.member or None)

    @property
    def text(self) -> str:
        """As a person reads it, one line."""
        return one_line(self.source.label).encode("utf-8", "replace").decode()


@dataclass(frozen=True, slots=True)
class Label:
    """What an item is by one head, and who says so when."""

    value: Value
    annotator: str
    time: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class NewItem:
    """What is to come into a dataset.

    Attributes:
        content: SHA-256 of the file's bytes, 32 bytes.
        path: of the file or zip, absolute, as ``os.fsencode`` gives it.
        member: the name inside the zip; "" for a file.
        source: where it comes from, such as "real" or "legacy"; "" when that does not matter.
        group: what must not be parted by a split, such as a burst; "" for none.
        width: pixels of the upright picture; 0 when it could not be read.
        height: likewise.
        size: of the file, bytes.
        mtime_ns: when the file was changed, nanoseconds since 1970; 0 when unknown.
        labels: by head name; what is missing or None is unknown. A ``Label`` says itself who says so, when and how;
            a value counts as imported now.
        split: what it is for.
        status: "unreadable" for what can't be a picture.
        note: a sentence about the status.
        annotator: who gave those labels that don't say.
        found_at: where the content was found, when ``path`` is a copy of it.
        metadata: what else is known of it, by name, as ``training.datasets.attributes.Attributes`` takes it.
    """

    content: bytes
    path: bytes
    member: str = ""
    source: str = ""
    group: str = ""
    width: int = 0
    height: int = 0
    size: int = 0
    mtime_ns: int = 0
    labels: Mapping[str, Value | Label | None] = field(default_factory=dict)
    split: Split = ""
    status: Status = "ok"
    note: str = ""
    annotator: str = ""
    found_at: Place | None = None
    metadata: Mapping[str, Any] = NOTHING

    def __post_init__(self) -> None:
        if not isinstance(self.metadata, Attributes):
            object.__setattr__(self, "metadata", Attributes(self.metadata))


@dataclass(frozen=True, slots=True)
class Item:
    """One content in a dataset.

    Attributes:
        id: given by the store, never twice.
        dataset: the id of its dataset.
        place: where it lies; the first place if there are several (``DatasetStore.places``).
        labels: by head name; a missing one is unknown.
        frozen: whether its split is fixed, as that of a test set should be.
        added: ISO 8601 to the second, UTC.
        trashed: when it went into the trash, likewise; None when it is not there.

    The others are those of ``NewItem``; its metadata the store reads only when asked (``DatasetStore.metadata``).
    """

    id: int
    dataset: int
    content: bytes
    place: Place
    source: str
    group: str
    width: int
    height: int
    size: int
    mtime_ns: int
    status: Status
    note: str
    split: Split
    frozen: bool
    added: str
    trashed: str | None
    labels: Mapping[str, Value]

    @property
    def path(self) -> bytes:
        """Of the file or zip, as ``os.fsencode`` gives it."""
        return self.place.path

    @property
    def name(self) -> str:
        """The file's name without its folders."""
        return one_line(self.place.source.name)


@dataclass(frozen=True, slots=True)
class Query:
    """Which items: those to which all that is given applies.

    Attributes:
        head: the question that ``category``, ``unlabelled`` and ``review`` are about; None for any.
        category: that the label names, also among others, or with one pixel of a mask.
        unlabelled: only what nobody has answered (``head``, or with None no question at all).
        review: only what stands so in its review.
        split: only of it; "" for what has none.
        source: only from it; "" for what has none.
        group: only of it.
        status: only of it.
        text: part of the path, in any letters.
        trashed: what is in the trash, instead of what is not.
        ids: only of these.
    """

    head: str | None = None
    category: str | None = None
    unlabelled: bool = False
    review: ReviewFilter | None = None
    split: Split | None = None
    source: str | None = None
    group: str | None = None
    status: Status | None = None
    text: str = ""
    trashed: bool = False
    ids: Collection[int] | NDArray[np.int64] | None = None
