"""What the bundled backbone says about a picture: which layers it pools, and how, into one vector.

The pooled last layer, which knows objects, beside statistics of inner layers, which know materials: how unevenly a
filter answers over the picture, and which channels answer together. docs/models.md has the figures by which these
layers were chosen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

ROOT_STEPS = 6
"""Of the Newton-Schulz iteration. More would raise the smallest eigenvalues, which are noise."""


@dataclass(frozen=True, slots=True)
class Tap:
    """A stretch of the embedding: one statistic of one layer over the picture.

    Attributes:
        layer: name in timm's network.
        statistic: of each channel, its mean or standard deviation; or the covariance of the channels, each pair once.
        root: whether the square root is taken. Of means and deviations that are never negative: it brings a few
            strong channels nearer to the many weak ones (the Hellinger map of Arandjelovic and Zisserman 2012). Of the
            covariance, divided by its trace: the matrix's own root (Lin and Maji 2017), for the same reason.
        directions: for the covariance, how many principal directions of the channels it is taken over.
    """

    layer: str
    statistic: Literal["mean", "deviation", "covariance"]
    root: bool
    directions: int | None = None


TAPS: Sequence[Tap] = (
    Tap("blocks.1.1.bn2", "deviation", root=True),
    Tap("blocks.2.1.bn2", "deviation", root=True),
    Tap("blocks.4.2", "covariance", root=True, directions=40),
    Tap("blocks.5.0", "mean", root=False),
    Tap("blocks.5.3", "covariance", root=True, directions=40),
    Tap("bn2", "mean", root=True),
)
"""In the embedding's order. The first two are depthwise filters after their ReLU6. The last one is the pooled layer
that the ImageNet classifier reads."""


class Embedding(torch.nn.Module):
    """uint8 pixels (N, 224, 224, 3) to float32 vectors (N, D).

    Args:
        network: of timm.
        directions: by layer, float32 (directions, channels) for each tap with a covariance.
        taps: what to pool.
    """

    def __init__(
        self, network: torch.nn.Module, directions: Mapping[str, torch.Tensor], taps: Sequence[Tap] = TAPS
    ) -> None:
        super().__init__()
        self.network = network
        self._taps = taps
        self._directions = directions
        self._seen: dict[str, torch.Tensor] = {}
        modules = dict(network.named_modules())
        for tap in taps:
            modules[tap.layer].register_forward_hook(self._keep(tap.layer))

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Run the network and pool each tap."""
        self.network.forward_features(normalised(pixels))
        return torch.cat([self._pooled(tap, self._seen[tap.layer]) for tap in self._taps], 1)

    def _pooled(self, tap: Tap, layer: torch.Tensor) -> torch.Tensor:
        if tap.directions is not None:
            return covariance_root(self._directions[tap.layer] @ layer.flatten(2), tap.directions)
        part = layer.mean((2, 3))
        if tap.statistic == "deviation":
            # The mean of squared distances, not the difference of two large means, which loses digits.
            part = (layer - part[:, :, None, None]).square().mean((2, 3)).sqrt()
        return part.sqrt() if tap.root else part

    def _keep(self, name: str) -> Any:
        def hook(_module: torch.nn.Module, _inputs: object, output: torch.Tensor) -> None:
            self._seen[name] = output

        return hook


def normalised(pixels: torch.Tensor) -> torch.Tensor:
    """uint8 (N, H, W, 3) to float32 (N, 3, H, W) as the weights were trained: (x - 127) / 128."""
    return (pixels.permute(0, 3, 1, 2).float() - 127.0) / 128.0


def covariance_root(layer: torch.Tensor, channels: int) -> torch.Tensor:
    """The square root of the covariance over the pixels, divided by its trace, each pair of channels once.

    By the coupled Newton-Schulz iteration (Higham 2008, equation 6.35), which needs products only, and so runs in any
    ONNX runtime. A picture whose pixels are all the same gives zeros.

    Args:
        layer: float32 (N, channels, pixels).
        channels: C; told apart from ``layer``, as its shape is not a plain number while the graph is traced.

    Returns:
        float32 (N, C (C + 1) / 2).
    """
    centred = layer - layer.mean(2, keepdim=True)
    products = centred @ centred.transpose(1, 2)
    identity = torch.eye(channels)
    # Not clamp and +, which the quantiser would take for a part of the network.
    trace = torch.maximum((products * identity).sum((1, 2), keepdim=True), torch.tensor(1e-6))
    root = products / trace
    inverse, threefold = identity, 3.0 * identity
    for _ in range(ROOT_STEPS):
        step = 0.5 * (threefold - inverse @ root)
        root, inverse = root @ step, step @ inverse
    rows, columns = np.triu_indices(channels)
    return root.flatten(1)[:, torch.from_numpy(rows * channels + columns)]


def principal_directions(
    network: torch.nn.Module, pictures: NDArray[np.uint8], taps: Sequence[Tap] = TAPS
) -> dict[str, torch.Tensor]:
    """For each tap with a covariance, the directions in which its channels vary most over all pixels of ``pictures``.

    Args:
        network: of timm.
        pictures: uint8 (N, 224, 224, 3).
        taps: as of ``Embedding``.

    Returns:
        By layer, float32 (directions, channels), orthonormal rows.
    """
    chosen = {tap.layer: tap.directions for tap in taps if tap.directions is not None}
    seen: dict[str, list[torch.Tensor]] = {layer: [] for layer in chosen}
    modules = dict(network.named_modules())
    hooks = [
        modules[layer].register_forward_hook(lambda _module, _inputs, output, kept=kept: kept.append(output))
        for layer, kept in seen.items()
    ]
    with torch.no_grad():
        for start in range(0, len(pictures), 16):
            network.forward_features(normalised(torch.from_numpy(pictures[start : start + 16])))
    for hook in hooks:
        hook.remove()
    found = {}
    for layer, count in chosen.items():
        points = torch.cat(seen[layer]).permute(1, 0, 2, 3).flatten(1).double().numpy()
        vectors = np.linalg.eigh(np.cov(points)).eigenvectors[:, ::-1][:, :count].T
        # An eigenvector may point either way; say which.
        largest = np.abs(vectors).argmax(axis=1)
        vectors = vectors * np.sign(vectors[np.arange(len(vectors)), largest])[:, None]
        found[layer] = torch.from_numpy(np.ascontiguousarray(vectors, np.float32))
    return found
