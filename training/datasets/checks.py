"""Numbers, hashes and tables of text, checked: what ``training.datasets.values`` is made of."""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from models.errors import DatasetError

__all__ = ["finite", "is_sha256", "text_map", "whole"]


def finite(what: str, value: Any) -> float:
    """``value``, also one of NumPy's, as a finite float.

    Raises:
        DatasetError: it is none; ``what`` begins the sentence ("a grade").
    """
    try:
        number = math.nan if isinstance(value, str | bytes | bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise DatasetError(f"{what[0].upper()}{what[1:]} must be a number, and is not; correct it.")
    return number + 0.0  # -0 would be another text for the same number


def whole(what: str, value: Any, low: int, high: int = 2**31 - 1) -> int:
    """``value``, also one of NumPy's, as an int from ``low`` to ``high``.

    Raises:
        DatasetError: it is none.
    """
    try:
        number = low - 1 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = low - 1
    if not low <= number <= high:
        raise DatasetError(f"{what[0].upper()}{what[1:]} must be a whole number from {low:,} to {high:,}; correct it.")
    return number


def is_sha256(text: object) -> bool:
    """Whether ``text`` is 64 small hexadecimal digits."""
    return isinstance(text, str) and len(text) == 64 and set(text) <= set("0123456789abcdef")


def text_map(what: str, data: Any) -> Mapping[str, str]:
    """A frozen copy of ``data``, whose keys and values must be text.

    Raises:
        DatasetError: they are not.
    """
    if not isinstance(data, Mapping) or not all(isinstance(x, str) for pair in data.items() for x in pair):
        raise DatasetError(f"{what[0].upper()}{what[1:]} must be text by name; correct them.")
    return MappingProxyType(dict(sorted(data.items())))
