"""The labels of a picture painted over it: boxes, outlines and masks, in the colours of their categories. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from models.errors import SortwerkError

if TYPE_CHECKING:  # NumPy comes with them
    import numpy as np
    from numpy.typing import NDArray

    from training.datasets.blobs import BlobStore
    from training.datasets.heads import HeadDef
    from training.datasets.records import Item
    from training.datasets.shapes import Rle, Shape
    from training.datasets.values import Mask

__all__ = ["PAINTED", "paint", "paint_mask"]

PAINTED = ("mask", "boxes")
"""Kinds of question whose answers can be painted."""

_NOTHING = frozenset({"none", "sound", "clean", "undamaged"})
"""First categories of a mask that say that nothing is there, beside those that networks know."""

_FEW = 8
"""Things in a picture up to which each gets its name; with more, names would cover them."""


def paint(
    pixels: NDArray[np.uint8], item: Item, heads: Sequence[HeadDef], blobs: BlobStore
) -> NDArray[np.uint8] | None:
    """The picture with the answers to ``heads`` over it, or None where none of them can be painted.

    Args:
        pixels: uint8 (H, W, 3) RGB, the picture at whatever size; it stays as it is.
        item: whose labels are painted; their coordinates are pixels of its full size.
        heads: which questions; masks are painted first.
        blobs: where masks lie. One that is gone is left out.
    """
    import numpy as np

    from training.datasets.values import Boxes, Mask

    painted = None
    for head in sorted(heads, key=lambda one: PAINTED.index(one.kind) if one.kind in PAINTED else len(PAINTED)):
        value = item.labels.get(head.name)
        base = pixels if painted is None else painted
        if isinstance(value, Mask):
            over = _areas(base, value, head, blobs)
            painted = over if over is not None else painted
        elif isinstance(value, Boxes) and value.shapes:
            canvas = np.ascontiguousarray(base.copy())
            size = (item.width or pixels.shape[1], item.height or pixels.shape[0])
            for shape in value.shapes:
                _shape(canvas, shape, head, size, named=len(value.shapes) <= _FEW)
            painted = canvas
    return painted


def _areas(pixels: NDArray[np.uint8], mask: Mask, head: HeadDef, blobs: BlobStore) -> NDArray[np.uint8] | None:
    from training.datasets.masks import read_mask

    try:
        indices = read_mask(blobs, mask)
    except SortwerkError:
        return None  # the quality check names it
    return paint_mask(pixels, indices, head)


def paint_mask(pixels: NDArray[np.uint8], indices: NDArray[np.uint8], head: HeadDef) -> NDArray[np.uint8]:
    """The picture with a mask over it.

    Args:
        pixels: uint8 (H, W, 3) RGB; it stays as it is.
        indices: uint8, of any size: into the categories of ``head``; 255 is unknown and shown as nothing.
        head: whose mask it is.
    """
    import cv2
    import numpy as np

    from models.heads.mask import background
    from models.heads.painting import draw_areas
    from training.datasets.masks import UNKNOWN_PIXEL

    empty = background(head.categories)
    if empty is None and head.categories and head.categories[0].casefold() in _NOTHING:
        empty = 0
    painted = draw_areas(pixels, indices, empty)
    height, width = pixels.shape[:2]
    unknown = cv2.resize((indices == UNKNOWN_PIXEL).view(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
    painted[unknown > 0] = pixels[unknown > 0]
    return painted


def _shape(canvas: NDArray[np.uint8], shape: Shape, head: HeadDef, size: tuple[int, int], *, named: bool) -> None:
    import cv2
    import numpy as np

    from models.heads.painting import colour, draw_box

    height, width = canvas.shape[:2]
    known = shape.category in head.categories
    rgb = colour(head.categories.index(shape.category)) if known else (128, 128, 128)
    scale = np.array([width / size[0], height / size[1]])
    if shape.rle is not None:
        _runs(canvas, shape.rle, rgb)
    for polygon in shape.polygons:
        points = np.rint(np.array(polygon, np.float64).reshape(-1, 2) * scale).astype(np.int32)
        cv2.polylines(canvas, [points], True, rgb, max(1, round(max(height, width) / 400)), cv2.LINE_AA)
    left, top = shape.left / size[0], shape.top / size[1]
    right, bottom = left + shape.width / size[0], top + shape.height / size[1]
    clipped = [min(1.0, max(0.0, edge)) for edge in (left, top, right, bottom)]
    if not (head.options.get("quads") and shape.polygons):
        box = (clipped[0], clipped[1], clipped[2], clipped[3])
        if named:
            draw_box(canvas, box, shape.category, rgb)
        else:
            corners = [(round(x * width), round(y * height)) for x, y in (box[:2], box[2:])]
            cv2.rectangle(canvas, corners[0], corners[1], rgb, max(1, round(max(height, width) / 400)))


def _runs(canvas: NDArray[np.uint8], rle: Rle, rgb: tuple[int, int, int]) -> None:
    """The pixels of a thing, half transparent."""
    import cv2
    import numpy as np

    values = np.arange(len(rle.counts)) % 2
    flat = np.repeat(values, rle.counts).astype(np.uint8)
    area = np.ascontiguousarray(flat.reshape(rle.width, rle.height).T)
    area = cv2.resize(area, (canvas.shape[1], canvas.shape[0]), interpolation=cv2.INTER_NEAREST).astype(bool)
    canvas[area] = (canvas[area].astype(np.uint16) + np.array(rgb, np.uint16)) // 2
