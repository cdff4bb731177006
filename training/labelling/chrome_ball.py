"""Where a light stands, from its reflection in a mirroring ball that was photographed with the thing.

Seen from afar by a camera at (0, 0, 1), the ball's surface at (x, y) has the normal n = (x, y, sqrt(1 - x² - y²)), in
units of its radius; a mirror sends the ray to the camera v from the direction l = 2 (n · v) n - v (the law of
reflection; so Debevec, "Rendering Synthetic Objects into Real Scenes", SIGGRAPH 1998, reads light probes).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.errors import DatasetError

__all__ = ["Circle", "Direction", "brightest", "circle_through", "light_from", "mirrored"]

Direction = tuple[float, float, float]
"""A unit vector towards a light: x right, y up, z to the camera."""

_NEAR = 0.9
"""Pixels at least so bright, of the brightest, belong to the reflection."""

_RIM = 0.98
"""Of the radius: what lies beyond is the rim, which shows the surroundings behind the ball."""


@dataclass(frozen=True, slots=True)
class Circle:
    """The outline of a ball, in pixels of the picture: (0, 0) is the outer corner of its first pixel.

    Attributes:
        x: of its middle.
        y: likewise.
        radius: above 0.
    """

    x: float
    y: float
    radius: float


def circle_through(points: Sequence[tuple[float, float]]) -> Circle:
    """The circle through three points, or nearest to more (least squares of x² + y² = 2ax + 2by + c; Kåsa, 1976).

    Raises:
        DatasetError: there are fewer than three, or they lie in a line.
    """
    given = np.array(points, np.float64).reshape(-1, 2)
    middle = given.mean(axis=0) if len(given) else np.zeros(2)
    apart = given - middle
    size = float(np.abs(apart).max()) if len(given) else 0.0
    if len(given) < 3 or size <= 0:
        raise DatasetError("A circle needs three points on the rim of the ball; click three that lie far apart.")
    unit = apart / size
    matrix = np.column_stack([2 * unit, np.ones(len(unit))])
    solution, _, rank, _ = np.linalg.lstsq(matrix, (unit**2).sum(axis=1), rcond=1e-9)
    if rank < 3:
        raise DatasetError("The points on the rim lie in one line; click three that lie far apart.")
    a, b, c = (float(one) for one in solution)
    return Circle(a * size + middle[0], b * size + middle[1], math.sqrt(max(c + a * a + b * b, 1e-18)) * size)


def brightest(picture: NDArray[np.integer | np.floating], ball: Circle) -> tuple[float, float]:
    """The middle of what is brightest inside a ball, in pixels as ``Circle``.

    Args:
        picture: (H, W) or (H, W, C), any scale.
        ball: its outline; only its part inside of the picture is looked at.

    Raises:
        DatasetError: no part of the ball is in the picture, or nothing on it is bright.
    """
    grey = picture.astype(np.float64)
    grey = grey.mean(axis=2) if grey.ndim == 3 else grey
    rows, columns = np.indices(grey.shape)
    inside = (columns + 0.5 - ball.x) ** 2 + (rows + 0.5 - ball.y) ** 2 <= (_RIM * ball.radius) ** 2
    if not inside.any() or grey[inside].max() <= 0:
        raise DatasetError("Nothing bright is inside of the circle; draw it around the ball that mirrors the light.")
    bright = inside & (grey >= _NEAR * grey[inside].max())
    weights = grey[bright]
    x = float(((columns[bright] + 0.5) * weights).sum() / weights.sum())
    y = float(((rows[bright] + 0.5) * weights).sum() / weights.sum())
    return x, y


def mirrored(ball: Circle, x: float, y: float) -> Direction:
    """The direction that a mirroring ball shows at a point of the picture; points off the ball count as on its rim."""
    across, up = (x - ball.x) / ball.radius, (ball.y - y) / ball.radius
    out = math.hypot(across, up)
    if out > 1:
        across, up, out = across / out, up / out, 1.0
    towards = math.sqrt(max(0.0, 1 - out * out))
    return 2 * towards * across, 2 * towards * up, 2 * towards * towards - 1


def light_from(picture: NDArray[np.integer | np.floating], ball: Circle) -> Direction:
    """The direction of the light that a mirroring ball shows; as ``brightest``."""
    return mirrored(ball, *brightest(picture, ball))
