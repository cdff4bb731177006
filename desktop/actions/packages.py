"""Models out of the program and into it: packages (``.ps2model``), and plain .onnx files with a spec."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from desktop.actions.classify import Classifier
from desktop.actions.models import free_name
from models.errors import ModelError, one_line
from models.formats.onnx import examine
from models.heads import KINDS
from models.package import ENDING, Inspected, inspect_package, install, install_onnx
from models.package.exporter import now
from models.proposal import propose
from models.spec import ModelSpec
from training.exporting import ExportOptions, export_package

__all__ = [
    "ENDING",
    "STATE_NOTE",
    "ExportOptions",
    "Inspected",
    "export_model_package",
    "import_onnx",
    "import_package",
    "inspect_package",
    "install_inspected",
    "propose_spec",
]

STATE_NOTE = (
    "With what it has learned from, others can teach it further. That is not your pictures, but it says something "
    "about them: somebody who has one of them can tell that it was among them."
)
"""What a person should know who packs the state of the heads."""


def export_model_package(folder: Path | None, output: Path, options: ExportOptions | None = None) -> Path:
    """Write a model as it stands now, with all its corrections, to a package; return ``output``.

    Args:
        folder: of the model; None for the starter model.
        output: written whole or not at all; its ending is added when it has none.
        options: what the person decided; None for what the model itself says, with what it has learned from.

    Raises:
        ModelError: the model can't be loaded, or there is nothing to export yet.
        WorkspaceError: the package can't be written.
    """
    target = output if output.suffix else output.with_suffix(ENDING)
    with Classifier(folder, threads=1) as classifier:
        export_package(classifier.learner, folder, target, options or ExportOptions())
    return target


def import_package(path: Path, *, name: str | None = None, cancel: threading.Event | None = None) -> Path:
    """Check a package and install it; return its folder. Installed already, it stays as it is.

    Raises:
        ModelError: it is refused; nothing has changed.
        WorkspaceError: there is no room.
        Cancelled: ``cancel`` was set.
    """
    with inspect_package(path, cancel=cancel) as inspected:
        return install_inspected(inspected, name)


def install_inspected(inspected: Inspected, name: str | None = None) -> Path:
    """Install a package that was looked at, under a name that no other model has; return its folder.

    Args:
        inspected: still open.
        name: what the person wants to call it; None for its own name.

    Raises:
        WorkspaceError: it can't be written.
    """
    return install(inspected, None if inspected.installed else _called(name, inspected.spec))


def import_onnx(path: Path, spec: ModelSpec, *, cancel: threading.Event | None = None) -> Path:
    """Install a plain .onnx file as ``spec`` says; errors and result as ``import_package``."""
    return install_onnx(path, spec, name=_called(None, spec), cancel=cancel)


def propose_spec(
    path: Path,
    *,
    name: str | None = None,
    categories: Sequence[str] | None = None,
    task: str | None = None,
    cancel: threading.Event | None = None,
) -> tuple[ModelSpec, list[str]]:
    """How a plain .onnx file is likely to be used, and what was decided why, a sentence each.

    Args:
        path: of the file; it is examined in a child process.
        name: what the model is to be called; None for the file's name.
        categories: names of the first head's classes; None for what the network or a file beside it says.
        task: kind of the first head, a key of ``models.heads.KINDS``; None to guess.
        cancel: set it from another thread to stop.

    Raises:
        ModelError: it can't be used, or there is no such task.
        Cancelled: ``cancel`` was set.
    """
    if task is not None and task not in KINDS:
        raise ModelError(f"There is no task {one_line(task)}; choose one of these: {', '.join(KINDS)}.")
    proposal = propose(examine(path, cancel=cancel), beside=path)
    first, *others = proposal.heads
    changes: dict[str, object] = {"kind": task or first.kind}
    if categories is not None:
        changes["categories"] = tuple(categories)
    fields = {
        "package_version": "1.1",
        "name": name or one_line(path.stem),
        "created": now(),
        "heads": [first.model_dump() | changes, *(one.model_dump() for one in others)],
        "preprocessing": proposal.preprocessing.model_dump(),
    }
    spec = ModelSpec.parse(fields, f"The model {one_line(name or path.stem)}")
    return spec, [reason.sentence for reason in proposal.reasons]


def _called(name: str | None, spec: ModelSpec) -> str | None:
    """The name to keep beside the model; None when its own will do."""
    free = free_name(name or spec.name)
    return None if free == spec.name else free
