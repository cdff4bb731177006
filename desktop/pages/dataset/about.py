"""What is known of a picture and of the shapes in it beyond labels, as rows of a list: metadata, attributes. No Qt."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from models.errors import one_line

if TYPE_CHECKING:  # NumPy comes with them
    from training.datasets.heads import HeadDef
    from training.datasets.values import Value

__all__ = ["MOST_ROWS", "about_rows"]

MOST_ROWS = 100
"""Rows that are listed; what is beyond them is counted."""

_DEPTH = 4
"""Objects in objects that get rows of their own; what lies deeper is shown as JSON."""

_MOST_CHARACTERS = 4000
"""Of one value, also in its tip."""

_FEW = 8
"""Plain values in a list that share a row."""


def about_rows(
    metadata: Mapping[str, Any], heads: Sequence[HeadDef], labels: Mapping[str, Value]
) -> list[tuple[str, str]]:
    """(name, value), first those of the picture, then those of each shape that has any, in the order of the shapes.

    Args:
        metadata: of the picture.
        heads: the questions, in their order.
        labels: by the name of a question.
    """
    from training.datasets.values import Boxes

    rows = _rows(metadata, "")
    for head in heads:
        value = labels.get(head.name)
        for number, shape in enumerate(value.shapes if isinstance(value, Boxes) else (), 1):
            rows += _rows(shape.attributes, f"{one_line(shape.category)} {number}: ")
    if len(rows) > MOST_ROWS:
        more = len(rows) - MOST_ROWS
        rows = [*rows[:MOST_ROWS], ("And more", f"{more:,} more {'value' if more == 1 else 'values'}")]
    return rows


def _rows(facts: Mapping[str, Any], before: str) -> list[tuple[str, str]]:
    return [row for name, value in facts.items() for row in _flat(before + one_line(name), value, 1)]


def _flat(name: str, value: Any, depth: int) -> Iterator[tuple[str, str]]:
    """The parts of a value with their names: "license: url"."""
    if isinstance(value, Mapping) and value and depth < _DEPTH:
        for part, inner in value.items():
            yield from _flat(f"{name}, {one_line(part)}", inner, depth + 1)
    elif isinstance(value, list) and value and depth < _DEPTH and not _is_short(value):
        for number, inner in enumerate(value, 1):
            yield from _flat(f"{name} {number}", inner, depth + 1)
    else:
        yield name, _words(value)


def _is_short(values: list[Any]) -> bool:
    """Whether values fit into one row: numbers, however many, or a few short texts."""
    if all(isinstance(one, int | float) or one is None for one in values):
        return True
    return len(values) <= _FEW and all(isinstance(one, str) and len(one) <= 24 for one in values)


def _words(value: Any) -> str:
    match value:
        case None:
            words = "nothing"
        case bool():
            words = "yes" if value else "no"
        case str():
            words = one_line(" ".join(value.split())) or "empty"
        case int() | float():
            words = f"{value:g}" if isinstance(value, float) else str(value)
        case list() if value and _is_short(value):
            words = ", ".join(_words(one) for one in value)
        case _:
            words = one_line(json.dumps(value, ensure_ascii=False))
    return words if len(words) <= _MOST_CHARACTERS else words[:_MOST_CHARACTERS] + "…"
