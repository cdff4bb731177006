"""Head kinds: raw tensors to typed results, one module a kind. ``KINDS`` is the one table that lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.heads import categories

__all__ = ["KINDS", "Decode", "Result"]

Result = categories.CategoriesResult
"""A typed answer of any kind; grows into a union as kinds land."""


class Decode(Protocol):
    """From raw head outputs (N, ...) to N results."""

    def __call__(
        self,
        outputs: NDArray[np.float32],
        categories: Sequence[str],
        /,
        *,
        unsure_below: float = 0.0,
        unknown_below: float = 0.0,
    ) -> list[Result]:
        """``categories``: the head's class names; thresholds as in ``models.spec.HeadSpec``."""


KINDS: Mapping[str, Decode] = {"categories": categories.decode}
"""Kind name -> what decodes it."""
