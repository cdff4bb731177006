"""A picture with its labels, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.errors import DatasetError

__all__ = ["UNKNOWN", "Augmented", "Sample"]

UNKNOWN = 255
"""A mask's pixel that nobody knows: also what comes in from beyond the edge."""

_NO_BOXES, _NO_POINTS, _NO_OWNERS = np.empty((0, 4)), np.empty((0, 2)), np.empty(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """What is varied together. Coordinates are pixels; (0, 0) is the outer corner of the first one.

    Attributes:
        image: uint8 (H, W, 3) RGB.
        masks: uint8 (H, W) each, indices of categories; 255 is unknown.
        boxes: float64 (N, 4): left, top, right, bottom; may reach beyond the picture.
        polygons: float64 (P, 2) each, P at least 3: outlines.
        owners: int64, one a polygon: the place of the box whose outline it is, -1 for none. A box with outlines is
            measured anew by them, one without by its corners.
        backgrounds: for each mask the index that is the background, -1 for none; () for none in any. The first mask
            that has one says what is a thing and what lies behind it.
        points: float64 (K, 2): key points, such as a card's corners; never clipped and never dropped.

    Raises:
        DatasetError: the forms do not fit each other.
    """

    image: NDArray[np.uint8]
    masks: tuple[NDArray[np.uint8], ...] = ()
    boxes: NDArray[np.float64] = field(default_factory=lambda: _NO_BOXES)
    polygons: tuple[NDArray[np.float64], ...] = ()
    owners: NDArray[np.int64] = field(default_factory=lambda: _NO_OWNERS)
    points: NDArray[np.float64] = field(default_factory=lambda: _NO_POINTS)
    backgrounds: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        image = self.image
        if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or not image.size:
            raise DatasetError("A picture to be varied must be RGB with one byte a colour; convert it.")
        for mask in self.masks:
            if mask.dtype != np.uint8 or mask.shape != image.shape[:2]:
                raise DatasetError(f"A mask must have one byte a pixel and the picture's size, {self.size}; scale it.")
        if self.backgrounds and len(self.backgrounds) != len(self.masks):
            raise DatasetError("There must be a background for each mask, -1 where it has none; correct them.")
        if self.boxes.ndim != 2 or self.boxes.shape[1] != 4 or not np.isfinite(self.boxes).all():
            raise DatasetError("Boxes must be four finite numbers each: left, top, right, bottom; correct them.")
        if any(one.ndim != 2 or one.shape[1] != 2 or len(one) < 3 for one in self.polygons):
            raise DatasetError("An outline must have three points or more, of two numbers each; correct it.")
        if not len(self.owners) and self.polygons:
            object.__setattr__(self, "owners", np.full(len(self.polygons), -1, np.int64))
        if len(self.owners) != len(self.polygons) or (self.owners >= len(self.boxes)).any():
            raise DatasetError("Every outline must name a box that is there, or none; correct the owners.")

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, pixels."""
        return self.image.shape[1], self.image.shape[0]

    def background(self, mask: int) -> int:
        """The index that is the background in a mask, by its place; -1 for none."""
        return self.backgrounds[mask] if self.backgrounds else -1

    @property
    def thing_mask(self) -> int:
        """The place of the mask that says what is a thing; -1 where none does."""
        return next((place for place, index in enumerate(self.backgrounds) if index >= 0), -1)

    @property
    def has_shapes(self) -> bool:
        """Whether there is a label that a mirrored border would contradict."""
        return bool(len(self.boxes) or self.polygons or len(self.points))


@dataclass(frozen=True, slots=True, eq=False)
class Augmented:
    """What came of a sample.

    Attributes:
        sample: the new one. Arrays that nothing was done to are those that were given.
        boxes_of: int64 (M,): of which box before each box is. Those hardly visible any more are dropped.
        polygons_of: int64, likewise of the polygons.
        matrix: float64 (3, 3): where a point of the picture before, in its coordinates, is now.
        done: keys of the operations that happened, in the order of the table.
        drawn: key -> the random numbers that an operation had, of those that happened.
    """

    sample: Sample
    boxes_of: NDArray[np.int64]
    polygons_of: NDArray[np.int64]
    matrix: NDArray[np.float64]
    done: tuple[str, ...]
    drawn: Mapping[str, list[float]]
