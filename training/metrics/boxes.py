"""Figures for a ``boxes`` head: average precision as COCO has it, of boxes and of masks, and what is taken for what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.metrics.box_confusion import BoxConfusion
from training.metrics.coco import CocoEvaluator
from training.metrics.figures import Asked, Figures, check_numbers, rows
from training.metrics.overlap import Runs, box_areas, box_overlaps, mask_areas, mask_overlaps

__all__ = ["BETTER", "PER_CLASS", "PRIMARY", "Accumulator", "Detections", "Truths", "summary"]

PRIMARY: Final = "map_50_95"
BETTER: Final = "higher"
PER_CLASS: Final = "ap_50_95"

_OF_MASKS = ("map_50_95", "map_50", "map_75")


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """What was found in a picture, in any order.

    Attributes:
        boxes: float (K, 4): left, top, right, bottom in pixels.
        labels: int (K,), indices of categories.
        scores: float (K,).
        masks: K run lengths; None where the head gives none.

    Raises:
        ValueError: other shapes, or numbers that are none.
    """

    boxes: NDArray[np.floating[Any]]
    labels: NDArray[np.integer[Any]]
    scores: NDArray[np.floating[Any]]
    masks: Sequence[Runs] | None = None

    def __post_init__(self) -> None:
        count = len(self.labels)
        check_numbers("boxes", self.boxes, (count, 4))
        check_numbers("labels", self.labels, (count,))
        check_numbers("scores", self.scores, (count,))
        _check_masks(self.masks, count)


@dataclass(frozen=True, slots=True, eq=False)
class Truths:
    """What is in a picture.

    Attributes:
        boxes: float (G, 4): left, top, right, bottom in pixels.
        labels: int (G,), indices of categories.
        crowd: bool (G,): whether each is many things at once; None for none.
        areas: float (G,), pixels, which say whether a thing is small; None for those of the boxes, and of the masks.
        masks: G run lengths; None where they are unknown.

    Raises:
        ValueError: other shapes, or numbers that are none.
    """

    boxes: NDArray[np.floating[Any]]
    labels: NDArray[np.integer[Any]]
    crowd: NDArray[np.bool_] | None = None
    areas: NDArray[np.floating[Any]] | None = None
    masks: Sequence[Runs] | None = None

    def __post_init__(self) -> None:
        count = len(self.labels)
        check_numbers("boxes", self.boxes, (count, 4))
        check_numbers("labels", self.labels, (count,))
        for name, values in (("crowds", self.crowd), ("areas", self.areas)):
            if values is not None:
                check_numbers(name, values, (count,))
        _check_masks(self.masks, count)


class Accumulator:
    """Figures of N ``Detections`` and N ``Truths``, or None for a picture that nobody knows.

    Attributes:
        of_boxes: average precision with overlaps of boxes.
        of_masks: likewise of masks, of those pictures that have both.
        confusion: with the background.
    """

    def __init__(self, asked: Asked) -> None:
        self._count = asked.categories
        self.of_boxes = CocoEvaluator(asked.categories)
        self.of_masks = CocoEvaluator(asked.categories)
        self.confusion = BoxConfusion(asked.categories)

    def add(
        self,
        predictions: Sequence[Detections],
        labels: Sequence[Truths | None],
        known: NDArray[np.bool_] | None = None,
        /,
    ) -> None:
        """As ``Accumulator.add`` of ``training.metrics.figures``."""
        there = rows(known, (len(labels),))
        for found, truths, wanted in zip(predictions, labels, there, strict=True):
            if truths is not None and wanted:
                self._add(found, truths)

    def summary(self) -> Figures:
        """The figures of ``CocoEvaluator`` for boxes; three of them for masks, "mask_map_50_95" and so on; and those of
        ``BoxConfusion``.
        """
        masks = self.of_masks.summary()
        return {
            **self.of_boxes.summary(),
            **{f"mask_{name}": masks[name] for name in _OF_MASKS},
            **self.confusion.summary(),
        }

    def per_class(self) -> list[Figures]:
        """As ``CocoEvaluator``, for boxes."""
        return self.of_boxes.per_class()

    def _add(self, found: Detections, truths: Truths) -> None:
        for values in (found.labels, truths.labels):
            if values.size and not 0 <= values.min() <= values.max() < self._count:
                raise ValueError(f"a label is {values.min()} to {values.max()} and there are {self._count} categories")
        count = len(truths.labels)
        crowd = np.zeros(count, np.bool_) if truths.crowd is None else truths.crowd.astype(np.bool_)
        overlaps = box_overlaps(found.boxes, truths.boxes, crowd)
        areas = box_areas(truths.boxes) if truths.areas is None else truths.areas
        self.of_boxes.add(
            (found.labels, found.scores, box_areas(found.boxes)),
            (truths.labels, crowd, areas),
            lambda mine, these: overlaps[np.ix_(mine, these)],
        )
        self.confusion.add(found.labels, found.scores, truths.labels, crowd, overlaps)
        if found.masks is None or truths.masks is None:
            return
        masks, others = found.masks, truths.masks
        self.of_masks.add(
            (found.labels, found.scores, mask_areas(masks)),
            (truths.labels, crowd, mask_areas(others) if truths.areas is None else truths.areas),
            lambda mine, these: mask_overlaps([masks[i] for i in mine], [others[i] for i in these], crowd[these]),
        )


def summary(
    asked: Asked,
    predictions: Sequence[Detections],
    labels: Sequence[Truths | None],
    known: NDArray[np.bool_] | None = None,
    /,
) -> Figures:
    """The figures of ``Accumulator`` all at once."""
    one = Accumulator(asked)
    one.add(predictions, labels, known)
    return one.summary()


def _check_masks(masks: Sequence[Runs] | None, count: int) -> None:
    if masks is not None and len(masks) != count:
        raise ValueError(f"there are {len(masks)} masks for {count} boxes")
