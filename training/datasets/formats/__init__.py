"""In which formats datasets come and go: one module a format, and ``FORMATS``, the one table that lists them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from models.errors import DatasetError, one_line
from training.datasets.formats import (
    cards,
    coco,
    folders,
    layout,
    mask_folders,
    pairs,
    photometric,
    tabular,
    voc,
    yolo,
)
from training.datasets.formats.plan import NO_OPTIONS, Contents, Plan, ReadOptions
from training.datasets.formats.problems import Problems

__all__ = [
    "FORMATS",
    "Contents",
    "Format",
    "Plan",
    "Problems",
    "Read",
    "ReadOptions",
    "Write",
    "find_format",
    "recognise",
]


class Read(Protocol):
    """Plans what is in a folder or file."""

    def __call__(self, folder: Path, options: ReadOptions = NO_OPTIONS, /) -> Plan:
        """``options``: what a person says where the format leaves it open."""


class Write(Protocol):
    """Writes a dataset into an empty folder."""

    def __call__(
        self, contents: Contents, folder: Path, problems: Problems, /, *, cancel: threading.Event | None = None
    ) -> None:
        """``problems`` takes a sentence about everything that the format can't say."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Attributes:
        title: for people.
        says: what it can say, for people.
        recognise: from 0 (no) to 1, how surely a folder, or file, is in it. Never raises, opens no picture.
        read: plan what is in it. Raises ``DatasetError``.
        write: the counterpart. Raises ``DatasetError``, ``Cancelled``.
    """

    title: str
    says: str
    recognise: Callable[[Path], float]
    read: Read
    write: Write


def _format(title: str, says: str, module: _Module) -> Format:
    return Format(title, says, module.recognise, module.read, module.write)


class _Module(Protocol):
    """A module of a format."""

    @property
    def recognise(self) -> Callable[[Path], float]: ...
    @property
    def read(self) -> Read: ...
    @property
    def write(self) -> Write: ...


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "layout": _format("Sortwerk", "everything", layout),
        "folders": _format("A folder for each category", "one question with categories, splits", folders),
        "csv": _format("CSV", "categories, tags, grades, splits, sources, groups", tabular),
        "coco": _format("COCO", "boxes, polygons, regions, masks, names, grades, splits, sources, groups", coco),
        "yolo": _format("YOLO", "boxes or outlines of one question, splits", yolo),
        "voc": _format("Pascal VOC", "boxes and outlines of one question, splits", voc),
        "masks": _format("Masks beside pictures", "masks of one question, splits", mask_folders),
        "pairs": _format("Pictures and targets", "target pictures, masks, splits, groups", pairs),
        "photometric": _format("Photometric stereo", "normals, reflectance, depth, masks, groups", photometric),
        "cards": _format("Cards with their truth", "borders, grades, defects, masks, splits", cards),
    }
)
"""Name, as the command line takes it -> format."""


def find_format(name: str) -> Format:
    """The format of that name. Raises ``DatasetError``: there is none."""
    if name not in FORMATS:
        raise DatasetError(f"There is no format {one_line(name)}; the formats are {', '.join(FORMATS)}.")
    return FORMATS[name]


def recognise(path: Path) -> str:
    """The name of the format that ``path`` is most surely in.

    Raises:
        DatasetError: it is not there, or in none.
    """
    if not path.exists():
        raise DatasetError(f"{one_line(path)} is not there; check its name and place.")
    sure = {name: one.recognise(path) for name, one in FORMATS.items()}
    best = max(sure, key=lambda name: sure[name])
    if not sure[best]:
        raise DatasetError(
            f"{one_line(path)} is in no format that is known; choose a folder with a folder for each category, or one "
            f"in a format of these: {', '.join(one.title for one in FORMATS.values())}."
        )
    return best
