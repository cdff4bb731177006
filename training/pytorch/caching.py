"""What a frozen part of the network says is computed once and kept, so that only the rest is run in each step.

That holds while the part sees pictures as they are, and while no head wants the levels in between.
"""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.errors import TrainingError
from models.workspace import reason
from training.pytorch.data.batches import Batch
from training.pytorch.encoder import Encoder
from training.pytorch.heads.base import Features

__all__ = ["Kept", "Split", "keep", "split"]

MOST_BYTES = 12 << 30
"""Activations of all pictures; where it would be more, they are computed in each step."""

_LARGEST = 60_000.0
"""What half floats hold."""

_CLOSE = 1e-3
"""How far the two parts, one after the other, may lie from the whole, relative to its largest number."""


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """An encoder in two parts.

    Attributes:
        lower: pixels to what is kept, float32 (N, ...).
        upper: that to features.
        whole: whether the upper part is nothing but the shared layer.
    """

    lower: Callable[[Tensor], Tensor]
    upper: Callable[[Tensor], Features]
    whole: bool


def split(encoder: Encoder) -> Split | None:
    """Divide ``encoder`` above its frozen layers; None where nothing is frozen, or it can't be divided.

    A network of timm runs its parts one after another, so that those that are frozen can be left out where the others
    are given what they said. Whether that is so for this network is tried.
    """
    network = encoder.network
    if all(not parameter.requires_grad for parameter in network.parameters()):
        return Split(
            lambda pixels: encoder.pooled(encoder.features(encoder.normalised(pixels))),
            lambda pooled: _features(encoder, pooled),
            whole=True,
        )
    frozen, last = _frozen_parts(network)
    if last is None:
        return None
    upper = _without(network, frozen)

    def lower(pixels: Tensor) -> Tensor:
        seen: list[Tensor] = []
        hook = last.register_forward_hook(lambda _module, _inputs, output: seen.append(output))
        try:
            with _Stop.after(last):
                network.forward_features(encoder.normalised(pixels))
        except _Stop:
            pass
        finally:
            hook.remove()
        return seen[0]

    def rest(activations: Tensor) -> Features:
        upper.training = network.training
        return _features(encoder, encoder.pooled(upper.forward_features(activations)))

    made = Split(lower, rest, whole=False)
    return made if _same(encoder, made) else None


class _Stop(Exception):
    """The rest of the network is not needed."""

    @classmethod
    def after(cls, module: nn.Module) -> Any:
        """Ends a forward pass once ``module`` has answered."""

        def stop(_module: nn.Module, _inputs: object, _output: object) -> None:
            raise cls

        return module.register_forward_hook(stop)


def _features(encoder: Encoder, pooled: Tensor) -> Features:
    return Features(pooled.new_empty((len(pooled), 0, 0, 0)), (), encoder.embedding(pooled))


def _frozen_parts(network: nn.Module) -> tuple[list[tuple[str, str]], nn.Module | None]:
    """The longest beginning of the network's parts that are frozen, as (child, grandchild or ""), and the last one."""
    found: list[tuple[str, str]] = []
    last: nn.Module | None = None
    learned = False
    for name, child in network.named_children():
        steps = list(child.named_children()) if isinstance(child, nn.Sequential) else []
        for inner, part in [(f"{name}.{key}", one) for key, one in steps] or [(name, child)]:
            own = list(part.parameters())
            if any(parameter.requires_grad for parameter in own):
                return found, last if learned else None
            found.append((name, inner.partition(".")[2]))
            last, learned = part, learned or bool(own)
    return found, None


def _without(network: nn.Module, frozen: list[tuple[str, str]]) -> Any:
    """A network that shares all parts but the frozen ones, which hand on what they are given."""
    made = copy.copy(network)
    made._modules = dict(network._modules)  # noqa: SLF001 - so do copies of modules
    for name, inner in frozen:
        if not inner:
            made._modules[name] = nn.Identity()  # noqa: SLF001
            continue
        if made._modules[name] is network._modules[name]:  # noqa: SLF001
            made._modules[name] = nn.Sequential(OrderedDict(network._modules[name]._modules))  # noqa: SLF001
        made._modules[name]._modules[inner] = nn.Identity()  # noqa: SLF001
    return made


def _same(encoder: Encoder, made: Split) -> bool:
    modes = [(module, module.training) for module in encoder.modules()]  # what is frozen is in another than the rest
    encoder.eval()
    try:
        with torch.no_grad():
            shape = (2, encoder.side, encoder.side, 3)
            pixels = torch.linspace(0, 255, int(np.prod(shape)), device=encoder.mean.device).reshape(shape)
            whole = encoder(pixels).embedding
            parts = made.upper(made.lower(pixels)).embedding
        return bool((whole - parts).abs().max() <= _CLOSE * whole.abs().max())
    except Exception:  # whatever a network says that is given something else than a picture
        return False
    finally:
        for module, training in modes:
            module.training = training


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """Activations of all pictures of a split, in a memory-mapped file of half floats.

    Attributes:
        rows: float16 (N, ...).
        usable: int64 (M,): places of the pictures that could be read.
    """

    rows: NDArray[np.float16]
    usable: NDArray[np.int64]

    def __call__(self, places: NDArray[np.int64]) -> Tensor:
        """float32 (n, ...) of some pictures."""
        return torch.from_numpy(self.rows[places].astype(np.float32))


def keep(
    path: Path, count: int, batches: Iterator[Batch], lower: Callable[[Batch], Tensor], *, again: bool
) -> Kept | None:
    """Compute the activations of ``count`` pictures and keep them at ``path``; None where they would be too many bytes.

    Args:
        path: of the file.
        count: N.
        batches: the pictures, in the order of their places.
        lower: from a batch to its activations, float32 (n, ...) on the CPU.
        again: whether what is there already, from before a pause, may be used.

    Raises:
        TrainingError: the disk is full.
    """
    facts = path.with_suffix(".npz")
    if again and path.exists() and facts.exists():
        with np.load(facts) as known:
            return Kept(np.memmap(path, np.float16, "r", shape=tuple(known["shape"])), known["usable"])
    facts.unlink(missing_ok=True)
    places: list[NDArray[np.int64]] = []
    shape: tuple[int, ...] = ()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            for batch in batches:
                said = lower(batch).clamp(-_LARGEST, _LARGEST).numpy().astype(np.float16)
                shape = said.shape[1:]
                size = said[0].nbytes
                if size * count > MOST_BYTES:
                    return None
                for row, place in zip(said, batch.places.tolist(), strict=True):
                    file.seek(place * size)
                    file.write(row.tobytes())
                places.append(batch.places)
            if not places:
                return None
            file.truncate(count * size)
        usable = np.sort(np.concatenate(places))
        with facts.open("wb") as file:
            np.savez(file, shape=np.array([count, *shape]), usable=usable)
    except OSError as error:
        raise TrainingError(
            f"What the frozen part of the network says can't be kept in {path} ({reason(error)}); make room on "
            "the disk."
        ) from error
    return Kept(np.memmap(path, np.float16, "r", shape=(count, *shape)), usable)
