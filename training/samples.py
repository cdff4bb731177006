"""Made-up pictures for which a network's answers are kept, to see later whether a converted one gives the same.

Used by what runs in an engine, so it needs NumPy alone. ``models.reference`` reads what is written here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError

__all__ = ["BATCH", "SIDES", "keep", "pictures"]

BATCH = 3
"""Pictures at once for a network that takes several: neither of the numbers that it is traced with."""

SIDES = (224, 256, 512, 640, 320, 299, 384, 128, 64, 32, 28)
"""Heights and widths in common use, the most common first: for a network that does not say which it takes."""


def pictures(shape: Sequence[int], dtype: str = "float32", *, high: float = 1.0) -> NDArray[Any]:
    """Pictures of ``shape``, the same ones each time: smooth colours under noise, each brighter than the one before.

    Args:
        shape: with four axes, the batch first.
        dtype: of the numbers.
        high: the largest number, the smallest being 0.
    """
    random = np.random.default_rng(7)
    slopes = [
        np.linspace(0, 1, length, dtype=np.float32).reshape(-1, *[1] * (len(shape) - axis - 1))
        for axis, length in enumerate(shape)
    ]
    smooth = sum(slopes) / len(shape)
    mixed = 0.6 * smooth + 0.4 * random.random(tuple(shape), np.float32)
    scaled = mixed * high
    return (scaled.round() if np.dtype(dtype).kind in "iu" else scaled).astype(dtype)


def keep(path: Path, feeds: Mapping[str, NDArray[Any]], answers: Mapping[str, NDArray[Any]]) -> None:
    """Write what a network was given and what it answered, as ``.npz``, nothing in it a pickle.

    Raises:
        ModelError: it answers with something else than numbers.
    """
    arrays = {f"in/{name}": array for name, array in feeds.items()}
    arrays |= {f"out/{name}": array for name, array in answers.items()}
    if any(array.dtype.kind not in "biuf" for array in arrays.values()):
        raise ModelError("The network answers with something else than numbers; it can't be converted.")
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
