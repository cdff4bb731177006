"""Boxes that leave the picture or hold nothing, empty masks, and masks of another size than their picture."""

from __future__ import annotations

from dataclasses import replace

from training.datasets.quality.facts import Facts, HeadFacts, counted
from training.datasets.quality.finding import Finding, Relabel
from training.datasets.values import Boxes, Mask, Shape, Value

__all__ = ["clipped", "find"]

OUTSIDE, EMPTY_MASKS, MASK_SIZES = "boxes-outside", "empty-masks", "mask-sizes"

SLACK = 1.0
"""Pixels by which a box may leave the picture: some tools count from one, others round."""


def find(facts: Facts) -> list[Finding]:
    """For each question that is answered with boxes or masks."""
    found: list[Finding] = []
    for one in facts.heads:
        if one.head.kind == "boxes":
            found += _boxes(facts, one)
        elif one.head.kind == "mask":
            found += _masks(facts, one)
    return found


def clipped(boxes: Boxes, width: int, height: int) -> Boxes:
    """What is left of ``boxes`` inside of a picture, pixels; shapes of which nothing is left are gone."""
    return Boxes(tuple(kept for shape in boxes.shapes if (kept := _clipped(shape, width, height)) is not None))


def _clipped(shape: Shape, width: int, height: int) -> Shape | None:
    left, top = min(max(shape.left, 0.0), width), min(max(shape.top, 0.0), height)
    right = min(max(shape.left + shape.width, 0.0), width)
    bottom = min(max(shape.top + shape.height, 0.0), height)
    if right <= left or bottom <= top:
        return None
    polygons = tuple(
        tuple(min(max(number, 0.0), (width, height)[place % 2]) for place, number in enumerate(polygon))
        for polygon in shape.polygons
    )
    return replace(shape, left=left, top=top, width=right - left, height=bottom - top, polygons=polygons)


def _boxes(facts: Facts, one: HeadFacts) -> list[Finding]:
    labels: dict[int, Value | None] = {}
    rows: list[int] = []
    for row, value in sorted(one.values.items()):
        if not isinstance(value, Boxes) or not facts.measured[row]:
            continue
        width, height = int(facts.signals["width"][row]), int(facts.signals["height"][row])
        if any(_leaves(shape, width, height) for shape in value.shapes):
            rows.append(row)
            labels[int(facts.ids[row])] = clipped(value, width, height)
    if not rows:
        return []
    return [
        Finding(
            OUTSIDE,
            "warning",
            facts.items(rows),
            f"{counted(len(rows), 'picture')} {'has' if len(rows) == 1 else 'have'} boxes of {one.head.name} that "
            "leave the picture or have no area.",
            fix=Relabel(one.head.name, labels),
            fix_words=f"Cut the boxes of {len(rows):,} at the edge",
            head=one.head.name,
        )
    ]


def _leaves(shape: Shape, width: int, height: int) -> bool:
    outside = max(-shape.left, -shape.top, shape.left + shape.width - width, shape.top + shape.height - height)
    return outside > SLACK or shape.width <= 0 or shape.height <= 0


def _masks(facts: Facts, one: HeadFacts) -> list[Finding]:
    masks = {row: value for row, value in sorted(one.values.items()) if isinstance(value, Mask)}
    empty = [row for row, mask in masks.items() if not mask.present]
    odd = [
        row
        for row, mask in masks.items()
        if facts.measured[row]
        and (mask.width, mask.height) != (int(facts.signals["width"][row]), int(facts.signals["height"][row]))
    ]
    return [
        *_unlabel(facts, one, EMPTY_MASKS, empty, "in which no pixel is known"),
        *_unlabel(facts, one, MASK_SIZES, odd, "of another size than their picture"),
    ]


def _unlabel(facts: Facts, one: HeadFacts, kind: str, rows: list[int], what: str) -> list[Finding]:
    if not rows:
        return []
    items = facts.items(rows)
    return [
        Finding(
            kind,
            "warning",
            items,
            f"{counted(len(rows), 'picture')} {'has' if len(rows) == 1 else 'have'} a mask of {one.head.name} {what}.",
            fix=Relabel(one.head.name, dict.fromkeys(items)),
            fix_words=f"Take the mask from {len(rows):,}",
            head=one.head.name,
        )
    ]
