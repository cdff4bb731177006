"""Go through a model's check-list: what the Models page and ``sortwerk models validate`` do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from desktop.actions.models import find_model, list_models
from models.validation import Check, validate
from models.worker import Step

__all__ = ["Check", "Step", "named_or_file", "validate_model"]

_NETWORKS = frozenset({".onnx", ".ort"})


def named_or_file(named: str | None) -> Path | None:
    """As ``find_model``, and the file of a network too.

    Raises:
        ModelError: there is no such model.
        WorkspaceError: the folder of the models can't be read.
    """
    if named is not None and Path(named).suffix.lower() in _NETWORKS and Path(named).is_file():
        return Path(named)
    return find_model(named)


def validate_model(
    model: Path | None,
    *,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Step], None] | None = None,
) -> list[Check]:
    """The items of the check-list, in a child process; what is wrong with the model never raises.

    Args:
        model: folder or file; None for the starter model. The one that it was made from is looked for in the workspace.
        cancel: set it to stop.
        on_progress: called in this thread.

    Raises:
        WorkspaceError: the folder of the models can't be read.
        Cancelled: ``cancel`` was set.
    """
    installed = [one.folder for one in list_models() if one.folder is not None and not one.problem]
    return validate(model, installed=installed, cancel=cancel, on_progress=on_progress)
