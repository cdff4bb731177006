"""Settings to begin with: those of the documents for furniture and parts, and fitting ones for the other templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from models.errors import DatasetError, one_line
from training.augmentation.camera import Blur, Jpeg, MotionBlur, Noise
from training.augmentation.colour import Brightness, ColourJitter, Contrast, HueSaturationValue
from training.augmentation.config import AugmentationConfig
from training.augmentation.geometry import Flip, Perspective, Rotate, Rotate90, Scale, Shift
from training.augmentation.occlusion import CoarseDropout, RalColour

__all__ = ["PRESETS", "Preset", "find_preset", "preset_for"]


@dataclass(frozen=True, slots=True)
class Preset:
    """Settings with a name.

    Attributes:
        name: as the command line takes it.
        title: for people.
        sentence: what it is for.
        config: the settings.
        templates: of which datasets it is the usual one; a name that ends in * stands for all that begin so.
    """

    name: str
    title: str
    sentence: str
    config: AugmentationConfig
    templates: tuple[str, ...] = ()


_PLACED, _LIT = ("shift", "scale", "rotate"), ("brightness", "contrast")  # decided on together in the documents

_FURNITURE = AugmentationConfig(
    rotate=Rotate(1.0, (-15, 15)),
    scale=Scale(1.0, (80, 120)),
    flip=Flip(0.5),
    brightness=Brightness(1.0, (-20, 20)),
    colour_jitter=ColourJitter(1.0, (-10, 10)),
)

_ALL = (
    Preset(
        "none",
        "None",
        "Pictures as they are.",
        AugmentationConfig(),
        ("photometric*",),  # lights and normals are true of the picture as it was taken only
    ),
    Preset(
        "light",
        "Light",
        "A little of everything that hardly ever changes what a picture shows; nothing is flipped.",
        AugmentationConfig(
            rotate=Rotate(0.5, (-5, 5)),
            scale=Scale(0.5, (90, 110)),
            shift=Shift(0.5, (-5, 5)),
            brightness=Brightness(0.5, (-10, 10)),
            contrast=Contrast(0.5, (-10, 10)),
        ),
        ("", "tags", "detection"),
    ),
    Preset(
        "textures",
        "Textures",
        "Cut and lit otherwise and mirrored left to right, never turned: bricks lie, and the sky is above.",
        AugmentationConfig(
            scale=Scale(0.5, (100, 140)),
            shift=Shift(0.5, (-10, 10)),
            flip=Flip(0.5),
            brightness=Brightness(0.5, (-15, 15)),
            contrast=Contrast(0.5, (-15, 15)),
            hsv=HueSaturationValue(0.3, (-8, 8), (-15, 15), (-8, 8)),
            jpeg=Jpeg(0.2, (60, 95)),
        ),
        ("textures",),
    ),
    Preset(
        "parts",
        "Parts",
        "Parts on a belt: any quarter and side, light, noise and blur of a camera, and covered spots.",
        AugmentationConfig(
            rotate90=Rotate90(0.5),
            flip=Flip(0.5),
            shift=Shift(0.5, (-10, 10)),
            scale=Scale(0.5, (80, 120)),
            rotate=Rotate(0.5, (-15, 15)),
            brightness=Brightness(0.5, (-20, 20)),
            contrast=Contrast(0.5, (-20, 20)),
            hsv=HueSaturationValue(0.3, (-20, 20), (-8, 8), (-8, 8)),
            noise=Noise(0.3, (3.2, 7.1)),
            blur=Blur(0.2, (0.8, 1.1)),
            dropout=CoarseDropout(0.3, (1, 8), (1, 9), (1, 9)),
            together=(_PLACED, _LIT),
        ),
        ("parts",),
    ),
    Preset(
        "furniture",
        "Furniture",
        "Turned by up to 15°, scaled by a fifth, lit otherwise, mirrored.",
        _FURNITURE,
        ("furniture-segmentation",),
    ),
    Preset(
        "furniture-colour",
        "Furniture in RAL colours",
        "As furniture, and painted in other RAL colours.",
        _FURNITURE.with_operation(RalColour(0.7, (30, 100), (0, 60))),
        ("colour-transfer",),
    ),
    Preset(
        "cards",
        "Cards",
        "As photographed by hand: a little turned and tilted, lit otherwise; never mirrored, print has a side.",
        AugmentationConfig(
            rotate=Rotate(0.5, (-5, 5)),
            scale=Scale(0.5, (92, 108)),
            shift=Shift(0.5, (-3, 3)),
            perspective=Perspective(0.3, (0, 3)),
            brightness=Brightness(0.5, (-10, 10)),
            contrast=Contrast(0.5, (-10, 10)),
            noise=Noise(0.2, (1, 4)),
            jpeg=Jpeg(0.2, (80, 98)),
        ),
        ("border-*", "corner-*", "edge", "surface-*"),
    ),
    Preset(
        "camera",
        "Hand-held camera",
        "What a camera in a hand does: blur, motion, noise, compression, light.",
        AugmentationConfig(
            rotate=Rotate(0.5, (-10, 10)),
            scale=Scale(0.5, (85, 115)),
            perspective=Perspective(0.5, (0, 6)),
            brightness=Brightness(0.7, (-25, 25)),
            contrast=Contrast(0.7, (-25, 25)),
            hsv=HueSaturationValue(0.3, (-10, 10), (-15, 15), (-10, 10)),
            blur=Blur(0.2, (0.8, 2)),
            motion_blur=MotionBlur(0.2, (3, 9)),
            noise=Noise(0.4, (2, 10)),
            jpeg=Jpeg(0.4, (50, 95)),
        ),
    ),
)

PRESETS: Mapping[str, Preset] = MappingProxyType({one.name: one for one in _ALL})
"""Name -> preset."""


def find_preset(name: str) -> Preset:
    """The preset of that name. Raises ``DatasetError``: there is none."""
    if name not in PRESETS:
        raise DatasetError(f"There is no preset {one_line(name)}; the presets are: {', '.join(PRESETS)}.")
    return PRESETS[name]


def preset_for(template: str) -> Preset:
    """The usual preset of a template of ``training.datasets.templates``; "light" where none is named."""
    for one in _ALL:
        if any(template == name or (name.endswith("*") and template.startswith(name[:-1])) for name in one.templates):
            return one
    return PRESETS["light"]
