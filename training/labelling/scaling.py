"""A label of one picture brought to the size of another that shows the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from training.datasets.blobs import BlobStore
from training.datasets.formats.rle import from_pixels, to_pixels
from training.datasets.shapes import Rle, Shape
from training.datasets.values import Boxes, Mask, Value
from training.labelling.drafts import CompressedMask, to_value

__all__ = ["PLACED", "alike", "scaled"]

PLACED = frozenset({"boxes", "mask"})
"""Kinds of labels that say where in the picture something is."""

_ASPECT = 0.01
"""The share by which two pictures may differ in their ratio of width to height and be scaled copies: of thumbnails, a
pixel of rounding."""

Size = tuple[int, int]
"""Width and height, pixels."""


def alike(one: Size, other: Size) -> bool:
    """Whether one may be the other at another scale: both known, and as wide for their height."""
    if min(*one, *other) < 1:
        return False
    ratio = (one[0] * other[1]) / (one[1] * other[0])
    # A pixel more or less, where that is more than the share
    slack = max(_ASPECT, 1 / min(*one, *other))
    return abs(ratio - 1) <= slack


def scaled(value: Value, size: Size, to: Size, blobs: BlobStore) -> Value:
    """``value`` for a picture of the size ``to``, stretched where it has another shape; itself where both are the same,
    and where it says nothing of places.

    Args:
        value: of a picture of ``size``.
        size: at least 1 x 1.
        to: likewise.
        blobs: of the dataset store; a scaled mask is kept there.

    Raises:
        WorkspaceError: a mask can't be read or written.
    """
    if size == to or value.kind not in PLACED:
        return value
    if isinstance(value, Boxes):
        return Boxes(tuple(_shape(shape, size, to) for shape in value.shapes))
    if isinstance(value, Mask):
        from training.datasets.masks import read_mask  # OpenCV: only where a mask is scaled

        return to_value(blobs, CompressedMask.of(read_mask(blobs, value), *to))
    return value


def _shape(shape: Shape, size: Size, to: Size) -> Shape:
    across, down = to[0] / size[0], to[1] / size[1]
    factors = (across, down)
    polygons = tuple(
        tuple(number * factors[place % 2] for place, number in enumerate(points)) for points in shape.polygons
    )
    return replace(
        shape,
        left=shape.left * across,
        top=shape.top * down,
        width=shape.width * across,
        height=shape.height * down,
        polygons=polygons,
        rle=None if shape.rle is None else _rle(shape.rle, to),
    )


def _rle(rle: Rle, to: Size) -> Rle:
    inside = to_pixels(rle.counts, rle.width, rle.height).astype(np.uint8)
    grown = CompressedMask.of(inside, *to).painted().indices
    return Rle(from_pixels(grown.astype(bool)), to[1], to[0])
