"""Whether a converted network answers as its original did: the engine keeps the original's answers, this compares.

    differences = compare(Path("net.onnx"), Path("net.npz"))

The network is run in a child process, with the runtime that answers later on.
"""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from models.errors import ModelError, one_line
from models.heads.boxes import LEAST, MOST
from models.inference import OnnxInferenceSession
from models.worker import Limits, Report, run_task

__all__ = ["Difference", "compare", "compare_task"]

_MEMORY = 3 << 30
"""Bytes for running it, beside three times the file's size."""

_SECONDS = 300.0
_DETECTION = ("boxes", "labels", "scores")
_BEST = 10
_CUT = 1e-3


class Difference(BaseModel):
    """How far one output of the converted network is from the original's.

    Attributes:
        name: of the output.
        shape: of the original's.
        largest: the largest difference of two numbers; of boxes, of those that would be shown.
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
    """How far the boxes that a person would be shown are from their like, in both directions.

    Which boxes come at the end of a long list, and in which order, depends on the last digit of their scores.
    """
    rows = [{name: np.asarray(one[name], np.float64) for name in _DETECTION} for one in (wanted, found)]
    largest = {"boxes": 0.0, "scores": 0.0}
    problem = ""
    for some, others in (rows, rows[::-1]):
        for place in np.flatnonzero(some["scores"] >= _clear(some["scores"])):
            box, label, score = (some[name][place] for name in _DETECTION)
            same = np.flatnonzero(others["labels"] == label)
            if not len(same):
                problem = f"does not find a thing of class {label:g} that the other one finds"
                continue
            apart = np.abs(others["boxes"][same] - box).max(axis=1)
            off = np.abs(others["scores"][same] - score)
            nearest = int((apart / max(np.abs(box).max(), 1.0) + off).argmin())
            largest["boxes"] = max(largest["boxes"], float(apart[nearest]))
            largest["scores"] = max(largest["scores"], float(off[nearest]))
    highs = {name: float(np.abs(rows[0][name]).max(initial=0)) for name in largest}
    return [
        Difference(name=name, shape=wanted[name].shape, largest=largest[name], high=highs[name], problem=problem)
        for name in largest
    ]


def _clear(scores: NDArray[np.float64]) -> float:
    """The least score that is looked at: of what is shown, or of the ten best where nothing is.

    Lists are cut, by the network and by the program, and what is last in them is there by the last digit of its score.
    """
    best = np.sort(scores)[::-1][:MOST]
    least = max(LEAST, float(best[-1]) + _CUT) if len(best) == MOST else LEAST
    if (scores >= least).any():
        return least
    return float(best[:_BEST].min(initial=1.0))
