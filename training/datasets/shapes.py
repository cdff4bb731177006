"""One thing in a picture: its box, and if it is known its outline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.errors import DatasetError
from training.datasets.attributes import NOTHING, Attributes
from training.datasets.checks import finite, whole
from training.datasets.names import checked_name

__all__ = ["Rle", "Shape"]


@dataclass(frozen=True, slots=True)
class Rle:
    """A mask as run lengths, column by column, beginning with the background (COCO's uncompressed form).

    Attributes:
        counts: lengths of the runs, background and thing by turns; their sum is ``height`` x ``width``.
        height: pixels.
        width: pixels.
    """

    counts: tuple[int, ...]
    height: int
    width: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts", tuple(whole("a run length", count, 0) for count in self.counts))
        whole("the height of a mask", self.height, 1)
        whole("the width of a mask", self.width, 1)
        if sum(self.counts) != self.height * self.width:
            raise DatasetError("The run lengths of a mask don't add up to its size; correct the file.")


@dataclass(frozen=True, slots=True)
class Shape:
    """One thing in a picture. The corners of a card are a shape whose polygon has four points.

    Attributes:
        category: what it is.
        left: of the box, pixels; may lie outside of the picture, as labels of cut-off things do.
        top: likewise.
        width: of the box, pixels, 0 or more.
        height: likewise.
        polygons: its outline, in one or more parts: x, y, x, y, ... of at least three points each.
        rle: its pixels, where polygons can't say them (holes, crowds); None where they can.
        crowd: whether it is many things at once (COCO's ``iscrowd``).
        attributes: what else is known of it, by name, such as {"occluded": true}; any mapping of JSON is taken.
    """

    category: str
    left: float
    top: float
    width: float
    height: float
    polygons: tuple[tuple[float, ...], ...] = ()
    rle: Rle | None = None
    crowd: bool = False
    attributes: Attributes = NOTHING

    def __post_init__(self) -> None:
        checked_name("category", self.category)
        for side in ("left", "top", "width", "height"):
            object.__setattr__(self, side, finite(f"the {side} of a box", getattr(self, side)))
        if self.width < 0 or self.height < 0:
            raise DatasetError(f"A box of {self.category} has a size below 0; correct it.")
        object.__setattr__(self, "polygons", tuple(_polygon(self.category, one) for one in self.polygons))
        object.__setattr__(self, "crowd", bool(self.crowd))
        object.__setattr__(self, "attributes", Attributes.of(self.attributes))

    def to_json(self) -> dict[str, Any]:
        """For ``json.dumps``; what is empty is left out."""
        found: dict[str, Any] = {"category": self.category, "box": [self.left, self.top, self.width, self.height]}
        if self.polygons:
            found["polygons"] = [list(one) for one in self.polygons]
        if self.rle is not None:
            found["rle"] = {"counts": list(self.rle.counts), "height": self.rle.height, "width": self.rle.width}
        if self.crowd:
            found["crowd"] = True
        if self.attributes:
            found["attributes"] = self.attributes.to_json()
        return found

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Shape:
        """The counterpart of ``to_json``.

        Raises:
            DatasetError, KeyError, TypeError, ValueError: it is none.
        """
        left, top, width, height = data["box"]
        rle = data.get("rle")
        return cls(
            data["category"],
            left,
            top,
            width,
            height,
            tuple(tuple(one) for one in data.get("polygons", ())),
            None if rle is None else Rle(tuple(rle["counts"]), rle["height"], rle["width"]),
            data.get("crowd", False),
            Attributes(data["attributes"]) if data.get("attributes") else NOTHING,
        )


def _polygon(category: str, points: Sequence[float]) -> tuple[float, ...]:
    if len(points) < 6 or len(points) % 2:
        raise DatasetError(f"An outline of {category} has fewer than three points, or half a point; correct it.")
    return tuple(finite("a corner of an outline", number) for number in points)
