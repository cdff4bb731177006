"""The check-list of a model before it is trusted: each item passes, fails or does not apply, with the figure.

    for check in validate(folder):
        print(check.name, check.outcome, check.figure, check.advice)

``check.py`` has the items and their limits; ``files.py`` those that need no inference; ``child.py`` those that load and
run the model, in a child process (``models.worker``), so that a crash is a failed item; ``parity.py`` compares with the
original, ``plain.py`` looks at a network without metadata.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import ModelError, WorkerError
from models.library import STARTER
from models.spec import ModelSpec, read_spec
from models.validation.check import CHECKS, LOADS, MEMORY, PARITY, SHAPES, Check, failed, none
from models.validation.files import check_files, check_size, weights_file
from models.worker import Limits, Step, run_task

__all__ = ["Check", "Cost", "cost", "find_original", "validate"]

LIMITS = Limits(memory=4 << 30, seconds=300.0)
"""Of the child: twice the memory that the list allows, so that going over it is a figure and not the end."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one picture costs a model on this computer, one at a time, with one thread.

    Attributes:
        p50: milliseconds from the file to the answer, that half of the pictures stay under.
        p95: likewise, 19 of 20 pictures.
        inference_p50: milliseconds of the network and its heads alone.
        inference_p95: likewise.
        runs: pictures that were timed.
        memory: the most bytes that the process held.
        beyond_runtime: how many of them were not there before the model was loaded.
    """

    p50: float
    p95: float
    inference_p50: float
    inference_p95: float
    runs: int
    memory: int
    beyond_runtime: int


def validate(
    model: Path | None,
    *,
    installed: Iterable[Path] = (),
    cancel: threading.Event | None = None,
    on_progress: Callable[[Step], None] | None = None,
    limits: Limits = LIMITS,
) -> list[Check]:
    """Go through the check-list; the model is loaded and run in a child process.

    Args:
        model: the folder of a model, a single ``.onnx`` or ``.ort`` file, or None for the starter model.
        installed: folders of other models, among which the one is looked for that this was made from.
        cancel: set it to stop.
        on_progress: called in this thread.
        limits: of the child.

    Returns:
        An item for each of ``CHECKS``, in their order. What is wrong with the model never raises.

    Raises:
        Cancelled: ``cancel`` was set.
    """
    if model is not None and model.is_file():
        if not _in_its_folder(model):
            asked = {"file": str(model.resolve())}
            return _whole([check_size(model), *_run(asked, cancel, on_progress, limits)], "it has no metadata")
        model = model.parent
    try:
        spec = read_spec(model or STARTER)
    except ModelError as error:
        checks = [failed(LOADS, str(error), "Get the model again."), check_size(model or STARTER)]
        return _whole(checks, "it could not be loaded")
    original = find_original(spec, installed)
    folder = (model or STARTER).resolve()
    arguments = {"folder": str(folder), "original": str(original.resolve()) if original else None}
    checks = [*_run(arguments, cancel, on_progress, limits), *check_files(folder, spec)]
    return _whole(checks, "it could not be run")


def cost(
    model: Path | None,
    pictures: Sequence[Path],
    *,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Step], None] | None = None,
    limits: Limits = LIMITS,
) -> Cost:
    """Time a model, and see what memory it takes, in a fresh child process in which nothing else runs.

    Args:
        model: its folder; None for the starter model.
        pictures: files to ask about, one or more.
        cancel: set it to stop.
        on_progress: called in this thread.
        limits: of the child.

    Raises:
        ModelError: the model can't be run, or no picture can be read.
        WorkerError: the child crashed or went past a limit.
        Cancelled: ``cancel`` was set.
    """
    folder = str((model or STARTER).resolve())
    arguments = {"folder": folder, "pictures": [str(path.resolve()) for path in pictures]}
    found = run_task("measure", arguments, limits=limits, cancel=cancel, on_progress=on_progress)
    return Cost(
        found["p50"],
        found["p95"],
        found["inference_p50"],
        found["inference_p95"],
        int(found["runs"]),
        int(found["peak"]),
        max(0, int(found["peak"] - found["bare"])),
    )


def find_original(spec: ModelSpec, installed: Iterable[Path]) -> Path | None:
    """The folder of the model that one was made from, as its metadata says (``original``), if it is installed."""
    wanted = (spec.model_extra or {}).get("original")
    if not isinstance(wanted, str) or not wanted:
        return None
    for folder in installed:
        try:
            other = read_spec(folder)
        except ModelError:
            continue
        if other.model_hash == wanted and weights_file(folder, other).is_file():
            return folder
    return None


def _in_its_folder(file: Path) -> bool:
    """Whether a file is the network of a model with metadata beside it."""
    try:
        return weights_file(file.parent, read_spec(file.parent)) == file
    except ModelError:
        return False


def _run(
    arguments: Mapping[str, Any],
    cancel: threading.Event | None,
    on_progress: Callable[[Step], None] | None,
    limits: Limits,
) -> list[Check]:
    """The items of the child; a child that does not come back is a failed item."""
    try:
        found = run_task("validate", arguments, limits=limits, cancel=cancel, on_progress=on_progress)
    except WorkerError as error:
        name = MEMORY if error.reason == "memory" else LOADS
        return [failed(name, str(error), "Don't use it, or use a smaller one.")]
    except ModelError as error:
        return [failed(LOADS, str(error), "Get the model again.")]
    return [Check.of_json(fields) for fields in found]


def _whole(checks: Iterable[Check], reason: str) -> list[Check]:
    """All items in their order; ``reason`` is why one is missing."""
    found = {check.name: check for check in checks}
    found.setdefault(PARITY, none(PARITY, "no original at hand" if SHAPES in found else reason))
    return [found.get(name) or none(name, reason) for name in CHECKS]
