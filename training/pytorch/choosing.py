"""Which architecture weights are taken to be of, where several have the same tensors and answer differently."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from models.errors import ModelError, one_line
from training.pytorch.catalogue import Row
from training.pytorch.recognise import Fitted, Weights, find_fits, fit, named
from training.samples import pictures

__all__ = ["Choice", "Question", "choose"]

_ALIKE = 1e-4
"""Share of the largest number by which two networks may differ and are one."""

_SIDE = 64
"""Of the pictures that tell networks apart, where these take any size."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An architecture with its weights.

    Attributes:
        row: which.
        network: ready to answer.
        categories: how many its head tells apart.
        weights: the file's content, with what it says of itself.
        reasons: why it is this one, in sentences.
    """

    row: Row
    network: torch.nn.Module
    categories: int
    weights: Weights
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A person has to say which architecture it is: ``sentence`` tells why, ``candidates`` which come into question."""

    sentence: str
    candidates: tuple[str, ...]


def choose(weights: Sequence[Weights], path: Path, architecture: str = "") -> Choice | Question:
    """The architecture that weights are of.

    Args:
        weights: what in a file may be weights, the likeliest first.
        path: of the file, whose name may say it.
        architecture: what a person says; "" to recognise it.

    Raises:
        ModelError: the weights are not of ``architecture``, or have no head.
    """
    name = one_line(path.name)
    if architecture:
        fitted = named(weights, architecture)
        return _chosen(fitted, weights[0], [f"{fitted.row.title} with {fitted.categories} categories, as you say."])
    for one in weights:
        fits = find_fits(one)
        if fits:
            break
    else:
        said = weights[0].said
        try:
            if said:
                fitted = named(weights, said)
                return _chosen(fitted, weights[0], [f"{fitted.row.title}, as the file itself says."])
        except ModelError:
            pass  # it may call itself as it likes
        return Question(
            f"The {len(weights[0].tensors):,} tensors of {name} fit no architecture of timm or torchvision; name the "
            "architecture if it is one of theirs, else export it to ONNX where it was made.",
            (),
        )
    where = f" under {one.where}" if one.where else ""
    which = f"names and shapes of its {len(one.tensors):,} tensors{where} fit"
    kinds = _kinds(fits) if fits[0].categories else [fits]
    if len(kinds) == 1:
        return _chosen(fits[0], one, [_reason(fits[0], which)])
    hinted = _hinted(fits, one.said, path.stem)
    if hinted is not None:
        how = "as the file says" if hinted.row.name in one.said else "as its name says"
        return _chosen(hinted, one, [f"{_reason(hinted, which)[:-1]}, {how}."])
    names = [kind[0].row.name for kind in kinds]
    if fits[0].row.library == "torchvision":
        others = " and ".join(names[1:])
        return _chosen(fits[0], one, [f"{_reason(fits[0], which)[:-1]}; {others} would fit too, and answer otherwise."])
    return Question(
        f"The tensors of {name} fit {', '.join(names[:-1])} and {names[-1]}, which answer differently; say which of "
        "them it is.",
        tuple(names),
    )


def _reason(fitted: Fitted, which: str) -> str:
    return f"{fitted.row.title} with {fitted.categories} categories: {which}."


def _chosen(fitted: Fitted, weights: Weights, reasons: Sequence[str]) -> Choice:
    return Choice(fitted.row, fit(fitted), fitted.categories, weights, tuple(reasons))


def _hinted(fits: Sequence[Fitted], said: str, stem: str) -> Fitted | None:
    """The one that the file names, or else the one whose name, the longest of them, is in the file's own."""
    wanted = said.rpartition("/")[2].partition(".")[0]
    for one in fits:
        if one.row.name == wanted:
            return one
    plain = stem.lower().replace("-", "_")
    inside = [one for one in fits if re.search(rf"(?<![a-z0-9]){re.escape(one.row.name)}(?![a-z0-9])", plain)]
    return max(inside, key=lambda one: len(one.row.name), default=None)


def _kinds(fits: Sequence[Fitted]) -> list[list[Fitted]]:
    """``fits`` in groups that answer alike."""
    kinds: list[tuple[torch.Tensor | None, list[Fitted]]] = []
    for one in fits:
        answer = _answer(one) if len(fits) > 1 else None
        for known, group in kinds:
            if answer is not None and known is not None and _are_alike(known, answer):
                group.append(one)
                break
        else:
            kinds.append((answer, [one]))
    return [group for _, group in kinds]


def _answer(fitted: Fitted) -> torch.Tensor | None:
    network: Any = fit(fitted)
    for side in (_SIDE, 224, *_own_side(network)):
        try:
            with torch.no_grad():
                found = network(torch.from_numpy(pictures((1, 3, side, side))))
        except Exception:  # noqa: S112 - a size that it does not take: the next one is tried
            continue
        if isinstance(found, torch.Tensor):
            return found
        return (
            next((one for one in found.values() if isinstance(one, torch.Tensor)), None)
            if isinstance(found, dict)
            else None
        )
    return None


def _own_side(network: Any) -> list[int]:
    config = getattr(network, "pretrained_cfg", None)
    return [int(config["input_size"][-1])] if config and config.get("input_size") else []


def _are_alike(first: torch.Tensor, second: torch.Tensor) -> bool:
    if first.shape != second.shape:
        return False
    return bool((first - second).abs().max() <= _ALIKE * max(float(first.abs().max()), 1e-6))
