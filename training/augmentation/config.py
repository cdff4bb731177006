"""How pictures are to be varied: one frozen, checked value that a training run keeps as JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from models.errors import DatasetError, one_line
from training.augmentation.camera import Blur, Jpeg, MotionBlur, Noise
from training.augmentation.colour import Brightness, ColourJitter, Contrast, HueSaturationValue
from training.augmentation.geometry import Flip, FlipVertical, Perspective, Rotate, Rotate90, Scale, Shift
from training.augmentation.occlusion import Background, CoarseDropout, RalColour
from training.augmentation.operations import Operation
from training.augmentation.table import OPERATIONS

__all__ = ["BORDERS", "AugmentationConfig", "Border"]

Border: TypeAlias = Literal["reflect", "replicate", "constant"]
BORDERS: tuple[Border, ...] = get_args(Border)
"""What lies beyond the edge: the picture mirrored, its last pixels, or middle grey."""

VERSION = 1


@dataclass(frozen=True, slots=True)
class AugmentationConfig:
    """Every operation, and what goes for all of them. As it is made without arguments, it changes nothing.

    Attributes:
        border: what comes in from beyond the edge. Where a picture has boxes, outlines or points, "reflect" counts as
            "constant": a mirrored thing would be one without a label.
        together: keys of operations that share one decision: with equal probabilities they all happen, or none does.
        min_visible: share of a thing's area that must be left in the picture for its box or outline to be kept, 0 to 1.

    The others are the operations, by their keys in ``OPERATIONS``.

    Raises:
        DatasetError: a value is none, or lies outside of what is possible.
    """

    rotate: Rotate = Rotate()
    scale: Scale = Scale()
    shift: Shift = Shift()
    flip: Flip = Flip()
    flip_vertical: FlipVertical = FlipVertical()
    rotate90: Rotate90 = Rotate90()
    perspective: Perspective = Perspective()
    brightness: Brightness = Brightness()
    contrast: Contrast = Contrast()
    hsv: HueSaturationValue = HueSaturationValue()
    colour_jitter: ColourJitter = ColourJitter()
    ral: RalColour = RalColour()
    blur: Blur = Blur()
    motion_blur: MotionBlur = MotionBlur()
    noise: Noise = Noise()
    jpeg: Jpeg = Jpeg()
    background: Background = Background()
    dropout: CoarseDropout = CoarseDropout()
    border: Border = "reflect"
    together: tuple[tuple[str, ...], ...] = ()
    min_visible: float = 0.2

    def __post_init__(self) -> None:
        for key, kind in OPERATIONS.items():
            if not isinstance(getattr(self, key), kind):
                raise DatasetError(f"{kind.title} is given as something else; give a {kind.__name__}.")
        if self.border not in BORDERS:
            raise DatasetError(f"{one_line(str(self.border))} is no border; choose one of {', '.join(BORDERS)}.")
        object.__setattr__(self, "together", tuple(tuple(some) for some in self.together))
        linked = [key for some in self.together for key in some]
        strange = next((key for key in linked if key not in OPERATIONS or linked.count(key) > 1), None)
        if strange is not None:
            raise DatasetError(f"{one_line(str(strange))} can't be linked; name each operation once at most.")
        if not isinstance(self.min_visible, int | float) or not 0 <= self.min_visible <= 1:
            raise DatasetError(f"The least visible share must be from 0 to 1, not {self.min_visible!r}; correct it.")

    @property
    def operations(self) -> Mapping[str, Operation]:
        """Key -> operation, all of them, in the order of the table."""
        return {key: getattr(self, key) for key in OPERATIONS}

    def deciding(self, key: str) -> str:
        """The operation whose draw decides whether ``key`` happens: itself, or the first that it is linked with."""
        return next((some[0] for some in self.together if key in some), key)

    def with_operation(self, operation: Operation) -> AugmentationConfig:
        """The same with one operation replaced."""
        return dataclasses.replace(self, **{operation.key: operation})  # type: ignore[arg-type]  # the name of a field

    def to_json(self) -> dict[str, Any]:
        """For ``json.dumps``."""
        said = {key: one.to_json() for key, one in self.operations.items()}
        linked = [list(some) for some in self.together]
        rest = {"border": self.border, "together": linked, "min_visible": self.min_visible}
        return {"version": VERSION, **rest, "operations": said}

    @classmethod
    def from_json(cls, data: Any) -> AugmentationConfig:
        """The counterpart of ``to_json``; an operation that is missing is off.

        Raises:
            DatasetError: it is none, of a later version, or names an operation that is not known.
        """
        if not isinstance(data, Mapping) or not isinstance(data.get("operations", {}), Mapping):
            raise DatasetError("The augmentation is no object with operations; make it anew.")
        if data.get("version", VERSION) != VERSION:
            raise DatasetError("The augmentation was made by a later Sortwerk; update this one, or make it anew.")
        given = data.get("operations", {})
        strange = sorted(str(key) for key in given if key not in OPERATIONS)
        if strange:
            names = ", ".join(OPERATIONS)
            raise DatasetError(f"{one_line(strange[0])} is no operation of augmentation; there are: {names}.")
        made = {key: OPERATIONS[key].from_json(one) for key, one in given.items()}
        others = {name: data[name] for name in ("border", "together", "min_visible") if name in data}
        return cls(**made, **others)  # type: ignore[arg-type]  # the fields are those of the table
