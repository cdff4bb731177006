"""The hand-over itself: each step can be done again, so a program that is killed in the middle does it anew."""

from __future__ import annotations

import contextlib
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from models.errors import ModelError, TrainingError, WorkspaceError, one_line
from models.package import ENDING, inspect_package, install
from models.spec import ModelSpec
from models.worker import Step
from models.workspace import lock, reason
from training.config import ExportConfig, read_config
from training.handover.packing import file_name, pack
from training.handover.parity import Parity, compare
from training.handover.record import HandedOver, handed_over, keep
from training.handover.shrinking import Shrunk, shrink
from training.handover.states import read_features
from training.runs.items import read_items

__all__ = ["TOLERANCE", "exported_spec", "hand_over"]

TOLERANCE = 1e-3
"""How far an answer may be from PyTorch's, as a share of the largest number in it; of boxes, what may be missing to a
full match is ``BOXES_TOLERANCE``."""

BOXES_TOLERANCE = 0.05

_STEPS = 4


def hand_over(
    run: Path,
    *,
    models: Path | None = None,
    again: bool = False,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Step], None] | None = None,
) -> HandedOver:
    """Check, pack and install the model of a run, once.

    Args:
        run: its folder, with what ``training.pytorch.export`` wrote.
        models: folder into which it is installed; None for that of the workspace.
        again: do it once more where it is done, such as for a model that was removed since.
        cancel: set it from another thread to stop; what is half done is done anew the next time.
        on_progress: called in this thread.

    Raises:
        TrainingError: the run has no exported model, or another program hands it over just now.
        ModelError: it answers otherwise than in PyTorch, or can't be run, packed or installed; nothing was installed.
        WorkspaceError: a file can't be read or written.
        Cancelled: ``cancel`` was set.
    """
    with _alone(run):
        done = None if again else handed_over(run)
        if done is None:
            done = _handed(run, models, cancel, on_progress or (lambda _: None))
            keep(run, done)
        return done


def exported_spec(run: Path) -> ModelSpec:
    """What the export of a run says of its model.

    Raises:
        TrainingError: there is no export, or it is not whole.
        ModelError: it says what this program can't use.
    """
    path = run / "export" / "spec.json"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        raise TrainingError(
            f"The run {one_line(run.name)} has no exported model yet; let it finish, or stop it, which keeps the best."
        ) from None
    except ValueError:
        text = ""
    return ModelSpec.parse(_object(text, path), str(path))


def _handed(run: Path, models: Path | None, cancel: threading.Event | None, tell: Callable[[Step], None]) -> HandedOver:
    spec, export = exported_spec(run), run / "export"
    network = export / "model.onnx"
    how = _wanted(run)
    tell(Step(0, _STEPS, "Comparing it with PyTorch"))
    parity = compare(network, export / "parity.npz", spec)
    _judge(spec, parity)
    features = read_features(export / "embedding.npz") if spec.embedding else None
    with _workshop(run) as work:
        made = Shrunk(network, spec, "none", "")
        if how.quantise != "none":
            tell(Step(1, _STEPS, "Making it smaller"))
            items = read_items(run / "items.jsonl")
            made = shrink(network, spec, how.quantise, items, work, cancel=cancel, on_progress=tell)
        tell(Step(2, _STEPS, "Packing it"))
        package = export / f"{file_name(spec.name)}{ENDING}"
        pack(package, made.spec, made.network, features, parity)
    folder = None
    if how.install:
        tell(Step(3, _STEPS, "Adding it to the library"))
        with inspect_package(package, models=models, cancel=cancel) as inspected:
            folder = install(inspected)
    tell(Step(_STEPS, _STEPS, "Done"))
    said = (made.sentence,) if made.sentence else ()
    return HandedOver(folder, package, spec.name, parity.images, parity.difference, parity.output, made.how, said)


def _judge(spec: ModelSpec, parity: Parity) -> None:
    boxes = any(head.kind == "boxes" and head.name == parity.output for head in spec.heads)
    allowed = BOXES_TOLERANCE if boxes else TOLERANCE
    if parity.share > allowed:
        raise ModelError(
            f"The exported {spec.name} answers {parity.output} up to {parity.share:.2g} of the largest number "
            f"otherwise than PyTorch on {parity.images:,} pictures, and {allowed:g} is allowed; it was not installed: "
            "export the run again, or train it with 32 bits."
        )


def _wanted(run: Path) -> ExportConfig:
    path = run / "config.json"
    try:
        return read_config(path.read_bytes(), str(path)).export
    except OSError as error:
        raise TrainingError(f"{path} can't be read ({reason(error)}); check that you may open it.") from error


def _object(text: str, path: Path) -> dict[str, object]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise TrainingError(f"{path} is damaged; export the run again.")
    return said


@contextlib.contextmanager
def _alone(run: Path) -> Iterator[None]:
    """One hand-over of a run at a time, whoever does it."""
    try:
        file = (run / "handover.lock").open("ab")
    except OSError as error:
        raise WorkspaceError(f"{run} can't be written ({reason(error)}); make room for it.") from error
    with file:
        try:
            lock(file)
        except OSError:
            raise TrainingError(
                f"The model of the run {one_line(run.name)} is being added to the library elsewhere; wait for it."
            ) from None
        yield


@contextlib.contextmanager
def _workshop(run: Path) -> Iterator[Path]:
    """A folder for what comes between; one that a killed program left is emptied first."""
    work = run / "export" / ".handover"
    shutil.rmtree(work, ignore_errors=True)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
