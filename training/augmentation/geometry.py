"""Operations on where things are. Each gives a 3x3 matrix, and all of a picture become one.

Matrices map label coordinates, in which (0, 0) is the outer corner of the first pixel and a pixel's centre lies at
one half.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from training.augmentation.operations import Draw, Group, Operation, Range, at, ranged, whole

__all__ = ["Flip", "FlipVertical", "Perspective", "Rotate", "Rotate90", "Scale", "Shift", "Warping", "exact_matrix"]

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Warping(Operation):
    """An operation that needs new pixels in between."""

    group: ClassVar[Group] = "geometry"

    def matrix(self, draw: Draw, width: int, height: int) -> Matrix:
        """float64 (3, 3), from and to a picture of ``width`` x ``height`` pixels, about its middle."""
        raise NotImplementedError


@dataclass(frozen=True)
class Rotate(Warping):
    """By any angle, clockwise."""

    key: ClassVar[str] = "rotate"
    title: ClassVar[str] = "Rotate"
    sentence: ClassVar[str] = "Turns the picture about its middle."
    degrees: Range = ranged(-180, 180, (-15, 15), "Angle", "°")

    def matrix(self, draw: Draw, width: int, height: int) -> Matrix:
        """A rotation."""
        angle = math.radians(at(self.degrees, draw[1]))
        cos, sin = math.cos(angle), math.sin(angle)
        return _centred(np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]]), width, height)


@dataclass(frozen=True)
class Scale(Warping):
    """Larger or smaller; what goes over the edge is cut off."""

    key: ClassVar[str] = "scale"
    title: ClassVar[str] = "Scale"
    sentence: ClassVar[str] = "Makes everything larger or smaller; 100 % changes nothing."
    percent: Range = ranged(20, 300, (80, 120), "Size", "%", neutral=100)

    def matrix(self, draw: Draw, width: int, height: int) -> Matrix:
        """The same factor across and down."""
        factor = at(self.percent, draw[1]) / 100
        return _centred(np.diag([factor, factor, 1.0]), width, height)


@dataclass(frozen=True)
class Shift(Warping):
    """Across and down, each by its own share."""

    key: ClassVar[str] = "shift"
    title: ClassVar[str] = "Shift"
    sentence: ClassVar[str] = "Moves the picture across and down, in parts of its width and height."
    percent: Range = ranged(-100, 100, (-10, 10), "Distance", "%")

    def matrix(self, draw: Draw, width: int, height: int) -> Matrix:
        """A translation."""
        across, down = (at(self.percent, draw[place]) / 100 for place in (1, 2))
        return np.array([[1, 0, across * width], [0, 1, down * height], [0, 0, 1]])


@dataclass(frozen=True)
class Perspective(Warping):
    """As seen from another side: each corner moves by itself."""

    key: ClassVar[str] = "perspective"
    title: ClassVar[str] = "Perspective"
    sentence: ClassVar[str] = "Moves each corner by itself, as if seen from another side; in parts of the shorter side."
    percent: Range = ranged(0, 20, (0, 8), "Strength", "%")

    def matrix(self, draw: Draw, width: int, height: int) -> Matrix:
        """A homography; up to 20 % it has its horizon outside of the picture."""
        reach = at(self.percent, draw[1]) / 100 * min(width, height)
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        moved = corners + ((np.array(draw[2:10]).reshape(4, 2) * 2 - 1) * reach).astype(np.float32)
        return np.asarray(cv2.getPerspectiveTransform(corners, moved), np.float64)


@dataclass(frozen=True)
class Flip(Operation):
    """Left and right change places; exact."""

    key: ClassVar[str] = "flip"
    title: ClassVar[str] = "Flip"
    group: ClassVar[Group] = "geometry"
    sentence: ClassVar[str] = "Left and right change places."


@dataclass(frozen=True)
class FlipVertical(Operation):
    """Top and bottom change places; exact."""

    key: ClassVar[str] = "flip_vertical"
    title: ClassVar[str] = "Flip upside down"
    group: ClassVar[Group] = "geometry"
    sentence: ClassVar[str] = "Top and bottom change places."


@dataclass(frozen=True)
class Rotate90(Operation):
    """By quarter turns, clockwise; exact, and an oblong picture stands up or lies down."""

    key: ClassVar[str] = "rotate90"
    title: ClassVar[str] = "Rotate by 90°"
    group: ClassVar[Group] = "geometry"
    sentence: ClassVar[str] = "Turns by one or more quarters; no pixel is lost."
    turns: Range = ranged(0, 3, (0, 3), "Quarters", "")

    def quarters(self, draw: Draw) -> int:
        """How many, 0 to 3."""
        return whole(self.turns, draw[1])


def exact_matrix(quarters: int, across: bool, down: bool, width: int, height: int) -> Matrix:
    """float64 (3, 3): flips of a picture of ``width`` x ``height``, and then quarter turns clockwise."""
    made = np.eye(3)
    if across:
        made = np.array([[-1, 0, width], [0, 1, 0], [0, 0, 1]]) @ made
    if down:
        made = np.array([[1, 0, 0], [0, -1, height], [0, 0, 1]]) @ made
    for _ in range(quarters):
        made = np.array([[0, -1, height], [1, 0, 0], [0, 0, 1]]) @ made
        width, height = height, width
    return made


def _centred(about_origin: Matrix, width: int, height: int) -> Matrix:
    there, back = np.eye(3), np.eye(3)
    there[:2, 2] = -width / 2, -height / 2
    back[:2, 2] = width / 2, height / 2
    centred: Matrix = back @ about_origin @ there
    return centred
