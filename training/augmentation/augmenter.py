"""Varies samples: draws, composes, and touches the pixels as seldom as can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.augmentation.backgrounds import Backgrounds, PlainBackgrounds
from training.augmentation.camera import Camera
from training.augmentation.colour import Colouring
from training.augmentation.config import AugmentationConfig, Border
from training.augmentation.geometry import Rotate90, Warping, exact_matrix
from training.augmentation.operations import SLOTS, Draw, Operation
from training.augmentation.outlines import warp_points, warp_shapes
from training.augmentation.sample import UNKNOWN, Augmented, Sample
from training.augmentation.table import OPERATIONS
from training.augmentation.warping import GREY, turn, warp

__all__ = ["Augmenter"]

_NUMBERS = len(OPERATIONS) * SLOTS
_LAST_WARPS = ("scale", "rotate", "shift", "perspective")  # the order in which they are composed
_COLOURS = ("brightness", "contrast", "hsv", "colour_jitter")
_CAMERA = ("blur", "motion_blur", "noise", "jpeg")


class Augmenter:
    """Varies samples by a configuration.

    The same seed and index give the same result in any thread and process; what one operation draws does not depend on
    the others. In a process that works on several cores, let OpenCV have one thread each (``cv2.setNumThreads(1)``).

    Args:
        config: what may happen.
        seed: another one varies otherwise.
        backgrounds: for the operation of that name; plain colours without any.
    """

    def __init__(self, config: AugmentationConfig, seed: int, backgrounds: Backgrounds | None = None) -> None:
        self.config, self.seed = config, seed
        self._behind = backgrounds or PlainBackgrounds()
        starts = {key: place * SLOTS for place, key in enumerate(OPERATIONS)}
        self._operations = config.operations
        chances = {key: one.probability for key, one in self._operations.items() if one.probability > 0}
        self._on = [(key, starts[key], starts[config.deciding(key)], chance) for key, chance in chances.items()]
        self._entropy = [seed & 0xFFFFFFFFFFFFFFFF, 1 if seed < 0 else 0]

    def __call__(self, sample: Sample, index: int) -> Augmented:
        """One variant of ``sample``.

        Args:
            sample: stays as it is.
            index: which variant, 0 or more: such as epoch times pictures plus the picture's place.

        Raises:
            DatasetError: a background can't be read.
        """
        generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence([*self._entropy, index])))
        numbers: list[float] = generator.random(_NUMBERS).tolist()
        drawn = {
            key: numbers[start : start + SLOTS] for key, start, decides, chance in self._on if numbers[decides] < chance
        }
        return _Variant(self.config, self._operations, self._behind, sample, drawn, generator.random).made()


@dataclass(slots=True)
class _Variant:
    """One variant while it is made."""

    config: AugmentationConfig
    operations: Mapping[str, Operation]
    behind: Backgrounds
    before: Sample
    drawn: dict[str, Draw]
    more: Callable[[tuple[int, int]], NDArray[np.float64]]

    def made(self) -> Augmented:
        sample, drawn, matrix = self.before, self.drawn, np.eye(3)
        boxes_of, polygons_of = np.arange(len(sample.boxes)), np.arange(len(sample.polygons))
        if not drawn:
            return Augmented(sample, boxes_of, polygons_of, matrix, (), {})
        placing = _Placing(self.operations, drawn, sample.size)
        replaced = "background" in drawn and sample.thing_mask >= 0
        image, masks, thing = sample.image, sample.masks, None
        if replaced:
            thing = _thing(masks[sample.thing_mask], sample.background(sample.thing_mask))
        if placing.moves:
            matrix = placing.matrix
            border = self.config.border
            if replaced or (sample.has_shapes and border == "reflect"):
                border = "constant"
            fills = [sample.background(at) if replaced else -1 for at in range(len(masks))]
            image, masks, thing = placing.pixels(image, masks, thing, border, fills)
        if replaced and thing is not None:
            image = self.config.background.apply(image, thing, self.behind, drawn["background"])
        image = self._coloured(image, masks)
        for key in _CAMERA:
            if key in drawn:
                operation = self.operations[key]
                assert isinstance(operation, Camera)  # noqa: S101 - so says the table
                image = operation.apply(image, drawn[key])
        if "dropout" in drawn:
            image = image.copy() if image is sample.image else image
            self.config.dropout.cover(image, drawn["dropout"], self.more)
        boxes, polygons, owners, points = sample.boxes, list(sample.polygons), sample.owners, sample.points
        if placing.moves and sample.has_shapes:
            boxes, boxes_of, polygons, polygons_of, owners = warp_shapes(
                sample, matrix, placing.size, self.config.min_visible
            )
            points = warp_points(points, matrix)
        made = Sample(image, masks, boxes, tuple(polygons), owners, points, sample.backgrounds)
        done = tuple(key for key in drawn if key != "background" or replaced)
        return Augmented(made, boxes_of, polygons_of, matrix, done, {key: drawn[key] for key in done})

    def _coloured(self, image: NDArray[np.uint8], masks: tuple[NDArray[np.uint8], ...]) -> NDArray[np.uint8]:
        """The one colour pass; where only a part is painted in a RAL colour, that part has one of its own before."""
        drawn = self.drawn
        matrix, offset = np.eye(3), np.zeros(3)
        if "ral" in drawn:
            area, known = None, self.before.thing_mask
            if known >= 0:
                thing = _thing(masks[known], self.before.background(known))
                area = cv2.bitwise_and(thing, _thing(masks[known], UNKNOWN))
            if area is None or cv2.countNonZero(area):
                gains = self.config.ral.gains(np.array(cv2.mean(image, area)[:3]), drawn["ral"])
                if area is None:
                    matrix = np.diag(gains)
                else:
                    image = cv2.copyTo(_transformed(image, np.diag(gains), offset), area, image.copy())
        for key in _COLOURS:
            if key in drawn:
                operation = self.operations[key]
                assert isinstance(operation, Colouring)  # noqa: S101 - so says the table
                turned, moved = operation.linear(drawn[key])
                matrix, offset = turned @ matrix, turned @ offset + moved
        if (matrix == np.eye(3)).all() and not offset.any():
            return image
        return _transformed(image, matrix, offset)


class _Placing:
    """Where everything goes: the exact part (flips and quarters), and all that needs new pixels in one matrix."""

    def __init__(self, operations: Mapping[str, Operation], drawn: dict[str, Draw], size: tuple[int, int]) -> None:
        turned = operations["rotate90"]
        assert isinstance(turned, Rotate90)  # noqa: S101 - so says the table
        self._quarters = turned.quarters(drawn["rotate90"]) if "rotate90" in drawn else 0
        self._across, self._down = "flip" in drawn, "flip_vertical" in drawn
        self.size = size if self._quarters % 2 == 0 else (size[1], size[0])
        self.matrix = exact_matrix(self._quarters, self._across, self._down, *size)
        self._warps = False
        for key in _LAST_WARPS:
            if key in drawn:
                operation = operations[key]
                assert isinstance(operation, Warping)  # noqa: S101 - so says the table
                self.matrix = operation.matrix(drawn[key], *self.size) @ self.matrix
                self._warps = True
        self.moves = self._warps or self._across or self._down or self._quarters > 0

    def pixels(
        self,
        image: NDArray[np.uint8],
        masks: tuple[NDArray[np.uint8], ...],
        thing: NDArray[np.uint8] | None,
        border: Border,
        fills: list[int],
    ) -> tuple[NDArray[np.uint8], tuple[NDArray[np.uint8], ...], NDArray[np.uint8] | None]:
        """Picture, masks and thing moved; what is outside a mask is as ``fills`` says, unknown for -1."""
        if not self._warps:
            image = turn(image, self._quarters, across=self._across, down=self._down)
            masks = tuple(turn(one, self._quarters, across=self._across, down=self._down) for one in masks)
            if thing is not None:
                thing = turn(thing, self._quarters, across=self._across, down=self._down)
            return image, masks, thing
        image = warp(image, self.matrix, self.size, border, fill=GREY)
        if thing is not None:
            thing = warp(thing, self.matrix, self.size, "constant", fill=0)
        made = []
        for one, known in zip(masks, fills, strict=True):
            fill = known if known >= 0 else UNKNOWN
            made.append(warp(one, self.matrix, self.size, border, fill=fill, nearest=True))
        return image, tuple(made), thing


def _thing(mask: NDArray[np.uint8], background: int) -> NDArray[np.uint8]:
    """uint8 (H, W): 255 where there is something else than ``background``, also something unknown."""
    found: NDArray[np.uint8] = cv2.bitwise_not(cv2.inRange(mask, background, background))
    return found


def _transformed(
    image: NDArray[np.uint8], matrix: NDArray[np.float64], offset: NDArray[np.float64]
) -> NDArray[np.uint8]:
    whole = np.empty((3, 4), np.float32)
    whole[:, :3], whole[:, 3] = matrix, offset
    made: NDArray[np.uint8] = cv2.transform(image, whole)
    return made
