"""What comes out of the encoder: facts about it, and what it says of a batch. All that is put on it takes these."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

__all__ = ["EncoderFacts", "Features"]


@dataclass(frozen=True, slots=True)
class EncoderFacts:
    """What comes out of the encoder.

    Attributes:
        channels: of each level of the pyramid, finest first.
        strides: pixels of the picture for one of each level, likewise, such as (2, 4, 8, 16, 32).
        embedding: width of the embedding.
        side: of the square picture, pixels.
    """

    channels: tuple[int, ...]
    strides: tuple[int, ...]
    embedding: int
    side: int


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """What the encoder says of a batch.

    Attributes:
        image: float32 (N, 3, S, S), as the encoder saw it: normalised. Empty, (N, 0, 0, 0), where a run goes by cached
            activations, which only heads that want the embedding do.
        pyramid: (N, C, S / stride, S / stride) each, finest first; () likewise, and where no head wants one.
        embedding: (N, D).
    """

    image: Tensor
    pyramid: tuple[Tensor, ...]
    embedding: Tensor
