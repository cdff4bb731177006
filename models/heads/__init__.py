"""Head kinds: raw tensors to typed results, one module a kind. ``KINDS`` is the one table that lists them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from models.heads import categories

__all__ = ["KINDS", "Decode", "Result"]

Result = categories.CategoriesResult
"""A typed answer of any kind; grows into a union as kinds land."""

Decode = Callable[[NDArray[np.float32], Sequence[str]], list[Result]]

KINDS: Mapping[str, Decode] = {"categories": categories.decode}
"""Kind name -> function from raw head outputs (N, ...) and the head's class names to N results."""
