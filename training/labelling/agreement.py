"""How far two annotators agree on the same pictures, beyond what chance would do; and where they don't.

Categories and tags by Cohen's kappa, grades by weighted kappa, masks by intersection over union, boxes by F1 of matched
pairs. Other kinds are not compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from models.errors import DatasetError, one_line
from training.datasets.heads import HeadDef
from training.datasets.masks import read_mask
from training.datasets.store import DatasetStore
from training.datasets.values import Category, Grade, Mask, Tags, Value
from training.labelling.agreement_places import compare_boxes, compare_masks
from training.labelling.agreement_result import Agreement, Detail, Disagreement, Pairs, result, said
from training.labelling.kappa import kappa_words, weighted_kappa

__all__ = ["Agreement", "Detail", "Disagreement", "agree", "agreements"]

GRADES = 101
"""Steps of a scale at most, into which grades are sorted for a weighted kappa."""


def agree(
    head: HeadDef,
    one: Mapping[int, Value],
    other: Mapping[int, Value],
    *,
    annotators: tuple[str, str] = ("A", "B"),
    read: Callable[[Mask], NDArray[np.uint8]] | None = None,
) -> Agreement:
    """Compare two annotators on the pictures that both have labelled.

    Args:
        head: the question.
        one: item -> what the first says.
        other: item -> what the second says.
        annotators: their names.
        read: a mask's pixels, uint8 (H, W); needed for masks.

    Raises:
        DatasetError: they have no picture in common, or answers of this kind are not compared.
        WorkspaceError: a mask can't be read.
    """
    both = sorted(one.keys() & other.keys())
    if not both:
        names = " and ".join(one_line(name) or "nobody in particular" for name in annotators)
        raise DatasetError(f"{names} have labelled no picture in common; let one give second opinions on the other's.")
    pairs = [(item, one[item], other[item]) for item in both]
    if head.kind in ("categories", "tags", "grade"):
        return _by_chance(head, annotators, pairs)
    if head.kind == "mask" and read is not None:
        return compare_masks(head, annotators, pairs, read)
    if head.kind == "boxes":
        return compare_boxes(head, annotators, pairs)
    raise DatasetError(
        f"{one_line(head.name)} is answered with {head.kind}, which is not compared; choose another question."
    )


def agreements(store: DatasetStore, dataset_id: int, head: str) -> list[Agreement]:
    """Every pair of annotators with pictures in common, those with the most first.

    Raises:
        DatasetError: there is no such dataset or head, or its kind is not compared.
        WorkspaceError: a mask can't be read.
    """
    question = store.dataset(dataset_id).head(head)
    told = store.annotations(dataset_id, head)
    found = [
        agree(question, told[a], told[b], annotators=(a, b), read=lambda mask: read_mask(store.blobs, mask))
        for a, b in combinations(told, 2)
        if told[a].keys() & told[b].keys()
    ]
    return sorted(found, key=lambda one: (-one.items, one.annotators))


def _by_chance(head: HeadDef, annotators: tuple[str, str], pairs: Pairs) -> Agreement:
    if head.kind == "tags":
        return _tags(head, annotators, pairs)
    if head.kind == "grade":
        return _grades(head, annotators, pairs)
    names = _columns(head, {v.name for _, a, b in pairs for v in (a, b) if isinstance(v, Category)})
    ones, others = (
        np.array([names[v.name] for v in side if isinstance(v, Category)], np.intp) for side in _sides(pairs)
    )
    value = weighted_kappa(ones, others, len(names))
    details = []
    for name, column in names.items():
        first, second = ones == column, others == column
        if (first | second).any():
            details.append(
                Detail(
                    name, weighted_kappa(first.astype(np.intp), second.astype(np.intp), 2), int((first | second).sum())
                )
            )
    worst = [
        Disagreement(item, 0.0, said(annotators, a.name, b.name))
        for item, a, b in pairs
        if isinstance(a, Category) and isinstance(b, Category) and a != b
    ]
    observed = float(np.mean(ones == others))
    return result(head, annotators, pairs, "kappa", value, observed, kappa_words(value), details, worst)


def _tags(head: HeadDef, annotators: tuple[str, str], pairs: Pairs) -> Agreement:
    """The kappa of all tags together is that of all their yes and no; each tag's stands beside it."""
    tags = [(a.names, b.names) for _, a, b in pairs if isinstance(a, Tags) and isinstance(b, Tags)]
    names = _columns(head, {name for sides in tags for side in sides for name in side})
    ones, others = (np.array([[name in side[which] for name in names] for side in tags], np.intp) for which in (0, 1))
    value = weighted_kappa(ones.ravel(), others.ravel(), 2)
    details = [
        Detail(name, weighted_kappa(ones[:, column], others[:, column], 2), int((ones | others)[:, column].sum()))
        for name, column in names.items()
        if (ones | others)[:, column].any()
    ]
    worst = []
    for (item, _, _), (a, b) in zip(pairs, tags, strict=True):
        if a != b:
            score = len(a & b) / len(a | b)
            worst.append(Disagreement(item, score, said(annotators, *(", ".join(sorted(x)) or "none" for x in (a, b)))))
    observed = float(np.mean([a == b for a, b in tags]))
    return result(head, annotators, pairs, "kappa", value, observed, kappa_words(value), details, worst)


def _grades(head: HeadDef, annotators: tuple[str, str], pairs: Pairs) -> Agreement:
    """Quadratic weights: two grades that are twice as far apart count four times as much."""
    ones, others = (np.array([v.value for v in side if isinstance(v, Grade)]) for side in _sides(pairs))
    low, high = head.scale
    low = float(min(ones.min(), others.min())) if low is None else low
    high = float(max(ones.max(), others.max())) if high is None else high
    span = max(high - low, 1e-12)
    step = head.options.get("step") or (1.0 if span >= 2 else span / 10)
    count = min(GRADES, round(span / step) + 1)
    first, second = (np.rint((side - low) / span * (count - 1)).astype(np.intp) for side in (ones, others))
    value = weighted_kappa(first, second, count, weights="quadratic")
    apart = np.abs(ones - others)
    worst = [
        Disagreement(item, 1 - float(min(far / span, 1)), said(annotators, f"{a:g}", f"{b:g}"))
        for (item, _, _), far, a, b in zip(pairs, apart, ones, others, strict=True)
        if far > 0
    ]
    words = f"{kappa_words(value)} On average they are {apart.mean():.2g} apart."
    return result(head, annotators, pairs, "weighted kappa", value, float(np.mean(apart == 0)), words, [], worst)


def _columns(head: HeadDef, named: set[str]) -> dict[str, int]:
    names = [*head.categories, *sorted(named - set(head.categories))]
    return {name: column for column, name in enumerate(names)}


def _sides(pairs: Pairs) -> tuple[list[Value], list[Value]]:
    return [a for _, a, _ in pairs], [b for _, _, b in pairs]
