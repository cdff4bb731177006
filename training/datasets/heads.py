"""The questions of a dataset: what a head is called, how it is answered, and whether a label answers it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from models.errors import DatasetError, one_line
from training.datasets.checks import finite
from training.datasets.names import checked_name
from training.datasets.values import VALUES, Boxes, Category, Grade, Mask, Tags, Value

__all__ = ["HeadDef", "check_value", "heads_from_json", "heads_to_json", "named_categories", "with_new_categories"]

MOST_MASK_CATEGORIES = 255
"""What one byte can tell apart beside the unknown."""


@dataclass(frozen=True, slots=True)
class HeadDef:
    """One question about the pictures of a dataset.

    Attributes:
        name: such as "material"; none twice in a dataset.
        kind: how it is answered: a key of ``training.datasets.values.VALUES``.
        categories: that an answer may name, in the order of a network's outputs and of a mask's indices; none twice.
        options: whatever else belongs to the question, as JSON. Known are "low", "high" and "step" (numbers: the scale
            of a grade), "roles" (what the targets of an ``image`` head are, a list), "quads" (true: boxes are four
            corners each) and "question" (a sentence that asks a person).
        id: given by the store, never twice in a dataset; 0 before. A head keeps it when it is renamed.
    """

    name: str
    kind: str
    categories: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    id: int = 0

    def __post_init__(self) -> None:
        checked_name("question", self.name)
        if self.kind not in VALUES:
            raise DatasetError(f"{one_line(self.kind)} is no kind of question; the kinds are {', '.join(VALUES)}.")
        object.__setattr__(self, "categories", tuple(checked_name("category", name) for name in self.categories))
        if len(set(self.categories)) != len(self.categories):
            raise DatasetError(f"{self.name} lists a category twice; leave one of them out.")
        if self.kind in ("grade", "image") and self.categories:
            raise DatasetError(f"{self.name} is answered without categories; leave them out.")
        if self.kind == "mask" and len(self.categories) > MOST_MASK_CATEGORIES:
            raise DatasetError(f"{self.name} has more than {MOST_MASK_CATEGORIES} categories; a mask can't hold more.")
        object.__setattr__(self, "options", _options(self.name, self.options))

    def __hash__(self) -> int:
        return hash((self.name, self.kind, self.categories, self.id))

    @property
    def scale(self) -> tuple[float | None, float | None]:
        """Lowest and highest grade; None where there is no end."""
        return self.options.get("low"), self.options.get("high")


def check_value(head: HeadDef, value: Value) -> None:
    """Nothing, if ``value`` answers ``head``.

    Raises:
        DatasetError: it is of another kind, names a category that the head does not have, or lies off its scale.
    """
    if not isinstance(value, VALUES[head.kind]):
        said = getattr(value, "kind", type(value).__name__)
        raise DatasetError(f"{head.name} is answered with {head.kind}, not with {said}; give it an answer of its kind.")
    if isinstance(value, Mask):
        if value.present and value.present[-1] >= len(head.categories):
            raise DatasetError(
                f"A mask has the index {value.present[-1]}, and {head.name} has {len(head.categories)} categories; "
                "add what is missing."
            )
    elif isinstance(value, Grade):
        low, high = head.scale
        if (low is not None and value.value < low) or (high is not None and value.value > high):
            raise DatasetError(f"{value.value:g} is not on the scale of {head.name} ({low} to {high}); correct it.")
    else:
        missing = sorted(named_categories(head, value) - set(head.categories))
        if missing:
            raise DatasetError(
                f"{head.name} has no category {one_line(missing[0])}; add it first, or correct the label."
            )


def named_categories(head: HeadDef, value: Value) -> frozenset[str]:
    """The categories that ``value``, an answer to ``head``, names; of a mask those that have a pixel."""
    if isinstance(value, Category):
        return frozenset({value.name})
    if isinstance(value, Tags):
        return value.names
    if isinstance(value, Boxes):
        return frozenset(shape.category for shape in value.shapes)
    if isinstance(value, Mask):
        return frozenset(head.categories[index] for index in value.present if index < len(head.categories))
    return frozenset()


def with_new_categories(head: HeadDef, values: Iterable[Value]) -> HeadDef:
    """``head`` with those categories at its end, sorted, that ``values`` name and it lacks; masks name none."""
    named = {name for value in values if not isinstance(value, Mask) for name in named_categories(head, value)}
    missing = sorted(named - set(head.categories))
    return replace(head, categories=(*head.categories, *missing)) if missing else head


def heads_to_json(heads: Sequence[HeadDef]) -> list[dict[str, Any]]:
    """As the store keeps them and a version states them."""
    return [
        {
            "id": one.id,
            "name": one.name,
            "kind": one.kind,
            "categories": list(one.categories),
            "options": dict(one.options),
        }
        for one in heads
    ]


def heads_from_json(data: Iterable[Mapping[str, Any]]) -> tuple[HeadDef, ...]:
    """The counterpart of ``heads_to_json``."""
    return tuple(
        HeadDef(one["name"], one["kind"], tuple(one["categories"]), one["options"], one.get("id", 0)) for one in data
    )


def _options(name: str, options: object) -> Mapping[str, Any]:
    """A copy that shares nothing with ``options``."""
    try:
        copied = json.loads(json.dumps(dict(options), allow_nan=False)) if isinstance(options, Mapping) else None
    except (TypeError, ValueError, RecursionError):
        copied = None
    if copied is None:
        raise DatasetError(f"The options of {name} must be what JSON can hold; correct them.")
    for end in ("low", "high", "step"):
        if copied.get(end) is not None:
            copied[end] = finite(f"{end} of {name}", copied[end])
    low, high = copied.get("low"), copied.get("high")
    if low is not None and high is not None and low >= high:
        raise DatasetError(f"The scale of {name} ends before it begins; correct its low and high.")
    return MappingProxyType(copied)
