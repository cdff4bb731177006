"""Folders in which a model is got ready, and the one step with which it is there: whole, or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from pathlib import Path

import psutil

from models import workspace
from models.errors import WorkspaceError

__all__ = ["PREFIX", "clear_stale", "discard", "models_folder", "new_staging", "put_in_place"]

PREFIX = ".importing-"
"""Of the folders' names; then the process that made it, and chance."""


def models_folder() -> Path:
    """Where the models of this workspace lie; made when it is missing.

    Raises:
        WorkspaceError: it can't be made.
    """
    folder = workspace.folder() / "models"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _trouble(folder, error) from error
    return folder


def new_staging(models: Path) -> Path:
    """A new, empty folder in ``models`` that no listing shows; what imports before this one left behind is removed.

    Raises:
        WorkspaceError: it can't be made.
    """
    clear_stale(models)
    folder = models / f"{PREFIX}{os.getpid()}-{secrets.token_hex(8)}"
    try:
        models.mkdir(parents=True, exist_ok=True)
        folder.mkdir()
    except OSError as error:
        raise _trouble(models, error) from error
    return folder


def clear_stale(models: Path) -> None:
    """Remove what imports left that were killed: those of processes that are no more."""
    with contextlib.suppress(OSError):
        for folder in models.glob(f"{PREFIX}*"):
            process = folder.name.removeprefix(PREFIX).partition("-")[0]
            if not process.isdecimal() or not psutil.pid_exists(int(process)):
                discard(folder)


def discard(folder: Path) -> None:
    """Remove a folder with all in it, as far as the system lets us; what stays is removed at the next import."""
    shutil.rmtree(folder, ignore_errors=True)


def put_in_place(staging: Path, target: Path) -> None:
    """Make a staging folder the model at ``target``, in one step that lasts; one that is there already stays.

    Raises:
        WorkspaceError: it can't be done; ``staging`` is as it was.
    """
    try:
        for file in staging.iterdir():
            _sync(file)
        _sync(staging)
        staging.rename(target)
        _sync(target.parent)
    except OSError as error:
        if target.is_dir():  # another window has imported it meanwhile
            discard(staging)
            return
        raise _trouble(target, error) from error


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():  # Windows lets no folder be synced
        return
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network file systems refuse
            os.fsync(handle)
    finally:
        os.close(handle)


def _trouble(path: Path, error: OSError) -> WorkspaceError:
    return WorkspaceError(
        f"{path} can't be written ({workspace.reason(error)}); make room or choose another workspace in Settings."
    )
