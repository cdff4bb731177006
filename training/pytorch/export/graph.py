"""The network as it is exported: pixels in, the outputs of all heads and the embedding out."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from training.pytorch.encoder import Encoder
from training.pytorch.heads.base import Head

__all__ = ["EMBEDDING", "IMAGE", "ExportGraph"]

IMAGE = "image"
"""The input: uint8 (N, S, S, 3) RGB. Everything else happens inside."""

EMBEDDING = "embedding"
"""The last output, (N, D): what heads go on learning from."""


class ExportGraph(nn.Module):
    """Encoder and heads in one, for the processor, in 32 bits.

    Args:
        encoder: trained.
        heads: by name, in the model's order.
        temperatures: by head, what its logits are divided by; of heads that are not named they stay.

    Attributes:
        inputs: names, the pixels first.
        outputs: names, the heads' in their order and the embedding last.
        batches: whether it takes any number of pictures at once; a detector that looks twice takes one.
    """

    def __init__(self, encoder: Encoder, heads: Mapping[str, Head], temperatures: Mapping[str, float]) -> None:
        super().__init__()
        self.encoder = encoder
        self.heads = nn.ModuleList(heads.values())
        self._divisors = [float(temperatures.get(name, 1.0)) for name in heads]
        self._further = [len(head.inputs()) for head in heads.values()]
        self.inputs = (IMAGE, *(name for head in heads.values() for name in head.inputs()))
        self.outputs = (*(name for head in heads.values() for name in head.outputs()), EMBEDDING)
        self.batches = all(getattr(head, "batches", True) for head in heads.values())
        self.float().to("cpu", memory_format=torch.contiguous_format).eval()
        encoder.features = encoder.network.forward_features  # and not a compiled one

    def forward(self, image: Tensor, *further: Tensor) -> tuple[Tensor, ...]:
        """The outputs, in the order of ``outputs``, for uint8 (N, S, S, 3) and the heads' own inputs."""
        features = self.encoder(image)
        answers: list[Tensor] = []
        start = 0
        for head, divisor, count in zip(self.heads, self._divisors, self._further, strict=True):
            outputs = head.export_forward(features, *further[start : start + count])
            start += count
            answers += outputs if divisor == 1 else [output / divisor for output in outputs]
        return (*answers, features.embedding)

    def examples(self, count: int) -> tuple[Tensor, ...]:
        """Examples of the inputs behind the pixels, for ``count`` pictures."""
        given = [one for head in self.heads for one in head.inputs().values()]
        return tuple(one.expand(count, *one.shape[1:]).contiguous() for one in given)
