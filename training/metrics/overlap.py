"""How much two things cover each other, by their boxes or by their pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Runs", "box_areas", "box_overlaps", "mask_areas", "mask_overlaps", "runs_of"]

Runs = Sequence[int]
"""A mask as run lengths, outside and inside by turns, outside first, as ``training.datasets.shapes.Rle.counts``. Down
the columns or along the rows: the same for all that are compared.
"""


def runs_of(pixels: NDArray[np.bool_]) -> tuple[int, ...]:
    """The run lengths of bool (H, W), down the columns as COCO has them."""
    flat = pixels.T.ravel()
    changes = np.flatnonzero(np.diff(flat, prepend=False))
    return tuple(np.diff(changes, prepend=0, append=len(flat)).tolist())


def box_areas(boxes: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Of boxes (K, 4): left, top, right, bottom; float64 (K,)."""
    sides = boxes[:, 2:].astype(np.float64) - boxes[:, :2]
    areas: NDArray[np.float64] = sides[:, 0] * sides[:, 1]
    return areas


def mask_areas(masks: Sequence[Runs]) -> NDArray[np.float64]:
    """Pixels inside of each, float64 (K,)."""
    return np.array([sum(mask[1::2]) for mask in masks], np.float64)


def box_overlaps(
    boxes: NDArray[np.floating[Any]], others: NDArray[np.floating[Any]], crowd: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Intersection over union of boxes (D, 4) and (G, 4), left, top, right, bottom in one unit; float64 (D, G), 0 to 1.

    Where the other is a ``crowd`` (G,), many things at once, it is the share of the box that lies in it.
    """
    first, second = boxes.astype(np.float64)[:, None], others.astype(np.float64)[None]
    sides = np.minimum(first[..., 2:], second[..., 2:]) - np.maximum(first[..., :2], second[..., :2])
    both = np.maximum(sides, 0).prod(axis=2)
    return _shares(both, box_areas(boxes), box_areas(others), crowd)


def mask_overlaps(masks: Sequence[Runs], others: Sequence[Runs], crowd: NDArray[np.bool_]) -> NDArray[np.float64]:
    """As ``box_overlaps``, of pixels: D masks and G others of the same pictures; float64 (D, G)."""
    edges = [np.cumsum(np.asarray(mask, np.int64)) for mask in masks]
    starts = np.concatenate([np.empty(0, np.int64), *(edge[:-1:2] for edge in edges)])
    stops = np.concatenate([np.empty(0, np.int64), *(edge[1::2] for edge in edges)])
    owner = np.repeat(np.arange(len(masks)), [len(mask) // 2 for mask in masks])
    both = np.zeros((len(masks), len(others)))
    for place, other in enumerate(others):
        inside = _inside_before(other, stops) - _inside_before(other, starts)
        both[:, place] = np.bincount(owner, inside, minlength=len(masks))
    return _shares(both, mask_areas(masks), mask_areas(others), crowd)


def _inside_before(mask: Runs, places: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many pixels before each of ``places`` are inside."""
    edges = np.cumsum(np.asarray(mask, np.int64))
    starts, stops = edges[:-1:2], edges[1::2]
    if not len(stops):
        return np.zeros(len(places), np.int64)
    starts = starts[: len(stops)]
    whole = np.append(0, np.cumsum(stops - starts))
    run = np.searchsorted(starts, places, side="right") - 1  # the last one that begins at or before the place
    part = np.minimum(places - starts[run], (stops - starts)[run])
    return np.where(run < 0, 0, whole[run] + part)


def _shares(
    both: NDArray[np.float64], ones: NDArray[np.float64], others: NDArray[np.float64], crowd: NDArray[np.bool_]
) -> NDArray[np.float64]:
    whole = np.where(crowd[None], ones[:, None], ones[:, None] + others[None] - both)
    return np.divide(both, whole, out=np.zeros_like(both), where=both > 0)
