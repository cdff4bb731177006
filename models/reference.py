"""Whether a converted network answers as its original did: the engine keeps the original's answers, this compares.

    differences = compare(Path("net.onnx"), Path("net.npz"))

The network is run in a child process, with the runtime that answers later on.
"""

from __future__ import annotations

import math
import threading
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from models.errors import ModelError, one_line
from models.heads.boxes import MOST
from models.inference import OnnxInferenceSession
from models.worker import Limits, Report, run_task

__all__ = ["Difference", "compare", "compare_task"]

_MEMORY = 3 << 30
"""Bytes for running it, beside three times the file's size."""

_SECONDS = 300.0
_DETECTION = ("boxes", "labels", "scores")
_KEPT = 0.9
"""Share of the best boxes that have to be alike."""


class Difference(BaseModel):
    """How far one output of the converted network is from the original's.

    Attributes:
        name: of the output.
        shape: of the original's.
        largest: the largest difference of two numbers; of boxes, of nine in ten.
        high: the largest number in the original's, without its sign.
        problem: why they can't be compared, as the end of a sentence; "" when they can.
    """

    model_config = ConfigDict(frozen=True)
    name: str
    shape: tuple[int, ...]
    largest: float = 0.0
    high: float = 0.0
    problem: str = ""

    @property
    def share(self) -> float:
        """The largest difference as a share of the largest number; of 1 where that is smaller than 0.001."""
        return self.largest / (self.high if self.high >= 1e-3 else 1.0)


def compare(
    network: Path, reference: Path, *, cancel: threading.Event | None = None, about: str = "The model"
) -> list[Difference]:
    """How far each output of an ONNX file is from what is kept in ``reference``.

    Raises:
        ModelError: the network can't be run at all.
        WorkerError: it crashed the child process.
        Cancelled: ``cancel`` was set.
    """
    limits = Limits(memory=_MEMORY + 3 * network.stat().st_size, seconds=_SECONDS)
    arguments = {"network": str(network.absolute()), "reference": str(reference.absolute())}
    found = run_task("compare", arguments, limits=limits, cancel=cancel, about=about)
    return [Difference.model_validate(one) for one in found]


def compare_task(arguments: dict[str, Any], report: Report) -> Any:
    """The task "compare" of a worker: paths of a ``network`` and a ``reference`` to the JSON of the differences."""
    feeds, wanted = _read(Path(arguments["reference"]))
    report(0, 1, "Comparing it with the original")
    session = OnnxInferenceSession(Path(arguments["network"]))
    answers = session.run_all(feeds)
    if set(_DETECTION) == set(wanted) == set(answers):
        differences = _detections(wanted, answers)
    else:
        differences = [_difference(name, array, answers.get(name)) for name, array in wanted.items()]
    return [one.model_dump(mode="json") for one in differences]


def _read(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]]]:
    try:
        with np.load(path, allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise ModelError(f"{one_line(path.name)} holds no answers of an original; convert the model again.") from error
    feeds = {name.removeprefix("in/"): array for name, array in arrays.items() if name.startswith("in/")}
    wanted = {name.removeprefix("out/"): array for name, array in arrays.items() if name.startswith("out/")}
    return feeds, wanted


def _difference(name: str, wanted: NDArray[Any], found: Any) -> Difference:
    shape = wanted.shape
    if not isinstance(found, np.ndarray):
        return Difference(name=name, shape=shape, problem="is not there")
    if found.shape != shape:
        return Difference(name=name, shape=shape, problem=f"has the shape {found.shape} and not {shape}")
    if wanted.size == 0:
        return Difference(name=name, shape=shape)
    first, second = wanted.astype(np.float64), found.astype(np.float64)
    if not np.isfinite(first).all():
        return Difference(name=name, shape=shape, problem="has numbers that are none (NaN), in the original too")
    if not np.isfinite(second).all():
        return Difference(name=name, shape=shape, problem="has numbers that are none (NaN)")
    largest, high = float(np.abs(first - second).max()), float(np.abs(first).max())
    return Difference(name=name, shape=shape, largest=largest, high=high)


def _detections(wanted: Mapping[str, NDArray[Any]], found: Mapping[str, Any]) -> list[Difference]:
    """How far the best boxes of each are from the nearest of the other's with their label: the farthest of nine in ten.

    Of two boxes over the same thing a detector keeps the one with the higher score. Where those agree but for their
    last digit, either may stay, and where a list is cut either may be the last; so a few are left out.
    """
    rows = [{name: np.asarray(one[name], np.float64) for name in _DETECTION} for one in (wanted, found)]
    size = float(max(np.abs(rows[0]["boxes"]).max(initial=0), 1.0))
    apart = [*_apart(rows[0], rows[1], size), *_apart(rows[1], rows[0], size)]
    kept = sorted(apart, key=sum)[: math.ceil(len(apart) * _KEPT)]
    problem = "" if all(math.isfinite(sum(pair)) for pair in kept) else "finds other things than the original's"
    largest = {"boxes": size, "scores": 1.0}
    return [
        Difference(
            name=name,
            shape=wanted[name].shape,
            largest=0.0 if problem else largest[name] * max((pair[place] for pair in kept), default=0.0),
            high=float(np.abs(rows[0][name]).max(initial=0)),
            problem=problem,
        )
        for place, name in enumerate(largest)
    ]


def _apart(
    some: Mapping[str, NDArray[Any]], others: Mapping[str, NDArray[Any]], size: float
) -> list[tuple[float, float]]:
    """For each of the best boxes of ``some``: how far corners (as shares of ``size``) and score are from the nearest of
    ``others`` with its label; infinite where there is none.
    """
    pairs = []
    for place in np.argsort(-some["scores"], kind="stable")[:MOST]:
        box, label, score = (some[name][place] for name in _DETECTION)
        same = np.flatnonzero(others["labels"] == label)
        if not len(same):
            pairs.append((math.inf, math.inf))
            continue
        corners = np.abs(others["boxes"][same] - box).max(axis=1) / size
        scores = np.abs(others["scores"][same] - score)
        nearest = int((corners + scores).argmin())
        pairs.append((float(corners[nearest]), float(scores[nearest])))
    return pairs
