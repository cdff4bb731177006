"""Putting a model in its place, in one step: a package that was looked at, or a plain network with a person's spec."""

from __future__ import annotations

import json
import logging
import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from models.errors import ModelError, SortwerkError, WorkspaceError, one_line
from models.package import verifying
from models.package.inspecting import Inspected, folder_name, inspect_package
from models.package.members import CATEGORIES, MAX_PACKAGE, METADATA, NETWORK, write_categories
from models.package.receipt import RECEIPT, Receipt, write_name
from models.package.staging import discard, models_folder, new_staging, put_in_place
from models.package.trial import examined, try_out
from models.package.writing import digest, with_facts
from models.spec import ModelSpec
from models.workspace import reason

__all__ = ["ModelImporter", "install", "install_onnx"]

_log = logging.getLogger(__name__)


def install(inspected: Inspected, name: str | None = None) -> Path:
    """Put an inspected package in its place, in one step; return its folder.

    Args:
        inspected: still open.
        name: what the person wants to call it; None for its own name.

    Raises:
        WorkspaceError: it can't be written; nothing has changed.
    """
    if inspected.installed is not None:
        return inspected.installed
    signed = inspected.signed
    receipt = Receipt(
        sha256=inspected.sha256,
        imported=_now(),
        file=inspected.file,
        signature="valid" if signed else "none",
        author=signed.author if signed else "",
        fingerprint=signed.fingerprint if signed else "",
    )
    return _install(inspected.folder, inspected.models / folder_name(inspected.sha256), receipt, name)


def install_onnx(
    path: Path,
    spec: ModelSpec,
    *,
    models: Path | None = None,
    name: str | None = None,
    cancel: threading.Event | None = None,
) -> Path:
    """Install a plain .onnx file with a spec that a person has agreed to; return its folder.

    It is examined and run once as the spec says, in child processes, as the network of a package is.

    Raises:
        ModelError: the file is refused, does not do what the spec says, or crashed a child process; nothing has
            changed.
        WorkspaceError: it can't be written.
        Cancelled: ``cancel`` was set.
    """
    models = models or models_folder()
    folder = new_staging(models)
    try:
        return _install_onnx(path, spec, folder, models, name, cancel)
    finally:
        discard(folder)


class ModelImporter:
    """Imports packages, and says why it did not instead of raising.

    Args:
        models_dir: folder into which models are installed; None for that of the workspace.

    Attributes:
        error: of the last import: why it failed, one sentence; None when it did not.
    """

    def __init__(self, models_dir: Path | str | None = None) -> None:
        self._models = None if models_dir is None else Path(models_dir)
        self.error: str | None = None

    def import_model(self, package_path: Path | str) -> dict[str, Any] | None:
        """Import a .ps2model.

        Returns:
            "install_dir" and "model_path", paths; "metadata", what ``metadata.json`` says; "categories", a list of
            objects with "name" and "description", of the model's first head. None when it can't be imported;
            everything is then as it was.
        """
        self.error = None
        try:
            with inspect_package(Path(package_path), models=self._models) as inspected:
                folder = install(inspected)
                first = inspected.spec.heads[0].name
                return {
                    "install_dir": folder,
                    "model_path": folder / NETWORK,
                    "metadata": json.loads(inspected.spec.to_json()),
                    "categories": [
                        {"name": one.name, "description": one.description} for one in inspected.categories[first]
                    ],
                }
        except SortwerkError as error:
            self.error = str(error)
            _log.warning("A model was not imported: %s", error)
            return None


def _install_onnx(
    path: Path, spec: ModelSpec, folder: Path, models: Path, name: str | None, cancel: threading.Event | None
) -> Path:
    shown = one_line(path.name or str(path))
    try:
        if path.stat().st_size > MAX_PACKAGE:
            raise ModelError(
                f"{shown} is larger than {MAX_PACKAGE >> 20} MiB; use a smaller model, or quantise it first."
            )
        shutil.copyfile(path, folder / NETWORK)
        (folder / CATEGORIES).write_bytes(write_categories(spec.heads, {}))
        spec = with_facts(spec, {one: folder / one for one in (NETWORK, CATEGORIES)})
    except OSError as error:
        raise ModelError(f"{shown} can't be copied ({reason(error)}); check it, and the room left.") from error
    verifying.check_heads(folder, spec, shown)
    verifying.check_names(spec, shown)
    examined(folder / NETWORK, shown, cancel)
    same = spec.model_copy(update={"created": "", "id": ""})  # the same file, read the same way, is the same model
    target = models / folder_name(digest(same.to_json().encode()))
    if (target / METADATA).is_file():
        return target
    spec = spec.model_copy(update={"id": target.name})
    (folder / METADATA).write_text(spec.to_json(), encoding="utf-8")
    try_out(folder, spec, shown, cancel)
    return _install(folder, target, Receipt(sha256=spec.model_hash, imported=_now(), file=shown), name)


def _install(folder: Path, target: Path, receipt: Receipt, name: str | None) -> Path:
    try:
        (folder / RECEIPT).write_bytes(receipt.to_json())
        if name is not None:
            write_name(folder, name)
    except OSError as error:
        raise WorkspaceError(
            f"{folder} can't be written ({reason(error)}); make room or choose another workspace."
        ) from error
    put_in_place(folder, target)
    return target


def _now() -> str:
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
