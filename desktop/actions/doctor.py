"""What is installed, which providers there are, what is wrong and what to do about it: ``sortwerk doctor``."""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from desktop import log
from desktop.version import installed, own_version
from models import inference
from models.database import open_cache
from models.embedding import EmbeddingCache
from models.errors import ModelError, SortwerkError, WorkspaceError
from models.library import load_model
from models.workspace import atomic_file, folder
from training.engine.finding import status

__all__ = ["Finding", "examine"]

LIBRARIES: Mapping[str, str] = {
    "numpy": "numpy",
    "onnxruntime": "onnxruntime",
    "opencv-python-headless": "cv2",
    "pillow": "PIL",
    "pydantic": "pydantic",
    "PySide6-Essentials": "PySide6",
    "typer": "typer",
}
"""Distribution -> the module that it brings; the executable has the modules and may lack the distributions' facts."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at.

    Attributes:
        name: what was looked at.
        good: whether it is as it should be.
        value: what was found.
        advice: what to do when it is not good, as a sentence; "" when there is nothing to do.
    """

    name: str
    good: bool
    value: str
    advice: str = ""


def examine() -> list[Finding]:
    """Look at everything; what can't be looked at is a finding too. Never raises ``SortwerkError``."""
    looks: tuple[Callable[[], list[Finding]], ...] = (_program, _libraries, _providers, _workspace, _model, _engine)
    return [finding for look in looks for finding in look()]


def _program() -> list[Finding]:
    origin = "executable" if getattr(sys, "frozen", False) else "from source"
    system = f"{platform.system()} {platform.release()}, {platform.machine()}, {os.cpu_count()} cores"
    return [
        Finding("Sortwerk", True, f"{own_version()}, {origin}, Python {platform.python_version()}"),
        Finding("Computer", True, system),
    ]


def _libraries() -> list[Finding]:
    missing = [name for name, module in LIBRARIES.items() if importlib.util.find_spec(module) is None]
    if missing:
        return [Finding("Libraries", False, f"missing: {', '.join(missing)}", "Install Sortwerk again.")]
    return [Finding("Libraries", True, ", ".join(f"{name} {installed(name) or ''}".strip() for name in LIBRARIES))]


def _providers() -> list[Finding]:
    if not inference.is_available():
        advice = "Install Sortwerk again: without ONNX Runtime no model can answer."
        return [Finding("Models run on", False, "nothing: ONNX Runtime can't be loaded", advice)]
    names = [inference.DEVICES[name] for name in inference.available_providers()]
    return [Finding("Models run on", True, ", ".join(dict.fromkeys(names)))]


def _workspace() -> list[Finding]:
    try:
        home = folder()
    except WorkspaceError as error:
        return [Finding("Workspace", False, "can't be used", str(error))]
    try:
        with atomic_file(home / "doctor.tmp") as file:
            file.write(b"Sortwerk may write here.\n")
        (home / "doctor.tmp").unlink()
    except OSError as error:
        advice = f"Make sure that you may write to {home}, or set SORTWERK_HOME to another folder."
        return [Finding("Workspace", False, f"{home} can't be written ({error.strerror})", advice)]
    return [Finding("Workspace", True, str(home)), _cache(), Finding("Log", True, _log_file(home))]


def _cache() -> Finding:
    try:
        database = open_cache()
    except SortwerkError as error:
        return Finding("Pictures remembered", False, "can't be used", str(error))
    try:
        return Finding("Pictures remembered", True, f"{EmbeddingCache(database).size() / 1e6:,.1f} MB")
    except SortwerkError as error:
        return Finding("Pictures remembered", False, "can't be read", str(error))
    finally:
        database.close()


def _log_file(home: Path) -> str:
    path = home / log.FILE
    return str(path) if path.exists() else "empty: nothing has gone wrong"


def _model() -> list[Finding]:
    try:
        model = load_model()
    except ModelError as error:
        return [Finding("Starter model", False, "can't be used", str(error))]
    heads = ", ".join(f"{head.name} ({len(head.categories)} categories)" for head in model.spec.heads)
    return [Finding("Starter model", True, f"{model.spec.version}, answers {heads}; backbone {model.backbone.id}")]


def _engine() -> list[Finding]:
    """How the engines stand; none is needed for answers."""
    return [
        Finding(f"Engine {one.title}", one.state in ("none", "ready"), one.sentence.rstrip("."), one.sentence)
        if one.state not in ("none", "ready")
        else Finding(f"Engine {one.title}", True, one.sentence.rstrip("."))
        for one in status()
    ]
