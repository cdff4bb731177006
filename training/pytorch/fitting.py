"""The batch size that fits: what a batch keeps for going back through the network is measured, and compared with what
there is.
"""

from __future__ import annotations

import psutil
import torch
from torch import Tensor

from training.pytorch.data.batches import Batch
from training.pytorch.network import Network

__all__ = ["LEAST", "fitted_batch_size", "saved_bytes"]

LEAST = 2
_MOST = {"cpu": 64, "cuda": 256}
_SHARE = 0.5
"""Of what is free: gradients, work space and other programs need some too."""

_STEPS = 8
"""Batches that an epoch should have at least: with fewer, hardly anything is learned in it."""


def saved_bytes(network: Network, batch: Batch) -> int:
    """Bytes that a step keeps of ``batch`` between its way forward and its way back, each tensor once.

    The network's averages are as before, and there are no gradients.
    """
    seen: dict[int, int] = {}

    def count(tensor: Tensor) -> Tensor:
        seen[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    state = {name: value.clone() for name, value in network.named_buffers()}
    generator = torch.get_rng_state()
    with torch.autograd.graph.saved_tensors_hooks(count, lambda tensor: tensor):
        raws = network(batch.inputs, batch.targets)
        network.total(network.losses(raws, batch.targets))
    torch.set_rng_state(generator)
    for name, value in network.named_buffers():
        value.copy_(state[name])
    own: int = sum(parameter.untyped_storage().nbytes() for parameter in network.parameters())
    return max(0, sum(seen.values()) - own)


def fitted_batch_size(network: Network, batch: Batch, device: torch.device, pictures: int) -> int:
    """A power of two that fits into the free memory of ``device`` and gives an epoch of ``pictures`` enough steps.

    Args:
        network: on any device.
        batch: two pictures or more, on the same.
        device: that will compute.
        pictures: that are trained on.
    """
    each = max(1, saved_bytes(network, batch) // len(batch))
    free = torch.cuda.mem_get_info(device)[0] if device.type == "cuda" else psutil.virtual_memory().available
    most = min(_MOST.get(device.type, 64), int(free * _SHARE / each), max(LEAST, pictures // _STEPS))
    size = LEAST
    while size * 2 <= most:
        size *= 2
    return size
