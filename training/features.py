"""From an embedding to the features that a ridge classifier sees. Fixed when a head is made: an update can only be
exact while the features of what was learned before stay what they were.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Features"]

CONSTANT = 1.0
"""The feature that carries the bias. The others' squares sum to about one, so it is penalised like all of them."""

STILL = 1e-3
"""An output whose scale is under this share of the median did not move in the reference pictures and is left out: one
later picture in which it does would have a feature of thousands."""


class Features:
    """Standardise, and append a constant.

    Args:
        mean: float (D,), of reference pictures.
        scale: float (D,), more than zero. ``training.starter`` says how it is made: standardised embeddings have
            squares that sum to about one.

    Attributes:
        mean: float64 (D,).
        scale: float64 (D,).
        dimensions: D.
        count: F = D + 1, the features of one picture.

    Raises:
        ValueError: a shape or value that does not fit.
    """

    def __init__(self, mean: NDArray[np.floating], scale: NDArray[np.floating]) -> None:
        if mean.ndim != 1 or mean.shape != scale.shape or len(mean) == 0:
            raise ValueError(f"mean {mean.shape} and scale {scale.shape} are not one number per dimension")
        if not (np.isfinite(mean).all() and np.isfinite(scale).all() and (scale > 0).all()):
            raise ValueError("mean and scale must be finite, and scale more than zero")
        self.mean = mean.astype(np.float64)
        self.scale = scale.astype(np.float64)
        moves = self.scale > STILL * np.median(self.scale)
        self._factor = np.divide(1, self.scale, out=np.zeros_like(self.scale), where=moves)
        self.dimensions = len(mean)
        self.count = self.dimensions + 1

    def __call__(self, embeddings: NDArray[np.floating]) -> NDArray[np.float64]:
        """Embeddings (N, D) to features (N, F)."""
        features = np.empty((len(embeddings), self.count))
        np.subtract(embeddings, self.mean, out=features[:, :-1])
        features[:, :-1] *= self._factor
        features[:, -1] = CONSTANT
        return features

    def fold(self, weights: NDArray[np.float64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Weights (F, n) as a matrix (D, n) and a bias (n,) for the embeddings themselves, float32, rounded once.

        embeddings @ matrix + bias is features @ weights.
        """
        matrix = weights[:-1] * self._factor[:, None]
        bias = weights[-1] * CONSTANT - self.mean @ matrix
        return matrix.astype(np.float32), bias.astype(np.float32)

    def cached(self, embeddings: NDArray[np.floating], *, at_once: int = 1024) -> NDArray[np.float32]:
        """The same, float32 (N, F), made in chunks: for scores, which need no more digits, of many pictures."""
        cached = np.empty((len(embeddings), self.count), np.float32)
        for start in range(0, len(embeddings), at_once):
            cached[start : start + at_once] = self(embeddings[start : start + at_once])
        return cached
