"""What covers things, what is behind them, and what colour they are painted in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from training.augmentation.backgrounds import Backgrounds
from training.augmentation.colour import LUMA
from training.augmentation.operations import Draw, Group, Operation, Range, at, ranged, whole
from training.augmentation.ral import RAL

__all__ = ["Background", "CoarseDropout", "RalColour"]

Picture = NDArray[np.uint8]
_TONES = np.array([[int(tone[at : at + 2], 16) for at in (1, 3, 5)] for _, tone in RAL.values()], np.float64)
_MOST_GAIN = 6.0  # of a channel: black has no shading that could be made bright


@dataclass(frozen=True)
class RalColour(Operation):
    """Painted in a RAL colour, with its light and shadow kept.

    The mean of what is painted is brought towards the tone by a gain a channel, as the light on a paint multiplies its
    colour (so shading stays); of the whole picture where there is no mask.
    """

    key: ClassVar[str] = "ral"
    title: ClassVar[str] = "RAL colour"
    group: ClassVar[Group] = "colour"
    sentence: ClassVar[str] = "Paints what the mask shows, or the whole picture without one, towards a RAL colour."
    strength: Range = ranged(0, 100, (30, 100), "Strength", "%")
    lightness: Range = ranged(0, 100, (0, 60), "Lightness of the tone", "%")

    def gains(self, mean: NDArray[np.float64], draw: Draw) -> NDArray[np.float64]:
        """float64 (3,): of red, green and blue, for a mean colour in levels."""
        tone = _TONES[int(draw[1] * len(_TONES))]
        strength, light = at(self.strength, draw[2]) / 100, at(self.lightness, draw[3]) / 100
        seen = np.maximum(mean, 4.0)
        wanted = (1 - light) * float(LUMA @ seen) + light * float(LUMA @ tone)
        target = np.maximum(tone, 4.0)
        target = target * (wanted / float(LUMA @ target))
        gains: NDArray[np.float64] = np.clip(((1 - strength) * seen + strength * target) / seen, 0.0, _MOST_GAIN)
        return gains


@dataclass(frozen=True)
class Background(Operation):
    """What is behind the thing is another picture."""

    key: ClassVar[str] = "background"
    title: ClassVar[str] = "Background"
    group: ClassVar[Group] = "occlusion"
    sentence: ClassVar[str] = "Puts the thing before other pictures, or plain colours; pictures without a mask stay."
    softness: Range = ranged(0, 5, (0.5, 1.5), "Soft edge", "px", 0.1)

    def apply(self, image: Picture, thing: Picture, behind: Backgrounds, draw: Draw) -> Picture:
        """``image``, uint8 (H, W, 3), where ``thing``, uint8 (H, W), is 255; the background where it is 0."""
        height, width = image.shape[:2]
        ground = behind.picture(width, height, draw[2:8])
        sigma = at(self.softness, draw[1])
        soft = cv2.GaussianBlur(thing, (0, 0), sigma) if sigma > 0.2 else thing
        share = cv2.merge([soft, soft, soft])
        front = cv2.multiply(image, share, scale=1 / 255)
        back = cv2.multiply(ground, cv2.bitwise_not(share), scale=1 / 255)
        mixed: Picture = cv2.add(front, back)
        return mixed


@dataclass(frozen=True)
class CoarseDropout(Operation):
    """Rectangles that cover the picture; labels stay, as something covered is still there."""

    key: ClassVar[str] = "dropout"
    title: ClassVar[str] = "Coarse dropout"
    group: ClassVar[Group] = "occlusion"
    sentence: ClassVar[str] = "Covers rectangles in black; labels stay, as what is covered is still there."
    holes: Range = ranged(1, 64, (1, 8), "Rectangles", "")
    height: Range = ranged(1, 100, (4, 9), "Height", "%")
    width: Range = ranged(1, 100, (4, 9), "Width", "%")

    def cover(self, image: Picture, draw: Draw, more: Callable[[tuple[int, int]], NDArray[np.float64]]) -> None:
        """Paint into ``image``, uint8 (H, W, 3); ``more`` gives further numbers in [0, 1) of a shape."""
        high, wide = image.shape[:2]
        for down, across, top, left in more((whole(self.holes, draw[1]), 4)).tolist():
            tall = min(high, max(1, round(at(self.height, down) / 100 * high)))
            broad = min(wide, max(1, round(at(self.width, across) / 100 * wide)))
            y, x = int(top * (high - tall + 1)), int(left * (wide - broad + 1))
            image[y : y + tall, x : x + broad] = 0
