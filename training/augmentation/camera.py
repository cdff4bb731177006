"""Operations of a camera: blur, motion, noise, compression; in that order, after geometry and colour."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from training.augmentation.noise import add_noise
from training.augmentation.operations import Draw, Group, Operation, Range, at, ranged, whole

__all__ = ["Blur", "Camera", "Jpeg", "MotionBlur", "Noise"]

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Camera(Operation):
    """An operation on pixels that moves nothing."""

    group: ClassVar[Group] = "camera"

    def apply(self, image: Picture, draw: Draw) -> Picture:
        """A new picture; uint8 (H, W, 3), as ``image``, which stays as it is."""
        raise NotImplementedError


@dataclass(frozen=True)
class Blur(Camera):
    """Gaussian."""

    key: ClassVar[str] = "blur"
    title: ClassVar[str] = "Blur"
    sentence: ClassVar[str] = "Out of focus: a Gaussian of this radius."
    sigma: Range = ranged(0.3, 10, (0.8, 1.1), "Radius", "px", 0.1)

    def apply(self, image: Picture, draw: Draw) -> Picture:
        """Out to two radii: 3 x 3 pixels for 0.8, 5 x 5 for 1.1."""
        sigma = at(self.sigma, draw[1])
        side = max(3, 2 * math.ceil(2 * sigma) - 1)
        blurred: Picture = cv2.GaussianBlur(image, (side, side), sigma)
        return blurred


@dataclass(frozen=True)
class MotionBlur(Camera):
    """Along a line in any direction."""

    key: ClassVar[str] = "motion_blur"
    title: ClassVar[str] = "Motion blur"
    sentence: ClassVar[str] = "Smeared along a line in any direction."
    length: Range = ranged(2, 41, (3, 9), "Length", "px")

    def apply(self, image: Picture, draw: Draw) -> Picture:
        """A line kernel; 64 directions."""
        length = whole(self.length, draw[1])
        moved: Picture = cv2.filter2D(image, -1, _line(length, int(draw[2] * 64)))
        return moved


@dataclass(frozen=True)
class Noise(Camera):
    """Gaussian, each pixel and channel by itself."""

    key: ClassVar[str] = "noise"
    title: ClassVar[str] = "Noise"
    sentence: ClassVar[str] = "Grain, each pixel and channel by itself: a Gaussian of this deviation, of 255 levels."
    sigma: Range = ranged(0, 64, (3.2, 7.1), "Deviation", "levels", 0.1)

    def apply(self, image: Picture, draw: Draw) -> Picture:
        """From a bank of numbers."""
        return add_noise(image, at(self.sigma, draw[1]), draw[2], negative=draw[3] < 0.5)


@dataclass(frozen=True)
class Jpeg(Camera):
    """Compressed and opened again."""

    key: ClassVar[str] = "jpeg"
    title: ClassVar[str] = "JPEG"
    sentence: ClassVar[str] = "Compressed as JPEG and opened again; 100 is the best quality."
    quality: Range = ranged(1, 100, (60, 95), "Quality", "", neutral=100)

    def apply(self, image: Picture, draw: Draw) -> Picture:
        """Chroma at half the size, as cameras do."""
        bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
        _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, whole(self.quality, draw[1])])
        read = cv2.imdecode(data, cv2.IMREAD_COLOR)
        opened: Picture = cv2.cvtColor(read, cv2.COLOR_BGR2RGB, dst=read)
        return opened


@lru_cache(maxsize=1024)
def _line(length: int, direction: int) -> NDArray[np.float32]:
    """float32 (S, S), S odd: a line of ``length`` pixels through the middle; its sum is 1."""
    side = length | 1
    angle = math.pi * direction / 64
    across, down = math.cos(angle) * (length - 1) / 2, math.sin(angle) * (length - 1) / 2
    middle, bits = side // 2, 8
    ends = [(round((middle + sign * across) * 2**bits), round((middle + sign * down) * 2**bits)) for sign in (-1, 1)]
    drawn = np.zeros((side, side), np.uint8)
    cv2.line(drawn, ends[0], ends[1], 255, 1, cv2.LINE_AA, bits)
    kernel = drawn.astype(np.float32)
    line: NDArray[np.float32] = kernel / kernel.sum()
    return line
