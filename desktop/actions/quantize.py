"""Make a model smaller or faster and install what comes of it: the Models page and ``sortwerk models quantize``."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from desktop.actions.labelled import ChosenDataset, dataset_pictures, read_on
from models.errors import LabelError, ModelError
from models.library import STARTER, readable_spec
from models.package import install_onnx, models_folder
from models.package.staging import discard, new_staging, put_in_place
from models.quantization import HOWS, TOLERANCE, HeadChange, How, Quantized, quantize
from models.sources import Source, find
from models.worker import Step

__all__ = [
    "HOWS",
    "TOLERANCE",
    "HeadChange",
    "How",
    "Made",
    "Pictures",
    "Quantized",
    "Step",
    "drop_smaller",
    "keep_smaller",
    "make_smaller",
    "quantize_model",
    "read_pictures",
]

Item = TypeVar("Item")

_MOST = 2000
"""Pictures that are looked for; more make no figure better."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """What a model is tried on.

    Attributes:
        paths: files.
        labels: for each of them its label; None when there are no labels.
        head: the question that the labels answer.
        problems: a sentence each about what was left out.
    """

    paths: tuple[Path, ...]
    labels: tuple[str | None, ...] | None = None
    head: str | None = None
    problems: tuple[str, ...] = ()


def read_pictures(
    model: Path | None,
    path: Path | ChosenDataset,
    *,
    head: str | None = None,
    split: str | None = None,
    most: int = _MOST,
) -> Pictures:
    """The pictures in ``path``, or in a dataset, with labels where they come with some that the model knows.

    Args:
        model: folder of the model; None for the starter model.
        path: a folder with pictures; labelled ones or a dataset, as ``desktop.actions.labelled.read_on`` takes them.
        head: the question that the labels answer; None for the first that knows any of them.
        split: of the table or dataset, or the folder, that counts; None for all.
        most: pictures, at most; of more, some at even distances.

    Raises:
        ModelError: the model can't be read, or there are no pictures.
        LabelError: a table is wrong, or a question or split was named and there are no labels.
    """
    spec = readable_spec(model or STARTER)
    heads = [one for one in spec.heads if one.kind == "categories" and head in (None, one.name)]
    trouble: LabelError | None = None
    for one in heads:
        known = {name.casefold(): name for name in one.categories}
        try:
            labelled = read_on(path, head=one.name, split=split)
        except LabelError as error:
            trouble = error
            continue
        if any(label.casefold() in known for label in labelled.categories):
            items = _some(labelled.items, most)
            labels = tuple(known.get(label.casefold()) for _, label in items)
            return Pictures(tuple(picture for picture, _ in items), labels, one.name, labelled.problems)
    if isinstance(path, ChosenDataset):
        if trouble is not None and head is not None:
            raise trouble
        files = tuple(dataset_pictures(path, split=split))
        if not files:
            raise ModelError(f"{path.name} has no picture that is there; choose another dataset, or a folder.")
        return Pictures(_some(files, most))
    if trouble is not None and (path.is_file() or head is not None or split is not None):
        raise trouble
    if path.is_file():  # a table with labels of something else
        items = _some(read_on(path, split=split).items, most)
        return Pictures(tuple(picture for picture, _ in items))
    found = [one.path for one in find([path]) if isinstance(one, Source) and one.member is None]
    if not found:
        raise ModelError(f"There are no pictures in {path}; name a folder with some that the model is for.")
    return Pictures(_some(tuple(found), most))


def quantize_model(
    model: Path | None,
    how: How,
    pictures: Pictures,
    *,
    tolerance: float = TOLERANCE,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Step], None] | None = None,
) -> Quantized:
    """Make a new model of ``model`` and install it; the folder of what is returned is where it lies.

    Args:
        model: folder of the model; None for the starter model.
        how: "int8", "fp16" or "ort".
        pictures: to calibrate with and to compare on.
        tolerance: points of a hundred that may be lost.
        cancel: set it to stop.
        on_progress: called in this thread.

    Raises:
        ModelError: there is nothing to convert, it can't be converted, or too much is lost; nothing is installed then.
        WorkerError: the child process crashed or went past a limit.
        WorkspaceError: the workspace can't be written.
        Cancelled: ``cancel`` was set.
    """
    made = make_smaller(model, how, pictures, tolerance=tolerance, cancel=cancel, on_progress=on_progress)
    return keep_smaller(made, cancel=cancel)


@dataclass(frozen=True, slots=True)
class Made:
    """A new model that lies beside the models, measured and not installed; it is kept or dropped.

    Attributes:
        done: what changed; its folder is gone when the model was kept or dropped.
        staging: where it lies.
        models: the folder into which it would be installed.
    """

    done: Quantized
    staging: Path
    models: Path


def make_smaller(
    model: Path | None,
    how: How,
    pictures: Pictures,
    *,
    tolerance: float = TOLERANCE,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Step], None] | None = None,
) -> Made:
    """As ``quantize_model``, and nothing is installed yet: ``keep_smaller`` or ``drop_smaller`` must follow."""
    models = models_folder()
    staging = new_staging(models)
    try:
        done = quantize(
            model,
            staging / "model",
            how,
            pictures.paths,
            pictures.labels,
            head=pictures.head,
            tolerance=tolerance,
            cancel=cancel,
            on_progress=on_progress,
        )
    except BaseException:
        discard(staging)
        raise
    return Made(done, staging, models)


def keep_smaller(made: Made, *, cancel: threading.Event | None = None) -> Quantized:
    """Install a model that was made; the folder of what is returned is where it lies. Errors as ``quantize_model``."""
    done = made.done
    try:
        if done.how == "ort":  # nothing that an importer could look into: it was made here, and has been run
            target = made.models / done.spec.model_hash[:32]
            put_in_place(done.folder, target)
        else:
            target = install_onnx(done.folder / "model.onnx", done.spec, models=made.models, cancel=cancel)
        return replace(done, folder=target)
    finally:
        discard(made.staging)


def drop_smaller(made: Made) -> None:
    """Throw a model away that was made and is not wanted."""
    discard(made.staging)


def _some(items: tuple[Item, ...], most: int) -> tuple[Item, ...]:
    return items if len(items) <= most else tuple(items[place * len(items) // most] for place in range(most))
