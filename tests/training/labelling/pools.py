"""Pictures that are but numbers: clumps of look-alikes, for tests of what learns from them."""

from __future__ import annotations

import numpy as np

from training.labelling.pool import Pool

FIRST = 100
"""The id of the first item."""


def clumps(count: int = 90, kinds: int = 3, *, spread: float = 0.25, seed: int = 0, length: int = 12) -> Pool:
    """``count`` pictures around ``kinds`` points; item ``FIRST + row`` is of the kind ``row % kinds``."""
    random = np.random.default_rng(seed)
    points = random.standard_normal((kinds, length))
    features = points[np.arange(count) % kinds] + spread * random.standard_normal((count, length))
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    embedded = np.ones(count, bool)
    return Pool(np.arange(count) + FIRST, features.astype(np.float32), embedded, np.arange(count))
