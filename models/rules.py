"""The last resort, when no model answers: a guess from the file's name, and from how bright and coloured it is.

No confidence here is above ``CEILING``, and for a reason. Measured on the labelled textures (183 of the test split,
which the numbers below were not made from): by colour alone 33 % of the best guesses are right, where chance would be
7 % and the starter model has 73 %; the mean confidence of those guesses is 0.28. A word in a name is right more often,
but a name like ``brick_dust_on_metal`` has no grammar, and nobody has checked what a person calls a file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from models.blending import Prediction, ranked
from models.images.arrays import as_rgb
from models.images.resize import to_square

__all__ = ["CEILING", "MATERIALS", "classify"]

CEILING = 0.5
"""No guess is called more likely than not."""

WORDS: Mapping[str, str] = MappingProxyType(
    {
        word: material
        for material, words in {
            "brick": "brick bricks brk masonry",
            "concrete": "concrete conc cement plaster asphalt stucco",
            "fabric": "fabric cloth carpet rug curtain leather canvas velvet wool",
            "ground": "ground dirt mud sand soil gravel earth snow",
            "light": "light lights lamp glow neon",
            "liquid": "liquid water lava slime blood acid ocean",
            "metal": "metal steel iron rust rusty copper brass alu aluminium aluminum chrome grate",
            "panel": "panel panels computer console machine tech",
            "sign": "sign signs poster decal label banner text",
            "sky": "sky skybox cloud clouds stars space",
            "stone": "stone stones rock rocks cobble cobblestone marble granite slate",
            "tile": "tile tiles tiled ceramic mosaic",
            "vegetation": "vegetation grass leaf leaves moss tree bush fern ivy plant foliage",
            "wood": "wood wooden wd plank planks board boards timber oak pine bark",
        }.items()
        for word in words.split()
    }
)
"""Word of a file's name -> material of the starter model."""

# Means of the features (``_features``) over the training split of the labelled textures, and one spread for all
# materials: the square root of the mean of their variances.
MEANS: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        "brick": (0.340, 0.153, 0.413, 0.453, 0.068, 0.177, 0.226),
        "concrete": (0.103, 0.079, 0.199, 0.435, 0.036, 0.128, 0.131),
        "fabric": (0.264, 0.063, 0.485, 0.494, 0.068, 0.206, 0.203),
        "ground": (0.296, 0.193, 0.363, 0.524, 0.049, 0.180, 0.187),
        "light": (0.063, 0.037, 0.197, 0.363, 0.183, 0.178, 0.217),
        "liquid": (-0.003, 0.119, 0.665, 0.395, 0.100, 0.193, 0.197),
        "metal": (0.182, 0.064, 0.247, 0.295, 0.048, 0.157, 0.158),
        "panel": (0.046, 0.048, 0.166, 0.233, 0.066, 0.145, 0.176),
        "sign": (0.173, 0.165, 0.472, 0.552, 0.218, 0.232, 0.235),
        "sky": (0.006, -0.114, 0.564, 0.550, 0.098, 0.092, 0.105),
        "stone": (0.208, 0.149, 0.272, 0.403, 0.077, 0.213, 0.215),
        "tile": (0.187, 0.113, 0.300, 0.405, 0.061, 0.180, 0.182),
        "vegetation": (0.095, 0.382, 0.440, 0.418, 0.073, 0.207, 0.200),
        "wood": (0.348, 0.195, 0.417, 0.429, 0.056, 0.162, 0.162),
    }
)
SPREAD = (0.297, 0.200, 0.209, 0.172, 0.049, 0.051, 0.058)

SOFTNESS = 3.0
"""What squared distances are divided by; 2 would be for features that don't depend on each other. With 3, the mean
confidence of the best guesses is about their share of right ones on the validation split (0.31 and 0.33)."""

MATERIALS = tuple(MEANS)
"""Whatever is guessed is one of these: the categories of the starter model."""

_SIDE = 64
_WORD = re.compile(r"[a-z]+")


def classify(picture: NDArray[np.uint8], name: str | None = None, top_k: int = 5) -> list[Prediction]:
    """What a picture might be.

    Args:
        picture: as ``models.images.arrays.as_rgb`` takes it.
        name: of its file; None when it has none.
        top_k: how many guesses, at least 0.

    Returns:
        At most ``top_k`` of ``MATERIALS``, likeliest first. When words of ``name`` are materials, they share
        ``CEILING``, and the other half goes to all as the colours say; else the colours alone decide.

    Raises:
        ValueError: ``picture`` is no picture.
    """
    guesses = _by_colour(as_rgb(picture))
    named = dict.fromkeys(_materials(name or ""))
    if named:
        guesses = {
            material: (1 - CEILING) * chance + (CEILING / len(named) if material in named else 0.0)
            for material, chance in guesses.items()
        }
    return ranked({material: min(chance, CEILING) for material, chance in guesses.items()})[:top_k]


def _materials(name: str) -> list[str]:
    """The materials that a name speaks of: ``WallBrick02_rusty.png`` of brick and metal."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.rpartition(".")[0] or name)
    return [WORDS[word] for word in _WORD.findall(spaced.lower()) if word in WORDS]


def _by_colour(rgb: NDArray[np.uint8]) -> dict[str, float]:
    """Chances that sum to 1: each material as likely before, all features bell-shaped with one spread."""
    distances = (((_features(rgb) - np.array(list(MEANS.values()))) / np.array(SPREAD)) ** 2).sum(axis=1)
    chances = np.exp((distances.min() - distances) / SOFTNESS)
    return dict(zip(MEANS, (chances / chances.sum()).tolist(), strict=True))


def _features(rgb: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Seven numbers, float64 (7,): means of saturation * cos(hue), saturation * sin(hue), saturation and brightness,
    all 0 to 1; contrast (standard deviation of grey, 0 to 1); root of the mean step of grey across, and down.
    """
    small = to_square(rgb, _SIDE)
    hsv = cv2.cvtColor(small, cv2.COLOR_RGB2HSV).astype(np.float64)
    hue, saturation, brightness = hsv[..., 0] * (np.pi / 90), hsv[..., 1] / 255, hsv[..., 2] / 255
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float64) / 255
    across, down = (np.sqrt(np.abs(np.diff(grey, axis=axis)).mean()) for axis in (1, 0))
    means = ((saturation * np.cos(hue)).mean(), (saturation * np.sin(hue)).mean(), saturation.mean(), brightness.mean())
    return np.array([*means, grey.std(), across, down])
