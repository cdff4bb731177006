"""Between items and ``training.augmentation``: an item as a sample, and the labels of what came of it."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.errors import DatasetError, SortwerkError, one_line
from models.heads.mask import background
from models.images.decode import decode
from training.augmentation.sample import Augmented, Sample
from training.datasets.attributes import Attributes
from training.datasets.blobs import BlobStore
from training.datasets.formats import rle
from training.datasets.heads import HeadDef
from training.datasets.masks import read_mask
from training.datasets.records import Item
from training.datasets.shapes import Rle, Shape
from training.datasets.values import Boxes, Mask, Targets, Value

__all__ = ["Loaded", "Place", "labels_after", "load", "load_decoded", "masks_after", "no_picture", "variant_index"]

_MOST_VARIANTS = 1 << 20

_PLACES = frozenset({"keypoints", "num_keypoints", "part"})
"""Attributes of shapes, as COCO and VOC name them, that hold coordinates; they are not varied."""


@dataclass(frozen=True, slots=True)
class Place:
    """A box of a sample.

    Attributes:
        head: whose answer it is in.
        shape: as it was.
        mask: the place of its own mask in the sample; -1 for none.
        corners: the place of the first of its four corners among the points; -1 for none.
    """

    head: str
    shape: Shape
    mask: int = -1
    corners: int = -1


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """An item that can be varied.

    Attributes:
        item: itself.
        sample: the picture, at the size that was asked for, and those of its labels that lie somewhere.
        mask_heads: head -> the place of its mask in the sample.
        shapes: one for each box of the sample.
    """

    item: Item
    sample: Sample
    mask_heads: Mapping[str, int]
    shapes: Sequence[Place]


def variant_index(item: int, variant: int) -> int:
    """The index under which an ``Augmenter`` makes a variant (0 or more) of an item, everywhere the same."""
    return item * _MOST_VARIANTS + variant


def load(item: Item, heads: Sequence[HeadDef], blobs: BlobStore, side: int | None = None) -> Loaded:
    """Read a picture and its labels.

    Args:
        item: which.
        heads: whose labels are wanted.
        blobs: where masks lie. One that is gone is left out.
        side: pixels of the longer side at most; None for the full size.

    Raises:
        FileError: the picture can't be read.
    """
    source = item.place.source
    picture = decode(source.read_picture(), source.name, max_side=side).on_grey()
    if side is not None and max(picture.shape[:2]) > side:
        scale = side / max(picture.shape[:2])
        size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return _Loading(item, np.ascontiguousarray(picture), blobs).loaded(heads)


def load_decoded(item: Item, picture: NDArray[np.uint8], heads: Sequence[HeadDef], blobs: BlobStore) -> Loaded:
    """As ``load``, of a picture that is decoded already, at any size: uint8 (H, W, 3)."""
    return _Loading(item, picture, blobs).loaded(heads)


class _Loading:
    """One item while it becomes a sample."""

    def __init__(self, item: Item, picture: NDArray[np.uint8], blobs: BlobStore) -> None:
        self._item, self._picture, self._blobs = item, picture, blobs
        self._size = (picture.shape[1], picture.shape[0])
        self._scale = np.array([self._size[0] / (item.width or self._size[0]), 1.0])
        self._scale[1] = self._size[1] / (item.height or self._size[1])
        self._masks: list[NDArray[np.uint8]] = []
        self._backgrounds: list[int] = []
        self._boxes: list[NDArray[np.float64]] = []
        self._polygons: list[NDArray[np.float64]] = []
        self._owners: list[int] = []
        self._points: list[NDArray[np.float64]] = []
        self._shapes: list[Place] = []

    def loaded(self, heads: Sequence[HeadDef]) -> Loaded:
        mask_heads: dict[str, int] = {}
        for head in heads:
            value = self._item.labels.get(head.name)
            mask = self._mask(value) if isinstance(value, Mask) else None
            if mask is not None:
                mask_heads[head.name] = len(self._masks)
                self._masks.append(mask)
                behind = background(head.categories)
                self._backgrounds.append(-1 if behind is None else behind)
        shaped = [(head, one) for head in heads for one in self._shapes_of(head)]
        if max(self._backgrounds, default=-1) < 0:
            union = self._union([shape for _, shape in shaped])
            if union.any():  # boxes alone say too little of what lies behind a thing
                self._masks.append(union)
                self._backgrounds.append(0)
        for head, shape in shaped:
            self._add(head, shape)
        sample = Sample(
            self._picture,
            tuple(self._masks),
            np.array(self._boxes, np.float64).reshape(-1, 4),
            tuple(self._polygons),
            np.array(self._owners, np.int64),
            np.concatenate(self._points) if self._points else np.empty((0, 2)),
            tuple(self._backgrounds),
        )
        return Loaded(self._item, sample, mask_heads, tuple(self._shapes))

    def _mask(self, value: Mask) -> NDArray[np.uint8] | None:
        try:
            return self._fitted(read_mask(self._blobs, value))
        except SortwerkError:
            return None  # the quality check names it

    def _fitted(self, mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
        fitted: NDArray[np.uint8] = cv2.resize(mask, self._size, interpolation=cv2.INTER_NEAREST)
        return fitted

    def _shapes_of(self, head: HeadDef) -> Sequence[Shape]:
        value = self._item.labels.get(head.name)
        return value.shapes if isinstance(value, Boxes) else ()

    def _add(self, head: HeadDef, shape: Shape) -> None:
        mask = corners = -1
        box = np.array([shape.left, shape.top, shape.left + shape.width, shape.top + shape.height])
        if shape.rle is not None:
            mask = len(self._masks)
            self._masks.append(self._pixels(shape.rle))
            self._backgrounds.append(-1)
        outlines = [np.array(one, np.float64).reshape(-1, 2) * self._scale for one in shape.polygons]
        if head.options.get("quads") and len(outlines) == 1 and len(outlines[0]) == 4:
            corners = sum(len(one) for one in self._points)
            self._points.append(outlines[0])
        else:
            self._owners += [len(self._boxes)] * len(outlines)
            self._polygons += outlines
        self._boxes.append(box * np.tile(self._scale, 2))
        self._shapes.append(Place(head.name, shape, mask, corners))

    def _pixels(self, runs: Rle) -> NDArray[np.uint8]:
        inside = rle.to_pixels(runs.counts, runs.width, runs.height)
        return self._fitted(np.ascontiguousarray(inside).view(np.uint8))

    def _union(self, shapes: Sequence[Shape]) -> NDArray[np.uint8]:
        union = np.zeros(self._picture.shape[:2], np.uint8)
        for shape in shapes:
            outlines = [np.array(one, np.float64).reshape(-1, 2) * self._scale - 0.5 for one in shape.polygons]
            for one in outlines:
                cv2.fillPoly(union, [np.rint(one * 16).astype(np.int32)], 1, shift=4)
            if shape.rle is not None:
                np.maximum(union, self._pixels(shape.rle), out=union)
        return union


def masks_after(loaded: Loaded, made: Augmented) -> dict[str, NDArray[np.uint8]]:
    """Head -> its mask, uint8 (H, W), of a variant."""
    return {head: made.sample.masks[place] for head, place in loaded.mask_heads.items()}


def labels_after(
    loaded: Loaded, made: Augmented, keep_mask: Callable[[NDArray[np.uint8]], Mask] | None = None
) -> dict[str, Value]:
    """The labels of a variant; those that lie nowhere are as they were, target pictures are left out.

    Attributes of shapes go along, but for those that are coordinates: they would point beside the thing.

    Args:
        loaded: what was varied.
        made: what came of it.
        keep_mask: puts a mask, uint8 (H, W), where masks are kept; without it masks are left out.
    """
    masks = masks_after(loaded, made)
    found: dict[str, Value] = {}
    shapes = _shapes_after(loaded, made)
    for head, value in loaded.item.labels.items():
        if isinstance(value, Mask):
            if head in masks and keep_mask is not None:
                found[head] = keep_mask(masks[head])
        elif isinstance(value, Boxes):
            found[head] = Boxes(tuple(shape for name, shape in shapes if name == head))
        elif not isinstance(value, Targets):
            found[head] = value
    return found


def _shapes_after(loaded: Loaded, made: Augmented) -> list[tuple[str, Shape]]:
    sample, found = made.sample, []
    limits = np.array(sample.size * 2, np.float64)
    outlines: dict[int, list[tuple[float, ...]]] = defaultdict(list)
    for one, owner in zip(sample.polygons, sample.owners.tolist(), strict=True):
        outlines[owner].append(tuple(one.ravel().tolist()))
    for at, place in enumerate(made.boxes_of.tolist()):
        was = loaded.shapes[place]
        left, top, right, bottom = sample.boxes[at].tolist()
        polygons = tuple(outlines[at])
        runs = None
        if was.mask >= 0:
            mask = sample.masks[was.mask]  # beyond the edge, where it is unknown, there is nothing
            runs = Rle(rle.from_pixels(mask == 1), *mask.shape)
            if not rle.area(runs.counts):
                continue
            x, y, width, height = rle.bounds(runs.counts, runs.height)
            left, top, right, bottom = x, y, x + width, y + height
        if was.corners >= 0:
            corners = sample.points[was.corners : was.corners + 4]
            polygons = (tuple(corners.ravel().tolist()),)
            ends = np.clip(np.concatenate([corners.min(0), corners.max(0)]), 0, limits)
            left, top, right, bottom = ends.tolist()
        shape = dataclasses.replace(
            was.shape,
            left=left,
            top=top,
            width=right - left,
            height=bottom - top,
            polygons=polygons,
            rle=runs,
            attributes=_unplaced(was.shape.attributes),
        )
        found.append((was.head, shape))
    return found


def _unplaced(attributes: Attributes) -> Attributes:
    """``attributes`` without those that say where something lies: it lies elsewhere now."""
    if attributes.keys().isdisjoint(_PLACES):
        return attributes
    return Attributes({name: value for name, value in attributes.items() if name not in _PLACES})


def no_picture(name: str) -> DatasetError:
    """The sentence for a dataset of which nothing can be varied."""
    return DatasetError(f"{one_line(name)} has no picture that could be varied; add some, or choose another split.")
