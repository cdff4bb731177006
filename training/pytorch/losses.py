"""Losses of the heads that answer about a whole picture, one number a picture, and the loss of a batch made of them."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

__all__ = ["binary_loss", "category_loss", "over_known"]


def category_loss(
    logits: Tensor,
    labels: Tensor,
    *,
    smoothing: float = 0.0,
    focal: tuple[float, float] | None = None,
) -> Tensor:
    """The loss of each picture, float32 (N,); 0 where the label is unknown.

    Args:
        logits: (N, n).
        labels: int64 (N,), from 0; -1 where it is unknown.
        smoothing: share of the truth that is spread over all categories (Szegedy et al. 2016), 0 to 1. Not of a focal
            loss: it would ask for the very pictures that are easy.
        focal: alpha and gamma of ``alpha (1 - p)^gamma (-log p)`` (Lin et al. 2017, equation 5, one alpha for all);
            None for cross-entropy.
    """
    logits = logits.float()
    if focal is None:
        return functional.cross_entropy(logits, labels, ignore_index=-1, reduction="none", label_smoothing=smoothing)
    alpha, gamma = focal
    plain = functional.cross_entropy(logits, labels, ignore_index=-1, reduction="none")
    return alpha * (1 - torch.exp(-plain)).clamp(min=0) ** gamma * plain


def binary_loss(logits: Tensor, truths: Tensor, *, focal: tuple[float, float] | None = None) -> Tensor:
    """The loss of each answer, float32 of the form of ``logits``.

    Args:
        logits: any form.
        truths: 0 to 1, likewise.
        focal: alpha, the weight of what applies (1 - alpha of what does not), and gamma (Lin et al. 2017, equation 5);
            None for binary cross-entropy.
    """
    logits, truths = logits.float(), truths.float()
    plain = functional.binary_cross_entropy_with_logits(logits, truths, reduction="none")
    if focal is None:
        return plain
    alpha, gamma = focal
    probability = torch.sigmoid(logits)
    missed = probability * (1 - truths) + (1 - probability) * truths
    return (alpha * truths + (1 - alpha) * (1 - truths)) * missed**gamma * plain


def over_known(losses: Tensor, weights: Tensor) -> Tensor:
    """The batch's loss, float32 (): the weighted sum over the known, by how many they are; 0 when there are none.

    By their number and not by their weight, so that a weight counts also between batches.

    Args:
        losses: (N,).
        weights: (N,); 0 is unknown.
    """
    return (losses * weights).sum() / (weights > 0).sum().clamp(min=1)
