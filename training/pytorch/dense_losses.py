"""Losses over pixels: what is unknown has no share in them, and each picture counts by its weight."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

__all__ = ["UNKNOWN_PIXEL", "absolute_loss", "cross_entropy_loss", "dice_loss", "known_pixels"]

UNKNOWN_PIXEL = 255
"""A pixel of a mask that nobody knows."""

_LEAST = 1e-7


def known_pixels(indices: Tensor, weight: Tensor) -> Tensor:
    """What each pixel counts, float32 (N, H, W): its picture's weight, 0 where it is unknown.

    Args:
        indices: int64 (N, H, W), 255 unknown.
        weight: float32 (N,), 0 or more.
    """
    counts: Tensor = (indices != UNKNOWN_PIXEL).float() * weight[:, None, None]
    return counts


def cross_entropy_loss(
    logits: Tensor, indices: Tensor, counts: Tensor, class_weights: Sequence[float] = (), focal_gamma: float = 0.0
) -> Tensor:
    """Cross-entropy of the pixels, sum(count * class weight * (1 - p)^gamma * -log p) over the number of known pixels,
    float32 (). With a gamma above 0 it is the focal loss (Lin et al., ICCV 2017, equation 4).

    By their number and not by their weight, as ``training.pytorch.losses.over_known`` does.

    Args:
        logits: float (N, n, H, W).
        indices: int64 (N, H, W), of the classes; 255 unknown.
        counts: as ``known_pixels`` gives.
        class_weights: one a class; () for 1 each.
        focal_gamma: 0 or more.
    """
    logs = functional.log_softmax(logits.float(), dim=1)
    safe = torch.where(indices == UNKNOWN_PIXEL, 0, indices)
    picked = logs.gather(1, safe[:, None])[:, 0]
    shares = counts if not class_weights else counts * picked.new_tensor(class_weights)[safe]
    loss = -picked if focal_gamma == 0 else -picked * (1 - picked.exp()) ** focal_gamma
    whole: Tensor = (loss * shares).sum() / (counts > 0).sum().clamp_min(1)
    return whole


def dice_loss(logits: Tensor, indices: Tensor, counts: Tensor) -> Tensor:
    """1 - Dice coefficient, float32 (), the mean over the classes that the truth of the batch has:
    Dice = 2 * sum(p * t) / (sum(p) + sum(t)) over all pixels of the batch, each by its count (the soft Dice of
    Milletari et al., 3DV 2016, with plain instead of squared sums). Times the mean count, so that a weight counts also
    between batches.

    Args:
        logits: float (N, n, H, W).
        indices: int64 (N, H, W), 255 unknown.
        counts: as ``known_pixels`` gives.
    """
    shares = logits.float().softmax(dim=1) * counts[:, None]
    safe = torch.where(indices == UNKNOWN_PIXEL, 0, indices)
    truth = torch.zeros_like(shares).scatter_(1, safe[:, None], counts[:, None])
    axes = (0, 2, 3)
    area = truth.sum(axes)
    dice = 2 * (shares * (truth > 0)).sum(axes) / (shares.sum(axes) + area).clamp_min(_LEAST)
    there = (area > 0).float()
    mean_count = counts.sum() / (counts > 0).sum().clamp_min(1)
    loss: Tensor = mean_count * ((1 - dice) * there).sum() / there.sum().clamp_min(1)
    return loss


def absolute_loss(pictures: Tensor, truths: Tensor, counts: Tensor) -> Tensor:
    """Absolute difference (L1) of the known pixels, sum(count * difference) over their number, float32 ().

    Args:
        pictures: float (N, 3, H, W).
        truths: likewise.
        counts: float32 (N, H, W), what each pixel counts, 0 for unknown.
    """
    off = (pictures.float() - truths.float()).abs().mean(dim=1)
    loss: Tensor = (off * counts).sum() / (counts > 0).sum().clamp_min(1)
    return loss
