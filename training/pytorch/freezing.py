"""Which layers of a backbone stay as they are, and how fast the others learn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from timm.models import group_parameters
from torch import nn

from training.config import OptimiserConfig, TuningConfig

__all__ = ["Freezing", "layer_of", "parameter_groups"]

_NORMS = (nn.modules.batchnorm._BatchNorm, nn.LayerNorm, nn.GroupNorm)  # noqa: SLF001 - timm's norms derive from it


def layer_of(network: nn.Module) -> Mapping[str, int]:
    """Parameter's name -> number of its layer, from 0 at the input, as timm divides the network."""
    groups: Mapping[str, int] = group_parameters(network, network.group_matcher(coarse=False), reverse=True)
    named = {name: groups[name] for name, _ in network.named_parameters()}
    steps = {number: place for place, number in enumerate(sorted(set(named.values())))}
    return {name: steps[number] for name, number in named.items()}


class Freezing:
    """Holds still a share of a backbone's layers, from the input, and its normalisation where that is asked for.

    Args:
        network: of timm.
        freeze_norm: whether all of its normalisation keeps its averages and weights.
    """

    def __init__(self, network: nn.Module, *, freeze_norm: bool = False) -> None:
        self._network, self._freeze_norm = network, freeze_norm
        self._layers = layer_of(network)
        self.layers = max(self._layers.values()) + 1
        self._held: list[nn.Module] = []

    def apply(self, ratio: float) -> int:
        """Hold still the first ``ratio`` (0 to 1) of the layers; the number of parameters that are left to learn."""
        frozen = round(ratio * self.layers)
        for name, parameter in self._network.named_parameters():
            parameter.requires_grad_(self._layers[name] >= frozen)
        if self._freeze_norm:
            for module in self._network.modules():
                if isinstance(module, _NORMS):
                    for parameter in module.parameters(recurse=False):
                        parameter.requires_grad_(requires_grad=False)
        self._held = [module for module in self._network.modules() if self._is_still(module)]
        self.hold()
        return sum(one.numel() for one in self._network.parameters() if one.requires_grad)

    def hold(self) -> None:
        """After each ``train()``: what is still is in the state of evaluation, so that no average moves."""
        for module in self._held:
            module.eval()

    @staticmethod
    def _is_still(module: nn.Module) -> bool:
        own = list(module.parameters())
        return bool(own) and not any(parameter.requires_grad for parameter in own)


def parameter_groups(
    network: nn.Module, others: Iterable[nn.Module], optimiser: OptimiserConfig, tuning: TuningConfig
) -> list[dict[str, Any]]:
    """What an optimiser takes: parameters with their rate and weight decay, backbone first, then heads.

    A layer of the backbone learns ``layer_decay`` times as fast as the one above it; heads ``head_rate`` times as fast
    as the topmost. Biases and normalisation are not drawn to 0.

    Returns:
        Groups with "params", "lr", "weight_decay" and "scale", the share of the learning rate.
    """
    layers = layer_of(network)
    top = max(layers.values())
    groups: dict[tuple[float, bool], list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        scale = tuning.layer_decay ** (top - layers[name])
        groups.setdefault((scale, parameter.ndim > 1), []).append(parameter)
    for module in others:
        for parameter in module.parameters():
            groups.setdefault((tuning.head_rate, parameter.ndim > 1), []).append(parameter)
    return [
        {
            "params": parameters,
            "lr": optimiser.learning_rate * scale,
            "weight_decay": optimiser.weight_decay if decays else 0.0,
            "scale": scale,
        }
        for (scale, decays), parameters in groups.items()
    ]
