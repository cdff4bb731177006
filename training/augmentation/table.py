"""All operations in one table. New ones go to the end: an operation's place is where its random numbers come from."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from training.augmentation.camera import Blur, Jpeg, MotionBlur, Noise
from training.augmentation.colour import Brightness, ColourJitter, Contrast, HueSaturationValue
from training.augmentation.geometry import Flip, FlipVertical, Perspective, Rotate, Rotate90, Scale, Shift
from training.augmentation.occlusion import Background, CoarseDropout, RalColour
from training.augmentation.operations import Operation

__all__ = ["OPERATIONS"]

_ALL: tuple[type[Operation], ...] = (
    Rotate,
    Scale,
    Shift,
    Flip,
    FlipVertical,
    Rotate90,
    Perspective,
    Brightness,
    Contrast,
    HueSaturationValue,
    ColourJitter,
    RalColour,
    Blur,
    MotionBlur,
    Noise,
    Jpeg,
    Background,
    CoarseDropout,
)

OPERATIONS: Mapping[str, type[Operation]] = MappingProxyType({one.key: one for one in _ALL})
"""Key, as settings and the command line have it -> operation."""
