"""Figures for an ``image`` head: how near the picture comes to the one that was wanted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.metrics.colour import delta_e_2000, to_lab
from training.metrics.figures import Asked, Figures, check_numbers, mean, rows

__all__ = ["BETTER", "PRIMARY", "PSNR_MOST", "Accumulator", "angular_error", "psnr", "ssim", "summary"]

PRIMARY: Final = "ssim"
BETTER: Final = "higher"

PSNR_MOST: Final = 100.0
"""Decibels of an equal picture, which are infinite, and would make each mean so."""

_RADIUS = 5
_GAUSSIAN = np.exp(-0.5 * (np.arange(-_RADIUS, _RADIUS + 1) / 1.5) ** 2)
_WINDOW: Final = _GAUSSIAN / _GAUSSIAN.sum()

_NO_NORMAL = 0.1
"""Normals shorter than this are those of the background, which has none."""


class Accumulator:
    """Figures of pictures and of those that were wanted, N each of (H, W, 3) or (H, W, 1), as one array or a list of
    several sizes: uint8, or float from 0 to 1. A label that is None is unknown.

    Each picture counts alike, whatever its size. Memory: five numbers a picture.
    """

    def __init__(self, asked: Asked) -> None:
        self._normals = asked.role == "normals"
        self._pictures: list[Figures] = []

    def add(
        self,
        predictions: Sequence[NDArray[Any]] | NDArray[Any],
        labels: Sequence[NDArray[Any] | None] | NDArray[Any],
        known: NDArray[np.bool_] | None = None,
        /,
    ) -> None:
        """As ``Accumulator.add`` of ``training.metrics.figures``; ``known`` is (N,)."""
        there = rows(known, (len(labels),))
        for made, wanted, counts in zip(predictions, labels, there, strict=True):
            if wanted is None or not counts:
                continue
            ones, others = _fractions(made), _fractions(wanted)
            check_numbers("pictures", ones, others.shape)
            check_numbers("wanted pictures", others, others.shape)
            coloured = ones.shape[-1] == 3
            self._pictures.append(
                {
                    "ssim": ssim(ones, others),
                    "psnr": psnr(ones, others),
                    "mae": float(np.abs(ones - others).mean()),
                    "delta_e_2000": _colour_error(ones, others) if coloured and not self._normals else None,
                    "angular_error": angular_error(2 * ones - 1, 2 * others - 1) if self._normals else None,
                }
            )

    def summary(self) -> Figures:
        """Means over the pictures: ``ssim``; ``psnr`` in decibels; the mean absolute error, 0 to 1; the mean colour
        difference (CIEDE2000; None for grey pictures and normals); the mean angle in degrees, for normals only.
        """
        names = ("ssim", "psnr", "mae", "delta_e_2000", "angular_error")
        return {name: mean(one[name] for one in self._pictures) for name in names}

    def per_class(self) -> list[Figures]:
        """None: a picture has no classes."""
        return []


def summary(
    asked: Asked,
    predictions: Sequence[NDArray[Any]] | NDArray[Any],
    labels: Sequence[NDArray[Any] | None] | NDArray[Any],
    known: NDArray[np.bool_] | None = None,
    /,
) -> Figures:
    """The figures of ``Accumulator`` all at once."""
    one = Accumulator(asked)
    one.add(predictions, labels, known)
    return one.summary()


def psnr(ones: NDArray[np.floating[Any]], others: NDArray[np.floating[Any]]) -> float:
    """Peak signal-to-noise ratio in decibels between pictures of one shape, 0 to 1: -10 log10 of the mean squared
    error; at most ``PSNR_MOST``.
    """
    squared = float(np.mean((ones.astype(np.float64) - others) ** 2))
    return min(PSNR_MOST, -10 * float(np.log10(squared))) if squared > 0 else PSNR_MOST


def ssim(ones: NDArray[np.floating[Any]], others: NDArray[np.floating[Any]]) -> float | None:
    """Structural similarity between pictures (H, W, C), 0 to 1: 1 for equal ones, lower for less alike.

    Wang, Bovik, Sheikh and Simoncelli, IEEE Transactions on Image Processing 13, 2004, with their Gaussian window of 11
    pixels and sigma 1.5, where it lies wholly in the picture, and the mean over channels. None for pictures of less
    than 11 pixels.
    """
    if min(ones.shape[:2]) < len(_WINDOW):
        return None
    x, y = (np.ascontiguousarray(np.moveaxis(one, -1, 0), np.float64) for one in (ones, others))
    mean_x, mean_y, square_x, square_y, product = _blurred(np.stack([x, y, x * x, y * y, x * y]))
    var_x, var_y, covariance = square_x - mean_x**2, square_y - mean_y**2, product - mean_x * mean_y
    light, contrast = 0.01**2, 0.03**2
    above = (2 * mean_x * mean_y + light) * (2 * covariance + contrast)
    below = (mean_x**2 + mean_y**2 + light) * (var_x + var_y + contrast)
    return float(np.mean(above / below))


def angular_error(ones: NDArray[np.floating[Any]], others: NDArray[np.floating[Any]]) -> float | None:
    """The mean angle in degrees, 0 to 180, between vectors (..., 3) of any length, where the other has a length of 0.1
    or more; None where none has.
    """
    there = np.linalg.norm(others, axis=-1) >= _NO_NORMAL
    if not there.any():
        return None
    first, second = ones[there].astype(np.float64), others[there].astype(np.float64)
    across = np.linalg.norm(np.cross(first, second), axis=-1)  # exact for small angles, where the cosine is not
    angles = np.rad2deg(np.arctan2(across, np.sum(first * second, axis=-1)))
    return float(np.where(np.any(first != 0, axis=-1), angles, 90).mean())  # no direction is as good as any


def _colour_error(ones: NDArray[np.float64], others: NDArray[np.float64]) -> float:
    return float(delta_e_2000(to_lab(ones), to_lab(others)).mean())


def _fractions(picture: NDArray[Any]) -> NDArray[np.float64]:
    if picture.ndim != 3 or picture.shape[-1] not in (1, 3) or not picture.size:
        raise ValueError(f"a picture has the shape {picture.shape} and not (H, W, 3) or (H, W, 1)")
    if picture.dtype == np.uint8:
        return picture / 255
    return picture.astype(np.float64)


def _blurred(pictures: NDArray[np.float64]) -> NDArray[np.float64]:
    """(..., H, W) under the window, (..., H - 10, W - 10)."""
    down, across = (_band(size) for size in pictures.shape[-2:])
    blurred: NDArray[np.float64] = down @ pictures @ across.T
    return blurred


def _band(size: int) -> NDArray[np.float64]:
    """The window at each place, (size - 10, size): products of matrices are faster than a sum of moved pictures."""
    rows = np.arange(size - 2 * _RADIUS)
    band = np.zeros((len(rows), size))
    for place, weight in enumerate(_WINDOW):
        band[rows, rows + place] = weight
    return band
