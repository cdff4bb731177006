"""From the encoder's pyramid back to one value a pixel: decoders of segmentation-models-pytorch on shared features.

Its decoders want levels at the strides 2, 4, 8, 16 and 32. ``Levels`` gives them from whatever levels an encoder has:
networks that begin at stride 4, and those of one stride such as vision transformers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import torch
from segmentation_models_pytorch.decoders.deeplabv3.decoder import DeepLabV3PlusDecoder
from segmentation_models_pytorch.decoders.fpn.decoder import FPNDecoder
from segmentation_models_pytorch.decoders.unet.decoder import UnetDecoder, UnetDecoderBlock
from torch import Tensor, nn
from torch.nn import functional

from training.pytorch.features import EncoderFacts

__all__ = ["STRIDES", "DeepLabV3Plus", "FeaturePyramid", "Levels", "Unet", "build_decoder"]

STRIDES = (2, 4, 8, 16, 32)
"""Of the levels that decoders take, finest first."""

_UNET = (256, 128, 64, 32, 16)
_RATES = (6, 12, 18)
"""Of the atrous convolutions at stride 16 (Chen et al., ECCV 2018)."""


class Levels(nn.Module):
    """The levels of an encoder at the strides that are wanted.

    A stride that it lacks is made of the level nearest to it, resized; one finer than half of its finest stays empty,
    with 0 channels: a level of no detail of its own would only cost time.

    Args:
        facts: of the encoder.
        strides: wanted, finest first.

    Attributes:
        channels: of each level given, likewise.
        strides: of each.
    """

    def __init__(self, facts: EncoderFacts, strides: Sequence[int] = STRIDES) -> None:
        super().__init__()
        self.strides = tuple(strides)
        self._from = [_nearest(facts.strides, stride) for stride in self.strides]
        empty = [stride < min(facts.strides) and stride == STRIDES[0] for stride in self.strides]
        self.channels = tuple(
            0 if none else facts.channels[place] for place, none in zip(self._from, empty, strict=True)
        )
        self._sides = [facts.side // stride for stride in self.strides]

    def forward(self, pyramid: Sequence[Tensor]) -> list[Tensor | None]:
        """(N, C, S / stride, S / stride) each; None for those with 0 channels."""
        made: list[Tensor | None] = []
        for place, side, channels in zip(self._from, self._sides, self.channels, strict=True):
            made.append(_resized(pyramid[place], side) if channels else None)
        return made


class Unet(nn.Module):
    """U-Net (Ronneberger et al., MICCAI 2015) on the encoder's levels: (N, ``channels``, S, S).

    Args:
        facts: of the encoder.
        beside: further channels that come with the deepest level.
        finest: channels of what comes at full size, such as the picture; 0 for nothing.
    """

    def __init__(self, facts: EncoderFacts, beside: int = 0, finest: int = 0) -> None:
        super().__init__()
        self.levels = Levels(facts)
        channels = [*self.levels.channels[:-1], self.levels.channels[-1] + beside]
        self.decoder = UnetDecoder((3, *channels), _UNET, n_blocks=len(_UNET))
        if finest:
            self.decoder.blocks[-1] = UnetDecoderBlock(_UNET[-2], finest, _UNET[-1])
        self.channels = _UNET[-1]
        self._sides = [facts.side // stride for stride in (1, *STRIDES[:-1])]

    def forward(self, pyramid: Sequence[Tensor], beside: Tensor | None = None, finest: Tensor | None = None) -> Tensor:
        """Decode; ``beside`` (N, beside, S / 32, S / 32) and ``finest`` (N, finest, S, S) as announced."""
        levels = self.levels(pyramid)
        deepest: Any = levels[-1]
        decoded: Tensor = deepest if beside is None else torch.cat([deepest, beside], dim=1)
        skips = [*reversed(levels[:-1]), finest]
        for block, skip, side in zip(self.decoder.blocks, skips, reversed(self._sides), strict=True):
            decoded = block(decoded, side, side, skip_connection=skip)
        return decoded


class FeaturePyramid(nn.Module):
    """A feature pyramid (Kirillov et al., CVPR 2019) from stride 32 to stride 4, brought to full size.

    Args:
        facts: of the encoder.
        dropout: of whole channels, 0 to 1.
    """

    def __init__(self, facts: EncoderFacts, dropout: float) -> None:
        super().__init__()
        self.levels = Levels(facts, STRIDES[1:])
        self.decoder = FPNDecoder([0, 0, *self.levels.channels], dropout=dropout)
        self.channels = int(self.decoder.out_channels)

    def forward(self, pyramid: Sequence[Tensor]) -> Tensor:
        """(N, ``channels``, S / 4, S / 4)."""
        decoded: Tensor = self.decoder(self.levels(pyramid))
        return decoded


class DeepLabV3Plus(nn.Module):
    """DeepLabV3+ (Chen et al., ECCV 2018): atrous pyramid pooling at stride 16, refined at stride 4.

    The encoder is shared and so not dilated: its level of stride 32 comes beside that of stride 16, at that size.

    Args:
        facts: of the encoder.
        dropout: after the pooling, 0 to 1.
    """

    channels = 256

    def __init__(self, facts: EncoderFacts, dropout: float) -> None:
        super().__init__()
        self.levels = Levels(facts, STRIDES[1:])
        fine, _, middle, deep = self.levels.channels
        self.decoder = DeepLabV3PlusDecoder((3, 0, fine, 0, middle + deep), 4, self.channels, _RATES, 16, True, dropout)
        pooling = self.decoder.aspp[0].convs[-1]
        pooling[2] = nn.GroupNorm(1, self.channels)  # one pixel of one picture has no statistics over the batch

    def forward(self, pyramid: Sequence[Tensor]) -> Tensor:
        """(N, 256, S / 4, S / 4)."""
        fine, _, middle, deep = self.levels(pyramid)
        raised = functional.interpolate(deep, scale_factor=2.0, mode="bilinear", align_corners=False)
        decoded: Tensor = self.decoder([fine, fine, fine, middle, torch.cat([middle, raised], dim=1)])
        return decoded


def build_decoder(kind: Literal["unet", "fpn", "deeplabv3plus"], facts: EncoderFacts, dropout: float) -> nn.Module:
    """The decoder that ``training.config.ModelConfig.decoder`` names; its ``channels`` says what it gives."""
    if kind == "fpn":
        return FeaturePyramid(facts, dropout)
    return DeepLabV3Plus(facts, dropout) if kind == "deeplabv3plus" else Unet(facts)


def _resized(level: Tensor, side: int) -> Tensor:
    """(N, C, side, side): means where it becomes smaller by a whole factor, else in between."""
    own = int(level.shape[-1])
    if own == side:
        return level
    if own % side == 0:
        smaller: Tensor = functional.avg_pool2d(level, own // side)
        return smaller
    between: Tensor = functional.interpolate(level, size=(side, side), mode="bilinear", align_corners=False)
    return between


def _nearest(strides: Sequence[int], wanted: int) -> int:
    """The place of the stride nearest to ``wanted`` by factors; of equals the deepest."""
    return min(range(len(strides)), key=lambda place: (abs(math.log2(strides[place] / wanted)), -place))
