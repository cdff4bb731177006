"""Variants of a picture for the eye: no larger than they are shown, with their labels over them. No Qt.

Drawn from the sample itself: making labels of it first, with all their checks, would cost more than varying it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop.pages.dataset.painting import paint_mask

if TYPE_CHECKING:  # NumPy comes with them
    import numpy as np
    from numpy.typing import NDArray

    from training.augmentation.sample import Augmented
    from training.datasets.heads import HeadDef
    from training.datasets.varying import Loaded

__all__ = ["draw_variant"]

_FEW = 8  # boxes up to which each gets its name
_GREY = (128, 128, 128)  # of a category that the question does not have any more


def draw_variant(loaded: Loaded, made: Augmented, side: int, heads: Sequence[HeadDef]) -> NDArray[np.uint8]:
    """uint8 (H, W, 3) RGB: a variant.

    Args:
        loaded: what was varied.
        made: what came of it.
        side: pixels of the longer side at most.
        heads: whose labels are drawn over it.
    """
    import cv2

    pixels = made.sample.image
    scale = min(1.0, side / max(pixels.shape[:2]))
    if scale < 1:
        size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    for head in heads:
        if head.name in loaded.mask_heads:
            mask = made.sample.masks[loaded.mask_heads[head.name]]
            small = cv2.resize(mask, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_NEAREST)
            pixels = paint_mask(pixels, small, head)
    by_name = {head.name: head for head in heads}
    if not any(place.head in by_name for place in loaded.shapes):
        return pixels
    canvas = pixels.copy()
    for at, number in enumerate(made.boxes_of.tolist()):
        place = loaded.shapes[number]
        if place.head in by_name:
            _draw_shape(canvas, loaded, made, at, by_name[place.head], named=len(made.boxes_of) <= _FEW)
    return canvas


def _draw_shape(
    canvas: NDArray[np.uint8], loaded: Loaded, made: Augmented, at: int, head: HeadDef, *, named: bool
) -> None:
    import cv2
    import numpy as np

    from models.heads.painting import colour, draw_box

    sample, place = made.sample, loaded.shapes[int(made.boxes_of[at])]
    height, width = canvas.shape[:2]
    category = place.shape.category
    rgb = colour(head.categories.index(category)) if category in head.categories else _GREY
    if place.mask >= 0:
        small = cv2.resize(sample.masks[place.mask], (width, height), interpolation=cv2.INTER_NEAREST) == 1
        canvas[small] = (canvas[small].astype(np.uint16) + np.array(rgb, np.uint16)) // 2
    outlines = [one for one, owner in zip(sample.polygons, sample.owners.tolist(), strict=True) if owner == at]
    if place.corners >= 0:
        outlines = [sample.points[place.corners : place.corners + 4]]
    scale = np.array([width / sample.size[0], height / sample.size[1]])
    line = max(1, round(max(height, width) / 400))
    for one in outlines:
        cv2.polylines(canvas, [np.rint(one * scale).astype(np.int32)], True, rgb, line, cv2.LINE_AA)
    if place.corners >= 0:
        return
    left, top, right, bottom = (sample.boxes[at] / (sample.size * 2)).tolist()
    if named:
        draw_box(canvas, (left, top, right, bottom), category, rgb)
    else:
        ends = [(round(x * width), round(y * height)) for x, y in ((left, top), (right, bottom))]
        cv2.rectangle(canvas, ends[0], ends[1], rgb, line)
