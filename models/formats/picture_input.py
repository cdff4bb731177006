"""Which of a network's inputs takes the picture, how it lies there, and at which sizes it is worth trying."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from models.formats.facts import Tensor

__all__ = ["PictureInput", "find_colours", "find_picture", "sizes"]

_CHANNELS = (1, 3)
_NUMBERS = ("float", "uint", "int")

_OTHER_SIDES = (224, 256, 512, 640, 320, 299, 384, 128, 64, 32, 28, 1024)
"""Sides in common use, the most common first. A network that says it takes any size may still take one only."""


@dataclass(frozen=True, slots=True)
class PictureInput:
    """The input for pictures.

    Attributes:
        tensor: as the network declares it.
        layout: where its channels are.
        channels: 1 or 3.
        height: pixels; None for any.
        width: likewise.
    """

    tensor: Tensor
    layout: Literal["NCHW", "NHWC"]
    channels: int
    height: int | None
    width: int | None

    def shape(self, batch: int, height: int, width: int) -> tuple[int, int, int, int]:
        """Of a batch of pictures of one size."""
        if self.layout == "NCHW":
            return batch, self.channels, height, width
        return batch, height, width, self.channels


def find_picture(inputs: Sequence[Tensor]) -> PictureInput | None:
    """The first input that has four axes, of which the second or the last is 3 or 1 long, or may be; None for none."""
    for tensor in inputs:
        shape = tensor.shape
        if shape is None or len(shape) != 4 or not tensor.dtype.startswith(_NUMBERS):
            continue
        _, first, middle, last = shape
        if first in _CHANNELS or (not isinstance(first, int) and last not in _CHANNELS):
            channels = first if isinstance(first, int) else 3
            return PictureInput(tensor, "NCHW", channels, _known(middle), _known(last))
        if last in _CHANNELS:
            return PictureInput(tensor, "NHWC", int(last or 3), _known(first), _known(middle))
    return None


def find_colours(inputs: Sequence[Tensor]) -> Tensor | None:
    """The input for colours that are wished for: (N, regions, 3); None for none."""
    for tensor in inputs:
        if tensor.shape is not None and len(tensor.shape) == 3 and tensor.shape[2] == 3:
            return tensor
    return None


def sizes(picture: PictureInput, outputs: Sequence[Tensor]) -> list[tuple[int, int]]:
    """Heights and widths to try, the likeliest first: what is fixed; else by what comes out.

    That is 640 where boxes come out, 256 where pictures or masks do, and 224 for everything else.
    """
    ranks = [len(tensor.shape) if tensor.shape is not None else 2 for tensor in outputs]
    if 4 in ranks:
        likely = 256
    elif 3 in ranks or len(outputs) >= 3:
        likely = 640
    else:
        likely = 224
    sides = dict.fromkeys((likely, *_OTHER_SIDES))
    fixed = picture.height or picture.width  # one that is fixed alone speaks for both
    wanted = [(picture.height or side, picture.width or side) for side in ((fixed,) if fixed else sides)]
    return list(dict.fromkeys(wanted))


def _known(length: int | str | None) -> int | None:
    return length if isinstance(length, int) else None
