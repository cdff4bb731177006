"""Whether the exported network says in ONNX Runtime what it said in PyTorch, of real pictures of the run."""

from __future__ import annotations

import itertools
import math
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.agreement import agreement
from models.errors import ModelError
from models.heads import KINDS
from models.inference import OnnxInferenceSession
from models.spec import HeadSpec, ModelSpec

__all__ = ["Kept", "Parity", "compare", "read_kept"]

_AT_ONCE = 5
"""Pictures at once after the first one, which is asked about alone: so a fixed batch would be found out."""

BOXES = "boxes"
"""The kind whose outputs are compared as what they mean: which of two boxes over one thing stays is a matter of a last
digit."""

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Parity:
    """How far the two are apart at most.

    Attributes:
        output: the output, or of boxes the head, that is farthest.
        difference: the largest difference of two numbers in it; of boxes, what is missing to a full match, 0 to 1.
        share: the same as a share of the largest number in it.
        images: that both were asked about.
    """

    output: str
    difference: float
    share: float
    images: int


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """What PyTorch was asked and what it answered.

    Attributes:
        feeds: by input, the pictures first.
        answers: one mapping by output for all pictures together, or, of a network that takes one at a time, one for
            each of them.
        together: which of the two.
        images: how many pictures.
    """

    feeds: Arrays
    answers: tuple[Arrays, ...]
    together: bool
    images: int


def read_kept(path: Path) -> Kept:
    """What ``training.pytorch.export.writing.keep_answers`` wrote.

    Raises:
        ModelError: the file is missing or damaged.
    """
    damaged = f"{path} is missing or damaged; export the run again."
    try:
        with np.load(path, allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(damaged) from error
    feeds = {name.removeprefix("in/"): array for name, array in arrays.items() if name.startswith("in/")}
    answers: dict[int, dict[str, NDArray[Any]]] = {}
    for name, array in arrays.items():
        if name.startswith("out/"):
            output, _, place = name.removeprefix("out/").rpartition("/")
            answers.setdefault(int(place) if output else -1, {})[output or place] = array
    images = {len(array) for array in feeds.values()}
    if len(images) != 1 or 0 in images or sorted(answers) not in ([-1], list(range(max(images)))):
        raise ModelError(damaged)
    return Kept(feeds, tuple(answers[place] for place in sorted(answers)), -1 in answers, images.pop())


def compare(network: Path, kept: Path, spec: ModelSpec) -> Parity:
    """Ask ``network`` about the pictures in ``kept`` and compare.

    Raises:
        ModelError: a file is missing or damaged, the network can't be run, or lacks an output.
    """
    asked = read_kept(kept)
    session = OnnxInferenceSession(network)
    if not session.is_ready():
        raise ModelError(session.error or f"{network} can't be loaded; export the run again.")
    pieces = _together(session, asked) if asked.together else _one_by_one(session, asked)
    parities: list[Parity] = []
    for wanted, found in zip(asked.answers, pieces, strict=True):
        _check(network, wanted, found)
        boxes = [head for head in spec.heads if head.kind == BOXES]
        apart = {name for head in boxes for name in head.form.outputs}
        parities += [_difference(name, wanted[name], found[name], asked.images) for name in wanted if name not in apart]
        parities += [_of_boxes(head, wanted, found, spec, asked.images) for head in boxes]
    return max(parities, key=lambda one: one.share)


def _together(session: OnnxInferenceSession, asked: Kept) -> list[Arrays]:
    bounds = [0, *range(1, asked.images, _AT_ONCE), asked.images]
    parts = [
        session.run_all({name: array[start:stop] for name, array in asked.feeds.items()})
        for start, stop in itertools.pairwise(bounds)
    ]
    return [{name: np.concatenate([part[name] for part in parts]) for name in parts[0]}]


def _one_by_one(session: OnnxInferenceSession, asked: Kept) -> list[Arrays]:
    return [
        session.run_all({name: array[place : place + 1] for name, array in asked.feeds.items()})
        for place in range(asked.images)
    ]


def _check(network: Path, wanted: Arrays, found: Arrays) -> None:
    for name, array in wanted.items():
        if name not in found or found[name].ndim != array.ndim:
            raise ModelError(f"{network} does not give {name} as PyTorch did; export the run again.")
        if not np.isfinite(found[name].astype(np.float64)).all():
            raise ModelError(f"{network} answers {name} with what are no numbers (NaN); don't use it, and train again.")


def _difference(name: str, wanted: NDArray[Any], found: NDArray[Any], images: int) -> Parity:
    if wanted.shape != found.shape:
        return Parity(name, math.inf, math.inf, images)
    first, second = wanted.astype(np.float64), found.astype(np.float64)
    largest, high = float(np.abs(first - second).max(initial=0)), float(np.abs(first).max(initial=0))
    return Parity(name, largest, largest / (high if high >= 1e-3 else 1.0), images)


def _of_boxes(head: HeadSpec, wanted: Arrays, found: Arrays, spec: ModelSpec, images: int) -> Parity:
    def decoded(arrays: Arrays) -> Any:
        tensors = [arrays[name] for name in head.form.outputs]
        packed, _ = KINDS[head.kind].pack(tensors, head.form, head.categories, spec.preprocessing.size)
        return KINDS[head.kind].decode(packed, head.categories, form=head.form)

    missing = 1 - agreement(head.kind, decoded(wanted), decoded(found)).share
    return Parity(head.name, missing, missing, images)
