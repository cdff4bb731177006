"""From a file of weights to a network that has them: what is in the file, and which architecture it fits.

No foreign pickle is run: ``torch.load`` reads weights only, and ``models/formats/pickle_scan`` has looked before.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from models.errors import ModelError, one_line, words_of
from training.pytorch.catalogue import Row, build, find_row, fingerprint, read_index

__all__ = ["Fitted", "Weights", "find_fits", "fit", "named", "read_weights"]

_WRAPPED = (
    *("state_dict_ema", "ema_state_dict", "model_ema", "params_ema", "ema"),
    *("state_dict", "model_state_dict", "model_state", "model", "net", "network", "weights", "params", "module"),
)
"""Where in a checkpoint the weights may be, averages over the training first: they are what its maker measured."""

_NAMED = ("arch", "architecture", "model_name", "encoder_name", "backbone_name", "name")
"""Where a checkpoint may say what network it is of."""

_DEEPEST = 4
_LEAST_SHARE = 0.5
"""Of the tensors that have a prefix, for what has none to be thought another part (a loss, a metric)."""

Tensors = Mapping[str, torch.Tensor]


@dataclass(frozen=True, slots=True)
class Weights:
    """Tensors of one file by name.

    Attributes:
        tensors: as they are in the file, under ``where``.
        where: the way to them, such as "state_dict"; "" where they are the file.
        said: the architecture that the file, or one beside it, names; "" for none.
        config: what lies beside it in ``config.json``, as Hugging Face's hub has it.
    """

    tensors: Tensors
    where: str = ""
    said: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fitted:
    """An architecture that tensors fit.

    Attributes:
        row: which.
        tensors: with the names that it has for them.
        categories: how many its head tells apart.
    """

    row: Row
    tensors: Tensors
    categories: int


def read_weights(path: Path, *, safetensors: bool) -> list[Weights]:
    """What in a file may be the weights of a network, the likeliest first; at least one.

    Raises:
        ModelError: it is damaged, or holds no weights.
    """
    name = one_line(path.name)
    try:
        if safetensors:
            from safetensors.torch import load_file

            content: Any = load_file(path)
        else:
            # What timm's training puts beside the weights: it holds texts and numbers and does nothing.
            torch.serialization.add_safe_globals([argparse.Namespace])
            content = torch.load(path, map_location="cpu", weights_only=True)
    except MemoryError:
        raise
    except Exception as error:  # whatever PyTorch says of a broken file: half a dozen kinds
        raise ModelError(f"{name} is damaged or holds more than weights ({words_of(error)}); get it again.") from error
    said, config = _said(content), _beside(path)
    said = said or str(config.get("architecture", ""))
    found = [Weights(tensors, where, said, config) for where, tensors in _within(content)]
    if not found:
        raise ModelError(f"{name} holds no weights of a network; choose the file that its training has written.")
    return found


def find_fits(weights: Weights) -> list[Fitted]:
    """The architectures of the catalogues that ``weights`` fit, torchvision's first."""
    by_heads: dict[tuple[str, ...], list[Row]] = {}
    for row in read_index():
        by_heads.setdefault(row.heads, []).append(row)
    for tensors in _without_prefixes(weights.tensors):
        shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
        fits = []
        for heads, rows in by_heads.items():
            found = fingerprint(shapes, heads)
            fits += [row for row in rows if row.print == found]
        whole = [row for row in fits if row.count(shapes)]  # without a head, networks differ less
        if fits:
            chosen = whole or fits
            order = sorted(chosen, key=lambda row: (row.library != "torchvision", len(row.name), row.name))
            return [Fitted(row, tensors, row.count(shapes)) for row in order]
    return []


def named(weights: Sequence[Weights], architecture: str) -> Fitted:
    """The weights as those of the network that a person calls ``architecture``.

    Raises:
        ModelError: there is no such network, or the weights are of another.
    """
    first = find_row(architecture)
    rows = [row for row in read_index() if (row.library, row.name) == (first.library, first.name)]
    others = [row for row in read_index() if row.name == first.name and row not in rows and "/" not in architecture]
    ways = [tensors for one in weights for tensors in _without_prefixes(one.tensors)]
    for row in (*rows, *others):
        for tensors in ways:
            shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
            if fingerprint(shapes, row.heads) == row.print:
                return Fitted(row, tensors, row.count(shapes))
    heads = set(first.heads)
    wanted = build(first, 2).state_dict()
    nearest = max(ways, key=lambda tensors: sum(name in wanted for name in tensors))
    shapes = {name: tuple(tensor.shape) for name, tensor in nearest.items()}
    fitted = Fitted(first, nearest, first.count(shapes) or (2 if heads else 0))
    fit(fitted)  # what is left over is no harm, and what is missing is said
    return fitted


def fit(fitted: Fitted) -> torch.nn.Module:
    """The network with its weights, ready to answer.

    Raises:
        ModelError: a tensor is missing, left over or of another shape; or there is no head.
    """
    row, tensors = fitted.row, fitted.tensors
    if fitted.categories == 0:
        raise ModelError(
            f"The weights are those of {row.title} without its last layer, so they name no categories; convert the "
            "model that was trained with them."
        )
    network = build(row, fitted.categories)
    wanted = network.state_dict()
    of = f"The weights are not those of {row.title}"
    for name, tensor in wanted.items():
        if name not in tensors:
            if not name.endswith("num_batches_tracked"):
                raise ModelError(f"{of}: there is no {name}; name another architecture.")
        elif tensors[name].shape != tensor.shape:
            there, here = list(tensors[name].shape), list(tensor.shape)
            raise ModelError(f"{of}: {one_line(name)} has the shape {there} and not {here}; name another architecture.")
    known = {name: tensor.to(wanted[name].dtype) for name, tensor in tensors.items() if name in wanted}
    network.load_state_dict(known, strict=False)
    return network.eval()


def _within(content: Any, where: str = "", depth: int = 0) -> Iterator[tuple[str, dict[str, torch.Tensor]]]:
    """Every collection of tensors in ``content``, the likeliest first."""
    if not isinstance(content, Mapping) or depth > _DEEPEST:
        return
    for key in _WRAPPED:
        if key in content:
            yield from _within(content[key], f"{where}.{key}" if where else key, depth + 1)
    tensors = {str(name): value for name, value in content.items() if isinstance(value, torch.Tensor)}
    if len(tensors) > 1:
        yield where, tensors


def _without_prefixes(tensors: Tensors) -> Iterator[Tensors]:
    """``tensors`` as they are called, then without what most of them begin with ("module.", "model.", "_orig_mod.")."""
    yield tensors
    for _ in range(_DEEPEST):
        shares: dict[str, int] = {}
        for name in tensors:
            first, point, _ = name.partition(".")
            if point:
                shares[first] = shares.get(first, 0) + 1
        if not shares:
            return
        most = max(shares, key=lambda first: shares[first])
        if shares[most] < _LEAST_SHARE * len(tensors):
            return
        start = f"{most}."
        tensors = {name.removeprefix(start): tensor for name, tensor in tensors.items() if name.startswith(start)}
        yield tensors


def _said(content: Any) -> str:
    """The architecture that a checkpoint names."""
    places = (
        [content, *(content.get(key) for key in ("hyper_parameters", "args", "config", "hparams"))]
        if isinstance(content, Mapping)
        else []
    )
    for place in places:
        held = vars(place) if isinstance(place, argparse.Namespace) else place
        if isinstance(held, Mapping):
            for key in (*_NAMED, "model"):
                if isinstance(held.get(key), str):
                    return str(held[key])
    return ""


def _beside(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.with_name("config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
