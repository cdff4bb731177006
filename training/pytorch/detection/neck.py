"""From the encoder's pyramid to the levels that a detector of torchvision takes: what it calls a backbone."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from torch import Tensor, nn
from torchvision.ops.feature_pyramid_network import (
    ExtraFPNBlock,
    FeaturePyramidNetwork,
    LastLevelMaxPool,
    LastLevelP6P7,
)

from training.pytorch.decoders import Levels
from training.pytorch.features import EncoderFacts

__all__ = ["WIDTH", "Neck"]

WIDTH = 128
"""Channels of every level. torchvision has 256, for 80 categories on pictures of 800 pixels; half is a quarter of the
work."""


class Neck(nn.Module):
    """A feature pyramid network (Lin et al., CVPR 2017) over levels of the encoder, with coarser ones added.

    Args:
        facts: of the encoder.
        proposals: levels of stride 4 to 64, as two-stage detectors want them; else 8 to 128.

    Attributes:
        out_channels: of every level; torchvision asks for this name.
        strides: of the levels, finest first.
    """

    def __init__(self, facts: EncoderFacts, *, proposals: bool) -> None:
        super().__init__()
        own = (4, 8, 16, 32) if proposals else (8, 16, 32)
        self.levels = Levels(facts, own)
        more: ExtraFPNBlock = LastLevelMaxPool() if proposals else LastLevelP6P7(WIDTH, WIDTH)
        self.pyramid = FeaturePyramidNetwork(list(self.levels.channels), WIDTH, more)
        self.out_channels = WIDTH
        self.strides = (*own, 64) if proposals else (*own, 64, 128)

    def forward(self, pyramid: Sequence[Tensor]) -> OrderedDict[str, Tensor]:
        """The encoder's levels to (N, 128, H, W) each, finest first, by the names that torchvision gives them."""
        levels = {str(place): level for place, level in enumerate(self.levels(pyramid))}
        made: OrderedDict[str, Tensor] = self.pyramid(levels)
        return made
