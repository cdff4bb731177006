"""Two annotators compared by where in the pictures they see what: masks and boxes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from training.datasets.heads import HeadDef
from training.datasets.values import Boxes, Mask
from training.labelling.agreement_result import Agreement, Detail, Disagreement, Pairs, result, said
from training.labelling.overlap import match_shapes, matched_words, mean_overlap

__all__ = ["compare_boxes", "compare_masks"]

SAME_MASK = 0.8
"""The mean intersection over union under which two masks count as a disagreement."""


def compare_masks(
    head: HeadDef, annotators: tuple[str, str], pairs: Pairs, read: Callable[[Mask], NDArray[np.uint8]]
) -> Agreement:
    """By the mean over pictures of the mean intersection over union of the categories in them."""
    count = len(head.categories)
    shared, either = np.zeros(count), np.zeros(count)
    items = np.zeros(count, np.intp)
    overlaps, worst = [], []
    for item, a, b in pairs:
        if not (isinstance(a, Mask) and isinstance(b, Mask)):
            continue
        if (a.width, a.height) != (b.width, b.height):
            overlaps.append(0.0)
            sizes = (f"{mask.width} × {mask.height} pixels" for mask in (a, b))
            worst.append(Disagreement(item, 0.0, said(annotators, *sizes)))
            continue
        inside, union = mean_overlap(read(a), read(b), count)
        shared, either = shared + inside, either + union
        items += union > 0
        there = union > 0
        overlap = float(np.mean(inside[there] / union[there])) if there.any() else 1.0
        overlaps.append(overlap)
        if overlap < SAME_MASK:
            least = int(np.argmin(np.where(there, inside / np.maximum(union, 1), np.inf)))
            worst.append(Disagreement(item, overlap, f"Overlap {overlap:.2f}, least of {head.categories[least]}."))
    value = float(np.mean(overlaps))
    details = [
        Detail(name, float(shared[index] / either[index]), int(items[index]))
        for index, name in enumerate(head.categories)
        if either[index]
    ]
    words = f"Their masks overlap by {value:.2f} of 1 on average, each picture and category counting alike."
    return result(head, annotators, pairs, "IoU", value, value, words, details, worst)


def compare_boxes(head: HeadDef, annotators: tuple[str, str], pairs: Pairs) -> Agreement:
    """By F1 of the things that both have, over all pictures."""
    matched, ones, others = (dict.fromkeys(head.categories, 0) for _ in range(3))
    items = dict.fromkeys(head.categories, 0)
    overlaps: list[float] = []
    worst = []
    for item, a, b in pairs:
        if not (isinstance(a, Boxes) and isinstance(b, Boxes)):
            continue
        found = match_shapes(a.shapes, b.shapes)
        overlaps += [overlap for _, _, overlap in found]
        for name in {shape.category for shape in (*a.shapes, *b.shapes)}:
            items[name] += 1
        for shape in a.shapes:
            ones[shape.category] += 1
        for shape in b.shapes:
            others[shape.category] += 1
        for place, _, _ in found:
            matched[a.shapes[place].category] += 1
        total = len(a.shapes) + len(b.shapes)
        if 2 * len(found) < total:
            worst.append(
                Disagreement(item, 2 * len(found) / total, matched_words(annotators, a.shapes, b.shapes, found))
            )
    value = _f1(sum(matched.values()), sum(ones.values()) + sum(others.values()))
    details = [
        Detail(name, _f1(matched[name], ones[name] + others[name]), items[name])
        for name in head.categories
        if ones[name] + others[name]
    ]
    mean = f", with a mean overlap of {np.mean(overlaps):.2f}" if overlaps else ""
    words = f"{_share(sum(matched.values()), sum(ones.values()), sum(others.values()))}{mean}."
    return result(head, annotators, pairs, "F1", value, value, words, details, worst)


def _share(matched: int, ones: int, others: int) -> str:
    """Such as "52 of 60 and 58 things are in both"."""
    return f"{matched:,} of {ones:,} and {others:,} things are in both"


def _f1(matched: int, total: int) -> float:
    """2 x matched / (things of the one + things of the other); 1 where neither has any."""
    return 2 * matched / total if total else 1.0
