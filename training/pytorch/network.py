"""The network that is trained: one encoder, and the heads on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from training.config import TrainingConfig
from training.pytorch.encoder import Encoder, make_encoder
from training.pytorch.heads import make_head
from training.pytorch.heads.base import Features, Head, HeadPlan, Targets

__all__ = ["Network", "make_network"]

_PLACED = ("mask", "boxes", "image")


class Network(nn.Module):
    """An encoder and its heads.

    Args:
        encoder: what all look through.
        heads: in their order.
    """

    def __init__(self, encoder: Encoder, heads: Sequence[Head]) -> None:
        super().__init__()
        self.encoder = encoder
        self.heads = nn.ModuleList(heads)  # a list: a question's name may hold what a module's can't

    @property
    def questions(self) -> list[Head]:
        """The heads."""
        return list(self.heads)

    def forward(self, pixels: Tensor, targets: Sequence[Targets] | None = None) -> list[Any]:
        """The raw answers of all heads to (N, S, S, 3), uint8 or float32 from 0 to 255."""
        return self.answered(self.encoder(pixels), targets)

    def answered(self, features: Features, targets: Sequence[Targets] | None = None) -> list[Any]:
        """The raw answers of all heads to features."""
        return [head(features, targets[at] if targets else None) for at, head in enumerate(self.heads)]

    def losses(self, raws: Sequence[Any], targets: Sequence[Targets]) -> list[Tensor]:
        """The loss of each head, float32 (), without its weight."""
        return [head.loss(raw, one) for head, raw, one in zip(self.questions, raws, targets, strict=True)]

    def total(self, losses: Sequence[Tensor]) -> Tensor:
        """The weighted sum, float32 ()."""
        weights = [head.plan.config.weight for head in self.questions]
        return torch.stack([loss * weight for loss, weight in zip(losses, weights, strict=True)]).sum()


def make_network(config: TrainingConfig, plans: Sequence[HeadPlan]) -> Network:
    """The network of a configuration, with the weights that it begins with.

    Raises:
        TrainingError: the backbone or a head can't be made so.
        EngineError: the engine lacks weights.
    """
    encoder = make_encoder(config.model, config.data.side, pyramid=any(plan.kind in _PLACED for plan in plans))
    return Network(encoder, [make_head(plan, encoder.facts, config.model) for plan in plans])
