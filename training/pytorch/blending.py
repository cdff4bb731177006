"""Two pictures blended into one, and their labels with them: mixup and CutMix."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from training.config import RegularisationConfig
from training.pytorch.data.batches import Batch
from training.pytorch.heads.base import Head

__all__ = ["blended", "can_blend"]


def can_blend(heads: Sequence[Head]) -> bool:
    """Whether all ``heads`` know what to make of two labels at once."""
    return all(head.kind in ("categories", "tags") for head in heads)


def blended(batch: Batch, config: RegularisationConfig, seed: tuple[int, ...]) -> Batch:
    """``batch`` with each picture blended with another one of it, by mixup (Zhang et al. 2018) or CutMix (Yun et al.
    2019), drawn anew for each batch where both are on. Heads find "blend" (the other one's row) and "blend_share" (its
    share, 0 to 1) in their targets.

    Args:
        batch: of pictures.
        config: how strongly; nothing is done where both are 0.
        seed: decides everything that is drawn.
    """
    ways = [name for name, strength in (("mixup", config.mixup), ("cutmix", config.cutmix)) if strength > 0]
    if not ways or batch.cached or len(batch) < 2:
        return batch
    generator = np.random.default_rng(seed)
    way = ways[int(generator.integers(len(ways)))]
    strength = config.mixup if way == "mixup" else config.cutmix
    share = float(generator.beta(strength, strength))
    other = torch.from_numpy(generator.permutation(len(batch))).to(batch.inputs.device)
    if way == "mixup":
        inputs = torch.lerp(batch.inputs.float(), batch.inputs[other].float(), share)
    else:
        inputs, share = _cut(batch.inputs, other, share, generator)
    shares = torch.full((len(batch),), share, device=inputs.device)
    targets = [{**some, "blend": other, "blend_share": shares} for some in batch.targets]
    return Batch(inputs, targets, batch.places)


def _cut(inputs: Tensor, other: Tensor, share: float, generator: np.random.Generator) -> tuple[Tensor, float]:
    """A box of ``share`` of the picture, from the other one; cut off at the edge, which makes its share smaller."""
    side = inputs.shape[1]
    length = side * share**0.5
    x, y = generator.random(2) * side
    left, right = (int(np.clip(x + way * length / 2, 0, side)) for way in (-1, 1))
    top, bottom = (int(np.clip(y + way * length / 2, 0, side)) for way in (-1, 1))
    made = inputs.clone()
    made[:, top:bottom, left:right] = inputs[other][:, top:bottom, left:right]
    return made, (right - left) * (bottom - top) / (side * side)
