"""From an item of a run to the example that heads see: read, squeezed into the square, varied, with its labels."""

from __future__ import annotations

import dataclasses
import hashlib
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from models.errors import FileError, SortwerkError
from models.images.decode import decode
from models.images.resize import to_square
from models.sources import Source
from training.augmentation import geometry
from training.augmentation.augmenter import Augmenter
from training.augmentation.config import AugmentationConfig
from training.augmentation.sample import Augmented, Sample
from training.augmentation.warping import GREY, warp
from training.datasets.blobs import BlobStore
from training.datasets.heads import HeadDef
from training.datasets.records import Item
from training.datasets.values import Boxes, Mask, Target, Targets, Value
from training.datasets.varying import labels_after, load_decoded, masks_after
from training.pytorch.data.pixels import PixelCache
from training.pytorch.heads.base import Example
from training.runs.items import RunItem

__all__ = ["Examples", "geometric"]

_PLACED = ("mask", "boxes", "image")
_GEOMETRY = (geometry.Warping, geometry.Flip, geometry.FlipVertical, geometry.Rotate90)
_EMPTY = np.empty((0, 0, 3), np.uint8)


class Examples:
    """Makes examples of items. Safe from several threads.

    Args:
        items: of one split.
        heads: the questions that are learned.
        blobs: where masks and targets lie.
        side: of the square, pixels.
        pixels: decoded pictures by content; None to decode each time.
        augmenter: varies; None for pictures as they are.
        weights: float32 (N,), what each item counts in the loss; 1 without.
        skipped: is told the path of a picture that can't be used and why, once.
    """

    def __init__(
        self,
        items: Sequence[RunItem],
        heads: Sequence[HeadDef],
        blobs: Path,
        side: int,
        *,
        pixels: PixelCache | None = None,
        augmenter: Augmenter | None = None,
        weights: NDArray[np.float32] | None = None,
        skipped: Callable[[str, str], None] | None = None,
    ) -> None:
        self.items, self.side = items, side
        self._placed = [head for head in heads if head.kind in _PLACED]
        self._blobs = BlobStore(blobs)
        self._pixels, self._augmenter, self._skipped = pixels, augmenter, skipped
        self._weights = np.ones(len(items), np.float32) if weights is None else weights
        self._bad: set[int] = set()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self.items)

    @property
    def varied(self) -> bool:
        """Whether two examples of one item may differ."""
        return self._augmenter is not None

    def labelled(self, index: int) -> Example:
        """The item without its picture: for heads that are trained on cached activations."""
        item = self.items[index]
        return Example(item.key, _EMPTY, item.labels, weight=float(self._weights[index]))

    def example(self, index: int, variant: int) -> Example | None:
        """The item as variant ``variant`` (0 or more); None where its picture can't be used.

        Raises:
            SortwerkError: not this picture's fault, such as a full disk.
        """
        item = self.items[index]
        if index in self._bad:
            return None
        try:
            picture = self._picture(item)
        except FileError as error:
            with self._lock:
                told = index in self._bad
                self._bad.add(index)
            if not told and self._skipped is not None:
                self._skipped(item.place.label, str(error))
            return None
        weight = float(self._weights[index])
        if not self._placed:
            if self._augmenter is not None:
                picture = self._augmenter(Sample(picture), variant).sample.image
            return Example(item.key, picture, item.labels, weight=weight)
        return self._with_places(item, picture, variant, weight)

    def _picture(self, item: RunItem) -> NDArray[np.uint8]:
        if self._pixels is None:
            return self._decoded(item.place, item.key)
        return self._pixels.get(item.key, lambda: self._decoded(item.place, item.key))

    def _decoded(self, place: Source, key: str) -> NDArray[np.uint8]:
        """As the pipeline hands a picture to a model (``training.pictures.square``)."""
        content = place.read_picture()
        if hashlib.sha256(content).hexdigest() != key:
            raise FileError(place.name, "has changed since the run was prepared", "prepare the run anew to use it")
        return to_square(decode(content, place.name, max_side=2 * self.side).on_grey(), self.side)

    def _with_places(self, item: RunItem, picture: NDArray[np.uint8], variant: int, weight: float) -> Example:
        # An item of a run has all that is asked of an item of a dataset here: labels, width and height.
        loaded = load_decoded(cast(Item, item), picture, self._placed, self._blobs)
        made = _unvaried(loaded.sample) if self._augmenter is None else self._augmenter(loaded.sample, variant)
        masks = masks_after(loaded, made)
        labels: dict[str, Value] = dict(labels_after(loaded, made))
        pictures: dict[str, tuple[Target, NDArray[np.uint8]]] = {}
        for name, value in item.labels.items():
            if isinstance(value, Mask) and name in masks:
                labels[name] = value
            elif isinstance(value, Targets) and any(head.name == name for head in self._placed):
                found = self._target(value.targets[variant % len(value.targets)], made)
                if found is not None:
                    labels[name], pictures[name] = value, found
            elif not isinstance(value, Mask | Boxes | Targets):
                labels[name] = value
        return Example(item.key, made.sample.image, labels, masks, pictures, weight)

    def _target(self, target: Target, made: Augmented) -> tuple[Target, NDArray[np.uint8]] | None:
        """The target's picture, moved as the picture was; None where it can't be read, which makes it unknown."""
        try:
            source = Source(self._blobs.path(target.blob) if target.blob else Path(target.path))
            picture = to_square(decode(source.read_picture(), source.name).on_grey(), self.side)
        except SortwerkError:
            return None
        if (made.matrix == np.eye(3)).all():
            return target, picture
        border = "constant" if made.sample.has_shapes or self._augmenter is None else self._augmenter.config.border
        return target, warp(picture, made.matrix, (self.side, self.side), border, fill=GREY)


def geometric(config: AugmentationConfig) -> AugmentationConfig:
    """``config`` without what changes colours or covers something: for heads whose answer is a picture."""
    for operation in config.operations.values():
        if not isinstance(operation, _GEOMETRY):
            config = config.with_operation(dataclasses.replace(operation, probability=0.0))
    return config


def _unvaried(sample: Sample) -> Augmented:
    count, outlines = np.arange(len(sample.boxes)), np.arange(len(sample.polygons))
    return Augmented(sample, count, outlines, np.eye(3), (), {})
