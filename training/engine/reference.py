"""The convolution by which an engine is proved, in NumPy. Imported by the engine's process; needs NumPy alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["KERNEL", "PICTURE", "TOLERANCE", "convolve"]

_random = np.random.default_rng(7)

PICTURE: NDArray[np.float32] = _random.standard_normal((1, 3, 32, 32)).astype(np.float32)
"""(batch, channels, height, width)."""

KERNEL: NDArray[np.float32] = _random.standard_normal((8, 3, 3, 3)).astype(np.float32)
"""(filters, channels, height, width)."""

TOLERANCE = 0.1
"""Of sums of 27 products of about 1: TF32, which cards use for convolutions, keeps 10 bits of each factor. A kernel
that computes nothing, or something else, is off by several."""


def convolve(picture: NDArray[np.float32], kernel: NDArray[np.float32]) -> NDArray[np.float64]:
    """The cross-correlation that networks call a convolution, with a margin of one zero on each side.

    Args:
        picture: (batch, channels, height, width).
        kernel: (filters, channels, 3, 3).

    Returns:
        (batch, filters, height, width).
    """
    padded = np.pad(picture.astype(np.float64), ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))
    answer: NDArray[np.float64] = np.einsum("bchwyx,fcyx->bfhw", windows, kernel.astype(np.float64))
    return answer
