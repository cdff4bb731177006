"""What every operation is: a frozen, checked dataclass with a probability and ranges that carry their own units."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias, TypeVar, cast

from models.errors import DatasetError, one_line

__all__ = ["GROUPS", "SLOTS", "Draw", "Group", "Operation", "Parameter", "Range", "at", "parameters", "ranged", "whole"]

Range: TypeAlias = tuple[float, float]
"""Lowest and highest value, in the parameter's unit; both may occur."""

Draw: TypeAlias = list[float]
"""The ``SLOTS`` numbers in [0, 1) that one operation draws for one picture; the first decides whether it happens."""

SLOTS = 12
"""Every operation draws as many, used or not: so turning one operation on leaves what the others drew as it was."""

Group = Literal["geometry", "colour", "camera", "occlusion"]
GROUPS: Mapping[Group, str] = {
    "geometry": "Geometry",
    "colour": "Colour",
    "camera": "Camera",
    "occlusion": "Occlusion",
}
"""Group -> what a person reads, in the order in which they are done."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One range of an operation.

    Attributes:
        name: of the field.
        title: for people.
        unit: likewise; "" for none.
        low: the least that may be asked for, in that unit.
        high: the most.
        step: of a slider; 1 with ``whole`` numbers.
        neutral: what changes nothing, or least.
    """

    name: str
    title: str
    unit: str
    low: float
    high: float
    step: float
    neutral: float


def ranged(
    low: float, high: float, usual: Range, title: str, unit: str, step: float = 1.0, neutral: float | None = None
) -> Any:
    """A field of an operation that holds a ``Range``; see ``Parameter``."""
    middle = neutral if neutral is not None else max(0.0, low)
    return dataclasses.field(default=usual, metadata={"parameter": (title, unit, low, high, step, middle)})


@dataclass(frozen=True)
class Operation:
    """Base of all operations.

    Attributes:
        probability: with which it happens to a picture, 0 (never) to 1 (always).

    Raises:
        DatasetError: a probability or range is none, or lies outside of what is possible.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    group: ClassVar[Group]
    sentence: ClassVar[str]
    probability: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "probability", _number(f"The probability of {self.title}", self.probability, 0.0, 1.0))
        for one in parameters(type(self)):
            object.__setattr__(self, one.name, _range(self.title, one, getattr(self, one.name)))

    def with_range(self: Kind, name: str, value: Range) -> Kind:
        """The same with another range."""
        return dataclasses.replace(self, **{name: value})  # type: ignore[arg-type]  # the name of a field

    def to_json(self) -> dict[str, Any]:
        """For ``json.dumps``."""
        ranges = {one.name: list(getattr(self, one.name)) for one in parameters(type(self))}
        return {"probability": self.probability, **ranges}

    @classmethod
    def from_json(cls: type[Kind], data: Any) -> Kind:
        """The counterpart of ``to_json``; what is missing is as usual. Raises ``DatasetError``: it is none."""
        if not isinstance(data, Mapping):
            raise DatasetError(f"What is said of {cls.title} is no object; write a probability and ranges.")
        known = {"probability", *(one.name for one in parameters(cls))}
        strange = sorted(str(name) for name in data if name not in known)
        if strange:
            raise DatasetError(f"{cls.title} has no {one_line(strange[0])}; it has {', '.join(sorted(known))}.")
        given: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in data.items()}
        return cls(**given)


Kind = TypeVar("Kind", bound=Operation)


_KNOWN: dict[str, tuple[Parameter, ...]] = {}  # by key; asked for at every move of a slider


def parameters(kind: type[Operation]) -> tuple[Parameter, ...]:
    """The ranges of a kind of operation, in their order."""
    if kind.key in _KNOWN:
        return _KNOWN[kind.key]
    given = [(one.name, one.metadata["parameter"]) for one in dataclasses.fields(kind) if "parameter" in one.metadata]
    return _KNOWN.setdefault(kind.key, tuple(Parameter(name, *facts) for name, facts in given))


def at(span: Range, part: float) -> float:
    """The value at ``part`` of a range, 0 to 1."""
    return span[0] + (span[1] - span[0]) * part


def whole(span: Range, part: float) -> int:
    """A whole number of a range, each as likely; ``part`` in [0, 1)."""
    low, high = round(span[0]), round(span[1])
    return min(high, low + int((high - low + 1) * part))


def _number(what: str, value: Any, low: float, high: float) -> float:
    sound = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not sound or not low <= value <= high:
        raise DatasetError(f"{what} must be a number from {low:g} to {high:g}, not {one_line(str(value))}; correct it.")
    return float(value)


def _range(title: str, one: Parameter, value: Any) -> Range:
    what = f"The {one.title.lower()} of {title}"
    if not isinstance(value, tuple) or len(value) != 2:
        raise DatasetError(f"{what} must be two numbers, the lowest and the highest; correct it.")
    low, high = (_number(what, cast("object", end), one.low, one.high) for end in value)
    if low > high:
        raise DatasetError(f"{what} ends at {high:g} before it begins at {low:g}; turn the two around.")
    return low, high
