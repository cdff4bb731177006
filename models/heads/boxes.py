"""The ``boxes`` head: what is where, as rectangles with a category and a score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from models.heads.categories import UNKNOWN, Score
from models.heads.form import Form
from models.heads.painting import colour, draw_box
from models.heads.suppression import suppress
from models.heads.tensors import floats, highest

__all__ = ["LEAST", "MOST", "BoxesResult", "decode", "pack"]

MOST = 100
"""Boxes that one picture may have; the best scored are kept."""

LEAST = 0.25
"""From this score on a box is shown."""

_OVERLAP = 0.45  # intersection over union, above which the weaker of two "yolo" boxes of a category goes
_CATEGORIES = 2048  # half floats count so far without a gap
_BEYOND = 0.01  # how far rounding may bring a score over 0 or 1


@dataclass(frozen=True, slots=True, eq=False)
class BoxesResult:
    """Boxes, best scored first.

    Attributes:
        categories: names, shared between all results of one model.
        boxes: float32 (K, 4), K at most 100: left, top, right, bottom as fractions of the picture, 0 to 1. They have
            been half floats on the way: off by at most 1/4096 of the picture's side, one pixel of 4,096.
        labels: int64 (K,), indices of categories.
        scores: float32 (K,), more than 0 and at most 1, falling. Those under ``LEAST`` are here for metrics.
        unsure_below: a best box under this score, 0 to 1, needs a second look.
        unknown_below: boxes under this score are not worth giving.
    """

    kind: ClassVar[str] = "boxes"
    categories: tuple[str, ...]
    boxes: NDArray[np.float32]
    labels: NDArray[np.int64]
    scores: NDArray[np.float32]
    unsure_below: float = 0.0
    unknown_below: float = 0.0

    @property
    def shown(self) -> int:
        """How many boxes, from the first on, are worth showing."""
        return int((self.scores >= max(LEAST, self.unknown_below)).sum())

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many boxes worth showing each category has, int64 (n,)."""
        counts: NDArray[np.int64] = np.bincount(self.labels[: self.shown], minlength=len(self.categories))
        return counts

    @property
    def probabilities(self) -> NDArray[np.float32]:
        """The highest score of each category, float32 (n,); 0 where it has no box."""
        highest_scores = np.zeros(len(self.categories), np.float32)
        np.maximum.at(highest_scores, self.labels, self.scores)
        return highest_scores

    @property
    def best(self) -> Score:
        """The category of the best box and its score; ``UNKNOWN`` with confidence 0 where no box is worth showing."""
        if self.shown == 0:
            return Score(UNKNOWN, 0.0)
        return Score(self.categories[int(self.labels[0])], float(self.scores[0]))

    @property
    def unknown(self) -> bool:
        """Whether no box is worth showing."""
        return self.shown == 0

    @property
    def unsure(self) -> bool:
        """Whether the best box needs a second look."""
        return self.unknown or self.best.confidence < self.unsure_below

    def top(self, k: int) -> list[Score]:
        """The ``k`` categories with the best boxes, and the scores of these."""
        return highest(self.categories, self.probabilities, k)

    def to_json(self, top_k: int) -> list[dict[str, object]]:
        """Every box worth showing, best first, with its corners as fractions; it is one answer that they make
        together, so ``top_k`` cuts nothing off.
        """
        some = slice(self.shown)
        return [
            {
                "category": self.categories[int(label)],
                "confidence": round(float(score), 4),
                "box": [round(float(part), 4) for part in box],
            }
            for box, label, score in zip(self.boxes[some], self.labels[some], self.scores[some], strict=True)
        ]

    def paint(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The boxes worth showing over the picture with name and score, uint8 (H, W, 3) of the same size."""
        canvas = np.array(picture, order="C")
        for place in reversed(range(self.shown)):  # the best on top
            label = int(self.labels[place])
            left, top, right, bottom = (float(part) for part in self.boxes[place])
            words = f"{self.categories[label]} {self.scores[place] * 100:.0f} %"
            draw_box(canvas, (left, top, right, bottom), words, colour(label))
        return canvas


def pack(
    tensors: Sequence[NDArray[Any]], form: Form, categories: Sequence[str], size: tuple[int, int]
) -> tuple[NDArray[np.float32], tuple[int, ...]]:
    """Boxes to 100 times left, top, right, bottom (fractions), score and category, best scored first: float32 (N, 600),
    unused ones all 0.

    Args:
        tensors: boxes (N, K, 4), labels (N, K) and scores (N, K), of one picture also without the batch axis; or, for
            "yolo", one output (N, 4 + n, anchors) or (N, anchors, 4 + n), whose overlapping boxes and those under
            ``LEAST`` are left out here. Scores are 0 to 1.
        form: ``boxes``, ``fractions`` and ``first_label`` count.
        categories: names; boxes with labels beyond them are left out.
        size: width and height that coordinates in pixels refer to.

    Raises:
        ValueError: another number or shape of tensors, scores that are no fractions, or numbers that are none.
    """
    if len(categories) > _CATEGORIES:
        raise ValueError(f"it has {len(categories)} categories and boxes at most {_CATEGORIES}")
    yolo = form.boxes == "yolo"
    pictures = _of_anchors(tensors, len(categories)) if yolo else _of_lists(tensors, form)
    unit = np.ones(4, np.float32) if form.fractions else np.array([*size, *size], np.float32)
    packed = np.zeros((len(pictures), MOST, 6), np.float32)
    for row, picture in zip(packed, pictures, strict=True):
        boxes, labels, scores = _that_fit(picture, form, unit, len(categories))
        if yolo:
            pixels = boxes * np.array([*size, *size], np.float32)
            order = suppress(pixels, labels, scores, overlap=_OVERLAP, most=MOST)
        else:
            order = np.argsort(-scores, kind="stable")[:MOST]
        row[: len(order)] = np.column_stack([boxes[order], scores[order], labels[order]])
    return packed.reshape(len(packed), MOST * 6), ()


def decode(
    rows: NDArray[np.float32],
    categories: Sequence[str],
    *,
    unsure_below: float = 0.0,
    unknown_below: float = 0.0,
    form: Form = Form(),
) -> list[BoxesResult]:
    """What ``pack`` gives, float32 (N, 600), to N results; thresholds 0 to 1.

    Raises:
        ValueError: rows of another length, or labels that are none.
    """
    if rows.ndim != 2 or rows.shape[1] != MOST * 6:
        raise ValueError(f"expected boxes of shape (N, {MOST * 6}), got {rows.shape}")
    names = tuple(categories)
    results = []
    for row in rows.reshape(len(rows), MOST, 6):
        used = row[row[:, 4] > 0]
        labels = np.rint(used[:, 5]).astype(np.int64)
        if labels.size and not 0 <= labels.min() <= labels.max() < len(names):
            raise ValueError(f"expected labels under {len(names)}, got {labels.min()} to {labels.max()}")
        results.append(BoxesResult(names, used[:, :4], labels, used[:, 4], unsure_below, unknown_below))
    return results


Boxes = tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.float32]]
"""Of one picture: four numbers each (K, 4), labels (K,), scores (K,)."""


def _that_fit(picture: Boxes, form: Form, unit: NDArray[np.float32], count: int) -> Boxes:
    """What of a picture has a category and an area: boxes by corners, as fractions."""
    raw, labels, scores = picture
    boxes = np.clip(_corners(raw, form.boxes) / unit, 0, 1)
    fit = (labels >= 0) & (labels < count) & (scores > 0) & (boxes[:, 2:] > boxes[:, :2]).all(axis=1)
    return boxes[fit], labels[fit], scores[fit]


def _of_lists(tensors: Sequence[NDArray[Any]], form: Form) -> list[Boxes]:
    """Boxes, labels and scores as three outputs."""
    if len(tensors) != 3:
        raise ValueError(f"it gives {len(tensors)} outputs and boxes are three: boxes, labels, scores")
    boxes, labels, scores = (floats(tensor) for tensor in tensors)
    if boxes.ndim == 2:
        boxes = boxes[None]
    if boxes.ndim != 3 or boxes.shape[2] != 4:
        raise ValueError(f"it gives boxes of shape {tensors[0].shape} and not four numbers each")
    count, each = boxes.shape[:2]
    for name, numbers in (("labels", labels), ("scores", scores)):
        if numbers.size != count * each:
            raise ValueError(f"it gives {count * each} boxes and {numbers.size} {name}")
    whole = np.rint(labels).astype(np.int64).reshape(count, each) - form.first_label
    return list(zip(boxes, whole, _fractions(scores).reshape(count, each), strict=True))


def _of_anchors(tensors: Sequence[NDArray[Any]], count: int) -> list[Boxes]:
    """One output with a box and a score for each category at each anchor; anchors under ``LEAST`` are left out."""
    numbers = floats(tensors[0])
    if len(tensors) != 1 or numbers.ndim != 3 or 4 + count not in numbers.shape[1:] or count == 0:
        shapes = ", ".join(str(tensor.shape) for tensor in tensors)
        raise ValueError(f"it gives {shapes} and not (N, {4 + count}, anchors) for {count} categories")
    if numbers.shape[1] == 4 + count:
        numbers = numbers.transpose(0, 2, 1)
    pictures = []
    for anchors in numbers:
        scores = _fractions(anchors[:, 4:])
        labels, best = scores.argmax(axis=1), scores.max(axis=1)
        kept = best >= LEAST
        pictures.append((anchors[kept, :4], labels[kept].astype(np.int64), best[kept]))
    return pictures


def _fractions(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    low, high = (float(scores.min()), float(scores.max())) if scores.size else (0.0, 0.0)
    if low < -_BEYOND or high > 1 + _BEYOND:
        raise ValueError(f"its scores are {low:g} to {high:g} and not 0 to 1")
    return np.clip(scores, 0, 1)


def _corners(raw: NDArray[np.float32], form: str) -> NDArray[np.float32]:
    """Four numbers each, (K, 4), to left, top, right, bottom in the same unit."""
    if form == "xyxy":
        return raw
    first, extent = raw[:, :2], raw[:, 2:]
    if form != "xywh":  # the first two are the centre
        first = first - extent * np.float32(0.5)
    return np.concatenate([first, first + extent], axis=1)
