"""A foreign network and foreign heads, tried in child processes: whatever they do there is one sentence here."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from models.errors import ModelError, WorkerError
from models.formats.facts import OnnxFacts
from models.formats.onnx import examine
from models.library import BUNDLED, bundled_id
from models.package.members import NETWORK
from models.spec import ModelSpec
from models.worker import Limits, run_task

__all__ = ["examined", "try_out"]

_SECONDS = 120.0
_MEMORY = 2 << 30


def examined(path: Path, package: str, cancel: threading.Event | None) -> OnnxFacts:
    """What the network at ``path`` is and does.

    Raises:
        ModelError: it is refused, or harmed the child process; begins with ``package``.
        Cancelled: ``cancel`` was set.
    """
    try:
        return examine(path, cancel=cancel)
    except ModelError as error:
        raise ModelError(f"{package} can't be imported: {error}") from error


def try_out(folder: Path, spec: ModelSpec, package: str, cancel: threading.Event | None) -> None:
    """Read the heads in ``folder`` and run its network once as ``spec`` says.

    Raises:
        ModelError: they don't do what the spec says, or harmed the child process; begins with ``package``.
        Cancelled: ``cancel`` was set.
    """
    arguments = {
        "folder": str(folder.absolute()),
        "spec": json.loads(spec.to_json()),
        "dimensions": _dimensions(spec.backbone),
    }
    limits = Limits(memory=_MEMORY + 3 * sum(path.stat().st_size for path in folder.iterdir()), seconds=_SECONDS)
    try:
        run_task("check_package", arguments, limits=limits, cancel=cancel, about=package)
    except WorkerError as error:
        raise ModelError(str(error)) from error
    except ModelError as error:
        said = str(error).replace(str(folder.absolute() / NETWORK), NETWORK)
        raise ModelError(f"{package} can't be imported: {said}") from error


def _dimensions(backbone: str | None) -> int | None:
    """How many numbers the backbone gives that the heads stand on; None for another one than ships."""
    if backbone is None or backbone != bundled_id():
        return None
    return int(json.loads((BUNDLED / "backbone" / "metadata.json").read_bytes())["dimensions"])
