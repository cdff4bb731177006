"""What a label can say, one form for each head kind, checked when it is made; and the JSON that keeps it.

Absence is no value: what nobody knows has no label. Coordinates are pixels of the upright picture at full size, (0, 0)
the outer corner of its first pixel.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any, ClassVar

from models.errors import DatasetError
from training.datasets.checks import finite, is_sha256, text_map, whole
from training.datasets.names import checked_name
from training.datasets.shapes import Rle, Shape

__all__ = [
    "VALUES",
    "Boxes",
    "Category",
    "Grade",
    "Mask",
    "Rle",
    "Shape",
    "Tags",
    "Target",
    "Targets",
    "Value",
    "from_text",
    "to_text",
]


@dataclass(frozen=True, slots=True)
class Category:
    """One of n (kind ``categories``). JSON: the name."""

    kind: ClassVar[str] = "categories"
    name: str

    def __post_init__(self) -> None:
        checked_name("category", self.name)

    def to_json(self) -> str:
        """For ``json.dumps``; so do all values."""
        return self.name

    @classmethod
    def from_json(cls, data: Any) -> Category:
        """The counterpart of ``to_json``; so have all values. Raises ``DatasetError``: it is none."""
        return cls(data)


@dataclass(frozen=True, slots=True)
class Tags:
    """Any of n (kind ``tags``); none of them is an answer too. JSON: the names, sorted."""

    kind: ClassVar[str] = "tags"
    names: frozenset[str]

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", frozenset(checked_name("category", name) for name in self.names))

    def to_json(self) -> list[str]:
        """As ``Category.to_json``."""
        return sorted(self.names)

    @classmethod
    def from_json(cls, data: Any) -> Tags:
        """As ``Category.from_json``."""
        return cls(frozenset(_list(data, "tags")))


@dataclass(frozen=True, slots=True)
class Grade:
    """A number on the head's scale (kind ``grade``). JSON: the number."""

    kind: ClassVar[str] = "grade"
    value: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", finite("a grade", self.value))

    def to_json(self) -> float:
        """As ``Category.to_json``."""
        return self.value

    @classmethod
    def from_json(cls, data: Any) -> Grade:
        """As ``Category.from_json``."""
        return cls(data)


@dataclass(frozen=True, slots=True)
class Mask:
    """A category for each pixel (kind ``mask``). Make one with ``training.datasets.masks.put_mask``.

    Attributes:
        blob: SHA-256, 64 small hexadecimal digits, of a PNG in the blob store: one channel, 8 bits, of indices into
            the head's categories; 255 is a pixel that nobody knows.
        width: pixels, of the PNG.
        height: likewise.
        present: the indices that occur in it, rising, without 255.
    """

    kind: ClassVar[str] = "mask"
    blob: str
    width: int
    height: int
    present: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not is_sha256(self.blob):
            raise DatasetError("A mask must name its picture by SHA-256; put the picture into the blob store first.")
        whole("the width of a mask", self.width, 1)
        whole("the height of a mask", self.height, 1)
        present = tuple(whole("a category's index in a mask", index, 0, 254) for index in self.present)
        object.__setattr__(self, "present", tuple(sorted(set(present))))

    def to_json(self) -> dict[str, Any]:
        """As ``Category.to_json``."""
        return {"blob": self.blob, "width": self.width, "height": self.height, "present": list(self.present)}

    @classmethod
    def from_json(cls, data: Any) -> Mask:
        """As ``Category.from_json``."""
        one = _object(data, "a mask")
        return cls(one["blob"], one["width"], one["height"], tuple(_list(one.get("present", []), "present")))


@dataclass(frozen=True, slots=True)
class Boxes:
    """What lies where (kind ``boxes``); nothing at all is an answer too. JSON: the shapes, in their order."""

    kind: ClassVar[str] = "boxes"
    shapes: tuple[Shape, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "shapes", tuple(self.shapes))
        if not all(isinstance(one, Shape) for one in self.shapes):
            raise DatasetError("The boxes of a picture must be shapes; make a Shape of each.")

    def to_json(self) -> list[dict[str, Any]]:
        """As ``Category.to_json``."""
        return [one.to_json() for one in self.shapes]

    @classmethod
    def from_json(cls, data: Any) -> Boxes:
        """As ``Category.from_json``."""
        return cls(tuple(Shape.from_json(_object(one, "a shape")) for one in _list(data, "boxes")))


@dataclass(frozen=True, slots=True)
class Target:
    """A picture that is the right answer to one, under ``params``.

    Attributes:
        blob: SHA-256 of the file in the blob store, or "" where ``path`` has it.
        path: of a file that stays where it is, or "".
        role: what the picture is, such as "recoloured", "normals" or "depth".
        params: what was asked for, such as {"colour": "#76689A", "classes": "drawer frame"}: text by name.
    """

    blob: str = ""
    path: str = ""
    role: str = ""
    params: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if bool(self.blob) == bool(self.path) or (self.blob and not is_sha256(self.blob)):
            raise DatasetError("A target must name its picture, either by SHA-256 or by path; give one of the two.")
        object.__setattr__(self, "params", text_map("a target's parameters", self.params))

    def __hash__(self) -> int:
        return hash((self.blob, self.path, self.role))

    def to_json(self) -> dict[str, Any]:
        """As ``Category.to_json``; what is empty is left out."""
        whole = {"blob": self.blob, "path": self.path, "role": self.role, "params": dict(self.params)}
        return {name: value for name, value in whole.items() if value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Target:
        """As ``Category.from_json``."""
        return cls(data.get("blob", ""), data.get("path", ""), data.get("role", ""), data.get("params", {}))


@dataclass(frozen=True, slots=True)
class Targets:
    """The right pictures (kind ``image``), one or several: a scene is recoloured into more than one colour."""

    kind: ClassVar[str] = "image"
    targets: tuple[Target, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "targets", tuple(self.targets))
        if not self.targets:
            raise DatasetError("No target is no label; leave the label out.")

    def to_json(self) -> list[dict[str, Any]]:
        """As ``Category.to_json``."""
        return [one.to_json() for one in self.targets]

    @classmethod
    def from_json(cls, data: Any) -> Targets:
        """As ``Category.from_json``."""
        return cls(tuple(Target.from_json(_object(one, "a target")) for one in _list(data, "targets")))


Value = Category | Tags | Grade | Mask | Boxes | Targets
"""What a label says."""

VALUES: Mapping[str, type[Value]] = MappingProxyType(
    {one.kind: one for one in (Category, Tags, Grade, Mask, Boxes, Targets)}
)
"""Head kind -> the form of its labels."""


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def to_text(value: Value) -> str:
    """JSON of one form only: equal values have equal text."""
    return _encode(value.to_json())


@lru_cache(maxsize=4096)
def from_text(kind: str, text: str) -> Value:
    """The counterpart of ``to_text``. Remembers the last few thousand: 100,000 labels often say but a dozen things.

    Raises:
        DatasetError: ``text`` is no label of ``kind``.
    """
    try:
        return VALUES[kind].from_json(json.loads(text))
    except (KeyError, TypeError, ValueError) as error:
        raise DatasetError(f"A label of the kind {kind} is damaged; make it anew.") from error


def _list(data: Any, what: str) -> list[Any]:
    if not isinstance(data, list | tuple):
        raise DatasetError(f"What should be a list of {what} is none; correct the file.")
    return list(data)


def _object(data: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise DatasetError(f"What should be {what} is no object; correct the file.")
    return data
