"""How alike two pictures look, by the features of a network that has seen many: perceptual and style loss.

Johnson, Alahi and Li, ECCV 2016, with EfficientNet-Lite0 in place of VGG: its weights come with the engine, so nothing
is fetched, and it takes a tenth of the time.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.pytorch.lite0 import build_network, installed_weights, read_weights

__all__ = ["Perceptual", "gram", "offline_features"]

_LEVELS = 3
"""The finest ones that are compared: strides 2, 4 and 8. Deeper ones say what a picture shows, not how it looks."""

_LEAST = 1e-12

_MEAN, _STD = 127 / 255, 128 / 255  # as those weights were trained


class Perceptual:
    """Compares pictures. It never learns and belongs to no checkpoint, so it is no module of the head's.

    Args:
        network: of timm, with ``forward_intermediates``; it is frozen here.
    """

    def __init__(self, network: nn.Module) -> None:
        self._network = network.eval().requires_grad_(False)

    def losses(self, pictures: Tensor, truths: Tensor, counts: Tensor) -> tuple[Tensor, Tensor]:
        """Perceptual and style loss, float32 () each: of each level the squared difference of features, and of their
        Gram matrices, relative to the mean square of the truths' (levels and networks differ in scale), averaged over
        levels. A picture counts by the mean of its ``counts``; what is not known of it is the same in both.

        Args:
            pictures: float (N, 3, H, W), 0 to 1.
            truths: likewise.
            counts: float32 (N, H, W), what each pixel counts, 0 for unknown.
        """
        self._network.to(pictures.device)
        known = (counts > 0)[:, None]
        truths = torch.where(known, truths.float(), pictures.detach().float())
        weight = counts.mean(dim=(1, 2)) / known.float().mean(dim=(1, 2, 3)).clamp_min(1e-7)
        total = (weight > 0).sum().clamp_min(1)
        with torch.autocast(pictures.device.type, enabled=False):
            made = self._features(pictures.float())
            with torch.no_grad():
                wanted = self._features(truths)
            pairs = list(zip(made, wanted, strict=True))
            perceptual = torch.stack([(weight * _off(one, other)).sum() for one, other in pairs]).mean()
            style = torch.stack([(weight * _off(gram(one), gram(other))).sum() for one, other in pairs]).mean()
        return perceptual / total, style / total

    def _features(self, pictures: Tensor) -> list[Tensor]:
        normalised = (pictures - _MEAN) / _STD
        _, levels = self._network.forward_intermediates(normalised)
        return list(levels[:_LEVELS])


def gram(features: Tensor) -> Tensor:
    """Which channels occur together, float32 (N, C, C): F F^T / (C H W) of features (N, C, H, W)."""
    flat = features.float().flatten(2)
    products: Tensor = flat @ flat.transpose(1, 2)
    return products / (flat.shape[1] * flat.shape[2])


def offline_features() -> Perceptual:
    """With the weights that the engine has.

    Raises:
        EngineError: it has none.
    """
    return Perceptual(build_network(read_weights(installed_weights())))


def _off(ones: Tensor, others: Tensor) -> Tensor:
    """The mean squared difference of each picture, (N,), in mean squares of the others."""
    whole: Tensor = functional.mse_loss(ones, others, reduction="none").flatten(1).mean(dim=1)
    return whole / others.square().mean().clamp_min(_LEAST)
