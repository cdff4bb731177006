"""Operations on colour that are linear: each gives a matrix and an offset, and all of a picture become one pass.

Rounding and cutting off at black and white so happen once, at the end. Hue and saturation are done as in the W3C's
Filter Effects (hueRotate and saturate, with the luminance of sRGB's primaries), which is linear, not as in the HSV
hexcone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from training.augmentation.operations import Draw, Group, Operation, Range, at, ranged

__all__ = ["LUMA", "Brightness", "ColourJitter", "Colouring", "Contrast", "HueSaturationValue", "Linear"]

Matrix = NDArray[np.float64]
Linear = tuple[Matrix, Matrix]
"""float64 (3, 3) and (3,): what is done to RGB in levels, 0 to 255."""

_MIDDLE = 127.5
LUMA = np.array([0.2126, 0.7152, 0.0722])
"""Weights of red, green and blue in luminance, of sRGB's primaries (ITU-R BT.709)."""
_LUMA = np.tile(LUMA, (3, 1))
_SAME, _NOTHING = np.eye(3), np.zeros(3)
# The part of hueRotate that goes with the sine, W3C Filter Effects Module Level 1, to the digits of _LUMA.
_TURN = np.array([[-0.2126, -0.7152, 0.9278], [0.143, 0.140, -0.283], [-0.7874, 0.7152, 0.0722]])


@dataclass(frozen=True)
class Colouring(Operation):
    """An operation of the colour pass."""

    group: ClassVar[Group] = "colour"

    def linear(self, draw: Draw) -> Linear:
        """What it does to RGB."""
        raise NotImplementedError


@dataclass(frozen=True)
class Brightness(Colouring):
    """All levels up or down by the same."""

    key: ClassVar[str] = "brightness"
    title: ClassVar[str] = "Brightness"
    sentence: ClassVar[str] = "Brighter or darker, in parts of the way from black to white."
    percent: Range = ranged(-100, 100, (-20, 20), "Change", "%")

    def linear(self, draw: Draw) -> Linear:
        """An offset."""
        return _SAME, np.full(3, at(self.percent, draw[1]) * 2.55)


@dataclass(frozen=True)
class Contrast(Colouring):
    """Farther from middle grey or nearer to it."""

    key: ClassVar[str] = "contrast"
    title: ClassVar[str] = "Contrast"
    sentence: ClassVar[str] = "Dark and light farther apart or closer together, about middle grey."
    percent: Range = ranged(-100, 100, (-20, 20), "Change", "%")

    def linear(self, draw: Draw) -> Linear:
        """A gain about 127.5."""
        return _about_middle(1 + at(self.percent, draw[1]) / 100)


@dataclass(frozen=True)
class HueSaturationValue(Colouring):
    """Other hue, saturation and value."""

    key: ClassVar[str] = "hsv"
    title: ClassVar[str] = "Hue, saturation, value"
    sentence: ClassVar[str] = "Turns the colour wheel, and makes colours stronger or weaker, lighter or darker."
    hue: Range = ranged(-180, 180, (-20, 20), "Hue", "°")
    saturation: Range = ranged(-100, 100, (-8, 8), "Saturation", "%")
    value: Range = ranged(-100, 100, (-8, 8), "Value", "%")

    def linear(self, draw: Draw) -> Linear:
        """Hue, then saturation, then value as a gain."""
        turned = _hue(at(self.hue, draw[1]))
        gain = 1 + at(self.value, draw[3]) / 100
        return gain * (_saturation(1 + at(self.saturation, draw[2]) / 100) @ turned), _NOTHING


@dataclass(frozen=True)
class ColourJitter(Colouring):
    """Brightness, contrast and saturation by a factor each, and the hue, all at once."""

    key: ClassVar[str] = "colour_jitter"
    title: ClassVar[str] = "Colour jitter"
    sentence: ClassVar[str] = "Brightness, contrast and saturation by a factor each, and the hue, all at once."
    percent: Range = ranged(-90, 90, (-10, 10), "Factors", "%")
    hue: Range = ranged(-180, 180, (0, 0), "Hue", "°")

    def linear(self, draw: Draw) -> Linear:
        """In the order of the words."""
        bright, contrast, saturation = (1 + at(self.percent, draw[place]) / 100 for place in (1, 2, 3))
        matrix, offset = _about_middle(contrast)
        turned = _hue(at(self.hue, draw[4])) @ _saturation(saturation)
        return turned @ matrix * bright, turned @ offset


def _about_middle(gain: float) -> Linear:
    return _SAME * gain, np.full(3, _MIDDLE * (1 - gain))


def _saturation(factor: float) -> Matrix:
    mixed: Matrix = _LUMA + factor * (_SAME - _LUMA)
    return mixed


def _hue(degrees: float) -> Matrix:
    if degrees == 0:
        return _SAME
    angle = math.radians(degrees)
    turned: Matrix = _LUMA + math.cos(angle) * (_SAME - _LUMA) + math.sin(angle) * _TURN
    return turned
